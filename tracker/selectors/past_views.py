"""What a view listed at a past instant, as far as that is still known.

The ledger has the pledge as it was entered then. Phases are derived anew with each edit: one that
was written since says what would have been listed, and not what was; nor is an older filter kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from tracker.domain.filters import Filter, Watched, matches, searchable, stored
from tracker.domain.naming import Names
from tracker.domain.transitions import Stage
from tracker.models import LedgerEntry, Phase, Pledge, SavedView

from . import party_names
from .filters import Sight
from .ledger import lift

State = Mapping[str, Any]
SOME_STAGE = str(Stage.IN_FORCE)  # where only that it was listed counts


@dataclass(frozen=True, slots=True)
class Past:
    """One pledge since an instant: its ``states`` from each instant on, latest first; its phases.

    ``is_inside``: whoever asks may know who watches it.
    """

    pledge: Pledge
    states: Sequence[tuple[datetime, State]]
    phases: Sequence[Phase]
    is_inside: bool
    names: Names

    def listed_by(self, view: SavedView, at: datetime) -> bool | None:
        """Whether the view listed it at an instant; None: that is not known any more."""
        if view.changed_at > at:
            return None
        wanted = party_names.widened(stored(view.filters), self.names)
        state = next((state for since, state in self.states if since <= at), None)
        if state is None or (wanted.analyst and not self.is_inside):
            return False
        held = [p for p in self.phases if p.from_at <= at and (not p.until_at or p.until_at > at)]
        seen = self._seen(state, held, at)
        if all(phase.noticed_at is not None and phase.noticed_at <= at for phase in held):
            return matches(wanted, seen)
        if not matches(_still(wanted), replace(seen, stage=SOME_STAGE)):
            return False
        return None if wanted.is_moving else True

    def _seen(self, state: State, held: Sequence[Phase], at: datetime) -> Watched:
        return replace(
            Sight(self.pledge, frozenset(state["beneficiaries"]), held).at(at),
            pledgor=str(state["pledgor"]),
            act=str(state["act"]),
            subject=str(state["subject"]),
            analyst=str(state["analyst"] or ""),
            text=searchable(
                title=state["title"],
                scope=state["scope"],
                area=state["area"],
                ref=self.pledge.ref,
                parties=(str(state["pledgor"]), *state["beneficiaries"]),
            ),
        )


def past(pledge: Pledge, *, since: datetime, is_inside: bool) -> Past:
    """Four queries. The pledge comes with dossier, pledgor and analyst."""
    entries = LedgerEntry.objects.filter(
        chain__name=pledge.dossier.slug, noun=Pledge.NOUN, row_key=pledge.ref
    )
    return Past(
        pledge=pledge,
        states=[(e.recorded_at, lift(e) or {}) for e in entries.order_by("-seq")],
        names=party_names.every(),
        phases=list(Phase.objects.filter(Q(until_at=None) | Q(until_at__gt=since), pledge=pledge)),
        is_inside=is_inside,
    )


def _still(wanted: Filter) -> Filter:
    """The part of it that the clock does not move."""
    return replace(wanted, stage=(), flag=(), band=())
