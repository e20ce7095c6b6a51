"""Importing a table in the browser: chosen, mapped, looked at, entered, undone; what is refused."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.domain import acled
from tracker.actions import dossiers, import_runs
from tracker.documents.values import LARGEST
from tracker.models import Dossier, Incident, IncidentImport, User

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
TABLE = (
    b"date,actor,place,notes\n"
    b"2026-03-03,Alpha,The bridge,A shot\n"
    b"2026-03-03 14:00,Unknown men,The bridge,<b>Another</b>\n"
)
PLAN = {
    "deed": "plan",
    "start": "date",
    "description": ["notes"],
    "place": ["place"],
    "actor": "actor",
    "zone": "Zurich",
    "source": "readout",
    "public": "2026-03-04 Europe/Zurich",
    "name-0": "",
    "name-1": "",
}


def upload(client: Client, content: bytes = TABLE, name: str = "shots.csv", **more: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/imports/new/", {"dossier": "shut", "file": file, **more})


def begun(client: Client, content: bytes = TABLE) -> str:
    response = upload(client, content)
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def text_of(response: Any) -> str:
    shown = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", shown[shown.index("<main") :]).split())


def test_a_table_is_chosen_mapped_looked_at_and_entered(member: Client) -> None:
    url = begun(member)
    shown = member.get(url)
    told = text_of(shown)
    assert "2 rows of 4 columns, read as utf-8, separated by a comma." in told
    assert "What would be entered" not in told
    asked = member.post(url, PLAN)
    assert asked.status_code == 302
    told = text_of(member.get(url))
    assert "“Unknown men” (1 times)" in told
    assert "Which party “Unknown men” is is not said. Choose it below." in told
    names = {"name-0": "alpha", "name-1": "-"}
    assert member.post(url, PLAN | names)["Location"] == f"{url}#preview"
    shown = member.get(url)
    told = text_of(shown)
    assert "Enter 2 incidents" in told
    assert "subject not stated" in told
    assert "actor not stated" in told
    assert "&lt;b&gt;Another&lt;/b&gt;" in shown.content.decode()
    assert not Incident.objects.filter(key__startswith="import.").exists()
    assert member.post(url, {"deed": "enter"})["Location"] == url
    made = Incident.objects.filter(key__startswith="import.").order_by("key")
    assert [one.occurred for one in made] == [
        "2026-03-03 ?Europe/Zurich",
        "2026-03-03 14:00 ?Europe/Zurich",
    ]
    told = text_of(member.get(url))
    assert "What it entered 2" in told
    assert "See which pledges they may bear on" in told
    assert "shots.csv" in text_of(member.get("/imports/"))
    fact = text_of(member.get(f"/dossiers/shut/facts/incident/{made[0].key}/"))
    assert "Subject not stated." in fact
    assert "SHUT-HALT" in fact


@pytest.mark.parametrize("is_iso", [False, True], ids=["01 May 2025", "2025-05-01"])
def test_a_table_of_acled_is_entered_with_four_answers(member: Client, is_iso: bool) -> None:
    """Which clocks, which source, since when, and who the actor is: all else its columns say."""
    url = begun(member, acled.table(acled.rows(is_iso=is_iso)))
    form = member.get(url).context["form"]
    mapped = {f.name: f.value() for f in form if f.value() not in (None, "", [])}
    assert mapped["start"] == "event_date"
    assert mapped["time_precision"] == "time_precision"
    assert mapped["own_id"] == "event_id_cnty"
    plan = mapped | {"deed": "plan", "zone": "Kyiv", "source": "readout"}
    plan |= {"public": "2025-05-20 Europe/Kyiv", "name-0": ""}
    assert member.post(url, plan).status_code == 302
    told = text_of(member.get(url))
    assert "“Military Forces of Alpha (2000-)” (3 times)" in told
    assert member.post(url, plan | {"name-0": "alpha"}).status_code == 302
    assert "Enter 3 incidents" in text_of(member.get(url))
    assert member.post(url, {"deed": "enter"}).status_code == 302
    made = Incident.objects.filter(key__startswith="import.").order_by("key")
    assert [(one.occurred, one.occurred_until) for one in made] == [
        ("2025-05-01 ?Europe/Kyiv", ""),
        ("2025-04-28 ?Europe/Kyiv", "2025-05-10 ?Europe/Kyiv"),
        ("2025-04 ?Europe/Kyiv", ""),
    ]
    assert {one.actor.slug for one in made if one.actor} == {"alpha"}
    other = begun(member, acled.table(acled.rows(is_iso=not is_iso)))
    assert member.post(other, plan | {"name-0": "alpha"}).status_code == 302
    assert "Enter 3 incidents" not in text_of(member.get(other)), "each is known again"


def test_what_is_left_open_is_asked_and_what_was_typed_stays(member: Client) -> None:
    url = begun(member)
    response = member.post(url, PLAN | {"zone": "", "public": "", "source": "", "target_all": "X"})
    assert response.status_code == 422
    told = text_of(response)
    assert "The table states no time zone. Say by which clocks it counts." in told
    assert "Which source the table is is missing." in told
    assert "Since when this is public is missing." in told
    assert 'value="X"' in response.content.decode()
    row = IncidentImport.objects.get()
    assert row.plan["zone"] == ""
    wrong = member.post(url, PLAN | {"zone": "Atlantis"})
    assert wrong.status_code == 422
    assert "Atlantis" in wrong.content.decode()
    forged = member.post(url, PLAN | {"start": "nowhere"})
    assert forged.status_code == 422
    dated = begun(member, TABLE.replace(b"2026-03-03,", b"03/04/2025,"))
    response = member.post(dated, PLAN)
    assert "Dates such as 03/04/2025 can be meant in two ways. Say which." in text_of(response)


def test_lines_that_are_wrong_are_left_out_when_one_says_so(member: Client) -> None:
    url = begun(member, TABLE + b"2026-02-31,,,A third\n")
    member.post(url, PLAN | {"name-0": "alpha", "name-1": "-"})
    shown = member.get(url)
    assert "Line 4 date “2026-02-31” is not a date that exists." in text_of(shown)
    assert 'value="enter"' not in shown.content.decode()
    assert member.post(url, {"deed": "enter"}).status_code == 422
    member.post(url, {"deed": "skip"})
    assert "Enter 2 incidents" in text_of(member.get(url))
    member.post(url, {"deed": "keep"})
    assert 'value="enter"' not in member.get(url).content.decode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b"a,b\n", "a header and no rows"),
        (b"a" * (LARGEST + 1), "At most 10 MB are taken"),
        (b"a,b\n1,\x002\n", "holds a NUL character"),
    ],
)
def test_what_is_no_table_is_refused_at_once(member: Client, content: bytes, told: str) -> None:
    response = upload(member, content)
    assert response.status_code == 422
    assert told in text_of(response)
    assert not IncidentImport.objects.exists()


def test_without_a_file_or_into_a_foreign_dossier_nothing_is_taken(member: Client) -> None:
    assert member.post("/imports/new/", {"dossier": "shut"}).status_code == 422
    assert upload(member, dossier="nowhere").status_code == 422
    assert 'value="shut" selected' in member.get("/imports/new/?dossier=shut").content.decode()


def test_letters_that_nobody_can_tell_are_asked_with_how_each_reads(member: Client) -> None:
    url = begun(member, "date,actor,place,notes\n2026-03-03,Alpha,Суми,Удар\n".encode("cp1251"))
    shown = text_of(member.get(url))
    assert "How is it encoded?" in shown
    assert "Alpha,Суми,Удар" in shown
    assert "Alpha,Ñóìè,Óäàð" in shown
    wrong = member.post(url, {"deed": "read", "encoding": "utf-8"})
    assert wrong.status_code == 422
    assert "Line 2 cannot be read as utf-8." in text_of(wrong)
    assert member.post(url, {"deed": "read", "encoding": "cp1251"}).status_code == 302
    assert "read as cp1251" in text_of(member.get(url))


def test_the_file_comes_back_as_it_came_and_is_never_shown(member: Client) -> None:
    url = begun(member)
    response = member.get(f"{url}file/")
    assert response.content == TABLE
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_import_is_undone_with_a_reason(member: Client) -> None:
    url = begun(member)
    member.post(url, PLAN | {"name-0": "alpha", "name-1": "-"})
    assert member.get(f"{url}undo/")["Location"] == url
    member.post(url, {"deed": "enter"})
    assert "2 of its 2 incidents are withdrawn" in text_of(member.get(f"{url}undo/"))
    assert member.post(f"{url}undo/", {"reason": " "}).status_code == 422
    assert member.post(f"{url}undo/", {"reason": "The wrong table."})["Location"] == url
    told = text_of(member.get(url))
    assert "The wrong table." in told
    assert "Withdrawn 2" in told
    assert not Incident.objects.filter(key__startswith="import.", withdrawn_at="").exists()


def test_strangers_see_nothing_and_readers_are_told_why(member: Client, stranger: Client) -> None:
    url = begun(member)
    for path in (url, f"{url}undo/", f"{url}file/"):
        assert stranger.get(path).status_code == 404
    reader = Client()
    reader.force_login(house.person("rita", shut="reader"))
    assert reader.get(url).status_code == 403
    assert stranger.get("/imports/").status_code == 403
    assert member.get("/imports/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_with_four_eyes_nobody_confirms_their_own(member: Client) -> None:
    shut = Dossier.objects.get(slug="shut")
    url = begun(member)
    member.post(url, PLAN | {"name-0": "alpha", "name-1": "-"})
    dossiers.amend(row=shut, four_eyes=True, by=None, at=house.AT)
    member.post(url, {"deed": "enter"})
    row = IncidentImport.objects.get()
    assert row.standing == "proposed"
    assert member.post(url, {"deed": "confirm"}).status_code == 403
    eve = Client()
    eve.force_login(house.person("eve", shut="reviewer"))
    shown = eve.get(url)
    assert "Confirm it" in text_of(shown)
    assert "A shot" in text_of(shown)
    assert eve.post(url, {"deed": "confirm"}).status_code == 302
    row.refresh_from_db()
    assert row.standing == "entered"
    assert eve.post(url, {"deed": "confirm"}).status_code == 422


def test_queries_do_not_grow_with_the_rows(member: Client) -> None:
    counted = []
    ida = User.objects.get(email="alice@example.org")
    for number in (2, 400):
        rows = b"".join(b"2026-03-03,Alpha,P%d,N%d\n" % (n, n) for n in range(number))
        url = begun(member, b"date,actor,place,notes\n" + rows)
        member.post(url, PLAN | {"name-0": "alpha"})
        with CaptureQueriesContext(connection) as asked:
            member.get(url)
        row = IncidentImport.objects.order_by("-pk")[0]
        import_runs.ask(row=row, by=ida, at=house.AT)
        with CaptureQueriesContext(connection) as listed:
            member.get(url)
        import_runs.ask_undo(row=row, reason="R", by=ida, at=house.AT)
        counted.append((len(asked), len(listed)))
    assert counted[0] == counted[1], counted
    assert max(counted[0]) <= 25
