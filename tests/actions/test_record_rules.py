"""What a row must satisfy, each refusal at its column; and what an edit derives anew."""

from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction

from tests import kept
from tests.actions.house import AT, PUBLIC, Made, bare, pledged
from tracker.actions import (
    accounts,
    clock_stops,
    conditions,
    counts,
    deadlines,
    dependencies,
    extensions,
    incidents,
    instruments,
    parties,
    pledges,
    positions,
    readings,
    record,
    sources,
    suspensions,
    triggers,
    verifications,
)
from tracker.domain.errors import DomainError, Invalid
from tracker.models import LedgerEntry, Party, Phase

pytestmark = pytest.mark.django_db
LATER = "2025-05-01 UTC"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_text_that_no_database_keeps_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parties.register(slug="p", name=text, kind="state", by=None, at=AT)
    assert refused.value.field == "name"
    with pytest.raises(Invalid) as refused:
        parties.register(slug="p", name="P", kind="state", aliases=[text], by=None, at=AT)
    assert refused.value.field == "aliases"
    assert not Party.objects.exists()


@pytest.fixture
@kept.once
def made() -> Made:
    made = bare()
    made.rows["one"] = pledged(made)
    made.rows["two"] = pledged(made, "CASE-2")
    return made


def refused(column: str, act: Any) -> str:
    """What a refusal at that column says; nothing was written."""
    before = LedgerEntry.objects.count()
    with pytest.raises(DomainError) as error, transaction.atomic():
        act()
    assert error.value.field == column, error.value
    assert LedgerEntry.objects.count() == before
    return str(error.value)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", ""),
        ("title", "x" * 301),
        ("act", "stop"),
        ("pledgor", "nobody"),
        ("beneficiaries", ["nobody"]),
        ("beneficiaries", "case-beta"),
        ("protected_objects", ["dams", ""]),
        ("protected_objects", "dams"),
        ("leads", ["3 days"]),
        ("leads", ["P0D"]),
        ("cadence", "weekly"),
        ("public", ""),
        ("public", "2025-03-18"),
        ("public", "unknown"),
        ("withdrawn_at", "2025-03-18"),
        ("analyst", "not-an-id"),
        ("reciprocates", ["CASE-1"]),
        ("colour", "red"),
    ],
)
def test_a_pledge_is_refused_at_its_column(made: Made, column: str, value: object) -> None:
    given: dict[str, Any] = {column: value}
    refused(column, lambda: pledges.amend(row=made.one, **given, **made.how()))


@pytest.mark.parametrize("ref", ["A B", "A/B", "x" * 101, "A\x00"])
def test_what_cannot_be_a_reference_is_refused(made: Made, ref: str) -> None:
    refused("ref", lambda: pledged(made, ref))


def test_of_a_pledge_and_a_position_without_one_the_references_differ(made: Made) -> None:
    columns = {"title": "T", "kind": "demand", "party": made.alpha, "public": PUBLIC}
    first = positions.record(dossier=made.dossier, ref="", **columns, **made.how())
    second = positions.record(dossier=made.dossier, ref="", **columns, **made.how())
    assert (first.ref, second.ref) == ("CASE-DEMAND-ALPHA", "CASE-DEMAND-ALPHA-2")
    pledged(made, "CASE-ENERGY-ALPHA-2")
    assert pledged(made, "").ref == "CASE-ENERGY-ALPHA"
    positions.record(dossier=made.dossier, ref="CASE-ENERGY-ALPHA-3", **columns, **made.how())
    assert pledged(made, "").ref == "CASE-ENERGY-ALPHA-4"


def test_a_position_and_a_pledge_do_not_share_a_reference(made: Made) -> None:
    refused(
        "ref",
        lambda: positions.record(
            dossier=made.dossier,
            ref="CASE-1",
            title="T",
            kind="demand",
            party=made.alpha,
            public=PUBLIC,
            **made.how(),
        ),
    )


