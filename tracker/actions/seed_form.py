"""From a seed file's tree to the rows that it asks for, in the ledger's own shape.

Lives here: walking sections and nested entries, keys, references, the unknown and the missing
field. Must not live here: reading single values (seed_values.py), what entries must satisfy
together (seed_checks.py), or writing (seeds.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from . import seed_checks, seed_publics
from .seed_fields import Field, Kind
from .seed_nouns import DOSSIER, GLOBAL_NOUNS, NOUNS, SECTIONS, STANCE_COLUMNS
from .seed_rows import ABOUT, Row, Seed, State
from .seed_values import BadValueError, Reader
from .seed_yaml import Items, Mistakes, Table, Text, Value, nearest

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """What the register already holds: the ledger's shape of the dossier and of the parties."""

    tables: Mapping[str, Mapping[str, State]] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    refs_elsewhere: Mapping[str, str] = field(default_factory=dict)
    dossier: State | None = None
    laid_at: datetime | None = None


KnownOf = Callable[[str, Collection[str]], Known]


def rows_of(top: Table, *, known_of: KnownOf, now: datetime, mistakes: Mistakes) -> Seed | None:
    """The rows of a file, checked; None when anything in it is wrong (the mistakes say what).

    ``known_of`` tells what the register holds of a dossier and of the references in the file.
    """
    walk = _Walk(top, known_of, now, mistakes)
    seed = walk.seed()
    return None if mistakes else seed


