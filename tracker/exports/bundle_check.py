#!/usr/bin/env python3
"""Checks a bundle of evidence. Needs Python 3.10 or newer and nothing else; opens no connection.

    python3 check.py bundle.zip [--head CHAIN=SEQ:HASH ...]

A bundle proves that nothing in it was changed since the ledger's heads that it names. That these
are the register's own heads it cannot prove by itself: get a head from whoever runs the register
and give it with --head. Take this program from there too, not from a bundle that you doubt.
Ends with 0 when everything holds, with 1 and a line for each fault otherwise.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

LINKED = 7  # entries from this schema on are hashed over the digest of their content
LARGEST = 2**31
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def cell(value: Any) -> str:
    """How a value of a row stands in its CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        text = " | ".join(value)
    else:
        text = value if isinstance(value, str) else canonical(value).decode()
    return "'" + text if text.startswith(FORMULA) else text


# What custody.csv says of each source, in the order recorded; from format 2 of a bundle on.
CUSTODY = {
    "source": "key of the table source",
    "recorded_at": "when the register recorded it",
    "what": "what was done",
    "by": "by whom: an opaque id, or system",
    "row": "the row that says so: its table and its key",
    "text_sha256": "SHA-256 of the text that was entered, or was there when it was checked",
    "file_sha256": "the same of the file",
    "as_entered": "of a check: whether these are the digests from when they were entered",
    "address": "where it was fetched from",
    "retrieved": "when it was, as stated",
    "note": "a note on a check, or why it was withdrawn",
}
DEEDS = (
    "added", "text added", "file added", "withdrawn", "holds again", "replaced by a newer version",
    "opened and checked", "check withdrawn", "check holds again", "cited by a finding",
    "no longer cited", "finding withdrawn", "finding holds again",
)  # fmt: skip


