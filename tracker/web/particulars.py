"""What a pledge's page lists beside its term: flags, conditions, deadlines, incidents, counts.

Keys become names here; what things are called on the screen is for the templates.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from tracker.domain.flags import FlagKey
from tracker.domain.status import Flag
from tracker.selectors.entries import Entry, FactView
from tracker.web.accounts import is_withdrawn
from tracker.words import isolated


def short(key: str) -> str:
    """The last part of a nested key: ``UA-ENERGY-RU.russia-count`` is ``russia-count``."""
    return key.rsplit(".", 1)[-1]


def named(entry: Entry, slug: str | None) -> str:
    return entry.parties.get(slug or "", slug or "")


def _row(entry: Entry, noun: str, key: str | None) -> Mapping[str, Any]:
    return entry.tables.get(noun, {}).get(key or "", {})


def _title(entry: Entry, noun: str, key: str | None) -> str:
    return str(_row(entry, noun, key).get("title") or short(key or ""))


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of flag that stands, what it is about, and since when it has been true."""

    kind: str
    about: str
    since: datetime


def notices(entry: Entry) -> list[Notice]:
    """The standing flags, one notice per kind, the latest raised first.

    Several flags of a kind (a lead after a lead, an account after an account) are one notice.
    """
    by_kind: dict[str, list[Flag]] = {}
    for flag in entry.flags:
        by_kind.setdefault(flag.kind, []).append(flag)
    found = [
        Notice(
            kind,
            "; ".join(dict.fromkeys(words for f in flags if (words := _about(entry, f.key)))),
            min(f.since for f in flags),
        )
        for kind, flags in by_kind.items()
    ]
    return sorted(found, key=lambda n: (n.since, n.kind), reverse=True)


def _about(entry: Entry, flag: FlagKey) -> str:
    match flag.kind:
        case "accounts_differ":
            return _field(flag.subject)
        case "deadline_due" | "deadline_missed":
            if flag.subject == "term":
                return ""
            return _title(entry, "deadline", flag.subject)
        case "condition_overdue":
            return str(_row(entry, "condition", flag.subject).get("text") or "")
        case "dependency_failed":
            text = _row(entry, "condition", flag.subject).get("text")
            return str(text or _title(entry, "pledge", flag.subject))
        case "reading_ended":
            return short(flag.subject)
        case "violation_reported":
            return _violation(entry, flag.subject)
        case _:
            return ""


def _violation(entry: Entry, key: str) -> str:
    incident = _row(entry, "incident", key)
    if incident:
        return str(incident.get("description") or "")
    claimed = _row(entry, "count", key)
    if not claimed:
        return ""
    return gettext("a count by %(who)s") % {"who": named(entry, claimed.get("claimant"))}


def _field(name: str) -> str:
    return {
        "existence": gettext("that it was promised"),
        "scope": gettext("scope"),
        "area": gettext("area"),
        "start": gettext("start"),
        "duration": gettext("duration"),
        "end": gettext("end"),
        "conditions": gettext("conditions"),
        "acceptance": gettext("acceptance"),
        "compliance": gettext("compliance"),
    }.get(name, name)


@dataclass(frozen=True, slots=True)
class Condition:
    key: str
    is_withdrawn: bool
    kind: str
    text: str
    state: str
    acknowledgement: str
    binding: str
    asserted_by: str
    due: str
    depends_on: str


def conditions(entry: Entry) -> list[Condition]:
    return [_condition(entry, fact) for fact in entry.conditions]


def _condition(entry: Entry, fact: FactView) -> Condition:
    state, judged = fact.state, fact.judged
    is_release = state["kind"] == "release_on_breach"
    rests_on = _title(entry, "pledge", state.get("depends_on_pledge"))
    return Condition(
        key=fact.key,
        is_withdrawn=fact.withdrawn is not None,
        kind=state["kind"],
        text=str(state.get("text") or ""),
        state=judged.get("release", "not_triggered")
        if is_release
        else judged.get("condition", "pending"),
        acknowledgement=judged.get("acknowledgement", "unacknowledged"),
        binding=judged.get("binding", "not_binding"),
        asserted_by=named(entry, state.get("asserted_by")),
        due=str(state.get("due") or ""),
        depends_on=rests_on or _title(entry, "trigger", state.get("depends_on_trigger")),
    )


@dataclass(frozen=True, slots=True)
class Deadline:
    """``due`` is the latest of the dates that its readings give, None while it is undated."""

    key: str
    is_withdrawn: bool
    kind: str
    title: str
    state: str
    due: datetime | None


def deadlines(entry: Entry) -> list[Deadline]:
    """In the order in which they fall due, the undated ones last."""
    found = [
        Deadline(
            key=fact.key,
            is_withdrawn=fact.withdrawn is not None,
            kind=fact.state.get("kind") or "milestone",
            title=str(fact.state["title"]),
            state=fact.judged.get("deadline", "open"),
            due=fact.window.latest if fact.window else None,
        )
        for fact in entry.deadlines
    ]
    return sorted(found, key=lambda d: (d.due is None, d.due.isoformat() if d.due else "", d.key))


