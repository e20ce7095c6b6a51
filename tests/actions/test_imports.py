"""A table entered as a whole or not at all, known again, taken back; and the rows as one by one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import kept
from tests.actions.house import AT, Made, bare, pledged
from tracker.actions import (
    bulk_rows,
    comments,
    dossiers,
    import_runs,
    imports,
    incidents,
    many,
    memberships,
    moves,
    record,
    users,
)
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.importing import Plan
from tracker.models import (
    ColumnMapping,
    ImportedRow,
    Incident,
    IncidentImport,
    LedgerEntry,
    Party,
    Passage,
    User,
)
from tracker.selectors import imports as selectors
from tracker.selectors import ledger, rows

pytestmark = pytest.mark.django_db
PLAN = Plan(
    start="date",
    description=("notes",),
    place=("place",),
    actor="who",
    own_id="id",
    zone="Europe/Kyiv",
    source="readout",
    public="2025-05-01 UTC",
    names={"Militia": "", "New Front": "+armed_group:New Front"},
)
HEADER = "id,date,who,place,notes"
ROWS = ("1,2025-03-20,Alpha,Sumy,A strike", "2,2025-03-21 04:30,Beta,Kharkiv,Another")


@pytest.fixture(name="made")
def _made() -> Made:
    def make() -> Made:
        made = bare()
        ida = users.register(
            email="ida@example.org", name="Ida", password="a long sentence", by=None, at=AT
        )
        memberships.grant(dossier=made.dossier, user=ida, role="analyst", by=None, at=AT)
        made.rows["ida"] = ida
        return made

    return kept.begin_with("bare with member ida", make)


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


def begun(made: Made, *lines: str, plan: Plan = PLAN, header: str = HEADER) -> IncidentImport:
    row = imports.make(
        dossier=made.dossier,
        content=table(*lines, header=header),
        file_name="strikes.csv",
        by=made.ida,
        at=made.tick(),
    )
    imports.settle(row=row, plan=plan)
    row.refresh_from_db()
    return row


def entered(made: Made, *lines: str, **options: Any) -> IncidentImport:
    row = begun(made, *lines, **options)
    import_runs.ask(row=row, by=made.ida, at=made.tick())
    row.refresh_from_db()
    return row


def whole(slug: str = "case") -> None:
    assert ledger.problem(slug) is None
    assert list(ledger.differences(slug)) == []


def test_it_is_entered_with_what_it_says_and_what_it_does_not(made: Made) -> None:
    row = entered(made, *ROWS)
    assert (row.standing, row.number, row.told["entered"]) == ("entered", 2, 2)
    first, second = Incident.objects.order_by("key")
    assert (first.occurred, first.place, first.actor) == (
        "2025-03-20 ?Europe/Kyiv",
        "Sumy",
        made.alpha,
    )
    assert first.subject == ""
    assert "Subject not stated." in first.note
    assert "Time zone: Europe/Kyiv, not stated, assumed." in first.note
    assert "Imported from strikes.csv, line 2." in first.note
    assert (second.occurred, second.actor) == ("2025-03-21 04:30 ?Europe/Kyiv", made.beta)
    assert [source.key for source in first.sources.all()] == ["readout"]
    entries = LedgerEntry.objects.filter(action="incidents.import")
    assert {entry.by for entry in entries} == {str(made.ida.uid)}
    assert [f"line {n}" in entry.reason for n, entry in enumerate(entries, 2)] == [True, True]
    assert {str(row.uid) in entry.reason for entry in entries} == {True}
    assert selectors.content(row) == table(*ROWS)
    whole()


def test_the_rows_are_what_entering_them_one_by_one_makes(made: Made) -> None:
    entered(made, *ROWS)
    for one in list(Incident.objects.order_by("pk")):
        state = rows.state(one)
        again = record.put(
            "incident",
            f"{one.key}.again",
            {name: state[name] for name in Incident.ENTERED},
            dossier=made.dossier,
            by=made.ida,
            at=one.recorded_at,
        ).row
        like = Incident.objects.get(pk=again.pk)
        for column in Incident._meta.concrete_fields:
            if column.name not in ("id", "key"):
                assert getattr(one, column.attname) == getattr(like, column.attname), column.name
        assert rows.state(like) == state
        passages = [
            set(
                Passage.objects.filter(noun="incident", row=each.pk).values_list(
                    "kind", "text", "pledge", "dossier", "public_at", "until_at"
                )
            )
            for each in (one, like)
        ]
        assert passages[0] == passages[1] != set()
        states = LedgerEntry.objects.filter(noun="incident", row_id__in=(one.pk, like.pk))
        assert len({entry.state for entry in states}) == 1
    whole()


def test_a_wrong_line_and_nothing_is_entered(made: Made) -> None:
    row = begun(made, *ROWS, "3,2025-02-31,Alpha,Sumy,A third")
    with pytest.raises(Invalid, match="Line 4"):
        import_runs.ask(row=row, by=made.ida, at=made.tick())
    assert not Incident.objects.exists()
    found = imports.preview(row=row, at=AT)
    imports.settle(row=row, plan=imports.skip_problems(found.plan, found.problems))
    row.refresh_from_db()
    import_runs.ask(row=row, by=made.ida, at=made.tick())
    assert (Incident.objects.count(), row.told["skipped"]) == (2, 1)


def test_a_failure_half_way_leaves_nothing(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    row = begun(made, *ROWS, "3,2025-03-22,New Front,Sumy,A third")
    before = LedgerEntry.objects.count()

    insert = bulk_rows.insert

    def fails(model: Any, rows: Any) -> None:
        insert(model, rows)
        if model is ImportedRow:
            raise RuntimeError

    monkeypatch.setattr(bulk_rows, "insert", fails)
    with pytest.raises(RuntimeError):
        import_runs.ask(row=row, by=made.ida, at=made.tick())
    assert not Incident.objects.exists()
    assert not Party.objects.filter(name="New Front").exists()
    assert LedgerEntry.objects.count() == before
    row.refresh_from_db()
    assert row.standing == "queued"  # the task goes on with it


def test_a_name_is_a_party_nobody_or_a_new_one(made: Made) -> None:
    row = begun(made, "1,2025-03-20,Militia,Sumy,A", "2,2025-03-20,New Front,Sumy,B",
                "3,2025-03-20,new front,Sumy,C", "4,2025-03-20,Someone,Sumy,D")  # fmt: skip
    found = imports.preview(row=row, at=AT)
    assert found.unnamed == ["Someone", "new front"]
    assert [(one.line, one.column) for one in found.problems] == [(4, "who"), (5, "who")]
    assert "“Someone”" in found.problems[1].message
    names = {**PLAN.names, "new front": "+armed_group:New Front", "Someone": ""}
    imports.settle(row=row, plan=Plan.of({**PLAN.as_json(), "names": names}))
    row.refresh_from_db()
    import_runs.ask(row=row, by=made.ida, at=made.tick())
    new = Party.objects.get(name="New Front")
    assert new.kind == "armed_group"
    actors = Incident.objects.order_by("key").values_list("actor", flat=True)
    assert list(actors) == [None, new.pk, new.pk, None]
    assert "who in the table: Someone." in Incident.objects.get(key__endswith=".5").note
    again = entered(made, "5,2025-03-22,New Front,Sumy,E")
    assert Party.objects.filter(name="New Front").count() == 1
    assert again.number == 1
    whole()


def test_doubles_are_known_within_a_file_and_across_files(made: Made) -> None:
    entered(made, *ROWS)
    row = begun(made, ROWS[0], "2,2025-03-21 04:30,Beta,Kharkiv,Told otherwise", "3,2025-03-23,,,C",
                "3,2025-03-24,,,D")  # fmt: skip
    found = imports.preview(row=row, at=AT)
    assert [draft.line for draft in found.drafts] == [4]
    assert found.within == {5: 4}
    assert [(one.line, one.known.line, one.is_changed) for one in found.before] == [
        (2, 2, False),
        (3, 3, True),
    ]
    import_runs.ask(row=row, by=made.ida, at=made.tick())
    assert Incident.objects.count() == 3
    assert row.told["doubles"] == 3


def test_without_an_id_what_is_mapped_tells_them_apart(made: Made) -> None:
    plan = Plan.of({**PLAN.as_json(), "own_id": ""})
    entered(made, *ROWS, plan=plan)
    found = imports.preview(row=begun(made, "9,2025-03-20,alpha,sumy,A  strike", plan=plan), at=AT)
    assert len(found.before) == 1
    other = imports.preview(row=begun(made, "1,2025-03-20,Alpha,Sumy,B", plan=plan), at=AT)
    assert len(other.drafts) == 1


def test_the_database_itself_refuses_a_double(made: Made) -> None:
    row = entered(made, ROWS[0])
    one = ImportedRow.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedRow.objects.create(
            by_import=row,
            dossier=made.dossier,
            incident=incidents.report(
                dossier=made.dossier, key="x", occurred="2025-03-20 UTC", description="X",
                public="2025-03-20 UTC", by=None, at=made.tick(),
            ),
            line=9,
            identity=one.identity,
            content="x",
        )  # fmt: skip


def test_what_its_columns_meant_is_remembered_by_the_header(made: Made) -> None:
    entered(made, ROWS[0])
    assert ColumnMapping.objects.get().by == made.ida
    row = imports.make(
        dossier=made.dossier, content=table("7,1,2,3,4"), file_name="x", by=made.ida, at=AT
    )
    plan = Plan.of(row.plan)
    assert (plan.start, plan.own_id, plan.zone) == ("date", "id", "Europe/Kyiv")
    assert (plan.source, plan.public, plan.skip) == ("", "", ())
    assert plan.names["Militia"] == ""
    moved = table("4,3,2,1,7", header="notes,place,who,date,id")
    other = imports.make(dossier=made.dossier, content=moved, file_name="x", by=made.ida, at=AT)
    assert Plan.of(other.plan).start == "date"


def test_it_is_taken_back_but_for_what_somebody_used(made: Made) -> None:
    row = entered(made, *ROWS, *(f"{n},2025-03-22,,,No {n}" for n in range(3, 8)))
    found = list(Incident.objects.order_by("pk"))
    how = made.how()
    incidents.amend(row=found[0], target="A plant", **how)
    moves.make(
        on=found[1], to="under_inquiry", effective="2025-04-01 UTC", reason="R",
        public="2025-04-01 UTC", **made.how(),
    )  # fmt: skip
    comments.write(on=found[2], text="Look.", by=made.ida, at=made.tick())
    kept_rows = selectors.used(row)
    assert kept_rows == {found[0].pk: "changed", found[1].pk: "judged", found[2].pk: "commented"}
    with pytest.raises(Invalid, match="Why"):
        import_runs.ask_undo(row=row, reason=" ", by=made.ida, at=made.tick())
    import_runs.ask_undo(row=row, reason="The wrong table.", by=made.ida, at=made.tick())
    row.refresh_from_db()
    assert (row.standing, row.told) == ("undone", {"withdrawn": 4, "kept": 3})
    held = Incident.objects.filter(withdrawn_at="")
    assert {one.pk for one in held} == set(kept_rows)
    gone = Incident.objects.get(pk=found[3].pk)
    assert (gone.withdrawn_at, gone.version) == (gone.public, 2)
    assert gone.withdrawn_reason == "Import undone: The wrong table."
    assert gone.withdrawn_at_instant == gone.public_instant
    assert {one.until_at for one in Passage.objects.filter(noun="incident", row=gone.pk)} == {
        gone.public_instant
    }
    whole()
    again = entered(made, *ROWS, *(f"{n},2025-03-22,,,No {n}" for n in range(3, 8)))
    assert (again.number, again.told["doubles"]) == (4, 3)
    with pytest.raises(Conflict):
        import_runs.ask_undo(row=row, reason="Once more.", by=made.ida, at=made.tick())


def test_a_long_one_waits_for_the_task(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runs, "AT_ONCE", 1)
    row = begun(made, *ROWS)
    import_runs.ask(row=row, by=made.ida, at=made.tick())
    row.refresh_from_db()
    assert (row.standing, Incident.objects.count()) == ("queued", 0)
    assert import_runs.drain(at=made.tick()) == 1
    row.refresh_from_db()
    assert (row.standing, Incident.objects.count()) == ("entered", 2)
    assert import_runs.drain(at=made.tick()) == 0
    import_runs.ask_undo(row=row, reason="R", by=made.ida, at=made.tick())
    assert Incident.objects.filter(withdrawn_at="").count() == 2
    import_runs.drain(at=made.tick())
    assert not Incident.objects.filter(withdrawn_at="").exists()


def test_what_the_task_refuses_or_dies_of_is_told(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "AT_ONCE", 0)
    row, other = begun(made, *ROWS), begun(made, ROWS[0])
    for one in (row, other):
        import_runs.ask(row=one, by=made.ida, at=made.tick())
    import_runs.drain(at=made.tick())
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.standing, other.standing) == ("entered", "open")
    assert "nothing to enter" in other.told["refused"]
    third = begun(made, "3,2025-03-23,,,C")
    import_runs.ask(row=third, by=made.ida, at=made.tick())

    def dies(**_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(import_runs, "run", dies)
        for _ in range(import_runs.MOST_ATTEMPTS):
            with pytest.raises(RuntimeError):
                import_runs.drain(at=made.tick())
    import_runs.drain(at=made.tick())
    third.refresh_from_db()
    assert (third.standing, Incident.objects.count()) == ("open", 2)
    assert "three times" in third.told["refused"]


@pytest.fixture(name="eyes")
def _eyes(made: Made) -> tuple[Made, User]:
    eve = users.register(
        email="eve@example.org", name="Eve", password="a long sentence", by=None, at=AT
    )
    memberships.grant(dossier=made.dossier, user=eve, role="reviewer", by=None, at=AT)
    made.rows["dossier"] = dossiers.amend(row=made.dossier, four_eyes=True, **made.how())
    made.dossier.refresh_from_db()
    return made, eve


def test_with_four_eyes_a_second_person_confirms(eyes: tuple[Made, User]) -> None:
    made, eve = eyes
    row = begun(made, *ROWS)
    import_runs.ask(row=row, by=made.ida, at=made.tick())
    assert (row.standing, Incident.objects.count()) == ("proposed", 0)
    assert import_runs.drain(at=made.tick()) == 0
    import_runs.decline(row=row)
    assert row.standing == "open"
    import_runs.ask(row=row, by=made.ida, at=made.tick())
    import_runs.confirm(row=row, by=eve, at=made.tick())
    assert (row.standing, Incident.objects.count()) == ("entered", 2)
    entry = LedgerEntry.objects.filter(action="incidents.import").first()
    assert entry is not None
    assert entry.by == str(made.ida.uid)
    assert str(eve.uid) in entry.reason
    import_runs.ask_undo(row=row, reason="R", by=made.ida, at=made.tick())
    assert (row.standing, Incident.objects.filter(withdrawn_at="").count()) == ("undo_proposed", 2)
    import_runs.confirm(row=row, by=eve, at=made.tick())
    assert (row.standing, Incident.objects.filter(withdrawn_at="").count()) == ("undone", 0)
    whole()


def test_the_number_of_queries_grows_by_the_batch_alone(made: Made) -> None:
    entered(made, *ROWS)
    counted = []
    for first, number in ((100, 1), (1000, 40)):  # SQLite takes 999 values at once
        lines = [f"{first + n},2025-03-20,Alpha,Sumy,No {first + n}" for n in range(number)]
        row = begun(made, *lines)
        with CaptureQueriesContext(connection) as queries:
            import_runs.ask(row=row, by=made.ida, at=made.tick())
        assert row.number == number
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 70, counted


def test_a_taken_key_and_a_row_that_there_is_not_are_refused(made: Made) -> None:
    pledged(made)
    how: dict[str, Any] = {"dossier": made.dossier, "by": None, "at": AT + timedelta(days=1)}
    good = {"occurred": "2025-03-20 UTC", "description": "X", "public": "2025-03-20 UTC"}
    with transaction.atomic():
        many.enter(Incident, [many.New("x", good)], action="incidents.import", **how)
    with pytest.raises(Conflict), transaction.atomic():
        many.enter(Incident, [many.New("x", good)], action="incidents.import", **how)
    for wrong, field in (
        ({"actor": "nobody"}, "actor"),
        ({"sources": ["none"]}, "sources"),
        ({"occurred": "2025-13-01"}, "occurred"),
        ({"subject": "weather"}, "subject"),
        ({"description": ""}, "description"),
    ):
        with pytest.raises(Invalid) as told, transaction.atomic():
            many.enter(Incident, [many.New("y", good | wrong)], action="incidents.import", **how)
        assert told.value.field == field
