"""What the entries of a seed file must satisfy together, and within themselves.

Lives here: unstated rules that make two readings, rules that fit their terms, moves, and cycles.
Must not live here: looking up keys (seed_form.py), reading values (seed_values.py), writing.
"""

from __future__ import annotations

from dataclasses import replace

from tracker.domain import durations, stated, transitions
from tracker.domain.facts import Rule
from tracker.domain.graph import find_cycle
from tracker.domain.transitions import Machine

from .seed_rows import Row
from .seed_yaml import Mistakes, Text, nearest

Rows = dict[tuple[str, str], Row]
DAY_COUNTS = (Rule.INCLUSIVE, Rule.EXCLUSIVE)
END_RULES = (Rule.THROUGH, Rule.UNTIL)


def _length(row: Row) -> durations.Duration | None:
    """The duration that days are counted by: on a deadline an offset alone is one, too."""
    text = row.text("duration")
    if not text and row.owner is not None and row.owner.noun == "deadline":
        text = row.text("start_offset")
    return durations.parse(text) if text else None


def _end_is_bare(row: Row) -> bool:
    text = row.text("end")
    return bool(text) and stated.parse(text).is_bare_date


def double_readings(rows: list[Row], by_key: Rows) -> None:
    """A reading whose rule matters and is not stated stands twice, once for each rule."""
    for row in rows:
        if row.noun != "reading" or row.text("rule") or "rule" in row.broken:
            continue
        length = _length(row)
        rules: tuple[Rule, ...] = ()
        if length is not None and row.text("end"):
            row.broken.add("rule")  # refused below; nothing is to be concluded from it
            continue
        if row.text("end"):
            rules = END_RULES if _end_is_bare(row) else ()
        elif length is not None and length.has_calendar and not length.has_time:
            rules = DAY_COUNTS
        if not rules:
            continue
        del by_key[row.identity]
        for rule in rules:
            twin = replace(
                row,
                key=f"{row.key}-{rule}",
                local=f"{row.local}-{rule}",
                columns={**row.columns, "rule": str(rule)},
                references=dict(row.references),
                targets={},
                broken=set(row.broken),
            )
            by_key[twin.identity] = twin


def name_the_rule(row: Row, by_key: Rows, mistakes: Mistakes) -> None:
    """An adoption of a reading that stands twice names which of the two by its rule."""
    reference = row.references.get("reading")
    rule = str(row.columns.pop("rule", "") or "")
    if reference is None or row.owner is None:
        return
    name = reference.texts[0]
    key = f"{row.owner.key}.{name.text}"
    twins = [r for r in Rule if ("reading", f"{key}-{r}") in by_key]
    if ("reading", key) in by_key:
        reading = by_key["reading", key]
        stands_by = reading.text("rule")
        if rule and rule != stands_by and not reading.broken:
            mistakes.add(
                *row.where("rule"),
                f"the reading '{name.text}' has the rule '{stands_by or 'none'}', not '{rule}'",
                "Adopt a reading with that rule, or correct the reading",
            )
        return
    if not twins:
        return
    if not rule:
        mistakes.at(
            name,
            f"the reading '{name.text}' does not state its rule and stands twice",
            f"Add rule: with one of: {', '.join(twins)}",
        )
        _drop_reading(row)
    elif rule not in twins:
        mistakes.add(
            *row.where("rule"),
            f"the reading '{name.text}' stands as {' and '.join(twins)}, not as '{rule}'",
            f"Use one of: {', '.join(twins)}",
        )
        _drop_reading(row)
    else:
        row.references["reading"] = replace(
            reference, texts=(Text(name.line, name.place, f"{name.text}-{rule}"),)
        )


def check(rows: list[Row], mistakes: Mistakes) -> None:
    """Notes each entry that breaks a rule of its own, and cycles among preconditions."""
    for row in rows:
        match row.noun:
            case "reading":
                _check_reading(row, mistakes)
            case "extension":
                _check_extension(row, mistakes)
            case "move":
                _check_move(row, mistakes)
            case "account" | "verification":
                _check_credibility(row, mistakes)
            case "pledge":
                own = row.references.get("reciprocates")
                if own and any(t.text == row.key for t in own.texts):
                    mistakes.add(
                        *row.where("reciprocates"),
                        "a pledge cannot reciprocate itself",
                        "Name the other side's pledge",
                    )
            case "dependency":
                if row.columns.get("on_pledge") == row.columns.get("pledge"):
                    mistakes.add(
                        *row.where("on_pledge"),
                        "a pledge cannot depend on itself",
                        "Name another pledge",
                    )
            case "trigger":
                if row.columns.get("of_condition") and row.columns.get("of_deadline"):
                    mistakes.add(
                        *row.where("of_deadline"),
                        "of_condition is given as well",
                        "A trigger is one event: keep one of the two",
                    )
        _check_order(row, mistakes)
        for given, missing in (
            ("withdrawn_reason", "withdrawn_at"),
            ("withdrawn_at", "withdrawn_reason"),
        ):
            if row.text(given) and not row.text(missing) and missing not in row.broken:
                mistakes.add(
                    *row.where(missing), f"it is missing, and {given} is given", "Say when and why"
                )
    _check_numbers(rows, mistakes)
    _check_cycles(rows, mistakes)


