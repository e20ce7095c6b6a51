"""A backup's file as it is read, and the proof of what is in it.

It may come from anywhere: names and sizes are checked before anything is unpacked, and rows pass
through one by one. How one is written is in backups.py; what its manifest says, in manifests.py.
"""

import hashlib
import io
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.exceptions import ValidationError

from tracker.domain.errors import Invalid
from tracker.models import LedgerChain, LedgerEntry
from tracker.selectors import ledger, tables

from . import manifests
from .manifests import Head, Manifest, file_member, table_member

# Nothing larger is written, so nothing larger need be read: a file that claims more is hostile.
MAX_MANIFEST = 64 * 2**20
MAX_ROW = 256 * 2**20
MAX_TOTAL = 2**40
PIECE = 2**20
ENTRIES, CHAINS = LedgerEntry._meta.db_table, LedgerChain._meta.db_table
LEDGER_COLUMNS = {column.column: column for column in LedgerEntry._meta.concrete_fields}
# What reading a damaged archive, or a row that is not as its columns are, may raise.
DAMAGE = (
    AttributeError,
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValidationError,
    ValueError,
    zlib.error,
)


@dataclass(slots=True)
class Proof:
    """Walks every chain at once while entries pass by in the order in which they were written.

    That order is each chain's own too: its head is locked before an entry gets its number.
    """

    walks: dict[str, ledger.Walk] = field(default_factory=dict)
    problems: dict[str, ledger.Problem] = field(default_factory=dict)

    def take(self, columns: Sequence[str], row: Sequence[Any]) -> None:
        values = {
            LEDGER_COLUMNS[column].attname: LEDGER_COLUMNS[column].to_python(value)
            for column, value in zip(columns, row, strict=True)
            if column in LEDGER_COLUMNS
        }
        entry = LedgerEntry(**values)
        walk = self.walks.setdefault(entry.chain_id, ledger.Walk(entry.chain_id))
        found = walk.step(entry)
        if found is not None:
            self.problems.setdefault(entry.chain_id, found)

    def end(self, heads: Mapping[str, Head]) -> list[ledger.Problem]:
        for name in sorted({*heads, *self.walks}):
            head = heads.get(name, Head(0, ""))
            found = self.walks.get(name, ledger.Walk(name)).end(head.seq, head.hash)
            if found is not None:
                self.problems.setdefault(name, found)
        return [self.problems[name] for name in sorted(self.problems)]


