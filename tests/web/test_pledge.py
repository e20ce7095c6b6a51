"""A pledge's page: what, by whom to whom, how long still, why that date, and who says otherwise."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import record
from tracker.models import Dossier, User

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
HALT = "/pledges/OPEN-HALT/"


@pytest.fixture
def shown(client: Client) -> str:
    response = client.get(HALT)
    assert response.status_code == 200
    return response.content.decode()


def part(shown: str, name: str) -> str:
    start = shown.index(f'<section id="{name}"')
    return shown[start : shown.index("<section id=", start + 10)]


def test_it_answers_first_what_and_how_long(shown: str) -> None:
    head = shown[: shown.index('<section id="readings"')]
    for words in (
        "Alpha halts fire for ten days",
        "In force",
        "7 days 12 h left",
        "Thu 12 Mar 2026, 00:00 Zurich <small>(24:00 on 11 Mar; 11 Mar 23:00 UTC)</small>",
        "Held",
        'href="/parties/beta/"',
        "Accounts differ",
    ):
        assert words in head


def test_readings_stand_side_by_side_each_with_its_reasons(shown: str) -> None:
    readings = part(shown, "readings")
    assert readings.count("Why this date?") == 2
    assert readings.count("Adopted") == 1
    assert "The order ran from that day." in readings
    assert "counted-inclusive" in readings
    assert "counted-exclusive" in readings
    assert "Mar 2026, 00:00 Zurich <small>(24:00 on 12 Mar; 12 Mar 23:00 UTC)</small>" in readings
    assert rows_of(readings)["End"] == ["a", "b"]
    assert rows_of(readings)["Day count"] == ["a", "b"]
    assert rows_of(readings)["Duration"] == ["", ""]
    assert 'said by <a href="#account-OPEN-HALT.said">Minister (Alpha)</a>' in readings


def rows_of(section: str) -> dict[str, list[str]]:
    """Of a table of readings or accounts: by field, the letter of each cell, blank without one."""
    found = {}
    for row in section.split("<tr")[2:]:
        name = row[row.index('scope="row">') + 12 :].split("<")[0].strip()
        cells = row.split("<td")[1:]
        found[name] = [
            cell.split('class="letter">')[1][0] if "letter" in cell else "" for cell in cells
        ]
    return found


def test_accounts_stand_beside_each_other_and_tell_denial_from_silence(shown: str) -> None:
    accounts = part(shown, "accounts")
    start = accounts[accounts.index('scope="row">Start') :]
    start = start[: start.index("</tr>")]
    denied, asserted = start.split("<td")[1:]
    assert 'class="denies"' in denied
    assert "Beta" in denied
    assert "✗</span> denies" in denied
    assert "not 2 March" in denied
    assert 'class="asserts"' in asserted
    assert "✓</span> asserts" in asserted
    assert "2 March" in asserted
    assert "differs" in start
    duration = accounts[accounts.index('scope="row">Duration') :]
    duration = duration[: duration.index("</tr>")]
    assert "·</span> silent" in duration.split("<td")[1]
    assert "differs" not in duration


def test_quotations_and_paraphrases_are_told_apart(shown: str) -> None:
    accounts = " ".join(part(shown, "accounts").split())
    assert '<blockquote class="verbatim"> <p>We halt fire for ten days.' in accounts
    assert "Paraphrase</span> It began a day later." in accounts


def test_everything_else_has_its_place(shown: str) -> None:
    assert "If Beta does the same." in part(shown, "conditions")
    assert "not binding" in part(shown, "conditions")
    assert "A report is given" in part(shown, "deadlines")
    assert "24:00 on 6 Mar" in part(shown, "deadlines")
    assert "Nobody reports one." in part(shown, "verification")
    assert "A shot at the bridge." in part(shown, "incidents")
    assert "more than 12" in part(shown, "incidents")
    assert "The river" in part(shown, "promised")
    history = shown[shown.index('<section id="history"') :]
    assert "Pledge" in history
    assert "counted-inclusive" in history
    assert "entered" in history


def test_a_private_one_is_there_for_members_alone(
    client: Client, stranger: Client, member: Client
) -> None:
    nothing = client.get("/pledges/NOTHING/")
    assert nothing.status_code == 404
    for visitor in (client, stranger):
        assert visitor.get("/pledges/SHUT-HALT/").status_code == 404
    assert client.get("/pledges/SHUT-HALT/").content == nothing.content.replace(
        b"NOTHING", b"SHUT-HALT"
    )
    assert member.get("/pledges/SHUT-HALT/").status_code == 200


def test_it_is_not_there_before_it_was_public(client: Client) -> None:
    assert client.get(HALT, {"at": "2026-02-28T22:59:59Z"}).status_code == 404
    assert client.get(HALT, {"at": "2026-02-28T23:00Z"}).status_code == 200


@pytest.mark.parametrize(
    ("at", "stage", "words"),
    [
        ("2026-03-01T22:59:59Z", "Scheduled", "starts in less than a minute"),
        ("2026-03-01T23:00:00Z", "In force", "10 days left"),
        ("2026-03-11T22:59:59Z", "In force", "less than a minute left"),
        ("2026-03-11T23:00:00Z", "Expired", "ran out less than a minute ago"),
        ("2026-03-12T00:00:00Z", "Expired", "ran out 1 h ago"),
    ],
)
def test_it_is_shown_as_it_stands_at_each_instant(
    client: Client, at: str, stage: str, words: str
) -> None:
    shown = client.get(HALT, {"at": at}).content.decode()
    answer = shown[shown.index("answer-stage") : shown.index("answer-why")]
    assert stage in answer
    assert words in answer


def test_facts_that_were_not_public_yet_are_not_shown(client: Client) -> None:
    shown = client.get(HALT, {"at": "2026-03-01T12:00Z"}).content.decode()
    for words in ("A shot at the bridge.", "Nobody reports one.", "It began a day later."):
        assert words not in shown


def test_pasted_text_is_text(client: Client) -> None:
    quoted = f'"{house.NASTY}"'
    text = house.DOSSIER
    for words in (
        "Alpha halts fire for ten days",
        "We halt fire for ten days.",
        "If Beta does the same.",
        "A shot at the bridge.",
        "The order ran from that day.",
        "The river",
        "Minister",
        "Nobody reports one.",
    ):
        text = text.replace(f": {words}", f": {quoted}", 1)
    assert text.count("<script>") == 8
    house.dossier("nasty", public=True, text=text)
    shown = client.get("/pledges/NASTY-HALT/").content.decode()
    assert "<script>alert" not in shown
    assert "<b>bold" not in shown
    assert shown.count("&lt;script&gt;alert") >= 8


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    client.get(HALT)
    with CaptureQueriesContext(connection) as one:
        client.get(HALT)
    house.more_pledges("open", 12)
    with CaptureQueriesContext(connection) as many:
        client.get(HALT)
    assert len(many) == len(one)


def test_people_of_the_dossier_are_named_to_its_members_alone(
    client: Client, member: Client, alice: User
) -> None:
    record.put(
        "pledge",
        "OPEN-HALT",
        {"analyst": str(alice.uid), "area": "The whole river"},
        dossier=Dossier.objects.get(slug="open"),
        by=alice,
        at=house.AT,
        reason="It was wider.",
    )
    assert "Alice" not in client.get(HALT).content.decode()
    shown = member.get(HALT).content.decode()
    assert "Watched by" in shown
    history = shown[shown.index('<section id="history"') :]
    assert "Alice · It was wider." in history
    diff = " ".join(history[: history.index("Alice")].split())
    assert '<dt>Area</dt><dd><span class="diff-word">before</span> <del>' in diff
    assert "The river" in diff.split("<del>")[1].split("</del>")[0]
    assert "The whole river" in diff.split("<ins>")[1].split("</ins>")[0]
    assert "Alice" in diff.split("</dl>")[0] or "Alice" in history
