"""What entry forms offer to choose from: the rows of a dossier, the parties, the members.

Made from tables that were read once; nothing here queries but ``of_dossier`` and ``of_parties``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from tracker.domain import durations
from tracker.domain.access import Role, ranks
from tracker.domain.merging import NOTHING, Merged
from tracker.models import FACTS, Dossier, Party
from tracker.selectors import memberships, register, rows
from tracker.selectors.facts import State, Tables
from tracker.words import FORMER_MEMBER, label

SHOWN = 90
PERSON, MEMBER, PARTY = "person", "member", "party"


@dataclass(frozen=True)
class Choices:
    """``tables``: the dossier's facts; ``parties``, ``people``: names by slug and by opaque id.

    ``people`` may watch a pledge; ``members`` are all who belong to the dossier. ``aliases``: what
    parties are called besides. ``merged``: which parties are one.
    """

    dossier: Dossier | None
    tables: Tables
    parties: Mapping[str, str]
    people: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    merged: Merged = NOTHING

    def party_name(self, slug: str | None) -> str:
        """What a party is called; one that was merged, what the other one is."""
        return self.parties.get(self.merged.of(slug or ""), slug or "")

    def of(self, noun: str, *, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Key and words of each row of a noun; withdrawn ones only where they are named already."""
        if noun == PARTY:
            return sorted(self._parties(set(keep)), key=lambda one: one[1])
        if noun == PERSON:
            return sorted(self.people.items(), key=lambda one: one[1])
        if noun == MEMBER:
            former = {uid: str(FORMER_MEMBER) for uid in keep if uid not in self.members}
            return sorted({**self.members, **former}.items(), key=lambda one: one[1].casefold())
        kept = set(keep)
        return [
            (key, self.words(noun, key))
            for key, state in self.tables.get(noun, {}).items()
            if key in kept or not (state.get("withdrawn_at") or state.get("merged_into"))
        ]

    def _parties(self, kept: set[str]) -> Iterator[tuple[str, str]]:
        """All but those that were merged; where such a one is named already, with what it is."""
        for slug, name in self.parties.items():
            if self.merged.of(slug) == slug:
                yield slug, name
            elif slug in kept:
                yield slug, f"{name} → {self.party_name(slug)}"

    def offered(self, noun: str, *, keep: Iterable[str] = ()) -> list[Any]:
        """The same as a form offers it: of the parties, those that the dossier names come first."""
        found = self.of(noun, keep=keep)
        named = {*self._named, *map(self.merged.of, self._named)} if noun == PARTY else set()
        near = [one for one in found if one[0] in named]
        if not near or len(near) == len(found):
            return list(found)
        others = [one for one in found if one[0] not in named]
        return [(gettext("In this dossier"), near), (gettext("Others"), others)]

    @cached_property
    def _named(self) -> set[str]:
        """The parties that some fact of the dossier names."""
        found: set[str] = set()
        for noun, states in self.tables.items():
            columns = FACTS[noun]._meta.get_fields() if noun in FACTS else ()
            names = [column.name for column in columns if column.related_model is Party]
            for state in states.values():
                for name in names:
                    value = state.get(name) or ()
                    found |= {value} if isinstance(value, str) else set(value)
        return found

    def words(self, noun: str, key: str) -> str:
        """A row in a line: its title or what stands for one, and its key."""
        state = self.tables.get(noun, {}).get(key)
        if state is None:
            return key
        said = self.titled(noun, state)
        named = f"{said} ({key})" if said else key
        if not state.get("withdrawn_at"):
            return named
        return gettext("%(row)s, withdrawn") % {"row": named}

    def _term(self, state: State) -> Iterator[str]:
        """A reading in parts: whose, from when, how long or until when, how days are counted."""
        yield self.party_name(state.get("speaker"))
        yield state.get("start") or state.get("start_trigger") or state.get("start_deadline") or ""
        yield _span(state.get("start_offset")) and f"+ {_span(state.get('start_offset'))}"
        yield _span(state.get("duration"))
        yield state.get("end") or ""
        yield label("open_end", state.get("open_end"))
        yield label("rule", state.get("rule"))

    def title(self, noun: str, key: str) -> str:
        """The same without the key, where there is a title."""
        return self.titled(noun, self.tables.get(noun, {}).get(key, {})) or key

    def titled(self, noun: str, state: State) -> str:
        """What a row of that state is called; blank where nothing of it stands for a title."""
        match noun:
            case "account":
                who = state.get("speaker") or self.party_name(state.get("party"))
                return _cut(": ".join(filter(None, (who, state.get("quotation")))))
            case "move":
                return _cut(label(group_of(state.get("machine", "")), state.get("to")))
            case "reading":
                return _cut(", ".join(filter(None, self._term(state))))
            case "verification":
                return _cut(f"{label('compliance', state.get('finding'))}, {state['period_end']}")
            case "count":
                who = self.party_name(state.get("claimant"))
                return _cut(f"{who}: {state.get('number')} {state.get('of')}")
            case "extension":
                return _cut(label("extension_kind", state.get("kind")))
            case "clock_stop" | "suspension":
                return _cut(" – ".join(filter(None, (state.get("start"), state.get("end")))))
            case "adoption":
                return self.title("reading", str(state.get("reading")))
            case "dependency":
                kind = label("dependency", state.get("kind"))
                return _cut(f"{state.get('pledge')} {kind} {state.get('on_pledge')}")
            case "viewing":
                return _cut(self.title("source", str(state.get("source"))))
            case _:
                names = ("title", "name", "text", "description")
                return _cut(next((str(state[n]) for n in names if state.get(n)), ""))


def _span(text: str | None) -> str:
    return durations.parse(text).words if text else ""


def group_of(machine: Any) -> str:
    """The words that a machine's states have in ``tracker/words.py``."""
    return {"release": "condition"}.get(str(machine), str(machine))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def of_dossier(dossier: Dossier, *, tables: Tables | None = None) -> Choices:
    """With a number of queries that does not depend on how much the dossier holds."""
    by_role = memberships.by_role(dossier)
    index = register.party_index()
    return Choices(
        dossier=dossier,
        tables=rows.tables(dossier) if tables is None else tables,
        parties=index.names,
        merged=index.merged,
        people={uid: name for uid, (name, role) in by_role.items() if role in ranks(Role.ANALYST)},
        members={uid: name for uid, (name, _role) in by_role.items()},
        aliases=index.aliases,
    )


def of_parties() -> Choices:
    index = register.party_index()
    return Choices(
        dossier=None, tables={}, parties=index.names, aliases=index.aliases, merged=index.merged
    )
