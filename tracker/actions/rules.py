"""The rules of each noun that look at several columns or rows; each refusal names its column.

Single columns are checked in ``columns.py``; what is true of every row for ever is a constraint.
"""

import re
from collections.abc import Callable
from typing import Any

from tracker.domain import durations, stated, status, transitions
from tracker.domain.errors import DomainError, Invalid, NotAllowed
from tracker.domain.facts import ConditionKind, LinkKind, Rule
from tracker.domain.graph import find_cycle
from tracker.domain.sentences import _
from tracker.domain.transitions import Machine
from tracker.models import Entered, Extension, Move, Pledge, Reading
from tracker.selectors import narrow, rows
from tracker.selectors.facts import earliest_of, pledge_facts

from . import finding_rules, merge_rules, source_rules, watch_rules
from .rule_words import COUNTS, END_DATES, ENDS, check_move, named

State = dict[str, Any]
Check = Callable[[Entered, State], None]

OWNER = {
    Machine.STAGE: "pledge",
    Machine.CONDITION: "condition",
    Machine.RELEASE: "condition",
    Machine.ACKNOWLEDGEMENT: "condition",
    Machine.BINDING: "condition",
    Machine.INCIDENT: "incident",
    Machine.ATTRIBUTION: "incident",
    Machine.DEADLINE: "deadline",
    Machine.EXTENSION: "extension",
}


def check(noun: str, row: Entered, state: State) -> None:
    """Every rule of the noun on a row about to be saved and its whole state."""
    if state.get("withdrawn_at"):
        _known_time("withdrawn_at")(row, state)
    for rule in RULES.get(noun, ()):
        rule(row, state)


def exactly_one(*names: str) -> Check:
    def rule(row: Entered, state: State) -> None:
        given = [name for name in names if state.get(name)]
        if len(given) != 1:
            raise Invalid(
                _("It must be about exactly one of: {names}.", names=", ".join(names)),
                field=given[-1] if given else names[0],
                mend=_("Name one and leave out the others."),
            )

    return rule


def _reading(row: Entered, state: State) -> None:
    check_term(state)


def check_term(state: State) -> None:
    """Whether a reading's columns fit together. Raises Invalid with the column."""
    starts = [n for n in ("start", "start_trigger", "start_deadline") if state[n]]
    if len(starts) > 1:
        raise Invalid(
            _("It starts in two ways."), field=starts[1], mend=_("Leave out one of them.")
        )
    ends = [n for n in ("end", "end_trigger", "duration", "open_end") if state[n]]
    if len(ends) > 1:
        raise Invalid(
            _(
                "Its end is told in two ways: {names}.",
                names=" and ".join(ENDS[name] for name in ends),
            ),
            field=ends[1],
            mend=_("Make each its own reading."),
        )
    if state["pledge"] is None and state["trigger"] is not None and (ends or not starts):
        raise Invalid(
            _("A trigger's reading says when it occurred."),
            field="start",
            mend=_("Give a start only."),
        )
    count_rule(state, state["duration"], state["end"])
    if state["zone_assumed"] and not state["zone"]:
        raise Invalid(_("No zone is given to be assumed."), field="zone", mend=_("Name the zone."))
    if state["set_aside_at"] and not state["set_aside_reason"]:
        raise Invalid(
            _("Setting a reading aside takes a reason."),
            field="set_aside_reason",
            mend=_("Give it."),
        )


def count_rule(state: State, duration: str, end: str) -> None:
    """Whether the day-count rule fits what it counts. Raises Invalid on ``rule``."""
    rule = state["rule"]
    if not rule:
        return
    if duration and rule in END_DATES:
        raise Invalid(
            _(
                "{named} says what an end date means; it counts no duration.",
                named=named("rule", rule),
            ),
            field="rule",
            mend=_("Use one of: {named}; or give an end.", named=named("rule", *COUNTS)),
        )
    if duration and rule != Rule.ELAPSED and durations.parse(duration).has_time:
        raise Invalid(
            _(
                "{words} has hours: {named} counts days.",
                words=durations.parse(duration).words,
                named=named("rule", rule),
            ),
            field="rule",
            mend=_("Use {named}, or give the duration in days.", named=named("rule", Rule.ELAPSED)),
        )
    if end and rule not in END_DATES:
        raise Invalid(
            _(
                "{named} counts a duration and says nothing of an end date.",
                named=named("rule", rule),
            ),
            field="rule",
            mend=_("Use one of: {named}; or give a duration.", named=named("rule", *END_DATES)),
        )


def _extension(row: Entered, state: State) -> None:
    if state["end"] and state["duration"]:
        raise Invalid(
            _("It has both an end and a duration."), field="duration", mend=_("Give one.")
        )
    kind = state["kind"]
    told = state["end"] or state["duration"]
    if kind == LinkKind.TACIT and told:
        raise Invalid(_("A tacit continuation has no end."), field="end", mend=_("Leave it out."))
    if kind in (LinkKind.EXTENDED, LinkKind.SHORTENED) and not told:
        raise Invalid(_("It takes an end or a duration."), field="end", mend=_("Give one of them."))
    if state["start"] and kind not in (LinkKind.RENEWED, LinkKind.REVIVED):
        raise Invalid(
            _("{named} has no start of its own.", named=named("extension_kind", kind)),
            field="start",
            mend=_(
                "Use one of: {named}.",
                named=named("extension_kind", LinkKind.RENEWED, LinkKind.REVIVED),
            ),
        )
    count_rule(state, state["duration"], state["end"])


