"""What holds of a source's text, file and versions; and that tampering with a file shows."""

from datetime import timedelta
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from tests.actions.house import PUBLIC, Made, bare
from tracker.actions import seeds, source_files, sources, tidying, undoing, users
from tracker.documents.values import Kind
from tracker.domain.errors import Conflict, Invalid
from tracker.models import LedgerEntry, Source, SourceFile, User
from tracker.selectors import ledger, own_data
from tracker.selectors.ledger import lift
from tracker.selectors.rows import tables
from tracker.selectors.versions import superseded, versions

pytestmark = pytest.mark.django_db
BEFORE_VERSIONS = 2  # the ledger's schema
CONTENT = b"%PDF-1.7 \x00\xff of ten days"


@pytest.fixture
def made() -> Made:
    return bare()


def add(made: Made, key: str, text: str = "", **columns: Any) -> Source:
    given = {"title": "Readout", "kind": "readout", "public": PUBLIC, "snapshot": text, **columns}
    return sources.add(dossier=made.dossier, key=key, **given, **made.how())


def keep(made: Made, content: bytes = CONTENT, by: User | None = None) -> SourceFile:
    return source_files.keep(
        dossier=made.dossier, content=content, kind=Kind.PDF, by=by, at=made.tick()
    )


# --- versions


def test_a_newer_version_is_a_row_of_its_own_that_names_the_earlier(made: Made) -> None:
    newer = add(made, "second", "Strikes end for sixty days.", earlier=made.source)
    assert newer.earlier == made.source
    assert made.source.snapshot == "Strikes end for thirty days."
    state = ledger.tables("case")["source"]
    assert (state["readout"]["earlier"], state["second"]["earlier"]) == (None, "readout")
    assert ledger.tables("case") == tables(made.dossier)
    assert list(ledger.differences("case")) == []


@pytest.mark.parametrize("text", ["Strikes end for thirty days.", "Strikes end\r\n"])
def test_a_version_says_something_new(made: Made, text: str) -> None:
    first = add(made, "first", text)
    with pytest.raises(Invalid, match="the very text of the earlier version") as told:
        add(made, "second", text.replace("\r\n", "\n"), earlier=first)
    assert told.value.field == "snapshot"


def test_one_that_turns_out_to_say_the_same_can_be_withdrawn(made: Made) -> None:
    blank = add(made, "blank")
    newer = add(made, "newer", "A", earlier=blank)
    sources.amend(row=blank, snapshot="A", **made.how())
    sources.withdraw(row=newer, when=PUBLIC, reason="The same.", **made.how())
    newer.refresh_from_db()
    assert newer.withdrawn_at == PUBLIC


def test_two_without_a_text_differ_by_their_file(made: Made) -> None:
    one, other = keep(made), keep(made, CONTENT + b"!")
    first = add(made, "first", file_sha256=one.sha256, file_name="a.pdf")
    with pytest.raises(Invalid, match="nothing is new"):
        add(made, "same", file_sha256=one.sha256, file_name="a.pdf", earlier=first)
    add(made, "second", file_sha256=other.sha256, file_name="a.pdf", earlier=first)


def test_one_version_follows_another_unless_it_was_withdrawn(made: Made) -> None:
    second = add(made, "second", "B", earlier=made.source)
    with pytest.raises(Invalid, match="has a newer version already: “second”") as told:
        add(made, "third", "C", earlier=made.source)
    assert told.value.field == "earlier"
    sources.withdraw(row=second, when=PUBLIC, reason="A slip.", **made.how())
    add(made, "third", "C", earlier=made.source)
    second.refresh_from_db()
    with pytest.raises(Invalid, match="has a newer version already: “third”"):
        sources.restore(row=second, reason="It was none.", **made.how())


def test_the_database_holds_to_it_too(made: Made) -> None:
    add(made, "second", "B", earlier=made.source)
    other = add(made, "other", "C")
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=other.pk).update(earlier=made.source)
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=other.pk).update(file_sha256="a" * 64)


