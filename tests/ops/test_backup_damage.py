"""A damaged or hostile file: what is wrong is said in one line, and nothing is restored."""

import hashlib
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tracker.exports import archives
from tracker.models import LedgerEntry, Party

from .registers import Members, Registers, check, fill, members, save

ENTRIES = f"tables/{LedgerEntry._meta.db_table}.jsonl"
PARTIES = f"tables/{Party._meta.db_table}.jsonl"


@pytest.fixture(scope="module", autouse=True)
def _source(registers: Registers) -> Iterator[None]:
    """A register to be read only."""
    with registers.on(registers.migrated()):
        fill()
        yield


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save(tmp_path / "saved.zip")
    return tmp_path / "saved.zip"


def write(path: Path, found: Members) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in found.items():
            zipped.writestr(name, text)


def told(found: Members, change: Callable[[Any], None]) -> None:
    """Changes the manifest."""
    said = json.loads(found["manifest.json"])
    change(said)
    found["manifest.json"] = json.dumps(said).encode()


def forge(found: Members, name: str, text: bytes) -> None:
    """Changes a table's file, and the manifest with it."""
    found[name] = text

    def change(said: Any) -> None:
        table = said["tables"][Path(name).stem]
        table["bytes"], table["rows"] = len(text), len(text.splitlines())
        table["sha256"] = hashlib.sha256(text).hexdigest()

    told(found, change)


def put(name: str, text: bytes = b"x") -> Callable[[Members], None]:
    """A stored file that the manifest knows."""

    def change(found: Members) -> None:
        found[f"files/{name}"] = text
        sha256 = hashlib.sha256(text).hexdigest()
        told(
            found, lambda said: said["files"].update({name: {"bytes": len(text), "sha256": sha256}})
        )

    return change


def lines(found: Members, name: str) -> list[bytes]:
    return found[name].splitlines(keepends=True)


def altered_entry(found: Members) -> None:
    rows = [json.loads(text) for text in lines(found, ENTRIES)]
    columns = json.loads(found["manifest.json"])["tables"][LedgerEntry._meta.db_table]["columns"]
    rows[4][columns.index("reason")] += "x"
    forge(found, ENTRIES, b"".join(archives.line(row) for row in rows))


DAMAGES: dict[str, tuple[Callable[[Members], object], str]] = {
    "a row is gone": (
        lambda m: m.update({PARTIES: b"".join(lines(m, PARTIES)[1:])}),
        "has another size than the manifest says",
    ),
    "a letter is another": (
        lambda m: m.update({PARTIES: m[PARTIES].replace(b"Alpha", b"Alpho")}),
        "tracker_party.jsonl is not what the manifest says of it",
    ),
    "a row is no JSON": (lambda m: forge(m, PARTIES, b"[1,\n"), "line 1 is no JSON"),
    "a row is too deep": (lambda m: forge(m, PARTIES, b"[" * 99999), "line 1 is no JSON"),
    "a row lacks a value": (lambda m: forge(m, PARTIES, b"[1]\n"), "line 1 has not the"),
    "a table is missing": (lambda m: m.pop(PARTIES), "tracker_party.jsonl' is missing"),
    "a table is not told of": (
        lambda m: told(m, lambda said: said["tables"].pop("tracker_party")),
        "tracker_party.jsonl' is not in the manifest",
    ),
    "a table is gone altogether": (
        lambda m: told(m, lambda said: said["tables"].pop(m.pop(PARTIES) and "tracker_party")),
        "the table tracker_party is missing at its migrations",
    ),
    "a column is missing": (
        lambda m: told(m, lambda said: said["tables"]["tracker_party"]["columns"].pop()),
        "the table tracker_party has other columns",
    ),
    "a file more": (lambda m: m.update({"more": b""}), "'more' is not in the manifest"),
    "an entry is altered": (altered_entry, "entry was altered: its hash does not fit its text"),
    "an entry is removed": (
        lambda m: forge(m, ENTRIES, b"".join(lines(m, ENTRIES)[:4] + lines(m, ENTRIES)[5:])),
        "this entry was removed",
    ),
    "the last entry is removed": (
        lambda m: forge(m, ENTRIES, b"".join(lines(m, ENTRIES)[:-1])),
        "the chain's head names an entry that was removed",
    ),
    "an entry is no entry": (
        lambda m: forge(m, ENTRIES, m[ENTRIES].replace(b"Z", b"?", 1)),
        "tracker_ledgerentry.jsonl",
    ),
    "a head is another": (
        lambda m: told(m, lambda said: said["chains"]["people"].update(seq=1)),
        "the heads of its chains are not those of the manifest",
    ),
    "no manifest": (lambda m: m.pop("manifest.json"), "is no backup: it has no manifest.json"),
    "another's manifest": (lambda m: m.update({"manifest.json": b"[]"}), "not this product's"),
    "a manifest that is no JSON": (lambda m: m.update({"manifest.json": b"{"}), "it is no JSON"),
    "a manifest with a bad size": (
        lambda m: told(m, lambda said: said["tables"]["tracker_party"].update(bytes=-1)),
        "bytes is no number from 0",
    ),
    "a later format": (
        lambda m: told(m, lambda said: said.update(format=2)),
        "It is of format 2, and this release reads 1",
    ),
    "a later migration": (
        lambda m: told(m, lambda said: said["migrations"].append("tracker.7777_more")),
        "made by a newer release .*: the migration tracker.7777_more is unknown here",
    ),
    "an earlier migration is missing": (
        lambda m: told(m, lambda said: said["migrations"].remove("mfa.0001_initial")),
        "The migration mfa.0001_initial is missing before those that follow it",
    ),
    "a way up": (put("../../etc/passwd"), "would lead out of the data folder"),
    "a way up within": (put("files/../../x"), "would lead out of the data folder"),
    "a way from the root": (put("/etc/passwd"), "would lead out of the data folder"),
    "a way with backslashes": (put("..\\x"), "would lead out of the data folder"),
    "an empty name": (put(""), "would lead out of the data folder"),
    "a name that cannot be printed": (put("a\nb"), "would lead out of the data folder"),
    "the key of another": (put("secret-key"), "which no backup may replace"),
    "a database": (put("tracker.sqlite3"), "which no backup may replace"),
    "a stored file is another": (
        lambda m: (put("files/a", b"one")(m), m.update({"files/files/a": b"two"})),
        "files/files/a is not what the manifest says of it",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_wrong_with_a_file_is_said_and_nothing_restored(
    registers: Registers, saved: Path, tmp_path: Path, data_dir: Path, name: str
) -> None:
    change, said = DAMAGES[name]
    found = members(saved)
    change(found)
    path = tmp_path / "changed.zip"
    write(path, found)
    refused(registers, path, said, data_dir)


def refused(registers: Registers, path: Path, said: str, data_dir: Path) -> None:
    with pytest.raises(CommandError, match=said) as no:
        check(path)
    assert str(path) in str(no.value)
    assert "\n" not in str(no.value)
    with registers.on(registers.empty()):
        with pytest.raises(CommandError, match=said) as no:
            call_command("restore", str(path))
        assert "\n" not in str(no.value)
        assert connection.introspection.table_names() == []
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize("part", [0, 1, 10, 0.5, 0.999])
def test_a_file_that_was_cut_short(
    registers: Registers, saved: Path, data_dir: Path, part: float
) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(part if part >= 1 else part * len(whole))])
    refused(registers, saved, "is no backup, or it was cut short or damaged", data_dir)


