"""The files of the data folder: which of them belong to the register, and which do not.

What is not named here belongs: a new folder of uploads is in the next backup without a word.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

# By name in the data folder itself. docs/backup.md has the same list; a test compares them.
LEFT_OUT: Mapping[str, str] = {
    ".*": "drafts of files that are being written",
    "*.log": "logs",
    "*.sqlite3*": "databases: the rows are in the backup",
    "backups": "earlier backups",
    "beat-schedule*": "the scheduler's notes on this machine",
    "broker": "the queue: it holds nothing that the database does not",
    "*-login": "passwords in plain text; manage.py demouser makes new ones",
    "mailbox": "the local mailbox",
    "prepared.json": "what this machine knows of its database",
    "run": "sockets, locks and process ids",
    "secret-key": "with it, who holds a backup could sign in here as anybody",
}


def is_left_out(name: str) -> bool:
    """Whether a path in the data folder, with slashes, is none of the register's."""
    return any(fnmatchcase(PurePosixPath(name).parts[0], pattern) for pattern in LEFT_OUT)


def is_safe(name: str) -> bool:
    """Whether a name from a file of unknown origin stays within the folder that it is put into."""
    parts = name.split("/")
    return (
        len(name) <= 1000
        and name.isprintable()
        and not any(part in {"", ".", ".."} for part in parts)
        and "\\" not in name
    )


def found(data_dir: Path, *, without: Collection[Path] = ()) -> Iterator[tuple[str, Path]]:
    """Each stored file with its name, in the order of the names. Links are followed.

    ``without``: further files and folders that are none of the register's.
    """
    seen = {data_dir.resolve()}

    def walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            name, path = prefix + entry.name, Path(entry.path)
            if is_left_out(name) or path in without:
                continue
            if entry.is_dir():
                if path.resolve() not in seen:  # a link may lead to a folder above
                    seen.add(path.resolve())
                    yield from walk(path, f"{name}/")
            elif entry.is_file():
                yield name, path

    yield from walk(data_dir, "")
