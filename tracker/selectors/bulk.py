"""The pledges that somebody chose to change together, as they stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from tracker.domain.access import Role, Viewer, edit, ranks
from tracker.models import LedgerEntry, Membership, Pledge, Subscription, User

from . import access


@dataclass(frozen=True, slots=True)
class Chosen:
    """``seq``: the pledge's last entry of the ledger. ``watching``: one's subscription to it, or a
    mute; None: neither.
    """

    row: Pledge
    seq: int
    watching: Subscription | None

    @property
    def state(self) -> dict[str, Any]:
        """The columns that can be changed together, in the ledger's shape."""
        analyst = self.row.analyst
        return {
            "analyst": str(analyst.uid) if analyst is not None else None,
            "cadence": self.row.cadence,
            "tags": self.row.tags,
        }

    @property
    def is_watched(self) -> bool:
        return self.watching is not None and not self.watching.is_mute


def chosen(user: User, viewer: Viewer, refs: Collection[str]) -> list[Chosen]:
    """Those of them that this person may change, by reference. Four queries.

    The numbers of entries are read first: what is changed meanwhile counts as not seen.
    """
    asked = [ref for ref in refs if "\x00" not in ref]
    found = Pledge.objects.filter(ref__in=asked, merged_into=None)
    chains = set(found.values_list("dossier__slug", flat=True))
    entries = LedgerEntry.objects.filter(
        chain__name__in=chains, noun=Pledge.NOUN, row_key__in=found.values("ref")
    )
    last = dict(entries.order_by().values_list("row_key").annotate(Max("seq")))
    rows = found.select_related("dossier", "analyst").order_by("ref")
    mine = [row for row in rows if edit(viewer, access.door(row.dossier))]
    held = Subscription.objects.filter(user=user, ended_at=None, pledge__in=mine)
    watching = {one.pledge_id: one for one in held}
    return [Chosen(row, last.get(row.ref, 0), watching.get(row.pk)) for row in mine]


def analysts(dossiers: Collection[int]) -> dict[int, dict[str, str]]:
    """Who may watch a pledge, by dossier: names by opaque id. One query."""
    found: dict[int, dict[str, str]] = {pk: {} for pk in dossiers}
    members = Membership.objects.filter(
        dossier__in=dossiers, role__in=ranks(Role.ANALYST), user__is_active=True
    )
    for one in members.select_related("user"):
        found[one.dossier_id][str(one.user.uid)] = str(one.user)
    return found


def names(found: Collection[Chosen], members: Mapping[int, Mapping[str, str]]) -> dict[str, str]:
    """All who are named: those who may watch, and those who do, former members too."""
    known = {uid: name for here in members.values() for uid, name in here.items()}
    for one in found:
        if one.row.analyst is not None:
            known[str(one.row.analyst.uid)] = str(one.row.analyst)
    return known
