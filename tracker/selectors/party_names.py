"""What parties are called as it is recorded now, for whoever looks for them by a word.

Must not live here: what a form offers (filters.py, choices), how names are compared (domain).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tracker.domain import filters
from tracker.domain.filters import Filter
from tracker.domain.merging import Merged
from tracker.domain.naming import Names
from tracker.models import Party

from . import merges


def every(*, at: datetime | None = None, merged: Merged | None = None) -> Names:
    """All parties by all names. One query; where ``merged`` is not known, with ``at`` one more
    where any were.
    """
    rows = list(Party.objects.values_list("slug", "name", "aliases", "merged_into__slug"))
    if merged is None:
        merged = merges.party_merges({slug: root for slug, *_, root in rows if root}, at=at)
    return Names({slug: (name, *aliases) for slug, name, aliases, _ in rows}, merged)


def known_to(wanted: Filter, *, at: datetime | None = None, merged: Merged | None = None) -> Filter:
    """The same filter, which knows the parties that are called by its words: see ``every``."""
    if not wanted.words or wanted.called is not None:
        return wanted
    return called(wanted, every(at=at, merged=merged))


def widened(wanted: Filter, names: Names) -> Filter:
    """The same filter, which asks for all that are one with its parties, and knows whom its words
    call.
    """
    return called(filters.widened(wanted, names.merged), names)


def called(wanted: Filter, names: Names) -> Filter:
    return replace(wanted, called=names.called(wanted.words)) if wanted.words else wanted


def are_asked(wanted: Iterable[Filter]) -> bool:
    """Whether any of these has to know what parties are called."""
    return any(one.words and one.called is None for one in wanted)
