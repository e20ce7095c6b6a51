"""Parcels of every kind, without a database: what the letters about alerts are tried with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tracker.domain.causes import ALERT_KINDS, CORRECTED, MENTIONED
from tracker.models import Message
from tracker.selectors.parcels import AlertLine, Parcel, PledgeLines, ReadingLine

AT = datetime(2025, 4, 14, 8, 30, tzinfo=UTC)
END = datetime(2025, 4, 16, 21, tzinfo=UTC)
HOUR = timedelta(hours=1)
WITH_LEAD = {"due_soon": "3d", "deadline_due": "24h"}
ABOUT = {
    "deadline_due": "Report on the withdrawal",
    "deadline_missed": "Report on the withdrawal",
    "condition_overdue": "If the ports stay open",
    "dependency_failed": "Beta halts strikes",
    "review_due": "Beta halts strikes",
    "violation_reported": "A strike on a substation",
}
# What a state changes of the usual: told, on time, in force, ahead.
STATES: dict[str, dict[str, Any]] = {
    "on time": {},
    "late": {"is_late": True},
    "by edit": {"by_edit": True},
    "escalated": {"is_escalated": True, "why": "escalation"},
    "private": {"is_told": False},
    "over": {"at": END + 3 * 24 * HOUR, "is_late": True},
    "at its end": {"at": END},
    "no end": {"ends_at": None, "warns_at": None},
    "one reading": {"readings": 1},
    "a reader": {"may_enter": False},
    "in Kyiv": {"zone": "Europe/Kyiv"},
}


def alert(kind: str, *, pk: int = 7, at: datetime = AT, **given: Any) -> AlertLine:
    return AlertLine(
        pk=pk,
        kind=kind,
        lead=WITH_LEAD.get(kind, ""),
        about=ABOUT.get(kind, ""),
        true_at=min(AT - HOUR, at) if kind != "expired" else END,
        because=[{"by": given.get("why", "analyst")}, {"by": "dossier", "subscription": "1"}],
        is_late=given.get("is_late", False),
        still=True,
        by_edit=given.get("by_edit", False),
        is_escalated=given.get("is_escalated", False),
        corrects="expired" if kind == CORRECTED else "",
        author="Bea Ortiz" if kind == MENTIONED else "",
        said="@Ada, is “until” meant here? <b>I doubt it.</b>" if kind == MENTIONED else "",
    )


def pledge(*alerts: AlertLine, ref: str = "UA-ENERGY-RU", **given: Any) -> PledgeLines:
    readings = (
        ReadingLine("Russia", END, "Europe/Moscow", is_adopted=True, is_open=False),
        ReadingLine("Ukraine", END + 24 * HOUR, "Europe/Kyiv", is_adopted=False, is_open=False),
        ReadingLine("counted", None, "UTC", is_adopted=False, is_open=True),
    )
    return PledgeLines(
        ref=ref,
        title="Russia halts strikes on energy infrastructure, 30 days",
        dossier="Russia and Ukraine, 2025",
        is_told=given.get("is_told", True),
        stage="expired" if given.get("at", AT) >= END else "in_force",
        compliance="contested",
        ends_at=given.get("ends_at", END),
        warns_at=given.get("warns_at", END),
        starts_at=given.get("ends_at", END) and AT + 3 * HOUR,
        zone="Europe/Moscow",
        readings=readings[: given.get("readings", 3)],
        alerts=alerts,
        slug="russia-ukraine-2025",
        key=ref,
        may_enter=given.get("may_enter", True),
    )


def parcel(*pledges: PledgeLines, zone: str = "UTC", is_digest: bool = False) -> Parcel:
    message = Message(
        uid=UUID("7f7d7a08-7f0e-4f0e-9b6e-2f6a7f7d7a08"), pledge_id=None if is_digest else 1
    )
    return Parcel(message=message, name="Ada", to="ada@example.org", zone=zone, pledges=pledges)


def every() -> Iterator[tuple[str, str, Parcel, datetime]]:
    """Kind, state, the parcel, and when it is sent."""
    for kind in ALERT_KINDS:
        for state, given in STATES.items():
            at = given.get("at", AT)
            one = pledge(alert(kind, **given), **given)
            yield kind, state, parcel(one, zone=given.get("zone", "UTC")), at


def digest(*, is_told: bool = True) -> Parcel:
    """Three pledges, several alerts, one of a comment on what is no pledge."""
    commented = replace(
        pledge(alert(MENTIONED), is_told=is_told),
        ref="russia-ukraine-2025",
        title="Ukraine asks for a wider scope",
        stage="",
        compliance="",
        ends_at=None,
        warns_at=None,
        readings=(),
        noun="position",
        key="UA-DEMAND",
        may_enter=False,
    )
    return parcel(
        pledge(
            alert("due_soon"),
            alert("due_soon", pk=8),
            alert("verification_due", pk=9),
            is_told=is_told,
        ),
        pledge(alert("expired"), ref="UA-ENERGY-UA", is_told=is_told, at=END),
        commented,
        zone="America/New_York",
        is_digest=True,
    )
