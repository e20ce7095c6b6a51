"""Suggested matches in words: by whose reading an event lies in the term, and what else fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from tracker.domain.matching import Lies, Match, Place, Suspension, Where
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
            when=_when(one.match, speakers),
            why=_why(one.match),
            is_dismissed=one.is_dismissed,
        )
        for one in suggested
    ]


def _when(match: Match, speakers: Names) -> list[str]:
    """Where it lies by each reading, in a sentence for those by which it lies alike."""
    alike: dict[tuple[Lies, bool, bool, bool], list[str]] = {}
    for place in match.places:
        how = (place.lies, place.in_start, place.in_end, place.has_fallen)
        alike.setdefault(how, []).append(_reading(place, match.ref, speakers))
    order = {one: number for number, one in enumerate(Lies)}
    return [_sentence(how, alike[how]) for how in sorted(alike, key=lambda how: order[how[0]])]


def _reading(place: Place, ref: str, speakers: Names) -> str:
    """Whose reading it is, and which."""
    who = speakers.get((ref, place.reading), "")
    own = gettext("the analyst’s reading (%(key)s)")
    said = gettext("%(who)s’s reading (%(key)s)") if who else own
    said %= {"who": isolated(who), "key": isolated(_short(place.reading, ref))}
    return gettext("%(reading)s, the adopted one") % {"reading": said} if place.is_adopted else said


def _sentence(how: tuple[Lies, bool, bool, bool], readings: list[str]) -> str:
    lies, in_start, in_end, has_fallen = how
    said = {
        Lies.WITHIN: gettext("Within the term under %(readings)s"),
        Lies.PARTLY: gettext("Its time lies partly in the term under %(readings)s"),
        Lies.BEFORE: gettext("Before the term under %(readings)s"),
        Lies.AFTER: gettext("After the term under %(readings)s"),
    }[lies] % {"readings": "; ".join(readings)}
    more = []
    if in_start:
        more.append(gettext("when the term begins is known to a window only, in which it lies"))
    if in_end:
        more.append(gettext("when the term ends is known to a window only, in which it lies"))
    if has_fallen:
        more.append(gettext("withdrawn or set aside by then"))
    return ": ".join([said, ", ".join(more)]) + "." if more else f"{said}."


def _short(key: str, ref: str) -> str:
    """A reading's key without the pledge's own before it."""
    return key.removeprefix(f"{ref}.")


def _why(match: Match) -> list[str]:
    found = [label("match", reason) for reason in (match.whose, match.about, match.where)]
    if match.is_without_zone:
        found.append(label("match", "without_zone"))
    return [*map(_suspended, match.suspensions), *found]


def _suspended(one: Suspension) -> str:
    """That the pledge did not bind then, or perhaps: the first thing to know of a match."""
    if not one.areas:
        if one.is_sure:
            return gettext("The pledge was suspended then.")
        return gettext("Perhaps the pledge was suspended then.")
    areas = {"areas": ", ".join(isolated(area) for area in one.areas)}
    sure = gettext("The pledge was suspended then in %(areas)s")
    perhaps = gettext("Perhaps the pledge was suspended then in %(areas)s")
    said = (sure if one.is_sure else perhaps) % areas
    how = {
        Where.NAMED: gettext("which names its place"),
        Where.NOT_NAMED: gettext("which does not name its place; it may lie in it"),
        Where.UNKNOWN: gettext("and where it was is not stated"),
    }[one.where]
    return f"{said}, {how}."
