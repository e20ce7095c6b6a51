"""Which findings on a pledge count: those that stand and that no other one corrects.

A correction is a finding that cites the one that it corrects. The corrected one stays in the
register and counts for nothing from when the correction is public.
"""

from collections.abc import Iterable
from datetime import datetime

from .facts import Verification
from .now import Now
from .transitions import Compliance


def order(finding: Verification) -> tuple[datetime, datetime, datetime, str]:
    """The latest in this order is the one that says how the pledge was kept."""
    return finding.public, finding.period_end, finding.recorded or finding.public, finding.key


def counting(made: Iterable[Verification], now: Now) -> list[Verification]:
    """Those that stand and are not corrected, the latest last."""
    standing = now.standing(made)
    corrected = {one.cites for one in standing if one.cites}
    return sorted((one for one in standing if one.key not in corrected), key=order)


def latest(made: Iterable[Verification], now: Now) -> Verification | None:
    found = counting(made, now)
    return found[-1] if found else None


def breached(made: Iterable[Verification]) -> list[tuple[Verification, datetime, datetime | None]]:
    """The stretches in which a breach is what counts: by which finding, from when, until when.

    The later end is None while nothing that is known says otherwise.
    """
    known = list(made)
    instants = sorted({at for one in known for at in (one.public, one.withdrawn) if at})
    found: list[tuple[Verification, datetime, datetime | None]] = []
    for place, at in enumerate(instants):
        one = latest(known, Now(at))
        if one is not None and one.finding == Compliance.BREACHED:
            found.append((one, at, instants[place + 1] if place + 1 < len(instants) else None))
    return found
