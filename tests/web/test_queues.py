"""The queues of pledges that want a finding: who waits, who may look, one step to the form."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, pledged
from tests.actions.people import person
from tracker import clock
from tracker.actions import accounts, readings, record, sweeps, verifications
from tracker.domain.filters import Filter
from tracker.domain.queues import Queue
from tracker.models import BoardLine, LedgerEntry, Phase, User, Verification
from tracker.selectors import access, queues

pytestmark = [pytest.mark.django_db, pytest.mark.both]
UNVERIFIED, EXPIRED, CONTESTED = "/queues/unverified/", "/queues/expired/", "/queues/contested/"
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def term(made: Made, ref: str, start: str, days: int, **columns: Any) -> Any:
    row = pledged(made, ref, **columns)
    readings.add(of=row, start=start, duration=f"P{days}D", public=PUBLIC, **made.how())
    return row


def find(made: Made, pledge: Any, period: tuple[str, str], **columns: Any) -> Any:
    given = {"finding": "held", "reasoning": "Seen.", "reliability": "B", "credibility": 2}
    return verifications.record(
        pledge=pledge,
        period_start=period[0],
        period_end=period[1],
        **{**given, "public": period[1], **columns},
        **made.how(),
    )


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return waiting()


@kept.once
def waiting() -> Made:
    """FRESH was checked, DUE is due, STALE is overdue, OVER ran out; all under ann's eyes."""
    found = bare()
    for name, role in (("ann", "analyst"), ("bea", "reader")):
        found.rows[name] = person(name, found.dossier, role)
    found.rows["eve"] = person("eve", bare("other").dossier, "analyst")
    found.clock = NOW - timedelta(hours=1)
    with record.batch(at=found.clock):
        for ref, until in (("FRESH", "2025-05-31 UTC"), ("DUE", "2025-05-24T06:00Z")):
            find(found, term(found, ref, "2025-05-01 UTC", 60), ("2025-05-01 UTC", until))
        found.rows["stale"] = term(found, "STALE", "2025-05-01 UTC", 60)
        found.rows["over"] = term(found, "OVER", "2025-03-18 UTC", 30)
    found.clock = NOW
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [one.line.entry.ref for one in answer.context["shown"]]


def test_who_waits_longest_to_be_checked_stands_first(made: Made) -> None:
    ann = signed_in(made.ann)
    assert listed(ann, UNVERIFIED) == ["STALE", "DUE"]
    shown = ann.get(UNVERIFIED).content.decode()
    assert "Not verified for too long" in shown
    assert "Verification is due" in shown
    assert '/dossiers/case/facts/verification/new/?pledge=STALE"' in shown
    assert "since <time" in shown


def test_one_step_leads_to_the_form_with_pledge_and_period(made: Made) -> None:
    ann = signed_in(made.ann)
    asked = ann.get("/dossiers/case/facts/verification/new/?pledge=DUE").context["form"]
    assert asked["pledge"].value() == "DUE"
    assert asked["period_start"].value() == "2025-05-24T06:00Z"
    assert asked["period_end"].value() == "2025-06-01T12:00Z"
    never = ann.get("/dossiers/case/facts/verification/new/?pledge=STALE").context["form"]
    assert never["period_start"].value() == "2025-05-01T00:00Z"  # since it entered into force
    over = ann.get("/dossiers/case/facts/verification/new/?pledge=OVER&is_final=on")
    assert over.context["form"]["period_end"].value() == "2025-04-18T00:00Z"  # its term's end
    assert over.context["form"]["is_final"].value() == "on"


