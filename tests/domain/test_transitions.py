"""The state machines and their allowed moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import Invalid, NotAllowed
from tracker.domain.transitions import (
    BEFORE_ENTRY,
    CLOSED,
    INITIAL,
    MOVES,
    Machine,
    Stage,
    check,
    find,
    possible,
    states,
)


def test_every_state_that_a_move_names_belongs_to_its_machine() -> None:
    for move in MOVES:
        assert move.to in states(move.machine)
        assert move.sources <= set(states(move.machine))
        assert move.sources
        assert move.to not in move.sources


def test_one_verb_reaches_one_state() -> None:
    assert len({(m.machine, m.to) for m in MOVES}) == len(MOVES)
    assert len({(m.machine, m.verb) for m in MOVES}) == len(MOVES)


def test_people_never_move_a_pledge_to_what_the_clock_decides() -> None:
    clock = {
        Stage.ANNOUNCED,
        Stage.AWAITING_CONDITIONS,
        Stage.AWAITING_TRIGGER,
        Stage.SCHEDULED,
        Stage.EXPIRED,
    }
    assert not clock & {m.to for m in MOVES if m.machine is Machine.STAGE}


def test_a_pledge_that_people_ended_stays_ended() -> None:
    for stage in CLOSED:
        assert possible(Machine.STAGE, stage) == ()


@pytest.mark.parametrize("stage", sorted(BEFORE_ENTRY))
def test_only_what_has_not_entered_can_be_rejected(stage: Stage) -> None:
    assert check(Machine.STAGE, current=stage, to="rejected").verb == "reject by its addressee"
    with pytest.raises(NotAllowed, match="in force"):
        check(Machine.STAGE, current=Stage.IN_FORCE, to="rejected")


def test_a_refusal_says_what_can_be_done_instead() -> None:
    with pytest.raises(NotAllowed) as refused:
        check(Machine.DEADLINE, current="done", to="waived")
    assert "done" in refused.value.message
    assert "open" in refused.value.mend
    with pytest.raises(Invalid) as unknown:
        find(Machine.DEADLINE, "finished")
    assert "done" in unknown.value.mend


def test_release_goes_from_claim_to_invocation_and_not_back() -> None:
    assert check(Machine.RELEASE, current="claimed", to="invoked").verb == "invoke release"
    with pytest.raises(NotAllowed):
        check(Machine.RELEASE, current="invoked", to="not_triggered")


def test_what_lapsed_or_was_waived_can_only_begin_anew() -> None:
    for stuck in ("waived", "lapsed"):
        assert [m.to for m in possible(Machine.CONDITION, stuck)] == ["pending"]


@given(st.sampled_from(sorted(Machine)), st.data())
def test_check_agrees_with_possible(machine: Machine, data: st.DataObject) -> None:
    current = data.draw(st.sampled_from(sorted(states(machine))))
    to = data.draw(st.sampled_from(sorted({m.to for m in MOVES if m.machine is machine})))
    allowed = {m.to for m in possible(machine, current)}
    if to in allowed:
        assert check(machine, current=current, to=to).to == to
    else:
        with pytest.raises(NotAllowed):
            check(machine, current=current, to=to)


def test_each_machine_begins_in_its_first_state() -> None:
    for machine in Machine:
        assert states(machine)[0] == INITIAL[machine]
