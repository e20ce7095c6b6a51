"""Times as tables write them: one column's way of writing is told from all of its cells.

03/04/2025 has no meaning by itself; a column in which 25/03/2025 stands too has one. What cannot be
told is asked, never guessed. Must not live here: times as people type them (typed.py).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from . import clock_questions, stated, typed, zones
from .errors import Invalid, Unclear
from .folding import UNSEEN
from .sentences import _
from .stated import Precision, Stated

FIRST_YEAR, LAST_YEAR = 1900, 2199
_UNSEEN = re.compile(f"[{UNSEEN}]")
_CLOCK = (
    r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_OFFSET = r"(?:\s*(?P<offset>Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_ISO = re.compile(
    rf"(?P<y>\d{{4}})[-/.](?P<mo>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:[T\s]+{_CLOCK}{_OFFSET})?"
)
_PACKED = re.compile(r"(?P<y>(?:19|20|21)\d\d)(?P<mo>\d\d)(?P<d>\d\d)")
_MONTH = re.compile(r"(?P<y>\d{4})-(?P<mo>\d{1,2})")
_SPLIT = re.compile(
    rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d\d)(?:[T\s,]+{_CLOCK}{_OFFSET})?"
)
_CLOCK_ALONE = re.compile(_CLOCK)
_SERIAL = re.compile(r"(?P<days>\d{5})(?:[.,](?P<part>\d+))?")
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")
_MEND = _("Write dates as 2025-03-18, or 2025-03-18 18:00.")
_DAY_ONE = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}
_SERIALS = range(20_000, 80_000)  # of 1954 to 2119, by the count from 1900


class Order(StrEnum):
    """Which of two numbers is the day."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of a column write times, as far as anybody said. Blank: nobody did."""

    order: str = ""
    serials: str = ""  # days that a spreadsheet counts, from 1900 or 1904


@dataclass(frozen=True, slots=True)
class Survey:
    """What is to be asked of a column: which of two numbers is the day; from when days count."""

    order: str = ""
    asks_order: bool = False
    has_both_orders: bool = False
    asks_serials: bool = False


def cleaned(text: str) -> str:
    """A cell without marks that nobody sees, its digits as ASCII ones."""
    plain = " ".join(_UNSEEN.sub("", text).split())
    if plain.isascii():
        return plain
    return "".join(
        str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in plain
    )


def survey(cells: Iterable[str]) -> Survey:
    """What all cells of a column together tell of how they are written."""
    days, months, open_ones, serials = 0, 0, 0, 0
    for cell in cells:
        text = cleaned(cell)
        if found := _SPLIT.fullmatch(text):
            first, second = int(found["a"]), int(found["b"])
            days += first > 12 and second <= 12
            months += second > 12 and first <= 12
            open_ones += first <= 12 and second <= 12 and first != second
        elif (found := _SERIAL.fullmatch(text)) and int(found["days"]) in _SERIALS:
            serials += 1
    order = "" if days and months else Order.DAY if days else Order.MONTH if months else ""
    return Survey(
        order=str(order),
        asks_order=bool(open_ones) and not order,
        has_both_orders=bool(days and months),
        asks_serials=bool(serials),
    )


def read(
    cell: str, manner: Manner, *, clock: str = "", zone: str = "", is_assumed: bool = False
) -> str:
    """The canonical text of a stated time. ``clock``: the time of day, where it has a cell of its
    own; ``zone``: by which it counts where the cell names none.

    Raises Invalid, and Unclear where the column's manner has to be said first.
    """
    text = cleaned(cell)
    if not text:
        raise Invalid(_("There is no date."), mend=_("Fill it in, or leave the line out."))
    local, precision, offset = _local(text, manner)
    if clock and (own := cleaned(clock)):
        if precision is not Precision.DAY:
            raise Invalid(
                _("“{text}” has a time of day already, and so has its own column.", text=text),
                mend=_("Map one of the two."),
            )
        found = _CLOCK_ALONE.fullmatch(own)
        if found is None:
            raise Invalid(_("“{own}” is no time of day.", own=own), mend=_("Write 18:30."))
        local, precision = _with_clock(local, found), Precision.MINUTE
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise Invalid(
            _("The year {year} is far away.", year=local.year),
            mend=_("Check the year; another calendar is not read."),
        )
    if offset is not None:
        exact = (local - offset).replace(tzinfo=UTC)
        return str(Stated(exact.replace(tzinfo=None), Precision.MINUTE, "UTC"))
    return str(Stated(local, precision, zone or None, is_assumed and bool(zone)))


def _local(text: str, manner: Manner) -> tuple[datetime, Precision, timedelta | None]:
    """The naive local time, how precise it is, and the offset that stands with it."""
    if found := _ISO.fullmatch(text):
        return _dated(text, found, int(found["y"]), int(found["mo"]), int(found["d"]))
    if found := _SPLIT.fullmatch(text):
        return _of_split(text, found, manner)
    if found := _MONTH.fullmatch(text):
        return _date(text, int(found["y"]), int(found["mo"]), 1), Precision.MONTH, None
    if found := _PACKED.fullmatch(text):
        day = _date(text, int(found["y"]), int(found["mo"]), int(found["d"]))
        return day, Precision.DAY, None
    if (found := _SERIAL.fullmatch(text)) and int(found["days"]) in _SERIALS:
        return _of_serial(text, found, manner)
    if _EPOCH.fullmatch(text):
        raise Invalid(
            _("“{text}” looks like seconds counted since 1970.", text=text),
            mend=_("Have the table write dates, such as 2025-03-18 18:00Z."),
        )
    if text.startswith(("=", "#")):
        raise Invalid(
            _("“{text}” is a formula or an error of a spreadsheet.", text=text[:40]),
            mend=_("Save the table with the values of its formulas."),
        )
    return _of_words(text)


