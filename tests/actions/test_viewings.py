"""That somebody opened and checked a source: what is recorded, and of what it tells."""

from hashlib import sha256
from typing import Any

import pytest

from tests.documents.pictures import picture
from tracker.actions import four_eyes, source_files, sources, undoing, verifications, viewings
from tracker.documents.values import Kind
from tracker.domain.errors import Conflict, Invalid, NotAllowed
from tracker.models import Dossier, LedgerEntry, Source, SourceFile, Verification, Viewing
from tracker.selectors import custody, ledger, rows

from .house import PUBLIC, Made, bare, full
from .people import person

pytestmark = pytest.mark.django_db
LATER = "2025-06-01 UTC"


def filed(made: Made, content: bytes) -> Source:
    kept = source_files.keep(dossier=made.dossier, content=content, kind=Kind.PNG, **made.how())
    return sources.add(
        dossier=made.dossier,
        key="pylon",
        title="A pylon",
        kind="social",
        url="https://alpha.example/pylon.png",
        retrieved="2025-05-30T10:00Z",
        file_sha256=kept.sha256,
        file_name="pylon.png",
        public=PUBLIC,
        **made.how(),
    )


def told(made: Made, key: str, **asked: Any) -> list[custody.Link]:
    tables = rows.tables(made.dossier)
    return custody.of_source("case", tables, key, at=asked.pop("at", made.clock), **asked)


def deeds(made: Made, key: str, **asked: Any) -> list[str]:
    return [link.what for link in told(made, key, **asked)]


def test_it_is_a_fact_with_author_instant_and_the_digests_of_what_lay_there() -> None:
    made = bare()
    made.by = person("ann", made.dossier, "analyst")
    content = picture()
    row = viewings.record(source=filed(made, content), note="The same mast.", **made.how())
    assert (row.text_sha256, row.file_sha256) == ("", sha256(content).hexdigest())
    entry = LedgerEntry.objects.get(noun="viewing")
    assert (entry.action, entry.by) == ("viewings.record", str(made.by.uid))
    assert entry.recorded_at == made.clock
    assert row.key == "pylon.viewing.1"
    text = viewings.record(source=made.source, **made.how())
    assert text.text_sha256 == made.source.sha256
    assert list(ledger.differences("case")) == []


def test_what_lies_there_is_hashed_and_not_what_was_noted_of_it() -> None:
    """Somebody changed the file behind the register's back: a check says what it found."""
    made = bare()
    row = filed(made, picture())
    assert viewings.record(source=row, **made.how()).file_sha256 == row.file_sha256
    SourceFile.objects.update(content=picture(size=(31, 20)))
    found = viewings.record(source=row, **made.how())
    assert found.file_sha256 not in ("", row.file_sha256)
    SourceFile.objects.all().delete()
    assert viewings.record(source=row, **made.how()).file_sha256 == ""
    assert [link.holds for link in told(made, "pylon")] == [None, True, False, False]
    recheck = custody.rechecked(made.dossier, "pylon")
    assert (recheck.text, recheck.file, recheck.holds) == (None, False, False)


def test_a_text_that_was_changed_behind_the_ledger_does_not_hold() -> None:
    made = bare()
    Source.objects.update(snapshot="Strikes end for ten days.")
    recheck = custody.rechecked(made.dossier, "readout")
    assert (recheck.text, recheck.file, recheck.holds) == (False, None, False)


def test_nobody_changes_it_and_whoever_enters_facts_withdraws_it() -> None:
    made = bare()
    row = viewings.record(source=made.source, **made.how())
    with pytest.raises(NotAllowed, match="not changed afterwards"):
        viewings.amend(row=row, note="I did not", **made.how())
    row = viewings.withdraw(row=row, when=LATER, reason="The wrong one", **made.how())
    link = told(made, "readout", at=made.clock)[-1]
    assert (link.what, link.withdrawn is not None) == ("viewed", True)
    with pytest.raises(Conflict):
        viewings.withdraw(row=row, when=LATER, reason="Again", **made.how())
    viewings.restore(row=row, reason="It was the right one", **made.how())
    assert told(made, "readout")[-1].withdrawn is None


def test_a_withdrawn_source_and_a_note_without_end_are_refused() -> None:
    made = bare()
    with pytest.raises(Invalid, match="2001 characters"):
        viewings.record(source=made.source, note="a" * 2001, **made.how())
    gone = sources.withdraw(row=made.source, when=LATER, reason="Forged", **made.how())
    with pytest.raises(Invalid, match="is withdrawn"):
        viewings.record(source=gone, **made.how())
    assert not Viewing.objects.exists()


