"""Durations as agreements state them: ISO 8601, calendar parts apart from elapsed time.

``P30D`` and ``P2M`` are calendar arithmetic in a zone: years and months first (clamped to the
month's end), then weeks and days, then time, so that a change of offset keeps the wall clock.
``PT30H`` is elapsed time.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from . import zones
from .errors import Invalid
from .sentences import _

_FORM = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?",
    re.ASCII,
)
_TYPED = re.compile(r"(\d{1,9})[\s-]*(year|month|week|day|hour|minute|min|y|w|d|h)s?", re.ASCII)
_ONES = tuple(
    re.findall(
        r"\w+",
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen",
    )
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {
    **{word: number for number, word in enumerate(_ONES, start=1)},
    **{word: number for number, word in zip(range(20, 100, 10), _TENS, strict=True)},
}
_WORDED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<ones>{'|'.join(_ONES[:9])}))?"
    rf"|(?P<alone>{'|'.join(sorted(_ONES, key=len, reverse=True))})|(?P<article>an?))\b"
    r"(?=[- ](?:year|month|week|day|hour|minute))"
)
LONGEST_YEARS = 1000
_PARTS = {"year": "Y", "y": "Y", "month": "M", "week": "W", "w": "W", "day": "D", "d": "D"}
_TIME_PARTS = {"hour": "H", "h": "H", "minute": "M", "min": "M"}
DAY = timedelta(days=1)
NOMINAL_MONTH = 30 * DAY
NOMINAL_YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class Duration:
    """A stated length: calendar months and days, and elapsed time beside them. Never negative."""

    months: int = 0
    days: int = 0
    elapsed: timedelta = timedelta()

    @property
    def has_calendar(self) -> bool:
        return bool(self.months or self.days)

    @property
    def has_time(self) -> bool:
        return bool(self.elapsed)

    @property
    def nominal(self) -> timedelta:
        """Its length by rule of thumb: a day 24 h, a month 30 d, a year 365 d."""
        years, months = divmod(self.months, 12)
        return years * NOMINAL_YEAR + months * NOMINAL_MONTH + self.days * DAY + self.elapsed

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        calendar_part = (
            (f"{years}Y" if years else "")
            + (f"{months}M" if months else "")
            + (f"{self.days}D" if self.days else "")
        )
        hours, rest = divmod(int(self.elapsed.total_seconds()), 3600)
        minutes, seconds = divmod(rest, 60)
        time_part = (
            (f"{hours}H" if hours else "")
            + (f"{minutes}M" if minutes else "")
            + (f"{seconds}S" if seconds else "")
        )
        if not calendar_part and not time_part:
            return "PT0S"
        return "P" + calendar_part + ("T" + time_part if time_part else "")

    @property
    def words(self) -> str:
        """In English: ``2 months 3 days``."""
        years, months = divmod(self.months, 12)
        hours, rest = divmod(int(self.elapsed.total_seconds()), 3600)
        minutes, seconds = divmod(rest, 60)
        parts = {
            "year": years,
            "month": months,
            "day": self.days,
            "hour": hours,
            "minute": minutes,
            "second": seconds,
        }
        said = [f"{n} {unit}{'' if n == 1 else 's'}" for unit, n in parts.items() if n]
        return " ".join(said) or "no time"


def parse(text: str) -> Duration:
    """Read ``P30D``, ``P2M``, ``P1Y6M``, ``P2W``, ``PT30H``, ``P1DT12H``. Raises Invalid."""
    found = _FORM.fullmatch(text.strip())
    if found is None or not any(found.groupdict().values()):
        raise Invalid(
            _("“{text}” is not a duration.", text=text),
            field="duration",
            mend=_("Write P30D for 30 days, P2M for two months, PT30H for 30 hours."),
        )
    part = {name: int(value or 0) for name, value in found.groupdict().items()}
    if any(value > 999_999_999 for value in part.values()):
        raise Invalid(_("“{text}” is longer than the calendar.", text=text), field="duration")
    try:
        return Duration(
            months=part["years"] * 12 + part["months"],
            days=part["weeks"] * 7 + part["days"],
            elapsed=timedelta(
                hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"]
            ),
        )
    except OverflowError as error:
        raise Invalid(
            _("“{text}” is longer than the calendar.", text=text), field="duration"
        ) from error


def check_length(duration: Duration, text: str) -> None:
    """Raises Invalid for a duration that no term can have: none at all, or beyond a millennium."""
    if not duration.nominal:
        raise Invalid(
            _("“{text}” has no length.", text=text),
            field="duration",
            mend=_("Write P30D or PT30H."),
        )
    if duration.nominal > LONGEST_YEARS * NOMINAL_YEAR:
        raise Invalid(
            _(
                "“{text}” is longer than {longest_years} years.",
                text=text,
                longest_years=LONGEST_YEARS,
            ),
            field="duration",
            mend=_("Shorten it; for a term without end give no duration."),
        )


def typed(text: str) -> str:
    """What people type, as ISO 8601: ``30 days`` is ``P30D``, ``a month and 3 days`` ``P1M3D``.

    ISO 8601 itself is kept as it is. Raises Invalid for what is neither, and for a length that no
    term can have.
    """
    made = _typed(text)
    check_length(parse(made), text.strip())
    return made


def _plain(text: str) -> str:
    """The text with plain digits, and with numbers for number words."""
    folded = unicodedata.normalize("NFKC", text)
    digits = "".join(c if (d := unicodedata.decimal(c, None)) is None else str(d) for c in folded)
    grouped = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", digits.strip())
    return _WORDED.sub(_number, grouped.lower()) if not grouped.startswith("P") else grouped


def _number(found: "re.Match[str]") -> str:
    if found["article"]:
        return "1"
    ones = _NUMBERS.get(found["ones"] or found["alone"] or "", 0)
    return str(_NUMBERS.get(found["tens"] or "", 0) + ones)


def _typed(text: str) -> str:
    bare = _plain(text)
    if bare.startswith(("-", "−", "minus")):
        raise Invalid(
            _("“{text}” is less than nothing.", text=text.strip()),
            field="duration",
            mend=_("A duration runs forward: write 30 days."),
        )
    left = re.sub(r"[\s,]+|\band\b", " ", _TYPED.sub("", bare.lower())).strip()
    found = _TYPED.findall(bare.lower())
    if left or not found:
        parse(bare)
        return bare
    days = "".join(n + p for p in "YMWD" for n, unit in found if _PARTS.get(unit) == p)
    time = "".join(n + p for p in "HM" for n, unit in found if _TIME_PARTS.get(unit) == p)
    made = f"P{days}" + (f"T{time}" if time else "")
    try:
        parse(made)
    except Invalid as error:
        raise Invalid(
            _("“{bare}” is not a duration.", bare=bare), field="duration", mend=error.mend
        ) from error
    return made


def add_to_date(day: date, duration: Duration) -> date:
    """Calendar part only: months first, clamped to the month's end, then days.

    Raises Invalid beyond the years 1 to 9999.
    """
    index = day.year * 12 + (day.month - 1) + duration.months
    year, month = divmod(index, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        moved = date(year, month + 1, min(day.day, last))
        return moved + timedelta(days=duration.days)
    except (ValueError, OverflowError, IndexError) as error:
        raise Invalid(_("The date lies outside the calendar."), field="duration") from error


def add(at: datetime, duration: Duration, zone_name: str) -> datetime:
    """The instant ``duration`` after the UTC instant ``at``, by the zone's wall clock.

    A duration without calendar part is elapsed time. Raises Invalid outside the calendar.
    """
    try:
        if not duration.has_calendar:
            return at + duration.elapsed
        wall = zones.local(at, zone_name)
        moved = datetime.combine(add_to_date(wall.date(), duration), wall.time())
        return zones.instant(moved, zone_name) + duration.elapsed
    except OverflowError as error:
        raise Invalid(_("The date lies outside the calendar."), field="duration") from error


def subtract(at: datetime, duration: Duration, zone_name: str) -> datetime:
    """The instant ``duration`` before ``at``: months back (clamped), then days, then time."""
    try:
        wall = zones.local(at, zone_name)
        back = add_to_date(wall.date(), Duration(months=-duration.months, days=-duration.days))
        moved = datetime.combine(back, wall.time())
        base = zones.instant(moved, zone_name) if duration.has_calendar else at
        return base - duration.elapsed
    except OverflowError as error:
        raise Invalid(_("The date lies outside the calendar."), field="duration") from error
