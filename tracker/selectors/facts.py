"""From plain dicts to domain facts: the only mapper.

The dicts are ``{noun: {key: state}}`` of one dossier, whether read from rows
(``selectors/rows.py``) or folded from the ledger (``selectors/ledger.py``), so that what the
register says now and what it said on any day go through the same lines.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

from tracker.domain import durations, findings, freshness, stated
from tracker.domain.facts import ACCOUNT_FIELDS as FIELDS
from tracker.domain.facts import (
    Account,
    Act,
    Adoption,
    Base,
    ClockStop,
    Condition,
    ConditionKind,
    Count,
    Deadline,
    Extension,
    Failure,
    Incident,
    LinkKind,
    Move,
    OpenEnd,
    PledgeFacts,
    Reading,
    Rule,
    Stance,
    Suspension,
    Trigger,
    Verification,
)
from tracker.domain.stated import Stated, Window

State = Mapping[str, Any]
Tables = Mapping[str, Mapping[str, State]]


class Times(TypedDict):
    """The two times of a fact, and its withdrawal, as its keyword arguments."""

    public: datetime
    recorded: datetime | None
    withdrawn: datetime | None


FAILING_STAGES = frozenset({"withdrawn", "released", "rejected", "never_entered"})
ASSUMED = "the analyst's assumption"


def pledge_facts(tables: Tables, ref: str) -> PledgeFacts:
    """The facts of the pledge ``ref``. Raises KeyError when the dossier has no such pledge."""
    state = tables["pledge"][ref]
    return _Mapper(tables).pledge(ref, state)


def some_pledge_facts(tables: Tables, refs: Collection[str]) -> dict[str, PledgeFacts]:
    """The facts of these pledges, by reference; of those that the dossier has not, none."""
    mapper, states = _Mapper(tables), tables.get("pledge", {})
    return {ref: mapper.pledge(ref, states[ref]) for ref in refs if ref in states}


def all_pledge_facts(tables: Tables) -> dict[str, PledgeFacts]:
    """The facts of every pledge of the dossier, by reference."""
    mapper = _Mapper(tables)
    return {ref: mapper.pledge(ref, state) for ref, state in tables.get("pledge", {}).items()}


def stated_of(text: str | None) -> Stated | None:
    return stated.parse(text) if text else None


def window_of(text: str | None) -> Window | None:
    found = stated_of(text)
    return stated.window(found, default_zone="UTC") if found else None


def earliest_of(text: str | None) -> datetime | None:
    found = window_of(text)
    return found.earliest if found else None


def latest_of(text: str | None) -> datetime | None:
    found = window_of(text)
    return found.latest if found else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _duration(text: str | None) -> durations.Duration | None:
    return durations.parse(text) if text else None


def times(state: State) -> Times:
    """The two times that every fact carries, and its withdrawal, as keyword arguments."""
    recorded = _instant(state.get("recorded_at"))
    public = earliest_of(state.get("public")) or recorded
    if public is None:
        raise ValueError(f"a fact without public and recorded time: {state!r}")
    return {
        "public": public,
        "recorded": recorded,
        "withdrawn": earliest_of(state.get("withdrawn_at")),
    }


def _own_times(state: State) -> Times:
    """Of a pledge. One that turned out to be another was never one by itself."""
    found = times(state)
    return {**found, "withdrawn": found["public"]} if state.get("merged_into") else found


class _Mapper:
    """Maps one dossier; the groupings by owner are made once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.moves = self._grouped(
            "move", ("pledge", "condition", "incident", "deadline", "extension")
        )
        self.readings = self._grouped("reading", ("pledge", "trigger", "deadline"))
        self.accounts = self._grouped("account", ("pledge",))
        self.by_pledge = {
            noun: self._grouped(noun, ("pledge",))
            for noun in (
                "deadline",
                "extension",
                "clock_stop",
                "suspension",
                "verification",
                "count",
                "dependency",
                "condition",
            )
        }
        self.of_links = self._grouped("condition", ("extension",))
        self.adoptions: dict[str, list[tuple[int, str, State]]] = {}
        for place, (key, state) in enumerate(self._rows("adoption").items()):
            self.adoptions.setdefault(state["reading"], []).append((place, key, state))
        self.incidents = self._many("incident", "pledges")
        dossier = next(iter(self._rows("dossier").values()), {})
        self.curve = freshness.curve(dossier.get("freshness"))
        self.triggers = tuple(
            self.trigger(key, state) for key, state in self._rows("trigger").items()
        )

    def _rows(self, noun: str) -> Mapping[str, State]:
        return self.tables.get(noun, {})

    def _grouped(
        self, noun: str, owners: tuple[str, ...]
    ) -> dict[tuple[str, str], list[tuple[str, State]]]:
        found: dict[tuple[str, str], list[tuple[str, State]]] = {}
        for key, state in self._rows(noun).items():
            for owner in owners:
                if state.get(owner):
                    found.setdefault((owner, state[owner]), []).append((key, state))
        return found

    def _many(self, noun: str, owners: str) -> dict[str, list[tuple[str, State]]]:
        found: dict[str, list[tuple[str, State]]] = {}
        for key, state in self._rows(noun).items():
            for owner in state.get(owners) or ():
                found.setdefault(owner, []).append((key, state))
        return found

    def pledge(self, ref: str, state: State) -> PledgeFacts:
        readings = self._readings_of("pledge", ref)
        leads = state.get("leads")
        return PledgeFacts(
            key=ref,
            **_own_times(state),
            act=Act(state["act"]),
            readings=readings,
            adoptions=self._adoptions(readings),
            accounts=tuple(account(key, s) for key, s in self.accounts.get(("pledge", ref), ())),
            triggers=self.triggers,
            deadlines=tuple(self.deadline(k, s) for k, s in self._of("deadline", ref)),
            extensions=tuple(self.extension(k, s) for k, s in self._of("extension", ref)),
            clock_stops=tuple(_stops(self._of("clock_stop", ref))),
            suspensions=tuple(_suspensions(self._of("suspension", ref))),
            conditions=tuple(self._conditions(ref)),
            moves=self.moves_of("pledge", ref),
            verifications=tuple(_verifications(self._of("verification", ref))),
            incidents=tuple(self._incidents(ref)),
            counts=tuple(count(key, s) for key, s in self._of("count", ref)),
            failures=tuple(self._failures(ref, state)),
            cadence=_duration(state.get("cadence")),
            leads=None if leads is None else tuple(durations.parse(x).nominal for x in leads),
            freshness=self.curve,
        )

    def _of(self, noun: str, ref: str) -> list[tuple[str, State]]:
        return self.by_pledge[noun].get(("pledge", ref), [])

    def moves_of(self, owner: str, key: str) -> tuple[Move, ...]:
        return tuple(
            Move(
                key=k,
                **times(s),
                machine=s["machine"],
                to=s["to"],
                effective=effective,
                said=str(s["effective"]),
            )
            for k, s in self.moves.get((owner, key), ())
            if (effective := earliest_of(s["effective"])) is not None
        )

    def _readings_of(self, owner: str, key: str) -> tuple[Reading, ...]:
        return tuple(self.reading(k, s) for k, s in self.readings.get((owner, key), ()))

    def _adoptions(self, readings: Iterable[Reading]) -> tuple[Adoption, ...]:
        made = [one for r in readings for one in self.adoptions.get(r.key, ())]
        return tuple(
            Adoption(key=k, **times(s), reading=s["reading"], reason=s.get("reason", ""))
            for _, k, s in sorted(made, key=lambda one: one[0])
        )

    def reading(self, key: str, state: State) -> Reading:
        base = None
        if state.get("start_trigger") or state.get("start_deadline"):
            base = Base(
                trigger=state.get("start_trigger") or None,
                deadline=state.get("start_deadline") or None,
                offset=_duration(state.get("start_offset")),
            )
        return Reading(
            key=key,
            **times(state),
            speaker=state.get("speaker") or "",
            start=stated_of(state.get("start")),
            base=base,
            start_fixed=bool(state.get("start_fixed")),
            duration=_duration(state.get("duration")),
            rule=Rule(state["rule"]) if state.get("rule") else None,
            end=stated_of(state.get("end")),
            end_trigger=state.get("end_trigger") or None,
            open_end=OpenEnd(state["open_end"]) if state.get("open_end") else None,
            zone=state.get("zone") or None,
            zone_assumed=bool(state.get("zone_assumed")),
            set_aside=earliest_of(state.get("set_aside_at")),
            because={
                name: self._because(state.get(f"{name}_account"), state.get("assumption"))
                for name in ("start", "duration", "end", "rule", "zone")
            },
        )

    def _because(self, account_key: str | None, assumption: str | None) -> str:
        if not account_key:
            return f"{ASSUMED}: {assumption}" if assumption else ASSUMED
        said = self._rows("account").get(account_key, {})
        speaker = said.get("speaker") or said.get("party") or account_key
        return f"account of {speaker} ({account_key})"

    def trigger(self, key: str, state: State) -> Trigger:
        readings = (*self._readings_of("trigger", key), *self._derived(state))
        return Trigger(
            key=key,
            **times(state),
            title=state.get("title", ""),
            readings=readings,
            adoptions=self._adoptions(readings),
        )

    def _derived(self, state: State) -> Iterator[Reading]:
        """A trigger that is a condition being met or a step being done occurs with that."""
        for owner, reached in (("condition", "met"), ("deadline", "done")):
            of = state.get(f"of_{owner}")
            for key, move in self.moves.get((owner, of), ()) if of else ():
                if move["to"] == reached:
                    yield Reading(
                        key=f"by-{key}", **times(move), start=stated_of(move["effective"])
                    )

    def deadline(self, key: str, state: State) -> Deadline:
        readings = self._readings_of("deadline", key)
        return Deadline(
            key=key,
            **times(state),
            title=state.get("title", ""),
            readings=readings,
            adoptions=self._adoptions(readings),
            moves=self.moves_of("deadline", key),
        )

    def extension(self, key: str, state: State) -> Extension:
        return Extension(
            key=key,
            **times(state),
            order=int(state["order"]),
            kind=LinkKind(state["kind"]),
            start=stated_of(state.get("start")),
            end=stated_of(state.get("end")),
            duration=_duration(state.get("duration")),
            rule=Rule(state["rule"]) if state.get("rule") else None,
            zone=state.get("zone") or None,
            retroactive=bool(state.get("retroactive")),
            moves=self.moves_of("extension", key),
        )

    def _conditions(self, ref: str) -> Iterator[Condition]:
        """Those on the pledge, then those on its links."""
        found = dict(self._of("condition", ref))
        for link, _ in self._of("extension", ref):
            found.update(self.of_links.get(("extension", link), ()))
        for key, state in found.items():
            yield Condition(
                key=key,
                **times(state),
                kind=ConditionKind(state["kind"]),
                text=state.get("text", ""),
                due=window_of(state.get("due")),
                moves=self.moves_of("condition", key),
                extension=state.get("extension") or None,
            )

    def _incidents(self, ref: str) -> Iterator[Incident]:
        for key, state in self.incidents.get(ref, ()):
            occurred = earliest_of(state["occurred"])
            if occurred is not None:
                yield Incident(
                    key=key,
                    **times(state),
                    occurred=occurred,
                    moves=self.moves_of("incident", key),
                )

    def _rests_on(self, ref: str, state: State) -> Iterator[tuple[str, Times]]:
        """What the pledge rests on, each with the times of the fact that says so."""
        own = times(state)
        for other in state.get("reciprocates") or ():
            yield other, own
        for _, link in self._of("dependency", ref):
            if link["kind"] == "rests_on":
                yield link["on_pledge"], times(link)
        for _, condition in self._of("condition", ref):
            if condition.get("depends_on_pledge"):
                yield condition["depends_on_pledge"], times(condition)

    def _failures(self, ref: str, state: State) -> Iterator[Failure]:
        for other, since in self._rests_on(ref, state):
            for key, move in self.moves.get(("pledge", other), ()):
                effective = earliest_of(move["effective"])
                if move["machine"] == "stage" and move["to"] in FAILING_STAGES and effective:
                    both = _both(times(move), since)
                    yield Failure(
                        key=f"{other}-{key}", **both, on=other, what=move["to"], effective=effective
                    )
            yield from self._breaches(other, since)

    def _breaches(self, other: str, since: Times) -> Iterator[Failure]:
        """The stretches in which the finding that counts is a breach."""
        made = {v.key: v for v in _verifications(self._of("verification", other))}
        for finding, start, until in findings.breached(made.values()):
            recorded = [x for x in (finding.recorded, since["recorded"]) if x is not None]
            yield Failure(
                key=f"{other}-{finding.key}",
                public=max(start, since["public"]),
                recorded=max(recorded, default=None),
                withdrawn=since["withdrawn"],
                on=other,
                what="breached",
                effective=start,
                until=until,
            )


