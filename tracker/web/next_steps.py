"""What does nothing until a second thing is entered: what is said of it, and where that is entered.

Must not live here: forms, rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.selectors.facts import State, Tables
from tracker.words import label


@dataclass(frozen=True, slots=True)
class Step:
    """``waits_for``: the noun of the second thing; ``unless``: columns that stand for it."""

    said: Any
    waits_for: str
    unless: tuple[str, ...] = ()


STEPS: Mapping[str, Step] = {
    "pledge": Step(_("A pledge has no term until a reading of it is entered."), "reading"),
    "deadline": Step(_("A deadline has no date until a reading of it is entered."), "reading"),
    "trigger": Step(
        _("A trigger has no date until a reading of it says when it occurred."),
        "reading",
        ("of_condition", "of_deadline"),
    ),
    "extension": Step(_("An extension changes no term until a judgement accepts it."), "move"),
    "condition": Step(
        _("A condition is pending, and does not bind, until a judgement says otherwise."), "move"
    ),
}


def said_of(noun: str) -> Any:
    """What the form of a noun says of the second thing; blank where there is none."""
    return STEPS[noun].said if noun in STEPS else ""


def wanting(noun: str, key: str, state: State, tables: Tables) -> Any:
    """The same of a row, while the second thing has not been entered for it."""
    step = STEPS.get(noun)
    if step is None or any(state.get(name) for name in step.unless):
        return ""
    others = tables.get(step.waits_for, {}).values()
    found = any(one.get(noun) == key and not one.get("withdrawn_at") for one in others)
    return "" if found else step.said


def with_link(dossier: str, noun: str, key: str, said: Any) -> SafeString:
    """What is wanting, with a link to where it is entered for that row."""
    if STEPS[noun].waits_for == "move":
        url = reverse("fact_deed", args=(dossier, noun, key, "judge"))
        words = gettext("Judge it")
    else:
        address = reverse("fact_new", args=(dossier, STEPS[noun].waits_for))
        url = f"{address}?{urlencode({'about': f'{noun}:{key}'})}"
        words = label("enter", STEPS[noun].waits_for)
    return format_html('{} <a href="{}">{}</a>', said, url, words)
