"""Undo: one's last change, within an hour, unless something came after it or rests on it."""

from datetime import timedelta
from typing import Any

import pytest

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, full, pledged
from tests.actions.people import holds, person
from tests.actions.test_delivery import END, Clock, due, readings_of, server
from tests.plugins.smtp import Sink
from tracker.actions import (
    adoptions,
    deliveries,
    memberships,
    moves,
    outbox,
    parties,
    pledges,
    positions,
    readings,
    record,
    sources,
    undoing,
)
from tracker.domain.errors import Conflict, DomainError, NotAllowed, NotFound
from tracker.models import FACTS, Alert, LedgerChain, LedgerEntry, Pledge, Reading, Source, User
from tracker.selectors import last_changes, rows

pytestmark = pytest.mark.django_db(transaction=True)
TICK = timedelta(microseconds=1)


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.by = person("ann", found.dossier, "analyst")
    return found


def last(chain: str = "case") -> int:
    return LedgerChain.objects.get(name=chain).seq


def undo(made: Made, *, by: User | None = None, chain: str = "case", **span: int) -> list[Any]:
    """The last entry, unless another span is named."""
    how = made.how()
    span = span or {"first": last(chain), "last": last(chain)}
    return undoing.undo(chain=chain, by=by or how["by"], at=how["at"], **span)


def state(row: Any) -> dict[str, Any]:
    row.refresh_from_db()
    return {name: value for name, value in rows.state(row).items() if name in row.ENTERED}


def source(made: Made) -> Source:
    return sources.add(
        dossier=made.dossier, key="letter", title="T", kind="news", public=PUBLIC, **made.how()
    )


def test_what_was_entered_never_held(made: Made) -> None:
    row = pledged(made, "CASE-9")
    (entry,) = undo(made)
    assert entry.row_key == "CASE-9"
    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_reason) == (PUBLIC, undoing.MISTAKEN)
    assert row.withdrawn_at_instant == row.public_instant
    told = LedgerEntry.objects.filter(chain__name="case").latest("seq")
    assert (told.action, told.reason) == ("pledge.undo", undoing.MISTAKEN)
    assert not row.phases.filter(stage="in_force").exists()
    holds("case")


def test_what_was_changed_says_again_what_it_said(made: Made) -> None:
    row = pledged(made, "CASE-9", protected_objects=["Bridges"])
    before = state(row)
    pledges.amend(
        row=row, title="Other", beneficiaries=[], protected_objects=[], area="All", **made.how()
    )
    undo(made)
    assert state(row) == before
    holds("case")


def test_a_withdrawal_is_taken_back_and_the_undoing_undone(made: Made) -> None:
    row = source(made)
    sources.withdraw(row=row, when=PUBLIC, reason="Forged", **made.how())
    undo(made)
    assert state(row)["withdrawn_at"] == ""
    undo(made)
    assert state(row)["withdrawn_reason"] == "Forged"
    holds("case")


def test_a_judgement_an_adoption_and_a_verb_with_two_rows(made: Made) -> None:
    pledge = pledged(made, "CASE-9")
    first = last() + 1
    two = readings.add(of=pledge, start=PUBLIC, duration="P30D", public=PUBLIC, **made.how())
    assert (len(two), last()) == (2, first + 1)
    assert last_changes.deed("case", made.by or User(), after=first - 1) == (first, first + 1)
    adoptions.adopt(reading=two[0], public=PUBLIC, reason="Clear", **made.how())
    with pytest.raises(Conflict, match="Something rests on it by now: the adoption"):
        undo(made, first=first, last=first + 1)
    undo(made)
    undo(made, first=first, last=first + 1)
    assert all(state(row)["withdrawn_reason"] == undoing.MISTAKEN for row in two)
    moves.make(
        on=pledge,
        to="terminated",
        effective="2025-04-01 UTC",
        public="2025-04-01 UTC",
        reason="Both ended it",
        **made.how(),
    )
    undo(made)
    assert not pledge.phases.filter(stage="ended").exists()
    holds("case")


def test_a_later_decision_rests_on_an_earlier_one(made: Made) -> None:
    pledge = pledged(made, "CASE-9")
    two = readings.add(of=pledge, start=PUBLIC, duration="P30D", public=PUBLIC, **made.how())
    adoptions.adopt(reading=two[0], public=PUBLIC, reason="Clear", **made.how())
    first = last()
    adoptions.adopt(reading=two[1], public="2025-03-19 UTC", reason="Clearer", **made.how())
    with pytest.raises(Conflict, match="decided on this again"):
        undo(made, first=first, last=first)


def test_what_names_it_holds_it(made: Made) -> None:
    position = positions.record(
        dossier=made.dossier,
        ref="CASE-POS",
        title="Wider",
        kind="demand",
        party=made.beta,
        public=PUBLIC,
        **made.how(),
    )
    row = pledged(made, "CASE-9")
    entered = last()
    positions.become(row=position, pledge=row, **made.how())
    with pytest.raises(Conflict, match="the position"):
        undo(made, first=entered, last=entered)
    undo(made)
    assert state(position)["became"] is None
    undo(made, first=entered, last=entered)
    assert state(row)["withdrawn_at"]


