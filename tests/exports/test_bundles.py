"""A bundle of evidence: what is in it, that the check holds, and that every forgery is found."""

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests import kept
from tests.actions.house import PUBLIC, Made, full, pledged
from tests.actions.people import person
from tests.documents.pictures import picture
from tracker.actions import comments, positions, source_files, sources, verifications, viewings
from tracker.documents.values import Kind
from tracker.exports import bundle_check, bundles
from tracker.models import LedgerEntry
from tracker.selectors import ledger, register
from tracker.selectors.bundles import rows_of

pytestmark = pytest.mark.django_db
Files = dict[str, bytes]
ADDED = "Nobody said this"


@pytest.fixture
@kept.once
def made() -> Made:
    """A full dossier; its pledge has a finding that rests on a source of awkward text."""
    found = full()
    how: dict[str, Any] = found.how()
    found.rows["odd"] = sources.add(
        dossier=found.dossier,
        key="odd",
        title="=HYPERLINK(1)",
        kind="news",
        published=PUBLIC,
        public=PUBLIC,
        snapshot='One line\u2028another\n\u0085\u202eand more «here», "there"',
        **how,
    )
    found.rows["found"] = verifications.record(
        pledge=found.pledge,
        period_start="2025-04-01 UTC",
        period_end="2025-04-03 UTC",
        finding="held",
        reasoning="Nothing was reported.",
        sources=[found.odd],
        public="2025-04-03 UTC",
        **found.how(),
    )
    return found


def bundle(made: Made) -> bytes:
    out = BytesIO()
    ref = made.pledge.ref
    rows = rows_of("case", register.tables_of(made.dossier, None), ref)
    bundles.write(rows, ref=ref, at=made.clock, out=out)
    return out.getvalue()


def unpacked(packed: bytes) -> Files:
    with ZipFile(BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files, *, sums: bool = True) -> bytes:
    """The files once more; with their sums set right, as who forges one would."""
    if sums:
        listed = sorted(set(files) - {bundles.SUMS})
        lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in listed]
        files = files | {bundles.SUMS: "".join(lines).encode()}
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def checked(content: bytes, tmp_path: Path, **heads: str) -> tuple[int, list[str]]:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    said: list[str] = []
    code = bundle_check.check(str(path), heads, said.append)
    return code, said