def line(row: Sequence[Any]) -> bytes:
    """A row as it stands in a table's file: one text per value, whatever the database."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:  # half of a pair, which JSON columns of SQLite let through
        return json.dumps(row, sort_keys=True, separators=(",", ":")).encode() + b"\n"


class Backup:
    """A file that says that it is a backup. Every reading of a member proves it to its end."""

    def __init__(self, path: Path, zipped: ZipFile) -> None:
        self.path, self._zipped = path, zipped
        self.manifest = self._manifest()

    def rows(self, name: str) -> Iterator[list[Any]]:
        """A table's rows. Raises Invalid at the first that is damaged, or at the end."""
        told, member = self.manifest.tables[name], table_member(name)
        digest, count = hashlib.sha256(), 0
        with self._damage(member), self._zipped.open(member) as compressed:
            lines = io.BufferedReader(compressed, PIECE)  # type: ignore[type-var]
            while text := lines.readline(MAX_ROW + 1):
                count += 1
                digest.update(text)
                yield self._row(text, len(told.columns), f"{member} line {count}")
            if (count, digest.hexdigest()) != (told.rows, told.sha256):
                raise self._damaged(f"{member} is not what the manifest says of it")

    def pieces(self, name: str) -> Iterator[bytes]:
        """A stored file's bytes, piece by piece."""
        member, digest = file_member(name), hashlib.sha256()
        with self._damage(member), self._zipped.open(member) as stored:
            while piece := stored.read(PIECE):
                digest.update(piece)
                yield piece
            if digest.hexdigest() != self.manifest.files[name].sha256:
                raise self._damaged(f"{member} is not what the manifest says of it")

    def check(self) -> None:
        """Proves the file without a database: hashes, counts, tables, each chain of the ledger.

        Raises Invalid with the first thing that is wrong, or that this release cannot read.
        """
        manifest = self.manifest
        self._check_tables()
        proof, heads = Proof(), {}
        for name, told in manifest.tables.items():
            for row in self.rows(name):
                if name == ENTRIES:
                    with self._damage(table_member(name)):
                        proof.take(told.columns, row)
                elif name == CHAINS:
                    chain = dict(zip(told.columns, row, strict=True))
                    if chain.get("seq"):
                        heads[str(chain.get("name"))] = Head(chain["seq"], str(chain.get("hash")))
        if heads != dict(manifest.chains):
            raise self._damaged("the heads of its chains are not those of the manifest")
        for problem in proof.end(heads):
            raise Invalid(f"{self.path}: its ledger does not hold: {problem}")
        for name in manifest.files:
            for _ in self.pieces(name):
                pass

    def _check_tables(self) -> None:
        newer = tables.unknown(self.manifest.migrations)
        if newer:
            raise Invalid(
                f"{self.path} was made by a newer release ({self.manifest.version}): the migration"
                f" {tables.dotted(newer[0])} is unknown here.",
                mend="Restore it with that release, or a later one.",
            )
        try:
            wanted = {n: tuple(t.columns) for n, t in tables.at(self.manifest.migrations).items()}
        except Invalid as error:
            raise self._damaged(error.message.rstrip(".")) from error
        told = {name: table.columns for name, table in self.manifest.tables.items()}
        for name in sorted({*wanted, *told}):
            if wanted.get(name) != told.get(name):
                state = "missing" if name not in told else "unknown"
                what = "has other columns" if name in wanted and name in told else f"is {state}"
                raise self._damaged(f"the table {name} {what} at its migrations")

    def _manifest(self) -> Manifest:
        with self._damage(manifests.NAME):
            members: dict[str, ZipInfo] = {}
            for info in self._zipped.infolist():
                if info.filename in members:
                    raise self._damaged(f"it holds {info.filename!r} twice")
                members[info.filename] = info
                if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or info.flag_bits & 1:
                    raise self._damaged(f"{info.filename!r} is packed in a way that none is")
            own = members.pop(manifests.NAME, None)
            if own is None:
                raise Invalid(f"{self.path} is no backup: it has no {manifests.NAME}.")
            if own.file_size > MAX_MANIFEST:
                raise self._damaged(f"{manifests.NAME} is larger than any is")
            try:
                found = manifests.parse(self._zipped.read(own))
            except Invalid as error:
                raise Invalid(f"{self.path}: {error.message}", mend=error.mend) from error
        told = found.members()
        for name in sorted({*told, *members}):
            if name not in told:
                raise self._damaged(f"{name!r} is not in the manifest")
            if name not in members:
                raise self._damaged(f"{name!r} is missing")
            if members[name].file_size != told[name]:
                raise self._damaged(f"{name!r} has another size than the manifest says")
        # Members that share their bytes, or unpack to more than there is room for, are bombs.
        packed = sum(info.compress_size for info in members.values())
        if packed > self.path.stat().st_size or sum(told.values()) > MAX_TOTAL:
            raise self._damaged("it unpacks to more than any register holds")
        return found

    def _row(self, text: bytes, columns: int, where: str) -> list[Any]:
        if len(text) > MAX_ROW:
            raise self._damaged(f"{where} is larger than any row")
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._damaged(f"{where} is no JSON") from error
        if not isinstance(row, list) or len(row) != columns:
            raise self._damaged(f"{where} has not the {columns} values of its columns")
        return row

    def _damaged(self, what: str) -> Invalid:
        return Invalid(f"{self.path} is damaged: {what}.", mend="Take another backup.")

    @contextmanager
    def _damage(self, member: str) -> Iterator[None]:
        try:
            yield
        except Invalid:
            raise
        except DAMAGE as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise self._damaged(f"{member}: {reason.rstrip('.')}") from error


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """A backup to read. Raises Invalid when the file is none, or damaged where this can be seen."""
    try:
        zipped = ZipFile(path)
    except FileNotFoundError as error:
        raise Invalid(f"{path}: there is no such file.", mend="Check the path.") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror or error}.") from error
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise Invalid(
            f"{path} is no backup, or it was cut short or damaged.", mend="Take another backup."
        ) from error
    with zipped:
        yield Backup(path, zipped)
