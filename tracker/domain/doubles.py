"""Which pledges look like one and the same: a question, no verdict.

The same pledgor, act and subject, in terms that may overlap. A mutual undertaking is one pledge for
each pledgor, so that its halves never look alike here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A term of which nothing is known, or not its end, is taken to be no longer than this.
LIKELY = timedelta(days=90)
_LAST = datetime.max.replace(tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """Between what instants a term may lie, [start, end), by the readings that stand.

    ``start`` and ``end`` None: not known. ``is_open``: it has no end, and ``end`` says nothing.
    """

    start: datetime | None = None
    end: datetime | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """What of a pledge is compared. ``made``: when it was first told."""

    pledgor: str
    act: str
    subject: str
    made: datetime
    span: Span = Span()


def alike(one: Promise, other: Promise) -> bool:
    """Whether they may be one pledge entered twice. The order of the two is nothing."""
    return (one.pledgor, one.act, one.subject) == (
        other.pledgor,
        other.act,
        other.subject,
    ) and _overlap(one, other)


def _overlap(one: Promise, other: Promise) -> bool:
    first, until = reach(one)
    second, after = reach(other)
    return first < after and second < until


def reach(promise: Promise) -> tuple[datetime, datetime]:
    """The span that is compared, half-open and never blank.

    Where the start is not known it is when the pledge was made, or ``LIKELY`` before its end if
    that comes first. Where the end is not known it is ``LIKELY`` after the start.
    """
    span = promise.span
    end = _LAST if span.is_open else span.end
    start = span.start
    if start is None:
        start = promise.made if end is None or promise.made < end else _before(end)
    if end is None or end <= start:
        end = _after(start)
    return start, end


def _after(start: datetime) -> datetime:
    return start + LIKELY if start <= _LAST - LIKELY else _LAST


def _before(end: datetime) -> datetime:
    return end - LIKELY if end >= _FIRST + LIKELY else _FIRST