def test_no_source_is_newer_than_itself(made: Made) -> None:
    second = add(made, "second", "B", earlier=made.source)
    third = add(made, "third", "C", earlier=second)
    for row, earlier in ((second, second), (made.source, third)):
        with pytest.raises(Invalid, match="not newer than itself"):
            sources.amend(row=row, earlier=earlier, **made.how())


def test_a_source_of_another_dossier_is_no_earlier_version(made: Made) -> None:
    other = bare("other")
    elsewhere = add(other, "elsewhere", "B")
    with pytest.raises(Invalid, match="There is no source “elsewhere”"):
        add(made, "second", "C", earlier=elsewhere)


def test_all_versions_are_found_from_any_of_them(made: Made) -> None:
    second = add(made, "second", "B", earlier=made.source)
    sources.withdraw(row=second, when=PUBLIC, reason="A slip.", **made.how())
    add(made, "third", "C", earlier=made.source)
    fourth = add(made, "fourth", "D", earlier="third")
    line = versions(tables(made.dossier), "readout", at=made.clock)
    assert superseded([one.source for one in line.every]) == {"readout", "third"}
    for key in ("readout", "second", "third", "fourth"):
        line = versions(tables(made.dossier), key, at=made.clock)
        assert [one.key for one in line.every] == ["readout", "second", "third", "fourth"]
        assert (line.own.key, line.newest.key) == (key, "fourth")
        assert (line.newer is None) is (key == "fourth")
    sources.withdraw(row=fourth, when=PUBLIC, reason="A slip.", **made.how())
    assert versions(tables(made.dossier), "readout", at=made.clock).newest.key == "third"


def test_what_a_newer_version_rests_on_is_not_undone(made: Made) -> None:
    ada = users.register(
        email="ada@example.org", name="Ada", password="a long word", by=None, at=made.clock
    )
    made.by = ada
    first = add(made, "first", "A")
    entry = LedgerEntry.objects.get(row_key="first")
    add(made, "second", "B", earlier=first)
    with pytest.raises(Conflict, match="Something rests on it"):
        undoing.undo(chain="case", first=entry.seq, last=entry.seq, by=ada, at=made.tick())


# --- the text and the file never change


def test_a_text_is_never_replaced_and_may_be_given_once(made: Made) -> None:
    with pytest.raises(Invalid, match="never changes") as told:
        sources.amend(row=made.source, snapshot="Other.", **made.how())
    assert (told.value.field, "newer version" in told.value.mend) == ("snapshot", True)
    blank = add(made, "blank")
    sources.amend(row=blank, snapshot="Given later.", **made.how())
    with pytest.raises(Invalid, match="never changes"):
        sources.amend(row=blank, snapshot="Given later!", **made.how())


def test_nor_by_a_seed_file(made: Made) -> None:
    text = (
        "dossier: {slug: case}\nsources:\n"
        "  readout: {title: Readout, kind: readout, public: 2025-03-18 UTC, snapshot: Other.}\n"
    )
    with pytest.raises(seeds.SeedRefusedError) as told:
        seeds.load("case.yaml", text.encode(), by=None, at=made.tick())
    assert "never changes" in str(told.value.lines)


def test_a_seed_file_enters_versions_in_any_order(made: Made) -> None:
    text = (
        "dossier: {slug: case}\nsources:\n"
        "  v2: {title: V, kind: news, public: 2025-03-18 UTC, snapshot: B, earlier: v1}\n"
        "  v1: {title: V, kind: news, public: 2025-03-17 UTC, snapshot: A}\n"
    )
    seeds.load("case.yaml", text.encode(), by=None, at=made.tick())
    assert Source.objects.get(key="v2").earlier == Source.objects.get(key="v1")
    again = seeds.load("case.yaml", text.encode(), by=None, at=made.tick())
    assert not again.amended


