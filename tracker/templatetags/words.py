"""The words of the register in templates, and the shapes of its bands. No rules, no queries."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.documents import names
from tracker.domain.errors import DomainError
from tracker.domain.facts import ACCOUNT_FIELDS, Stance
from tracker.selectors.entries import Named
from tracker.words import LABELS, cause, isolated, label, lead
from tracker.words import refusal as in_full
from tracker.words import said as in_words

register = template.Library()

SHAPES = {
    "expired": "square",
    "24h": "triangle",
    "72h": "diamond",
    "7d": "disc",
    "later": "ring",
    "none": "dash",
    "ended": "tick",
}


@register.filter
def word(value: Any, kind: str) -> str:
    """The label of a stored value: ``{{ entry.stage|word:"stage" }}``."""
    return label(kind, value)


@register.filter
def said(words: str) -> str:
    """A sentence of the rules in the page's language: ``{{ step.words|said }}``."""
    return in_words(words)


@register.filter
def refusal(error: DomainError) -> str:
    """What is wrong, and how to mend it: ``{{ trouble|refusal }}``."""
    return in_full(error)


@register.filter(name="cause")
def cause_words(kind: str) -> str:
    """What an alert is of: ``{{ alert.kind|cause }}``."""
    return cause(kind)


@register.filter
def cause_of_another(kind: str) -> str:
    """The same of an alert to whoever it may be, on pages that list those of several people."""
    return label("alert_of_another", kind) if kind in LABELS["alert_of_another"] else cause(kind)


@register.filter
def lead_words(name: str) -> str:
    """The lead of a warning: ``{{ alert.lead|lead_words }}`` is “24 hours before”."""
    return lead(name)


@register.filter(name="isolated")
def isolated_text(value: Any) -> str:
    """A stored text where no element can stand around it: ``{% block title %}``."""
    return isolated(value)


@register.filter
def is_picture(file_name: Any) -> bool:
    """Whether a source's file is a picture: ``{% if source.state.file_name|is_picture %}``."""
    return names.is_picture(str(file_name or ""))


@register.filter
def plain(value: Any) -> str:
    """A key made readable: underscores and hyphens as spaces."""
    return str(value or "").replace("_", " ").replace("-", " ")


@register.filter
def short(key: Any) -> str:
    """The last part of a nested key: ``UA-ENERGY-RU.russia-count`` is ``russia-count``."""
    return str(key or "").rsplit(".", 1)[-1]


@register.filter
def within(key: Any, owner: str) -> str:
    """A nested key on its owner's page: ``UA-ENERGY-RU.longer.move-1`` is ``longer.move-1``."""
    return str(key or "").removeprefix(f"{owner}.")


@register.filter
def spoken(account: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What an account speaks to: (stance, field, what is said of it), without the silent fields."""
    values = account.get("values") or {}
    return [
        (str(account[name]), name, str(values.get(name) or ""))
        for name in ACCOUNT_FIELDS
        if account.get(name) in (Stance.ASSERTS, Stance.DENIES)
    ]


@register.filter
def overlay(value: str) -> str:
    """``suspended:north`` as ``Suspended: north``."""
    name, _colon, area = str(value).partition(":")
    return f"{word(name, 'overlay')}: {area}" if area else word(name, "overlay")


@register.simple_tag
def mark(band: Any) -> SafeString:
    """The shape of a band; its word stands beside it, so that it is hidden from screen readers."""
    return _mark(str(band))


@cache
def _mark(name: str) -> SafeString:
    return format_html(
        '<svg class="mark mark-{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        name,
        _PATHS[SHAPES.get(name, "dash")],
    )


@register.simple_tag
def state_mark(state: str) -> SafeString:
    """The shape of what became of a condition; its word stands beside it."""
    return format_html(
        '<svg class="mark state-{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        state,
        _PATHS[_STATES.get(state, "dash")],
    )


@register.simple_tag
def party_links(parties: Iterable[Named] | Named, query: str = "") -> SafeString:
    """Parties by name, each a link to its page, for a sentence that is translated whole."""
    named = [parties] if isinstance(parties, Named) else parties
    return format_html_join(
        ", ",
        '<a href="{}{}">{}</a>',
        ((reverse("party", args=(one.slug,)), query, one.name) for one in named),
    )


_STATES = {"open": "ring", "met": "tick", "failed": "cross", "settled": "dash"}
_PATHS = {
    "square": "M2 2h12v12H2z",
    "triangle": "M8 1l7 13.5H1z",
    "diamond": "M8 .5L15.5 8 8 15.5.5 8z",
    "disc": "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z",
    "ring": "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z"
    "m0 2.4a4.1 4.1 0 1 0 0 8.2 4.1 4.1 0 0 0 0-8.2z",
    "dash": "M1 6.6h14v2.8H1z",
    "cross": "M2 4l2-2 4 4 4-4 2 2-4 4 4 4-2 2-4-4-4 4-2-2 4-4z",
    "tick": "M6.2 13.6L.9 8.3l2-2 3.3 3.3 6.9-6.9 2 2z",
}
