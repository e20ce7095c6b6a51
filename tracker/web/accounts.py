"""The accounts of one pledge, field by field: who asserts, who denies, who is silent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from typing import Any
from urllib.parse import urlencode

from tracker.domain.facts import ACCOUNT_FIELDS, Stance
from tracker.domain.flags import TOLD_IN_VALUES, compared
from tracker.selectors.entries import Entry, FactView
from tracker.selectors.facts import earliest_of

AT_ONCE = 5  # accounts in one table: what is read beside each other on a wide screen


@dataclass(frozen=True, slots=True)
class Column:
    """One account as a column: who speaks, and when it was made."""

    key: str
    who: str
    made: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one account says of one field. ``letter``: the same for those who say the same, blank
    where all do.
    """

    who: str
    stance: str
    what: str
    letter: str


@dataclass(frozen=True, slots=True)
class Row:
    """A field. It is contested where one denies or two assert unlike things."""

    name: str
    is_contested: bool
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Some accounts beside each other. ``first`` to ``last``: their numbers among all."""

    columns: list[Column]
    rows: list[Row]
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.columns) - 1

    @property
    def deny(self) -> int:
        """How many of these accounts deny something."""
        cells = zip(*(row.cells for row in self.rows), strict=True)
        return sum(any(one.stance == Stance.DENIES for one in column) for column in cells)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every standing account: those first that deny something, then those that speak of what is
    contested. ``folded``: further tables; ``deny``: how many accounts in these deny something.
    """

    shown: Table | None
    folded: list[Table]
    number: int

    @property
    def more(self) -> int:
        return sum(len(one.columns) for one in self.folded)

    @property
    def deny(self) -> int:
        return sum(one.deny for one in self.folded)


def comparison(entry: Entry) -> Comparison:
    """Over the fields that at least one standing account speaks to, in their order."""
    standing = [a for a in entry.accounts if a.withdrawn is None]
    contested = {flag.subject for flag in entry.flags if flag.kind == "accounts_differ"}
    spoken = [n for n in ACCOUNT_FIELDS if any(stance_of(a, n) != Stance.SILENT for a in standing)]
    if not spoken:
        return Comparison(None, [], 0)
    letters = {name: lettered(_asserted(standing, name)) for name in spoken}

    def telling(account: FactView) -> tuple[bool, bool]:
        denies = any(stance_of(account, name) == Stance.DENIES for name in spoken)
        speaks = any(stance_of(account, name) != Stance.SILENT for name in contested)
        return not denies, not speaks

    ordered = sorted(standing, key=telling)
    tables = [
        Table(
            [Column(a.key, who(entry, a), _made(a)) for a in some],
            [
                Row(name, name in contested, [_cell(entry, a, name, letters[name]) for a in some])
                for name in spoken
            ],
            first,
        )
        for first, some in _stretches(ordered, AT_ONCE)
    ]
    return Comparison(tables[0], tables[1:], len(standing))


def _stretches(accounts: Sequence[FactView], size: int) -> Iterator[tuple[int, list[FactView]]]:
    """So many at a time, each with the number of its first; never one left alone."""
    at = 0
    while at < len(accounts):
        end = len(accounts) if len(accounts) - at <= size + 1 else at + size
        yield at + 1, list(accounts[at:end])
        at = end


def stance_of(account: FactView, name: str) -> str:
    return str(account.state.get(name) or Stance.SILENT)


def value_of(account: FactView, name: str) -> str:
    return str((account.state.get("values") or {}).get(name) or "")


def _asserted(accounts: Iterable[FactView], name: str) -> list[str]:
    if name not in TOLD_IN_VALUES:
        return []
    return [value_of(a, name) for a in accounts if stance_of(a, name) == Stance.ASSERTS]


def lettered(values: Iterable[str]) -> dict[str, str]:
    """A letter for each of several unlike values, as they are compared, in their order; none where
    all are alike. After z it goes on with aa.
    """
    unlike = list(dict.fromkeys(one for value in values if (one := compared(value))))
    return dict(zip(unlike, _letters(), strict=False)) if len(unlike) > 1 else {}


def _letters() -> Iterator[str]:
    yield from ascii_lowercase
    for first in _letters():
        yield from (first + second for second in ascii_lowercase)


def _cell(entry: Entry, account: FactView, name: str, letters: Mapping[str, str]) -> Cell:
    stance, what = stance_of(account, name), value_of(account, name)
    letter = letters.get(compared(what), "") if stance == Stance.ASSERTS else ""
    return Cell(who(entry, account), stance, what, letter)


def _made(account: FactView) -> str:
    return str(account.state.get("said") or account.state.get("public") or "")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One account with the source that it is taken from.

    ``reading``: what fills in the form of a reading made of it; blank where it asserts no date.
    """

    account: FactView
    who: str
    party: str
    source: Mapping[str, Any]
    source_withdrawn: bool
    reading: str = ""


def who(entry: Entry, account: FactView) -> str:
    """Who speaks in an account: the speaker, else the party, else the source's publisher."""
    state = account.state
    source = entry.tables.get("source", {}).get(state["source"], {})
    party = entry.parties.get(state.get("party") or "", "")
    speaker = str(state.get("speaker") or "")
    if speaker and party and party not in speaker:
        return f"{speaker} ({party})"
    return speaker or party or str(source.get("publisher") or state["source"])


def is_withdrawn(state: Mapping[str, Any], at: datetime) -> bool:
    """Whether a row was withdrawn by ``at``; an empty state is of none."""
    since = earliest_of(state.get("withdrawn_at"))
    return since is not None and since <= at


def quotations(entry: Entry) -> list[Quotation]:
    """Every account with its quotation and its source, in the order in which they were made."""
    sources = entry.tables.get("source", {})
    return [
        Quotation(
            account,
            who(entry, account),
            entry.parties.get(account.state.get("party") or "", ""),
            sources.get(account.state["source"], {}),
            is_withdrawn(sources.get(account.state["source"], {}), entry.found.at),
            urlencode(as_reading(entry, account)),
        )
        for account in entry.accounts
    ]


def as_reading(entry: Entry, account: FactView) -> dict[str, str]:
    """The columns of a reading that an account asserts, in its words, each named as from it.

    Of a duration and an end the duration: a reading has one of them.
    """
    said = account.state.get("values") or {}
    dated = [n for n in ("start", "duration", "end") if account.state.get(n) == Stance.ASSERTS]
    if account.withdrawn is not None or not dated:
        return {}
    if "duration" in dated and "end" in dated:
        dated.remove("end")
    given = {
        "about": f"pledge:{entry.ref}",
        "public": account.state.get("public") or "",
        "speaker": account.state.get("party") or "",
        **{name: str(said.get(name) or "") for name in dated},
        **{f"{name}_account": account.key for name in dated},
    }
    return {name: text for name, text in given.items() if text}
