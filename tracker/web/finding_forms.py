"""What fills in the form of a finding: the period since the last one, or the finding it corrects.

Must not live here: what the form asks for (forms/verifications.py).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from tracker.domain import findings, stated, status, zones
from tracker.domain.now import Now
from tracker.domain.stated import Precision, Stated
from tracker.models import Verification
from tracker.selectors.facts import State, Tables, pledge_facts

# What a correction takes over; what was found, and why, is said anew.
TAKEN_OVER = (
    "pledge",
    "period_start",
    "period_end",
    "reliability",
    "credibility",
    "is_final",
    "standard",
    "proof",
    "sources",
    "incidents",
)


def filled(request: HttpRequest, noun: str, tables: Tables, at: datetime) -> dict[str, Any]:
    """By field what the address implies beyond what it says; nothing for other nouns."""
    if noun != Verification.NOUN:
        return {}
    cited = tables.get(noun, {}).get(request.GET.get("cites", ""))
    if cited is not None:
        return {name: cited.get(name) for name in TAKEN_OVER}
    ref = request.GET.get("pledge", "")
    if ref not in tables.get("pledge", {}):
        return {}
    return _period(tables, ref, at)


def _period(tables: Tables, ref: str, at: datetime) -> dict[str, str]:
    """From the end of what was verified last, else from its beginning, until now."""
    facts, now = pledge_facts(tables, ref), Now(at)
    found = status.situation(facts, now)
    counted = findings.counting(facts.verifications, now)
    begins = max((one.period_end for one in counted), default=None)
    begins = begins or found.entered or facts.public
    ends = at
    if found.ends is not None and found.ends.latest <= at:
        ends = found.ends.latest  # past the end of the term there is nothing to be kept
    zone = _zone(tables, found)
    if begins >= ends:  # it was verified to its end
        begins = min(found.entered or facts.public, ends)
    return {"period_start": _said(begins, zone), "period_end": _said(ends, zone)}


def _zone(tables: Tables, found: status.Situation) -> str:
    dossier: Mapping[str, State] = tables.get("dossier", {})
    own = next((str(one.get("zone") or "") for one in dossier.values()), "")
    driver = found.driver.zone if found.driver is not None else None
    return driver or own or "UTC"


def _said(at: datetime, zone: str) -> str:
    """An instant as it is typed: to the minute by the clocks of the zone, where these are clear."""
    local = zones.local(at, zone).replace(second=0, microsecond=0)
    if zones.occurs_twice(local, zone) or zone == "UTC":
        zone, local = "UTC", zones.local(at, "UTC").replace(second=0, microsecond=0)
    return stated.format_stated(Stated(local, Precision.MINUTE, zone))
