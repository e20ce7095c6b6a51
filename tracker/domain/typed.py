"""Times as people type them: “18 Mar 2025, 18:00 Moscow” becomes the canonical text of stated.py.

Nothing is guessed. What can be meant in several ways is a question with its answers (``Unclear``);
what is not given (the hour, the zone) stays not given. A part that is not understood refuses all.
"""

import calendar
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import product

from . import stated, zones
from .errors import Answer, Invalid, Unclear
from .typed_tables import (
    ABBREVIATIONS,
    ABOUT,
    ASSUMED,
    FILLERS,
    MIDNIGHT,
    MONTHS,
    NO_DAY,
    NO_TIME,
    NO_ZONE,
    NOON,
    PLACES,
    UNKNOWN,
    WEEKDAYS,
)

LONGEST = 200  # characters; nobody writes a time in more
MEND = "Write 18 Mar 2025, 18:00 Moscow; or 2025-03-18 18:00 Europe/Moscow; or 2025-03-18T15:00Z."
GAP = "\x1f"  # stands where a part was taken out
HOUR = timedelta(hours=1)
NEAR = range(1900, 2200)  # years that need no second look


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_MONTH = rf"(?P<name>{_any(tuple(MONTHS))})\b\.?"
_NTH = r"(?:st|nd|rd|th|er|-?(?:го|е|ше|те))?"
_ALONE, _ENDS = r"(?<![\d:.,/+\-])", r"(?![\d:./\-]?\d)"
_DATES = (
    re.compile(rf"{_ALONE}(?P<y>\d{{4}})(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)"),
    re.compile(rf"{_ALONE}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"{_ALONE}(?P<a>\d{{1,2}})(?P<s>[-/])(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"{_ALONE}(?P<m>\d{{1,2}})[./](?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"{_ALONE}(?P<y>\d{{4}})[-/](?P<m>\d{{1,2}}){_ENDS}"),
    re.compile(
        rf"{_ALONE}(?P<d>\d{{1,2}}){_NTH}\s*(?:of\s+|de\s+)?{_MONTH}(?:\s*,?\s*(?P<y>\d{{4}})(?!\d))?"
    ),
    re.compile(
        rf"(?:(?P<y2>\d{{4}})\s+)?(?<!\w){_MONTH}\s*(?P<d>\d{{1,2}}){_NTH}(?![\d:h])"
        rf"(?:\s*,?\s*(?P<y>\d{{4}})(?!\d))?"
    ),
    re.compile(rf"(?<!\w){_MONTH}\s*,?\s*(?P<y>\d{{4}})(?!\d)"),
)
_SHORT_YEAR = re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1\d{2}(?!\d)")
_HALF = r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)"
_NAMED = re.compile(rf"(?:\b12(?::00)?\s*)?(?<!\w)(?P<word>{_any((*NOON, *MIDNIGHT))})(?!\w)")
_TIMES = (
    re.compile(
        rf"(?<![\d:])(?P<h>\d{{1,2}})\s?[:.h]\s?(?P<m>\d{{2}})(?:[:.](?P<s>\d{{2}}))?(?!\d){_HALF}?"
    ),
    re.compile(rf"(?<![\d:])(?P<h>\d{{1,2}}){_HALF}"),
    re.compile(r"(?<![\d:])(?P<h>\d{2})(?P<m>\d{2})\s?(?:hrs|hours|h)\b"),
    re.compile(r"(?<![\d:])(?P<h>\d{1,2})\s?h\b"),
)
_OFFSET = re.compile(
    r"(?<![\w/])(?:utc|gmt)\s?(?P<sign>[+-])\s?(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?(?!\d)"
)
_BARE_OFFSET = re.compile(r"(?<=[\d\s])(?P<sign>[+-])(?P<h>\d{2}):?(?P<m>\d{2})(?!\d)")
_ZULU = re.compile(r"(?<=\d)z\b")
_CLOCK_T = re.compile(r"(?<=\d)t(?=\d)")


@dataclass(frozen=True, slots=True)
class _Day:
    """A date, or (day 0) a month."""

    year: int
    month: int
    day: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day; ``hour`` 24: the end of the day. ``words`` tell it from another meaning."""

    hour: int
    minute: int = 0
    second: int = 0
    is_about: bool = False
    words: str = ""


@dataclass(slots=True)
class _Parts:
    """What was found in a text, each in every way in which it can be meant."""

    days: list[_Day] = field(default_factory=list)
    clocks: list[_Clock | None] = field(default_factory=lambda: [None])
    zones: list[str] = field(default_factory=lambda: [""])
    offset: timedelta | None = None
    weekday: int | None = None
    is_assumed: bool = False
    questions: list[str] = field(default_factory=list)


def typed(text: str) -> str:
    """The canonical text of a stated time. Raises Unclear where it can be meant in several ways,
    Invalid where it cannot be read; both say how to mend it.
    """
    shown = text.strip()[:60]
    plain = _plain(text)
    if len(plain) > LONGEST:
        raise Invalid("That is too long for a time.", field="time", mend=MEND)
    canonical = _canonical(plain)
    if canonical:
        return canonical
    lower = plain.lower()
    if lower in UNKNOWN:
        return str(stated.UNKNOWN)
    try:
        found = _read(lower, plain)
        return _one(found, shown)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Invalid):
            raise
        raise _unread(shown) from error


def _unread(text: str) -> Invalid:
    return Invalid(f"“{text}” is not a time that can be read.", field="time", mend=MEND)


def _plain(text: str) -> str:
    """One line with plain digits, signs and blanks; what is not seen is left out."""
    folded = unicodedata.normalize("NFKC", text)
    seen = "".join(_sign(c) for c in folded if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    return " ".join(seen.split())


def _sign(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character in "−–‐‑‒—":
        return "-"
    if character in "’ʼ":
        return "'"
    return {"،": ",", "؛": ";", "؟": "?"}.get(character, character)


def _canonical(plain: str) -> str:
    """The text itself where it is canonical; blank where it is not, or its zone is a question."""
    if plain.rpartition(" ")[2].lstrip("?").lower() in ABBREVIATIONS:
        return ""
    try:
        return str(stated.parse(plain))
    except Invalid:
        return ""


def _read(lower: str, plain: str) -> _Parts:
    found, rest = _Parts(), f" {lower} "
    if re.search(r"\blocal time\b", rest):
        raise Invalid(
            "Whose local time is meant is not said.",
            field="time",
            mend="Name the city instead: 18 Mar 2025, 18:00 Kyiv.",
        )
    has_no_time, rest = _take(rest, NO_TIME)
    _has_no_day, rest = _take(rest, NO_DAY)
    has_no_zone, rest = _take(rest, NO_ZONE)
    is_assumed, rest = _take(rest, ASSUMED)
    is_about, rest = _take(rest, ABOUT)
    is_about = is_about or "~" in rest or "≈" in rest
    rest = rest.replace("~", " ").replace("≈", " ")
    found.is_assumed = is_assumed or "?" in rest or has_no_zone
    rest = _take_date(found, _CLOCK_T.sub(" ", rest))
    rest = _take_offset(found, rest)
    rest = _take_clock(found, rest, is_about=is_about)
    rest = _take_weekday(found, rest)
    if has_no_time and found.clocks != [None]:
        raise Invalid(
            "It gives a clock time and says that none was stated.",
            field="time",
            mend="Leave out one of them.",
        )
    if is_about and found.clocks == [None]:
        raise Invalid(
            "About which hour is not said.", field="time", mend="Write about 18h, 18 Mar 2025."
        )
    _take_zone(found, rest.replace("?", " "), plain)
    return found


def _take(rest: str, phrases: Sequence[str]) -> tuple[bool, str]:
    left = re.sub(rf"(?<!\w)(?:{_any(phrases)})(?!\w)", GAP, rest)
    return left != rest, left


def _cut(rest: str, found: "re.Match[str]") -> str:
    return f"{rest[: found.start()]}{GAP}{rest[found.end() :]}"


def _take_date(parts: _Parts, rest: str) -> str:
    for pattern in _DATES:
        found = pattern.search(rest)
        if found is None:
            continue
        named = found.groupdict()
        rest = _cut(rest, found)
        year = named.get("y") or named.get("y2")
        if year is None:
            year, rest = _year_elsewhere(rest)
        if "a" in named:
            parts.days = _either(int(named["a"]), int(named["b"]), int(year))
            if len(parts.days) > 1:
                parts.questions.append("Which number is the month is not clear.")
            return rest
        month = MONTHS[named["name"]] if named.get("name") else int(named["m"])
        parts.days = [_Day(int(year), month, int(named.get("d") or 0))]
        if named.get("d") and not parts.days[0].day:
            raise Invalid("Days are counted from 1.", field="time", mend=MEND)
        return rest
    if _SHORT_YEAR.search(rest):
        raise Invalid("The year has two digits only.", field="time", mend="Write all four of them.")
    raise Invalid("The day is missing, or cannot be read.", field="time", mend=MEND)


def _year_elsewhere(rest: str) -> tuple[str, str]:
    """The year of a day whose year stands apart. Raises Invalid where there is none."""
    years = list(re.finditer(r"(?<![\d:.+-])\d{4}(?![\d:]|\s?(?:h|hrs|hours)\b)", rest))
    if len(years) != 1:
        raise Invalid("The year is missing.", field="time", mend="Write it with four digits.")
    return years[0][0], _cut(rest, years[0])


def _either(first: int, second: int, year: int) -> list[_Day]:
    """3/4/2025: the third of April or the fourth of March, where both exist and differ."""
    ways = [(second, first), (first, second)]
    days = [_Day(year, month, day, words=_date_words(year, month, day)) for month, day in ways]
    real = [one for one in dict.fromkeys(days) if one.words]
    return real or days[:1]


def _date_words(year: int, month: int, day: int) -> str:
    try:
        return f"{day} {date(year, month, day):%B %Y}"
    except ValueError:
        return ""


def _take_offset(parts: _Parts, rest: str) -> str:
    for pattern in (_OFFSET, _BARE_OFFSET):
        found = pattern.search(rest)
        if found is None:
            continue
        hours, minutes = int(found["h"]), int(found["m"] or 0)
        length = timedelta(hours=hours, minutes=minutes)
        if minutes > 59 or length > 15 * HOUR:
            raise Invalid(
                f"No clock is {found[0].strip()} from UTC.", field="time", mend="Mend the offset."
            )
        parts.offset = -length if found["sign"] == "-" else length
        return _cut(rest, found)
    found = _ZULU.search(rest)
    if found is not None:
        parts.offset = timedelta()
        return _cut(rest, found)
    return rest


def _take_clock(parts: _Parts, rest: str, *, is_about: bool) -> str:
    named = re.search(
        rf"(?:\b12(?::00)?\s*)?(?<!\w)(?P<word>{_any((*NOON, *MIDNIGHT))})(?!\w)", rest
    )
    if named is not None:
        if named["word"] in NOON:
            parts.clocks = [_Clock(12, is_about=is_about)]
        else:
            parts.clocks = [
                _Clock(0, is_about=is_about, words="00:00, as that day begins"),
                _Clock(24, is_about=is_about, words="24:00, as that day ends"),
            ]
            parts.questions.append("Which midnight is meant is not clear.")
        return _no_more(_cut(rest, named))
    for pattern in _TIMES:
        found = pattern.search(rest)
        if found is None:
            continue
        given = found.groupdict()
        clock = _Clock(
            _hour(int(given["h"]), given.get("half")),
            int(given.get("m") or 0),
            int(given.get("s") or 0),
            is_about or pattern is _TIMES[-1],
        )
        parts.clocks = _in_ways(clock, parts)
        return _no_more(_cut(rest, found))
    return rest


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise Invalid(f"There is no {hour} {half}.m.", field="time", mend="Write 18:00, or 6 p.m.")
    return hour % 12 + (12 if half == "p" else 0)


def _in_ways(clock: _Clock, parts: _Parts) -> list[_Clock | None]:
    """About half past six is no whole hour: which of the two is meant is a question."""
    if not clock.is_about or not (clock.minute or clock.second):
        return [clock]
    parts.questions.append("“About” is kept to the hour only.")
    exact = f"{clock.hour:02}:{clock.minute:02}"
    return [
        _Clock(clock.hour, is_about=True, words=f"about {clock.hour:02}:00"),
        _Clock(clock.hour, clock.minute, clock.second, words=f"{exact} to the minute"),
    ]


def _no_more(rest: str) -> str:
    if any(pattern.search(rest) for pattern in _TIMES):
        raise Invalid(
            "Two clock times are given.", field="time", mend="Write one, with the zone it is in."
        )
    return rest


def _take_weekday(parts: _Parts, rest: str) -> str:
    found = re.search(rf"(?<![\w/])(?P<day>{_any(tuple(WEEKDAYS))})(?![\w/])\.?", rest)
    if found is None:
        return rest
    parts.weekday = WEEKDAYS[found["day"]]
    return _cut(rest, found)


def _take_zone(parts: _Parts, rest: str, plain: str) -> None:
    """What is left names the zone, or is not understood."""
    left = [named for piece in re.split(rf"[{GAP}(),;]", rest) if (named := _bare(piece))]
    if not left:
        if parts.is_assumed and "?" in plain:
            raise Invalid("Which zone is assumed is not said.", field="zone", mend="Name it.")
        return
    if len(left) > 1:
        left = [" ".join(left)] if zones_named(" ".join(left)) else left
    found = [zones_named(piece) for piece in left]
    for piece, candidates in zip(left, found, strict=True):
        if not candidates:
            raise _not_understood(piece, plain)
    if len(left) > 1:
        raise Invalid(
            f"Two zones are given: {' and '.join(left)}.", field="zone", mend="Name one of them."
        )
    parts.zones = list(found[0])
    if len(parts.zones) > 1:
        parts.questions.append(f"“{left[0].upper()}” is the name of several zones.")


def _bare(piece: str) -> str:
    words = piece.strip(" .:'\"[]-").split()
    while words and words[0] in FILLERS:
        words.pop(0)
    while words and words[-1] in FILLERS:
        words.pop()
    return " ".join(words)


def _not_understood(piece: str, plain: str) -> Invalid:
    at = plain.lower().find(piece)
    shown = plain[at : at + len(piece)] if at >= 0 else piece
    close = zones.nearest(piece) if not any(c.isdigit() for c in piece) else []
    if close:
        mend = f"If a zone is meant: {' or '.join(close)}?"
    else:
        mend = f"A zone is named by its city, by Europe/Kyiv or as UTC+3. {MEND}"
    return Invalid(f"“{shown}” is not understood.", field="time", mend=mend)


def zones_named(name: str) -> tuple[str, ...]:
    """The zones that a name in lower case may mean; none where it means none."""
    if name in ABBREVIATIONS:
        return ABBREVIATIONS[name]
    if name in PLACES:
        return (PLACES[name],)
    known = _by_name().get(name.replace(" ", "_"))
    return (known,) if known else ()


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """IANA zones by their name and by their city, lower case; of equals the more exactly placed."""
    found: dict[str, str] = {}
    names = sorted(zones.names(), key=lambda one: (one.count("/"), one))
    for name in names:
        if "/" in name and not name.startswith(("Etc/", "US/", "SystemV/", "posix/", "right/")):
            found[name.rsplit("/", 1)[-1].lower()] = name
    return found | {name.lower(): name for name in names}


def _one(parts: _Parts, shown: str) -> str:
    """The text of the one meaning. Raises Unclear where there are several."""
    answers: dict[str, str] = {}
    refused: Invalid | None = None
    for day, clock, zone in product(parts.days, parts.clocks, parts.zones):
        told = [one for one in (day.words, clock.words if clock else "") if one]
        if len(parts.zones) > 1:
            told.append(zone)
        try:
            answers.setdefault(_text(parts, day, clock, zone), ", ".join(told))
        except Invalid as error:
            refused = error
    if not answers:
        raise refused or _unread(shown)
    if len(answers) == 1:
        return next(iter(answers))
    question = " ".join(parts.questions)
    raise Unclear(
        f"“{shown}” can be meant in several ways. {question}",
        field="time",
        answers=(Answer(text, words) for text, words in answers.items()),
    )


def _text(parts: _Parts, day: _Day, clock: _Clock | None, zone: str) -> str:
    if day.year not in NEAR:
        raise Invalid(
            f"The year {day.year} is far away.",
            field="time",
            mend="If it is meant, write it as 1404-01-15; another calendar’s year is not read.",
        )
    if clock is not None and not day.day:
        raise Invalid("The hour of a month is given.", field="time", mend="Give the day too.")
    try:
        local = datetime.combine(date(day.year, day.month, day.day or 1), time.min)
    except ValueError as error:
        raise Invalid(
            f"There is no {_named(day)}.",
            field="time",
            mend="Check the day and the month.",
        ) from error
    if parts.weekday is not None and day.day and local.weekday() != parts.weekday:
        raise Invalid(
            f"{local:%d %B %Y} is a {local:%A}.", field="time", mend="Mend the day or the weekday."
        )
    if clock is not None:
        if clock.hour == 24 and clock.is_about:
            local, clock = local + timedelta(days=1), _Clock(0, is_about=True)
        return _precise(parts, _at(local, clock), clock, zone)
    if parts.offset is not None:
        raise Invalid(
            "A whole day needs a zone, not an offset.",
            field="zone",
            mend="Name the city by whose clocks the day is counted, or give the clock time.",
        )
    text = local.strftime("%Y-%m-%d" if day.day else "%Y-%m")
    return str(stated.parse(_in_zone(text, zone, is_assumed=parts.is_assumed)))


def _named(day: _Day) -> str:
    name = calendar.month_name[day.month] if 1 <= day.month <= 12 else f"month {day.month}"
    return f"{day.day} {name} {day.year}".removeprefix("0 ")


def _at(local: datetime, clock: _Clock) -> datetime:
    if clock.hour == 24 and not clock.minute and not clock.second:
        return local + timedelta(days=1)
    if clock.hour > 23 or clock.minute > 59 or clock.second > 59:
        raise Invalid(
            f"There is no {clock.hour}:{clock.minute:02} on a clock.",
            field="time",
            mend="Hours go from 00:00 to 24:00.",
        )
    return local.replace(hour=clock.hour, minute=clock.minute, second=clock.second)


def _precise(parts: _Parts, local: datetime, clock: _Clock, zone: str) -> str:
    """The text of a clock time: by its zone, or by the offset that is given with it."""
    form = "%Y-%m-%d %Hh" if clock.is_about else "%Y-%m-%d %H:%M:%S"
    if parts.offset is None:
        text = _in_zone(local.strftime(form), zone, is_assumed=parts.is_assumed)
        return str(stated.parse(text))
    exact = (local - parts.offset).replace(tzinfo=UTC)
    if zone:
        return _by_both(local, exact, zone, form)
    if clock.is_about and exact.minute:
        raise Invalid(
            "About an hour is kept by whole hours from UTC.",
            field="time",
            mend="Name the zone by its city, or give the time to the minute.",
        )
    return str(stated.parse(_in_zone(exact.strftime(form), "UTC", is_assumed=False)))


def _by_both(local: datetime, exact: datetime, zone: str, form: str) -> str:
    """A zone and an offset: they must agree, and the offset tells a repeated hour apart."""
    if zones.local(exact, zone) != local:
        said = zones.offset_words(zones.instant(local, zone), zone)
        raise Invalid(
            f"{zone} is at {said} then, not at the offset that is given.",
            field="zone",
            mend="Leave out one of them.",
        )
    if zones.instant(local, zone) != exact:
        return str(stated.parse(exact.strftime("%Y-%m-%dT%H:%M:%SZ")))
    return str(stated.parse(_in_zone(local.strftime(form), zone, is_assumed=False)))


def _in_zone(text: str, zone: str, *, is_assumed: bool) -> str:
    if not zone:
        return text
    return f"{text} {'?' if is_assumed else ''}{zone}"
