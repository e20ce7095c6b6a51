"""The shapes that dates, clock times and offsets have in what people type. Lower case.

Must not live here: what a found shape means (typed.py), words (typed_tables.py).
"""

import re
from collections.abc import Sequence

from .typed_tables import MIDNIGHT, MONTHS, NOON


def any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_MONTH = rf"(?P<name>{any_of(tuple(MONTHS))})\b\.?"
_NTH = r"(?:st|nd|rd|th|er|-?(?:го|е|ше|те))?"
_ALONE, _ENDS = r"(?<![\d:.,/+\-])", r"(?![\d:./\-]?\d)"
DATES = (
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
SHORT_YEAR = re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1\d{2}(?!\d)")
_HALF = r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)"
NAMED = re.compile(rf"(?:\b12(?::00)?\s*)?(?<!\w)(?P<word>{any_of((*NOON, *MIDNIGHT))})(?!\w)")
TIMES = (
    re.compile(
        rf"(?<![\d:])(?P<h>\d{{1,2}})\s?[:.h]\s?(?P<m>\d{{2}})(?:[:.](?P<s>\d{{2}}))?(?!\d){_HALF}?"
    ),
    re.compile(rf"(?<![\d:])(?P<h>\d{{1,2}}){_HALF}"),
    re.compile(r"(?<![\d:])(?P<h>\d{2})(?P<m>\d{2})\s?(?:hrs|hours|h)\b"),
    re.compile(r"(?<![\d:])(?P<h>\d{1,2})\s?h\b"),
)
OFFSET = re.compile(
    r"(?<![\w/])(?:utc|gmt)\s?(?P<sign>[+-])\s?(?P<h>\d{1,2})(?::?(?P<m>\d{2}))?(?!\d)"
)
BARE_OFFSET = re.compile(r"(?<=[\d\s])(?P<sign>[+-])(?P<h>\d{2}):?(?P<m>\d{2})(?!\d)")
ZULU = re.compile(r"(?<=\d)z\b")
CLOCK_T = re.compile(r"(?<=\d)t(?=\d)")
