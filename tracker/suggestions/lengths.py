"""Durations in a sentence that measure a term."""

import re
from dataclasses import dataclass
from datetime import timedelta

from tracker.domain.durations import Duration

from .lexicon import HALT_NOUNS, NUMBERS, PREPOSITIONS, words
from .text import Sentence
from .verbs import FORMS

_UNITS = {
    "minute": "minutes", "hour": "hours", "day": "days", "week": "weeks", "month": "months",
    "year": "years", "fortnight": "fortnights", "hr": "hours", "calendar-day": "days",
}  # fmt: skip


_LONG = {
    "day-long": "days", "week-long": "weeks", "weeklong": "weeks", "month-long": "months",
    "year-long": "years", "daylong": "days", "monthlong": "months",
}  # fmt: skip
_COMPOUND = re.compile(r"(\w+?)[-‑–](minute|hour|day|week|month|year)s?(?:[-‑–]\w+)?")


_TERM_HEADS = HALT_NOUNS | words(
    "period term window extension duration stop break ban calm respite phase agreement deal"
    " deadline commitment pledge hold lull stage pact renewal prolongation quiet interval limit"
)


_LEAD_IN = words(
    "for within over during lasting last lasts lasted another further additional next initial"
    " period of up to and first at least a an the maximum minimum no more than exactly about"
    " by under following coming ensuing extended another's renewable only in exceeding exceed"
    " some roughly approximately through"
)


_NOT_TERM = words(
    "ago old earlier later notice call war conflict visit talks trip meeting conversation"
    " journey speech prison jail sentence"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A duration, tokens ``i`` to ``j``; ``within``: the time in which to do it."""

    i: int
    j: int
    duration: Duration
    within: bool


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
            if _measures_term(low[k + 1 : min(k + 7, end)]):
                found.append(Term(k, k + 1, _duration(number, _UNITS[compound[2]]), within=False))
            k += 1
            continue
        if low[k] in _LONG and _measures_term(low[k + 1 : min(k + 7, end)]):
            found.append(Term(k, k + 1, _duration(1, _LONG[low[k]]), within=False))
            k += 1
            continue
        unit = _UNITS.get(low[k].removesuffix("s")) if low[k] != "s" else None
        if unit and k > start and (before := _number_before(low, k, start)) is not None:
            at, value = before
            lead = _lead(low, at, start)
            after = low[k + 1] if k + 1 < len(low) else ""
            if after == "'s" and set(low[k + 2 : k + 4]) & _TERM_HEADS:
                lead, after = ["for"], ""  # "a fortnight's halt"
            if (
                lead
                and after not in _NOT_TERM
                and value
                and ("for" in lead or not _before_event(low, k, after))
            ):
                within = (
                    "within" in lead
                    or ("in" in lead[-3:] and "for" not in lead and "last" not in lead)
                    or "than" in lead
                    or "by" in lead
                )
                found.append(Term(at, k + 1, _duration(value, unit), within=within))
        k += 1
    return found


def _measures_term(ahead: list[str]) -> bool:
    """Whether "30-day" qualifies a term: "30-day unilateral truce", not "90-minute call"."""
    for word in ahead:
        if word in _TERM_HEADS:
            return True
        if word in _NOT_TERM or word in PREPOSITIONS or FORMS.get(word, ("", ""))[1] == "ed":
            return False
    return False


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
        one = low[k + 1] in ("next", "coming") and low[k] == "the" and not low[unit].endswith("s")
        return (k + 1, 1) if one else None
    if (
        k - 1 >= start
        and low[k] not in ("a", "an")
        and low[k - 1] in ("twenty", "thirty", "forty", "sixty", "ninety")
        and number < 10
    ):
        return k - 1, NUMBERS[low[k - 1]] + number
    return k, number


_GIVEN = words("gave gives given give grant granted grants giving")


def _lead(low: list[str], at: int, start: int) -> list[str]:
    """The words that lead in, nearest last; empty where none of them says that it is a term."""
    k = at - 1
    while k >= max(start, at - 7) and low[k] in _LEAD_IN:
        k -= 1
    lead = low[k + 1 : at]
    if low[k] == "even":
        return []  # "not even by one day"
    if (
        low[at - 1] in _GIVEN
        or (at - 2 >= start and low[at - 2] in _GIVEN)
        or (at - 3 >= start and low[at - 3] in _GIVEN)
    ):
        ahead = low[at : at + 4]
        if "to" in ahead:
            return ["within"]  # "gave the army ten days to leave"
    says = words(
        "for within over during lasting last lasts lasted another further additional next"
        " period than by in exceed exceeding extended"
    )
    if says & set(lead):
        return lead
    named = (
        lead
        and lead[-1] in ("of", "about", "some")
        and set(low[max(start, k - 1) : at]) & _TERM_HEADS
    )
    return lead if named and "of" in low[max(start, k - 1) : at] else []