def _condition(row: Entered, state: State) -> None:
    extending_kind = ConditionKind.EXTENSION_CONDITION
    if state["extension"] and state["kind"] != extending_kind:
        raise Invalid(
            _(
                "A condition on an extension is {named}.",
                named=named("condition_kind", extending_kind),
            ),
            field="kind",
            mend=_("Use that kind."),
        )


def _adoption(row: Entered, state: State) -> None:
    reading = getattr(row, "reading", None)
    if reading is not None and reading.withdrawn_at and row.pk is None:
        raise Invalid(
            _("That reading was withdrawn by its speaker."),
            field="reading",
            mend=_("Adopt another."),
        )


def _move(row: Entered, state: State) -> None:
    assert isinstance(row, Move)
    machine = Machine(state["machine"])
    owner = OWNER[machine]
    if not state[owner]:
        raise Invalid(
            _("The machine {machine} belongs to a {owner}.", machine=machine, owner=owner),
            field="machine",
            mend=_("Name a {owner}.", owner=owner),
        )
    if machine in (Machine.CONDITION, Machine.RELEASE):
        assert row.condition is not None
        release = row.condition.kind == ConditionKind.RELEASE_ON_BREACH
        if release is not (machine is Machine.RELEASE):
            others = transitions.states(Machine.RELEASE if release else Machine.CONDITION)
            raise Invalid(
                _(
                    "A condition {named} has other states.",
                    named=named("condition_kind", row.condition.kind),
                ),
                field="to",
                mend=_("Use one of: {named}.", named=named("condition", *others)),
            )
    if machine is Machine.STAGE:
        _stage_move(row, state)
        return
    effective = row.effective_instant
    earlier = (
        Move.objects.filter(
            **{owner: getattr(row, owner)},
            machine=machine,
            withdrawn_at="",
            effective_instant__lte=effective,
        )
        .exclude(pk=row.pk)
        .order_by("effective_instant", "pk")
    )
    last = earlier.last()
    current = last.to if last is not None else transitions.INITIAL[machine]
    if current == state["to"] == transitions.INITIAL[machine]:
        return
    check_move(machine, current=current, to=state["to"])


def _stage_move(row: Move, state: State) -> None:
    """Allowed from the stage at the effective instant, or when it became public."""
    assert row.pledge is not None
    tables = narrow.of_pledges(row.dossier, [row.pledge.pk])
    tables["move"] = {k: s for k, s in tables["move"].items() if k != row.key}
    facts = pledge_facts(tables, row.pledge.ref)
    effective, public = earliest_of(state["effective"]), earliest_of(state["public"])
    refused: DomainError | None = None
    for at in {effective, public, max(x for x in (effective, public) if x)} - {None}:
        assert at is not None
        stage = status.evaluate(facts, at=at).stage
        if stage is None:
            refused = refused or NotAllowed(
                _("The pledge was not public at that instant."),
                field="effective",
                mend=_("Check it."),
            )
            continue
        try:
            check_move(Machine.STAGE, current=stage, to=state["to"])
        except DomainError as error:
            refused = error
        else:
            return
    if refused is not None:
        raise refused


def _known_time(name: str) -> Check:
    def rule(row: Entered, state: State) -> None:
        if stated.first_instant(stated.parse(state[name] or "unknown")) is None:
            raise Invalid(
                _("This must be a time with a zone."),
                field=name,
                mend=_("Add the zone; mark one that was not stated as assumed: ?Europe/Kyiv."),
            )

    return rule


def _no_cycle(field: str) -> Check:
    """Refuses what would let starts wait for each other. Looks at the dossier with this row."""

    def rule(row: Entered, state: State) -> None:
        names = (
            "depends_on_pledge",
            "depends_on_trigger",
            "start_trigger",
            "start_deadline",
            "of_condition",
            "of_deadline",
        )
        if not any(state.get(name) for name in names):
            return
        tables = narrow.waiting(row.dossier)  # type: ignore[attr-defined]
        tables[type(row).NOUN][getattr(row, "key")] = state  # noqa: B009 - facts have keys
        found = find_cycle(starts_rest_on(tables))
        if found is not None:
            given = [name for name in names if state.get(name)]
            raise Invalid(
                _("Starts would wait for each other: {found}.", found=" → ".join(found)),
                field=given[0] if given else field,
                mend=_("Take one of these links out."),
            )

    return rule