class _Walk:
    """One reading of one file: declares every entry first, then resolves what refers to them."""

    def __init__(self, top: Table, known_of: KnownOf, now: datetime, mistakes: Mistakes) -> None:
        self.top, self.mistakes, self.now = top, mistakes, now
        self.known_of = known_of
        self.known = Known()
        self.rows: dict[tuple[str, str], Row] = {}
        self.raw: list[tuple[Row, Table]] = []
        self.reader = Reader(mistakes, None, "", {})

    def seed(self) -> Seed:
        known_sections = ("dossier", *SECTIONS)
        self._refuse_unknown(self.top, known_sections)
        dossier = self._dossier()
        self.reader = Reader(
            self.mistakes,
            self._anchor(dossier),
            str({**(self.known.dossier or {}), **(dossier or {})}.get("zone") or ""),
            self.known.users,
        )
        for section, noun in SECTIONS.items():
            if section not in self.top.rows:
                continue
            if dossier is None and noun not in GLOBAL_NOUNS:
                self.mistakes.add(
                    self.top.key_lines[section],
                    section,
                    "it belongs to a dossier, and the file names none",
                    "Add 'dossier:' with its slug at the top",
                )
                dossier = {}
            self._declare_section(self.top.rows[section], noun, None)
        for row, table in self.raw:
            self._fill(row, table)
        seed = Seed(dossier or None, list(self.rows.values()), self._anchor(dossier))
        seed_checks.double_readings(seed.rows, self.rows)
        for row in list(self.rows.values()):
            self._resolve(row)
        seed.rows = list(self.rows.values())
        seed_publics.publics(seed.rows, self.known.tables, self.mistakes)
        seed_checks.check(seed.rows, self.mistakes)
        return seed

    def _anchor(self, dossier: State | None) -> datetime | None:
        if dossier is None or not {**(self.known.dossier or {}), **dossier}.get("is_practice"):
            return None
        return self.known.laid_at or self.now.replace(second=0, microsecond=0)

    def _refs(self) -> set[str]:
        tables = (self.top.rows.get(section) for section in ("pledges", "positions"))
        return {ref for table in tables if isinstance(table, Table) for ref in table.rows}

    def _dossier(self) -> State | None:
        """The dossier's columns as far as the file gives them."""
        value = self.top.rows.get("dossier")
        if value is None:
            self.known = self.known_of("", self._refs())
            return None
        if not isinstance(value, Table):
            self.mistakes.at(value, "it is not a mapping", "Write slug, title, zone beneath it")
            return {}
        self._refuse_unknown(value, DOSSIER.fields)
        state: State = {}
        for name, spec in DOSSIER.fields.items():
            if name in value.rows:
                try:
                    state[name] = self.reader.read(spec, value.rows[name])
                except BadValueError:
                    state[name] = spec.blank
        slug = str(state.get("slug") or "")
        if "slug" not in value.rows:
            self.mistakes.at(value, "'slug' is missing", "Add slug: a-short-name")
        elif slug and not _SLUG.fullmatch(slug):
            self.mistakes.at(
                value.rows["slug"],
                f"'{slug}' is not a slug",
                "Use small letters, digits and hyphens",
            )
        if not state.get("zone"):
            state.pop("zone", None)
        self.known = self.known_of(slug, self._refs())
        if self.known.dossier is None and not state.get("title"):
            self.mistakes.at(value, "'title' is missing", "A new dossier needs a title")
        return state

    def _refuse_unknown(self, table: Table, names: Mapping[str, object] | tuple[str, ...]) -> None:
        for name in table.rows:
            if name in names:
                continue
            near = nearest(name, names)
            self.mistakes.add(
                table.key_lines[name],
                f"{table.place}.{name}" if table.place else name,
                f"'{name}' is not a known field here",
                f"Did you mean '{near}'?" if near else f"Known are: {', '.join(names)}",
            )

    # Declaring: every entry gets its row before any reference is looked up.

    def _declare_section(self, value: Value, noun: str, owner: Row | None) -> None:
        if isinstance(value, Text) and not value.text:
            return
        if NOUNS[noun].numbered:
            self._declare_numbered(value, noun, owner)
            return
        if not isinstance(value, Table):
            self.mistakes.at(
                value, "it is not a mapping of keys to entries", "Give each entry a key of its own"
            )
            return
        for key, entry in value.rows.items():
            self._declare(key, value.key_lines[key], entry, noun, owner)

    def _declare_numbered(self, value: Value, noun: str, owner: Row | None) -> None:
        entries = value.items if isinstance(value, Items) else (value,)
        for number, entry in enumerate(entries, 1):
            if not isinstance(entry, Table):
                self.mistakes.at(entry, "it is not a mapping", "Write its fields beneath the dash")
                continue
            own = entry.rows.get("key")
            key = own.text if isinstance(own, Text) and own.text else f"{noun}-{number}"
            self._declare(key, entry.line, entry, noun, owner)

    def _declare(self, key: str, line: int, entry: Value, noun: str, owner: Row | None) -> None:
        place = entry.place
        if not (_SLUG if noun == "party" else _KEY).fullmatch(key):
            self.mistakes.add(
                line,
                place,
                f"'{key}' cannot be a key",
                "Use letters, digits, hyphens and underscores, at most 60"
                if noun != "party"
                else "Use small letters, digits and hyphens, at most 60",
            )
            return
        if isinstance(entry, Text) and not entry.text:
            entry = Table(line, place)
        if not isinstance(entry, Table):
            self.mistakes.at(entry, "it is not a mapping", "Write the entry's fields beneath it")
            return
        stored = f"{owner.key}.{key}" if owner else key
        row = Row(noun=noun, key=stored, local=key, line=line, place=place, owner=owner)
        if (noun, stored) in self.rows:
            self.mistakes.add(line, place, f"the key '{key}' stands twice", "Rename one")
            return
        elsewhere = self.known.refs_elsewhere.get(key) if NOUNS[noun].ref else None
        if elsewhere:
            self.mistakes.add(
                line,
                place,
                f"the reference '{key}' is taken by the dossier '{elsewhere}'",
                "References are unique in the whole register; choose another",
            )
        other = {"pledge": "position", "position": "pledge"}.get(noun)
        if other and (other, key) in self.rows:
            self.mistakes.add(line, place, f"'{key}' is a {other} already", "Rename one")
        self.rows[noun, stored] = row
        self.raw.append((row, entry))
        form = NOUNS[noun]
        self._refuse_unknown(entry, {**form.fields, **form.nested})
        for section, inner in form.nested.items():
            if section in entry.rows:
                self._declare_section(entry.rows[section], inner, row)

    # Reading: every field of every entry, however many are wrong.

    def _fill(self, row: Row, table: Table) -> None:
        form = NOUNS[row.noun]
        row.lines = dict(table.key_lines)
        for about in ABOUT.get(row.noun, ()):
            row.columns[about] = None
        for name, spec in form.fields.items():
            value = table.rows.get(name)
            if name == "key":  # names the row; it is no column
                continue
            if value is None:
                if spec.required:
                    self.mistakes.add(
                        row.line, f"{row.place}.{name}", "it is required and missing", _hint(spec)
                    )
                self._blank(row, name, spec)
                continue
            row.given[name] = value
            try:
                self._field(row, name, spec, value)
            except BadValueError:
                row.broken.add(name)
                self._blank(row, name, spec)
        if row.owner is not None:
            self._link(row, row.owner)

    def _blank(self, row: Row, name: str, spec: Field) -> None:
        match spec.kind:
            case Kind.START:
                row.columns |= {
                    "start": "",
                    "start_trigger": None,
                    "start_deadline": None,
                    "start_offset": "",
                }
            case Kind.END:
                row.columns |= {"end": "", "end_trigger": None}
            case Kind.STANCES:
                for column in STANCE_COLUMNS:
                    row.columns.setdefault(column, "silent")
                row.columns.setdefault("values", {})
            case _:
                row.columns[spec.column or name] = spec.blank
        if row.noun == "reading" and name == "zone":
            row.columns["zone_assumed"] = False

    def _field(self, row: Row, name: str, spec: Field, value: Value) -> None:
        match spec.kind:
            case Kind.START | Kind.END:
                self._blank(row, name, spec)
                self._term(row, name, value)
            case Kind.STANCES:
                self._blank(row, name, spec)
                self._stances(row, name, value)
            case Kind.REF:
                text = self.reader.scalar(value)
                if spec.required and not text.text:
                    raise self.reader.bad(text, "it is required and blank", _hint(spec))
                if text.text:
                    row.refer(name, spec.noun, [text], many=False)
                row.columns[name] = None
            case Kind.REFS:
                texts = [self.reader.scalar(item) for item in self.reader.items(value)]
                row.refer(name, spec.noun, texts, many=True)
                row.columns[name] = []
            case Kind.ZONE:
                zone = str(self.reader.read(spec, value))
                row.columns[name] = zone.removeprefix("?") if row.noun == "reading" else zone
                if row.noun == "reading":
                    row.columns["zone_assumed"] = zone.startswith("?")
            case _:
                row.columns[spec.column or name] = self.reader.read(spec, value)

    def _term(self, row: Row, name: str, value: Value) -> None:
        if isinstance(value, Text):
            row.columns[name] = self.reader.stated(value)
            return
        if not isinstance(value, Table):
            raise self.reader.bad(value, "a list stands here", "Write one time")
        allowed = ("trigger", "deadline", "offset") if name == "start" else ("trigger",)
        self._refuse_unknown(value, allowed)
        given = [n for n in ("trigger", "deadline") if n in value.rows and n in allowed]
        if len(given) != 1:
            raise self.reader.bad(
                value,
                "it rests on nothing" if not given else "it names a trigger and a deadline",
                f"Name one of: {', '.join(n for n in allowed if n != 'offset')}",
            )
        target = self.reader.scalar(value.rows[given[0]])
        row.refer(f"{name}_{given[0]}", given[0], [target], many=False)
        if "offset" in value.rows and name == "start":
            row.columns["start_offset"] = self.reader.duration(value.rows["offset"])

    def _stances(self, row: Row, name: str, value: Value) -> None:
        said: dict[str, str] = {}
        for column, text in self.reader.stances(value).items():
            if row.columns[column] not in {"silent", name}:
                raise self.reader.bad(
                    value,
                    f"'{column}' is both asserted and denied",
                    "An account does one or the other; two accounts may differ",
                )
            row.columns[column] = name
            if text:
                said[column] = text
        already = row.columns["values"]
        row.columns["values"] = {**(already if isinstance(already, dict) else {}), **said}

    def _link(self, row: Row, owner: Row) -> None:
        if row.noun == "coalition_member":
            row.columns |= {"coalition": owner.local, "member": row.local}
            key_text = Text(row.line, row.place, row.local)
            row.refer("member", "party", [key_text], many=False)
        elif row.noun in ABOUT:
            row.columns[owner.noun] = owner.key
            row.links[owner.noun] = (owner.noun, owner.key)
        elif row.noun != "adoption":
            row.columns["pledge"] = owner.key
            row.links["pledge"] = ("pledge", owner.key)

    # Resolving: a key means the entry nearest to where it is written.

    def _resolve(self, row: Row) -> None:
        if row.noun == "adoption":
            seed_checks.name_the_rule(row, self.rows, self.mistakes)
        for column, reference in row.references.items():
            found = []
            for text in reference.texts:
                key = self._find(row, reference.noun, text.text)
                if key is None:
                    self._unknown_key(row, reference.noun, text)
                elif key not in found:
                    found.append(key)
            if reference.many:
                row.columns[column] = sorted(found)
            elif found:
                row.columns[column] = found[0]
            row.targets[column] = (reference.noun, found)

    def _find(self, row: Row, noun: str, name: str) -> str | None:
        for key in _spellings(row, name):
            if (noun, key) in self.rows or key in self.known.tables.get(noun, {}):
                return key
        return None

    def _unknown_key(self, row: Row, noun: str, text: Text) -> None:
        local = {r.local for (n, _), r in self.rows.items() if n == noun}
        near = nearest(text.text, local | set(self.known.tables.get(noun, {})))
        section = next((s for s, n in SECTIONS.items() if n == noun), "")
        where = f"under '{section}:'" if section else f"beside it, as a {noun.replace('_', ' ')}"
        self.mistakes.at(
            text,
            f"there is no {noun.replace('_', ' ')} '{text.text}'",
            f"Did you mean '{near}'?" if near else f"Declare it {where}, or correct the key",
        )
        row.broken.add(text.place)


def _spellings(row: Row, name: str) -> Iterator[str]:
    owner = row.owner
    while owner is not None:
        yield f"{owner.key}.{name}"
        owner = owner.owner
    yield f"{row.key}.{name}"
    yield name


def _hint(spec: Field) -> str:
    if spec.choices:
        return f"Use one of: {', '.join(spec.choices)}"
    return f"Give {spec.kind}"
