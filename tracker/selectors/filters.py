"""Filters of views over rows: what ``domain/filters.py`` looks at, loaded."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from tracker.domain.filters import Watched
from tracker.models import Flag, Phase, Pledge


def watched(pledges: Iterable[int], *, at: datetime) -> dict[int, Watched]:
    """What a filter looks at of each of these pledges at an instant. Four queries."""
    rows = Pledge.objects.filter(pk__in=list(pledges)).select_related(
        "dossier", "pledgor", "analyst"
    )
    stages = dict(
        Phase.objects.filter(pledge__in=rows, from_at__lte=at)
        .filter(Q(until_at=None) | Q(until_at__gt=at))
        .values_list("pledge_id", "stage")
    )
    flags: dict[int, set[str]] = {}
    standing = Flag.objects.filter(pledge__in=rows, since__lte=at, withdrawn_at=None).filter(
        Q(cleared_at=None) | Q(cleared_at__gt=at)
    )
    for pledge, kind in standing.values_list("pledge_id", "kind"):
        flags.setdefault(pledge, set()).add(kind)
    parties: dict[int, set[str]] = {}
    through = Pledge.beneficiaries.through.objects.filter(pledge__in=rows)
    for pledge, slug in through.values_list("pledge_id", "party__slug"):
        parties.setdefault(pledge, set()).add(slug)
    return {
        row.pk: Watched(
            dossier=row.dossier.slug,
            pledgor=row.pledgor.slug,
            act=row.act,
            subject=row.subject,
            stage=stages.get(row.pk, ""),
            text=f"{row.title} {row.scope} {row.area} {row.ref}",
            beneficiaries=frozenset(parties.get(row.pk, ())),
            flags=frozenset(flags.get(row.pk, ())),
            analyst=str(row.analyst.uid) if row.analyst else "",
        )
        for row in rows
    }
