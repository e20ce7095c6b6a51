"""What a pledge hangs on, and what hangs on it: as lists, and as a small picture of the same.

Must not live here: rules (domain); how others stand is asked of the register.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from tracker.selectors import register
from tracker.selectors.entries import Entry
from tracker.selectors.facts import State, times
from tracker.selectors.register import Standing
from tracker.web.particulars import Condition, title_of
from tracker.words import label

MOST = 6  # boxes on each side of the picture; those beyond are counted there, and in the lists


@dataclass(frozen=True, slots=True)
class Tie:
    """Another pledge that this one is tied to: ``how`` in words. ``key``: the dependency's, blank
    where a pledge itself, or a condition, names the other one.
    """

    how: str
    ref: str
    title: str
    stage: str
    band: str
    key: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Ties:
    """``on``: pledges that this one reciprocates, rests on, supersedes or is part of; ``of``: those
    that do so with it.
    """

    on: list[Tie]
    of: list[Tie]


@dataclass(frozen=True, slots=True)
class _End:
    """The other end of a tie, before it is known how it stands."""

    how: str
    ref: str
    key: str = ""
    is_withdrawn: bool = False


def ties(entry: Entry) -> Ties:
    """Those whose other end is listed at the entry's instant. No query."""
    on, of = list(_on(entry)), list(dict.fromkeys(_of(entry)))
    stands = register.standings(entry, {one.ref for one in (*on, *of)})
    return Ties(_told(entry, on, stands), _told(entry, of, stands))


def _told(entry: Entry, ends: Iterable[_End], stands: Mapping[str, Standing]) -> list[Tie]:
    return [
        Tie(
            one.how,
            one.ref,
            title_of(entry, "pledge", one.ref),
            str(stands[one.ref].stage),
            str(stands[one.ref].band),
            one.key,
            one.is_withdrawn,
        )
        for one in ends
        if one.ref in stands
    ]


def _on(entry: Entry) -> Iterator[_End]:
    for ref in entry.state.get("reciprocates") or ():
        yield _End(gettext("It reciprocates"), str(ref))
    kinds = {
        "rests_on": gettext("It rests on"),
        "supersedes": gettext("It supersedes"),
        "part_of": gettext("It is part of"),
    }
    for fact in entry.dependencies:
        how = kinds.get(fact.state["kind"], str(fact.state["kind"]))
        yield _End(how, str(fact.state["on_pledge"]), fact.key, fact.withdrawn is not None)


def _of(entry: Entry) -> Iterator[_End]:
    """Only what stands: what was withdrawn of another pledge is told on that one's page."""
    kinds = {
        "rests_on": gettext("Rests on it"),
        "supersedes": gettext("Supersedes it"),
        "part_of": gettext("Is part of it"),
    }
    tables = entry.tables
    for state in tables.get("dependency", {}).values():
        if state["on_pledge"] == entry.ref and _stands(entry, state):
            yield _End(kinds.get(state["kind"], str(state["kind"])), str(state["pledge"]))
    extensions = tables.get("extension", {})
    for state in tables.get("condition", {}).values():
        if state.get("depends_on_pledge") != entry.ref or not _stands(entry, state):
            continue
        owner = state.get("pledge") or extensions.get(state.get("extension") or "", {}).get(
            "pledge"
        )
        if owner:
            yield _End(gettext("A condition of it depends on this"), str(owner))
    for ref, state in tables.get("pledge", {}).items():
        if entry.ref in (state.get("reciprocates") or ()):
            yield _End(gettext("Reciprocates it"), ref)


def _stands(entry: Entry, state: State) -> bool:
    known = times(state)
    withdrawn = known["withdrawn"]
    is_gone = withdrawn is not None and entry.now.reached(withdrawn)
    return entry.now.reached(known["public"]) and not is_gone


# --- the picture: boxes below each other, so that it is as narrow as a telephone

