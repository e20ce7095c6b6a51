"""The stretches in which a pledge is in force, reading by reading, under all facts that there are.

An event is matched against these: what counts is when the term ran, and not when it was told. Must
not live here: the stage at an instant (status.py), what an event has to do with a stretch
(matching.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from . import zones
from .chain import Segment
from .facts import PledgeFacts
from .now import Now
from .readings import Term, adopted, terms
from .stated import Window
from .transitions import CLOSED, Stage


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch by one reading: half-open, [start, end).

    ``start`` and ``end`` are windows where they are not known to the instant; their clock is the
    earliest start and the latest end. ``end`` None: it has none. ``number`` counts the stretches of
    a reading. ``stands_until``: from then on the reading was withdrawn or set aside.
    """

    reading: str
    number: int
    start: Window
    end: Window | None = None
    zone: str | None = None
    is_adopted: bool = False
    stands_until: datetime | None = None


def spans(facts: PledgeFacts) -> tuple[Span, ...]:
    """Every stretch, by reading and number. Empty while no start is known, or what binds holds it
    back.
    """
    now = Now(zones.LATEST)
    if not now.stands(facts):
        return ()
    moves = now.effective(facts.moves, "stage")
    entered = next((m.effective for m in moves if m.to == Stage.IN_FORCE), None)
    chosen = adopted(facts.adoptions, facts.readings, now)
    closings = [move.effective for move in moves if move.to in CLOSED]
    found: list[Span] = []
    for term in terms(facts, now, entered):
        if not term.held:
            found += _of_term(term, facts, chosen)
    return tuple(cut for span in found if (cut := _closed(span, closings)) is not None)


def _of_term(term: Term, facts: PledgeFacts, chosen: str | None) -> Iterator[Span]:
    reading = term.reading
    gone = [at for at in (reading.withdrawn, reading.set_aside) if at is not None]
    for number, segment in enumerate(term.segments):
        start = term.start if number == 0 else _point(segment)
        if start is None:
            continue
        yield Span(
            reading=reading.key,
            number=number,
            start=start,
            # A positive act stays owed past its end.
            end=segment.end if facts.act.expires else None,
            zone=term.zone,
            is_adopted=reading.key == chosen,
            stands_until=min(gone, default=None),
        )


def _point(segment: Segment) -> Window | None:
    return Window(segment.start, segment.start) if segment.start is not None else None


def _closed(span: Span, closings: list[datetime]) -> Span | None:
    """A stretch ends where a person ended the pledge; what a later link opened begins after it.

    None: it was ended before it ever began.
    """
    for effective in closings:
        if effective > span.start.earliest:
            if span.end is None or span.end.latest > effective:
                span = replace(span, end=Window(effective, effective))
        elif span.number == 0:
            return None
    return span
