"""The flags that the clock or a dependency raises, each true from an instant of its own.

``raised`` says which stand at an instant; since when each has been true comes from the walk along
the trajectory in ``status.py``. An expiry raises flags and judges nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from . import alerts, checks, findings, zones
from .alerts import DAY, HOUR
from .facts import Account, Condition, Deadline, PledgeFacts, Reading, Stance, Verification
from .now import Now
from .readings import Anchors, Term
from .stated import Window
from .transitions import BEFORE_ENTRY, CLOSED, Stage

if TYPE_CHECKING:
    from .status import Situation

CLEARED_INCIDENTS = frozenset({"not_an_incident", "incident_without_violation", "unsubstantiated"})
FAILED_CONDITIONS = frozenset({"unmet", "lapsed"})
OPEN_CONDITIONS = frozenset({"pending", "partly_met", "cannot_be_verified"})
TWO_DAYS = 2 * DAY
# Fields on which two assertions differ by what they say; on the others one asserts or denies.
TOLD_IN_VALUES = frozenset({"scope", "area", "start", "duration", "end"})

KINDS = (
    "starts_soon",
    "due_soon",
    "expired",
    "reading_ended",
    "expired_unassessed",
    "term_passed_unstarted",
    "deadline_due",
    "deadline_missed",
    "condition_overdue",
    "verification_due",
    "unverified",
    "violation_reported",
    "accounts_differ",
    "dependency_failed",
)


class FlagKey(NamedTuple):
    """What makes two flags of one pledge the same: kind, subject, link of the term, lead."""

    kind: str
    subject: str = ""
    link: str = ""
    lead: str = ""


def lead_name(lead: timedelta) -> str:
    """A lead time as flags and screens name it: ``7d``, ``24h``, ``90m``."""
    if lead >= TWO_DAYS and lead % DAY == timedelta():
        return f"{lead // DAY}d"
    if lead % HOUR == timedelta():
        return f"{lead // HOUR}h"
    return f"{int(lead.total_seconds()) // 60}m"


# What lead times are called that terms have by their length; a pledge may set others of its own.
STANDARD_LEADS = tuple(lead_name(lead) for lead in alerts.LEADS)


def raised(facts: PledgeFacts, found: "Situation", now: Now) -> frozenset[FlagKey]:
    """The flags that stand now. None before the pledge is listed."""
    if found.stage is None:
        return frozenset()
    flags = {*_differences(facts, now), *_violations(facts, now)}
    if found.stage in CLOSED:
        return frozenset(flags)
    flags.update(_of_the_term(facts, found, now))
    flags.update(_of_deadlines(facts, found, now))
    flags.update(_of_conditions(facts, now))
    flags.update(_of_verification(facts, found, now))
    return frozenset(flags)


def warning_term(found: "Situation", now: Now) -> Term | None:
    """Whose end is warned of: the adopted reading's, else the earliest standing end ahead."""
    terms = [t for t in found.standing if found.adopted in (None, t.reading.key)]
    ahead = [t for t in terms if t.end is not None and not now.reached(t.end.latest)]
    return min(ahead, key=_earliest_end, default=None)


def _earliest_end(term: Term) -> tuple[datetime, str]:
    assert term.end is not None
    return term.end.earliest, term.reading.key


def _of_the_term(facts: PledgeFacts, found: "Situation", now: Now) -> Iterator[FlagKey]:
    stage, ends, driver = found.stage, found.ends, found.driver
    link = driver.current.link if driver is not None else ""
    start = found.starts if stage is Stage.SCHEDULED else None
    if start is not None and now.reached(_before(start.earliest, alerts.START_LEAD)):
        yield FlagKey("starts_soon")
    passed = ends is not None and now.reached(ends.latest)
    if stage in BEFORE_ENTRY:
        if passed:
            yield FlagKey("term_passed_unstarted", link=link)
        return
    if stage is Stage.EXPIRED:
        yield FlagKey("expired", link=link)
        if not any(v.is_final for v in findings.counting(facts.verifications, now)):
            yield FlagKey("expired_unassessed", link=link)
    elif passed:
        yield FlagKey("deadline_missed", "term", link)
    else:
        yield from _warnings(facts, found, now)
    for term in found.standing:
        end = term.end
        if end is None or term is driver or (ends is not None and end.latest == ends.latest):
            continue
        if now.reached(end.latest):
            yield FlagKey("reading_ended", term.reading.key, term.current.link)


def _warnings(facts: PledgeFacts, found: "Situation", now: Now) -> Iterator[FlagKey]:
    term = warning_term(found, now)
    if term is None or term.end is None:
        return
    leads = facts.leads
    if leads is None:
        leads = alerts.lead_times(checks.shortest(found.standing, found.adopted))
    for lead in leads:
        if now.reached(_before(term.end.earliest, lead)):
            yield FlagKey("due_soon", term.reading.key, term.current.link, lead_name(lead))


