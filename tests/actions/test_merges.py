"""Two parties, and two pledges, that turned out to be one: merged, and the merge taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.actions import (
    accounts,
    adoptions,
    comments,
    conditions,
    dependencies,
    extensions,
    incidents,
    merges,
    moves,
    parties,
    phases,
    pledges,
    positions,
    readings,
    record,
    subscriptions,
    undoing,
    verifications,
)
from tracker.domain.errors import Conflict, Invalid
from tracker.models import (
    FACTS,
    Account,
    Adoption,
    Alert,
    Condition,
    Count,
    Dependency,
    Extension,
    Flag,
    LedgerEntry,
    Party,
    Phase,
    Pledge,
    Reading,
    ReviewTask,
    User,
)
from tracker.selectors import ledger, register, reviews, rows, told
from tracker.selectors import merges as reading
from tracker.selectors.merges import How

from .house import AT, PUBLIC, Made, bare, full, pledged

pytestmark = pytest.mark.django_db
WHY = "The same call, entered twice."


def entered(made: Made) -> dict[str, Any]:
    """All that people entered in the dossier."""
    found = rows.tables(made.dossier)
    apart = ("recorded_at", "version")
    return {
        noun: {k: {n: v for n, v in s.items() if n not in apart} for k, s in found[noun].items()}
        for noun in FACTS
    }


def twins(made: Made) -> tuple[Pledge, Pledge]:
    return pledged(made, "KEPT"), pledged(made, "TWIN", title="Alpha stops strikes")


def merge(made: Made, goes: Pledge, stays: Pledge) -> Pledge:
    return merges.merge_pledges(goes=goes, stays=stays, reason=WHY, **made.how())


def part(made: Made, row: Pledge) -> Pledge:
    return merges.part_pledges(row=row, reason="They are two.", **made.how())


# Parties


def test_a_merged_party_is_read_as_the_other_and_rows_name_what_they_named() -> None:
    made = bare()
    one = pledged(made)
    merges.merge_parties(row=made.alpha, into=made.beta, reason=WHY, **made.how())
    assert Pledge.objects.get(pk=one.pk).pledgor == made.alpha
    names = register.party_names(at=made.clock)
    assert names["case-alpha"] == names["case-beta"] == "Beta"
    assert reading.parties().same("case-beta") == {"case-alpha", "case-beta"}
    last = LedgerEntry.objects.filter(chain__name="parties").order_by("seq").last()
    assert last is not None
    assert (last.action, last.reason) == ("parties.merge", WHY)
    assert ledger.problem("parties") is None
    assert list(ledger.differences("parties")) == []


def test_before_the_merge_was_recorded_they_are_two() -> None:
    made = bare()
    pledged(made)
    before = made.clock
    merges.merge_parties(row=made.alpha, into=made.beta, reason=WHY, **made.how())
    merged_at = made.clock
    parties.amend(row=Party.objects.get(slug="case-alpha"), note="Seen", **made.how())
    just_before = merged_at - timedelta(microseconds=1)
    for at in (before, just_before):
        assert register.party_names(at=at)["case-alpha"] == "Alpha"
        assert register.party_names(at=made.clock, known=at)["case-alpha"] == "Alpha"
    assert register.party_names(at=merged_at)["case-alpha"] == "Beta"
    assert register.party_names(at=made.clock, known=merged_at)["case-alpha"] == "Beta"
    row = Party.objects.get(slug="case-alpha")
    merges.part_parties(row=row, reason="Two after all.", **made.how())
    assert register.party_names(at=made.clock)["case-alpha"] == "Alpha"
    assert register.party_names(at=made.clock, known=merged_at)["case-alpha"] == "Beta"


def test_parties_are_merged_without_chains() -> None:
    made = bare()
    merges.merge_parties(row=made.alpha, into=made.beta, reason=WHY, **made.how())
    alpha, beta = (Party.objects.get(slug=f"case-{name}") for name in ("alpha", "beta"))
    for row, into, words in (
        (made.league, alpha, "itself merged into “Beta”"),
        (beta, made.league, "“Alpha” is merged into it"),
        (beta, alpha, "itself merged into"),
        (made.league, made.league, "this very party"),
    ):
        with pytest.raises(Invalid, match=words):
            merges.merge_parties(row=row, into=into, reason=WHY, **made.how())
    with pytest.raises(Conflict, match="merged already"):
        merges.merge_parties(row=alpha, into=made.league, reason=WHY, **made.how())
    with pytest.raises(Conflict, match="not merged"):
        merges.part_parties(row=beta, reason=WHY, **made.how())
    with pytest.raises(Invalid, match="missing"):
        merges.merge_parties(row=made.league, into=beta, reason=" ", **made.how())
    assert Party.objects.filter(merged_into__isnull=False).count() == 1


def test_who_watches_either_party_is_told() -> None:
    made = bare()
    one = pledged(made, beneficiaries=[])
    made.dossier.is_public = True
    made.dossier.save()
    eve = User.objects.create(email="eve@example.org", name="Eve")
    subscriptions.subscribe(user=eve, target=made.beta, at=made.tick())
    assert told.of(eve, one.ref, at=made.clock).because == ()
    merges.merge_parties(row=made.alpha, into=made.beta, reason=WHY, **made.how())
    assert told.of(eve, one.ref, at=made.clock).because == ("party",)
    from tracker.selectors.audience import audience

    assert {w.user for w in audience({one.pk}, at=made.clock).watches[one.pk]} == {eve.pk}


# Pledges


def test_what_hangs_on_one_is_hung_on_the_other() -> None:
    made = full()
    kept = pledged(made, "KEPT")
    gone = made.pledge
    merge(made, gone, kept)
    tables = rows.tables(made.dossier)
    for noun in reading.HANGING:
        assert not [k for k, s in tables[noun].items() if s["pledge"] == gone.ref], noun
    assert tables["incident"]["kherson"]["pledges"] == ["KEPT"]
    assert tables["pledge"]["case-2"]["reciprocates"] == ["KEPT"]
    assert {s["on_pledge"] for s in tables["dependency"].values()} == {"KEPT"}
    assert {s["depends_on_pledge"] for s in tables["condition"].values()} == {"KEPT"}
    assert all(s["withdrawn_at"] for s in tables["adoption"].values())
    assert {s["pledge"] for s in tables["comment"].values()} == {gone.ref}
    made_by = LedgerEntry.objects.filter(chain__name="case", action="pledges.merge")
    assert {one.reason for one in made_by} == {WHY}
    last = made_by.order_by("seq").last()
    assert last is not None
    assert last.row_key == gone.ref
    assert ledger.problem("case") is None
    assert list(ledger.differences("case")) == []


def test_the_one_that_went_is_listed_nowhere_and_raises_nothing() -> None:
    made = full()
    kept = pledged(made, "KEPT")
    gone = made.pledge
    assert Flag.objects.filter(pledge=gone, withdrawn_at=None).exists()
    merge(made, gone, kept)
    assert set(Phase.objects.filter(pledge=gone).values_list("stage", flat=True)) == {""}
    assert not Flag.objects.filter(pledge=gone, withdrawn_at=None).exists()
    assert not Alert.objects.filter(pledge=gone, dropped_at=None, message=None).exists()
    assert "expired" in set(Phase.objects.filter(pledge=kept).values_list("stage", flat=True))


def test_what_is_the_same_is_not_doubled() -> None:
    made = bare()
    kept, gone = twins(made)
    for of in (kept, gone):
        one = accounts.record(
            of=of,
            source=made.source,
            speaker="Minister",
            quotation="thirty days",
            duration="asserts" if of is kept else "silent",
            existence="asserts",
            public=PUBLIC,
            **made.how(),
        )
        readings.add(
            of=of,
            start=PUBLIC,
            duration="P30D",
            rule="inclusive",
            duration_account=one,
            public=PUBLIC,
            **made.how(),
        )
        extensions.propose(pledge=of, kind="extended", duration="P10D", public=PUBLIC, **made.how())
    readings.add(
        of=gone, start=PUBLIC, duration="P40D", rule="inclusive",
        duration_account=Account.objects.get(pledge=gone), public=PUBLIC, **made.how(),
    )  # fmt: skip
    planned = reading.plan(rows.tables(made.dossier), goes="TWIN", stays="KEPT")
    assert {one.noun for one in planned.of(How.LEFT)} == {"account", "reading", "extension"}
    merge(made, gone, kept)
    assert Account.objects.filter(pledge=kept).count() == 1
    assert Extension.objects.filter(pledge=kept).count() == 1
    both = Reading.objects.filter(pledge=kept).order_by("pk")
    assert [one.duration for one in both] == ["P30D", "P40D"]
    assert {one.duration_account for one in both} == {Account.objects.get(pledge=kept)}


def test_the_same_words_that_say_more_are_another_account() -> None:
    made = bare()
    kept, gone = twins(made)
    for of, stance in ((kept, "silent"), (gone, "asserts")):
        accounts.record(
            of=of, source=made.source, quotation="thirty days", duration=stance,
            existence="asserts", public=PUBLIC, **made.how(),
        )  # fmt: skip
    merge(made, gone, kept)
    assert Account.objects.filter(pledge=kept).count() == 2


def test_a_link_between_the_two_ends_and_a_condition_names_no_pledge() -> None:
    made = bare()
    kept, gone = twins(made)
    for pledge, other in ((kept, gone), (gone, kept)):
        dependencies.add(
            pledge=pledge, on_pledge=other, kind="rests_on", reason="So said", public=PUBLIC,
            **made.how(),
        )  # fmt: skip
        conditions.add(
            on=pledge, kind="reciprocity", text=f"If {other.ref}", depends_on_pledge=other,
            public=PUBLIC, **made.how(),
        )  # fmt: skip
    pledges.amend(row=kept, reciprocates=[gone], **made.how())
    merge(made, gone, kept)
    assert not Dependency.objects.filter(pledge=kept, withdrawn_at="").exists()
    assert {one.pledge for one in Condition.objects.all()} == {kept}
    assert not Condition.objects.exclude(depends_on_pledge=None).exists()
    assert list(Pledge.objects.get(ref="KEPT").reciprocates.all()) == []


def test_adoptions_and_moves_of_the_stage_stay_with_the_one_that_goes() -> None:
    made = bare()
    kept, gone = twins(made)
    for of, length in ((kept, "P30D"), (gone, "P60D")):
        (one,) = readings.add(
            of=of, start=PUBLIC, duration=length, rule="inclusive", public=PUBLIC, **made.how()
        )
        adoptions.adopt(reading=one, public=PUBLIC, reason="Its own order", **made.how())
    moves.make(
        on=gone, to="withdrawn", effective="2025-03-25 UTC", public="2025-03-25 UTC",
        reason="It said so", **made.how(),
    )  # fmt: skip
    merge(made, gone, kept)
    standing = Phase.objects.filter(pledge=kept).order_by("from_at").last()
    assert standing is not None
    assert standing.stage == "expired"
    adopted = Adoption.objects.get(withdrawn_at="")
    assert (standing.adopted, adopted.reading.duration) == (adopted.reading.key, "P30D")


def test_nothing_is_entered_about_a_pledge_that_is_another_one() -> None:
    made = full()
    kept = pledged(made, "KEPT")
    merge(made, made.pledge, kept)
    gone = Pledge.objects.get(pk=made.pledge.pk)
    tries: list[Callable[[], object]] = [
        lambda: accounts.record(of=gone, source=made.source, public=PUBLIC, **made.how()),
        lambda: pledges.amend(row=made.other, reciprocates=[gone], **made.how()),
        lambda: incidents.amend(row=made.incident, pledges=[gone], **made.how()),
        lambda: comments.write(on=gone, text="More", **made.how()),
        lambda: positions.amend(row=made.position, became=gone, **made.how()),
    ]
    for one in tries:
        with pytest.raises(Invalid, match="was merged into “KEPT”"):
            one()


def test_pledges_that_cannot_be_merged() -> None:
    made, far = full(), bare("far")
    kept, gone = twins(made)
    other = pledged(far, "FAR-1")
    cases: list[tuple[Pledge, Pledge, str]] = [(kept, kept, "very pledge"), (kept, other, "two d")]
    for goes, stays, words in cases:
        with pytest.raises(Invalid, match=words):
            merge(made, goes, stays)
    merge(made, gone, kept)
    for goes, stays, words in (
        (made.other, gone, "itself merged"),
        (kept, made.other, "“TWIN” is"),
    ):
        with pytest.raises(Invalid, match=words):
            merge(made, goes, stays)
    with pytest.raises(Conflict, match="merged already"):
        merge(made, gone, made.other)
    pledges.withdraw(row=made.other, when=PUBLIC, reason="No", **made.how())
    with pytest.raises(Invalid, match="is withdrawn"):
        merge(made, made.pledge, Pledge.objects.get(pk=made.other.pk))
    with pytest.raises(Invalid, match="missing"):
        merges.merge_pledges(goes=made.pledge, stays=kept, reason="", **made.how())


def test_somebody_changed_one_meanwhile() -> None:
    made = bare()
    kept, gone = twins(made)
    seen = merges.seen_of(gone, kept)
    pledges.amend(row=kept, scope="Power plants", **made.how())
    with pytest.raises(Conflict, match="changed since"):
        merges.merge_pledges(goes=gone, stays=kept, reason=WHY, seen=seen, **made.how())
    merges.merge_pledges(
        goes=gone, stays=kept, reason=WHY, seen=merges.seen_of(gone, kept), **made.how()
    )


@pytest.mark.parametrize("after", [0, 3, 9])
def test_a_merge_that_fails_half_way_leaves_nothing(after: int) -> None:
    made = full()
    kept = pledged(made, "KEPT")
    before, entries = entered(made), LedgerEntry.objects.count()
    held = list(Phase.objects.order_by("pk").values_list("pk", "stage", "from_at"))
    put, done = record.put, iter(range(100))

    def failing(*given: Any, **named: Any) -> Any:
        if next(done) == after:
            raise RuntimeError
        return put(*given, **named)

    with mock.patch.object(record, "put", failing), pytest.raises(RuntimeError):
        merge(made, made.pledge, kept)
    late = mock.patch.object(phases, "rebuild", side_effect=RuntimeError)
    with late, pytest.raises(RuntimeError):
        merge(made, made.pledge, kept)
    assert entered(made) == before
    assert LedgerEntry.objects.count() == entries
    assert list(Phase.objects.order_by("pk").values_list("pk", "stage", "from_at")) == held


def test_taken_back_both_stand_as_they_stood() -> None:
    made = full()
    kept = pledged(made, "KEPT", reciprocates=[made.other])
    before = entered(made)
    trajectory = list(
        Phase.objects.order_by("pledge", "from_at").values_list("pledge", "from_at", "stage")
    )
    merge(made, made.pledge, kept)
    assert entered(made) != before
    part(made, made.pledge)
    assert entered(made) == before
    assert trajectory == list(
        Phase.objects.order_by("pledge", "from_at").values_list("pledge", "from_at", "stage")
    )
    assert list(ledger.differences("case")) == []
    merge(made, made.pledge, kept)  # and once more
    part(made, Pledge.objects.get(pk=made.pledge.pk))
    assert entered(made) == before


def test_undone_it_is_as_before() -> None:
    ann = User.objects.create(email="ann@example.org", name="Ann")
    made = full(by=ann)
    kept = pledged(made, "KEPT")
    before = entered(made)
    first = LedgerEntry.objects.filter(chain__name="case").count() + 1
    merge(made, made.pledge, kept)
    last = LedgerEntry.objects.filter(chain__name="case").count()
    undoing.undo(chain="case", first=first, last=last, by=ann, at=made.tick())
    assert entered(made) == before


def test_what_came_later_stays_or_stands_in_the_way() -> None:
    made = full()
    kept = pledged(made, "KEPT")
    merge(made, made.pledge, kept)
    account = Account.objects.get(pk=made.account.pk)
    accounts.amend(row=account, note="Checked", **made.how())  # what the merge did not touch
    later = verifications.record(
        pledge=kept, period_start=PUBLIC, period_end="2025-03-31 UTC", finding="held",
        reasoning="Quiet", public="2025-04-02 UTC", **made.how(),
    )  # fmt: skip
    accounts.amend(row=account, pledge=made.other, **made.how())
    with pytest.raises(Conflict, match=r"account “.*” was changed since: its “pledge”"):
        part(made, made.pledge)
    assert Pledge.objects.get(pk=made.pledge.pk).merged_into == kept
    accounts.amend(row=account, pledge=kept, **made.how())
    part(made, made.pledge)
    later.refresh_from_db()
    account.refresh_from_db()
    assert (later.pledge, account.pledge, account.note) == (kept, made.pledge, "Checked")


def test_a_reading_that_counts_from_a_step_that_goes_back_stands_in_the_way() -> None:
    made = full()
    kept = pledged(made, "KEPT")
    merge(made, made.other, kept)
    readings.add(
        of=kept, start_deadline=made.deadline, start_offset="P1D", duration="P10D",
        zone="Europe/Kyiv", public=PUBLIC, **made.how(),
    )  # fmt: skip
    with pytest.raises(Conflict, match="counts from a deadline"):
        part(made, made.other)


def test_one_that_was_merged_on_cannot_come_back_first() -> None:
    made = bare()
    kept, gone = twins(made)
    last = pledged(made, "LAST")
    merge(made, gone, kept)
    with pytest.raises(Invalid, match="take that merge back first"):
        merge(made, kept, last)
    part(made, gone)
    with pytest.raises(Conflict, match="not merged"):
        part(made, gone)


def test_what_the_register_knew_before_is_what_it_says_of_then() -> None:
    made = full()
    kept = pledged(made, "KEPT")
    before = made.clock
    state = ledger.tables("case", known=before)
    merge(made, made.pledge, kept)
    assert ledger.tables("case", known=before) == state


def test_who_was_told_of_one_is_told_of_the_other() -> None:
    made = bare()
    kept, gone = twins(made)
    made.dossier.is_public = True
    made.dossier.save()
    people = {
        name: User.objects.create(email=f"{name}@example.org", name=name)
        for name in ("ann", "bob", "cat")
    }
    pledges.amend(row=gone, analyst=people["ann"], **made.how())
    subscriptions.subscribe(user=people["bob"], target=gone, at=made.tick())
    subscriptions.mute(user=people["cat"], pledge=gone, at=made.tick())
    subscriptions.subscribe(user=people["cat"], target=made.dossier, at=made.tick())
    merge(made, gone, kept)
    readings.add(
        of=kept, start="2025-05-31 UTC", duration="P1D", rule="inclusive",
        public="2025-05-31 UTC", **made.how(),
    )  # fmt: skip
    owed = Alert.objects.filter(pledge=kept, kind="expired", dropped_at=None)
    assert {one.recipient.name for one in owed} == {"ann", "bob", "cat"}
    assert not Alert.objects.filter(pledge=gone, kind="corrected").exists()
    assert told.of(people["bob"], "KEPT", at=made.clock).because == ("pledge",)
    assert told.of(people["ann"], "KEPT", at=made.clock).because == ("analyst",)
    assert not told.of(people["cat"], "KEPT", at=made.clock).is_muted


def test_no_review_of_it_is_asked() -> None:
    made = bare()
    kept, gone = twins(made)
    admin = User.objects.create(email="root@example.org", is_site_admin=True)
    ReviewTask.objects.create(pledge=gone, subject="X", since=AT, raised_at=AT)
    from tracker.selectors import access

    asked = reviews.asked(access.viewer(admin), is_done=False)
    assert asked.count() == 1
    merge(made, gone, kept)
    assert asked.all().count() == 0


# Any two pledges

links = st.sampled_from(("A", "B", "C"))
things = st.lists(
    st.tuples(
        st.sampled_from(
            ("account", "reading", "condition", "depends", "extension", "dependency", "incident",
             "adopted", "reciprocates", "became", "count", "deadline", "judged")
        ),
        links,
        links,
        st.integers(0, 1),
    ),
    max_size=9,
)  # fmt: skip


def build(made: Made, given: list[tuple[str, str, str, int]]) -> None:
    row = {ref: pledged(made, ref) for ref in "ABC"}
    from tracker.actions import counts, deadlines

    for number, (noun, ref, other, which) in enumerate(given):
        how = {"public": PUBLIC, **made.how()}
        one, two = row[ref], row[other]
        try:
            match noun:
                case "account":
                    accounts.record(of=one, source=made.source, quotation=f"q{which}", **how)
                case "reading" | "adopted":
                    (read,) = readings.add(
                        of=one, start=PUBLIC, duration=f"P{30 + which}D", rule="inclusive",
                        **how,
                    )  # fmt: skip
                    if noun == "adopted":
                        adoptions.adopt(reading=read, reason="So", **how)
                case "condition":
                    conditions.add(on=one, kind="reciprocity", text=f"c{which}", **how)
                case "depends":
                    conditions.add(
                        on=one, kind="reciprocity", text="d", depends_on_pledge=two, **how
                    )
                case "extension":
                    extensions.propose(
                        pledge=one, kind="extended", duration=f"P{1 + which}D", **how
                    )
                case "dependency":
                    dependencies.add(pledge=one, on_pledge=two, kind="rests_on", reason="r", **how)
                case "incident":
                    incidents.report(
                        dossier=made.dossier, key=f"i{number}", occurred=PUBLIC,
                        description="d", pledges=[one, two], **how,
                    )  # fmt: skip
                case "reciprocates":
                    pledges.amend(row=one, reciprocates=[two], by=None, at=made.tick())
                case "became":
                    positions.record(
                        dossier=made.dossier, ref=f"p{number}", title="t", kind="demand",
                        party=made.alpha, became=one, **how,
                    )  # fmt: skip
                case "count":
                    counts.record(
                        dossier=made.dossier, pledge=one, claimant=made.beta, of="x",
                        number=which, source=made.source, **how,
                    )  # fmt: skip
                case "deadline":
                    deadlines.add(pledge=one, title=f"t{which}", **how)
                case "judged":
                    of = conditions.add(on=one, kind="reciprocity", text=f"c{which}", **how)
                    moves.make(on=of, to="met", effective=PUBLIC, reason="So", **how)
        except (Invalid, Conflict):
            continue  # what no rule allows is not in any register


@settings(
    # What a merge moves is decided above the database: PostgreSQL sees fewer registers.
    max_examples=25 if connection.vendor == "sqlite" else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(given=things)
def test_any_merge_moves_all_of_it_and_taken_back_leaves_no_trace(
    given: list[tuple[str, str, str, int]],
) -> None:
    from django.db import transaction

    with transaction.atomic():
        made = bare()
        build(made, given)
        before = entered(made)
        goes, stays = Pledge.objects.get(ref="A"), Pledge.objects.get(ref="B")
        merge(made, goes, stays)
        left = {(one.noun, one.key) for one in _left(before)}
        for noun in reading.HANGING:
            for key, state in entered(made)[noun].items():
                assert state["pledge"] != "A" or (noun, key) in left, (noun, key)
        assert list(ledger.differences("case")) == []
        part(made, goes)
        assert entered(made) == before
        assert list(ledger.differences("case")) == []
        transaction.set_rollback(True)


def _left(tables: dict[str, Any]) -> list[reading.Change]:
    return reading.plan(tables, goes="A", stays="B").of(How.LEFT)


def test_a_seed_file_that_is_loaded_again_leaves_a_merge_alone() -> None:
    from tests.web import house as web

    web.load(web.PARTIES)
    web.dossier("shut", public=False)
    halt = Pledge.objects.get(ref="SHUT-HALT")
    columns = {name: getattr(halt, name) for name in ("instrument", "pledgor", "act", "subject")}
    how: dict[str, Any] = {"by": None, "at": web.AT}
    kept = pledges.register(
        dossier=halt.dossier, ref="KEPT", title="Kept", public=PUBLIC, **columns, **how
    )
    merges.merge_pledges(goes=halt, stays=kept, reason=WHY, **how)
    entries = LedgerEntry.objects.count()
    web.dossier("shut", public=False)
    assert LedgerEntry.objects.count() == entries
    text = web.DOSSIER.replace("SLUG", "shut").replace("PRE", "SHUT").replace("PUBLIC", "no")
    more = text.replace("    counts:\n", "    counts:\n" + MORE, 1)
    web.load(more)
    assert {one.pledge for one in Count.objects.all()} == {kept}
    assert Count.objects.count() == 2


MORE = """\
      later:
        claimant: beta
        of: shots
        number: 20
        source: denial
        period_end: 2026-03-03 Europe/Zurich
"""
