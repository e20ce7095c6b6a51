"""Who is alerted of a comment: each once, never its author, nobody who may not see it."""

from datetime import timedelta
from typing import Any

import pytest

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, pledged
from tests.actions.people import holds, person
from tracker.actions import (
    alert_settings,
    comments,
    conditions,
    departures,
    incidents,
    memberships,
    outbox,
    positions,
    record,
    subscriptions,
    sweeps,
)
from tracker.domain.errors import Invalid, NotAllowed
from tracker.mail import alerts as mail
from tracker.models import Alert, AlertSettings, LedgerEntry, Membership, Message, Pledge, User
from tracker.selectors.parcels import parcels

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    for name, role in (("ann", "analyst"), ("bea", "reader"), ("cid", "owner")):
        found.rows[name] = person(name, found.dossier, role)
    found.rows["eve"] = person("eve", bare("other").dossier, "analyst")
    found.rows["one"] = pledged(found)
    return found


def say(made: Made, text: str, *, on: Any = None, **given: Any) -> Any:
    return comments.write(on=on or made.one, text=text, by=made.ann, at=made.tick(), **given)


def told() -> list[str]:
    rows = Alert.objects.filter(kind="mentioned", dropped_at=None).order_by("pk")
    return [str(alert.recipient) for alert in rows]


def test_each_is_told_once_by_name_or_by_tick_and_never_the_author(made: Made) -> None:
    row = say(made, "@Bea, @Ann: see @bea", mentions=[str(made.cid.uid)])
    assert sorted(told()) == ["Bea", "Cid"]
    alert = Alert.objects.get(recipient=made.bea)
    assert (alert.pledge, alert.comment, alert.subject) == (made.one, row, row.key)
    assert (alert.true_at, alert.owed_at, alert.because[0]["by"]) == (
        made.clock,
        made.clock,
        "mention",
    )
    entry = LedgerEntry.objects.get(noun="comment")
    assert str(made.bea.uid) in str(entry.state)
    holds("case")


def test_an_edit_tells_whom_it_adds_and_nobody_twice(made: Made) -> None:
    row = say(made, "@Bea")
    how: dict[str, Any] = {"by": made.ann}
    comments.amend(row=row, text="@Bea and @Cid", at=made.tick(), **how)
    assert told() == ["Bea", "Cid"]
    comments.amend(row=row, text="Nobody", mentions=[], at=made.tick(), **how)
    comments.amend(row=row, text="@Bea and @Cid", at=made.tick(), **how)
    row = comments.withdraw(row=row, when=PUBLIC, reason="Settled", at=made.tick(), **how)
    comments.restore(row=row, reason="It is not", at=made.tick(), **how)
    assert told() == ["Bea", "Cid"]
    assert Alert.objects.filter(kind="mentioned").count() == 2
    holds("case")


def test_its_words_are_its_authors(made: Made) -> None:
    row = say(made, "Mine")
    with pytest.raises(NotAllowed):
        comments.amend(row=row, text="Yours", by=made.cid, at=made.tick())
    comments.withdraw(row=row, when=PUBLIC, reason="Off topic", by=made.cid, at=made.tick())
    row.refresh_from_db()
    assert (row.text, row.withdrawn_reason) == ("Mine", "Off topic")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "@Nobody"}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "x" * (comments.LONGEST + 1)}, "text"),
        ({"text": "Hm", "mentions": ["eve"]}, "mentions"),
    ],
)
def test_what_is_refused_writes_nothing(made: Made, given: dict[str, Any], field: str) -> None:
    given = {n: [str(made.eve.uid)] if n == "mentions" else v for n, v in given.items()}
    with pytest.raises(Invalid) as refused:
        comments.write(on=made.one, by=made.ann, at=made.tick(), **given)
    assert refused.value.field == field
    assert not LedgerEntry.objects.filter(noun="comment").exists()
    assert told() == []


def test_a_comment_moves_no_clock(made: Made) -> None:
    before = Pledge.objects.get(pk=made.one.pk).version
    say(made, "Hm")
    assert Pledge.objects.get(pk=made.one.pk).version == before


def on_everything(made: Made) -> dict[str, Any]:
    position = positions.record(
        dossier=made.dossier,
        ref="CASE-P",
        title="Talks",
        kind="demand",
        party=made.alpha,
        public=PUBLIC,
        **made.how(),
    )
    event: dict[str, Any] = {"occurred": PUBLIC, "public": PUBLIC, "description": "A strike"}
    incident = incidents.report(dossier=made.dossier, key="alone", **event, **made.how())
    on_pledge = incidents.report(
        dossier=made.dossier, key="hit", pledges=[made.one], **event, **made.how()
    )
    about: dict[str, Any] = {"kind": "reciprocity", "text": "If they do", "public": PUBLIC}
    return {
        "pledge": made.one,
        "position": position,
        "source": made.source,
        "incident": incident,
        "incident of the pledge": on_pledge,
        "condition": conditions.add(on=made.one, **about, **made.how()),
        "condition of the position": conditions.add(on=position, **about, **made.how()),
    }


def letters(made: Made) -> list[Any]:
    outbox.freeze(at=made.clock)
    waiting = list(Message.objects.filter(state="waiting").order_by("pk"))
    return [
        mail.letter(one, at=made.clock) for one in parcels(waiting, at=made.clock) if one.pledges
    ]


