"""What was merged into what, and what a merge of two pledges would change.

The plan of a merge is made from a dossier's tables as they stand; ``actions/merges.py`` writes it,
and a page shows it first. Nothing here writes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import ForeignKey, ManyToManyField, QuerySet

from tracker.domain.facts import ACCOUNT_FIELDS, Stance
from tracker.domain.merging import NOTHING, Merged
from tracker.models import FACTS, PARTIES, Comment, LedgerEntry, Move, Party, Pledge

from . import ledger
from .facts import State, Tables

MERGE, UNMERGE = "merge", "unmerge"
ACTION = f"pledges.{MERGE}"
COLUMN = "merged_into"
# Each after those that its rows may name, so that what is left beside its like is known by then.
HANGING = (
    "deadline",
    "extension",
    "condition",
    "account",
    "reading",
    "clock_stop",
    "suspension",
    "verification",
    "count",
    "dependency",
)
# A row of these is judged: it is plainly the same as another only if that was judged the same.
JUDGED = ("deadline", "extension", "condition")
# What may differ between two rows that say the same.
APART = ("public", "note", "order")
SAME_ACCOUNT = ("source", "speaker", "party", "quotation", "place", "withdrawn_at")
_SET = f'"{COLUMN}":"'  # in the canonical text of a state: it was merged


def parties(*, at: datetime | None = None, known: datetime | None = None) -> Merged:
    """Which parties are one. One query while nothing was merged.

    ``at``: without what was merged later; ``known``: as the register had it then.
    """
    if known is not None:
        return _parties_known(min(known, at) if at is not None else known)
    merged = Party.objects.filter(merged_into__isnull=False)
    into = dict(merged.values_list("slug", "merged_into__slug"))
    return party_merges(into, at=at)


def party_merges(into: Mapping[str, str], *, at: datetime | None) -> Merged:
    """The same of merges that are loaded: with ``at``, one more query where there are any."""
    if not into:
        return NOTHING
    if at is None:
        return Merged(dict(into))
    since = _since(into)
    return Merged({slug: root for slug, root in into.items() if since[slug] <= at})


def _since(slugs: Iterable[str]) -> dict[str, datetime]:
    """Since when each of these is merged without a break."""
    found: dict[str, datetime] = {}
    entries = _party_entries().filter(row_key__in=list(slugs)).order_by("seq")
    for key, state, recorded_at in entries.values_list("row_key", "state", "recorded_at"):
        if _SET not in (state or ""):
            found.pop(key, None)
        else:
            found.setdefault(key, recorded_at)
    return found


def _parties_known(known: datetime) -> Merged:
    until = _party_entries().filter(recorded_at__lte=known)
    ever = until.filter(state__contains=_SET).values_list("row_key", flat=True)
    keys = set(ever)
    if not keys:
        return NOTHING
    last = {one.row_key: one for one in until.filter(row_key__in=keys).order_by("seq")}
    states = {key: ledger.lift(one) or {} for key, one in last.items()}
    return Merged({key: s[COLUMN] for key, s in states.items() if s.get(COLUMN)})


def _party_entries() -> "QuerySet[LedgerEntry]":
    return LedgerEntry.objects.filter(chain__name=PARTIES, noun=Party.NOUN)


def one_with(parties: Iterable[int]) -> dict[int, frozenset[int]]:
    """For the id of each party the ids of all that are one with it. One query."""
    merged = Party.objects.filter(merged_into__isnull=False)
    into = dict(merged.values_list("pk", "merged_into_id"))
    same: dict[int, set[int]] = {}
    for pk, root in into.items():
        same.setdefault(int(root or pk), set()).add(pk)
    found = {}
    for pk in parties:
        root = int(into.get(pk) or pk)
        found[pk] = frozenset({root, *same.get(root, ())})
    return found


def into(pledges: Iterable[int]) -> dict[int, Pledge]:
    """The pledges that were merged into one of these, by id. One query."""
    rows = Pledge.objects.filter(merged_into__in=list(pledges)).only(
        "ref", "dossier_id", "pledgor_id", "analyst_id", "merged_into_id"
    )
    return {row.pk: row for row in rows}


class How(StrEnum):
    """What a merge does to a row."""

    MOVES = "moves"  # it hangs on the one that stays from now on
    NAMES = "names"  # it names the one that stays, or a row there, from now on
    ENDS = "ends"  # it would say that a pledge rests on itself, or adopts what moved: withdrawn
    LEFT = "left"  # its like is there already: it stays with the one that goes


@dataclass(frozen=True, slots=True)
class Change:
    """One row: ``columns`` are those that change, with what they will say."""

    noun: str
    key: str
    how: How
    columns: State
    like: str = ""  # of what is left: the row that says the same


@dataclass(frozen=True, slots=True)
class Plan:
    """``changes`` in the order in which the rules allow them."""

    goes: str
    stays: str
    changes: tuple[Change, ...]

    def of(self, how: How) -> list[Change]:
        return [one for one in self.changes if one.how is how]

    @property
    def writes(self) -> list[Change]:
        return [one for one in self.changes if one.how is not How.LEFT]


def plan(tables: Tables, *, goes: str, stays: str) -> Plan:
    """What merging ``goes`` into ``stays`` comes to, under these facts. Total and pure."""
    return _Planner(tables, goes, stays).plan()


class _Planner:
    """``like``: by noun, the rows that are left, with the row that says the same."""

    def __init__(self, tables: Tables, goes: str, stays: str) -> None:
        self.tables, self.goes, self.stays = tables, goes, stays
        self.like: dict[str, dict[str, str]] = {Pledge.NOUN: {goes: stays}}
        self.orders = [int(s["order"]) for _, s in self._on("extension", stays)]

    def plan(self) -> Plan:
        links = list(self._links())
        moving = [one for noun in HANGING for one in self._hanging(noun)]
        named = list(self._named({(one.noun, one.key) for one in moving}))
        ended = list(self._adoptions({one.key for one in moving if one.noun == "reading"}))
        return Plan(self.goes, self.stays, (*links, *moving, *named, *ended))

    def _rows(self, noun: str) -> Mapping[str, State]:
        return self.tables.get(noun, {})

    def _on(self, noun: str, ref: str) -> Iterator[tuple[str, State]]:
        return ((k, s) for k, s in self._rows(noun).items() if s.get("pledge") == ref)

    def _links(self) -> Iterator[Change]:
        """Which pledges answer which: those of the one that goes are the other's from now on."""
        for ref, state in self._rows(Pledge.NOUN).items():
            was = list(state.get("reciprocates") or ())
            now = set(was)
            if ref == self.goes:
                continue
            if ref == self.stays:
                now |= set(self._rows(Pledge.NOUN)[self.goes].get("reciprocates") or ())
            elif self.goes in now:
                now.add(self.stays)
            now -= {self.goes, ref}
            if now != set(was):
                yield Change(Pledge.NOUN, ref, How.NAMES, {"reciprocates": sorted(now)})

    def _hanging(self, noun: str) -> Iterator[Change]:
        for key, state in self._on(noun, self.goes):
            columns = self._substituted(noun, state)
            after = {**state, **columns}
            if noun == "dependency" and after["on_pledge"] == self.stays:
                yield Change(noun, key, How.LEFT, {})
                continue
            like = self._like(noun, key, after)
            if like:
                self.like.setdefault(noun, {})[key] = like
                yield Change(noun, key, How.LEFT, {}, like)
                continue
            if noun == "condition" and after["depends_on_pledge"] == self.stays:
                columns["depends_on_pledge"] = None
            if noun == "extension":
                self.orders.append(max([0, *self.orders]) + 1)
                columns["order"] = self.orders[-1]
            yield Change(noun, key, How.MOVES, columns)

    def _substituted(self, noun: str, state: State) -> dict[str, Any]:
        """The columns that name something which is another row from now on, so changed."""
        found: dict[str, Any] = {}
        for column in _references(noun):
            like = self.like.get(column.related_model.NOUN, {})
            value = state.get(column.name)
            if isinstance(value, list):
                now = sorted({str(like.get(one, one)) for one in value})
                if now != sorted(value):
                    found[column.name] = now
            elif value in like:
                found[column.name] = like[value]
        return found

    def _like(self, noun: str, key: str, after: State) -> str:
        """The row of the one that stays that plainly says the same; blank: there is none."""
        for other, state in self._rows(noun).items():
            if other == key or state.get("pledge") != self.stays:
                continue
            same = _is_same_account if noun == "account" else _is_same
            if same(after, state) and self._is_judged_alike(noun, key, other):
                return other
        return ""

    def _is_judged_alike(self, noun: str, key: str, other: str) -> bool:
        return noun not in JUDGED or self._judged(noun, key) <= self._judged(noun, other)

    def _judged(self, noun: str, key: str) -> set[tuple[str, str, str]]:
        return {
            (s["machine"], s["to"], s["effective"])
            for s in self._rows(Move.NOUN).values()
            if s.get(noun) == key and not s.get("withdrawn_at")
        }

    def _named(self, moving: set[tuple[str, str]]) -> Iterator[Change]:
        """Rows elsewhere that name the pledge that goes, or a row that is left with it."""
        for noun in FACTS:
            if noun in (Pledge.NOUN, Move.NOUN, Comment.NOUN):
                continue
            for key, state in self._rows(noun).items():
                columns = {} if (noun, key) in moving else self._substituted(noun, state)
                if not columns:
                    continue
                after = {**state, **columns}
                if noun == "dependency" and self._is_idle(key, after):
                    yield self._ended(noun, key, state)
                    continue
                if noun == "condition" and after.get("depends_on_pledge") == after.get("pledge"):
                    columns["depends_on_pledge"] = None
                yield Change(noun, key, How.NAMES, columns)

    def _is_idle(self, key: str, after: State) -> bool:
        """Whether a link would be with itself, or say what another one says."""
        same = ("pledge", "on_pledge", "kind", "withdrawn_at")
        return after["pledge"] == after["on_pledge"] or any(
            other != key and all(after[name] == state[name] for name in same)
            for other, state in self._rows("dependency").items()
        )

    def _adoptions(self, readings: set[str]) -> Iterator[Change]:
        """What was adopted of the one that goes drives no clock of the other."""
        moved = readings - set(self.like.get("reading", {}))
        for key, state in self._rows("adoption").items():
            if state["reading"] in moved and not state["withdrawn_at"]:
                yield self._ended("adoption", key, state)

    def _ended(self, noun: str, key: str, state: State) -> Change:
        if state["withdrawn_at"]:
            return Change(noun, key, How.LEFT, {})
        return Change(noun, key, How.ENDS, {"withdrawn_at": state["public"]})


