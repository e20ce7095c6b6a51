"""The plain values between reading a seed file and writing it.

Lives here: a row as a file asks for it, with the lines that its mistakes are reported at.
Must not live here: any rule about rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .seed_yaml import Text, Value

State = dict[str, object]

# The columns of which exactly one names what the row is about.
ABOUT: dict[str, tuple[str, ...]] = {
    "account": ("pledge", "condition", "position", "extension", "trigger", "deadline"),
    "reading": ("pledge", "trigger", "deadline"),
    "condition": ("pledge", "extension", "position"),
    "move": ("pledge", "condition", "incident", "deadline", "extension"),
    "count": ("pledge",),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """Keys as they were typed in one field."""

    noun: str
    texts: tuple[Text, ...]
    many: bool


@dataclass(slots=True)
class Row:
    """One entry of a seed file: its columns in the ledger's shape, and where each was written."""

    noun: str
    key: str
    local: str
    line: int
    place: str
    owner: Row | None = None
    columns: State = field(default_factory=dict)
    given: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    targets: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def refer(self, column: str, noun: str, texts: list[Text], *, many: bool) -> None:
        self.references[column] = Reference(noun, tuple(texts), many)

    def where(self, name: str) -> tuple[int, str]:
        """The line and the full name of a field, or the entry's own when it was left out."""
        value = self.given.get(name)
        if value is not None:
            return value.line, value.place
        return self.line, f"{self.place}.{name}" if name else self.place

    def text(self, column: str) -> str:
        return str(self.columns.get(column) or "")

    @property
    def identity(self) -> tuple[str, str]:
        return self.noun, self.key

    @property
    def needs(self) -> dict[str, list[tuple[str, str]]]:
        """Per column, the rows that it names."""
        found = {
            column: [(noun, key) for key in keys] for column, (noun, keys) in self.targets.items()
        }
        for column, target in self.links.items():
            found[column] = [target]
        return found


@dataclass(slots=True)
class Seed:
    """What one file asks for."""

    dossier: State | None
    rows: list[Row]
    anchor: datetime | None