def test_a_file_is_never_replaced(made: Made) -> None:
    row = add(made, "filed", "A", file_sha256=keep(made).sha256, file_name="a.pdf")
    other = keep(made, CONTENT + b"!")
    with pytest.raises(Invalid, match="file of a source never changes"):
        sources.amend(row=row, file_sha256=other.sha256, **made.how())


# --- files


def test_the_same_bytes_are_kept_once_in_a_dossier(made: Made) -> None:
    one, other = keep(made), keep(made)
    assert one.pk == other.pk
    assert (one.sha256, one.size) == (sha256(CONTENT).hexdigest(), len(CONTENT))
    elsewhere = bare("other")
    assert keep(elsewhere).pk != one.pk
    with pytest.raises(Invalid, match="not kept any more"):
        add(made, "x", file_sha256="0" * 64, file_name="a.pdf")


def test_a_file_that_no_source_names_is_forgotten_in_time(made: Made) -> None:
    add(made, "filed", file_sha256=keep(made).sha256, file_name="a.pdf")
    keep(made, CONTENT + b"!")
    last = made.clock + source_files.KEPT
    tidying.run(at=last)
    assert SourceFile.objects.count() == 2
    tidying.run(at=last + timedelta(microseconds=1))
    assert [one.size for one in SourceFile.objects.all()] == [len(CONTENT)]


def test_of_one_person_only_the_last_ones_wait_to_be_entered(made: Made) -> None:
    ada = users.register(
        email="ada@example.org", name="Ada", password="a long word", by=None, at=made.clock
    )
    first = keep(made, b"%PDF first", by=ada)
    add(made, "filed", file_sha256=first.sha256, file_name="a.pdf")
    keep(made, b"%PDF of nobody")
    for number in range(source_files.MOST + 3):
        keep(made, b"%%PDF %d" % number, by=ada)
    waiting = SourceFile.objects.filter(by=ada, entered_at=None)
    assert waiting.count() == source_files.MOST
    assert not waiting.filter(sha256=sha256(b"%PDF 2").hexdigest()).exists()
    assert SourceFile.objects.count() == source_files.MOST + 2
    held = own_data.held(ada, at=made.clock)["files_not_entered"]
    assert len(held) == source_files.MOST
    assert set(held[0]) == {"sha256", "size", "kept_at"}
    source_files.forget_of(user=ada)
    assert SourceFile.objects.count() == 2


def verified() -> str:
    said = StringIO()
    call_command("verifyledger", stdout=said, stderr=said)
    return said.getvalue()


def test_verifyledger_finds_a_file_that_was_changed_or_taken_away(made: Made) -> None:
    file = keep(made)
    add(made, "filed", file_sha256=file.sha256, file_name="a.pdf")
    assert "hold" in verified()
    SourceFile.objects.filter(pk=file.pk).update(content=CONTENT + b"!")
    assert list(ledger.differences("case")) == [
        "case: source filed: its file is not the one that was entered."
    ]
    with pytest.raises(CommandError):
        verified()
    SourceFile.objects.all().delete()
    assert list(ledger.differences("case")) == ["case: source filed: its file is gone."]


def test_a_source_of_before_is_read_as_having_neither(made: Made) -> None:
    entry = LedgerEntry.objects.filter(noun="source").latest("seq")
    state = (entry.state or "").replace('"earlier":null,"file_name":"","file_sha256":"",', "")
    assert '"earlier"' not in state
    entry.state, entry.schema = state, BEFORE_VERSIONS
    lifted = lift(entry) or {}
    assert (lifted["earlier"], lifted["file_sha256"], lifted["file_name"]) == (None, "", "")


def test_a_failure_half_way_leaves_nothing(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    file = keep(made)
    before = LedgerEntry.objects.count()

    def fails(**_: Any) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(source_files, "entered", fails)
    with pytest.raises(RuntimeError):
        add(made, "filed", file_sha256=file.sha256, file_name="a.pdf")
    assert not Source.objects.filter(key="filed").exists()
    assert LedgerEntry.objects.count() == before