def _references(noun: str) -> list[Any]:
    """The columns of a noun that name facts of the dossier."""
    model = FACTS[noun]
    columns = (model._meta.get_field(name) for name in model.ENTERED)
    return [
        column
        for column in columns
        if isinstance(column, (ForeignKey, ManyToManyField))
        and column.related_model in FACTS.values()
    ]


def _is_same(after: State, other: State) -> bool:
    apart = {*APART, "recorded_at", "version", "withdrawn_reason"}
    return all(after[name] == other.get(name) for name in after if name not in apart)


def _is_same_account(after: State, other: State) -> bool:
    """The same words in the same place, by the same speaker, and nothing said besides."""
    return all(after[name] == other[name] for name in SAME_ACCOUNT) and all(
        after[name] in (Stance.SILENT, other[name])
        and after["values"].get(name, "") in ("", other["values"].get(name))
        for name in ACCOUNT_FIELDS
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """A merge as it was made: its last entry marks the pledge that went."""

    goes: str
    stays: str
    entries: tuple[LedgerEntry, ...]


def of_pledge(chain: str, ref: str) -> Deed | None:
    """The merge of a pledge that is merged, as the ledger has it; None where it has none."""
    mine = LedgerEntry.objects.filter(chain__name=chain, noun=Pledge.NOUN, row_key=ref)
    marking = mine.filter(action=ACTION, state__contains=_SET).order_by("-seq").first()
    if marking is None:
        return None
    entries = [marking]
    same = LedgerEntry.objects.filter(
        chain__name=chain, recorded_at=marking.recorded_at, by=marking.by, seq__lt=marking.seq
    )
    for entry in same.order_by("-seq"):
        is_another = entry.noun == Pledge.NOUN and _SET in (entry.state or "")
        if entry.action != ACTION or entry.seq != entries[-1].seq - 1 or is_another:
            break
        entries.append(entry)
    stays = str((ledger.lift(marking) or {}).get(COLUMN) or "")
    return Deed(ref, stays, tuple(entries))
