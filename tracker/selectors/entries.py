"""What a page shows of a pledge and of any single fact, at one instant.

Made by ``register.py``; nothing here queries.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from tracker.domain.access import Door
from tracker.domain.bands import Band, band
from tracker.domain.facts import ACCOUNT_FIELDS, PledgeFacts
from tracker.domain.now import Now
from tracker.domain.readings import Anchors, Term
from tracker.domain.stated import Window
from tracker.domain.status import Assessment, Flag

from .facts import State, Tables, earliest_of, latest_of, times


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
    is_public: bool
    tables: Tables
    parties: Mapping[str, str]
    analyst: str = ""

    @property
    def door(self) -> Door:
        return Door(self.dossier, self.is_public)

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
            view(self.tables, self.now, noun, key, state)
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
        """Those on the pledge, and those on its extensions."""
        links = {x.key for x in self.extensions}
        found = [
            view(self.tables, self.now, "condition", key, state)
            for key, state in self.tables.get("condition", {}).items()
            if (state.get("extension") or "") in links and self._is_public(state)
        ]
        return self._facts_of("condition") + found

    @cached_property
    def verifications(self) -> list[FactView]:
        return sorted(self._facts_of("verification"), key=public_first)

    @cached_property
    def incidents(self) -> list[FactView]:
        return sorted(self._facts_of("incident"), key=public_first)

    @cached_property
    def counts(self) -> list[FactView]:
        return sorted(self._facts_of("count"), key=public_first)

    @cached_property
    def moves(self) -> list[FactView]:
        return sorted(self._facts_of("move"), key=public_first)

    @cached_property
    def accounts(self) -> list[FactView]:
        return sorted(self._facts_of("account"), key=public_first)

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


def public_first(fact: FactView) -> tuple[str, str]:
    return (fact.public.isoformat() if fact.public else "", fact.key)


def view(tables: Tables, now: Now, noun: str, key: str, state: State) -> FactView:
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
