"""What a backup says of itself: its manifest, and how one of unknown origin is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from tracker.domain.errors import Invalid
from tracker.selectors import tables
from tracker.selectors.rows import iso

from . import stored_files

FORMAT = 1
PRODUCT = "ceasefire-tracker"
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table's file. ``last_number``: the last one that the database gave to a row."""

    rows: int
    bytes: int
    sha256: str
    columns: tuple[str, ...]
    last_number: int | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    version: str
    made_at: datetime
    database: str
    migrations: tuple[tables.Migration, ...]
    tables: Mapping[str, TableFile]
    chains: Mapping[str, Head]
    files: Mapping[str, StoredFile]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def members(self) -> dict[str, int]:
        """The size of every member of the archive but the manifest, by its name."""
        return {
            **{table_member(name): table.bytes for name, table in self.tables.items()},
            **{file_member(name): file.bytes for name, file in self.files.items()},
        }


def table_member(name: str) -> str:
    return f"tables/{name}.jsonl"


def file_member(name: str) -> str:
    return f"files/{name}"


def as_text(manifest: Manifest) -> str:
    found = {
        "format": FORMAT,
        "product": PRODUCT,
        "version": manifest.version,
        "made_at": iso(manifest.made_at),
        "database": manifest.database,
        "migrations": [tables.dotted(migration) for migration in manifest.migrations],
        "tables": {
            name: {
                "rows": table.rows,
                "bytes": table.bytes,
                "sha256": table.sha256,
                "columns": list(table.columns),
                "last_number": table.last_number,
            }
            for name, table in manifest.tables.items()
        },
        "left_out": dict(tables.LEFT_OUT),
        "chains": {
            name: {"seq": head.seq, "hash": head.hash} for name, head in manifest.chains.items()
        },
        "files": {
            name: {"bytes": file.bytes, "sha256": file.sha256}
            for name, file in manifest.files.items()
        },
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def parse(text: bytes) -> Manifest:
    """The manifest that a text says. Raises Invalid with what is wrong with it."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        _refuse("it is no JSON")
    if not isinstance(said, dict) or said.get("product") != PRODUCT:
        _refuse("it is not this product's")
    written = _number(said, "format")
    if written != FORMAT:
        raise Invalid(
            f"It is of format {written}, and this release reads {FORMAT}: a newer one wrote it.",
            mend="Restore it with the release that made it, or a later one.",
        )
    try:
        made_at = datetime.fromisoformat(_text(said, "made_at"))
    except ValueError:
        _refuse("made_at is no instant")
    return Manifest(
        version=_text(said, "version"),
        made_at=made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC),
        database=_text(said, "database"),
        migrations=_migrations(said),
        tables={
            name: TableFile(
                rows=_number(one, "rows"),
                bytes=_number(one, "bytes"),
                sha256=_text(one, "sha256"),
                columns=_columns(one),
                last_number=None if one.get("last_number") is None else _number(one, "last_number"),
            )
            for name, one in _objects(said, "tables").items()
        },
        chains={
            name: Head(_number(one, "seq"), _text(one, "hash"))
            for name, one in _objects(said, "chains").items()
        },
        files={
            _file_name(name): StoredFile(_number(one, "bytes"), _text(one, "sha256"))
            for name, one in _objects(said, "files").items()
        },
    )


def _refuse(what: str) -> NoReturn:
    raise Invalid(f"Its manifest cannot be read: {what}.", mend="Take another backup.")


def _file_name(name: str) -> str:
    if not stored_files.is_safe(name):
        _refuse(f"the file name {name[:100]!r} would lead out of the data folder")
    if stored_files.is_left_out(name):
        _refuse(f"it holds the file {name[:100]!r}, which no backup may replace")
    return name


def _objects(said: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    found = said.get(name)
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        _refuse(f"{name} is no list of objects by name")
    return found


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found.isprintable():
        _refuse(f"{name} is no text")
    return found


def _number(said: Mapping[str, Any], name: str) -> int:
    found = said.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**63:
        _refuse(f"{name} is no number from 0")
    return found


def _columns(said: Mapping[str, Any]) -> tuple[str, ...]:
    found = said.get("columns")
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        _refuse("columns is no list of names")
    return tuple(found)


def _migrations(said: Mapping[str, Any]) -> tuple[tables.Migration, ...]:
    found = said.get("migrations")
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        _refuse("migrations is no list of names")
    return tuple(sorted((app, name) for app, _, name in (one.partition(".") for one in found)))
