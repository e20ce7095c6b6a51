"""Reading a seed file's YAML with every value's line kept.

Lives here: text in, a tree of strings with positions out, and the collector of mistakes.
Must not live here: what the fields mean (seed_form.py) or any write (seeds.py).

Every scalar stays the string that was typed. YAML's own guesses (`no` as false, `18:00` as 1080,
`2025-03-18` as a date without a zone) are what this module exists to prevent.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

import yaml

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
MAX_NODES = 200_000


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in a seed file: where, what, and how to mend it."""

    line: int
    place: str
    what: str
    mend: str

    def told(self, file: str) -> str:
        where = f"field '{self.place}': " if self.place else ""
        return f"{file}:{self.line}: {where}{self.what}. {self.mend}".rstrip()


class Mistakes:
    """Collects mistakes so that a file's are reported together, in the order of its lines."""

    def __init__(self) -> None:
        self._found: list[Mistake] = []

    def add(self, line: int, place: str, what: str, mend: str) -> None:
        mend = mend if not mend or mend.endswith((".", "?")) else f"{mend}."
        mistake = Mistake(line, place, what.rstrip(". "), mend)
        if mistake not in self._found:
            self._found.append(mistake)

    def at(self, value: Value, what: str, mend: str) -> None:
        self.add(value.line, value.place, what, mend)

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> list[Mistake]:
        return sorted(self._found)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as it was typed."""

    line: int
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A YAML list."""

    line: int
    place: str
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A YAML mapping; `rows` keeps the order of the file, `key_lines` each key's line."""

    line: int
    place: str
    rows: dict[str, Value] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


type_names = {Text: "a single value", Items: "a list", Table: "a mapping"}
Value = Text | Items | Table


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that a mistyped one most likely meant, or ''."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def read(data: bytes, mistakes: Mistakes) -> Table | None:
    """The file's top mapping, or None when it cannot be read at all (the mistakes say why)."""
    text = _decoded(data, mistakes)
    if text is None or not _survives_scan(text, mistakes):
        return None
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        mistakes.add(
            1, "", "the file is empty", "Begin with 'dossier:'; docs/seeds.md shows the form."
        )
        return None
    if not isinstance(node, yaml.MappingNode):
        mistakes.add(
            node.start_mark.line + 1,
            "",
            "the file must be a mapping at the top",
            "Begin with 'dossier:'; docs/seeds.md shows the form.",
        )
        return None
    tree = _tree(node, "", mistakes)
    return tree if isinstance(tree, Table) else None


def _decoded(data: bytes, mistakes: Mistakes) -> str | None:
    if len(data) > MAX_BYTES:
        mistakes.add(
            1,
            "",
            f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read",
            "Split it; several files may add to one dossier.",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        mistakes.add(line, "", "the file is not UTF-8 here", "Save it as UTF-8.")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n"), 1):
        bad = next((c for c in line_text if (c < " " and c != "\t") or c == "\x7f"), "")
        if bad:
            name = "a NUL" if bad == "\0" else f"the control character U+{ord(bad):04X}"
            mistakes.add(number, "", f"{name} stands in this line", "Delete the character.")
    return None if mistakes else text


def _survives_scan(text: str, mistakes: Mistakes) -> bool:
    """Walk the parser's flat events first: the composer recurses and follows aliases."""
    depth = nodes = documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            mark = event.start_mark
            line = mark.line + 1 if mark is not None else 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    mistakes.add(
                        line,
                        "",
                        "a second YAML document begins here",
                        "Write one dossier per file.",
                    )
                    return False
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                mistakes.add(
                    line,
                    "",
                    "anchors (&name) and aliases (*name) are not part of this form",
                    "Write the value out, or put it in quotes if it begins with & or *.",
                )
                return False
            tag = getattr(event, "tag", None)
            if tag:
                mistakes.add(
                    line,
                    "",
                    f"a YAML tag ({tag}) stands here",
                    "Leave it out, or put the value in quotes if it begins with '!'.",
                )
                return False
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                depth -= 1
            nodes += 1
            if depth > MAX_DEPTH or nodes > MAX_NODES:
                mistakes.add(
                    line, "", "the file is nested too deeply or too long", "Split or flatten it."
                )
                return False
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        mistakes.add(
            mark.line + 1 if mark else 1,
            "",
            f"this is not YAML: {error.problem or error.context}",
            "Check the indentation; a text with ': ' or ' #' in it needs quotes.",
        )
        return False
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        mistakes.add(
            text.count("\n", 0, position) + 1,
            "",
            "a character here is not allowed in YAML",
            "Delete or replace it.",
        )
        return False
    return True


def _tree(node: yaml.Node, place: str, mistakes: Mistakes) -> Value:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        table = Table(line, place)
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or not key_node.value.strip():
                mistakes.add(key_line, place, "a key must be a single word", "Name the entry.")
                continue
            key = key_node.value.strip()
            inner = f"{place}.{key}" if place else key
            if key in table.rows:
                mistakes.add(
                    key_line,
                    inner,
                    f"'{key}' stands twice here; the first is in line {table.key_lines[key]}",
                    "Keep one, or give the second another name.",
                )
                continue
            value = _tree(value_node, inner, mistakes)
            table.rows[key] = value
            table.key_lines[key] = key_line
        return table
    if isinstance(node, yaml.SequenceNode):
        items = tuple(
            _tree(item, f"{place}.{number}", mistakes) for number, item in enumerate(node.value, 1)
        )
        return Items(line, place, items)
    text = str(node.value).strip()
    if getattr(node, "style", None) is None and text in {"~", "null", "Null", "NULL"}:
        text = ""
    return Text(line, place, text)
