"""The register as people read it: every pledge with its assessment, at any instant.

Views and the command line read here. Nothing here writes, and no dossier is shown to a viewer who
may not see it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from tracker.domain import status
from tracker.domain.access import Viewer, read_in_full
from tracker.domain.bands import Band, band
from tracker.domain.errors import NotFound
from tracker.domain.facts import ACCOUNT_FIELDS, PledgeFacts
from tracker.domain.now import Now
from tracker.domain.readings import Anchors, Term
from tracker.domain.stated import Window
from tracker.domain.status import Assessment, Flag
from tracker.models import Dossier, Party, Pledge, User

from . import access, ledger, rows
from .facts import State, Tables, all_pledge_facts, earliest_of, latest_of, times


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a page of its own."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact as entered (``state``), with its key, times and what people judged of it."""

    key: str
    state: State
    public: datetime | None
    withdrawn: datetime | None = None
    judged: Mapping[str, str] = field(default_factory=dict)
    window: Window | None = None

    def __getattr__(self, name: str) -> Any:
        try:
            return self.state[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True)
class Entry:
    """One pledge at one instant: what was entered, and what it comes to."""

    ref: str
    state: State
    facts: PledgeFacts
    found: Assessment
    dossier: str
    dossier_title: str
    is_practice: bool
    tables: Tables
    parties: Mapping[str, str]
    analyst: str = ""

    @property
    def title(self) -> str:
        return str(self.state["title"])

    @property
    def stage(self) -> str:
        return str(self.found.stage)

    @property
    def compliance(self) -> str:
        return str(self.found.compliance)

    @property
    def stage_reason(self) -> str:
        return " ".join(self.found.reasons)

    @property
    def overlays(self) -> tuple[str, ...]:
        return self.found.overlays

    @property
    def flags(self) -> tuple[Flag, ...]:
        return self.found.flags

    @property
    def next_change_at(self) -> datetime | None:
        return self.found.next_change_at

    @property
    def pledgor(self) -> Named:
        return self._named(self.state["pledgor"])

    @property
    def beneficiaries(self) -> list[Named]:
        return [self._named(slug) for slug in self.state.get("beneficiaries") or ()]

    @property
    def adopted(self) -> str | None:
        return self.found.adopted

    @property
    def adopted_reason(self) -> str:
        made = [a for a in self.facts.adoptions if a.reading == self.adopted]
        return max(made, key=lambda a: a.public).reason if made else ""

    @property
    def starts_at(self) -> datetime | None:
        return self.found.starts.earliest if self.found.starts else None

    @property
    def ends_at(self) -> datetime | None:
        return self.found.ends.latest if self.found.ends else None

    @property
    def warns_at(self) -> datetime | None:
        return self.found.warns_at

    @property
    def earliest_end(self) -> datetime | None:
        return self.found.envelope.earliest if self.found.envelope else None

    @property
    def latest_end(self) -> datetime | None:
        """None also when one standing reading has no end."""
        if self.found.envelope is None or self.found.is_open:
            return None
        return self.found.envelope.latest

    @property
    def band(self) -> Band:
        return band(self.found)

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.found.terms

    def __getattr__(self, name: str) -> Any:
        try:
            return self.state[name]
        except KeyError:
            raise AttributeError(name) from None

    def _named(self, slug: str) -> Named:
        return Named(self.parties.get(slug, slug), slug)

    def _facts_of(self, noun: str) -> list[FactView]:
        return [
            _view(self.tables, self.now, noun, key, state)
            for key, state in self.tables.get(noun, {}).items()
            if state.get("pledge") == self.ref or self.ref in (state.get("pledges") or ())
            if self._is_public(state)
        ]

    def _is_public(self, state: State) -> bool:
        return self.now.reached(times(state)["public"])

    @cached_property
    def now(self) -> Now:
        return Now(self.found.at)

    @cached_property
    def conditions(self) -> list[FactView]:
        return self._facts_of("condition")

    @cached_property
    def verifications(self) -> list[FactView]:
        return sorted(self._facts_of("verification"), key=_public_first)

    @cached_property
    def incidents(self) -> list[FactView]:
        return sorted(self._facts_of("incident"), key=_public_first)

    @cached_property
    def counts(self) -> list[FactView]:
        return sorted(self._facts_of("count"), key=_public_first)

    @cached_property
    def moves(self) -> list[FactView]:
        return sorted(self._facts_of("move"), key=_public_first)

    @cached_property
    def accounts(self) -> list[FactView]:
        return sorted(self._facts_of("account"), key=_public_first)

    @cached_property
    def extensions(self) -> list[FactView]:
        return sorted(self._facts_of("extension"), key=lambda x: int(x.order))

    @cached_property
    def suspensions(self) -> list[FactView]:
        return self._facts_of("suspension")

    @cached_property
    def clock_stops(self) -> list[FactView]:
        return self._facts_of("clock_stop")

    @cached_property
    def dependencies(self) -> list[FactView]:
        return self._facts_of("dependency")

    @cached_property
    def deadlines(self) -> list[FactView]:
        anchors = Anchors(
            self.now,
            {t.key: t for t in self.facts.triggers},
            {d.key: d for d in self.facts.deadlines},
        )
        due = {d.key: [window for _, window in anchors.due(d)] for d in self.facts.deadlines}
        return [
            FactView(
                key=x.key,
                state=x.state,
                public=x.public,
                withdrawn=x.withdrawn,
                judged=x.judged,
                window=_latest_window(due.get(x.key, [])),
            )
            for x in self._facts_of("deadline")
        ]

    @property
    def last_verified_at(self) -> datetime | None:
        ends = [latest_of(v.state["period_end"]) for v in self.verifications if not v.withdrawn]
        return max((e for e in ends if e is not None), default=None)

    @property
    def open_conditions(self) -> list[FactView]:
        return [c for c in self.conditions if c.judged.get("condition") in (None, "pending")]

    def contested_fields(self) -> list[str]:
        return [f for f in ACCOUNT_FIELDS if any(x.subject == f for x in self._differences())]

    def _differences(self) -> Iterator[Flag]:
        return (x for x in self.flags if x.kind == "accounts_differ")


