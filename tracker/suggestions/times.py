"""Times in a sentence, each with what it is the time of.

A time is proposed, never imputed: a weekday or a date without its year is counted from the day of
publication, and ``rests_on`` says so; without that day it stays unresolved.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.domain.stated import Precision, Stated

from .days import MONTHS, read_clock, read_day, read_zone
from .lexicon import HALT_NOUNS, words
from .text import Sentence, words_of
from .values import Moment


@dataclass(frozen=True, slots=True)
class Point:
    """A time with the word before it: begins, ends or on."""

    i: int
    j: int
    role: str
    moment: Moment


_STARTS = frozenset(
    [
        "from",
        "starting",
        "starts",
        "start",
        "beginning",
        "begins",
        "begin",
        "began",
        "effective",
        "as of",
        "as from",
        "with effect from",
        "commencing",
        "commence",
        "takes effect",
        "take effect",
        "enters into force",
        "enter into force",
        "comes into force",
        "come into force",
        "goes into effect",
        "go into effect",
        "came into effect",
        "comes into effect",
        "come into effect",
        "entered into force",
        "took effect",
        "since",
    ]
)


_ENDS = frozenset(
    [
        "until",
        "till",
        "through",
        "ending",
        "ends",
        "end",
        "expires",
        "expire",
        "expiring",
        "lasts until",
        "to",
        "by",
        "no later than",
        "not later than",
        "before",
        "at the latest by",
        "up to",
        "lapses",
        "runs out",
        "deadline of",
    ]
)


_EVENT_END = words("until till")


def points(sentence: Sentence, start: int, end: int, published: date | None) -> list[Point]:
    """The times of a stretch, each with what it is the time of."""
    found: list[Point] = []
    k = start
    while k < end:
        read = _read(sentence, k, end, published)
        if read is None:
            k += 1
            continue
        j, moment = read
        if not _aside(sentence.low, start, k, j):
            found.append(Point(k, j, _role(sentence.low, start, k, found), moment))
            if (other := _second_day(sentence, k, j, end, published)) is not None:
                found.append(other)
                j = other.j
        k = j
    low = sentence.low
    for k in range(start + 1, end - 1):
        at = k - 2 if low[k - 1] in ("th", "st", "nd", "rd") else k - 1
        if low[k] in ("day", "week") and at >= start and _NTH.fullmatch(low[at]):
            by = next((m for m in range(at - 1, max(start - 1, k - 5), -1) if low[m] in _BY), None)
            if by is not None:
                j = _phrase_end(sentence, k, end)
                where, stop = sentence.tokens[by + 1].start, sentence.tokens[j - 1].end
                told = words_of(sentence.tokens[by + 1 : j])
                found.append(Point(by + 1, j, "ends", Moment(told, where, stop, event=True)))
    for k in range(start, end - 4):
        if low[k : k + 4] == ["by", "the", "end", "of"] and not any(
            k < p.i <= k + 6 for p in found
        ):
            j = min(k + (6 if low[k + 4] in ("the", "this", "next") else 5), end)
            where, stop = sentence.tokens[k + 1].start, sentence.tokens[j - 1].end
            told = words_of(sentence.tokens[k + 1 : j])
            found.append(Point(k + 1, j, "ends", Moment(told, where, stop, event=True)))
    for k in range(start, end - 1):
        if low[k] in _EVENT_END and not any(p.i <= k + 4 and p.j > k + 1 for p in found if p.i > k):
            j = _phrase_end(sentence, k + 1, end)
            if j > k + 1:
                where, stop = sentence.tokens[k + 1].start, sentence.tokens[j - 1].end
                words_there = words_of(sentence.tokens[k + 1 : j])
                found.append(Point(k + 1, j, "ends", Moment(words_there, where, stop, event=True)))
    return sorted(found, key=lambda point: point.i)


_NTH = re.compile(
    r"\d+(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|tenth|fifteenth|thirtieth"
)
_BY = words("by before until than")
_HELD = words(
    "held detained captured occupied imprisoned jailed closed seized missing kidnapped killed"
    " displaced taken controlled besieged blocked"
)


def _aside(low: list[str], start: int, k: int, j: int) -> bool:
    """Whether a time is another matter's: "held since October", "last Friday's earthquake"."""
    if low[j : j + 1] == ["'s"] and not set(low[j + 1 : j + 4]) & HALT_NOUNS:
        return low[k - 1] in ("last", "of", "from") or low[j - 1] not in ("today", "tomorrow")
    since = next((m for m in range(k - 1, max(start, k - 4) - 1, -1) if low[m] == "since"), None)
    return since is not None and bool(set(low[max(start, since - 4) : since]) & _HELD)


def _second_day(
    sentence: Sentence, k: int, j: int, end: int, published: date | None
) -> Point | None:
    """ "From April 2 to 22": the second day is of the month that the first one names."""
    low = sentence.low
    month = next((low[m] for m in range(k, j) if low[m].rstrip(".") in MONTHS), None)
    if month is None or j + 1 >= end or low[j] not in ("to", "until", "-", "–", "through"):
        return None
    if not low[j + 1].isdigit() or (j + 2 < len(low) and low[j + 2].rstrip(".") in MONTHS):
        return None
    read = read_day([low[j + 1], month], 0, 2, published)
    if read is None or read[1] is None:
        return None
    token = sentence.tokens[j + 1]
    rests = [*read[2]]
    stated = _stated(read[1], None, None, ends_day=False, month_only=False, rests=rests)
    moment = Moment(token.text, token.start, token.end, stated=stated, rests_on=tuple(rests))
    return Point(j + 1, j + 2, "ends", moment)


