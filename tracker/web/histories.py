"""What people entered, in words: each change column by column, before and after.

Must not live here: which changes there are (selectors/histories.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.selectors.entries import Entry
from tracker.selectors.histories import Change
from tracker.web.choices import Choices
from tracker.web.nouns import TABLE
from tracker.web.states import Changed, changed

PEOPLE = frozenset({"analyst"})  # columns that name somebody


@dataclass(frozen=True, slots=True)
class Told:
    """``columns`` of a new row: what was entered, with nothing before."""

    change: Change
    columns: list[Changed]


def told(changes: Iterable[Change], entry: Entry, *, names_people: bool) -> list[Told]:
    """Of changes about one pledge. Who somebody is, is for those who may know. No query."""
    return [Told(one, _columns(one, entry, names_people=names_people)) for one in changes]


def _columns(change: Change, entry: Entry, *, names_people: bool) -> list[Changed]:
    hidden = frozenset() if names_people else PEOPLE
    found = changed(
        change.noun,
        before={n: value for n, value in change.was.items() if n not in hidden},
        after={n: value for n, value in change.state.items() if n not in hidden},
        form=TABLE[change.noun].form,
        choices=Choices(None, entry.tables, entry.parties, members=change.people),
    )
    return [
        replace(
            one,
            before=[replace(item, url="") for item in one.before],
            after=[replace(item, url="") for item in one.after],
        )
        for one in found
    ]