def test_a_single_bit_that_flipped(saved: Path) -> None:
    whole = saved.read_bytes()
    with zipfile.ZipFile(saved) as zipped:
        info = zipped.getinfo(ENTRIES)
    for place in range(info.header_offset + 120, info.header_offset + info.compress_size, 1013):
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(CommandError, match=r"is damaged: tables/tracker_ledgerentry\.jsonl"):
            check(saved)


def test_the_same_name_twice(registers: Registers, saved: Path, data_dir: Path) -> None:
    with zipfile.ZipFile(saved, "a") as zipped, pytest.warns(UserWarning, match="Duplicate"):
        zipped.writestr(PARTIES, b"")
    refused(registers, saved, r"it holds 'tables/tracker_party\.jsonl' twice", data_dir)


def test_a_way_of_packing_that_no_backup_has(
    registers: Registers, saved: Path, data_dir: Path
) -> None:
    found = members(saved)
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_LZMA) as zipped:
        for name, text in found.items():
            zipped.writestr(name, text)
    refused(registers, saved, "is packed in a way that none is", data_dir)


def test_members_that_share_their_bytes(registers: Registers, saved: Path, data_dir: Path) -> None:
    found = members(saved)
    for number in range(50):
        put(f"files/{number}", b"0" * 10**6)(found)
    write(saved, found)
    whole = bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as zipped:
        first = zipped.getinfo("files/files/0")
    for place in [m.start() for m in re.finditer(b"PK\x01\x02", bytes(whole))]:
        length = struct.unpack_from("<H", whole, place + 28)[0]
        if whole[place + 46 : place + 46 + length].startswith(b"files/files/"):
            struct.pack_into("<I", whole, place + 20, len(whole) // 3)
            struct.pack_into("<I", whole, place + 42, first.header_offset)
    saved.write_bytes(whole)
    refused(registers, saved, "unpacks to more than any register holds", data_dir)


def test_more_than_any_register_holds(
    registers: Registers, saved: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 10_000)
    refused(registers, saved, "unpacks to more than any register holds", data_dir)
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MAX_ROW", 2_000)
    refused(registers, saved, r"line \d+ is larger than any row", data_dir)
    monkeypatch.setattr(archives, "MAX_MANIFEST", 2_000)
    refused(registers, saved, r"manifest\.json is larger than any is", data_dir)


def test_more_than_there_is_room_for(
    registers: Registers, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = members(saved)
    put("files/a", b"0" * 3 * 2**20)(found)
    write(saved, found)

    class Usage:
        free = 2**20

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    with (
        registers.on(registers.empty()),
        pytest.raises(CommandError, match=r"unpacks to \d MB, and .* has 1 MB free\. Make room\."),
    ):
        call_command("restore", str(saved))


def test_no_file_and_no_zip(registers: Registers, data_dir: Path) -> None:
    folder = data_dir.parent
    (folder / "text.zip").write_text("Not a backup.\n" * 100)
    refused(registers, folder / "text.zip", "is no backup", data_dir)
    refused(registers, folder / "none.zip", "there is no such file. Check the path", data_dir)
    refused(registers, data_dir, "cannot be read: Is a directory", data_dir)