def test_recording_the_finding_takes_it_out_of_the_queue(made: Made) -> None:
    ann = signed_in(made.ann)
    form = ann.get("/dossiers/case/facts/verification/new/?pledge=STALE").context["form"]
    typed = {f.name: f.value() or "" for f in form if f.name not in ("sources", "incidents")}
    typed |= {"finding": "held", "reasoning": "Two observers.", "reliability": "B"}
    typed |= {"credibility": "2", "public": "2025-06-01T12:00Z"}
    answer = ann.post("/dossiers/case/facts/verification/new/?pledge=STALE", typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert listed(ann, UNVERIFIED) == ["DUE"]


def test_a_final_verdict_closes_what_expired_and_a_correction_takes_its_place(made: Made) -> None:
    ann = signed_in(made.ann)
    assert listed(ann, EXPIRED) == ["OVER"]
    period = ("2025-03-18 UTC", "2025-04-17 UTC")
    first = find(made, made.over, period, is_final=True, public="2025-06-01T12:00Z")
    assert listed(ann, EXPIRED) == []
    made.clock = NOW
    find(made, made.over, period, cites=first, finding="breached", is_final=True)
    assert listed(ann, EXPIRED) == []
    line = BoardLine.objects.get(pledge__ref="OVER")
    assert Phase.objects.filter(pledge=line.pledge_id).latest("from_at").compliance == "breached"
    made.clock = NOW
    second = find(made, made.stale, ("2025-05-01 UTC", "2025-05-30 UTC"), finding="contested")
    assert "STALE" in listed(ann, CONTESTED)
    made.clock = NOW
    find(made, made.stale, ("2025-05-01 UTC", "2025-05-30 UTC"), cites=second)
    assert "STALE" not in listed(ann, CONTESTED)


def sent(client: Client, address: str, **typed: str) -> str:
    """The form as it is shown, with what is typed; where it led."""
    form = client.get(address).context["form"]
    filled = {f.name: f.value() or "" for f in form if f.name not in ("sources", "incidents")}
    filled |= {"is_final": filled.get("is_final") and "on", "viewed": ""}
    filled = {name: value for name, value in (filled | typed).items() if value != ""}
    answer = client.post(address, filled)
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def test_a_final_verdict_and_its_correction_by_the_pages_alone(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdict is never changed: the later one is another finding, which cites it."""
    ann = signed_in(made.ann)
    new = "/dossiers/case/facts/verification/new/"
    link = f"{new}?pledge=OVER&is_final=on"
    assert link.replace("&", "&amp;") in ann.get(EXPIRED).content.decode()
    said = {"finding": "held", "reliability": "B", "credibility": "2"}
    sent(ann, link, reasoning="Nobody saw a strike.", **said)
    verdict = Verification.objects.get(pledge__ref="OVER")
    assert verdict.is_final
    assert listed(ann, EXPIRED) == []
    page = ann.get("/pledges/OVER/").content.decode()
    assert f"{new}?cites={verdict.key}" in page
    before = LedgerEntry.objects.filter(noun="verification", row_key=verdict.key).count()
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    sent(
        ann,
        f"{new}?cites={verdict.key}",
        **said | {"finding": "breached"},
        reasoning="A strike came to light.",
        public="2025-06-01T13:00Z",
    )
    correction = Verification.objects.get(pledge__ref="OVER", cites=verdict)
    assert (correction.finding, correction.is_final) == ("breached", True)
    verdict.refresh_from_db()
    assert (verdict.finding, verdict.withdrawn_at) == ("held", "")
    entries = LedgerEntry.objects.filter(noun="verification", row_key=verdict.key)
    assert entries.count() == before, "not a word of the earlier one changed"
    assert listed(ann, EXPIRED) == []
    page = ann.get("/pledges/OVER/").content.decode()
    assert "Nobody saw a strike." in page
    assert "A strike came to light." in page
    refused = ann.get(f"{new}?cites={verdict.key}").context["form"]
    filled = {f.name: f.value() or "" for f in refused if f.name not in ("sources", "incidents")}
    filled |= said | {"reasoning": "Once more.", "public": "2025-06-01T13:00Z"}
    again = ann.post(new, {n: v for n, v in filled.items() if n not in ("viewed", "is_final")})
    assert again.status_code == 422
    assert "was corrected already" in again.content.decode()


def test_where_accounts_differ_it_is_contested_until_it_is_settled(made: Made) -> None:
    ann = signed_in(made.ann)
    for number, stance in enumerate(("asserts", "denies")):
        accounts.record(
            of=made.over,
            source=made.source,
            party=made.alpha,
            quotation="Strikes end",
            existence=stance,
            public=f"2025-03-2{number} UTC",
            **made.how(),
        )
    assert listed(ann, CONTESTED) == ["OVER"]
    assert BoardLine.objects.get(pledge__ref="OVER").contested_since == datetime(
        2025, 3, 21, tzinfo=UTC
    )
    made.clock = NOW
    find(made, made.over, ("2025-03-18 UTC", "2025-04-17 UTC"), is_final=True)
    assert listed(ann, CONTESTED) == []


def test_only_those_who_record_findings_see_who_waits(made: Made) -> None:
    for name in ("bea", "eve"):
        for address in (UNVERIFIED, EXPIRED, CONTESTED):
            assert listed(signed_in(made.rows[name]), address) == []
    assert (
        "You record findings in no dossier" in signed_in(made.bea).get(UNVERIFIED).content.decode()
    )
    assert Client().get(UNVERIFIED).status_code == 302


def test_it_is_filtered_as_the_board_is_and_refuses_what_it_cannot_understand(made: Made) -> None:
    ann = signed_in(made.ann)
    assert listed(ann, f"{UNVERIFIED}?flag=unverified") == ["STALE"]
    assert listed(ann, f"{UNVERIFIED}?act=release") == []
    assert (
        "Nothing waits here of what you asked for."
        in ann.get(f"{UNVERIFIED}?act=release").content.decode()
    )
    shown = ann.get(f"{UNVERIFIED}?flag=unverified").content.decode()
    assert f'href="{UNVERIFIED}"' in shown  # how to drop it
    refused = ann.get(f"{UNVERIFIED}?act=dance")
    assert refused.status_code == 422
    assert "Error: " in refused.content.decode()


def test_each_queue_tells_how_many_wait_in_all_of_them(made: Made) -> None:
    ways = signed_in(made.ann).get("/queues/review/").context["ways"]
    assert [(one.url, one.number) for one in ways] == [
        (UNVERIFIED, 2),
        (EXPIRED, 1),
        (CONTESTED, 0),
        ("/queues/review/", 0),
        ("/queues/proposals/", 0),
    ]
    assert [one.url for one in ways if one.is_here] == ["/queues/review/"]


def test_what_the_sweep_has_yet_to_notice_stands_first(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + timedelta(days=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    ann = signed_in(made.ann)
    assert BoardLine.objects.get(pledge__ref="FRESH").until_at == datetime(2025, 6, 8, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(days=2))
    late = ann.get(UNVERIFIED).context["shown"]
    assert {one.line.entry.ref for one in late} == {"STALE", "DUE", "FRESH"}
    assert late[0].since is None
    sweeps.run(at=later + timedelta(days=2))
    assert listed(ann, UNVERIFIED) == ["STALE", "DUE", "FRESH"]


def test_the_number_of_queries_does_not_depend_on_how_many_wait(made: Made) -> None:
    """Session, person, roles; dossiers; names (3); numbers (3), reviews; late; count, page (3)."""
    ann = signed_in(made.ann)
    asked = []
    for more in (0, 12):
        with record.batch(at=made.clock):
            for number in range(more):
                term(made, f"MORE-{number}", "2025-05-01 UTC", 60)
        ann.get(UNVERIFIED)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert ann.get(UNVERIFIED).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] <= 18


@pytest.mark.parametrize("queue", ["unchecked", "unassessed", "contested"])
def test_the_database_looks_them_up_by_an_index(made: Made, queue: str) -> None:
    found = queues.waits(
        Queue(queue),
        viewer=access.viewer(made.ann),
        wanted=Filter(),
        at=NOW,
        dossiers=[made.dossier],
        late=queues.Late(frozenset(), {}),
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a few rows are never worth an index
    ordered = found.rows.order_by(f"{queue}_since", "pledge").values_list("pledge")[:50]
    assert f"line_{queue}" in ordered.explain()
    assert "TEMP B-TREE" not in ordered.explain()
    assert f"line_{queue}" in found.rows.values("pledge").explain()
