"""The readings of a pledge's term, compared field by field: whose word each field is, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.domain.flags import compared
from tracker.domain.readings import Term
from tracker.domain.stated import Window
from tracker.domain.terms import Step, zone_of
from tracker.selectors.entries import Entry, Named
from tracker.selectors.listed import zone_of as zone_of_entry

from .accounts import lettered, who
from .particulars import short

AT_ONCE = 4  # readings in one table
FROM_ACCOUNTS = ("start", "duration", "end", "rule", "zone")


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One reading as the page shows it; texts are as stated, windows are UTC instants.

    ``accounts``: of each field that is taken from one, who speaks there and its key.
    """

    key: str
    name: str
    speaker: str
    is_adopted: bool
    is_standing: bool
    start: Window | None
    end: Window | None
    start_text: str
    end_text: str
    duration: str
    rule: str
    zone: str
    zone_assumed: bool
    open_end: str
    missing: str
    awaiting: str
    is_held: bool
    is_stopped: bool
    set_aside_reason: str
    withdrawn: datetime | None
    assumption: str
    steps: tuple[Step, ...]
    accounts: Mapping[str, Named]


def readings_of(entry: Entry) -> list[ReadingView]:
    """The adopted reading first, then those that stand by their end, then what no longer stands."""
    found = [_view(entry, term) for term in entry.terms]
    return sorted(found, key=_order)


def _order(reading: ReadingView) -> tuple[bool, bool, bool, str, str]:
    end = reading.end.latest.isoformat() if reading.end else ""
    return (not reading.is_adopted, not reading.is_standing, not end, end, reading.key)


def _view(entry: Entry, term: Term) -> ReadingView:
    reading, current = term.reading, term.current
    shown_in = zone_of_entry(entry)
    state = entry.tables.get("reading", {}).get(reading.key, {})
    set_aside = reading.set_aside is not None and reading.set_aside <= entry.found.at
    withdrawn = reading.withdrawn
    trigger = entry.tables.get("trigger", {}).get(term.awaiting, {})
    return ReadingView(
        key=reading.key,
        name=short(reading.key),
        speaker=entry.parties.get(reading.speaker, reading.speaker),
        is_adopted=reading.key == entry.adopted,
        is_standing=term.is_standing,
        start=term.start,
        end=term.end,
        start_text=str(state.get("start") or ""),
        end_text=str(state.get("end") or ""),
        duration=str(reading.duration or ""),
        rule=str(reading.rule or ""),
        zone=zone_of(reading, reading.start) or shown_in,
        zone_assumed=reading.zone_assumed,
        open_end=str(current.open_end or "") if term.is_open else "",
        missing=current.missing,
        awaiting=str(trigger.get("title") or term.awaiting),
        is_held=term.held,
        is_stopped=current.stopped,
        set_aside_reason=str(state.get("set_aside_reason") or "") if set_aside else "",
        withdrawn=withdrawn if withdrawn and withdrawn <= entry.found.at else None,
        assumption=str(state.get("assumption") or ""),
        steps=term.steps,
        accounts=_accounts(entry, state),
    )


def _accounts(entry: Entry, state: Mapping[str, Any]) -> dict[str, Named]:
    public = {one.key: one for one in entry.accounts}
    return {
        name: Named(who(entry, public[key]), key)
        for name in FROM_ACCOUNTS
        if (key := str(state.get(f"{name}_account") or "")) in public
    }


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of one reading. ``letter``: the same for readings that have the same; blank where all
    have. ``account``: from whose words it is taken.
    """

    reading: ReadingView
    letter: str
    account: Named | None


@dataclass(frozen=True, slots=True)
class Row:
    """``name``: start, duration, rule, zone or end."""

    name: str
    differs: bool
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    readings: list[ReadingView]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first readings beside each other; ``folded``: tables of the others, ``more`` of them."""

    shown: Table | None
    folded: list[Table]

    @property
    def more(self) -> int:
        return sum(len(one.readings) for one in self.folded)


def comparison(readings: Sequence[ReadingView]) -> Comparison:
    """Field by field, in the order given; what readings that stand have unlike is lettered."""
    standing = [one for one in readings if one.is_standing]
    names = [
        n for n in ("start", "duration", "rule", "zone") if any(_value(r, n) for r in readings)
    ]
    letters = {n: lettered(_value(r, n) for r in standing) for n in (*names, "end")}
    tables = [
        Table(some, [_row(name, some, letters[name]) for name in (*names, "end")])
        for some in _stretches(readings)
    ]
    return Comparison(tables[0], tables[1:]) if tables else Comparison(None, [])


def _stretches(readings: Sequence[ReadingView]) -> Iterator[list[ReadingView]]:
    for at in range(0, len(readings), AT_ONCE):
        yield list(readings[at : at + AT_ONCE])


def _row(name: str, some: Sequence[ReadingView], letters: Mapping[str, str]) -> Row:
    cells = [
        Cell(one, letters.get(compared(_value(one, name)), ""), one.accounts.get(name))
        for one in some
    ]
    return Row(name, bool(letters), cells)


def _value(reading: ReadingView, name: str) -> str:
    """By what two readings are told apart in a field; blank for what one has not."""
    match name:
        case "start":
            return _window(reading.start) or reading.awaiting
        case "end":
            return _window(reading.end) or reading.missing or reading.open_end
        case _:
            return str(getattr(reading, name))


def _window(lies: Window | None) -> str:
    return f"{lies.earliest.isoformat()} {lies.latest.isoformat()}" if lies else ""
