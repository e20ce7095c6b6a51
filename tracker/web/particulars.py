"""What a pledge's page lists beside its term: flags, conditions, deadlines, incidents, counts.

Keys become names here; what things are called on the screen is for the templates.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from tracker.domain.facts import Reading
from tracker.domain.flags import FlagKey, open_conditions
from tracker.domain.status import Flag
from tracker.selectors.entries import Entry, FactView
from tracker.web.accounts import is_withdrawn
from tracker.words import isolated

MOST_ABOUT = 3  # things that one notice names


def short(key: str) -> str:
    """The last part of a nested key: ``UA-ENERGY-RU.russia-count`` is ``russia-count``."""
    return key.rsplit(".", 1)[-1]


def named(entry: Entry, slug: str | None) -> str:
    return entry.parties.get(slug or "", slug or "")


def whose(entry: Entry, reading: Reading) -> str:
    """A reading by its speaker and its key, which tells it from another one of the same."""
    who = named(entry, reading.speaker) or gettext("the analyst")
    return f"{isolated(who)} ({short(reading.key)})"


def _row(entry: Entry, noun: str, key: str | None) -> Mapping[str, Any]:
    return entry.tables.get(noun, {}).get(key or "", {})


def title_of(entry: Entry, noun: str, key: str | None) -> str:
    return str(_row(entry, noun, key).get("title") or short(key or ""))


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of flag that stands, what it is about, and since when it has been true.

    ``more``: about how many things besides.
    """

    kind: str
    about: str
    since: datetime
    more: int = 0


def notices(entry: Entry) -> list[Notice]:
    """The standing flags, one notice per kind, the latest raised first.

    Several flags of a kind (a lead after a lead, an account after an account) are one notice. That
    it expired is its stage, and that a check is due goes without saying once it is long overdue.
    """
    said = {"expired"}
    if any(flag.kind == "unverified" for flag in entry.flags):
        said.add("verification_due")
    by_kind: dict[str, list[Flag]] = {}
    for flag in entry.flags:
        if flag.kind in said:
            continue
        by_kind.setdefault(flag.kind, []).append(flag)
    found = []
    for kind, flags in by_kind.items():
        about = list(dict.fromkeys(words for f in flags if (words := _about(entry, f.key))))
        shown = "; ".join(about[:MOST_ABOUT])
        found.append(Notice(kind, shown, min(f.since for f in flags), len(about[MOST_ABOUT:])))
    return sorted(found, key=lambda n: (n.since, n.kind), reverse=True)


def _about(entry: Entry, flag: FlagKey) -> str:
    match flag.kind:
        case "accounts_differ":
            return field_words(flag.subject)
        case "deadline_due" | "deadline_missed":
            if flag.subject == "term":
                return ""
            return title_of(entry, "deadline", flag.subject)
        case "condition_overdue":
            return str(_row(entry, "condition", flag.subject).get("text") or "")
        case "dependency_failed":
            text = _row(entry, "condition", flag.subject).get("text")
            return str(text or title_of(entry, "pledge", flag.subject))
        case "reading_ended":
            ended = next((t.reading for t in entry.terms if t.reading.key == flag.subject), None)
            return whose(entry, ended) if ended else short(flag.subject)
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


def field_words(name: str) -> str:
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
    depends_on_pledge: str
    is_open: bool

    @property
    def is_binding(self) -> bool:
        return self.binding == "binding"

    @property
    def mark(self) -> str:
        """Which shape it has: open, met, failed or settled."""
        marks = {"met": "met", "unmet": "failed", "lapsed": "failed", "invoked": "failed"}
        return marks.get(self.state, "open" if self.is_open else "settled")


def conditions(entry: Entry) -> list[Condition]:
    """What is open and binding first, what was withdrawn last; else as they were entered."""
    waiting = {one.key for one in open_conditions(entry.facts, entry.now)}
    found = [_condition(entry, fact, is_open=fact.key in waiting) for fact in entry.conditions]
    return sorted(found, key=lambda c: (c.is_withdrawn, not c.is_open, c.binding != "binding"))


def _condition(entry: Entry, fact: FactView, *, is_open: bool) -> Condition:
    state, judged = fact.state, fact.judged
    is_release = state["kind"] == "release_on_breach"
    rests_on = title_of(entry, "pledge", state.get("depends_on_pledge"))
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
        depends_on=rests_on or title_of(entry, "trigger", state.get("depends_on_trigger")),
        depends_on_pledge=str(state.get("depends_on_pledge") or ""),
        is_open=is_open,
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
    """The latest to become public first."""
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
        for fact in reversed(entry.incidents)
    ]


def findings(found: Iterable[Incident]) -> list[tuple[str, int]]:
    """How many of the incidents that stand were found to be what, the most frequent first."""
    return Counter(one.finding for one in found if not one.is_withdrawn).most_common()


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


@dataclass(frozen=True, slots=True)
class Claims:
    """What one claimant counted, the latest first. ``fallen``: superseded or withdrawn."""

    claimant: str
    standing: list[Count]
    fallen: list[Count]


def claims(found: Iterable[Count]) -> list[Claims]:
    """Counts by claimant, beside each other: nothing is added up, or set off against another's."""
    by_claimant: dict[str, Claims] = {}
    for one in found:
        its = by_claimant.setdefault(one.claimant, Claims(one.claimant, [], []))
        (its.fallen if one.is_superseded or one.is_withdrawn else its.standing).insert(0, one)
    return list(by_claimant.values())


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