def _latest_window(windows: list[Window]) -> Window | None:
    if not windows:
        return None
    return Window(min(w.earliest for w in windows), max(w.latest for w in windows))


def _public_first(fact: FactView) -> tuple[str, str]:
    return (fact.public.isoformat() if fact.public else "", fact.key)


def _view(tables: Tables, now: Now, noun: str, key: str, state: State) -> FactView:
    known = times(state)
    judged: dict[str, str] = {}
    if noun in ("condition", "incident", "deadline", "extension"):
        made = [
            (earliest_of(m["effective"]), m["public"], m)
            for m in tables.get("move", {}).values()
            if m.get(noun) == key and _holds(now, m)
        ]
        for _, _, move in sorted(made, key=lambda x: (str(x[0]), x[1])):
            judged[move["machine"]] = move["to"]
    withdrawn = known["withdrawn"]
    return FactView(
        key=key,
        state=state,
        public=known["public"],
        withdrawn=withdrawn if withdrawn is not None and now.reached(withdrawn) else None,
        judged=judged,
    )


def _holds(now: Now, move: State) -> bool:
    known, effective = times(move), earliest_of(move["effective"])
    if not now.reached(known["public"]):
        return False
    if known["withdrawn"] is not None and now.reached(known["withdrawn"]):
        return False
    return effective is not None and now.reached(effective)


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
    parties = party_names()
    found = [entry for one in where for entry in _entries(one, tables_of(one, known), at, parties)]
    if party is not None:
        found = [e for e in found if _concerns(e, party)]
    return sorted(found, key=_pressing)


def _entries(
    dossier: Dossier, tables: Tables, at: datetime, parties: Mapping[str, str]
) -> Iterator[Entry]:
    analysts = _analysts(tables)
    for ref, facts in all_pledge_facts(tables).items():
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
                tables=tables,
                parties=parties,
                analyst=analysts.get(state.get("analyst") or "", ""),
            )


def _analysts(tables: Tables) -> dict[str, str]:
    uids = {s["analyst"] for s in tables.get("pledge", {}).values() if s.get("analyst")}
    if not uids:
        return {}
    return {str(u): n for u, n in User.objects.filter(uid__in=uids).values_list("uid", "name")}


def _concerns(entry: Entry, party: str) -> bool:
    return party == entry.state["pledgor"] or party in (entry.state.get("beneficiaries") or ())


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
    tables = tables_of(one, known)
    for found in _entries(one, tables, at, party_names()):
        if found.ref == ref:
            return found
    raise missing


def party_names() -> dict[str, str]:
    return dict(Party.objects.values_list("slug", "name"))


@dataclass(frozen=True)
class DossierPage:
    """A dossier at one instant: its pledges, and beside them what was said but not promised."""

    dossier: Dossier
    entries: list[Entry]
    positions: list[FactView]
    sources: list[FactView]
    instruments: list[FactView]
    parties: list[Named]


def dossier(
    *, viewer: Viewer, slug: str, at: datetime, known: datetime | None = None
) -> DossierPage:
    """A dossier's page. Raises NotFound for a stranger."""
    one = access.dossier(viewer, slug)
    tables = tables_of(one, known)
    parties = party_names()
    found = sorted(_entries(one, tables, at, parties), key=_pressing)
    positions = list(_public_facts(tables, "position", at))
    slugs = {e.state["pledgor"] for e in found}
    slugs |= {b for e in found for b in e.state.get("beneficiaries") or ()}
    slugs |= {p.state["party"] for p in positions if p.state.get("party")}
    return DossierPage(
        dossier=one,
        entries=found,
        positions=positions,
        sources=list(_public_facts(tables, "source", at)),
        instruments=list(_public_facts(tables, "instrument", at)),
        parties=[Named(parties.get(s, s), s) for s in sorted(slugs)],
    )


def _public_facts(tables: Tables, noun: str, at: datetime) -> Iterable[FactView]:
    now = Now(at)
    found = (_view(tables, now, noun, key, state) for key, state in tables.get(noun, {}).items())
    return sorted((f for f in found if f.public and now.reached(f.public)), key=_public_first)


def dossiers(*, viewer: Viewer) -> list[Dossier]:
    return access.visible(viewer)


@dataclass(frozen=True)
class PartyPage:
    party: Party
    given: list[Entry]
    received: list[Entry]


def party(*, viewer: Viewer, slug: str, at: datetime) -> PartyPage:
    """A party's page: what it pledged and what it was pledged, where the viewer may see it."""
    one = Party.objects.filter(slug=slug).first()
    if one is None:
        raise NotFound(f"There is no party “{slug}”.")
    found = entries(viewer=viewer, at=at, party=slug)
    return PartyPage(
        party=one,
        given=[e for e in found if e.state["pledgor"] == slug],
        received=[e for e in found if e.state["pledgor"] != slug],
    )


@dataclass(frozen=True)
class SourcePage:
    """A source with the accounts taken from it; ``snapshot`` is None for who may not read it."""

    dossier: Dossier
    source: FactView
    snapshot: str | None
    accounts: list[FactView]


def source(*, viewer: Viewer, dossier: str, key: str, at: datetime) -> SourcePage:
    """A source's page. Raises NotFound for a stranger or before the source was public."""
    one = access.dossier(viewer, dossier)
    tables = tables_of(one, None)
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
    )
