"""The whole register as one file: a ZIP of JSON lines and stored files, with a manifest.

Must not live here: reading such a file (archives.py); which tables there are
(selectors/tables.py); which files (stored_files.py).
"""

import hashlib
import os
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from tracker.domain.errors import Conflict, Invalid
from tracker.selectors import ledger, tables

from . import manifests, stored_files
from .archives import ENTRIES, MAX_ROW, PIECE, Proof, line
from .manifests import Head, Manifest, StoredFile, TableFile, file_member, table_member


@dataclass(frozen=True, slots=True)
class Written:
    manifest: Manifest
    bytes: int
    problems: list[ledger.Problem]


def version() -> str:
    """This release's version."""
    project = tomllib.loads((settings.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def write(path: Path, *, at: datetime) -> Written:
    """The database as it is at this instant, and the stored files, into a new private file.

    Writers of the database go on. Raises Conflict when the file is there, Invalid when it cannot be
    written; then nothing is left of it.
    """
    _check_place(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            manifest, problems = _fill(file, at=at)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        _place(draft, path)
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise _is_there(path) from error
        raise Invalid(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return Written(manifest, size, problems)


def _check_place(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise _is_there(path)
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}.", mend="Make it first.")
    whole, data_dir = path.parent.resolve() / path.name, settings.DATA_DIR.resolve()
    if whole.is_relative_to(data_dir) and not stored_files.is_left_out(
        whole.relative_to(data_dir).as_posix()
    ):
        raise Invalid(
            f"{path} lies in the data folder, which is itself backed up.",
            mend=f"Write it elsewhere, or into the folder {data_dir / 'backups'}.",
        )


def _is_there(path: Path) -> Conflict:
    return Conflict(f"{path} is there already.", mend="Name another file, or remove it.")


def _place(draft: Path, path: Path) -> None:
    """The draft under its name, at once, and never over another file."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fill(file: IO[bytes], *, at: datetime) -> tuple[Manifest, list[ledger.Problem]]:
    connection = connections[DEFAULT_DB_ALIAS]
    archive = _Archive(file, at)
    proof = Proof()
    table_files: dict[str, TableFile] = {}
    with archive.zipped, tables.consistent_view(connection):
        migrations = tables.applied(connection)
        if not migrations:
            raise Invalid(
                f"The database {tables.place(connection)} holds no register.",
                mend="Check DATABASE_URL and TRACKER_DATA_DIR.",
            )
        found = tables.at(migrations)
        for name, table in found.items():
            table_files[name] = archive.table(
                table, tables.last_number(connection, table), proof if name == ENTRIES else None
            )
        heads = {
            name: Head(int(head["seq"]), str(head["hash"]))
            for name, head in tables.heads(found, using=DEFAULT_DB_ALIAS).items()
        }
        files = archive.files()
        manifest = Manifest(
            version=version(),
            made_at=at,
            database=connection.vendor,
            migrations=migrations,
            tables=table_files,
            chains=heads,
            files=files,
        )
        archive.text(manifests.NAME, manifests.as_text(manifest))
    return manifest, proof.end(heads)


class _Archive:
    """The ZIP that is being written."""

    def __init__(self, file: IO[bytes], at: datetime) -> None:
        self.zipped = ZipFile(file, "w", compression=ZIP_DEFLATED, compresslevel=6)
        self.at = at

    @contextmanager
    def _member(self, name: str) -> Iterator["_Measured"]:
        info = ZipInfo(name, date_time=self.at.timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.zipped.open(info, "w", force_zip64=True) as member:
            yield _Measured(member)

    def text(self, name: str, text: str) -> None:
        with self._member(name) as member:
            member.write(text.encode())

    def table(self, table: tables.Table, last: int | None, proof: Proof | None) -> TableFile:
        columns, count = table.columns, 0
        with self._member(table_member(table.name)) as member:
            for row in table.rows(using=DEFAULT_DB_ALIAS):
                count += 1
                text = line(row)
                if len(text) > MAX_ROW:
                    raise Invalid(
                        f"Row {row[0]} of {table.name} is larger than {MAX_ROW >> 20} MB.",
                        mend="Shorten its text.",
                    )
                member.write(text)
                if proof is not None:
                    proof.take(columns, row)
        return TableFile(count, member.size, member.sha256(), tuple(columns), last)

    def files(self) -> dict[str, StoredFile]:
        found: dict[str, StoredFile] = {}
        database = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
        without = {Path(f"{database}{end}") for end in ("", "-wal", "-shm", "-journal")}
        if settings.EMAIL_FILE_PATH:
            without.add(Path(settings.EMAIL_FILE_PATH))
        for name, path in stored_files.found(settings.DATA_DIR, without=without):
            if not stored_files.is_safe(name):
                raise Invalid(
                    f"The stored file {name!r} has a name that not every system allows.",
                    mend="Rename it.",
                )
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue  # it was removed just now
            with source, self._member(file_member(name)) as member:
                while piece := source.read(PIECE):
                    member.write(piece)
            found[name] = StoredFile(member.size, member.sha256())
        return found


class _Measured:
    def __init__(self, member: IO[bytes]) -> None:
        self._member, self._digest, self.size = member, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self._member.write(data)
        self._digest.update(data)
        self.size += len(data)

    def sha256(self) -> str:
        return self._digest.hexdigest()
