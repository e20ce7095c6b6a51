"""The ledger: every change is an entry, no entry can be altered, and the proof finds who tried."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tracker.actions import ledger as appending
from tracker.actions import record, users
from tracker.domain.errors import Conflict, Invalid
from tracker.models import (
    Dossier,
    LedgerChain,
    LedgerEntry,
    Party,
    Phase,
    Pledge,
    Reading,
    User,
    append_only,
)
from tracker.selectors import ledger, rows

pytestmark = pytest.mark.django_db
TABLE = "tracker_ledgerentry"
ONE = "chain = 'one' AND seq ="
SET_PARTY = "UPDATE tracker_pledge_beneficiaries SET party_id"
AT = datetime(2025, 4, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def opened(slug: str = "one") -> Dossier:
    done = record.put("dossier", slug, {"title": slug}, dossier=None, by=None, at=AT)
    found: Dossier = done.row
    return found


def entered(dossier: Dossier, ref: str = "P-1", at: datetime = AT) -> Pledge:
    """A pledge with a reading of ten days from 1 April, through the actions."""
    for slug in ("alpha", "beta"):
        record.put(
            "party", slug, {"name": slug.title(), "kind": "state"}, dossier=None, by=None, at=at
        )
    with record.batch(at=at):
        record.put(
            "instrument",
            "call",
            {"title": "Call", "kind": "call", "form": "oral", "public": "2025-04-01 UTC"},
            dossier=dossier,
            by=None,
            at=at,
        )
        record.put(
            "pledge",
            ref,
            {
                "title": "Alpha halts fire",
                "instrument": "call",
                "pledgor": "alpha",
                "beneficiaries": ["beta"],
                "act": "halt",
                "subject": "other",
                "public": "2025-04-01 UTC",
            },
            dossier=dossier,
            by=None,
            at=at,
        )
        record.put(
            "reading",
            f"{ref}.r",
            {
                "pledge": ref,
                "start": "2025-04-01 UTC",
                "duration": "P10D",
                "rule": "inclusive",
                "public": "2025-04-01 UTC",
            },
            dossier=dossier,
            by=None,
            at=at,
        )
    return Pledge.objects.get(ref=ref)


def replays(chain: str) -> None:
    assert list(ledger.differences(chain)) == []
    assert ledger.problem(chain) is None


def test_every_change_is_an_entry_that_replays_to_the_rows() -> None:
    dossier = opened()
    by = User.objects.create_user("ada@example.org", None, name="Ada")
    entered(dossier)
    record.put(
        "pledge",
        "P-1",
        {"title": "Alpha halts all fire"},
        dossier=dossier,
        by=by,
        at=AT + DAY,
        reason="the text says all",
    )
    replays("one")
    replays("parties")
    last = LedgerEntry.objects.get(chain__name="one", seq=5)
    assert (last.noun, last.row_key, last.action) == ("pledge", "P-1", "pledge.amend")
    assert (last.by, last.reason) == (str(by.uid), "the text says all")
    assert last.state is not None
    assert "ada@example.org" not in last.state
    assert json.loads(last.state)["title"] == "Alpha halts all fire"
    assert Pledge.objects.get().version == 3  # entered, a reading, amended


def test_the_same_state_again_writes_nothing() -> None:
    dossier = opened()
    entered(dossier)
    before = LedgerEntry.objects.count()
    entered(dossier, at=AT + DAY)
    assert LedgerEntry.objects.count() == before


def test_what_the_register_said_at_nine_on_the_second_of_april() -> None:
    dossier = opened()
    entered(dossier)
    at = datetime(2025, 4, 2, 9, 0, tzinfo=UTC)
    record.put("pledge", "P-1", {"title": "Later"}, dossier=dossier, by=None, at=at + DAY)
    then, now = ledger.tables("one", known=at), ledger.tables("one")
    assert then["pledge"]["P-1"]["title"] == "Alpha halts fire"
    assert now["pledge"]["P-1"]["title"] == "Later"
    assert ledger.tables("one", known=AT - DAY)["pledge"] == {}
    held = rows.tables(dossier)
    for noun, told in now.items():
        for key, state in told.items():
            columns = set(state) - {"version"}
            assert {c: held[noun][key][c] for c in columns} == {c: state[c] for c in columns}


def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = opened()

    def fail(**_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(appending, "append", fail)
    with pytest.raises(RuntimeError):
        record.put(
            "source",
            "s",
            {"title": "S", "kind": "news", "public": "2025-04-01 UTC"},
            dossier=dossier,
            by=None,
            at=AT,
        )
    assert "s" not in rows.tables(dossier)["source"]
    replays("one")


def test_a_failure_while_phases_are_derived_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier = opened()
    entered(dossier)
    before = (LedgerEntry.objects.count(), Phase.objects.count())

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("tracker.actions.phases.trajectory", fail)
    with pytest.raises(RuntimeError):
        record.put("pledge", "P-1", {"title": "Other"}, dossier=dossier, by=None, at=AT)
    assert (LedgerEntry.objects.count(), Phase.objects.count()) == before
    assert Pledge.objects.get().title == "Alpha halts fire"


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_refuses_to_alter_or_delete_an_entry(deed: str) -> None:
    opened()
    entries = LedgerEntry.objects.filter(chain__name="one")
    deeds = {
        "update": lambda: entries.update(reason="it was never so"),
        "delete": lambda: entries._raw_delete("default"),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        deeds[deed]()
    assert append_only.missing(connection) == []


def refusal(**options: str) -> str:
    """What verifyledger says when the ledger does not hold."""
    said = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verifyledger", stdout=StringIO(), stderr=said, **options)
    assert refused.value.returncode == 1
    return said.getvalue()


def tampered(sql: str) -> None:
    """Somebody with the keys of the database takes the triggers away and writes."""
    append_only.lift(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    append_only.lay(connection)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (f"UPDATE {TABLE} SET reason = 'x' WHERE {ONE} 2", "one #2: this entry was altered"),
        (f"DELETE FROM {TABLE} WHERE {ONE} 2", "one #2: this entry was removed"),
        (f"DELETE FROM {TABLE} WHERE {ONE} 4", "one #4: the chain's head names"),
        ("UPDATE tracker_pledge SET title = 'x'", "one: pledge P-1: title differs"),
        (f"{SET_PARTY} = (SELECT id FROM tracker_party WHERE slug = 'alpha')", "beneficiaries"),
    ],
)
def test_the_proof_names_the_first_entry_that_is_wrong(sql: str, words: str) -> None:
    entered(opened())
    call_command("verifyledger", stdout=StringIO())
    tampered(sql)
    assert words in refusal().splitlines()[0]


def test_two_entries_that_changed_places_are_found() -> None:
    entered(opened())
    append_only.lift(connection)
    second = LedgerEntry.objects.get(chain__name="one", seq=2)
    third = LedgerEntry.objects.get(chain__name="one", seq=3)
    LedgerEntry.objects.filter(pk=second.pk).update(seq=99)
    for entry, seq in ((third, 2), (second, 3)):
        entry.seq = seq
        LedgerEntry.objects.filter(pk=entry.pk).update(seq=seq, hash=ledger.digest(entry))
    append_only.lay(connection)
    found = ledger.problem("one")
    assert found is not None
    assert (found.seq, "moved" in found.what) == (2, True)


def test_a_cut_tail_shows_against_a_saved_head(tmp_path: Path) -> None:
    dossier = opened()
    entered(dossier)
    heads = tmp_path / "heads.json"
    call_command("verifyledger", head_out=str(heads), stdout=StringIO())
    call_command("verifyledger", head=str(heads), stdout=StringIO())
    record.put("pledge", "P-1", {"title": "Later"}, dossier=dossier, by=None, at=AT)
    call_command("verifyledger", head=str(heads), stdout=StringIO())
    last = LedgerEntry.objects.get(chain__name="one", seq=3)
    tampered(f"DELETE FROM {TABLE} WHERE chain = 'one' AND seq > 3")
    LedgerChain.objects.filter(name="one").update(seq=3, hash=last.hash)
    Reading.objects.all().delete()
    Pledge.objects.update(title="Alpha halts fire")
    call_command("verifyledger", stdout=StringIO())  # by itself the chain looks whole
    assert "the saved head is further on" in refusal(head=str(heads))


def test_a_chain_that_was_written_anew_shows_against_a_saved_head(tmp_path: Path) -> None:
    opened()
    heads = tmp_path / "heads.json"
    call_command("verifyledger", head_out=str(heads), stdout=StringIO())
    saved = json.loads(heads.read_text())
    saved["one"]["hash"] = "0" * 64
    heads.write_text(json.dumps(saved))
    assert "rewritten" in refusal(head=str(heads))


def test_a_stale_version_is_refused() -> None:
    dossier = opened()
    entered(dossier)
    read = ledger.last_seq(dossier.slug, "pledge", "P-1")
    put = partial(record.put, "pledge", "P-1", dossier=dossier, by=None, at=AT, seen=read)
    put({"title": "First"})
    with pytest.raises(Conflict):
        put({"title": "Second"})
    assert Pledge.objects.get().title == "First"


@pytest.mark.parametrize(
    ("noun", "state", "field"),
    [
        ("pledge", {"colour": "red"}, "colour"),
        ("pledge", {"act": "promise"}, "act"),
        ("pledge", {"title": ""}, "title"),
        ("pledge", {"title": "a\x00b"}, "title"),
        ("pledge", {"pledgor": "gamma"}, "pledgor"),
        ("pledge", {"instrument": None}, "instrument"),
        ("pledge", {"public": "2025-04-01"}, "public"),
        ("pledge", {"public": "2025-02-30 UTC"}, "public"),
        ("pledge", {"reciprocates": ["P-1"]}, "reciprocates"),
        ("pledge", {"cadence": "weekly"}, "cadence"),
        ("reading", {"zone": "Europe/Kiew"}, "zone"),
        ("reading", {"rule": "through"}, "rule"),
        ("reading", {"duration": "PT30H"}, "rule"),
        ("reading", {"end": "2025-04-11 UTC", "rule": ""}, "duration"),
        ("reading", {"start_trigger": "nothing"}, "start_trigger"),
        ("reading", {"set_aside_at": "2025-04-02 UTC"}, "set_aside_reason"),
    ],
)
def test_a_refusal_names_the_column(noun: str, state: dict[str, object], field: str) -> None:
    dossier = opened()
    entered(dossier)
    key = "P-1" if noun == "pledge" else "P-1.r"
    with pytest.raises(Invalid) as refused:
        record.put(noun, key, state, dossier=dossier, by=None, at=AT)
    assert refused.value.field == field
    assert refused.value.message
    replays("one")


def test_facts_never_refer_to_another_dossier() -> None:
    one, two = opened("one"), opened("two")
    entered(one)
    with pytest.raises(Invalid, match="in this dossier"):
        record.put(
            "reading",
            "r",
            {"pledge": "P-1", "end": "2025-04-11 UTC", "public": "2025-04-01 UTC"},
            dossier=two,
            by=None,
            at=AT,
        )
    with pytest.raises(Invalid, match="is taken"):
        record.put("pledge", "P-1", {"title": "x"}, dossier=two, by=None, at=AT)


def test_writers_of_two_dossiers_have_chains_of_their_own() -> None:
    entered(opened("one"), "P-1")
    entered(opened("two"), "P-2")
    for chain in ("one", "two"):
        told = list(
            LedgerEntry.objects.filter(chain__name=chain)
            .order_by("seq")
            .values_list("seq", flat=True)
        )
        assert told == list(range(1, len(told) + 1))
        replays(chain)
    assert Party.objects.count() == 2


def test_a_person_is_in_the_ledger_by_an_opaque_id_alone() -> None:
    ada = users.register(
        email="ada@example.org", name="Ada", password="correct horse", by=None, at=AT
    )
    users.set_password(user=ada, password="battery staple", by=ada, at=AT + DAY)
    replays("people")
    for entry in LedgerEntry.objects.filter(chain__name="people"):
        assert entry.row_key == str(ada.uid)
        told = entry.state or ""
        assert not any(word in told for word in ("ada", "Ada", "horse", "argon2"))
    assert ledger.tables("people")["user"][str(ada.uid)]["is_active"] is True


def test_rows_are_compared_a_few_at_a_time_with_the_same_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier = opened()
    for number in range(5):
        entered(dossier, f"P-{number}")
    monkeypatch.setattr(ledger, "AT_ONCE", 2)
    replays("one")
    replays("parties")
    Pledge.objects.filter(ref="P-4").update(title="Behind its back")
    Reading.objects.filter(key="P-3.r").delete()
    assert list(ledger.differences("one")) == [
        "one: pledge P-4: title differs from the ledger.",
        "one: reading P-3.r is in the ledger and has no row.",
    ]
