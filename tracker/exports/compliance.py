"""Compliance over time as a file: a row for each day and what is said of it, with a codebook.

It is for scripts and spreadsheets, in English whatever the reader's language.
"""

from collections.abc import Iterator, Mapping

from tracker.domain import zones
from tracker.selectors.compliance import Compliance
from tracker.selectors.rows import iso

from .numbers import Cell, as_csv

# What each column of the file means; a line of the codebook each.
COLUMNS: Mapping[str, str] = {
    "first_day": "first day of what the row is about (ISO 8601), in the zone of the column zone; of"
    " a count the period as its claimant states it",
    "last_day": "last day of it; the same as first_day for the rows of a day",
    "zone": "IANA zone whose days these are",
    "part": "where the day lies: baseline (as long before the term as has passed of it), term"
    " (under every standing reading), disputed (under some, or for a part of the day), outside",
    "seen": "observed: an incident is alleged of the day, a finding or a count covers it, or a"
    " cited source was published on it; gap: none of these; ahead: after the instant of the file",
    "kind": "incidents: all alleged of the day, each once; finding: of them those found so;"
    " claimant: of them those that this party claims; verification: a finding over a period;"
    " count: a claimant's own total over a period",
    "name": "of a finding its value, of a claimant its name; blank: nobody is named",
    "sure": "incidents of which only this day is possible; of a count its number",
    "possible": "incidents that may have happened that day or on another one; they count on each"
    " such day, so that sums over days exceed the number of incidents",
    "note": "of a verification its pledge, its grade and whether it is final or corrected; of a"
    " count of what",
}


def rows(found: Compliance) -> Iterator[list[Cell]]:
    """The rows of the file, in the order of COLUMNS. Opposing claims are never added or netted."""
    for day in found.days:
        at = day.day.isoformat()
        head: list[Cell] = [at, at, found.zone, str(day.part), day.seen]
        yield [*head, "incidents", "", day.all.sure, day.all.possible, ""]
        for name, tally in sorted(day.by_finding.items()):
            yield [*head, "finding", name, tally.sure, tally.possible, ""]
        for slug, tally in sorted(day.by_claimant.items()):
            name = found.parties.get(slug, slug)
            yield [*head, "claimant", name, tally.sure, tally.possible, ""]
    for one in found.found:
        first, last = (zones.local(at, found.zone).date() for at in (one.start, one.end))
        state = [one.pledge, one.grade, *(["final"] if one.is_final else [])]
        state += [] if one.counts else ["corrected"]
        yield [
            *(first.isoformat(), last.isoformat(), found.zone, "", ""),
            *("verification", one.finding, "", "", ", ".join(state)),
        ]
    for claim in found.claimed:
        note = " ".join(filter(None, (claim.qualifier, claim.of)))
        note += ", superseded" if claim.is_superseded else ""
        period = (claim.start or claim.end, claim.end, found.zone, "", "")
        yield [*period, "count", claim.claimant, claim.number, "", note]


def as_file(found: Compliance, name: str) -> bytes:
    """``name``: of the pledge or the dossier."""
    about = (
        f"Compliance over time: {name}, {found.first} to {found.last}, public by {iso(found.at)}",
        "Claims of opposing sides stand beside each other and are not to be added or netted.",
    )
    return as_csv(rows(found), columns=COLUMNS, about=about)
