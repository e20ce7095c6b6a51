"""Where a fact is seen: on its pledge's page, its dossier's, or its own."""

from dataclasses import dataclass

from django.urls import reverse

from tracker.models.comment import ABOUT
from tracker.selectors.facts import State, Tables

SECTIONS = {
    "account": "accounts",
    "reading": "readings",
    "adoption": "readings",
    "extension": "readings",
    "clock_stop": "readings",
    "suspension": "readings",
    "condition": "conditions",
    "deadline": "deadlines",
    "verification": "verification",
    "incident": "incidents",
    "count": "incidents",
    "dependency": "promised",
    "move": "history",
    "comment": "comments",
    "viewing": "custody",
}
OWNERS = ("pledge", "condition", "extension", "deadline", "reading", "trigger", "incident")
STEPS = 4  # an account of a condition on an extension of a pledge


@dataclass(frozen=True, slots=True)
class Place:
    """``pledge`` is the reference of the pledge that the fact belongs to; blank: none."""

    url: str
    pledge: str = ""


def place_of(noun: str, key: str, tables: Tables, dossier: str) -> Place:
    if noun == "source":
        return Place(reverse("source", args=(dossier, key)))
    if noun == "position":
        return Place(f"{reverse('dossier', args=(dossier,))}#position-{key}")
    ref = _pledge_of(noun, key, tables)
    if ref:
        section = SECTIONS.get(noun, "")
        url = reverse("pledge", args=(ref,))
        return Place(f"{url}#{section}" if section else url, ref)
    if noun == "comment":
        return Place(f"{_of_comment(tables.get(noun, {}).get(key, {}), dossier)}#comments")
    if noun == "viewing":
        source = str(tables.get(noun, {}).get(key, {}).get("source") or "")
        return Place(f"{reverse('source', args=(dossier, source))}#custody")
    return Place(reverse("fact", args=(dossier, noun, key)))


def _of_comment(state: State, dossier: str) -> str:
    """The page of what a comment is on, where that belongs to no pledge."""
    noun = next((name for name in ABOUT if state.get(name)), "source")
    if noun == "source":
        return reverse("source", args=(dossier, state.get(noun)))
    return reverse("fact", args=(dossier, noun, state.get(noun)))


def _pledge_of(noun: str, key: str, tables: Tables) -> str:
    """The pledge at the end of the chain of owners. An incident's is its first."""
    for _step in range(STEPS):
        if noun == "pledge":
            return key
        state = tables.get(noun, {}).get(key, {})
        if noun == "incident":
            return str(next(iter(state.get("pledges") or ()), ""))
        owner = next((name for name in OWNERS if state.get(name)), "")
        if not owner:
            return ""
        noun, key = owner, str(state[owner])
    return ""
