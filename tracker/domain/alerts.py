"""When warnings are due: lead times and the cadence of verification, from a term's length."""

from datetime import timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = 365 * DAY

LEADS = (30 * DAY, 7 * DAY, 3 * DAY, DAY, 6 * HOUR, HOUR)
LONG_TERM_LEAD = 30 * DAY
MOST_LEADS = 3
START_LEAD = DAY

SHORTEST_CADENCE = 6 * HOUR
LONGEST_CADENCE = 7 * DAY
STATUS_CHECK = 7 * DAY
BACKFILL_AFTER = 48 * HOUR


def lead_times(nominal: timedelta | None) -> tuple[timedelta, ...]:
    """The three largest lead times that are at most half the term's nominal length.

    Thirty days only for terms over a year; none for a term without end.
    """
    if nominal is None:
        return ()
    fitting = [
        lead for lead in LEADS if lead * 2 <= nominal and (lead != LONG_TERM_LEAD or nominal > YEAR)
    ]
    return tuple(fitting[:MOST_LEADS])


def cadence(nominal: timedelta | None) -> timedelta:
    """How often a pledge in force wants verifying: a quarter of its term, 6 h to 7 d."""
    if nominal is None:
        return LONGEST_CADENCE
    return min(max(nominal / 4, SHORTEST_CADENCE), LONGEST_CADENCE)