def _drop_reading(row: Row) -> None:
    del row.references["reading"]
    row.broken.add("reading")


def _check_reading(row: Row, mistakes: Mistakes) -> None:
    has_end = bool(row.text("end") or row.targets.get("end_trigger"))
    opened = row.text("open_end")
    if not row.broken and not (
        has_end
        or opened
        or row.text("start")
        or row.text("duration")
        or row.targets.get("start_trigger")
        or row.targets.get("start_deadline")
    ):
        mistakes.add(
            row.line,
            row.place,
            "it says nothing of the term",
            "Give start, duration or end",
        )
    if has_end and row.text("duration"):
        mistakes.add(
            *row.where("end"),
            "the reading has a duration as well",
            "Make two readings: one by its duration, one by its end",
        )
    if opened and (row.text("duration") or row.text("end")):
        mistakes.add(
            *row.where("open"),
            "the reading has an end or a duration, so that it is not open",
            "Make two readings, or leave open out",
        )
    if row.text("set_aside_at") and not row.text("set_aside_reason"):
        mistakes.add(*row.where("set_aside_reason"), "it is missing", "Say why it is set aside")
    _check_rule(row, mistakes)


def _check_rule(row: Row, mistakes: Mistakes) -> None:
    if "rule" not in row.given or not row.text("rule"):
        return
    rule = Rule(row.text("rule"))
    length = _length(row)
    if rule in END_RULES:
        if length is not None:
            _mismatch(
                row,
                mistakes,
                f"'{rule}' says what an end date means; this is a duration",
                "Use inclusive, exclusive or elapsed",
            )
        elif row.text("end") and not _end_is_bare(row):
            _mismatch(
                row,
                mistakes,
                f"'{rule}' is for a bare date, and the end has a clock time",
                "Leave rule out: the clock time is the end",
            )
        elif not row.text("end") and "end" not in row.broken:
            _mismatch(row, mistakes, f"'{rule}' needs an end", "Give end: with a date")
    elif row.text("end"):
        _mismatch(
            row,
            mistakes,
            f"'{rule}' counts a duration, and this is an end",
            "Use through or until with a bare date",
        )
    elif length is None:
        if "duration" not in row.broken and "start" not in row.broken:
            _mismatch(row, mistakes, f"'{rule}' needs a duration", "Give duration: P30D, say")
    elif rule in DAY_COUNTS and length.has_time:
        _mismatch(
            row,
            mistakes,
            f"'{rule}' counts whole days, and the duration has hours",
            "Use elapsed, or give the duration in days",
        )


def _mismatch(row: Row, mistakes: Mistakes, what: str, mend: str) -> None:
    mistakes.add(*row.where("rule"), what, mend)


def _check_extension(row: Row, mistakes: Mistakes) -> None:
    kind, end, duration = row.text("kind"), row.text("end"), row.text("duration")
    if row.broken:
        return
    if end and duration:
        mistakes.add(*row.where("end"), "the extension has a duration as well", "Keep one of them")
    if kind == "tacit" and (end or duration):
        mistakes.add(
            *row.where("kind"), "a tacit continuation is open", "Leave out its end and duration"
        )
    if kind in {"extended", "shortened"} and not (end or duration):
        mistakes.add(
            row.line, row.place, f"it is '{kind}' to nothing", "Give its end or its duration"
        )
    if row.text("start") and kind not in {"renewed", "revived"}:
        mistakes.add(
            *row.where("start"),
            f"an extension of the kind '{kind}' has no start of its own",
            "Use renewed or revived, or leave start out",
        )
    if end and _end_is_bare(row) and not row.text("rule"):
        mistakes.add(
            *row.where("rule"),
            "the end is a bare date, and it is not said what that means",
            "Add rule: through (to 24:00 of it) or until (to 00:00 of it)",
        )
    _check_rule(row, mistakes)


