"""What is asked of a clock time that clocks jumped over, or showed twice.

Unasked, such a time counts by the rule of zones.py. Who enters one is asked first what was meant.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from . import stated, zones
from .errors import Answer, Unclear
from .sentences import _
from .stated import Precision
from .typed import typed


def settled(text: str, answer: str = "") -> Answer:
    """What was typed as a stated time, in its canonical text, given the answer to what was asked.

    Raises Unclear while something is to be asked (an answer that answers nothing is none), and
    Invalid for what cannot be read.
    """
    try:
        found = typed(text)
        asked = question(found)
        if asked is None:
            return Answer(found, "")
    except Unclear as error:
        asked = Unclear(error.message, field=error.field, answers=_asked_further(error))
    chosen = next((one for one in asked.answers if one.text == answer), None)
    if chosen is None:
        raise asked
    return chosen


def _asked_further(unclear: Unclear) -> Iterator[Answer]:
    """The answers, where clocks make a question of one with the answers to that in its place."""
    for one in unclear.answers:
        more = question(one.text)
        if more is None:
            yield one
        else:
            for way in more.answers:
                yield Answer(way.text, _("{one}, {two}", one=one.words, two=way.words), way.zone)


def question(text: str) -> Unclear | None:
    """What is to be asked of a stated time in its canonical text; None where it is clear.

    00:00 that clocks jumped over is clear: it is the day's first instant.
    """
    found = stated.parse(text)
    local, zone = found.local, found.zone
    if local is None or zone is None or found.precision is not Precision.MINUTE:
        return None
    shown = f"{local.day} {local:%B %Y, %H:%M}"
    if zones.is_in_gap(local, zone) and local.time() != time.min:
        said = _(
            "{shown} never came in {zone}: clocks went forward over it. What was meant?",
            shown=shown,
            zone=zone,
        )
        unsaid = _("not said: by the rule for such times, by the offset before the change")
    elif zones.occurs_twice(local, zone):
        said = _(
            "{shown} came twice in {zone}: clocks went back. Which was meant?",
            shown=shown,
            zone=zone,
        )
        unsaid = _("not said: by the rule for such times, the first of the two")
    else:
        return None
    return Unclear(said, field="time", answers=[*_ways(local, zone), Answer(text, unsaid)])


def _ways(local: datetime, zone: str) -> Iterator[Answer]:
    """The two instants that the offsets around a change of clocks give."""
    for fold in (0, 1):
        exact = local.replace(tzinfo=zones.zone(zone), fold=fold).astimezone(UTC)
        offset = local.replace(tzinfo=UTC) - exact
        sign = "-" if offset < timedelta() else "+"
        hours, rest = divmod(abs(offset) // timedelta(minutes=1), 60)
        there = zones.local(exact, zone)
        from_utc = f"UTC{sign}{hours:02}:{rest:02}"
        if fold:
            words = _("by the offset after the change, {from_utc}", from_utc=from_utc)
        else:
            words = _("by the offset before the change, {from_utc}", from_utc=from_utc)
        if there != local:
            words = _("{offset}; clocks showed {clock} then", offset=words, clock=f"{there:%H:%M}")
        yield Answer(str(stated.parse(f"{exact:%Y-%m-%dT%H:%M:%SZ}")), words, zone)