def starts_rest_on(tables: rows.Tables) -> dict[str, set[str]]:
    """What each start waits for: entry preconditions, triggers, and the steps behind them."""
    edges: dict[str, set[str]] = {}

    def add(a: str, noun: str, key: str | None) -> None:
        if key:
            edges.setdefault(a, set()).add(f"{noun} {key}")

    for key, state in tables.get("condition", {}).items():
        if state["kind"] == ConditionKind.ENTRY_PRECONDITION and state["pledge"]:
            add(f"pledge {state['pledge']}", "condition", key)
        add(f"condition {key}", "pledge", state["depends_on_pledge"])
        add(f"condition {key}", "trigger", state["depends_on_trigger"])
    for key, state in tables.get("trigger", {}).items():
        add(f"trigger {key}", "condition", state["of_condition"])
        add(f"trigger {key}", "deadline", state["of_deadline"])
    for state in tables.get("reading", {}).values():
        owner = next(n for n in ("pledge", "trigger", "deadline") if state[n])
        add(f"{owner} {state[owner]}", "trigger", state["start_trigger"])
        add(f"{owner} {state[owner]}", "deadline", state["start_deadline"])
    mutual = {
        key
        for key, state in tables.get("condition", {}).items()
        if state["kind"] in (ConditionKind.RECIPROCITY, ConditionKind.CONCURRENT)
    }
    return {a: b for a, b in edges.items() if a.removeprefix("condition ") not in mutual}


def _pledge(row: Entered, state: State) -> None:
    assert isinstance(row, Pledge)
    if row.ref in state["reciprocates"]:
        raise Invalid(
            _("A pledge does not reciprocate itself."),
            field="reciprocates",
            mend=_("Name the other."),
        )


def _another(own: str, other: str) -> Check:
    """Two columns that name the same row name another one each."""

    def rule(row: Entered, state: State) -> None:
        mine = state[own] if own in state else getattr(row, type(row).KEY)
        if state[other] and state[other] == mine:
            raise Invalid(_("It cannot name itself here."), field=other, mend=_("Name another."))

    return rule


def _graded(row: Entered, state: State) -> None:
    if not 1 <= state["credibility"] <= 6:
        raise Invalid(
            _("Credibility is graded from 1 to 6."), field="credibility", mend=_("Use 1 to 6.")
        )


def _order(row: Entered, state: State) -> None:
    assert isinstance(row, Extension)
    if state["order"] < 1:
        raise Invalid(_("Links are counted from 1."), field="order", mend=_("Use 1 or more."))
    others = Extension.objects.filter(pledge=row.pledge, order=row.order).exclude(pk=row.pk)
    for other in others:
        raise Invalid(
            _(
                "The link “{other}” has the order {order} already.",
                other=other.key,
                order=row.order,
            ),
            field="order",
            mend=_("Use the next number."),
        )


def _own_deadline(row: Entered, state: State) -> None:
    """A term counts from a step of its own pledge: the evaluation sees no other."""
    assert isinstance(row, Reading)
    pledge = row.pledge or (row.deadline.pledge if row.deadline else None)
    if row.start_deadline is not None and pledge not in (None, row.start_deadline.pledge):
        raise Invalid(
            _("It starts from a deadline of another pledge."),
            field="start_deadline",
            mend=_("Name one of its own, or make a trigger of that deadline."),
        )


def _country_code(row: Entered, state: State) -> None:
    if state["iso"] and not re.fullmatch("[A-Z]{2}", state["iso"]):
        raise Invalid(
            _("“{state}” is no country code.", state=state["iso"]),
            field="iso",
            mend=_("Use the two capital letters of ISO 3166-1, such as UA."),
        )


def _known_if_given(name: str) -> Check:
    known = _known_time(name)

    def rule(row: Entered, state: State) -> None:
        if state[name]:
            known(row, state)

    return rule


RULES: dict[str, tuple[Check, ...]] = {
    "dossier": (watch_rules.escalation,),
    "party": (_country_code, merge_rules.party),
    "source": (source_rules.kept, source_rules.version),
    "pledge": (_pledge, watch_rules.leads),
    "account": (
        exactly_one("pledge", "condition", "position", "extension", "trigger", "deadline"),
        _graded,
    ),
    "reading": (
        exactly_one("pledge", "trigger", "deadline"),
        _reading,
        _known_if_given("set_aside_at"),
        _own_deadline,
        _no_cycle("start_trigger"),
    ),
    "adoption": (_adoption,),
    "trigger": (_no_cycle("of_condition"),),
    "extension": (_extension, _order),
    "clock_stop": (
        _known_time("start"),
        _known_if_given("end"),
    ),
    "suspension": (_known_time("start"), _known_if_given("end")),
    "coalition_member": (_another("coalition", "member"),),
    "dependency": (_another("pledge", "on_pledge"),),
    "condition": (
        exactly_one("pledge", "extension", "position"),
        _condition,
        _another("pledge", "depends_on_pledge"),
        _no_cycle("depends_on_pledge"),
    ),
    "comment": (exactly_one("pledge", "position", "source", "incident", "condition"),),
    "move": (
        exactly_one("pledge", "condition", "incident", "deadline", "extension"),
        _known_time("effective"),
        _move,
    ),
    "verification": (
        _known_time("period_start"),
        _known_time("period_end"),
        _graded,
        _another("key", "cites"),
        finding_rules.correction,
    ),
    "incident": (_known_time("occurred"),),
    "count": (_another("key", "supersedes"),),
}
