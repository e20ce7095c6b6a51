"""Suggested matches in the browser: with reasons, accepted together, dismissed, brought back."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import dossiers, incidents, pledges, readings, suspensions
from tracker.models import (
    Dossier,
    Incident,
    LedgerEntry,
    MatchDismissal,
    Party,
    Pledge,
    Proposal,
    User,
)
from tracker.selectors import ledger

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
PAGE = "/dossiers/shut/matches/"


def event(key: str, occurred: str = "2026-03-05 10:00 Europe/Zurich", **columns: Any) -> Incident:
    return incidents.report(
        dossier=Dossier.objects.get(slug="shut"),
        key=key,
        occurred=occurred,
        description=f"A shot, {key}.",
        public="2026-03-04 Europe/Zurich",
        by=None,
        at=house.AT.replace(month=4),
        **columns,
    )


def text_of(response: Any) -> str:
    shown = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", shown[shown.index("<main") :]).split())


def pairs_in(response: Any) -> list[str]:
    return re.findall(r'name="pair" value="([^"]+)"', response.content.decode())


def seen_in(response: Any) -> str:
    return str(re.findall(r'name="seen" value="([^"]+)"', response.content.decode())[0])


def alpha() -> Party:
    return Party.objects.get(slug="alpha")


def test_each_suggestion_says_by_whose_reading_and_why(member: Client) -> None:
    halt = Pledge.objects.get(ref="SHUT-HALT")
    readings.add(
        of=halt, key="beta-reads", start="2026-03-06 Europe/Zurich", duration="P2D",
        rule="inclusive", speaker=Party.objects.get(slug="beta"),
        public="2026-03-01 Europe/Zurich", by=None, at=house.AT,
    )  # fmt: skip
    event("early", actor=alpha())
    event("day", "2026-03-11 UTC")
    event("theirs", actor=Party.objects.get(slug="beta"))
    event("late", "2026-04-01 UTC", actor=alpha())
    response = member.get(PAGE)
    assert set(pairs_in(response)) == {"early SHUT-HALT", "day SHUT-HALT"}
    told = text_of(response)
    assert "Before the term under Beta’s reading (beta-reads)" in told
    assert "Within the term under" in told
    assert "Its time lies partly in the term under" in told
    assert "The alleged actor is the pledgor." in told
    assert "The alleged actor is not stated." in told
    assert "What the incident is about is not stated." in told


def test_that_the_pledge_was_suspended_then_is_the_first_reason(member: Client) -> None:
    halt = Pledge.objects.get(ref="SHUT-HALT")
    given: dict[str, Any] = {"public": "2026-03-02 UTC", "by": None, "at": house.AT}
    suspensions.suspend(
        pledge=halt,
        start="2026-03-04T06:00Z",
        end="2026-03-04T18:00Z",
        areas=["The bridge"],
        **given,
    )
    gone = suspensions.suspend(pledge=halt, start="2026-03-03 UTC", **given)
    suspensions.withdraw(
        row=gone, when="2026-03-03 UTC", reason="There was none", by=None, at=house.AT
    )
    event("during", "2026-03-04T12:00Z", actor=alpha(), place="Near the bridge")
    event("elsewhere", "2026-03-04T12:00Z", actor=alpha(), place="The mill")
    event("that-day", "2026-03-04 UTC", actor=alpha())
    told = text_of(member.get(f"{PAGE}?incident=during"))
    reason = "The pledge was suspended then in The bridge, which names its place."
    assert told.index(reason) < told.index("The alleged actor is the pledgor.")
    told = text_of(member.get(f"{PAGE}?incident=elsewhere"))
    assert "which does not name its place; it may lie in it." in told
    told = text_of(member.get(f"{PAGE}?incident=that-day"))
    assert "Perhaps the pledge was suspended then in" in told
    event("before", "2026-03-03T12:00Z", actor=alpha())
    assert "suspended" not in text_of(member.get(f"{PAGE}?incident=before"))


def test_chosen_ones_are_shown_first_and_then_linked_together(member: Client) -> None:
    for key in ("one", "two"):
        event(key, actor=alpha())
    pairs = ["one SHUT-HALT", "two SHUT-HALT"]
    shown = member.post(PAGE, {"deed": "preview", "pair": pairs})
    assert shown.status_code == 200
    assert "A shot, one." in text_of(shown)
    before = LedgerEntry.objects.count()
    sent = {"deed": "accept", "pair": pairs, "seen": seen_in(shown)}
    assert member.post(PAGE, sent | {"reason": ""}).status_code == 422
    assert LedgerEntry.objects.count() == before
    assert member.post(PAGE, sent | {"reason": "Shots at the line."}).status_code == 302
    assert {
        tuple(one.pledges.values_list("ref", flat=True))
        for one in Incident.objects.filter(key__in=("one", "two"))
    } == {("SHUT-HALT",)}
    entries = LedgerEntry.objects.filter(action="incidents.amend")
    assert {entry.reason for entry in entries} == {"Shots at the line."}
    page = member.get(PAGE)
    assert pairs_in(page) == []
    assert "2 incidents bear on the chosen pledges from now on." in page.content.decode()
    assert list(ledger.differences("shut")) == []
    (url,) = set(re.findall(r'action="(/undo/shut/\d+/\d+/)"', page.content.decode()))
    assert member.post(url).status_code == 302
    assert len(pairs_in(member.get(PAGE))) == 2


def test_one_that_was_changed_meanwhile_stops_all_of_it(member: Client) -> None:
    one = event("one", actor=alpha())
    event("two", actor=alpha())
    pairs = ["one SHUT-HALT", "two SHUT-HALT"]
    shown = member.post(PAGE, {"deed": "preview", "pair": pairs})
    incidents.amend(row=one, target="The mill", by=None, at=house.AT.replace(month=5))
    sent = {"deed": "accept", "pair": pairs, "seen": seen_in(shown), "reason": "R"}
    response = member.post(PAGE, sent)
    assert response.status_code == 409
    assert "Somebody changed some of these" in text_of(response)
    assert not any(row.pledges.exists() for row in Incident.objects.filter(key__in=("one", "two")))
    assert member.post(PAGE, sent | {"seen": seen_in(response)}).status_code == 302


def test_a_dismissal_is_remembered_until_it_is_brought_back(member: Client) -> None:
    event("one", actor=alpha())
    sent = {"pair": ["one SHUT-HALT", "nothing SHUT-HALT", "one NONE", "\x00 x"]}
    assert member.post(PAGE, sent | {"deed": "dismiss"}).status_code == 302
    assert member.post(PAGE, sent | {"deed": "dismiss"}).status_code == 302
    assert MatchDismissal.objects.count() == 1
    shown = member.get(PAGE).content.decode()
    assert shown.index('id="h-dismissed"') < shown.index("one SHUT-HALT")
    assert "one SHUT-HALT" not in member.get("/dossiers/shut/facts/incident/one/").content.decode()
    assert member.post(PAGE, sent | {"deed": "back"}).status_code == 302
    assert not MatchDismissal.objects.exists()
    assert member.post(PAGE, {"deed": "dismiss"}).status_code == 422


def test_it_is_narrowed_to_an_incident_or_a_pledge(member: Client) -> None:
    event("one", actor=alpha())
    event("far", "2020-03-05 UTC", actor=alpha())
    other = pledges.register(
        dossier=Dossier.objects.get(slug="shut"), ref="SHUT-TWO", title="Alpha halts", act="halt",
        instrument="call", pledgor=alpha(), subject="civilians",
        public="2026-03-01 UTC", by=None, at=house.AT,
    )  # fmt: skip
    readings.add(
        of=other, start="2026-03-01 UTC", open_end="indefinite", public="2026-03-01 UTC",
        by=None, at=house.AT,
    )  # fmt: skip
    assert set(pairs_in(member.get(f"{PAGE}?incident=one"))) == {"one SHUT-HALT", "one SHUT-TWO"}
    assert pairs_in(member.get(f"{PAGE}?pledge=SHUT-TWO")) == ["one SHUT-TWO", "shot SHUT-TWO"]
    incidents.amend(
        row=Incident.objects.get(key="one"), subject="maritime", by=None,
        at=house.AT.replace(month=5),
    )  # fmt: skip
    assert pairs_in(member.get(f"{PAGE}?incident=one")) == []
    for query in ("incident=none", "pledge=OPEN-HALT", "import=x", f"import={'0' * 32}"):
        assert member.get(f"{PAGE}?{query}").status_code == 404, query
    assert f"{PAGE}?pledge=SHUT-HALT" in member.get("/pledges/SHUT-HALT/").content.decode()
    assert "/matches/" not in Client().get("/pledges/OPEN-HALT/").content.decode()


def test_with_four_eyes_it_is_proposed(member: Client) -> None:
    event("one", actor=alpha())
    shut = Dossier.objects.get(slug="shut")
    dossiers.amend(row=shut, four_eyes=True, by=None, at=house.AT.replace(month=5))
    shown = member.post(PAGE, {"deed": "preview", "pair": "one SHUT-HALT"})
    sent = {"deed": "accept", "pair": "one SHUT-HALT", "seen": seen_in(shown), "reason": "R"}
    response = member.post(PAGE, sent)
    proposal = Proposal.objects.get()
    assert response["Location"] == f"/proposals/{proposal.uid}/"
    assert not Incident.objects.get(key="one").pledges.exists()


def test_strangers_and_readers_match_nothing(member: Client, stranger: Client) -> None:
    assert stranger.get(PAGE).status_code == 404
    reader = Client()
    reader.force_login(house.person("rita", shut="reader"))
    assert reader.get(PAGE).status_code == 403
    event("one", actor=alpha())
    for client in (stranger, reader):
        client.post(PAGE, {"deed": "dismiss", "pair": "one SHUT-HALT"})
    assert not MatchDismissal.objects.exists()


def test_queries_do_not_grow_with_incidents_or_pledges(member: Client) -> None:
    counted = []
    for number in (1, 12):
        for n in range(number):
            event(f"e-{number}-{n}", actor=alpha() if n % 2 else None)
        with CaptureQueriesContext(connection) as queries:
            member.get(PAGE)
        counted.append(len(queries))
        house.more_pledges("shut", 3)
    assert counted[0] == counted[1], counted
    # Session, person, roles, dossier; incidents counted and read; merges, members of coalitions,
    # pledges, stretches, links, dismissals; pledges and readings to be told.
    assert counted[0] <= 18
    assert User.objects.exists()
