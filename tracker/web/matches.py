"""Suggested matches in words: by whose reading an event lies in the term, and what else fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from tracker.domain.matching import Lies, Match, Place
from tracker.models import Dossier, Incident, Pledge
from tracker.selectors import matches
from tracker.selectors.matches import Suggested
from tracker.words import isolated, label

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Card:
    """A pledge that an incident may bear on, with every reason. ``pair``: what a tick sends."""

    incident: Incident
    pledge: Pledge
    when: list[str]
    why: list[str]
    is_dismissed: bool

    @property
    def pair(self) -> str:
        return f"{self.incident.key} {self.pledge.ref}"


def cards(
    dossier: Dossier, found: Sequence[Incident], *, pledge: Pledge | None = None
) -> list[Card]:
    """What is suggested of these incidents, in their order."""
    return told(found, matches.suggested(dossier, found, pledge=pledge))


def told(found: Iterable[Incident], suggested: Sequence[Suggested]) -> list[Card]:
    pledges, speakers = matches.said({one.match.ref for one in suggested})
    rows = {row.key: row for row in found}
    return [
        Card(
            incident=rows[one.match.event],
            pledge=pledges[one.match.ref],
            when=[_when(place, one.match.ref, speakers) for place in one.match.places],
            why=_why(one.match),
            is_dismissed=one.is_dismissed,
        )
        for one in suggested
    ]


def _when(place: Place, ref: str, speakers: Names) -> str:
    """Where it lies by one reading, in a sentence."""
    who = speakers.get((ref, place.reading), "")
    own = gettext("the analyst’s reading (%(key)s)")
    reading = gettext("%(who)s’s reading (%(key)s)") if who else own
    reading %= {"who": isolated(who), "key": isolated(_short(place.reading, ref))}
    if place.is_adopted:
        reading = gettext("%(reading)s, the adopted one") % {"reading": reading}
    said = {
        Lies.WITHIN: gettext("Within the term under %(reading)s"),
        Lies.PARTLY: gettext("Its time lies partly in the term under %(reading)s"),
        Lies.BEFORE: gettext("Before the term under %(reading)s"),
        Lies.AFTER: gettext("After the term under %(reading)s"),
    }[place.lies] % {"reading": reading}
    more = []
    if place.in_start:
        more.append(gettext("the term begins at some instant within its time, or near it"))
    if place.in_end:
        more.append(gettext("the term ends at some instant within its time, or near it"))
    if place.has_fallen:
        more.append(gettext("that reading was withdrawn or set aside by then"))
    return "; ".join([said, *more]) + "."


def _short(key: str, ref: str) -> str:
    """A reading's key without the pledge's own before it."""
    return key.removeprefix(f"{ref}.")


def _why(match: Match) -> list[str]:
    found = [label("match", reason) for reason in (match.whose, match.about, match.where)]
    if match.is_without_zone:
        found.append(label("match", "without_zone"))
    return found