def test_somebody_changed_it_since(made: Made) -> None:
    row = source(made)
    entered = last()
    bob = person("bob", made.dossier, "analyst")
    now = last()
    sources.amend(row=row, title="Better", by=bob, at=made.tick())
    with pytest.raises(Conflict, match="Bob changed it since"):
        undo(made, first=entered, last=entered)
    assert last() == now + 1
    sources.amend(row=row, title="Best", **made.how())
    with pytest.raises(Conflict, match="You changed it again"):
        undo(made, first=entered, last=entered)
    undo(made)
    assert state(row)["title"] == "Better"
    with pytest.raises(Conflict, match="undone already"):
        undo(made, first=now + 2, last=now + 2)


def test_nobody_undoes_what_somebody_else_did(made: Made) -> None:
    source(made)
    entered = last()
    bob = person("bob", made.dossier, "analyst")
    with pytest.raises(NotFound):
        undo(made, by=bob, first=entered, last=entered)
    for first, to in ((entered, entered + 1), (entered + 1, entered), (0, 0), (1, 10**9)):
        with pytest.raises(NotFound):
            undo(made, first=first, last=to)


def test_after_an_hour_it_is_too_late(made: Made) -> None:
    row = source(made)
    at = LedgerEntry.objects.get(chain__name="case", seq=last()).recorded_at
    span: dict[str, Any] = {"chain": "case", "first": last(), "last": last(), "by": made.by}
    with pytest.raises(Conflict, match="an hour ago"):
        undoing.undo(at=at + last_changes.WITHIN + TICK, **span)
    undoing.undo(at=at + last_changes.WITHIN, **span)
    assert state(row)["withdrawn_at"]


def test_parties_are_amended_back_and_not_taken_back(made: Made) -> None:
    row = parties.register(slug="gamma", name="Gamma", kind="state", **made.how())
    with pytest.raises(NotAllowed):
        undo(made, chain="parties")
    parties.amend(row=row, name="Delta", **made.how())
    undo(made, chain="parties")
    assert state(row)["name"] == "Gamma"
    holds("parties")


def test_memberships_are_not_undone_here(made: Made) -> None:
    carol = person("carol")
    memberships.grant(dossier=made.dossier, user=carol, role="reader", **made.how())
    with pytest.raises(NotFound):
        undo(made)


def test_nothing_is_written_when_a_rule_refuses_half_way(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge = pledged(made, "CASE-9")
    first = last() + 1
    readings.add(of=pledge, start=PUBLIC, duration="P30D", public=PUBLIC, **made.how())
    before, put, calls = last(), record.put, []

    def fails(*args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise Conflict("no")
        return put(*args, **more)

    monkeypatch.setattr(record, "put", fails)
    with pytest.raises(DomainError):
        undo(made, first=first, last=first + 1)
    assert last() == before
    assert not Reading.objects.exclude(withdrawn_at="").exists()


def test_a_change_of_every_noun_is_undone_to_what_it_was() -> None:
    made = full()
    made.by = person("ann", made.dossier, "analyst")
    for noun, model in FACTS.items():
        row = model._default_manager.filter(dossier=made.dossier).latest("pk")
        before = state(row)
        record.put(noun, str(row), {"note": "changed"}, dossier=made.dossier, **made.how())
        undo(made)
        assert state(row) == before, noun
    holds("case")


def test_who_was_alerted_of_what_is_undone_gets_one_correction() -> None:
    """A change that raised a flag and mailed, undone: the existing path of corrections."""
    made = bare()
    made.clock = END - timedelta(days=30)
    made.by = ann = person("ann", made.dossier, "analyst")
    made.rows["one"] = pledged(made, "CASE-1", analyst=ann, public="2025-03-31 UTC")
    given: dict[str, Any] = {
        "start": "2025-04-01 UTC",
        "rule": "inclusive",
        "public": "2025-03-31 UTC",
    }
    readings.add(of=made.one, duration="P90D", **given, **made.how())
    clock, sink = Clock(END - timedelta(minutes=10)), Sink()
    readings.amend(row=readings_of(made), duration="P10D", by=ann, at=clock())
    changed = last()
    clock.on(timedelta(minutes=11))
    assert due(made, clock) >= 1
    with server(sink):
        deliveries.drain(now=clock)
        assert len(sink.taken) == 1
        assert "Expired" in sink.taken[0]["Subject"]
        undoing.undo(chain="case", first=changed, last=changed, by=ann, at=clock())
        clock.on(timedelta(seconds=2))
        outbox.freeze(at=clock())
        deliveries.drain(now=clock)
        deliveries.drain(now=clock)
    assert Pledge.objects.get(ref="CASE-1").phases.filter(stage="in_force").exists()
    corrected = Alert.objects.filter(kind="corrected", subject="expired:")
    assert corrected.count() == 1
    told = [mail.get_body(("plain",)).get_content() for mail in sink.taken[1:]]  # type: ignore[union-attr]
    assert sum("Not so after all: Expired" in text for text in told) == 1