HEIGHT, GAP, SHORT = 66, 10, 30  # of a box, between two, of the box that counts the others
SIDE, LANE = 91.0, 95.5  # percent of the width: a box's, and where its line runs
ARROW = 30


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the picture. ``kind``: condition, trigger, pledge, own or more. ``x`` and ``width``
    in percent, ``y`` and ``height`` in pixels. ``state``: what its mark tells (open, met, failed,
    settled), or a pledge's band.
    """

    kind: str
    title: str
    told: str
    url: str
    state: str
    is_firm: bool
    x: float
    y: int
    width: float
    height: int

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    is_firm: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """``heads``: where arrows end, as x in percent and y in pixels."""

    boxes: list[Box]
    lines: list[Line]
    heads: list[tuple[float, float]]
    height: int


@dataclass(frozen=True, slots=True)
class _Node:
    kind: str
    title: str
    told: str
    url: str
    state: str
    is_firm: bool = True


def picture(
    entry: Entry,
    conditions: Sequence[Condition],
    awaits: Sequence[str],
    tied: Ties,
    *,
    query: str,
) -> Picture | None:
    """None where there is nothing to draw. ``query``: what links carry on."""
    above = [
        *(_condition(c) for c in conditions if not c.is_withdrawn),
        *(_Node("trigger", title, gettext("has not happened yet"), "", "open") for title in awaits),
    ]
    on = [_pledge(one, query) for one in tied.on if not one.is_withdrawn]
    of = [_pledge(one, query) for one in tied.of]
    if not (above or on or of):
        return None
    room = max(MOST - len(above), MOST // 2)
    chosen = above[: MOST - min(len(on), room)] + on[:room]
    return _drawn(
        _with_rest(chosen, len(above) + len(on)),
        _Node("own", entry.title, label("stage", entry.stage), "", str(entry.band)),
        _with_rest(of[:MOST], len(of)),
    )


def _with_rest(shown: list[_Node], number: int) -> list[_Node]:
    rest = number - len(shown)
    if not rest:
        return shown
    words = gettext("and %(n)s more: in the list") % {"n": rest}
    return [*shown, _Node("more", words, "", "#conditions", "", is_firm=False)]


def _condition(one: Condition) -> _Node:
    told = [label("condition", one.state), label("condition_kind", one.kind)]
    if one.is_binding:
        told.append(label("binding", one.binding))
    return _Node(
        "condition",
        one.text,
        " · ".join(told),
        f"#condition-{one.key}",
        one.mark,
        one.is_binding,
    )


def _pledge(one: Tie, query: str) -> _Node:
    told = f"{label('stage', one.stage)} · {one.how}"
    return _Node(
        "pledge", one.title, told, f"{reverse('pledge', args=(one.ref,))}{query}", one.band
    )


def _drawn(above: Sequence[_Node], own: _Node, below: Sequence[_Node]) -> Picture:
    boxes: list[Box] = []
    lines: list[Line] = []
    heads: list[tuple[float, float]] = []
    top = 0
    for node in above:
        boxes.append(_box(node, x=0.0, y=top, width=SIDE))
        top = boxes[-1].y + boxes[-1].height + GAP
    if above:
        top += ARROW - GAP
        lines += [Line(SIDE, b.middle, LANE, b.middle, b.is_firm) for b in boxes]
        lines.append(Line(LANE, boxes[0].middle, LANE, top - 2))
        heads.append((LANE, top))
    boxes.append(_box(own, x=0.0, y=top, width=100.0))
    end = top + HEIGHT
    under = []
    top = end + ARROW
    for node in below:
        under.append(_box(node, x=100 - SIDE, y=top, width=SIDE))
        top = under[-1].y + under[-1].height + GAP
    if under:
        lines.append(Line(100 - LANE, end, 100 - LANE, under[-1].middle))
        lines += [Line(100 - LANE, b.middle, 100 - SIDE, b.middle, b.is_firm) for b in under]
        heads.append((100 - LANE, end + ARROW / 2))
        end = under[-1].y + under[-1].height
    return Picture([*boxes, *under], lines, heads, end)


def _box(node: _Node, *, x: float, y: int, width: float) -> Box:
    height = SHORT if node.kind == "more" else HEIGHT
    its: dict[str, Any] = {name: getattr(node, name) for name in _Node.__slots__}
    return Box(**its, x=x, y=y, width=width, height=height)
