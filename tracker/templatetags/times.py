"""How instants, stated times and what is left of a term are written on the screen.

The text is translated, the instants are given: nothing here reads the clock or the database.
Event times are shown where they were said, with UTC beside them; they never follow the viewer.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tracker.domain import clock_questions, durations, stated, zones
from tracker.domain.errors import Invalid
from tracker.domain.stated import Precision
from tracker.instants import absolute, city, in_words, known, left, read_as
from tracker.words import refusal

register = template.Library()

# A time as it is typed: 2025-03-18 18:00 Europe/Moscow, 2025-03-18T15:00Z, 2025-03; or a zone.
_TYPED = re.compile(
    r"\b\d{1,2} [A-Z][a-z]{2} \d{4}(?:, \d\d:\d\d)?(?: [A-Z]\w+)?"
    r"|\b\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d(?:h|:\d\d(?::\d\d)?)(?:Z|[+-]\d\d:\d\d)?)?"
    r"(?: \??[A-Z]\w+/\w+(?:/\w+)?| UTC\b)?"
    r"|\??\b[A-Z][a-z]+/[A-Z]\w+"
)


@register.simple_tag
def instant(at: datetime | None, zone: str | None = None, *, end: bool = False) -> str | SafeString:
    """A ``<time>`` with the absolute text; nothing for no instant.

    What stands in brackets is ``<small>``: it goes to the next line whole where it has no room.
    """
    return "" if at is None else _instant(at, zone, end, get_language())


@lru_cache(maxsize=8192)  # lists say the same ones again and again
def _instant(at: datetime, zone: str | None, is_end: bool, _language: str) -> SafeString:
    said, _, beside = absolute(at, zone, is_end=is_end).partition(" (")
    if not beside:
        return format_html('<time datetime="{}">{}</time>', iso(at), said)
    return format_html('<time datetime="{}">{} <small>({}</small></time>', iso(at), said, beside)


@register.simple_tag
def day(at: datetime, zone: str | None = None) -> str:
    """The day alone by the wall clock of a zone, at the edge of a picture: ``18 Mar 2025``."""
    return date_format(zones.local(at, known(zone)), "j M Y")


@register.simple_tag
def ago(at: datetime | None, now: datetime) -> str:
    """``in 2 days 4 h``, ``3 days ago``; nothing for no instant."""
    if at is None:
        return ""
    text = gettext("in %(length)s") if at > now else gettext("%(length)s ago")
    return text % {"length": left(at - now)}


@register.simple_tag
def age(at: datetime, now: datetime) -> str:
    """How long before, to the second while it is less than a minute: ``12 s``. Never negative."""
    since = max(now - at, timedelta())
    if since < timedelta(minutes=1):
        return gettext("%(n)s s") % {"n": int(since.total_seconds())}
    return left(since)


@register.simple_tag
def length(of: timedelta) -> str:
    """A length in its two largest units: ``2 days 4 h``."""
    return left(of)


@register.simple_tag
def countdown(
    at: datetime, now: datetime, *, kind: str = "left", ticks: bool = False
) -> SafeString:
    """What is left until an instant, or how long it has been past; the script keeps it true."""
    words = LEFT if at > now else PAST
    text = words[kind]() % {"length": left(at - now)}
    if not ticks:
        return format_html('<span class="countdown">{}</span>', text)
    return format_html(
        '<span class="countdown" data-countdown="{}" data-kind="{}">{}</span>', iso(at), kind, text
    )


LEFT: dict[str, Callable[[], str]] = {
    "left": lambda: gettext("%(length)s left"),
    "starts": lambda: gettext("starts in %(length)s"),
    "due": lambda: gettext("due in %(length)s"),
}
PAST: dict[str, Callable[[], str]] = {
    "left": lambda: gettext("ran out %(length)s ago"),
    "starts": lambda: gettext("began %(length)s ago"),
    "due": lambda: gettext("passed %(length)s ago"),
}


@register.filter
def iso(at: datetime | None) -> str:
    """An instant for machines: UTC with Z, to the second where it has seconds."""
    if not at:
        return ""
    utc = at.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="seconds" if utc.second else "minutes") + "Z"


@register.filter
def stated_words(text: str | None) -> str:
    """A stated time in words, with what is not known of it: never more precise than it was said."""
    if not text:
        return ""
    try:
        found = stated.parse(text)
    except Invalid:
        return text
    return in_words(found)


@register.filter
def how_read(text: Any) -> str:
    """What a typed time is read as, or why it is not read yet; nothing for nothing."""
    if not text or not str(text).strip():
        return ""
    try:
        found = clock_questions.settled(str(text))
    except Invalid as error:
        return gettext("Not read yet: %(why)s") % {"why": refusal(error)}
    return gettext("Read as: %(time)s") % {"time": read_as(found.text)}


@register.filter
def day_words(text: str | None) -> str:
    """The day of a stated time alone, for lists: ``18 Mar 2025``."""
    if not text:
        return ""
    try:
        found = stated.parse(text)
    except Invalid:
        return text
    if found.local is None:
        return gettext("not known")
    return date_format(found.local, "M Y" if found.precision is Precision.MONTH else "j M Y")


@register.filter
def calendar_day(day: date) -> str:
    """A day of the calendar: ``18 Mar 2025``."""
    return date_format(day, "j M Y")


@register.filter
def duration_words(text: str | None) -> str:
    """``P30D`` as ``30 days``; what cannot be read as it stands."""
    if not text:
        return ""
    try:
        return durations.parse(str(text)).words
    except Invalid:
        return str(text)


@register.filter
def zone_city(zone: str | None) -> str:
    return city(zone) if zone else ""


@register.filter
def unbroken(text: str) -> SafeString:
    """A text in which no line ends within a time as it is to be typed."""
    escaped = conditional_escape(text)
    return mark_safe(_TYPED.sub(r'<span class="unbroken">\g<0></span>', escaped))  # noqa: S308
