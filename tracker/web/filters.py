"""A filter in an address and in words.

What a filter may name is loaded once for a page (``selectors/filters.py``). What is not there and
what the visitor may not see are one: neither is ever named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from tracker.domain import tags
from tracker.domain.filters import KNOWN, NAMES, Filter
from tracker.selectors.filters import Nameable
from tracker.words import LABELS, label

from .moments import Moment

# Which words the closed lists have.
WORDS = {name: {"role": "part"}.get(name, name) for name in KNOWN}
Given = dict[str, list[str]]
# What an address says besides: for which instant, in which order, which page.
LISTING = ("at", "sort", "page")


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is asked for. ``drop``: the address without it; blank where there is none.

    ``words`` blank: it is not there, or not for the visitor.
    """

    name: str
    label: str
    words: str
    drop: str = ""


def given(data: QueryDict) -> Given:
    """What an address or a form asks for, by name; blank fields ask for nothing.

    Tags are folded. How it is listed is no part of it.
    """
    asked = {
        name: [v for v in data.getlist(name) if v.strip()] for name in data if name not in LISTING
    }
    if "tag" in asked:
        asked["tag"] = [tags.fold(tag) for tag in asked["tag"]]
    return {name: values for name, values in asked.items() if values or name not in NAMES}


def pairs(asked: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in asked.items() for value in values]


def query(asked: Mapping[str, Iterable[str]], moment: Moment | None = None) -> str:
    """What follows the path of an address; blank where nothing is asked for."""
    found = pairs(asked)
    if moment is not None and moment.at_text:
        found.append(("at", moment.at_text))
    return f"?{urlencode(found)}" if found else ""


def words(names: Nameable, name: str, value: str) -> str:
    """What a value is called; blank where it is not there or not for the visitor."""
    if name in WORDS:
        return label(WORDS[name], value)
    if name == "text":
        return gettext("“%(text)s”") % {"text": value}
    found: Mapping[str, str] = getattr(names, name)
    return found.get(value, "")


def told(
    wanted: Filter, names: Nameable, moment: Moment | None = None, *, address: str = ""
) -> list[Told]:
    """All that is asked for, in the order of the form; with a moment, how to drop each one.

    ``address``: of the list; the board's where none is given.
    """
    asked = wanted.given
    found = []
    for name in LABELS["filter"]:
        for value in asked.get(name, ()):
            rest = {n: [v for v in vs if (n, v) != (name, value)] for n, vs in asked.items()}
            if not rest.get("party"):
                rest.pop("role", None)
            drop = (
                f"{address or reverse('board')}{query(rest, moment)}" if moment is not None else ""
            )
            found.append(Told(name, label("filter", name), words(names, name, value), drop))
    return found


def visible(wanted: Filter, names: Nameable) -> Given:
    """What of a filter may be shown to the visitor: the rest is in no address that they get."""
    asked = {
        name: [value for value in values if words(names, name, value)]
        for name, values in wanted.given.items()
    }
    return {name: values for name, values in asked.items() if values}
