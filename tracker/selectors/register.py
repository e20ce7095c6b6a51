"""The register as people read it: every pledge with its assessment, at any instant.

Views and the command line read here. Nothing here writes, and no dossier is shown to a viewer who
may not see it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracker.domain import status
from tracker.domain.access import Viewer, inspect, read_in_full
from tracker.domain.bands import Band, band_of
from tracker.domain.errors import NotFound
from tracker.domain.facts import PledgeFacts
from tracker.domain.filters import BENEFICIARY, PLEDGOR, Filter
from tracker.domain.merging import Merged
from tracker.domain.now import Now
from tracker.domain.transitions import Stage
from tracker.models import CoalitionMember, Dossier, Party, Pledge, User
from tracker.words import FORMER_MEMBER

from . import access, boards, ledger, merges, rows, sources
from .boards import Board
from .entries import Entry, FactView, Named, public_first, view
from .facts import Tables, all_pledge_facts, some_pledge_facts, times

# What a dossier's page speaks of besides its pledges; moves and conditions are those on positions.
BESIDE_PLEDGES = ("position", "condition", "move", "source", "instrument")


def tables_of(dossier: Dossier, known: datetime | None) -> Tables:
    """The dossier's facts: as they are now, or as the ledger had them at ``known``."""
    if known is None:
        return rows.tables(dossier)
    return ledger.tables(dossier.slug, known=known)


def entries(
    *,
    viewer: Viewer,
    at: datetime,
    known: datetime | None = None,
    dossier: str | None = None,
    party: str | None = None,
) -> list[Entry]:
    """Every pledge that is listed at ``at`` in what the viewer may see, the most pressing first.

    ``known`` needs a dossier. Raises NotFound when that is not for the viewer.
    """
    where = [access.dossier(viewer, dossier)] if dossier else access.visible(viewer)
    parties = party_names(at=at, known=known)
    found = [entry for one in where for entry in _entries(one, tables_of(one, known), at, parties)]
    if party is not None:
        same = merges.parties(at=at, known=known).same(party)
        found = [e for e in found if _concerns(e, same)]
    return sorted(found, key=_pressing)


def _entries(
    dossier: Dossier,
    tables: Tables,
    at: datetime,
    parties: Mapping[str, str],
    only: Mapping[str, PledgeFacts] | None = None,
) -> Iterator[Entry]:
    """What is listed of a dossier's pledges, or of those whose facts are given."""
    analysts = _analysts(tables)
    for ref, facts in (all_pledge_facts(tables) if only is None else only).items():
        found = status.evaluate(facts, at=at)
        if found.is_listed:
            state = tables["pledge"][ref]
            yield Entry(
                ref=ref,
                state=state,
                facts=facts,
                found=found,
                dossier=dossier.slug,
                dossier_title=dossier.title,
                is_practice=dossier.is_practice,
                is_public=dossier.is_public,
                tables=tables,
                parties=parties,
                analyst=analysts.get(state.get("analyst") or "", ""),
            )


def _analysts(tables: Tables) -> dict[str, str]:
    uids = {s["analyst"] for s in tables.get("pledge", {}).values() if s.get("analyst")}
    if not uids:
        return {}
    found = User.objects.filter(uid__in=uids).values_list("uid", "name", "erased_at")
    return {str(u): str(FORMER_MEMBER) if erased else name for u, name, erased in found}


def _concerns(entry: Entry, parties: Collection[str]) -> bool:
    concerned = {entry.state["pledgor"], *(entry.state.get("beneficiaries") or ())}
    return not concerned.isdisjoint(parties)


def _pressing(entry: Entry) -> tuple[int, str, str]:
    end = entry.warns_at or entry.ends_at
    return (list(Band).index(entry.band), end.isoformat() if end else "~", entry.ref)


def entry(*, viewer: Viewer, ref: str, at: datetime, known: datetime | None = None) -> Entry:
    """One pledge. Raises NotFound when it is not listed at ``at`` or not for the viewer."""
    slug = Pledge.objects.filter(ref=ref).values_list("dossier__slug", flat=True).first()
    missing = NotFound(f"There is no pledge “{ref}” at that instant.")
    if slug is None:
        raise missing
    one = access.dossier(viewer, slug)
    tables = rows.tables_about(one, ref) if known is None else tables_of(one, known)
    own = some_pledge_facts(tables, (ref,))
    for found in _entries(one, tables, at, party_names(at=at, known=known), own):
        return found
    raise missing


