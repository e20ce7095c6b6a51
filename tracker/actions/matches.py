"""What people decide of suggested matches: an incident bears on a pledge, or does not.

Accepting is an amendment of the incident, with its entry in the ledger; dismissing is remembered,
and is no fact. Must not live here: what is suggested (selectors/matches.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker.domain.errors import Conflict, Invalid
from tracker.domain.sentences import _
from tracker.models import Dossier, Incident, MatchDismissal, Pledge, User
from tracker.selectors import matches as selectors
from tracker.selectors.ledger import last_seq_of_each

from . import incidents, ledger, record

MOST = 500  # pairs that are decided together
Pairs = Sequence[tuple[Incident, Pledge]]


def accept(
    *,
    dossier: Dossier,
    pairs: Pairs,
    seen: Mapping[str, int],
    reason: str,
    by: User | None,
    at: datetime,
) -> int:
    """Each incident names its pledge from now on, all in one transaction; how many incidents were
    changed. ``seen``: of each incident the number of its last entry that its author had read.

    Raises Conflict when one was changed since, Invalid without a reason or for too many.
    """
    _check_number(pairs)
    if not reason.strip():
        raise Invalid(_("Why they bear on it is missing."), field="reason", mend=_("Say why."))
    with record.batch(at=at):
        ledger.lock(dossier.slug)
        wanted = _by_incident(pairs)
        _check_seen(dossier, [row.key for row, _refs in wanted], seen)
        named = selectors.linked(row for row, _refs in wanted)
        changed = 0
        for row, refs in wanted:
            before = named.get(row.key, [])
            more = [ref for ref in refs if ref not in before]
            if more:
                incidents.amend(row=row, pledges=[*before, *more], why=reason, by=by, at=at)
                changed += 1
        _forget(pairs)
    return changed


def _check_number(pairs: Pairs) -> None:
    if len(pairs) > MOST:
        raise Invalid(
            _("{pairs} are too many.", pairs=len(pairs)),
            mend=_("Choose {most} at most.", most=MOST),
        )


def _check_seen(dossier: Dossier, keys: Sequence[str], seen: Mapping[str, int]) -> None:
    last = last_seq_of_each(dossier.slug, Incident.NOUN, keys)
    late = [key for key in keys if seen.get(key, last[key]) != last[key]]
    if late:
        raise Conflict(
            _(
                "Somebody changed some of these since you looked: {keys}.",
                keys=", ".join(late[:10]),
            ),
            mend=_("Nothing is changed yet. Look at them as they stand now."),
        )


def _by_incident(pairs: Pairs) -> list[tuple[Incident, list[str]]]:
    rows: dict[int, tuple[Incident, list[str]]] = {}
    for row, pledge in pairs:
        rows.setdefault(row.pk, (row, []))[1].append(pledge.ref)
    return list(rows.values())


def dismiss(*, pairs: Pairs, by: User, at: datetime) -> int:
    """Do not suggest these any more; said twice it is said once. How many were new."""
    _check_number(pairs)
    before = MatchDismissal.objects.filter(incident__in=[row.pk for row, _pledge in pairs])
    known = set(before.values_list("incident", "pledge"))
    new = [
        MatchDismissal(incident=row, pledge=pledge, by=by, at=at)
        for row, pledge in pairs
        if (row.pk, pledge.pk) not in known
    ]
    MatchDismissal.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def bring_back(*, pairs: Pairs) -> None:
    """Suggest them again."""
    _check_number(pairs)
    _forget(pairs)


def _forget(pairs: Iterable[tuple[Incident, Pledge]]) -> None:
    by_pledge: dict[int, list[int]] = {}
    for row, pledge in pairs:
        by_pledge.setdefault(pledge.pk, []).append(row.pk)
    for pk, rows in by_pledge.items():
        MatchDismissal.objects.filter(pledge=pk, incident__in=rows).delete()
