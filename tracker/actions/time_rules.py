"""What cannot be in time: observed ahead, ended before its start, stopped twice at once.

Asked only of what an edit changes, so that an older row that breaks a rule can still be withdrawn
or amended elsewhere. Must not live here: rules that look at no times (rules.py).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from tracker.domain import stated
from tracker.domain.errors import Invalid
from tracker.domain.facts import Rule
from tracker.domain.sentences import _
from tracker.domain.stated import Window
from tracker.domain.transitions import Machine
from tracker.models import ClockStop, Entered, Move

State = Mapping[str, Any]

# Columns that say what somebody observed, and the judgements that do: none of it lies ahead.
OBSERVED = {
    "verification": ("period_start", "period_end"),
    "incident": ("occurred", "occurred_until"),
    "count": ("period_start", "period_end"),
}
JUDGED = (Machine.CONDITION, Machine.DEADLINE, Machine.INCIDENT, Machine.ATTRIBUTION)
# Where no zone is stated, a day has begun once it has begun anywhere.
FARTHEST_EAST = timedelta(hours=14)


def check(noun: str, row: Entered, state: State, *, changed: Collection[str], at: datetime) -> None:
    """Every rule of time on a row about to be saved at ``at``. Raises Invalid with the column."""
    _not_ahead(noun, state, changed, at)
    for names, rule in RULES.get(noun, ()):
        if not names.isdisjoint(changed):
            rule(row, state)


def _not_ahead(noun: str, state: State, changed: Collection[str], at: datetime) -> None:
    """What was observed has happened. A day or an hour that has begun counts as such."""
    names: tuple[str, ...] = OBSERVED.get(noun, ())
    if noun == Move.NOUN and Machine(state["machine"]) in JUDGED:
        names = ("effective",)
    for name in names:
        if name not in changed or not state[name]:
            continue
        found = stated.parse(state[name])
        lies = stated.window(found, default_zone="UTC")
        slack = timedelta() if found.zone else FARTHEST_EAST
        if lies is not None and lies.earliest - slack > at:
            raise Invalid(
                _("{state} lies ahead: nobody can have observed it yet.", state=state[name]),
                field=name,
                mend=_("Give a time that has come."),
            )


def _ends_after_it_starts(row: Entered, state: State) -> None:
    check_order(state)


def check_order(state: State) -> None:
    """Only what cannot be: the end's latest instant is no later than the start's earliest."""
    if not state["start"] or not state["end"]:
        return
    begins = stated.parse(state["start"])
    zone = state.get("zone") or begins.zone or "UTC"
    start = stated.window(begins, default_zone=zone)
    end = _end(state, zone)
    if start is not None and end is not None and end.latest <= start.earliest:
        raise Invalid(
            _(
                "It ends ({state}) before it starts ({start}).",
                state=state["end"],
                start=state["start"],
            ),
            field="end",
            mend=_("Mend one of them."),
        )


def _end(state: State, zone: str) -> Window | None:
    """When a stated end may lie: “until” a bare date is its first instant."""
    found = stated.parse(state["end"])
    lies = stated.window(found, default_zone=zone)
    if lies is not None and state["rule"] == Rule.UNTIL and found.is_bare_date:
        return Window(lies.earliest, lies.earliest)
    return lies


def _one_stop_at_a_time(row: Entered, state: State) -> None:
    """A clock that stands still is not stopped again: one stop has one end."""
    assert isinstance(row, ClockStop)
    begins, ends = row.start_instant, row.end_instant
    others = ClockStop.objects.filter(pledge=row.pledge, withdrawn_at="").exclude(pk=row.pk)
    if state["withdrawn_at"] or begins is None:
        return
    for other in others:
        began, ended = other.start_instant, other.end_instant
        overlaps = began is not None and (ends is None or began < ends)
        if overlaps and (ended is None or begins < ended):
            raise Invalid(
                _(
                    "The clock is stopped already from {start} to {value}.",
                    start=other.start,
                    value=other.end or "now",
                ),
                field="start",
                mend=_("Amend that stop, or take it back."),
            )


def period(start: str, end: str) -> tuple[frozenset[str], Callable[[Entered, State], None]]:
    """A period does not end before it begins; on a bare date it lasts to 24:00 of it."""

    def rule(row: Entered, state: State) -> None:
        if not state[start] or not state[end]:
            return
        begin, finish = (
            stated.window(stated.parse(state[name]), default_zone="UTC") for name in (start, end)
        )
        if begin is not None and finish is not None and finish.latest < begin.earliest:
            raise Invalid(
                _("{end} lies before {start}.", end=state[end], start=state[start]),
                field=end,
                mend=_("Swap or mend them."),
            )

    return frozenset({start, end}), rule


TERM = (frozenset({"start", "end", "zone", "rule"}), _ends_after_it_starts)
RULES: Mapping[str, tuple[tuple[frozenset[str], Callable[[Entered, State], None]], ...]] = {
    "reading": (TERM,),
    "extension": (TERM,),
    "clock_stop": (
        period("start", "end"),
        (frozenset({"pledge", "start", "end", "withdrawn_at"}), _one_stop_at_a_time),
    ),
    "suspension": (period("start", "end"),),
    "coalition_member": (period("since", "until"),),
    "verification": (period("period_start", "period_end"),),
    "incident": (period("occurred", "occurred_until"),),
    "count": (period("period_start", "period_end"),),
}
