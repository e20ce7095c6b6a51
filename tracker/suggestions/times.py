"""Durations and times in a sentence: what is written, and what can be made of it.

A time is proposed, never imputed: a weekday or a date without its year is counted from the day of
publication, and ``rests_on`` says so; without that day it stays unresolved.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.domain.durations import Duration
from tracker.domain.stated import Precision, Stated

from .lexicon import HALT_NOUNS, NUMBERS, words
from .text import Sentence
from .values import Moment

_UNITS = {
    "minute": "minutes", "hour": "hours", "day": "days", "week": "weeks", "month": "months",
    "year": "years", "fortnight": "fortnights", "hr": "hours", "calendar-day": "days",
}  # fmt: skip
_COMPOUND = re.compile(r"(\w+?)[-‑–](minute|hour|day|week|month|year)s?(?:[-‑–]\w+)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}
_ZONES = {
    "gmt": "UTC", "utc": "UTC", "moscow time": "Europe/Moscow", "kyiv time": "Europe/Kyiv",
    "kiev time": "Europe/Kyiv", "beirut time": "Asia/Beirut", "israel time": "Asia/Jerusalem",
    "damascus time": "Asia/Damascus", "baghdad time": "Asia/Baghdad", "sanaa time": "Asia/Aden",
    "tehran time": "Asia/Tehran", "baku time": "Asia/Baku", "yerevan time": "Asia/Yerevan",
    "khartoum time": "Africa/Khartoum", "juba time": "Africa/Juba", "tripoli time": "Africa/Tripoli",
    "addis ababa time": "Africa/Addis_Ababa", "cairo time": "Africa/Cairo", "doha time": "Asia/Qatar",
    "new delhi time": "Asia/Kolkata", "ist": "", "paris time": "Europe/Paris", "eet": "", "est": "",
    "kabul time": "Asia/Kabul", "bogota time": "America/Bogota", "ankara time": "Europe/Istanbul",
    "msk": "Europe/Moscow", "bst": "Europe/London", "addis time": "Africa/Addis_Ababa", "local time": "",
    "moscow": "Europe/Moscow", "kyiv": "Europe/Kyiv", "nairobi time": "Africa/Nairobi", "jerusalem time": "Asia/Jerusalem",
}  # fmt: skip
_TERM_HEADS = HALT_NOUNS | words(
    "period term window extension duration stop break ban calm respite phase agreement deal deadline"
    " commitment pledge hold lull renewal prolongation quiet interval limit"
)
_LEAD_IN = words(
    "for within over during lasting last lasts lasted another further additional next initial period of up to and first at least a an the maximum minimum no more than exactly about by under following coming ensuing extended another's renewable only in exceeding exceed some roughly approximately through"
)
_NOT_TERM = words(
    "ago old earlier later notice call war conflict visit talks trip meeting conversation journey speech prison jail sentence"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A duration, tokens ``i`` to ``j``; ``within``: the time in which to do it."""

    i: int
    j: int
    duration: Duration
    within: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A time with the word before it: begins, ends or on."""

    i: int
    j: int
    role: str
    moment: Moment


def _number(low: str) -> int | None:
    if low.isdigit():
        return int(low) if len(low) <= 5 else None
    if low in NUMBERS:
        return NUMBERS[low]
    tens, _, ones = low.partition("-")
    if tens in NUMBERS and ones in NUMBERS and NUMBERS[tens] >= 20:
        return NUMBERS[tens] + NUMBERS[ones]
    return None


def _duration(number: int, unit: str) -> Duration:
    match unit:
        case "minutes":
            return Duration(elapsed=timedelta(minutes=number))
        case "hours":
            return Duration(elapsed=timedelta(hours=number))
        case "weeks":
            return Duration(days=7 * number)
        case "fortnights":
            return Duration(days=14 * number)
        case "months":
            return Duration(months=number)
        case "years":
            return Duration(months=12 * number)
        case _:
            return Duration(days=number)


def terms(sentence: Sentence, start: int, end: int) -> list[Term]:
    """The durations of a stretch that measure a term: not "a 90-minute call", not "30 days ago"."""
    low = sentence.low
    found: list[Term] = []
    k = start
    while k < end:
        compound = _COMPOUND.fullmatch(low[k])
        if compound and (number := _number(compound[1])):
            ahead = low[k + 1 : min(k + 7, end)]
            if any(word in _TERM_HEADS or word in ("to", "on") for word in ahead[:1]) or any(
                word in _TERM_HEADS for word in ahead
            ):
                found.append(Term(k, k + 1, _duration(number, _UNITS[compound[2]]), within=False))
            k += 1
            continue
        unit = _UNITS.get(low[k].removesuffix("s")) if low[k] != "s" else None
        if unit and k > start and (number := _number_before(low, k, start)) is not None:
            at, value = number
            lead = _lead(low, at, start)
            after = low[k + 1] if k + 1 < len(low) else ""
            if lead and after not in _NOT_TERM and value and not _before_event(low, k, after):
                within = (
                    "within" in lead
                    or ("in" in lead[-3:] and "for" not in lead and "last" not in lead)
                    or "than" in lead
                    or "by" in lead
                )
                found.append(Term(at, k + 1, _duration(value, unit), within=within))
        k += 1
    return found


def _before_event(low: list[str], k: int, after: str) -> bool:
    """ "24 hours after signing" places a start; it is no length, unless "within" leads in."""
    return (
        after in ("after", "before", "from", "following", "prior")
        and "within" not in low[max(0, k - 5) : k]
        and "than" not in low[max(0, k - 6) : k]
    )


def _number_before(low: list[str], unit: int, start: int) -> tuple[int, int] | None:
    k = unit - 1
    if k >= start and low[k] in (
        "calendar",
        "full",
        "consecutive",
        "more",
        "working",
        "additional",
        "further",
        "next",
        "coming",
    ):
        k -= 1
    if k >= start and low[k] == ")" and k - 2 >= start and low[k - 2] == "(":
        inner = _number(low[k - 1])
        at = k - 2
        while at - 1 >= start and (
            _number(low[at - 1]) is not None or low[at - 1] in ("and", "hundred")
        ):
            at -= 1
        return (at, inner) if inner is not None else None
    if k < start:
        return None
    number = _number(low[k])
    if number is None:
        return (k + 1, 1) if low[k + 1] in ("next", "coming") and low[k] == "the" else None
    if (
        k - 1 >= start
        and low[k] not in ("a", "an")
        and low[k - 1] in ("twenty", "thirty", "forty", "sixty", "ninety")
        and number < 10
    ):
        return k - 1, NUMBERS[low[k - 1]] + number
    return k, number


def _lead(low: list[str], at: int, start: int) -> list[str]:
    """The words that lead in, nearest last; empty where none of them says that it is a term."""
    k = at - 1
    while k >= max(start, at - 7) and low[k] in _LEAD_IN:
        k -= 1
    lead = low[k + 1 : at]
    says = words(
        "for within over during lasting last lasts lasted another further additional next period than by in exceed exceeding extended"
    )
    return lead if says & set(lead) else []


_STARTS = ("from", "starting", "starts", "start", "beginning", "begins", "begin", "began", "effective", "as of", "as from",
           "with effect from", "commencing", "commence", "takes effect", "take effect", "enters into force",
           "enter into force", "comes into force", "come into force", "goes into effect", "go into effect", "came into effect",
           "comes into effect", "come into effect", "entered into force", "took effect", "since")  # fmt: skip
_ENDS = ("until", "till", "through", "ending", "ends", "end", "expires", "expire", "expiring", "lasts until", "to", "by",
         "no later than", "not later than", "before", "at the latest by", "up to", "lapses", "runs out", "deadline of")  # fmt: skip
_EVENT_END = words("until till")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)|([01]\d|2[0-4])([0-5]\d)")


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
        found.append(Point(k, j, _role(sentence.low, start, k, found), moment))
        k = j
    low = sentence.low
    for k in range(start, end - 1):
        if low[k] in _EVENT_END and not any(p.i <= k + 4 and p.j > k + 1 for p in found if p.i > k):
            j = _phrase_end(sentence, k + 1, end)
            if j > k + 1:
                where, stop = sentence.tokens[k + 1].start, sentence.tokens[j - 1].end
                words_there = " ".join(t.text for t in sentence.tokens[k + 1 : j])
                found.append(Point(k + 1, j, "ends", Moment(words_there, where, stop, event=True)))
    return sorted(found, key=lambda point: point.i)


def _phrase_end(sentence: Sentence, k: int, end: int) -> int:
    while k < end and sentence.low[k] not in (",", ";", ":", ".", "and", "but", "”", '"'):
        k += 1
    return k


def _role(low: list[str], start: int, k: int, before: list[Point]) -> str:
    skip = words("the at on around about midnight of next this coming and a not in day week month")
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
        step = _zone(low, j, end) if known_clock else None
        if step is not None:
            j, zone = step
            continue
        at_clock = None if known_clock else _clock(low, j, end, start=j == k)
        if at_clock is not None:
            j, clock, midnight = at_clock
            known_clock = True
            continue
        at_day = None if known_day else _day(low, j, end, published)
        if at_day is not None:
            j, day, more, month_only = at_day
            rests.extend(more)
            known_day = True
            continue
        if j > k and low[j] == "(" and known_clock and (close := _closing(low, j, end)):
            inside = _zone(low, j + 1, close)
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
        behind = _day(low, k - 2, k - 1, published)
        if behind is not None:
            day, rests, known_day = behind[1], [*rests, *behind[2]], True
    text = " ".join(token.text for token in sentence.tokens[k:j])
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
    """Whether a date, a clock time or a zone follows the filler at ``j``, one more filler allowed."""
    if low[j] == "local":
        return known_clock
    for m in (j + 1, j + 2):
        if m >= end or (m == j + 2 and low[j + 1] not in _FILLERS):
            return False
        if not known_day and _day(low, m, end, published):
            return True
        if not known_clock and _clock(low, m, end, start=False):
            return True
        if known_clock and _zone(low, m, end):
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
    try:
        if clock is None:
            return Stated(
                datetime(day.year, day.month, day.day),
                Precision.MONTH if month_only else Precision.DAY,
            )
        base = datetime(day.year, day.month, day.day)
        if ends_day:
            rests.append("midnight taken for the end of that day")
            return Stated(base + timedelta(days=1), Precision.MINUTE, zone)
        made = base + timedelta(hours=clock[0], minutes=clock[1])
    except (ValueError, OverflowError):
        return None
    if zone is None:
        rests.append("the zone is not stated")
    return Stated(made, Precision.MINUTE, zone)


def _zone(low: list[str], j: int, end: int) -> tuple[int, str | None] | None:
    for size in (3, 2, 1):
        said = " ".join(low[j : min(j + size, end)])
        if said in _ZONES:
            return j + size, _ZONES[said] or None
    return None


def _clock(
    low: list[str], j: int, end: int, *, start: bool
) -> tuple[int, tuple[int, int], bool] | None:
    word = low[j]
    after = low[j + 1] if j + 1 < end else ""
    if word == "midnight":
        return j + 1, (0, 0), True
    if word in ("noon", "midday"):
        return j + 1, (12, 0), False
    found = _CLOCK.fullmatch(word)
    if found and (found[1] or after in ("gmt", "utc", "hours", "local") or low[j - 1] == "at"):
        hour, minute = int(found[1] or found[3]), int(found[2] or found[4])
        if after in ("pm", "p.m.", "am", "a.m."):
            return (j + 2, _half(hour, minute, after), False) if hour <= 12 else None
        if (
            "." in word
            and low[j - 1] not in ("at", "from", "until", "by")
            and after not in ("gmt", "utc")
        ):
            return None
        return (
            j + (2 if after in ("hours", "hrs") else 1),
            (hour, minute),
            hour == 24 or (hour, minute) == (0, 0),
        )
    if (
        word.isdigit()
        and len(word) <= 2
        and 1 <= int(word) <= 12
        and after in ("pm", "p.m.", "am", "a.m.", "o'clock")
    ):
        return j + 2, _half(int(word), 0, after), False
    return None


def _half(hour: int, minute: int, half: str) -> tuple[int, int]:
    return (hour % 12 + (12 if half.startswith("p") else 0), minute)


def _day(
    low: list[str], j: int, end: int, published: date | None
) -> tuple[int, date | None, list[str], bool] | None:
    """A day from token ``j`` on: where it stops, the day, what it rests on, only a month."""
    word = low[j]
    after = low[j + 1] if j + 1 < end else ""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", word)
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", word)
    if iso:
        return j + 1, _date(int(iso[1]), int(iso[2]), int(iso[3])), [], False
    if dotted:
        return j + 1, _date(int(dotted[3]), int(dotted[2]), int(dotted[1])), [], False
    if word in ("today", "tonight", "tomorrow"):
        if published is None:
            return j + 1, None, [], False
        ahead = timedelta(days=1 if word == "tomorrow" else 0)
        return (
            j + 1,
            _shift(published, ahead),
            [f"“{word}”, counted from the day of publication, {published}"],
            False,
        )
    if word in _WEEKDAYS:
        k = j + 1
        if (
            k < end
            and low[k] == ","
            and k + 1 < end
            and (inner := _day(low, k + 1, end, published))
            and low[k + 1] not in _WEEKDAYS
        ):
            return inner
        if (inner := _day(low, k, end, published) if k < end else None) and low[k] not in _WEEKDAYS:
            return inner
        if published is None:
            return k, None, [], False
        ahead = timedelta(days=(_WEEKDAYS[word] - published.weekday()) % 7)
        return (
            k,
            _shift(published, ahead),
            [f"“{word.title()}”, the first on or after the day of publication, {published}"],
            False,
        )
    number = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    if number:
        k = j + 1
        if (k + 1 < end and low[k] == "of") or (k < end and low[k] in ("st", "nd", "rd", "th")):
            k += 1
        month = _MONTHS.get(low[k].rstrip(".")) if k < end else None
        if month and (low[k] != "may" or not (k + 1 < end and low[k + 1] in ("be", "not"))):
            return _with_year(low, k + 1, end, month, int(number[1]), published)
        return None
    if (word.rstrip(".") in _MONTHS and word not in ("may", "march")) or (
        word in ("may", "march") and re.fullmatch(r"\d{1,4}(?:st|nd|rd|th)?", after)
    ):
        month = _MONTHS[word.rstrip(".")]
        k = j + 1
        if k < end and low[k] == ".":
            k += 1
        day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", low[k]) if k < end else None
        if day:
            return _with_year(low, k + 1, end, month, int(day[1]), published)
        if k < end and re.fullmatch(r"(?:19|20)\d\d", low[k]):
            return k + 1, _date(int(low[k]), month, 1), [], True
    return None


def _with_year(
    low: list[str], k: int, end: int, month: int, day: int, published: date | None
) -> tuple[int, date | None, list[str], bool]:
    at = k + 1 if k + 1 < end and low[k] == "," else k
    if at < end and re.fullmatch(r"(?:19|20)\d\d", low[at]):
        return at + 1, _date(int(low[at]), month, day), [], False
    if published is None:
        return k, None, [], False
    near = [
        one
        for year in (published.year - 1, published.year, published.year + 1)
        if (one := _date(year, month, day))
    ]
    if not near:
        return k, None, [], False
    best = min(near, key=lambda one: abs((one - published).days))
    return k, best, [f"the year nearest to the day of publication, {published}"], False


def _date(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if 1000 <= year <= 9000 else None


def _shift(day: date, ahead: timedelta) -> date | None:
    try:
        return day + ahead
    except OverflowError:
        return None


def is_past(sentence: Sentence, start: int, end: int, published: date | None) -> bool:
    """Whether a stretch is told of another time: "in 2015", "last year", "a decade ago"."""
    low = sentence.low
    limit = published.year if published else None
    for k in range(start, end):
        if (
            re.fullmatch(r"(?:19|20)\d\d", low[k])
            and limit
            and int(low[k]) < limit
            and k > 0
            and low[k - 1] in ("in", "during", "since", "of")
        ):
            return True
        if low[k] == "last" and k + 1 < end and low[k + 1] in ("year", "decade", "century"):
            return True
        if (
            low[k] == "ago"
            and k > 0
            and low[k - 1] in ("year", "years", "decade", "decades", "months")
        ):
            return True
    return False