@dataclass(frozen=True, slots=True)
class Standing:
    stage: Stage
    band: Band


def standings(entry: Entry, refs: Collection[str]) -> dict[str, Standing]:
    """How others of the entry's dossier stand at its instant; of those that are not listed, none.

    No query.
    """
    at = entry.found.at
    found = {}
    for ref, facts in some_pledge_facts(entry.tables, refs).items():
        brief = status.briefly(facts, at=at)
        if brief.stage is not None:
            band = band_of(brief.stage, ends_at=brief.ends_at, warns_at=brief.warns_at, at=at)
            found[ref] = Standing(brief.stage, band)
    return found


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A pledge that is not listed at an instant: withdrawn by then, not public yet, or another."""

    ref: str
    title: str
    dossier: Dossier
    public_from: datetime
    withdrawn_since: datetime | None
    why: str
    merged_into: str = ""
    tables: Tables = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)


def unlisted(*, viewer: Viewer, ref: str, at: datetime, known: datetime | None = None) -> Unlisted:
    """Why a pledge is not listed at ``at``. Raises NotFound where that is not for the viewer.

    That one was withdrawn is for whoever saw it; one to come is for the dossier's members.
    """
    slug = Pledge.objects.filter(ref=ref).values_list("dossier__slug", flat=True).first()
    missing = NotFound(f"There is no pledge “{ref}” at that instant.")
    if slug is None:
        raise missing
    one = access.dossier(viewer, slug)
    tables = tables_of(one, known)
    state = tables.get("pledge", {}).get(ref)
    if state is None:
        raise missing
    its = times(state)
    is_withdrawn = its["withdrawn"] is not None and its["withdrawn"] <= at
    if its["public"] > at and not inspect(viewer, access.door(one)):
        raise missing
    return Unlisted(
        ref=ref,
        title=str(state["title"]),
        dossier=one,
        public_from=its["public"],
        withdrawn_since=its["withdrawn"] if is_withdrawn and its["public"] <= at else None,
        why=str(state.get("withdrawn_reason") or ""),
        merged_into=str(state.get("merged_into") or ""),
        tables=tables,
        parties=party_names(at=at, known=known),
    )


def party_names(*, at: datetime, known: datetime | None = None) -> dict[str, str]:
    """By slug what a party is called; of one that was merged by then, what the other one is."""
    found = list(Party.objects.values_list("slug", "name", "merged_into__slug"))
    names = {slug: name for slug, name, _ in found}
    if known is not None:
        merged = merges.parties(at=at, known=known)
    else:
        merged = merges.party_merges({slug: root for slug, _, root in found if root}, at=at)
    return {slug: names[merged.of(slug)] for slug in names}


@dataclass(frozen=True)
class PartyIndex:
    """``names``: of all parties by slug. ``aliases``: what each is called besides, the names of
    those that were merged into it among that.
    """

    names: Mapping[str, str]
    aliases: Mapping[str, list[str]]
    merged: Merged


def party_index() -> PartyIndex:
    """All parties as they stand now. One query."""
    found = list(Party.objects.values_list("slug", "name", "aliases", "merged_into__slug"))
    merged = Merged({slug: root for slug, _, _, root in found if root})
    aliases: dict[str, list[str]] = {}
    for slug, name, also, root in found:
        more = [name, *also] if root else also
        if more:
            aliases.setdefault(merged.of(slug), []).extend(more)
    return PartyIndex({slug: name for slug, name, _, _ in found}, aliases, merged)


@dataclass(frozen=True)
class DossierPage:
    """A dossier at one instant: its pledges, and beside them what was said but not promised.

    ``board``: the pledges; None where it is asked what was known, and ``entries`` are they.
    ``tables``: what the page speaks of besides.
    """

    dossier: Dossier
    board: Board | None
    entries: list[Entry]
    tables: Tables
    positions: list[FactView]
    sources: list[FactView]
    instruments: list[FactView]
    parties: list[Named]


def dossier(
    *,
    viewer: Viewer,
    slug: str,
    at: datetime,
    known: datetime | None = None,
    is_now: bool = False,
) -> DossierPage:
    """A dossier's page. ``is_now``: ``at`` is the present. Raises NotFound for a stranger."""
    one = access.dossier(viewer, slug)
    parties = party_names(at=at, known=known)
    board = None
    entries: list[Entry] = []
    if known is None:
        wanted = Filter(dossier=(slug,))
        board = boards.board(viewer=viewer, wanted=wanted, at=at, is_now=is_now, visible=[one])
        tables: Tables = rows.some_tables(one, BESIDE_PLEDGES, but=("snapshot",))
        slugs = board.parties()
    else:
        tables = tables_of(one, known)
        entries = sorted(_entries(one, tables, at, parties), key=_pressing)
        slugs = {e.state["pledgor"] for e in entries}
        slugs |= {b for e in entries for b in e.state.get("beneficiaries") or ()}
    positions = list(_public_facts(tables, "position", at))
    slugs |= {p.state["party"] for p in positions if p.state.get("party")}
    merged = merges.parties(at=at, known=known)
    return DossierPage(
        dossier=one,
        board=board,
        entries=entries,
        tables=tables,
        positions=positions,
        sources=list(_public_facts(tables, "source", at)),
        instruments=list(_public_facts(tables, "instrument", at)),
        parties=[Named(parties.get(s, s), s) for s in sorted(set(map(merged.of, slugs)))],
    )


