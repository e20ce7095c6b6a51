"""A bundle of evidence: a ZIP that somebody else can check with nothing of ours installed.

What is in it, and how it is checked: docs/evidence.md. Must not live here: which rows belong to a
pledge (selectors/bundles.py), the check (bundle_check.py, which travels in each bundle).
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import models

from tracker.models import NOUNS
from tracker.models.fields import StatedField
from tracker.selectors import bundles, ledger
from tracker.selectors.bundles import Rows
from tracker.selectors.rows import State, iso

from . import bundle_check

FORMAT = 2
SUMS = "SHA256SUMS"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a member: the same bundle twice is the same file
CHECK = Path(bundle_check.__file__)

README = """\
Evidence for the pledge {ref}, as the register had it at {made_at}.

  manifest.json       what this is, and the head of each chain of the ledger
  tables/NOUN.csv     the rows: the pledge, accounts, readings, conditions, findings, incidents
  custody.csv         of each source, in order: added, checked, cited here, replaced
  sources/KEY.txt     the text of each source as it was entered; sources/files: the file it is from
  ledger/CHAIN.jsonl  the entries that made these rows; of all others the digest
  codebook.csv        what each column of each table holds
  check.py            the check: python3 check.py BUNDLE.zip
  SHA256SUMS          sha256sum -c SHA256SUMS, after unpacking

Who did something is an opaque id. To know that the heads are the register's own, ask those who run
it, and give them to the check:

{heads}
"""


@dataclass
class _Archive:
    """Writes members and remembers what each comes to."""

    zipped: ZipFile
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        info = ZipInfo(name, EARLIEST)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self.zipped.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
        self.sums[name] = digest.hexdigest()


def write(rows: Rows, *, ref: str, at: datetime, out: IO[bytes]) -> None:
    """The bundle of one pledge, in one piece of the database's time: call it in a transaction."""
    with ZipFile(out, "w") as zipped:
        archive = _Archive(zipped)
        heads: dict[str, dict[str, Any]] = {}
        states: dict[tuple[str, str], State | None] = {}
        entries: list[State] = []
        for chain, wanted in sorted(bundles.chains_of(rows).items()):
            heads[chain] = {"seq": 0, "hash": ""}
            archive.add(
                f"ledger/{chain}.jsonl", _ledger(chain, wanted, heads[chain], states, entries)
            )
        told: dict[str, dict[str, State]] = {}
        for (noun, key), state in sorted(states.items()):
            if state is not None:
                told.setdefault(noun, {})[key] = state
        for noun, held in told.items():
            archive.add(f"tables/{noun}.csv", [_table(noun, held)])
        archive.add("custody.csv", [bundle_check.custody_file(entries)])
        archive.add("codebook.csv", [_codebook(told)])
        sources = told.get("source", {})
        for key, state in sources.items():
            if state.get("snapshot"):
                archive.add(f"sources/{key}.txt", [str(state["snapshot"]).encode()])
        named = {str(state["file_sha256"]) for state in sources.values() if state["file_sha256"]}
        for digest, content in bundles.files_of(rows.chain, named):
            archive.add(f"sources/files/{digest}", [content])
        manifest = {"format": FORMAT, "pledge": ref, "made_at": iso(at), "heads": heads}
        archive.add("manifest.json", [json.dumps(manifest, indent=1).encode()])
        archive.add("check.py", [CHECK.read_bytes()])
        said = "\n".join(f"  --head {c}={h['seq']}:{h['hash']}" for c, h in sorted(heads.items()))
        archive.add("README.txt", [README.format(ref=ref, made_at=iso(at), heads=said).encode()])
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(archive.sums.items()))
        archive.add(SUMS, [sums.encode()])


def _ledger(
    chain: str,
    wanted: bundles.Wanted,
    head: dict[str, Any],
    states: dict[tuple[str, str], State | None],
    entries: list[State],
) -> Iterator[bytes]:
    """The chain's lines; notes its head, the last state of each row that is shown, and the entries
    that are shown whole.
    """
    for line in bundles.extract(chain, wanted):
        head["seq"] = line["seq"]
        head["hash"] = line.get("hash") or ledger.linked(head["hash"], line["content"])
        if "state" in line:
            said = line["state"]
            entries.append(line)
            states[line["noun"], line["row_key"]] = None if said is None else json.loads(said)
        yield ledger.canonical(line).encode() + b"\n"


def _table(noun: str, held: dict[str, State]) -> bytes:
    columns = [name for name in NOUNS[noun].ENTERED if any(name in s for s in held.values())]
    lines = ([key, *(state.get(name) for name in columns)] for key, state in sorted(held.items()))
    return _csv(["key", *columns], lines)


def _csv(header: list[str], lines: Iterable[list[Any]]) -> bytes:
    text = StringIO(newline="")
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow(header)
    written.writerows([bundle_check.cell(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _codebook(told: Iterable[str]) -> bytes:
    lines: list[list[Any]] = []
    for noun in sorted(told):
        lines.append([noun, "key", "how this row is named in the others", ""])
        for name in NOUNS[noun].ENTERED:
            column = NOUNS[noun]._meta.get_field(name)
            values = [str(value) for value, _label in getattr(column, "choices", None) or ()]
            lines.append([noun, name, _kind(column), values])
    for name, holds in bundle_check.CUSTODY.items():
        words = {"what": list(bundle_check.DEEDS), "as_entered": ["yes", "no"]}
        lines.append(["custody", name, holds, words.get(name, "")])
    return _csv(["table", "column", "what it holds", "one of"], lines)


def _kind(column: Any) -> str:
    if isinstance(column, models.ManyToManyField):
        return f"keys of the table {_noun(column)}, with “ | ” between"
    if isinstance(column, models.ForeignKey):
        return f"key of the table {_noun(column)}"
    if isinstance(column, StatedField):
        return "a time as it was stated, with its zone where one was"
    if isinstance(column, models.BooleanField):
        return "yes or no"
    if isinstance(column, models.IntegerField):
        return "a number"
    if isinstance(column, models.JSONField):
        return "JSON, or texts with “ | ” between"
    return "text"


def _noun(column: Any) -> str:
    model = column.related_model
    return str(getattr(model, "NOUN", model._meta.model_name))