def custody(entries: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """The lines of custody.csv, made of the ledger's whole entries: source by source, in order."""
    before: dict[tuple[str, str], dict[str, Any]] = {}
    lines: dict[str, list[list[Any]]] = {}
    for entry in entries:
        row = (entry["noun"], entry["row_key"])
        state = json.loads(entry["state"] or "{}")
        was = before.get(row)
        before[row] = state
        if row[0] not in ("source", "viewing", "verification"):
            continue
        for source, what in _deeds(row, was, state):
            entered = before.get(("source", source), {})
            told = dict.fromkeys(CUSTODY, "")
            told |= {"source": source, "recorded_at": entry["recorded_at"], "what": what}
            told |= {"by": entry["by"], "row": " ".join(row)}
            if row[0] == "source":
                told |= {"text_sha256": _text(state), "file_sha256": state.get("file_sha256") or ""}
            if what == "added":
                told |= {name: state.get(of) or "" for name, of in _FROM}
            if what == "opened and checked":
                seen = {name: state.get(name) or "" for name in ("text_sha256", "file_sha256")}
                kept = {"text_sha256": _text(entered)}
                kept["file_sha256"] = entered.get("file_sha256") or ""
                told |= {**seen, "as_entered": "yes" if seen == kept else "no"}
                told["note"] = state.get("note") or ""
            if what.endswith("withdrawn"):
                told["note"] = state.get("withdrawn_reason") or ""
            lines.setdefault(source, []).append(list(told.values()))
    return [line for source in sorted(lines) for line in lines[source]]


_FROM = (("address", "url"), ("retrieved", "retrieved"))


def _text(state: dict[str, Any]) -> str:
    return sha256(state["snapshot"].encode()) if state.get("snapshot") else ""


def _deeds(
    row: tuple[str, str], was: dict[str, Any] | None, state: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """The sources that an entry is about, each with what it did."""
    noun, key = row
    old = was or {}
    turned = bool(state.get("withdrawn_at")) - bool(old.get("withdrawn_at"))
    turn = {1: "withdrawn", -1: "holds again", 0: ""}[turned]
    if noun == "source":
        if was is None:
            yield key, "added"
        for column, what in (("snapshot", "text added"), ("file_sha256", "file added")):
            if was is not None and state.get(column) and not old.get(column):
                yield key, what
        if state.get("earlier") and state.get("earlier") != old.get("earlier"):
            yield state["earlier"], "replaced by a newer version"
        if turn:
            yield key, turn
    elif noun == "viewing":
        if was is None:
            yield state["source"], "opened and checked"
        if turn:
            yield state["source"], f"check {turn}"
    else:
        now, then = set(state.get("sources") or ()), set(old.get("sources") or ())
        yield from ((one, "cited by a finding") for one in sorted(now - then))
        yield from ((one, "no longer cited") for one in sorted(then - now))
        yield from ((one, f"finding {turn}") for one in sorted(now) if turn)


def custody_file(entries: Iterable[dict[str, Any]]) -> bytes:
    """All of custody.csv."""
    text = io.StringIO(newline="")
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow(CUSTODY)
    written.writerows([cell(value) for value in line] for line in custody(entries))
    return text.getvalue().encode("utf-8-sig")


def files_of(archive: zipfile.ZipFile, faults: list[str]) -> dict[str, bytes]:
    """The files by name, each compared with SHA256SUMS."""
    names = [info.filename for info in archive.infolist()]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [f"{name} is in the bundle twice" for name in twice]
    if sum(info.file_size for info in archive.infolist()) > LARGEST:
        faults.append("the bundle is larger than two gigabytes: nothing was read")
        return {}
    files = {name: archive.read(name) for name in set(names)}
    listed = {}
    for line in files.get("SHA256SUMS", b"").decode().splitlines():
        digest, _blank, name = line.partition("  ")
        listed[name] = digest
    unlisted = sorted(set(files) - {"SHA256SUMS"} - set(listed))
    faults += [f"{name} is not listed in SHA256SUMS" for name in unlisted]
    for name, digest in sorted(listed.items()):
        if name not in files:
            faults.append(f"{name} is listed and missing")
        elif sha256(files[name]) != digest:
            faults.append(f"{name} is not the file that was listed")
    return files


def walk(
    chain: str,
    lines: Iterable[str],
    faults: list[str],
    entries: list[dict[str, Any]] | None = None,
) -> tuple[int, str, dict[tuple[str, str], Any], int]:
    """The head that a chain's entries lead to, the last states of those shown, and how many of
    the left out ones had to be believed. ``entries``: takes in those that are shown."""
    seq, head, believed = 0, "", 0
    states: dict[tuple[str, str], Any] = {}
    for number, text in enumerate(lines, 1):
        line = json.loads(text)
        where = "{}, entry {}".format(chain, line.get("seq"))
        seq += 1
        if line.get("seq") != seq:
            faults.append(f"{chain}: entry {seq} is missing or out of place")
            seq = int(line.get("seq") or number)
        if "state" in line:
            content = {name: line[name] for name in line if name not in ("previous", "hash")}
            if line.get("chain") != chain:
                faults.append(f"{where} belongs to another chain")
            if line.get("previous") != head:
                faults.append(f"{where} does not follow the one before it")
            if line["schema"] < LINKED:
                head = sha256(canonical(dict(content, previous=line.get("previous"))))
            else:
                head = sha256((f"{head} {sha256(canonical(content))}").encode())
            if head != line.get("hash"):
                faults.append(f"{where} was altered: its hash does not fit")
            row = (line["noun"], line["row_key"])
            if entries is not None:
                entries.append(line)
            states[row] = None if line["state"] is None else json.loads(line["state"])
        elif "content" in line:
            head = sha256(("{} {}".format(head, line["content"])).encode())
        else:
            head, believed = line["hash"], believed + 1
    return seq, head, states, believed


def tables_of(
    files: dict[str, bytes], states: dict[tuple[str, str], Any], faults: list[str]
) -> dict[str, dict[str, Any]]:
    """That each table says what the ledger's last entries say."""
    told: dict[str, dict[str, Any]] = {}
    for (noun, key), state in states.items():
        if state is not None:
            told.setdefault(noun, {})[key] = state
    for noun, rows in sorted(told.items()):
        name = f"tables/{noun}.csv"
        if name not in files:
            faults.append(f"{name} is missing")
            continue
        found = list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))
        header, lines = found[0], found[1:]
        if sorted(line[0] for line in lines) != sorted(map(cell, rows)):
            faults.append(f"{name} has other rows than the ledger")
            continue
        wanted = {cell(key): (key, state) for key, state in rows.items()}
        for line in lines:
            key, state = wanted[line[0]]
            for column, text in list(zip(header, line, strict=True))[1:]:
                if text != cell(state.get(column)):
                    faults.append(f"{name}: {column} of {key} is not what the ledger says")
    tables = [name for name in sorted(files) if name.startswith("tables/")]
    faults += [
        f"{name} holds what the ledger does not" for name in tables if name[7:-4] not in told
    ]
    return told


