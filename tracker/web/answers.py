"""What a pledge's page answers first: who says otherwise, what it hangs on, what was made of it.

Must not live here: what is listed further down the page (particulars.py, accounts.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.domain.facts import ACCOUNT_FIELDS, Stance
from tracker.domain.flags import open_conditions
from tracker.domain.transitions import BEFORE_ENTRY, CLOSED, NEVER, Stage
from tracker.selectors.entries import Entry, FactView
from tracker.web.accounts import stance_of, value_of, who
from tracker.web.particulars import Condition, title_of
from tracker.words import label

FIRST = 3  # of each kind, before the page says how many more there are


@dataclass(frozen=True, slots=True)
class Promise:
    """In what it was made, and when that was (as stated); blank where it is not entered."""

    instrument: str = ""
    made: str = ""


def promise(entry: Entry) -> Promise:
    key = entry.state.get("instrument") or ""
    made_in = entry.tables.get("instrument", {}).get(key, {})
    times = ("concluded", "signed", "published")
    return Promise(
        str(made_in.get("title") or ""),
        next((str(made_in[name]) for name in times if made_in.get(name)), ""),
    )


def force(stage: str) -> str:
    """Whether a pledge of that stage is in force: yes, not_yet, no_longer, or never."""
    if stage in BEFORE_ENTRY:
        return "not_yet"
    if stage in NEVER:
        return "never"
    return "no_longer" if stage == Stage.EXPIRED or stage in CLOSED else "yes"


@dataclass(frozen=True, slots=True)
class Denial:
    """Who denies what of it: each field's name, and how the denial is worded (blank: not said)."""

    who: str
    fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is told in unlike ways: each with those who tell it so."""

    field: str
    told: list[tuple[str, str]]
    more: int


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Who says otherwise. ``more``: how many are left out of both; ``number`` of accounts."""

    denials: list[Denial] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    more: int = 0
    number: int = 0


def otherwise(entry: Entry) -> Otherwise:
    """What standing accounts deny, by party, and what they tell in unlike ways."""
    standing = [a for a in entry.accounts if a.withdrawn is None]
    denied: dict[str, dict[str, str]] = {}
    for account in standing:
        for name in ACCOUNT_FIELDS:
            if stance_of(account, name) == Stance.DENIES:
                its = denied.setdefault(_party(entry, account), {})
                words = label("field_inline", name)
                its[words] = its.get(words) or value_of(account, name)
    unlike = [one for name in entry.contested_fields() if (one := _unlike(entry, standing, name))]
    return Otherwise(
        [Denial(name, list(fields.items())) for name, fields in list(denied.items())[:FIRST]],
        unlike[:FIRST],
        max(len(denied) - FIRST, 0) + max(len(unlike) - FIRST, 0),
        len(standing),
    )


def _party(entry: Entry, account: FactView) -> str:
    return entry.parties.get(account.state.get("party") or "", "") or who(entry, account)


def _unlike(entry: Entry, standing: Sequence[FactView], name: str) -> Difference | None:
    told: dict[str, dict[str, None]] = {}
    for account in standing:
        value = value_of(account, name)
        if value and stance_of(account, name) == Stance.ASSERTS:
            told.setdefault(value, {})[_party(entry, account)] = None
    if len(told) < 2:
        return None
    shown = [(value, ", ".join(names)) for value, names in list(told.items())[:FIRST]]
    return Difference(label("field", name), shown, len(told) - len(shown))


@dataclass(frozen=True, slots=True)
class Hangs:
    """What is open of what it hangs on. ``more``: conditions that are left out; ``settled``: how
    many are met, waived or fell; ``awaits``: what has not happened yet.
    """

    conditions: list[Condition]
    more: int
    settled: int
    awaits: list[str]


def hangs(entry: Entry, conditions: Sequence[Condition]) -> Hangs:
    """``conditions``: those that the page lists, in their order."""
    unsettled = {condition.key for condition in open_conditions(entry.facts, entry.now)}
    waiting = [c for c in conditions if c.key in unsettled]
    awaited = dict.fromkeys(t.awaiting for t in entry.terms if t.is_standing and t.awaiting)
    return Hangs(
        waiting[:FIRST],
        max(len(waiting) - FIRST, 0),
        sum(not c.is_withdrawn for c in conditions) - len(waiting),
        [title_of(entry, _noun(entry.tables, key), key) for key in awaited],
    )


def _noun(tables: Mapping[str, Mapping[str, Any]], key: str) -> str:
    return "trigger" if key in tables.get("trigger", {}) else "deadline"