def test_it_holds_for_whoever_has_python_alone(made: Made, tmp_path: Path) -> None:
    files = unpacked(bundle(made))
    (tmp_path / "check.py").write_bytes(files["check.py"])
    (tmp_path / "b.zip").write_bytes(bundle(made))
    head = json.loads(files["manifest.json"])["heads"]["case"]
    done = subprocess.run(
        [sys.executable, "-I", "check.py", "b.zip", "--head", f"case={head['seq']}:{head['hash']}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.splitlines()[-1] == "everything holds"
    (tmp_path / "folder").mkdir()
    with ZipFile(tmp_path / "b.zip") as archive:
        archive.extractall(tmp_path / "folder")
    sums = subprocess.run(
        ["sha256sum", "--quiet", "--strict", "-c", bundles.SUMS],
        cwd=tmp_path / "folder",
        capture_output=True,
        check=False,
    )
    assert sums.returncode == 0, sums.stderr


def test_the_head_is_the_ledgers_own(made: Made) -> None:
    heads = json.loads(unpacked(bundle(made))["manifest.json"])["heads"]
    assert {chain: (head["seq"], head["hash"]) for chain, head in heads.items()} == {
        chain: (head.seq, head.hash) for chain, head in ledger.heads_of(["case", "parties"]).items()
    }
    assert ledger.problem("case") is None


def test_it_holds_what_the_pledge_rests_on_and_nothing_of_others(made: Made) -> None:
    pledged(made, "CASE-9", title="Quite another thing")
    positions.record(
        dossier=made.dossier,
        ref="CASE-P9",
        title="A demand of another kind",
        kind="demand",
        party=made.alpha,
        public=PUBLIC,
        **made.how(),
    )
    comments.write(on=made.pledge, text="Among ourselves", by=None, at=made.tick())
    files = unpacked(bundle(made))
    everything = b"".join(files.values())
    for said in (b"Quite another thing", b"A demand of another kind", b"Among ourselves"):
        assert said not in everything
    tables = {name.split("/")[1][:-4] for name in files if name.startswith("tables/")}
    assert {"pledge", "source", "verification", "incident", "reading", "account", "party"} <= tables
    assert files["sources/odd.txt"].decode() == made.odd.snapshot


def test_tables_are_defused_and_have_a_codebook(made: Made) -> None:
    files = unpacked(bundle(made))
    rows = list(csv.DictReader(StringIO(files["tables/source.csv"].decode("utf-8-sig"))))
    assert {row["key"]: row["title"] for row in rows}["odd"] == "'=HYPERLINK(1)"
    book = list(csv.DictReader(StringIO(files["codebook.csv"].decode("utf-8-sig"))))
    told = {(row["table"], row["column"]) for row in book}
    for name, content in files.items():
        if name.startswith("tables/"):
            header = next(csv.reader(StringIO(content.decode("utf-8-sig"))))
            assert {(name[7:-4], column) for column in header} <= told
    said = {(row["table"], row["column"]): row["one of"] for row in book}
    assert "held_in_part" in said["verification", "finding"]


def in_custody(made: Made) -> list[dict[str, str]]:
    text = unpacked(bundle(made))["custody.csv"].decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_the_chain_of_custody_of_each_source_goes_with_it(made: Made, tmp_path: Path) -> None:
    made.by = ann = person("ann", made.dossier, "analyst")
    content = picture()
    kept = source_files.keep(dossier=made.dossier, content=content, kind=Kind.PNG, **made.how())
    mast = sources.add(
        dossier=made.dossier,
        key="mast",
        title="A mast",
        kind="social",
        url="https://alpha.example/mast.png",
        retrieved="2025-04-02T10:00Z",
        public=PUBLIC,
        file_sha256=kept.sha256,
        file_name="mast.png",
        **made.how(),
    )
    verifications.record(
        pledge=made.pledge,
        period_start="2025-04-03 UTC",
        period_end="2025-04-04 UTC",
        finding="contested",
        reasoning="A mast is down.",
        sources=[mast],
        viewed=True,
        public="2025-04-04 UTC",
        **made.how(),
    )
    seen = viewings.record(source=mast, note="=SUM(1) seen again", **made.how())
    viewings.withdraw(row=seen, when="2025-06-01 UTC", reason="The other one", **made.how())
    sources.add(
        dossier=made.dossier,
        key="mast-2",
        title="A mast, whole",
        kind="social",
        public=PUBLIC,
        snapshot="A mast lies on the road.",
        earlier=mast,
        **made.how(),
    )
    lines = [line for line in in_custody(made) if line["source"] == "mast"]
    assert [line["what"] for line in lines] == [
        "added",
        "cited by a finding",
        "opened and checked",
        "opened and checked",
        "check withdrawn",
        "replaced by a newer version",
    ]
    assert {line["by"] for line in lines} == {str(ann.uid)}
    first, _, checked_at, again, gone, newer = lines
    assert first["file_sha256"] == checked_at["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert (first["address"], first["retrieved"]) == (mast.url, mast.retrieved)
    assert (checked_at["as_entered"], checked_at["text_sha256"]) == ("yes", "")
    assert again["note"] == "'=SUM(1) seen again", "spreadsheets calculate nothing of it"
    assert (gone["note"], newer["row"]) == ("The other one", "source mast-2")
    files = unpacked(bundle(made))
    assert files[f"sources/files/{kept.sha256}"] == content, "byte by byte"
    assert files["sources/mast-2.txt"].decode() == "A mast lies on the road."
    assert checked(packed(files), tmp_path) == (0, checked(packed(files), tmp_path)[1])


def test_checks_of_sources_that_it_does_not_hold_are_not_in_it(made: Made) -> None:
    other = sources.add(
        dossier=made.dossier, key="else", title="E", kind="news", public=PUBLIC, **made.how()
    )
    viewings.record(source=other, note="Of no concern", **made.how())
    files = unpacked(bundle(made))
    assert b"Of no concern" not in b"".join(files.values())
    assert "else" not in {line["source"] for line in in_custody(made)}


def test_the_codebook_explains_the_chain_of_custody(made: Made) -> None:
    files = unpacked(bundle(made))
    header = next(csv.reader(StringIO(files["custody.csv"].decode("utf-8-sig"))))
    book = list(csv.DictReader(StringIO(files["codebook.csv"].decode("utf-8-sig"))))
    told = {row["column"]: row for row in book if row["table"] == "custody"}
    assert list(told) == header
    whats = {line["what"] for line in in_custody(made)}
    assert whats <= set(told["what"]["one of"].split(" | "))
    assert ("viewing", "file_sha256") in {(row["table"], row["column"]) for row in book}


def test_a_bundle_from_before_there_was_one_still_holds(made: Made, tmp_path: Path) -> None:
    files = unpacked(bundle(made))
    early = {name: files[name] for name in files if name != "custody.csv"}
    early["manifest.json"] = files["manifest.json"].replace(b'"format": 2', b'"format": 1')
    assert checked(packed(early), tmp_path)[0] == 0


def test_the_same_register_gives_the_same_bundle(made: Made) -> None:
    assert bundle(made) == bundle(made)


def edited(name: str, old: str, new: str) -> Callable[[Files], Files]:
    def forge(files: Files) -> Files:
        text = files[name].decode()
        assert old in text
        return files | {name: text.replace(old, new, 1).encode()}

    return forge


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {other: files[other] for other in files if other != name}


def lines_of(files: Files) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["ledger/case.jsonl"].decode().split("\n")[:-1]]


def rewritten(files: Files, lines: list[dict[str, Any]]) -> Files:
    text = "".join(f"{bundle_check.canonical(line).decode()}\n" for line in lines)
    return files | {"ledger/case.jsonl": text.encode()}


def judged_anew(files: Files, *, hashed: bool) -> Files:
    """The finding says the opposite, in the table and in the ledger, its hash set right."""
    lines = lines_of(files)
    for line in lines:
        if line.get("noun") == "verification":
            line["state"] = line["state"].replace('"finding":"held"', '"finding":"breached"')
            if hashed:
                content = {n: v for n, v in line.items() if n not in ("previous", "hash")}
                digest = bundle_check.sha256(bundle_check.canonical(content))
                line["hash"] = bundle_check.sha256(f"{line['previous']} {digest}".encode())
    files = rewritten(files, lines)
    return edited("tables/verification.csv", "held", "breached")(files)


def left_out(files: Files) -> Files:
    """An entry that is shown is gone, with its row."""
    lines = [line for line in lines_of(files) if line.get("noun") != "verification"]
    return without("tables/verification.csv")(rewritten(files, lines))


def added(files: Files) -> Files:
    lines = lines_of(files)
    return rewritten(files, [*lines, dict(lines[-1], seq=len(lines) + 1)])


def swapped(files: Files) -> Files:
    first, second, *rest = lines_of(files)
    return rewritten(files, [second, first, *rest])


def digested(files: Files) -> Files:
    """What was shown is left out: its digest stands there, and its row is gone."""
    lines = lines_of(files)
    for number, line in enumerate(lines):
        if line.get("noun") == "pledge":
            content = {n: v for n, v in line.items() if n not in ("previous", "hash")}
            digest = bundle_check.sha256(bundle_check.canonical(content))
            lines[number] = {"seq": line["seq"], "content": digest}
    return without("tables/pledge.csv")(rewritten(files, lines))


FORGED: dict[str, tuple[Callable[[Files], Files], str]] = {
    "a finding in its table": (
        edited("tables/verification.csv", "held", "breached"),
        "finding of",
    ),
    "a finding in the ledger": (lambda f: judged_anew(f, hashed=False), "its hash does not fit"),
    "a finding, and its hash": (lambda f: judged_anew(f, hashed=True), "lead to the head"),
    "a text of a source": (
        edited("sources/odd.txt", "another", "nothing"),
        "is not the text that was entered",
    ),
    "a text that nobody entered": (
        lambda files: files | {"sources/more.txt": ADDED.encode()},
        "belongs to no source",
    ),
    "a table that nobody entered": (
        lambda files: files | {"tables/count.csv": b"key\r\n"},
        "count.csv",
    ),
    "a source left out": (without("sources/odd.txt"), "is not the text that was entered"),
    "who checked a source": (
        edited("custody.csv", "opened and checked", "cited by a finding"),
        "custody.csv is not what",
    ),
    "a check in its table": (edited("tables/viewing.csv", "It says so", "No"), "note of"),
    "a chain of custody left out": (without("custody.csv"), "custody.csv is not what"),
    "a table left out": (without("tables/verification.csv"), "verification.csv is missing"),
    "an entry left out": (left_out, "is missing or out of place"),
    "an entry added": (added, "does not follow the one before it"),
    "two entries swapped": (swapped, "is missing or out of place"),
    "the pledge made a digest": (digested, "does not hold the pledge"),
    "no ledger": (without("ledger/case.jsonl"), "lead to the head"),
    "no manifest": (without("manifest.json"), "names no head"),
    "a manifest of another chain": (
        edited("manifest.json", '"case"', '"none"'),
        "none: the entries do not lead",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_found_though_its_sums_are_right(
    made: Made, name: str, tmp_path: Path
) -> None:
    forge, words = FORGED[name]
    code, said = checked(packed(forge(unpacked(bundle(made)))), tmp_path)
    assert code == 1
    assert any(line.startswith("FAULT") and words in line for line in said), said


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda files: files | {"README.txt": b"Trust me"}, "is not the file that was listed"),
        (lambda files: files | {"more.txt": b""}, "is not listed"),
        (without("README.txt"), "is listed and missing"),
    ],
)
def test_sums_show_what_was_changed_without_care(
    made: Made, spoil: Callable[[Files], Files], words: str, tmp_path: Path
) -> None:
    code, said = checked(packed(spoil(unpacked(bundle(made))), sums=False), tmp_path)
    assert (code, any(words in line for line in said)) == (1, True), said


def test_a_whole_chain_that_was_made_up_does_not_lead_to_a_head_that_was_kept(
    made: Made, tmp_path: Path
) -> None:
    """Who runs a register of their own can make a bundle that holds, but not to this head."""
    kept = json.loads(unpacked(bundle(made))["manifest.json"])["heads"]["case"]
    code, said = checked(bundle(made), tmp_path, case=f"{kept['seq']}:{'0' * 64}")
    assert code == 1
    assert any("not the one that you gave" in line for line in said)
    code, said = checked(bundle(made), tmp_path, other="1:00")
    assert any("other: the bundle has no such chain" in line for line in said)


@pytest.mark.parametrize(
    "content", [b"", b"no archive", packed({}), packed({"manifest.json": b"["})]
)
def test_what_is_no_bundle_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    code, said = checked(content, tmp_path)
    assert code == 1
    assert said[0].startswith("FAULT")


def test_early_entries_that_are_left_out_are_said_to_be_believed(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chain that began before contents were digested apart."""
    entries = LedgerEntry.objects.filter(chain__name="case")
    assert entries.exclude(schema=ledger.SCHEMA).count() == 0
    monkeypatch.setattr(ledger, "LINKED", ledger.SCHEMA + 1)
    monkeypatch.setattr(bundle_check, "LINKED", ledger.SCHEMA + 1)
    previous = ""
    lines, faults = list[str](), list[str]()
    for entry in entries.order_by("seq"):
        entry.previous = previous
        entry.hash = previous = ledger.digest(entry)
        line = ledger.content(entry) | {"previous": entry.previous, "hash": entry.hash}
        if entry.noun == "dossier":
            line = {"seq": entry.seq, "hash": entry.hash}
        lines.append(bundle_check.canonical(line).decode())
    seq, head, states, believed = bundle_check.walk("case", lines, faults)
    assert (seq, head, faults) == (len(lines), previous, [])
    assert believed >= 1
    assert ("pledge", made.pledge.ref) in states