def _phrase_end(sentence: Sentence, k: int, end: int) -> int:
    while k < end and sentence.low[k] not in (",", ";", ":", ".", "and", "but", "”", '"'):
        k += 1
    return k


def _role(low: list[str], start: int, k: int, before: list[Point]) -> str:
    skip = words(
        "last late early the at on around about midnight dawn dusk noon sunset sunrise of"
        " next this coming and a"
        " not in day week month"
    )
    j = k
    while j > start and k - j < 4:
        for size in (4, 3, 2, 1):
            said = " ".join(low[max(start, j - size) : j])
            linked = any(point.role == "begins" and j - point.j <= 2 for point in before)
            linked = linked or (
                said == "to"
                and bool(
                    {"extend", "extended", "extends", "prolonged"} & set(low[max(start, j - 6) : j])
                )
            )
            if said in _ENDS and (said != "to" or linked):
                return "ends"
            if said in _STARTS:
                return "begins"
            if said == "between":
                return "begins"
            if said == "and" and linked:
                return "ends"
        if low[j - 1] not in skip:
            break
        j -= 1
    return "on"


def _read(
    sentence: Sentence, k: int, end: int, published: date | None
) -> tuple[int, Moment] | None:
    """A date, a weekday or a clock time from token ``k`` on, with what stands beside it."""
    low = sentence.low
    day: date | None = None
    clock: tuple[int, int] | None = None
    zone: str | None = None
    known_day = known_clock = month_only = False
    midnight = False
    rests: list[str] = []
    j = k
    while j < end:
        step = read_zone(low, j, end) if known_clock else None
        if step is not None:
            j, zone = step
            continue
        at_clock = None if known_clock else read_clock(low, j, end, start=j == k)
        if at_clock is not None:
            j, clock, midnight = at_clock
            known_clock = True
            continue
        at_day = None if known_day else read_day(low, j, end, published)
        if at_day is not None:
            j, day, more, month_only = at_day
            rests.extend(more)
            known_day = True
            continue
        if j > k and low[j] == "(" and known_clock and (close := _closing(low, j, end)):
            inside = read_zone(low, j + 1, close)
            zone = inside[1] if inside and zone is None else zone
            j = close + 1
            continue
        if (
            j > k
            and low[j] in _FILLERS
            and _goes_on(low, j, end, published, known_day=known_day, known_clock=known_clock)
        ):
            j += 1
            continue
        if j > k and low[j] == "time" and low[j - 1] == "local":
            j += 1
        break
    if not (known_day or known_clock) or j == k:
        return None
    while j > k and low[j - 1] in _FILLERS:
        j -= 1
    if (
        known_clock
        and not known_day
        and k >= 2
        and low[k - 1] in ("from", "at", "until", "by", "as")
    ):
        behind = read_day(low, k - 2, k - 1, published)
        if behind is not None:
            day, rests, known_day = behind[1], [*rests, *behind[2]], True
    text = words_of(sentence.tokens[k:j])
    where, stop = sentence.tokens[k].start, sentence.tokens[j - 1].end
    stated = None
    ends_day = midnight and k > 0 and low[k - 1] in ("until", "till", "through", "to", "by")
    if day is not None:
        stated = _stated(day, clock, zone, ends_day=ends_day, month_only=month_only, rests=rests)
    elif not known_day and published is None:
        rests.append("the day is not stated")
    elif known_day:
        rests.append("wants the day of publication")
    else:
        rests.append("the day is not stated")
    return j, Moment(text, where, stop, stated=stated, rests_on=tuple(rests))


_FILLERS = words("on at , of the local around next this in")


def _closing(low: list[str], j: int, end: int) -> int | None:
    return next((m for m in range(j + 1, min(j + 8, end)) if low[m] == ")"), None)


def _goes_on(
    low: list[str], j: int, end: int, published: date | None, *, known_day: bool, known_clock: bool
) -> bool:
    """Whether a date, a clock time or a zone follows the filler at ``j``, or the next one."""
    if low[j] == "local":
        return known_clock
    for m in (j + 1, j + 2):
        if m >= end or (m == j + 2 and low[j + 1] not in _FILLERS):
            return False
        if not known_day and read_day(low, m, end, published):
            return True
        if not known_clock and read_clock(low, m, end, start=False):
            return True
        if known_clock and read_zone(low, m, end):
            return True
    return False


def _stated(
    day: date,
    clock: tuple[int, int] | None,
    zone: str | None,
    *,
    ends_day: bool,
    month_only: bool,
    rests: list[str],
) -> Stated | None:
    base = datetime.combine(day, time.min)
    try:
        if clock is None:
            return Stated(base, Precision.MONTH if month_only else Precision.DAY)
        if ends_day:
            rests.append("midnight taken for the end of that day")
            return Stated(base + timedelta(days=1), Precision.MINUTE, zone)
        made = base + timedelta(hours=clock[0], minutes=clock[1])
    except (ValueError, OverflowError):
        return None
    if zone is None:
        rests.append("the zone is not stated")
    return Stated(made, Precision.MINUTE, zone)
