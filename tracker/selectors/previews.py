"""What the register would show and whom it would alert, were something saved that is not.

Unsaved rows are put beside the saved ones in the tables that every evaluation reads; from there on
the mapper and the rules are those of saved ones. Nothing here writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain import status
from tracker.domain.alerts import BACKFILL_AFTER
from tracker.domain.causes import Cause
from tracker.domain.facts import PledgeFacts
from tracker.domain.filters import Watched, searchable
from tracker.models import Dossier, Flag, Party, Pledge, User

from .audience import audience, audience_of
from .entries import Entry
from .facts import State, Tables, pledge_facts, times
from .forecasts import Forecast, forecast_of, with_review
from .rows import iso

UNSAVED = 0  # the row's id of a pledge that has none
AHEAD = timedelta(days=90)
Rows = Mapping[str, Mapping[str, State]]


@dataclass(frozen=True, slots=True)
class Preview:
    """A pledge as it would be. ``at_once``: alerts on saving; ``coming``: within 90 days."""

    entry: Entry
    at_once: list[Forecast]
    coming: list[Forecast]


def with_rows(tables: Tables, unsaved: Rows, *, at: datetime) -> Tables:
    """The tables as they would be, had these rows been recorded at ``at``."""
    recorded = {"recorded_at": iso(at)}
    return {
        **tables,
        **{
            noun: {**tables.get(noun, {}), **{key: {**recorded, **s} for key, s in rows.items()}}
            for noun, rows in unsaved.items()
        },
    }


def public_by(tables: Tables, unsaved: Rows, ref: str, *, at: datetime) -> datetime:
    """From when on all of it could be seen: at ``at``, or when the last of it becomes public."""
    publics = [times(s)["public"] for rows in unsaved.values() for s in rows.values()]
    return max(at, times(tables["pledge"][ref])["public"], *publics)


def preview(
    *,
    dossier: Dossier,
    tables: Tables,
    parties: Mapping[str, str],
    ref: str,
    shown_at: datetime,
    at: datetime,
) -> Preview:
    """A pledge of those tables as it would be at ``shown_at``, saved at ``at``."""
    facts = pledge_facts(tables, ref)
    entry = Entry(
        ref=ref,
        state=tables["pledge"][ref],
        facts=facts,
        found=status.evaluate(facts, at=shown_at),
        dossier=dossier.slug,
        dossier_title=dossier.title,
        is_practice=dossier.is_practice,
        is_public=dossier.is_public,
        tables=tables,
        parties=parties,
    )
    found = _alerts(dossier, entry, at)
    return Preview(
        entry=entry,
        at_once=[one for one in found if one.true_at <= at],
        coming=[one for one in found if one.true_at > at],
    )


def _alerts(dossier: Dossier, entry: Entry, at: datetime) -> list[Forecast]:
    """Each alert that would follow: on saving, of what is no history; then as time goes by."""
    saved = Pledge.objects.filter(ref=entry.ref, dossier=dossier).first()
    if saved is None:
        pledge, concerned = _unsaved(dossier, entry)
        seen = {UNSAVED: _watched(entry)}
        told = audience_of({UNSAVED: pledge}, {UNSAVED: concerned}, at=at, seen=seen)
    else:
        pledge, told = saved, audience({saved.pk}, at=at)
    held = set(
        Flag.objects.filter(pledge=saved, withdrawn_at=None).values_list(
            "kind", "subject", "link", "lead", "since"
        )
        if saved
        else ()
    )
    causes = {
        cause
        for flag in _flags(entry.facts, at)
        if (flag.kind, flag.subject, flag.link, flag.lead, flag.since) not in held
        for cause in with_review(
            Cause(pledge.pk or UNSAVED, flag.kind, flag.since, flag.subject, flag.link, flag.lead)
        )
    }
    return forecast_of(told, pledge, causes)


def _flags(facts: PledgeFacts, at: datetime) -> Iterator[status.Flag]:
    for phase in status.trajectory(facts):
        if phase.start > at + AHEAD:
            return
        for flag in phase.flags:
            if at - BACKFILL_AFTER <= flag.since <= at + AHEAD:
                yield flag


def _unsaved(dossier: Dossier, entry: Entry) -> tuple[Pledge, set[int]]:
    """A pledge as a row that is not saved, and the parties that it concerns."""
    state = entry.state
    slugs = {state.get("pledgor") or "", *(state.get("beneficiaries") or ())}
    parties = dict(Party.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    analyst = User.objects.filter(uid=state["analyst"]).first() if state.get("analyst") else None
    pledge = Pledge(
        pk=UNSAVED,
        ref=entry.ref,
        dossier=dossier,
        pledgor_id=parties.get(state.get("pledgor") or "", UNSAVED),
        analyst=analyst,
    )
    return pledge, set(parties.values())


def _watched(entry: Entry) -> Watched:
    state = entry.state
    words = {name: str(state.get(name) or "") for name in ("title", "scope", "area")}
    return Watched(
        dossier=entry.dossier,
        pledgor=state.get("pledgor") or "",
        act=state["act"],
        subject=state.get("subject") or "",
        stage=entry.stage,
        text=searchable(
            **words,
            ref=entry.ref,
            parties=filter(None, (state.get("pledgor"), *(state.get("beneficiaries") or ()))),
        ),
        beneficiaries=frozenset(state.get("beneficiaries") or ()),
        flags=frozenset(flag.kind for flag in entry.flags),
        band=str(entry.band),
        analyst=state.get("analyst") or "",
    )