def _both(first: Times, second: Times) -> Times:
    """The times of something that needs two facts: public with the later, gone with the first."""
    gone = [x["withdrawn"] for x in (first, second) if x["withdrawn"] is not None]
    recorded = [x["recorded"] for x in (first, second) if x["recorded"] is not None]
    return {
        "public": max(first["public"], second["public"]),
        "recorded": max(recorded, default=None),
        "withdrawn": min(gone, default=None),
    }


def account(key: str, state: State) -> Account:
    return Account(
        key=key,
        **times({**state, "public": state.get("public") or state.get("said")}),
        stances={name: Stance(state.get(name) or "silent") for name in FIELDS},
        values=dict(state.get("values") or {}),
    )


def count(key: str, state: State) -> Count:
    return Count(
        key=key,
        **times(state),
        claimant=state.get("claimant") or "",
        number=int(state["number"]),
        period_end=latest_of(state.get("period_end")),
        supersedes=state.get("supersedes") or None,
    )


def _stops(rows: Iterable[tuple[str, State]]) -> Iterator[ClockStop]:
    for key, state in rows:
        start = earliest_of(state["start"])
        if start is not None:
            yield ClockStop(key=key, **times(state), start=start, end=earliest_of(state.get("end")))


def _suspensions(rows: Iterable[tuple[str, State]]) -> Iterator[Suspension]:
    for key, state in rows:
        start = earliest_of(state["start"])
        if start is not None:
            yield Suspension(
                key=key,
                **times(state),
                start=start,
                end=earliest_of(state.get("end")),
                areas=tuple(state.get("areas") or ()),
            )


def _verifications(rows: Iterable[tuple[str, State]]) -> Iterator[Verification]:
    for key, state in rows:
        start, end = earliest_of(state["period_start"]), latest_of(state["period_end"])
        if start is not None and end is not None:
            yield Verification(
                key=key,
                **times(state),
                finding=state["finding"],
                period_start=start,
                period_end=end,
                is_final=bool(state.get("is_final")),
                reliability=state.get("reliability") or "",
                credibility=int(state.get("credibility") or 0),
                cites=state.get("cites") or None,
            )
