"""The names that any text may use, from the tables of ``states`` and ``heads``."""

import re
from dataclasses import dataclass
from functools import lru_cache

from . import states
from .heads import PLURAL


@dataclass(frozen=True, slots=True)
class Entry:
    """What some words stand for. ``kind``: state, body, person, both, other, one, group."""

    name: str
    kind: str
    iso: str = ""
    slug: str = ""
    adjective: bool = False
    capital: bool = True
    known: bool = False  # a body of our list, not one that only looks like it
    upper: bool = False  # an acronym, in capitals only: "WAR" is no party where a text says "war"


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in a sentence, tokens ``i`` to ``j``. ``modifier``: an adjective to something else."""

    i: int
    j: int
    entry: Entry
    modifier: bool = False
    person: bool = False
    possessive: bool = False


Words = dict[str, list[tuple[tuple[str, ...], Entry]]]


@lru_cache(maxsize=1)
def lexicon_of_names() -> dict[tuple[str, ...], Entry]:
    made: dict[tuple[str, ...], Entry] = {}
    by_code: dict[str, str] = {}
    for code, name, alone, demonyms in states.states():
        by_code[code] = name
        for one in alone:
            made.setdefault(key_of(one), Entry(name, "state", iso=code))
        for one in demonyms:
            made.setdefault(key_of(one), Entry(name, "state", iso=code, adjective=True))
    for name, others in states.bodies():
        for one in others:
            made[key_of(one)] = Entry(name, "body", known=True)
    for surname, code in states.leaders():
        made.setdefault(key_of(surname), Entry(by_code[code], "person", iso=code))
    for surname, body in states.speakers():
        made.setdefault(key_of(surname), Entry(body, "person"))
    for head, kind in PLURAL.items():
        made[key_of(head)] = Entry(head, kind, capital=False)
    return made


@lru_cache(maxsize=1)
def by_first() -> Words:
    """The lexicon by first word, longest names first."""
    made: Words = {}
    for key, entry in sorted(lexicon_of_names().items(), key=lambda one: -len(one[0])):
        made.setdefault(key[0], []).append((key, entry))
    return made


def key_of(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"(?:[a-z]\.){2,}|\w+(?:-\w+)*|['’]s|[^\w\s]", text.lower()))
