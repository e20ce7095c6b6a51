"""Which columns of a row are searched, as what, and who may find them.

``actions/passages.py`` folds them into the derived table; ``searches.py`` shows them as they were
written. Must not live here: queries.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.domain import access, searching
from tracker.domain.access import Door, Viewer
from tracker.models import FACTS, Dossier, Entered, Party, Pledge

# What the pages show of a row, by what it is found as; its name or title first.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "pledge": (
        "title",
        "ref",
        "scope",
        "area",
        "prohibited",
        "permitted",
        "protected_objects",
        "mechanism_agreed",
        "mechanism_operating",
        "tags",
    ),
    "position": ("title", "ref", "text", "speaker"),
    "account": ("quotation", "speaker"),
    "condition": ("text",),
    "deadline": ("title",),
    "verification": ("reasoning", "standard"),
    "incident": ("description", "place", "target"),
    "count": ("of",),
    "source": ("title", "publisher", "url", "note"),
    "text": ("snapshot",),
    "instrument": ("title",),
    "party": ("name", "aliases", "note"),
    "dossier": ("title", "summary"),
    "comment": ("text",),
}
# What members alone see of it, on the page of the single entry.
INNER: Mapping[str, tuple[str, ...]] = {
    "trigger": ("title", "note"),
    "move": ("reason", "note"),
    "adoption": ("reason", "note"),
    "dependency": ("reason", "note"),
    "reading": ("speaker", "assumption", "set_aside_reason", "note"),
    "suspension": ("areas", "note"),
    "source": (),  # its note is on its page
    "comment": (),
}
ENTRY, TEXT = "entry", "text"
WHOLE = "kind:text"  # the key of whole texts: no slug has a colon
# Whose words stand on the page of a pledge, and nowhere else.
HANGING = ("condition", "deadline", "verification", "incident", "count")


def kinds(noun: str) -> tuple[str, ...]:
    """As what a row of that noun may be found."""
    found = [noun] if noun in SHOWN else []
    if noun == "source":
        found.append(TEXT)
    if noun in FACTS:
        found.append(ENTRY)
    return tuple(found)


def columns(kind: str, noun: str) -> tuple[str, ...]:
    return INNER.get(noun, ("note",)) if kind == ENTRY else SHOWN[kind]


def texts(row: Entered, kind: str) -> Iterator[tuple[str, str]]:
    """What is searched of a row as that kind: each column that says something, as written."""
    for name in columns(kind, row.NOUN):
        value: Any = getattr(row, name)
        text = "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
        if text.strip():
            yield name, text


def folded(row: Entered, kind: str) -> str:
    """All of it as the database keeps it. Of a pledge also whom it concerns, so that it is found by
    what these are called; of a whole text that it is one, since those are long to read.
    """
    each = (searching.passage(text) for _, text in texts(row, kind))
    text = searching.BETWEEN.join(one for one in each if one)
    if text and isinstance(row, Pledge) and kind == row.NOUN:
        return searching.kept(text, (one.slug for one in parties(row)))
    return searching.kept(text, (WHOLE,) if text and kind == TEXT else ())


def parties(pledge: Pledge) -> list[Party]:
    """Who pledges, and who is pledged to."""
    return [pledge.pledgor, *pledge.beneficiaries.all()]


def may_find(viewer: Viewer, door: Door, kind: str) -> bool:
    """Whether who may see a dossier finds this in it: what its pages show that person."""
    if kind == TEXT:
        return access.read_in_full(viewer, door)
    if kind in (ENTRY, "comment"):
        return access.inspect(viewer, door)
    return access.see(viewer, door)


def searched() -> list[type[Entered]]:
    """The nouns that are found by words."""
    return [Party, Dossier, *FACTS.values()]
