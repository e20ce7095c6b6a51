"""An alert's page tells its whole story: each sentence, when it is true and only then."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tracker.actions import (
    acknowledgements,
    alert_settings,
    comments,
    outbox,
    pledges,
    proposals,
    readings,
    record,
    sweeps,
)
from tracker.domain.outbox import Attempt, Outcome
from tracker.models import Alert, AlertSettings, Message, Reading, Subscription, User

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT_END = "Fri 11 Apr 2025, 00:00 UTC"


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    for name, role in (("ann", "analyst"), ("olga", "owner")):
        found.rows[name] = person(name, found.dossier, role)
    found.rows["one"] = pledge(found, "CASE-1")
    Alert.objects.all().delete()
    return found


def story(user: User, kind: str = "expired", **given: Any) -> str:
    alert = Alert.objects.get(recipient=user, kind=kind, **given)
    client = Client()
    client.force_login(user)
    answer = client.get(f"/alerts/{alert.pk}/")
    assert answer.status_code == 200
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", main).split())
    return re.sub(r" ([:,.;])", r"\1", said)


def test_of_a_proposed_change_it_leads_to_the_proposal(made: Made) -> None:
    noted = proposals.rehearsed(
        lambda: pledges.amend(
            row=made.one, title="Alpha halts more", why="As said", by=made.ann, at=made.tick()
        )
    )
    row = proposals.propose(
        dossier=made.dossier, steps=noted, title="Alpha halts", by=made.ann, at=made.tick()
    )
    said = story(made.olga, "proposed")
    assert "A change waits for you to confirm it" in said
    assert "Alpha halts" in said
    assert "Open the proposal" in said
    assert "Why you you may confirm what others propose there" in said
    proposals.decline(row=row, why="No", by=made.olga, at=made.tick())
    assert "Your proposed change was decided" in story(made.ann, "decided")
    assert "Declined" in story(made.ann, "decided")


def sent(at: Any, *outcomes: Outcome) -> None:
    """The one message is tried, with these outcomes, each when its time has come."""
    outbox.freeze(at=at)
    for outcome in outcomes:
        message = Message.objects.get(state="waiting")
        when = max(at, message.next_try_at)
        (claimed,) = outbox.claim(at=when)
        code = 250 if outcome is Outcome.SENT else 451
        outbox.record(claimed, Attempt(outcome, code, f"{code} said the server"), at=when)


def test_why_it_was_due_to_whom_and_when_it_was_queued(made: Made) -> None:
    sweeps.run(at=END)
    told = story(made.ann)
    assert f"True since {AT_END}" in told
    assert f"Noticed {AT_END}" in told
    assert f"Queued {AT_END}" in told
    assert "Why you you are the analyst of this pledge" in told
    assert "To Ann · ann@example.org" in told
    assert "not sent yet" in told
    for words in ("Late", "Acknowledged", "Escalate", "Held back", "Brought about", "Not sent"):
        assert words not in told


def test_which_warning_it_was(made: Made) -> None:
    sweeps.run(at=END - timedelta(days=1))
    assert "Which warning 24 hours before" in story(made.ann, "due_soon", lead="24h")


def test_in_which_message_it_went_and_what_the_server_said(made: Made) -> None:
    sweeps.run(at=END)
    sent(END, Outcome.SENT)
    told = story(made.ann)
    assert f"Sent {AT_END}" in told
    assert f"It travels in {Message.objects.get().uid}" in told
    assert "taken by the mail server 250 250 said the server" in told
    assert "Late" not in told


def test_that_it_is_tried_again(made: Made) -> None:
    sweeps.run(at=END)
    sent(END, Outcome.DEFERRED)
    told = story(made.ann)
    assert "Message waits; tried again Fri 11 Apr 2025, 00:00 UTC" in told
    assert "not taken; tried again later 451 451 said the server" in told


def test_that_it_bounced(made: Made) -> None:
    sweeps.run(at=END)
    sent(END, Outcome.ADDRESS_REFUSED)
    told = story(made.ann)
    assert f"Message the address was refused, {AT_END}" in told
    assert "the address was refused for good" in told


def test_that_it_was_late_because_the_watch_did_not_run(made: Made) -> None:
    sweeps.run(at=END + 5 * HOUR)
    sent(END + 5 * HOUR, Outcome.SENT)
    told = story(made.ann)
    assert "It was noticed 5 h after it became true: the watch did not run meanwhile." in told
    assert "after it could have" not in told


def test_that_it_was_late_because_the_server_did_not_take_it(made: Made) -> None:
    sweeps.run(at=END)
    sent(END, *[Outcome.DEFERRED] * 6, Outcome.SENT)
    told = story(made.ann)
    assert "It left 31 min after it could have: the other side did not take it 6 times." in told
    assert "the watch did not run" not in told


def test_that_it_was_late_because_nobody_was_sending(made: Made) -> None:
    sweeps.run(at=END)
    sent(END + 2 * HOUR, Outcome.SENT)
    assert "It left 2 h after it could have: nobody was sending meanwhile." in story(made.ann)


def test_that_it_was_held_back_for_its_reader(made: Made) -> None:
    AlertSettings.objects.create(user=made.ann, rhythm="daily", hour=8)
    sweeps.run(at=END)
    told = story(made.ann)
    assert "Held back until Fri 11 Apr 2025, 08:00 UTC" in told
    sent(END + 8 * HOUR, Outcome.SENT)
    assert "Late" not in story(made.ann)


def test_that_it_was_not_sent_and_why(made: Made) -> None:
    sweeps.run(at=END)
    row = Reading.objects.get(pledge=made.one)
    readings.amend(row=row, duration="P60D", by=None, at=END + HOUR)
    told = story(made.ann)
    assert "Not sent Fri 11 Apr 2025, 01:00 UTC: it turned out not to be so" in told
    assert "no longer so since Fri 11 Apr 2025, 01:00 UTC" in told


def test_that_an_edit_brought_it_about_and_what_a_correction_corrects(made: Made) -> None:
    sweeps.run(at=END)
    sent(END, Outcome.SENT)
    row = Reading.objects.get(pledge=made.one)
    readings.amend(row=row, duration="P60D", by=made.olga, at=END + HOUR)
    told = story(made.ann, "corrected", subject__startswith="expired:")
    assert "Brought about by an edit" in told
    assert "What was not so Expired" in told
    assert "you were told of it before" in told


def test_who_acknowledged_it_and_when(made: Made) -> None:
    sweeps.run(at=END)
    mine = Alert.objects.filter(recipient=made.ann)
    acknowledgements.acknowledge(alerts=mine, by=made.ann, at=END + HOUR)
    told = story(made.ann)
    assert "Acknowledged Fri 11 Apr 2025, 01:00 UTC · Ann" in told
    assert "I have seen it" not in told


def test_that_it_will_escalate_that_it_did_and_to_whom(made: Made) -> None:
    escalation = {"escalates_to": str(made.olga.uid), "escalates_after": "PT4H"}
    record.put("dossier", "case", escalation, dossier=None, by=None, at=BEFORE)
    sweeps.run(at=END)
    told = story(made.ann)
    assert "Escalates Fri 11 Apr 2025, 04:00 UTC, unless somebody acknowledges it" in told
    sweeps.run(at=END + 4 * HOUR)
    told = story(made.ann)
    assert "Escalated Fri 11 Apr 2025, 04:00 UTC: Olga" in told
    assert "Escalates" not in told
    hers = story(made.olga)
    assert f"Who was told first Ann, {AT_END}" in hers
    assert "Nobody had acknowledged it in time, so you were told." in hers
    theirs = Alert.objects.filter(recipient=made.olga, kind="expired")
    acknowledgements.acknowledge(alerts=theirs, by=made.olga, at=END + 5 * HOUR)
    assert "Olga, who acknowledged it Fri 11 Apr 2025, 05:00 UTC" in story(made.ann)


@pytest.mark.parametrize("on", ["one", "source"])
def test_a_mention_shows_what_was_said_and_leads_there(made: Made, on: str) -> None:
    comments.write(on=made.rows[on], text="@Olga, look", by=made.ann, at=END)
    told = story(made.olga, "mentioned")
    assert "Comment @Olga, look Open the comment" in told
    assert "you were mentioned in a comment" in told
    client = Client()
    client.force_login(made.olga)
    alert = Alert.objects.get(recipient=made.olga)
    page = client.get(f"/alerts/{alert.pk}/")
    where = {"one": "/pledges/CASE-1/#comments", "source": "/sources/case/readout/#comments"}
    assert page.context["comment_url"] == where[on]
    assert client.get(page.context["comment_url"]).status_code == 200
    assert alert.ref == {"one": "CASE-1", "source": "case"}[on]
    assert alert.about_title in client.get("/alerts/").content.decode()


def test_what_failed_is_named_and_a_review_leads_to_its_queue(made: Made) -> None:
    other = pledge(made, "CASE-2")
    record.put(
        "pledge", "CASE-1", {"reciprocates": ["CASE-2"]}, dossier=made.dossier, by=None, at=END
    )
    finding = {
        "pledge": other.ref,
        "period_start": "2025-04-02 UTC",
        "period_end": "2025-04-03 UTC",
        "finding": "breached",
        "reasoning": "Seen by two.",
        "public": "2025-04-10T23:00Z",
    }
    record.put("verification", "v", finding, dossier=made.dossier, by=None, at=END + HOUR)
    told = story(made.ann, "review_due")
    assert "Of what Alpha halts strikes" in told
    assert "you are asked to look" in told
    assert "Open the reviews" in told


def test_a_pause_of_the_pledge_holds_it_back(made: Made) -> None:
    until = END + 24 * HOUR
    alert_settings.snooze_pledge(user=made.ann, pledge=made.one, until=until, at=END)
    sweeps.run(at=END)
    assert "Held back until Sat 12 Apr 2025, 00:00 UTC" in story(made.ann)


def test_a_stranger_finds_no_story(made: Made) -> None:
    Subscription.objects.all().delete()
    sweeps.run(at=END)
    client = Client()
    client.force_login(made.olga)
    alert = Alert.objects.filter(recipient=made.ann).earliest("pk")
    assert client.get(f"/alerts/{alert.pk}/").status_code == 404