def sources_of(files: dict[str, bytes], told: dict[str, dict[str, Any]], faults: list[str]) -> None:
    """That each source's text and file are those that its entry in the ledger names."""
    meant = set()
    for key, state in sorted(told.get("source", {}).items()):
        text = f"sources/{key}.txt"
        if state.get("snapshot"):
            meant.add(text)
            if files.get(text) != state["snapshot"].encode():
                faults.append(f"{text} is not the text that was entered")
        if state.get("file_sha256"):
            name = "sources/files/{}".format(state["file_sha256"])
            meant.add(name)
            if sha256(files.get(name, b"")) != state["file_sha256"]:
                faults.append(f"the file of source {key} is missing, or not the one entered")
    held = {name for name in files if name.startswith("sources/")}
    faults += [f"{name} belongs to no source" for name in sorted(held - meant)]


def check(path: str, heads: dict[str, str], say: Callable[[str], object] = print) -> int:
    faults: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive:
            files = files_of(archive, faults)
        manifest = json.loads(files.get("manifest.json", b"{}"))
        states: dict[tuple[str, str], Any] = {}
        entries: list[dict[str, Any]] = []
        named = manifest.get("heads", {})
        for chain, head in sorted(named.items()):
            lines = files.get(f"ledger/{chain}.jsonl", b"").decode().split("\n")[:-1]
            seq, reached, shown, believed = walk(chain, lines, faults, entries)
            if (seq, reached) != (head["seq"], head["hash"]):
                faults.append(f"{chain}: the entries do not lead to the head that is named")
            if chain in heads and heads[chain] != f"{seq}:{reached}":
                faults.append(f"{chain}: its head is not the one that you gave")
            states.update(shown)
            say(f"{chain}: head {seq}:{reached}; {seq} entries, {len(shown)} rows shown")
            if believed:
                say(f"{chain}: {believed} early entries that are left out had to be believed")
        faults += [
            f"{chain}: the bundle has no such chain" for chain in sorted(set(heads) - set(named))
        ]
        if not named:
            faults.append("the manifest names no head of a ledger")
        pledge = ("pledge", manifest.get("pledge"))
        if pledge not in states:
            faults.append(f"the ledger that is shown does not hold the pledge {pledge[1]}")
        sources_of(files, tables_of(files, states, faults), faults)
        if manifest.get("format", 1) > 1 and files.get("custody.csv") != custody_file(entries):
            faults.append("custody.csv is not what the ledger says")
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        faults.append(f"the bundle cannot be opened: {error}")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        faults.append(f"the bundle is damaged: {error!r}")
    for fault in faults:
        say(f"FAULT {fault}")
    say(f"{len(faults)} faults" if faults else "everything holds")
    return 1 if faults else 0


def main(arguments: list[str]) -> int:
    heads: dict[str, str] = {}
    paths = []
    left = iter(arguments)
    for one in left:
        if one == "--head":
            chain, _equals, head = next(left, "").partition("=")
            heads[chain] = head
        else:
            paths.append(one)
    if len(paths) != 1:
        print(__doc__)
        return 2
    return check(paths[0], heads)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
