"""A source's text with the quotations that were taken from it, and the list beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from tracker.domain import quotations
from tracker.domain.quotations import Place, Searched
from tracker.selectors.entries import FactView
from tracker.words import isolated, label

ABOUT = ("pledge", "position", "condition", "extension", "trigger", "deadline")
KINDS = ("pledge", "condition", "position")  # have a line of their own; all else shares one
_SOUGHT = ""  # beside the keys of accounts, none of which is blank
AT_ONCE = 500_000  # code points; in a longer text an unplaced quotation is looked for literally


@dataclass(frozen=True, slots=True)
class Taken:
    """One account with what it speaks of: a noun and the key of its row.

    ``number`` and ``place``: where it is marked in the text, counted in the order of the text.
    """

    account: FactView
    who: str
    noun: str
    about: str
    place: Place | None = None
    number: int = 0

    @property
    def kind(self) -> str:
        return self.noun if self.noun in KINDS else "other"

    @property
    def label(self) -> str:
        """What its mark is, for who does not see it."""
        return gettext("Quotation %(number)s: %(noun)s %(about)s") % {
            "number": self.number,
            "noun": label("noun", self.noun),
            "about": isolated(self.about),
        }

    @property
    def is_sought(self) -> bool:
        """Whether it should be in the text."""
        state = self.account.state
        return bool(state.get("quotation")) and not state.get("is_paraphrase")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text. ``kind`` is that of the shortest quotation that covers it;
    ``is_found``: it belongs to the passage that was looked for, which ``begins_found`` with it.
    """

    text: str
    kind: str
    covers: tuple[Taken, ...]
    begins: tuple[Taken, ...]
    ends: tuple[Taken, ...]
    is_found: bool = False
    begins_found: bool = False


def taken(account: FactView, names: dict[str, str]) -> Taken:
    state = account.state
    party = state.get("party") or ""
    noun = next((noun for noun in ABOUT if state.get(noun)), "")
    return Taken(
        account=account,
        who=str(state.get("speaker") or names.get(party, party)),
        noun=noun,
        about=str(state.get(noun) or ""),
    )


def placed(text: str, found: Iterable[Taken]) -> list[Taken]:
    """In the order of the text and numbered; those that are not in it, or withdrawn, last."""
    searched = Searched(text)
    with_place = [replace(one, place=_place(searched, one)) for one in found]
    marked = [one for one in with_place if one.place is not None]
    marked.sort(key=lambda one: (one.place.start, -one.place.end) if one.place else (0, 0))
    rest = [one for one in with_place if one.place is None]
    return [replace(one, number=n) for n, one in enumerate(marked, 1)] + rest


def _place(searched: Searched, one: Taken) -> Place | None:
    """Where it was placed; else, for what was entered by other ways, the only place it can be."""
    state: dict[str, Any] = dict(one.account.state)
    if one.account.withdrawn is not None:
        return None
    if state.get("place"):
        place = quotations.of_state(state["place"])
        if quotations.fits(searched.text, place):
            return place
    if not one.is_sought:
        return None
    look = searched.find if len(searched.text) <= AT_ONCE else searched.exactly
    spots = look(str(state["quotation"]))
    return spots[0] if len(spots) == 1 else None


def lost(newer: str, found: Iterable[Taken]) -> list[Taken]:
    """The quotations that a newer version of the text does not have, where it has a text at all."""
    searched = Searched(newer)
    look = searched.find if len(newer) <= AT_ONCE else searched.exactly
    return [
        one
        for one in found
        if newer
        and one.is_sought
        and one.account.withdrawn is None
        and not look(str(one.account.state["quotation"]))
    ]


def stretches(text: str, found: Iterable[Taken], sought: Place | None = None) -> list[Stretch]:
    """The whole text, cut where a quotation begins or ends, or a passage that was looked for."""
    by_key = {one.account.key: one for one in found if one.place is not None}
    places = [(key, one.place) for key, one in by_key.items() if one.place]
    segments = quotations.marks(text, [*places, (_SOUGHT, sought)] if sought else places)
    return [
        Stretch(
            segment.text,
            _kind(_taken(by_key, segment.covers)),
            _taken(by_key, segment.covers),
            _taken(by_key, segment.begins),
            _taken(by_key, segment.ends),
            is_found=_SOUGHT in segment.covers,
            begins_found=_SOUGHT in segment.begins,
        )
        for segment in segments
    ]


def _taken(by_key: Mapping[str, Taken], keys: Iterable[str]) -> tuple[Taken, ...]:
    return tuple(by_key[key] for key in keys if key != _SOUGHT)


def _kind(covering: Iterable[Taken]) -> str:
    lengths = [(one.place.end - one.place.start, one.kind) for one in covering if one.place]
    return min(lengths)[1] if lengths else ""
