"""Who is alerted of a proposed change: those who may decide, then its author; nobody else."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import PUBLIC, Made, full
from tests.actions.people import person
from tests.actions.test_proposals import amend_pledge, asks, confirm, enter_source, propose
from tracker.actions import alert_settings, memberships, outbox, proposals, sources, subscriptions
from tracker.mail import alerts as mail
from tracker.models import Alert, AlertSettings, Dossier, Membership, Message, Proposal
from tracker.outside import webhooks
from tracker.selectors.parcels import Parcel, parcels

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept.once
def made() -> Made:
    """Four eyes are asked for; ann proposes, rob reviews, olga owns, rita only reads."""
    found = full()
    for name, role in (
        ("ann", "analyst"),
        ("rob", "reviewer"),
        ("olga", "owner"),
        ("rita", "reader"),
    ):
        found.rows[name] = person(name, found.dossier, role)
    asks(found, four_eyes=True)
    Alert.objects.all().delete()
    return found


def told(kind: str) -> list[str]:
    rows = Alert.objects.filter(kind=kind, dropped_at=None).select_related("recipient")
    return sorted(str(alert.recipient) for alert in rows)


def packed(made: Made) -> list[Parcel]:
    outbox.freeze(at=made.clock)
    return parcels(list(Message.objects.filter(state="waiting").order_by("pk")), at=made.clock)


def decline(made: Made, row: Proposal, why: str = "It is dated wrongly") -> Proposal:
    return proposals.decline(row=row, why=why, by=made.rob, at=made.tick())


def test_those_who_may_decide_are_told_once_and_its_author_is_not(made: Made) -> None:
    row = propose(made, amend_pledge)
    assert told("proposed") == ["Olga", "Rob"]
    alert = Alert.objects.get(recipient=made.rob)
    assert (alert.pledge, alert.comment, alert.proposal) == (None, None, row)
    assert (alert.ref, alert.about_title) == ("case", "A change")
    assert propose(made, amend_pledge) == row, "the same once more is the same proposal"
    assert told("proposed") == ["Olga", "Rob"]


def test_a_reviewer_who_proposes_is_not_asked_to_decide(made: Made) -> None:
    propose(made, amend_pledge, by=made.rob)
    assert told("proposed") == ["Olga"]


@pytest.mark.parametrize("end", ["confirm", "decline"])
def test_its_author_is_told_what_became_of_it(made: Made, end: str) -> None:
    row = propose(made, amend_pledge)
    confirm(made, row) if end == "confirm" else decline(made, row)
    assert told("decided") == ["Ann"]


def test_nobody_is_told_of_what_its_author_took_back(made: Made) -> None:
    row = propose(made, amend_pledge)
    outbox.freeze(at=made.clock)
    proposals.withdraw(row=row, by=made.ann, at=made.tick())
    assert told("decided") == []
    found = packed(made)
    assert [set(parcel.dropped.values()) for parcel in found] == [{"untrue"}, {"untrue"}]


def test_the_mail_says_who_and_what_and_leads_to_the_proposal(made: Made) -> None:
    Dossier.objects.filter(pk=made.dossier.pk).update(tells_details=True)
    row = propose(made, amend_pledge)
    first = next(one for one in packed(made) if one.name == "Rob")
    letter = mail.letter(first, at=made.clock)
    assert "Ann proposes a change" in str(letter.subject)
    assert "A change" in str(letter.subject)
    for said in (letter.body, str(letter.alternatives[0][0])):
        assert f"/proposals/{row.uid}/" in str(said)
        assert "you may confirm what others propose there" in str(said)
    assert "Open the proposal" in str(letter.alternatives[0][0])
    decline(made, row)
    last = next(one for one in packed(made) if one.name == "Ann")
    letter = mail.letter(last, at=made.clock)
    assert "Your proposed change was declined" in str(letter.subject)
    assert "It is dated wrongly" in str(letter.body)


def test_a_private_dossier_tells_no_more_than_its_reference(made: Made) -> None:
    row = propose(made, amend_pledge)
    parcel = packed(made)[0]
    letter = mail.letter(parcel, at=made.clock)
    told = webhooks.payload(parcel, at=made.clock)
    for said in (letter.subject, letter.body, letter.alternatives[0][0], told):
        assert "A change" not in str(said).replace("A change waits", "")
        assert "Ann" not in str(said)
    (pledge,) = told["data"]["pledges"]
    assert (pledge["ref"], pledge["alerts"][0]["kind"]) == ("case", "proposed")
    assert pledge["link"].endswith(f"/proposals/{row.uid}/")


def test_who_may_no_longer_decide_gets_nothing_nor_who_left(made: Made) -> None:
    propose(made, amend_pledge)
    outbox.freeze(at=made.clock)
    rob = Membership.objects.get(user=made.rob)
    memberships.change(row=rob, role="analyst", by=made.olga, at=made.tick())
    found = {one.name: one for one in packed(made)}
    assert set(found["Rob"].dropped.values()) == {"no_access"}
    assert not found["Olga"].dropped


def test_it_is_turned_off_and_on_by_settings_and_by_the_link_in_the_mail(made: Made) -> None:
    propose(made, amend_pledge)
    outbox.freeze(at=made.clock)
    message = Message.objects.get(recipient=made.rob)
    assert subscriptions.leave(message=message, at=made.tick()) == 1
    assert subscriptions.leave(message=message, at=made.tick()) == 0
    assert AlertSettings.objects.get(user=made.rob).by_proposal is False
    assert set(packed(made)[1].dropped.values()) | set(packed(made)[0].dropped.values()) == {
        "unsubscribed"
    }
    propose(made, enter_source)
    assert told("proposed") == ["Olga", "Olga", "Rob"]
    choice: dict[str, Any] = {"zone": "", "rhythm": "at_once", "hour": 8, "weekday": 0}
    alert_settings.choose(
        user=made.rob,
        by_mail=True,
        by_proposal=True,
        quiet_from=None,
        quiet_until=None,
        at=made.tick(),
        **choice,
    )
    assert AlertSettings.objects.get(user=made.rob).by_proposal is True


def test_queries_do_not_grow_with_what_is_told(made: Made, django_assert_num_queries: Any) -> None:
    propose(made, amend_pledge)
    outbox.freeze(at=made.clock)
    messages = list(Message.objects.all())
    with CaptureQueriesContext(connection) as first:
        parcels(messages, at=made.clock)
    for key in ("third", "fourth"):
        proposals.propose(
            dossier=made.dossier,
            steps=proposals.rehearsed(partial(enter_other, made, key)),
            title=key,
            by=made.ann,
            at=made.tick(),
        )
    outbox.freeze(at=made.clock)
    waiting = Message.objects.filter(state="waiting").select_related("recipient")
    with django_assert_num_queries(len(first) + 1):  # and the messages themselves
        parcels(list(waiting), at=made.clock)


def enter_other(made: Made, key: str) -> object:
    return sources.add(
        dossier=made.dossier,
        key=key,
        title=key,
        kind="readout",
        published=PUBLIC,
        public=PUBLIC,
        by=made.ann,
        at=made.clock,
    )