@pytest.mark.parametrize(
    ("column", "given"),
    [
        ("credibility", {"credibility": 7}),
        ("credibility", {"credibility": 0}),
        ("credibility", {"credibility": "good"}),
        ("values", {"values": {"colour": "red"}}),
        ("values", {"values": ["existence"]}),
        ("place", {"place": {"start": 1}}),
        ("place", {"place": {"start": 9, "end": 2}}),
        ("existence", {"existence": "perhaps"}),
        ("said", {"said": "yesterday"}),
        ("source", {"source": None}),
        ("source", {"source": "nothing"}),
    ],
)
def test_an_account_is_refused_at_its_column(
    made: Made, column: str, given: dict[str, Any]
) -> None:
    columns = {"source": made.source, "public": PUBLIC, **given}
    refused(column, lambda: accounts.record(of=made.one, **columns, **made.how()))


def test_what_names_itself_is_refused(made: Made) -> None:
    refused(
        "on_pledge",
        lambda: dependencies.add(
            pledge=made.one,
            on_pledge=made.one,
            kind="part_of",
            reason="r",
            public=PUBLIC,
            **made.how(),
        ),
    )
    refused(
        "member", lambda: parties.admit(coalition=made.league, member=made.league, **made.how())
    )
    refused(
        "depends_on_pledge",
        lambda: conditions.add(
            on=made.one,
            kind="continuing",
            text="t",
            depends_on_pledge=made.one,
            public=PUBLIC,
            **made.how(),
        ),
    )
    one = counts.record(
        dossier=made.dossier,
        claimant=made.beta,
        of="violations",
        number=30,
        source=made.source,
        public=PUBLIC,
        **made.how(),
    )
    refused("supersedes", lambda: counts.amend(row=one, supersedes=one, **made.how()))
    found = verifications.record(
        pledge=made.one,
        period_start=PUBLIC,
        period_end=LATER,
        finding="held",
        reasoning="r",
        public=LATER,
        **made.how(),
    )
    refused("cites", lambda: verifications.amend(row=found, cites=found, **made.how()))


def test_two_links_never_share_an_order(made: Made) -> None:
    extensions.propose(pledge=made.one, kind="tacit", public=PUBLIC, **made.how())
    second = extensions.propose(pledge=made.one, kind="tacit", public=PUBLIC, **made.how())
    assert second.order == 2
    told = refused("order", lambda: extensions.amend(row=second, order=1, **made.how()))
    assert "CASE-1.extension.1" in told
    refused("order", lambda: extensions.amend(row=second, order=0, **made.how()))


@pytest.mark.parametrize("module", [clock_stops.stop, suspensions.suspend])
def test_a_stop_needs_times_with_zones_in_their_order(made: Made, module: Any) -> None:
    refused("start", lambda: module(pledge=made.one, start="", public=PUBLIC, **made.how()))
    refused(
        "start", lambda: module(pledge=made.one, start="2025-04-01", public=PUBLIC, **made.how())
    )
    for end in ("2025-04-02", "unknown", "2025-03-01 UTC"):
        refused(
            "end",
            lambda end=end: module(
                pledge=made.one, start="2025-04-01 UTC", end=end, public=PUBLIC, **made.how()
            ),
        )


def test_a_term_starts_from_a_step_of_its_own_pledge(made: Made) -> None:
    step = deadlines.add(pledge=made.two, title="Report", public=PUBLIC, **made.how())
    refused(
        "start_deadline",
        lambda: readings.add(
            of=made.one, start_deadline=step, duration="PT30H", public=PUBLIC, **made.how()
        ),
    )


def precondition(made: Made, on: Any, **columns: Any) -> Any:
    given = {"kind": "entry_precondition", "text": "First the other", "public": PUBLIC, **columns}
    return conditions.add(on=on, **given, **made.how())


def test_preconditions_in_a_circle_are_refused_with_their_path(made: Made) -> None:
    precondition(made, made.one, depends_on_pledge=made.two)
    told = refused(
        "depends_on_pledge", lambda: precondition(made, made.two, depends_on_pledge=made.one)
    )
    assert "pledge CASE-1 → " in told
    assert "pledge CASE-2" in told


def test_reciprocal_and_concurrent_conditions_are_mutual_by_nature(made: Made) -> None:
    for kind in ("reciprocity", "concurrent", "continuing"):
        precondition(made, made.one, depends_on_pledge=made.two, kind=kind)
        precondition(made, made.two, depends_on_pledge=made.one, kind=kind)