def _check_move(row: Row, mistakes: Mistakes) -> None:
    owner, to = row.owner, row.text("to")
    if owner is None or "to" in row.broken or "machine" in row.broken:
        return
    machines = {
        "pledge": (Machine.STAGE,),
        "condition": (
            Machine.RELEASE if owner.text("kind") == "release_on_breach" else Machine.CONDITION,
            Machine.ACKNOWLEDGEMENT,
            Machine.BINDING,
        ),
        "incident": (Machine.INCIDENT, Machine.ATTRIBUTION),
        "deadline": (Machine.DEADLINE,),
        "extension": (Machine.EXTENSION,),
    }[owner.noun]
    given = row.text("machine")
    if given and given not in machines:
        mistakes.add(
            *row.where("machine"),
            f"'{given}' is no machine of this {owner.noun}",
            f"Use one of: {', '.join(machines)}; or leave it out",
        )
        return
    reached = {m.to: m.machine for m in transitions.MOVES if m.machine in machines}
    if given:
        reached = {to_: m for to_, m in reached.items() if m == given}
    if to in reached:
        row.columns["machine"] = str(reached[to])
    elif to:
        near = nearest(to, reached)
        hint = f"Did you mean '{near}'? " if near else ""
        mistakes.add(
            *row.where("to"),
            f"a person cannot move a {owner.noun} to '{to}'",
            f"{hint}Use one of: {', '.join(reached)}",
        )
    if not row.text("effective") and not row.broken:
        row.columns["effective"] = row.text("public")


def _check_credibility(row: Row, mistakes: Mistakes) -> None:
    grade = row.columns.get("credibility")
    if not isinstance(grade, int) or not 1 <= grade <= 6:
        mistakes.add(*row.where("credibility"), f"'{grade}' is no grade", "Use 1 to 6")


def _check_order(row: Row, mistakes: Mistakes) -> None:
    pairs = {
        "verification": ("period_start", "period_end"),
        "count": ("period_start", "period_end"),
        "clock_stop": ("start", "end"),
        "suspension": ("start", "end"),
        "coalition_member": ("since", "until"),
        "incident": ("occurred", "occurred_until"),
    }.get(row.noun)
    if pairs is None or not all(row.text(name) for name in pairs):
        return
    first, last = (stated.first_instant(stated.parse(row.text(name))) for name in pairs)
    if first is not None and last is not None and last < first:
        mistakes.add(
            *row.where(pairs[1]), f"it lies before {pairs[0]}", "Exchange or correct the two"
        )


def _check_numbers(rows: list[Row], mistakes: Mistakes) -> None:
    """Extensions of one pledge are links in an order; left out, it is the order of the file."""
    links: dict[str, list[Row]] = {}
    for row in rows:
        if row.noun == "extension":
            links.setdefault(row.text("pledge"), []).append(row)
    for chain in links.values():
        seen: dict[object, Row] = {}
        for number, row in enumerate(chain, 1):
            if row.columns.get("order") is None:
                row.columns["order"] = number
            order = row.columns["order"]
            if order in seen:
                mistakes.add(
                    *row.where("order"),
                    f"the extension '{seen[order].local}' has the order {order} already",
                    "Number every link of the pledge, or none",
                )
            seen[order] = row


def _check_cycles(rows: list[Row], mistakes: Mistakes) -> None:
    """A start that waits for itself can never be decided: name the path."""
    edges: dict[str, dict[str, tuple[Row, str]]] = {}
    for row in rows:
        for column in _DECIDING.get(row.noun, ()):
            if row.noun == "condition" and row.text("kind") != "entry_precondition":
                continue
            waits = row.owner if row.noun in {"reading", "condition"} else row
            if waits is None:
                continue
            for noun, key in row.needs.get(column, []):
                edges.setdefault(f"{waits.noun} {waits.key}", {})[f"{noun} {key}"] = (row, column)
        if row.noun == "condition":
            for column in ("depends_on_pledge", "depends_on_trigger"):
                for noun, key in row.needs.get(column, []):
                    edges.setdefault(f"condition {row.key}", {})[f"{noun} {key}"] = (row, column)
    while path := find_cycle(edges):
        row, column = edges[path[-2]].pop(path[-1])
        field = "start" if column.startswith("start_") else column
        mistakes.add(
            *row.where(field),
            f"what starts rest on runs in a circle: {' → '.join(path)}",
            "Leave out one of these links; reciprocal undertakings have the kind reciprocity",
        )


_DECIDING = {
    "condition": ("depends_on_pledge", "depends_on_trigger"),
    "reading": ("start_trigger", "start_deadline"),
    "trigger": ("of_condition", "of_deadline"),
}
