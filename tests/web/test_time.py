"""How a typed time is read, on its own page and below a field; what is asked of one in a form."""

from typing import Any

import pytest
from django.test import Client

from tracker.models import Reading

pytestmark = pytest.mark.usefixtures("open_house")
LINE = {"HX-Request": "true", "HX-Target": "id_start_read"}
NEW = "/dossiers/shut/facts/reading/new/"
READING = {"about": "pledge:SHUT-HALT", "public": "4 March 2026 Zurich", "duration": "30 days"}
FOLD = "26 Oct 2025, 03:30 Kyiv"


def bare(answer: Any) -> str:
    """What a page shows, without the marks that keep a time on one line."""
    shown = str(answer.content.decode())
    return shown.replace('<span class="unbroken">', "").replace("</span>", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("18 Mar 2025, 18:00 Moscow", "Read as: Tue 18 Mar 2025, 18:00 Moscow (18 Mar 15:00 UTC)"),
        ("18.03.2025", "Tue 18 Mar 2025 (time not stated; whole day, zone not stated)"),
        ("18 Mar 2025, 18:00 ?Moscow", "the zone assumed"),
        ("March 2025", "March 2025 (day not stated, zone not stated)"),
        ("03/04/2025", "Not read yet: “03/04/2025” can be meant in several ways."),
        ("<b>18 Mar</b>", "Not read yet:"),
        ("", ""),
    ],
)
def test_a_line_says_how_it_is_read(client: Client, text: str, said: str) -> None:
    answer = client.get("/times/", {"field": "start", "start": text}, headers=LINE)
    shown = bare(answer)
    assert answer.status_code == 200
    assert said in shown
    assert "<html" not in shown
    assert "<b>" not in shown
    assert {"HX-Request", "HX-Target"} <= {one.strip() for one in answer["Vary"].split(",")}


def test_the_page_says_the_same(client: Client) -> None:
    shown = bare(client.get("/times/", {"text": "18 Mar 2025 noon Kyiv"}))
    assert "<html" in shown
    assert "Tue 18 Mar 2025, 12:00 Kyiv" in shown
    assert "<html" in client.get("/times/", headers=LINE | {"HX-Target": "main"}).content.decode()


def test_a_time_that_came_twice_is_asked_about_before_it_is_saved(member: Client) -> None:
    answer = member.post(NEW, READING | {"start": FOLD})
    shown = bare(answer)
    assert answer.status_code == 422
    assert "came twice in Europe/Kyiv" in shown
    assert f'value="{FOLD}"' in shown
    for one in ("2025-10-26T00:30Z", "2025-10-26T01:30Z", "2025-10-26 03:30 Europe/Kyiv"):
        assert f'name="start_answer" value="{one}"' in shown
    answer = member.post(NEW, READING | {"start": FOLD, "start_answer": "2025-10-26T01:30Z"})
    assert answer.status_code == 302
    made = Reading.objects.order_by("pk").last()
    assert made is not None
    assert (made.start, made.zone) == ("2025-10-26T01:30Z", "Europe/Kyiv")


def test_an_answer_stays_while_something_else_is_mended_and_falls_with_its_text(
    member: Client,
) -> None:
    answered = READING | {"start": FOLD, "start_answer": "2025-10-26T01:30Z"}
    shown = member.post(NEW, answered | {"duration": "0 days"}).content.decode()
    assert '<input type="hidden" name="start_answer" value="2025-10-26T01:30Z">' in shown
    assert "came twice" not in shown
    other = member.post(NEW, answered | {"start": "3/4/2025 Kyiv"})
    assert other.status_code == 422
    assert "Which number is the month is not clear." in other.content.decode()


def test_a_time_that_never_came_may_be_left_to_the_rule(member: Client) -> None:
    rule = "2025-03-30 03:30 Europe/Kyiv"
    given = READING | {"start": "30 March 2025 03:30 Kyiv"}
    assert "never came" in member.post(NEW, given).content.decode()
    assert member.post(NEW, given | {"start_answer": rule}).status_code == 302
    made = Reading.objects.order_by("pk").last()
    assert made is not None
    assert made.start == rule
    page = f"/dossiers/shut/facts/reading/{made.key}/edit/"
    kept = given | {"start": rule, "rule": made.rule, "seen": str(_seen(member, page))}
    assert member.post(page, kept | {"note": "Left to the rule."}).status_code == 302


def _seen(member: Client, page: str) -> str:
    shown = member.get(page).content.decode()
    return shown.split('name="seen" value="')[1].split('"')[0]


def test_how_it_was_read_is_told_after_entry(member: Client) -> None:
    shown = member.post(NEW, READING | {"start": "5 March 2026, noon, Zurich"}, follow=True)
    assert "Start as stated was read as Thu 5 Mar 2026, 12:00 Zurich" in shown.content.decode()


def test_a_zone_that_several_have_is_asked_about(member: Client) -> None:
    given = READING | {"start": "5 March 2026", "zone": "IST"}
    shown = member.post(NEW, given).content.decode()
    assert 'name="zone_answer" value="Asia/Jerusalem"' in shown
    assert member.post(NEW, given | {"zone_answer": "Asia/Jerusalem"}).status_code == 302
    wrong = member.post(NEW, given | {"zone": "Europe/Kyivv"})
    assert "Did you mean Europe/Kyiv" in bare(wrong)
