"""Times as people type them: “18 Mar 2025, 18:00 Moscow” becomes the canonical text of stated.py.

Nothing is guessed. What can be meant in several ways is a question with its answers (``Unclear``);
what is not given (the hour, the zone) stays not given. A part that is not understood refuses all.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from . import stated, zones
from .errors import Invalid
from .sentences import _
from .typed_meanings import MEND, Clock, Day, Parts, meaning, unread
from .typed_patterns import (
    BARE_OFFSET,
    CLOCK_T,
    DATES,
    NAMED,
    OFFSET,
    SHORT_YEAR,
    TIMES,
    ZULU,
    any_of,
)
from .typed_tables import (
    ABBREVIATIONS,
    ABOUT,
    ASSUMED,
    FILLERS,
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
GAP = "\x1f"  # stands where a part was taken out
HOUR = timedelta(hours=1)


def typed(text: str) -> str:
    """The canonical text of a stated time. Raises Unclear where it can be meant in several ways,
    Invalid where it cannot be read; both say how to mend it.
    """
    shown = text.strip()[:60]
    plain = _plain(text)
    if len(plain) > LONGEST:
        raise Invalid(_("That is too long for a time."), field="time", mend=MEND)
    canonical = _canonical(plain)
    if canonical:
        return canonical
    lower = plain.lower()
    if lower in UNKNOWN:
        return str(stated.UNKNOWN)
    try:
        found = _read(lower, plain)
        return meaning(found, shown)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Invalid):
            raise
        raise unread(shown) from error


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


def _read(lower: str, plain: str) -> Parts:
    found, rest = Parts(), f" {lower} "
    if re.search(r"\blocal time\b", rest):
        raise Invalid(
            _("Whose local time is meant is not said."),
            field="time",
            mend=_("Name the city instead: 18 Mar 2025, 18:00 Kyiv."),
        )
    has_no_time, rest = _take(rest, NO_TIME)
    _has_no_day, rest = _take(rest, NO_DAY)
    has_no_zone, rest = _take(rest, NO_ZONE)
    is_assumed, rest = _take(rest, ASSUMED)
    is_about, rest = _take(rest, ABOUT)
    is_about = is_about or "~" in rest or "≈" in rest
    rest = rest.replace("~", " ").replace("≈", " ")
    found.is_assumed = is_assumed or "?" in rest or has_no_zone
    rest = _take_date(found, CLOCK_T.sub(" ", rest))
    rest = _take_offset(found, rest)
    rest = _take_clock(found, rest, is_about=is_about)
    rest = _take_weekday(found, rest)
    if has_no_time and found.clocks != [None]:
        raise Invalid(
            _("It gives a clock time and says that none was stated."),
            field="time",
            mend=_("Leave out one of them."),
        )
    if is_about and found.clocks == [None]:
        raise Invalid(
            _("About which hour is not said."),
            field="time",
            mend=_("Write about 18h, 18 Mar 2025."),
        )
    _take_zone(found, rest.replace("?", " "), plain)
    return found


def _take(rest: str, phrases: Sequence[str]) -> tuple[bool, str]:
    left = re.sub(rf"(?<!\w)(?:{any_of(phrases)})(?!\w)", GAP, rest)
    return left != rest, left


def _cut(rest: str, found: "re.Match[str]") -> str:
    return f"{rest[: found.start()]}{GAP}{rest[found.end() :]}"


def _take_date(parts: Parts, rest: str) -> str:
    for pattern in DATES:
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
                parts.questions.append(_("Which number is the month is not clear."))
            return rest
        month = MONTHS[named["name"]] if named.get("name") else int(named["m"])
        parts.days = [Day(int(year), month, int(named.get("d") or 0))]
        if named.get("d") and not parts.days[0].day:
            raise Invalid(_("Days are counted from 1."), field="time", mend=MEND)
        return rest
    if SHORT_YEAR.search(rest):
        raise Invalid(
            _("The year has two digits only."), field="time", mend=_("Write all four of them.")
        )
    raise Invalid(_("The day is missing, or cannot be read."), field="time", mend=MEND)


def _year_elsewhere(rest: str) -> tuple[str, str]:
    """The year of a day whose year stands apart. Raises Invalid where there is none."""
    years = list(re.finditer(r"(?<![\d:.+-])\d{4}(?![\d:]|\s?(?:h|hrs|hours)\b)", rest))
    if len(years) != 1:
        raise Invalid(_("The year is missing."), field="time", mend=_("Write it with four digits."))
    return years[0][0], _cut(rest, years[0])


def _either(first: int, second: int, year: int) -> list[Day]:
    """3/4/2025: the third of April or the fourth of March, where both exist and differ."""
    ways = [(second, first), (first, second)]
    days = [Day(year, month, day, words=_date_words(year, month, day)) for month, day in ways]
    real = [one for one in dict.fromkeys(days) if one.words]
    return real or days[:1]


def _date_words(year: int, month: int, day: int) -> str:
    try:
        return f"{day} {date(year, month, day):%B %Y}"
    except ValueError:
        return ""


def _take_offset(parts: Parts, rest: str) -> str:
    for pattern in (OFFSET, BARE_OFFSET):
        found = pattern.search(rest)
        if found is None:
            continue
        hours, minutes = int(found["h"]), int(found["m"] or 0)
        length = timedelta(hours=hours, minutes=minutes)
        if minutes > 59 or length > 15 * HOUR:
            raise Invalid(
                _("No clock is {value} from UTC.", value=found[0].strip()),
                field="time",
                mend=_("Mend the offset."),
            )
        parts.offset = -length if found["sign"] == "-" else length
        return _cut(rest, found)
    found = ZULU.search(rest)
    if found is not None:
        parts.offset = timedelta()
        return _cut(rest, found)
    return rest


def _take_clock(parts: Parts, rest: str, *, is_about: bool) -> str:
    named = NAMED.search(rest)
    if named is not None:
        if named["word"] in NOON:
            parts.clocks = [Clock(12, is_about=is_about)]
        else:
            parts.clocks = [
                Clock(0, is_about=is_about, words=_("00:00, as that day begins")),
                Clock(24, is_about=is_about, words=_("24:00, as that day ends")),
            ]
            parts.questions.append(_("Which midnight is meant is not clear."))
        return _no_more(_cut(rest, named))
    for pattern in TIMES:
        found = pattern.search(rest)
        if found is None:
            continue
        given = found.groupdict()
        clock = Clock(
            _hour(int(given["h"]), given.get("half")),
            int(given.get("m") or 0),
            int(given.get("s") or 0),
            is_about or pattern is TIMES[-1],
        )
        parts.clocks = _in_ways(clock, parts)
        return _no_more(_cut(rest, found))
    return rest


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise Invalid(
            _("There is no {hour} {half}.m.", hour=hour, half=half),
            field="time",
            mend=_("Write 18:00, or 6 p.m."),
        )
    return hour % 12 + (12 if half == "p" else 0)


def _in_ways(clock: Clock, parts: Parts) -> list[Clock | None]:
    """About half past six is no whole hour: which of the two is meant is a question."""
    if not clock.is_about or not (clock.minute or clock.second):
        return [clock]
    parts.questions.append(_("“About” is kept to the hour only."))
    exact = f"{clock.hour:02}:{clock.minute:02}"
    return [
        Clock(clock.hour, is_about=True, words=_("about {hour:02}:00", hour=clock.hour)),
        Clock(
            clock.hour, clock.minute, clock.second, words=_("{exact} to the minute", exact=exact)
        ),
    ]


def _no_more(rest: str) -> str:
    if any(pattern.search(rest) for pattern in TIMES):
        raise Invalid(
            _("Two clock times are given."),
            field="time",
            mend=_("Write one, with the zone it is in."),
        )
    return rest


def _take_weekday(parts: Parts, rest: str) -> str:
    found = re.search(rf"(?<![\w/])(?P<day>{any_of(tuple(WEEKDAYS))})(?![\w/])\.?", rest)
    if found is None:
        return rest
    parts.weekday = WEEKDAYS[found["day"]]
    return _cut(rest, found)


def _take_zone(parts: Parts, rest: str, plain: str) -> None:
    """What is left names the zone, or is not understood."""
    left = [named for piece in re.split(rf"[{GAP}(),;]", rest) if (named := _bare(piece))]
    if not left:
        if parts.is_assumed and "?" in plain:
            raise Invalid(_("Which zone is assumed is not said."), field="zone", mend=_("Name it."))
        return
    if len(left) > 1:
        left = [" ".join(left)] if zones_named(" ".join(left)) else left
    found = [zones_named(piece) for piece in left]
    for piece, candidates in zip(left, found, strict=True):
        if not candidates:
            raise _not_understood(piece, plain)
    if len(left) > 1:
        raise Invalid(
            _("Two zones are given: {left}.", left=" and ".join(left)),
            field="zone",
            mend=_("Name one of them."),
        )
    parts.zones = list(found[0])
    if len(parts.zones) > 1:
        parts.questions.append(_("“{name}” is the name of several zones.", name=left[0].upper()))


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
        mend = _("If a zone is meant: {zones}?", zones=" or ".join(close))
    else:
        mend = _("A zone is named by its city, by Europe/Kyiv or as UTC+3. {mend}", mend=MEND)
    return Invalid(_("“{shown}” is not understood.", shown=shown), field="time", mend=mend)


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