@pytest.mark.parametrize("is_public", [True, False])
def test_it_may_be_on_each_of_five_things_and_its_mail_leads_there(
    made: Made, is_public: bool
) -> None:
    record.put("dossier", "case", {"is_public": is_public}, dossier=None, by=None, at=made.tick())
    seen = {}
    for name, row in on_everything(made).items():
        say(made, "Look at this, @Bea: <b>now</b>", on=row)
        (letter,) = letters(made)
        html = str(letter.alternatives[0][0])
        said = "Ann mentioned you" if is_public else "You were mentioned"
        assert said in letter.subject
        assert "<b>now" not in html
        assert ("Look at this" in letter.body) is is_public
        assert ("Look at this" in html) is is_public
        assert "you were mentioned in a comment" in letter.body
        seen[name] = letter.body
        Message.objects.update(state="sent", ended_at=made.clock)
    if is_public:
        assert "/pledges/CASE-1/#comments" in seen["condition"]
        assert "/pledges/CASE-1/#comments" in seen["incident of the pledge"]
        assert "/sources/case/readout/#comments" in seen["source"]
        assert "/dossiers/case/facts/position/CASE-P/#comments" in seen["position"]
        assert "Talks" in seen["position"]
    else:
        assert all("readout" not in text and "Talks" not in text for text in seen.values())
    assert len(told()) == len(seen)


def test_what_is_taken_out_or_withdrawn_or_no_longer_for_the_reader_does_not_leave(
    made: Made,
) -> None:
    taken_out = say(made, "@Bea")
    withdrawn = say(made, "@Bea again")
    of_source = say(made, "@Cid", on=made.source)
    how: dict[str, Any] = {"by": made.ann}
    comments.amend(row=taken_out, text="Nobody", mentions=[], at=made.tick(), **how)
    comments.withdraw(row=withdrawn, when=PUBLIC, reason="No", at=made.tick(), **how)
    record.put("dossier", "case", {"is_public": True}, dossier=None, by=None, at=made.tick())
    mine = Membership.objects.get(user=made.ann)
    memberships.change(row=mine, role="owner", by=made.cid, at=made.tick())
    Membership.objects.filter(user=made.cid).delete()
    outbox.freeze(at=made.clock)
    gone: dict[int, Any] = {}
    for parcel in parcels(list(Message.objects.all()), at=made.clock):
        gone |= dict(parcel.dropped)
        assert parcel.pledges == ()
    why = {Alert.objects.get(pk=pk).comment_id: str(one) for pk, one in gone.items()}
    assert why == {
        taken_out.pk: "untrue",
        withdrawn.pk: "untrue",
        of_source.pk: "no_access",
    }


def test_what_was_dropped_for_that_is_owed_again_once_it_stands_again(made: Made) -> None:
    row = say(made, "@Bea")
    comments.amend(row=row, text="Nobody", mentions=[], by=made.ann, at=made.tick())
    outbox.freeze(at=made.clock)
    (parcel,) = parcels(list(Message.objects.all()), at=made.clock)
    outbox.drop(dict(parcel.dropped), at=made.clock)
    assert told() == []
    comments.amend(row=row, text="@Bea after all", by=made.ann, at=made.tick())
    assert told() == ["Bea"]
    assert Alert.objects.get().message is None


def test_mentions_are_turned_off_and_on_by_settings_and_by_the_link_in_the_mail(
    made: Made,
) -> None:
    say(made, "@Bea")
    outbox.freeze(at=made.clock)
    message = Message.objects.get()
    assert subscriptions.leave(message=message, at=made.tick()) == 1
    assert subscriptions.leave(message=message, at=made.tick()) == 0
    assert AlertSettings.objects.get(user=made.bea).by_mention is False
    assert not made.bea.subscriptions.exists(), "no pledge is muted for it"
    say(made, "@Bea again")
    assert told() == ["Bea"]
    choice: dict[str, Any] = {
        "zone": "",
        "by_mail": True,
        "rhythm": "at_once",
        "hour": 8,
    }
    alert_settings.choose(
        user=made.bea,
        by_mention=True,
        weekday=0,
        quiet_from=None,
        quiet_until=None,
        at=made.tick(),
        **choice,
    )
    say(made, "@Bea at last")
    assert told() == ["Bea", "Bea"]


def test_a_snooze_holds_it_back_and_a_digest_has_it(made: Made) -> None:
    until = made.clock + 3 * DAY
    alert_settings.snooze_pledge(user=made.bea, pledge=made.one, until=until, at=made.clock)
    say(made, "@Bea")
    assert Alert.objects.get().due_at == until
    AlertSettings.objects.filter(user=made.bea).update(rhythm="daily")
    say(made, "@Bea", on=made.source)
    last = Alert.objects.latest("pk")
    assert last.due_at > last.owed_at
    outbox.freeze(at=made.clock + 4 * DAY)
    assert Message.objects.count() == 1


def test_it_neither_escalates_nor_raises_anything_in_the_sweep(made: Made) -> None:
    record.put(
        "dossier",
        "case",
        {"escalates_to": str(made.cid.uid), "escalates_after": "PT1H"},
        dossier=None,
        by=None,
        at=made.tick(),
    )
    say(made, "@Bea")
    say(made, "@Bea", on=made.source)
    sweeps.run(at=made.clock + DAY)
    assert told() == ["Bea", "Bea"]


def test_after_erasure_no_name_is_left_but_what_was_typed(made: Made) -> None:
    say(made, "@Bea, look", mentions=[])
    bea: User = made.bea
    departures.deactivate(user=bea, successors={}, by=made.cid, at=made.tick(), reason="Gone")
    departures.erase(user=bea, by=made.cid, at=made.tick(), reason="Asked")
    (parcel,) = parcels([_frozen(made)], at=made.clock)
    assert set(parcel.dropped.values()) == {"no_access"}
    entry = LedgerEntry.objects.get(noun="comment")
    assert str(bea.uid) in str(entry.state)
    assert "bea@example.org" not in str(entry.state)
    holds("case")


def _frozen(made: Made) -> Message:
    outbox.freeze(at=made.clock)
    return Message.objects.get()
