"""A day, a clock time or a zone, read off the tokens of a sentence."""

import re
from datetime import date, timedelta

from .text import Sentence

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}


_WEEKDAYS = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}


_ZONES = {
    "gmt": "UTC",
    "utc": "UTC",
    "moscow time": "Europe/Moscow",
    "kyiv time": "Europe/Kyiv",
    "kiev time": "Europe/Kyiv",
    "beirut time": "Asia/Beirut",
    "israel time": "Asia/Jerusalem",
    "damascus time": "Asia/Damascus",
    "baghdad time": "Asia/Baghdad",
    "sanaa time": "Asia/Aden",
    "tehran time": "Asia/Tehran",
    "baku time": "Asia/Baku",
    "yerevan time": "Asia/Yerevan",
    "khartoum time": "Africa/Khartoum",
    "juba time": "Africa/Juba",
    "tripoli time": "Africa/Tripoli",
    "addis ababa time": "Africa/Addis_Ababa",
    "cairo time": "Africa/Cairo",
    "doha time": "Asia/Qatar",
    "new delhi time": "Asia/Kolkata",
    "ist": "",
    "paris time": "Europe/Paris",
    "eet": "",
    "est": "",
    "kabul time": "Asia/Kabul",
    "bogota time": "America/Bogota",
    "ankara time": "Europe/Istanbul",
    "msk": "Europe/Moscow",
    "bst": "Europe/London",
    "addis time": "Africa/Addis_Ababa",
    "local time": "",
    "indian standard time": "Asia/Kolkata",
    "indian time": "Asia/Kolkata",
    "pakistan standard time": "Asia/Karachi",
    "pakistan time": "Asia/Karachi",
    "gaza time": "Asia/Gaza",
    "bangkok time": "Asia/Bangkok",
    "yangon time": "Asia/Yangon",
    "kinshasa time": "Africa/Kinshasa",
    "goma time": "Africa/Lubumbashi",
    "eastern time": "America/New_York",
    "caracas time": "America/Caracas",
    "moscow": "Europe/Moscow",
    "kyiv": "Europe/Kyiv",
    "nairobi time": "Africa/Nairobi",
    "jerusalem time": "Asia/Jerusalem",
}


_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)|([01]\d|2[0-4])([0-5]\d)")


def read_zone(low: list[str], j: int, end: int) -> tuple[int, str | None] | None:
    for size in (3, 2, 1):
        said = " ".join(low[j : j + size])
        if j + size <= end and said in _ZONES:
            return j + size, _ZONES[said] or None
    return None


def read_clock(
    low: list[str], j: int, end: int, *, start: bool
) -> tuple[int, tuple[int, int], bool] | None:
    word = low[j]
    after = low[j + 1] if j + 1 < end else ""
    if word == "midnight":
        return j + 1, (0, 0), True
    if word in ("noon", "midday"):
        return j + 1, (12, 0), False
    if word == "12" and after in ("noon", "midday", "midnight"):
        return j + 2, (12 if after != "midnight" else 0, 0), after == "midnight"
    found = _CLOCK.fullmatch(word)
    if found and (
        found[1] or after in ("gmt", "utc", "hours", "hrs", "h", "local") or low[j - 1] == "at"
    ):
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
            j + (2 if after in ("hours", "hrs", "h") else 1),
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


_BEFORE = frozenset(("since", "last", "previous"))


def read_day(
    low: list[str], j: int, end: int, published: date | None
) -> tuple[int, date | None, list[str], bool] | None:
    """A day from token ``j`` on: where it stops, the day, what it rests on, only a month."""
    word = low[j]
    after = low[j + 1] if j + 1 < end else ""
    figure = word[:1].isdigit()
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", word) if figure else None
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", word) if figure else None
    if iso:
        return j + 1, _date(int(iso[1]), int(iso[2]), int(iso[3])), [], False
    if dotted:
        return j + 1, _date(int(dotted[3]), int(dotted[2]), int(dotted[1])), [], False
    if word in ("today", "tonight", "tomorrow") and after == "," and j + 2 < end:
        dated = read_day(low, j + 2, end, published) if low[j + 2].rstrip(".") in MONTHS else None
        if dated is not None:
            return dated
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
            and (inner := read_day(low, k + 1, end, published))
            and low[k + 1] not in _WEEKDAYS
        ):
            return inner
        if (inner := read_day(low, k, end, published) if k < end else None) and low[
            k
        ] not in _WEEKDAYS:
            return inner
        if published is None:
            return k, None, [], False
        days = (_WEEKDAYS[word] - published.weekday()) % 7
        side = "first on or after"
        if j and (low[j - 1] in _BEFORE or (low[j - 1] == "late" and low[j - 2] == "since")):
            days, side = days - 7 if days or low[j - 1] == "last" else 0, "last before"
        return (
            k,
            _shift(published, timedelta(days=days)),
            [f"“{word.title()}”, the {side} the day of publication, {published}"],
            False,
        )
    number = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word) if figure else None
    if number:
        k = j + 1
        if (k + 1 < end and low[k] == "of") or (k < end and low[k] in ("st", "nd", "rd", "th")):
            k += 1
        month = MONTHS.get(low[k].rstrip(".")) if k < end else None
        if month and (low[k] != "may" or not (k + 1 < end and low[k + 1] in ("be", "not"))):
            return _with_year(low, k + 1, end, month, int(number[1]), published)
        return None
    if (word.rstrip(".") in MONTHS and word not in ("may", "march")) or (
        word in ("may", "march") and re.fullmatch(r"\d{1,4}(?:st|nd|rd|th)?", after)
    ):
        month = MONTHS[word.rstrip(".")]
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


def is_past(sentence: Sentence, published: date | None) -> bool:
    """Whether a stretch is told of another time: "in 2015", "last year", "a decade ago"."""
    low = sentence.low
    limit = published.year if published else None
    end = len(low)
    for k in range(end):
        if (
            low[k][:2] in ("19", "20")
            and re.fullmatch(r"(?:19|20)\d\d", low[k])
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
