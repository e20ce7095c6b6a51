"""Writes to readings: ways to compute a term. Which one is chosen is told by adoptions."""

from datetime import datetime
from typing import Any

from tracker.domain import durations, stated
from tracker.domain.errors import Invalid
from tracker.domain.facts import Rule
from tracker.domain.stated import Stated
from tracker.models import Deadline, Pledge, Reading, Trigger, User
from tracker.models.reading import ABOUT

from . import record, rules, time_rules
from .verbs import FactVerbs, about, new_key, plain

_readings = FactVerbs(Reading, "readings")
amend = _readings.amend
withdraw = _readings.withdraw
restore = _readings.restore
DAY_COUNTS = (Rule.INCLUSIVE, Rule.EXCLUSIVE)
END_DATES = (Rule.THROUGH, Rule.UNTIL)


def add(
    *,
    of: Pledge | Trigger | Deadline,
    key: str = "",
    by: User | None,
    at: datetime,
    reason: str = "",
    **columns: Any,
) -> list[Reading]:
    """A new reading: public, and speaker, start | start_trigger | start_deadline with start_offset,
    start_fixed, duration, rule, end | end_trigger, open_end, zone, zone_assumed, start_account,
    duration_account, end_account, rule_account, zone_account, assumption, note.

    Where the rule matters and is not stated two readings stand, ``<key>-inclusive`` and
    ``<key>-exclusive`` (a bare end date: ``-through`` and ``-until``).
    """
    dossier = of.dossier
    key = key or new_key(Reading, dossier, of)
    made = expanded(of.NOUN, key, {**about(of, ABOUT), **columns})
    with record.batch(at=at):
        return [
            _readings.enter("add", name, given, dossier=dossier, by=by, at=at, reason=reason)
            for name, given in made.items()
        ]


def expanded(noun: str, key: str, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The readings that one entry of columns makes, by key: two where the rule is not stated."""
    stand = unstated_rules(noun, given)
    if not stand:
        return {key: given}
    if len(stand) == 1:
        return {key: {**given, "rule": str(stand[0])}}
    return {f"{key}-{rule}": {**given, "rule": str(rule)} for rule in stand}


def unstated_rules(noun: str, given: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules under which a reading stands when it states none; none where no rule matters."""
    if given.get("rule"):
        return ()
    end = plain(given.get("end") or "")
    length = plain(given.get("duration") or "")
    if not length and noun == Deadline.NOUN:
        length = plain(given.get("start_offset") or "")
    try:
        if end:
            return END_DATES if stated.parse(end).is_bare_date and not length else ()
        if not length:
            return ()
        return (Rule.ELAPSED,) if durations.parse(length).has_time else DAY_COUNTS
    except Invalid as error:
        field = "end" if end else "duration"
        raise Invalid(error.message, field=field, mend=error.mend) from error


def check(given: dict[str, Any]) -> None:
    """Whether a reading of a pledge with these columns could be entered. Raises Invalid."""
    columns = dict.fromkeys(Reading.ENTERED, "") | {"pledge": "", "trigger": None} | given
    rules.check_term(columns)
    time_rules.check_order(columns)


def set_aside(
    *,
    row: Reading,
    when: str | Stated,
    reason: str,
    by: User | None,
    at: datetime,
    seen: int | None = None,
) -> Reading:
    """An analyst no longer counts with the reading from the public time ``when`` on."""
    given = {"set_aside_at": when, "set_aside_reason": reason}
    return _readings.change("set_aside", row, given, by=by, at=at, reason=reason, seen=seen)
