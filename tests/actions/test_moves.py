"""Moves: only from where the table allows it, with what the clock moved counted in."""

from typing import Any

import pytest

from tests import kept
from tests.actions.house import PUBLIC, Made, bare, pledged
from tracker.actions import conditions, deadlines, extensions, moves, readings
from tracker.domain import stated, status
from tracker.domain.errors import Invalid, NotAllowed
from tracker.domain.transitions import Machine
from tracker.models import Move, Pledge
from tracker.selectors import rows
from tracker.selectors.facts import pledge_facts

pytestmark = pytest.mark.django_db
RUNNING = "2025-04-01T12:00Z"
OVER = "2025-05-01T12:00Z"


@pytest.fixture
@kept.once
def made() -> Made:
    made = bare()
    made.rows["one"] = pledged(made)
    readings.add(
        of=made.one,
        start=PUBLIC,
        duration="P30D",
        rule="inclusive",
        public=PUBLIC,
        **made.how(),
    )
    return made


def moved(made: Made, on: Any, to: str, when: str = RUNNING, **columns: Any) -> Move:
    given = {"effective": when, "public": when, "reason": "Said so", **columns}
    return moves.make(on=on, to=to, **given, **made.how())


def stage(made: Made, when: str) -> str:
    facts = pledge_facts(rows.tables(made.dossier), made.one.ref)
    return str(status.evaluate(facts, at=stated.parse_instant(when)).stage)


def test_a_person_ends_what_the_clock_put_in_force(made: Made) -> None:
    assert stage(made, RUNNING) == "in_force"
    moved(made, made.one, "terminated")
    assert stage(made, RUNNING) == "terminated"
    assert stage(made, "2025-04-01T11:59:59Z") == "in_force"


@pytest.mark.parametrize("to", ["terminated", "withdrawn", "released", "condition_failed"])
def test_what_has_expired_is_not_ended_again(made: Made, to: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        moved(made, made.one, to, OVER)
    assert refused.value.field == "to"
    assert "“Expired”" in str(refused.value)
    assert stage(made, OVER) == "expired"


@pytest.mark.parametrize("to", ["superseded", "hostilities_resumed", "completed"])
def test_some_ends_are_judged_after_the_expiry_too(made: Made, to: str) -> None:
    moved(made, made.one, to, OVER)
    assert stage(made, OVER) == to


@pytest.mark.parametrize("to", ["never_entered", "rejected", "in_force"])
def test_what_is_in_force_did_enter(made: Made, to: str) -> None:
    with pytest.raises(NotAllowed):
        moved(made, made.one, to)
    assert not Move.objects.exists()


@pytest.mark.parametrize("to", ["expired", "scheduled", "announced"])
def test_what_the_clock_moves_no_person_moves(made: Made, to: str) -> None:
    with pytest.raises(Invalid) as refused:
        moved(made, made.one, to)
    assert refused.value.field == "to"


def test_one_does_not_end_a_pledge_before_it_was_made(made: Made) -> None:
    with pytest.raises((Invalid, NotAllowed)):
        moved(made, made.one, "terminated", "2025-03-01T00:00Z")


@pytest.mark.parametrize(
    ("kind", "to", "machine"),
    [
        ("continuing", "met", Machine.CONDITION),
        ("continuing", "binding", Machine.BINDING),
        ("continuing", "accepted", Machine.ACKNOWLEDGEMENT),
        ("release_on_breach", "invoked", Machine.RELEASE),
        ("release_on_breach", "disputed", Machine.ACKNOWLEDGEMENT),
    ],
)
def test_the_machine_follows_from_the_state(
    made: Made, kind: str, to: str, machine: Machine
) -> None:
    on = conditions.add(on=made.one, kind=kind, text="t", public=PUBLIC, **made.how())
    assert moved(made, on, to).machine == machine


@pytest.mark.parametrize(("kind", "to"), [("continuing", "invoked"), ("release_on_breach", "met")])
def test_a_release_on_breach_has_states_of_its_own(made: Made, kind: str, to: str) -> None:
    on = conditions.add(on=made.one, kind=kind, text="t", public=PUBLIC, **made.how())
    with pytest.raises(Invalid) as refused:
        moved(made, on, to)
    assert refused.value.field == "to"


def test_a_step_is_done_once_and_can_be_opened_again(made: Made) -> None:
    step = deadlines.add(pledge=made.one, title="T", public=PUBLIC, **made.how())
    moved(made, step, "done")
    with pytest.raises(NotAllowed):
        moved(made, step, "waived", OVER)
    moved(made, step, "open", OVER)
    moved(made, step, "waived", "2025-05-02T00:00Z")


def test_a_withdrawn_move_holds_nobody_back(made: Made) -> None:
    step = deadlines.add(pledge=made.one, title="T", public=PUBLIC, **made.how())
    wrong = moved(made, step, "done")
    moves.withdraw(row=wrong, when=OVER, reason="It was another step", **made.how())
    moved(made, step, "waived", "2025-05-02T00:00Z")


def test_a_link_is_settled_once(made: Made) -> None:
    link = extensions.propose(
        pledge=made.one, kind="extended", duration="P30D", public=PUBLIC, **made.how()
    )
    done = extensions.accept(
        row=link, effective=RUNNING, public=RUNNING, reason="Agreed", **made.how()
    )
    assert (done.machine, done.to) == ("extension", "accepted")
    with pytest.raises(NotAllowed):
        extensions.reject(row=link, effective=OVER, public=OVER, reason="No", **made.how())
    assert stage(made, OVER) == "in_force"


def test_a_move_needs_a_reason_and_a_time_with_a_zone(made: Made) -> None:
    with pytest.raises(Invalid) as refused:
        moved(made, made.one, "completed", reason="")
    assert refused.value.field == "reason"
    with pytest.raises(Invalid) as refused:
        moved(made, made.one, "completed", effective="2025-04-01", public=RUNNING)
    assert refused.value.field == "effective"
    assert Pledge.objects.get().move_set.count() == 0