def _public_facts(tables: Tables, noun: str, at: datetime) -> Iterable[FactView]:
    now = Now(at)
    found = (view(tables, now, noun, key, state) for key, state in tables.get(noun, {}).items())
    return sorted((f for f in found if f.public and now.reached(f.public)), key=public_first)


def dossiers(*, viewer: Viewer) -> list[Dossier]:
    return access.visible(viewer)


@dataclass(frozen=True)
class PartyPage:
    """``given``, ``received``: what it pledged and was pledged, where the viewer may see it.

    ``merged``: those that were merged into it. A page of one that was itself has ``into``, the slug
    of the other, and nothing else.
    """

    party: Party
    members: list[CoalitionMember] = field(default_factory=list)
    coalitions: list[CoalitionMember] = field(default_factory=list)
    given: Board | None = None
    received: Board | None = None
    merged: list[Party] = field(default_factory=list)
    into: str = ""


def pledged_by(slug: str) -> Filter:
    return Filter(party=(slug,), role=(PLEDGOR,))


def pledged_to(slug: str) -> Filter:
    return Filter(party=(slug,), role=(BENEFICIARY,))


def party(*, viewer: Viewer, slug: str, at: datetime, is_now: bool = False) -> PartyPage:
    """A party's page. ``is_now``: ``at`` is the present."""
    one = Party.objects.filter(slug=slug).first()
    if one is None:
        raise NotFound(f"There is no party “{slug}”.")
    merged = merges.parties(at=at)
    if merged.of(slug) != slug:
        return PartyPage(party=one, into=merged.of(slug))
    same = merged.same(slug)
    asked: dict[str, Any] = {"viewer": viewer, "at": at, "is_now": is_now}
    asked["visible"] = access.visible(viewer)
    spells = CoalitionMember.objects.select_related("member", "coalition")
    return PartyPage(
        party=one,
        members=list(spells.filter(coalition__slug__in=same).order_by("member__name", "key")),
        coalitions=list(spells.filter(member__slug__in=same).order_by("coalition__name", "key")),
        given=boards.board(wanted=pledged_by(slug), **asked),
        received=boards.board(wanted=pledged_to(slug), **asked),
        merged=list(Party.objects.filter(slug__in=same - {slug}).order_by("name")),
    )


@dataclass(frozen=True)
class SourcePage:
    """A source with the accounts taken from it; ``snapshot`` is None for who may not read it.

    ``tables``: its versions and what names them; all of the dossier where it is asked what was
    known.
    """

    dossier: Dossier
    source: FactView
    snapshot: str | None
    accounts: list[FactView]
    tables: Tables


def source(
    *, viewer: Viewer, dossier: str, key: str, at: datetime, known: datetime | None = None
) -> SourcePage:
    """A source's page. Raises NotFound for a stranger or before the source was public."""
    one = access.dossier(viewer, dossier)
    tables = sources.tables(one, key) if known is None else tables_of(one, known)
    found = next((s for s in _public_facts(tables, "source", at) if s.key == key), None)
    if found is None:
        raise NotFound(f"There is no source “{key}” in this dossier at that instant.")
    full = read_in_full(viewer, access.door(one))
    accounts = [a for a in _public_facts(tables, "account", at) if a.state["source"] == key]
    return SourcePage(
        dossier=one,
        source=found,
        snapshot=str(found.state.get("snapshot") or "") if full else None,
        accounts=accounts,
        tables=tables,
    )