@dataclass(frozen=True, slots=True)
class Incident:
    key: str
    is_withdrawn: bool
    finding: str
    attribution: str
    description: str
    occurred: str
    place: str
    place_precision: str
    actor: str
    claimants: str


def incidents(entry: Entry) -> list[Incident]:
    return [
        Incident(
            key=fact.key,
            is_withdrawn=fact.withdrawn is not None,
            finding=fact.judged.get("incident", "alleged"),
            attribution=fact.judged.get("attribution", "none"),
            description=str(fact.state.get("description") or ""),
            occurred=fact.state["occurred"],
            place=str(fact.state.get("place") or ""),
            place_precision=str(fact.state.get("place_precision") or ""),
            actor=named(entry, fact.state.get("actor")),
            claimants=", ".join(named(entry, s) for s in fact.state.get("claimants") or ()),
        )
        for fact in entry.incidents
    ]


@dataclass(frozen=True, slots=True)
class Count:
    key: str
    is_withdrawn: bool
    number: int
    qualifier: str
    of: str
    claimant: str
    period_start: str
    period_end: str
    source: str
    is_superseded: bool


def counts(entry: Entry) -> list[Count]:
    replaced = {fact.state.get("supersedes") for fact in entry.counts if not fact.withdrawn}
    return [
        Count(
            key=fact.key,
            is_withdrawn=fact.withdrawn is not None,
            number=int(fact.state["number"]),
            qualifier=fact.state.get("qualifier") or "exactly",
            of=str(fact.state.get("of") or ""),
            claimant=named(entry, fact.state.get("claimant")),
            period_start=str(fact.state.get("period_start") or ""),
            period_end=str(fact.state.get("period_end") or ""),
            source=str(fact.state.get("source") or ""),
            is_superseded=fact.key in replaced,
        )
        for fact in entry.counts
    ]


def promised(entry: Entry) -> list[tuple[str, str]]:
    """The pledge as entered, field by field; what was not entered is left out."""
    state = entry.state
    instrument = _row(entry, "instrument", state.get("instrument"))
    made_in = instrument.get("title")
    if made_in and is_withdrawn(instrument, entry.found.at):
        made_in = gettext("%(row)s, withdrawn") % {"row": isolated(made_in)}
    fields = (
        (gettext("Made in"), made_in),
        (gettext("Scope"), state.get("scope")),
        (gettext("Area"), state.get("area")),
        (gettext("Prohibited"), state.get("prohibited")),
        (gettext("Permitted"), state.get("permitted")),
        (gettext("Protected"), ", ".join(state.get("protected_objects") or ())),
        (gettext("Mechanism agreed"), state.get("mechanism_agreed") or gettext("none")),
        (gettext("Mechanism operating"), state.get("mechanism_operating") or gettext("none")),
        (gettext("Note"), state.get("note")),
    )
    return [(str(label), str(text)) for label, text in fields if text]


@dataclass(frozen=True, slots=True)
class Related:
    """``key``: the dependency's; blank where the pledge itself names the other one."""

    label: str
    ref: str
    title: str
    key: str = ""
    is_withdrawn: bool = False


def related(entry: Entry) -> list[Related]:
    """The pledges that this one reciprocates, rests on, supersedes or is part of."""
    return list(_related(entry))


def _related(entry: Entry) -> Iterator[Related]:
    for ref in entry.state.get("reciprocates") or ():
        yield Related(gettext("reciprocates"), ref, _title(entry, "pledge", ref))
    kinds = {
        "rests_on": gettext("rests on"),
        "supersedes": gettext("supersedes"),
        "part_of": gettext("is part of"),
    }
    for fact in entry.dependencies:
        ref, kind = fact.state["on_pledge"], fact.state["kind"]
        yield Related(
            kinds.get(kind, str(kind)),
            str(ref),
            _title(entry, "pledge", ref),
            fact.key,
            fact.withdrawn is not None,
        )


@dataclass(frozen=True, slots=True)
class Link:
    """Something that changed the term: an extension, a stop of the clock, a suspension.

    ``noun`` says which; times and durations are as stated.
    """

    noun: str
    key: str
    is_withdrawn: bool
    kind: str
    state: str
    start: str
    end: str
    duration: str
    areas: str
    note: str


def links(entry: Entry) -> list[Link]:
    return [
        _link(
            "extension",
            fact,
            kind=fact.state["kind"],
            state=fact.judged.get("extension", "proposed"),
        )
        for fact in entry.extensions
    ] + [
        _link(noun, fact)
        for noun, facts in (("clock_stop", entry.clock_stops), ("suspension", entry.suspensions))
        for fact in facts
    ]


def _link(noun: str, fact: FactView, *, kind: str = "", state: str = "") -> Link:
    return Link(
        noun=noun,
        key=fact.key,
        is_withdrawn=fact.withdrawn is not None,
        kind=kind,
        state=state,
        start=str(fact.state.get("start") or ""),
        end=str(fact.state.get("end") or ""),
        duration=str(fact.state.get("duration") or ""),
        areas=", ".join(fact.state.get("areas") or ()),
        note=str(fact.state.get("note") or ""),
    )