def _dated(
    text: str, found: re.Match[str], year: int, month: int, day: int
) -> tuple[datetime, Precision, timedelta | None]:
    local = _date(text, year, month, day)
    if found["h"] is None:
        return local, Precision.DAY, None
    return _with_clock(local, found), Precision.MINUTE, _offset(found["offset"])


def _of_split(
    text: str, found: re.Match[str], manner: Manner
) -> tuple[datetime, Precision, timedelta | None]:
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    if len(found["y"]) == 2:
        year += 2000
    if first > 12 or second > 12 or first == second:
        order = Order.MONTH if second > 12 else Order.DAY
        if manner.order and first != second and manner.order != order:
            raise Invalid(
                _("“{text}” is no date by the order of the others in its column.", text=text),
                mend=_("Write dates as 2025-03-18."),
            )
    elif manner.order:
        order = Order(manner.order)
    else:
        raise Unclear(
            _("“{text}” can be meant in two ways. Which of the two numbers is the day?", text=text),
            field="order",
            answers=(),
        )
    day, month = (first, second) if order is Order.DAY else (second, first)
    return _dated(text, found, year, month, day)


def _of_serial(
    text: str, found: re.Match[str], manner: Manner
) -> tuple[datetime, Precision, timedelta | None]:
    if not manner.serials:
        raise Unclear(
            _("“{text}” looks like a day as spreadsheets count them.", text=text),
            field="serials",
            answers=(),
        )
    day = _DAY_ONE[manner.serials] + timedelta(days=int(found["days"]))
    local = datetime.combine(day, time.min)
    if not found["part"] or not int(found["part"]):
        return local, Precision.DAY, None
    minutes = round(float(f"0.{found['part']}") * 24 * 60)
    return local + timedelta(minutes=minutes), Precision.MINUTE, None


def _of_words(text: str) -> tuple[datetime, Precision, timedelta | None]:
    """As people type times: 18 March 2025, 18:00."""
    try:
        found = stated.parse(typed.typed(text))
    except Unclear as error:
        raise Invalid(error.message, mend=_MEND) from error
    except Invalid as error:
        raise Invalid(
            _("“{text}” cannot be read as a date.", text=text[:60]), mend=_MEND
        ) from error
    if found.local is None:
        raise Invalid(_("“{text}” is no date.", text=text), mend=_MEND)
    if found.zone is None:
        return found.local, found.precision, None
    if found.precision is not Precision.MINUTE:
        raise Invalid(
            _("“{text}” names a zone of its own.", text=text),
            mend=_("Put the zones into a column of their own."),
        )
    exact = zones.instant(found.local, found.zone)
    return exact.replace(tzinfo=None), Precision.MINUTE, timedelta()


def _date(text: str, year: int, month: int, day: int) -> datetime:
    try:
        return datetime.combine(date(year, month, day), time.min)
    except ValueError as error:
        raise Invalid(
            _("“{text}” is not a date that exists.", text=text), mend=_("Check day and month.")
        ) from error


def _with_clock(local: datetime, found: re.Match[str]) -> datetime:
    hour, minute, second = (int(found[name] or 0) for name in ("h", "m", "s"))
    if found["half"]:
        if not 1 <= hour <= 12:
            raise Invalid(
                _("There is no {hour} {found}.m.", hour=hour, found=found["half"]),
                mend=_("Write 18:00, or 6:00 pm."),
            )
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    if (hour, minute, second) == (24, 0, 0):
        return local + timedelta(days=1)
    if hour > 23 or minute > 59 or second > 59:
        raise Invalid(
            _("There is no {hour}:{minute:02} on a clock.", hour=hour, minute=minute),
            mend=_("Hours go from 00:00 to 24:00."),
        )
    return local.replace(hour=hour, minute=minute, second=second)


def _offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text in ("Z", "UTC", "GMT"):
        return timedelta()
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise Invalid(_("No clock is {text} from UTC.", text=text), mend=_("Mend the offset."))
    return sign * timedelta(hours=hours, minutes=minutes)


def zone_of(cell: str) -> str:
    """The zone that a cell names, by its city or its IANA name. Raises Invalid."""
    text = cleaned(cell)
    if re.fullmatch(r"(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d\d)?", text):
        raise Invalid(
            _("“{text}” is an offset and no zone.", text=text),
            mend=_("Name the zone by its city, or write the offset behind the time: 18:00+03:00."),
        )
    named = typed.zones_named(text.lower()) or (text,)
    if len(named) > 1:
        raise Invalid(
            _("“{text}” is the name of several zones: {named}.", text=text, named=", ".join(named)),
            mend=_("Name one of them."),
        )
    return zones.zone(named[0]).key


def note_of(canonical: str) -> str:
    """What is to be said of a clock time that never came or came twice, and how it is read."""
    asked = clock_questions.question(canonical)
    if asked is None:
        return ""
    told = asked.message.removesuffix(" What was meant?").removesuffix(" Which was meant?")
    before = _("It counts by the offset before the change.")
    rule = before if "never" in told else _("The first counts.")
    return f"{told} {rule}"