def _before(instant: datetime, lead: timedelta) -> datetime:
    """A lead subtracted as elapsed time, never beyond the calendar."""
    try:
        return max(instant - lead, zones.EARLIEST)
    except OverflowError:
        return zones.EARLIEST


def _of_deadlines(facts: PledgeFacts, found: "Situation", now: Now) -> Iterator[FlagKey]:
    anchors = Anchors(now, {t.key: t for t in facts.triggers}, {d.key: d for d in facts.deadlines})
    for deadline in now.standing(facts.deadlines):
        assert isinstance(deadline, Deadline)
        if now.state(deadline.moves, "deadline", "open") != "open":
            continue
        due = anchors.due(deadline)
        if not due:
            continue
        missed_at = max(window.latest for _, window in due)
        if now.reached(missed_at):
            yield FlagKey("deadline_missed", deadline.key)
            continue
        ahead = [(r, w) for r, w in due if not now.reached(w.latest)]
        reading, window = min(ahead, key=lambda pair: (pair[1].earliest, pair[0].key))
        leads = facts.leads
        if leads is None:
            leads = alerts.lead_times(_step_length(reading, window, facts))
        for lead in leads:
            if now.reached(_before(window.earliest, lead)):
                yield FlagKey("deadline_due", deadline.key, reading.key, lead_name(lead))


def _step_length(reading: Reading, due: Window, facts: PledgeFacts) -> timedelta:
    """A step's nominal length: its duration, else from the pledge's publication to its due date."""
    if reading.duration is not None and reading.end is None:
        return reading.duration.nominal
    return max(due.earliest - facts.public, timedelta())


def open_conditions(facts: PledgeFacts, now: Now) -> Iterator[Condition]:
    """Those that stand and that nobody has said to be met, failed or waived."""
    for condition in now.standing(facts.conditions):
        if now.state(condition.moves, "condition", "pending") in OPEN_CONDITIONS:
            yield condition


def _of_conditions(facts: PledgeFacts, now: Now) -> Iterator[FlagKey]:
    for condition in now.standing(facts.conditions):
        state = now.state(condition.moves, "condition", "pending")
        due = condition.due if state in OPEN_CONDITIONS else None
        if due is not None and now.reached(due.latest):
            yield FlagKey("condition_overdue", condition.key)
        released = now.state(condition.moves, "release", "not_triggered") == "invoked"
        if condition.extension is None and (state in FAILED_CONDITIONS or released):
            yield FlagKey("dependency_failed", condition.key)
    for failure in now.standing(facts.failures):
        if now.reached(failure.effective) and not (
            failure.until is not None and now.reached(failure.until)
        ):
            yield FlagKey("dependency_failed", failure.on)


def _of_verification(facts: PledgeFacts, found: "Situation", now: Now) -> Iterator[FlagKey]:
    """Whether the next check is due, and whether it has been for too long."""
    check = checks.check(facts, found, now)
    if check is None:
        return
    if now.reached(check.due.due):
        yield FlagKey("verification_due", check.due.key)
    if now.reached(check.unverified.unverified):
        yield FlagKey("unverified", check.unverified.key)


def _violations(facts: PledgeFacts, now: Now) -> Iterator[FlagKey]:
    """Reported violations that no later verification has covered and no finding has cleared."""
    made = findings.counting(facts.verifications, now)
    for incident in now.standing(facts.incidents):
        state = now.state(incident.moves, "incident", "alleged")
        if state in CLEARED_INCIDENTS or _covered(incident.occurred, incident.public, made):
            continue
        yield FlagKey("violation_reported", incident.key)
    counts = now.standing(facts.counts)
    replaced = {c.supersedes for c in counts}
    for count in counts:
        if count.number <= 0 or count.key in replaced:
            continue
        if not _covered(count.period_end or count.public, count.public, made):
            yield FlagKey("violation_reported", count.key)


def _covered(when: datetime, reported: datetime, made: Iterable[Verification]) -> bool:
    return any(v.public >= reported and v.period_start <= when <= v.period_end for v in made)


def compared(value: str) -> str:
    """What an account says of a field, as it is compared with what another one says."""
    return " ".join(value.casefold().split())


def _differences(facts: PledgeFacts, now: Now) -> Iterator[FlagKey]:
    """A field on which two standing accounts cannot both be right. Silent is not denies."""
    said: dict[str, set[tuple[Stance, str]]] = {}
    for account in now.standing(facts.accounts):
        assert isinstance(account, Account)
        for name, stance in account.stances.items():
            if stance is not Stance.SILENT:
                said.setdefault(name, set()).add((stance, compared(account.values.get(name, ""))))
    for name, stances in said.items():
        asserted = {value for stance, value in stances if stance is Stance.ASSERTS}
        denied = any(stance is Stance.DENIES for stance, _ in stances)
        told_apart = name in TOLD_IN_VALUES and len(asserted - {""}) > 1
        if (asserted and denied) or told_apart:
            yield FlagKey("accounts_differ", name)