def test_a_trigger_that_waits_for_itself_is_refused(made: Made) -> None:
    step = deadlines.add(pledge=made.one, title="Withdrawal", public=PUBLIC, **made.how())
    trigger = triggers.add(
        dossier=made.dossier,
        key="done",
        title="Withdrawn",
        kind="step_done",
        of_deadline=step,
        public=PUBLIC,
        **made.how(),
    )
    told = refused(
        "start_trigger",
        lambda: readings.add(
            of=step,
            start_trigger=trigger,
            start_offset="PT24H",
            public=PUBLIC,
            **made.how(),
        ),
    )
    assert "trigger done" in told


def test_a_fact_never_refers_to_another_dossier(made: Made) -> None:
    other = bare("elsewhere")
    refused(
        "source",
        lambda: accounts.record(of=made.one, source="elsewhere", public=PUBLIC, **made.how()),
    )
    theirs = pledged(other, "THEIRS")
    refused(
        "reciprocates", lambda: pledges.amend(row=made.one, reciprocates=[theirs], **made.how())
    )
    refused("instrument", lambda: pledges.amend(row=made.one, instrument="none", **made.how()))
    text = instruments.conclude(
        dossier=other.dossier,
        key="only-there",
        title="T",
        kind="call",
        form="oral",
        public=PUBLIC,
        **other.how(),
    )
    refused("instrument", lambda: pledges.amend(row=made.one, instrument=text, **made.how()))


def test_what_was_stated_is_stored_as_stated(made: Made) -> None:
    found = readings.add(
        of=made.one,
        start="2025-03-18 18h ?Europe/Kyiv",
        duration="P2W",
        public=PUBLIC,
        **made.how(),
    )
    assert [(r.start, r.duration) for r in found] == [("2025-03-18 18h ?Europe/Kyiv", "P2W")] * 2
    assert found[0].start_instant is not None


def test_a_pledge_that_an_incident_leaves_is_derived_anew(made: Made) -> None:
    """Its violation_reported would stand for ever otherwise."""
    for one in (made.one, made.two):
        readings.add(
            of=one, start=PUBLIC, duration="P30D", rule="inclusive", public=PUBLIC, **made.how()
        )

    def reported(pledge: Any) -> bool:
        return "violation_reported" in str(
            list(Phase.objects.filter(pledge=pledge).values("flags"))
        )

    strike = incidents.report(
        dossier=made.dossier,
        key="strike",
        occurred="2025-03-27 Europe/Kyiv",
        description="A strike",
        pledges=[made.one],
        public="2025-03-27 Europe/Kyiv",
        **made.how(),
    )
    assert (reported(made.one), reported(made.two)) == (True, False)
    incidents.amend(row=strike, pledges=[made.two], **made.how())
    assert (reported(made.one), reported(made.two)) == (False, True)


def test_what_only_the_database_knows_is_told_in_words(made: Made) -> None:
    with pytest.raises(Invalid) as error, transaction.atomic():
        record.put(
            "dossier",
            "real",
            {"title": "Real", "laid_at": "2025-06-01T09:00:00Z"},
            dossier=None,
            by=None,
            at=AT,
        )
    assert "dossier laid at is for practice" in str(error.value)


def test_a_number_may_be_large_and_is_never_negative(made: Made) -> None:
    def told(number: Any) -> Any:
        return counts.record(
            dossier=made.dossier,
            claimant=made.beta,
            of="shells",
            number=number,
            source=made.source,
            public=PUBLIC,
            **made.how(),
        )

    assert told(5_000_000_000).number == 5_000_000_000
    for wrong in (-1, "many", 1.5, None):
        refused("number", lambda wrong=wrong: told(wrong))


def test_sources_are_hashed_by_their_snapshot(made: Made) -> None:
    before = made.source.sha256
    assert len(before) == 64
    with pytest.raises(Invalid, match="never changes"):
        sources.amend(row=made.source, snapshot="Zażółć", **made.how())
    bare = sources.add(
        dossier=made.dossier, key="bare", title="Bare", kind="news", public=PUBLIC, **made.how()
    )
    assert bare.sha256 == ""
    filled = sources.amend(row=bare, snapshot="Zażółć", **made.how())
    assert filled.sha256 == sha256("Zażółć".encode()).hexdigest() != before