# --- with a finding


def found(made: Made, **more: Any) -> Verification:
    given: dict[str, Any] = {
        "period_start": "2025-05-01 UTC",
        "period_end": "2025-05-03 UTC",
        "finding": "held",
        "reasoning": "Nothing was reported.",
        "sources": [made.source],
        "public": "2025-05-03 UTC",
    }
    return verifications.record(pledge=made.pledge, **given | more, **made.how())


def test_a_finding_says_that_its_sources_were_checked_only_where_its_author_does() -> None:
    made = full()
    before = Viewing.objects.count()
    found(made)
    assert Viewing.objects.count() == before, "a citation is no check"
    other = filed(made, picture())
    row = found(made, sources=[made.source, other], viewed=True)
    new = Viewing.objects.order_by("pk")[before:]
    assert [one.source.key for one in new] == ["pylon", "readout"]
    entries = LedgerEntry.objects.filter(noun="viewing").order_by("seq")[before:]
    assert {entry.reason for entry in entries} == {f"For {row.key}."}
    assert deeds(made, "pylon") == ["added", "cited", "viewed"]


def test_when_a_source_cannot_be_checked_nothing_of_the_finding_is_written() -> None:
    made = full()
    sources.withdraw(row=made.source, when=LATER, reason="Forged", **made.how())
    before = Verification.objects.count(), LedgerEntry.objects.count()
    with pytest.raises(Invalid, match="is withdrawn"):
        found(made, viewed=True)
    assert (Verification.objects.count(), LedgerEntry.objects.count()) == before


def test_undoing_a_finding_undoes_what_was_said_with_it() -> None:
    made = full()
    made.by = person("ann", made.dossier, "analyst")
    first = ledger.heads_of(["case"])["case"].seq + 1
    row = found(made, viewed=True)
    last = ledger.heads_of(["case"])["case"].seq
    undoing.undo(chain="case", first=first, last=last, **made.how())
    row.refresh_from_db()
    assert row.withdrawn_reason == Viewing.objects.latest("pk").withdrawn_reason != ""


def test_in_a_dossier_with_four_eyes_it_is_nobody_elses_to_confirm() -> None:
    made = bare()
    made.by = person("ann", made.dossier, "analyst")
    Dossier.objects.filter(pk=made.dossier.pk).update(four_eyes=True)
    made.dossier.refresh_from_db()
    made.source.dossier = made.dossier
    assert not four_eyes.is_bound(Viewing, made.dossier)
    viewings.record(source=made.source, **made.how())
    assert Viewing.objects.count() == 1


# --- the chain


def test_each_thing_that_was_done_stands_in_order() -> None:
    made = full()
    sources.add(
        dossier=made.dossier,
        key="corrected",
        title="Readout, corrected",
        kind="readout",
        public="2025-05-20 UTC",
        snapshot="Strikes end for ten days.",
        earlier=made.source,
        **made.how(),
    )
    gone = sources.withdraw(row=made.source, when=LATER, reason="Replaced", **made.how())
    sources.restore(row=gone, reason="It stands beside it", **made.how())
    assert deeds(made, "readout") == [
        "added", "cited", "viewed", "replaced", "withdrawn", "restored",
    ]  # fmt: skip
    assert [link.key for link in told(made, "readout")][3] == "corrected"
    assert deeds(made, "corrected") == ["added"]


def test_what_was_not_public_or_not_recorded_yet_is_left_out() -> None:
    made = bare()
    before = made.clock
    viewings.record(source=made.source, **made.how())
    assert deeds(made, "readout", known=before) == ["added"]
    assert deeds(made, "readout", at=before) == ["added"]
    assert deeds(made, "readout") == ["added", "viewed"]


def test_a_text_and_a_file_that_came_later_are_told() -> None:
    made = bare()
    row = sources.add(
        dossier=made.dossier, key="late", title="T", kind="news", public=PUBLIC, **made.how()
    )
    viewings.record(source=row, **made.how())
    sources.amend(row=row, snapshot="Ten days.", **made.how())
    sources.amend(row=row, title="A better title", **made.how())
    viewings.record(source=Source.objects.get(pk=row.pk), **made.how())
    assert deeds(made, "late") == ["added", "viewed", "text", "viewed"]
    assert [link.holds for link in told(made, "late")] == [None, True, None, True]
