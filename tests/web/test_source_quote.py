"""A passage that is pasted or typed is found in a text; no script is needed."""

import pytest
from django.test import Client
from django.urls import reverse

from . import house, texts
from .texts import TEXT

pytestmark = pytest.mark.usefixtures("open_house")
QUOTE = "/sources/open/speech/quote/"


@pytest.fixture(autouse=True)
def _speech(open_house: None) -> None:
    texts.source()


@pytest.mark.parametrize("noun", ["pledge", "account", "condition", "position"])
def test_what_is_found_is_entered_beside_the_text(member: Client, noun: str) -> None:
    pasted = {"quotation": "We halt fire for ten days.", "noun": noun}
    answer = member.post(QUOTE, pasted)
    assert answer.status_code == 302
    beside = texts.beside(noun, "We halt fire for ten\u00a0days.")
    if noun == "pledge":  # whose form asks for its term too
        beside = f"/pledges/new/?dossier=open&{beside.partition('?')[2]}"
    assert answer["Location"] == beside
    assert member.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "passage"),
    [
        ("Beta called … an agreement.", "Beta called for a wider\nzone and an agree-\nment."),
        ("قال [...] النار", "قال: نُوقِفُ إطلاقَ النار"),
        ("a wider\r\nzone", "a wider\nzone"),
        ('🕊: "We', "🕊: “We"),
    ],
)
def test_first_and_last_words_are_enough(member: Client, typed: str, passage: str) -> None:
    answer = member.post(QUOTE, {"quotation": typed, "noun": "position"})
    assert answer.status_code == 302
    assert answer["Location"] == texts.beside("position", passage)


def test_of_several_places_one_is_chosen(member: Client) -> None:
    pasted = {"quotation": "will answer", "noun": "position"}
    asked = member.post(QUOTE, pasted)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "The text has these words 2 times. Say which is meant." in page
    assert page.count('type="radio"') == 2
    assert "ment. Beta <mark>will answer</mark>. Alpha" in page
    second = TEXT.rindex("will answer")
    chosen = pasted | {"place": f"{second}:{second + len('will answer')}"}
    assert f'value="{chosen["place"]}"' in page
    answer = member.post(QUOTE, chosen)
    assert answer.status_code == 302
    assert f"start={second}&" in answer["Location"]


def test_what_is_not_there_is_said_with_how_far_it_is(member: Client) -> None:
    typed = {"quotation": "We halt fire for nine <b>days", "noun": "pledge"}
    answer = member.post(QUOTE, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "has “We halt fire for”, but what follows is not there." in page
    assert "We halt fire for nine &lt;b&gt;days" in page
    assert "<title>Error: " in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "This field is required"),
        ({"quotation": "We halt fire"}, "Say what it is"),
        ({"quotation": "We halt fire", "noun": "incident"}, "not one of the available"),
        ({"quotation": " \n ", "noun": "pledge"}, "This field is required"),
        ({"quotation": "will answer", "noun": "pledge", "place": "7:12"}, "2 times"),
        ({"quotation": "will answer", "noun": "pledge", "place": "x:'--"}, "2 times"),
    ],
)
def test_what_is_wanting_or_forged_is_asked_for(
    member: Client, sent: dict[str, str], said: str
) -> None:
    answer = member.post(QUOTE, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_too_many_places_ask_for_more_words(member: Client) -> None:
    texts.source("many", "ha " * 200)
    answer = member.post("/sources/open/many/quote/", {"quotation": "ha", "noun": "pledge"})
    assert answer.status_code == 422
    assert "in too many places. Quote more of it." in answer.content.decode()


def test_strangers_and_readers_do_not_quote(client: Client, stranger: Client) -> None:
    reader = Client()
    reader.force_login(house.person("rita", open="reader"))
    assert client.get(QUOTE)["Location"].startswith(reverse("account_login"))
    for visitor in (stranger, reader):
        assert visitor.post(QUOTE, {"quotation": "We halt", "noun": "pledge"}).status_code == 403
    assert stranger.get("/sources/shut/readout/quote/").status_code == 404


def test_where_there_is_no_text_nothing_is_quoted(member: Client) -> None:
    assert member.get("/sources/open/denial/quote/").status_code == 404
    assert member.get("/sources/open/none/quote/").status_code == 404
    assert member.get(QUOTE).status_code == 200
