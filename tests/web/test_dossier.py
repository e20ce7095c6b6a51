"""A dossier's page: pledges, and apart from them what was said and not promised."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from . import house

pytestmark = pytest.mark.usefixtures("open_house")


def test_it_shows_what_it_holds(client: Client) -> None:
    response = client.get("/dossiers/open/")
    assert response.status_code == 200
    shown = response.content.decode()
    for words in (
        "Talks of OPEN",
        "Alpha halts fire for ten days",
        "Beta asks for a wider zone",
        "Call of OPEN",
        "Readout of OPEN",
        "usually reliable",
        'href="/parties/alpha/"',
        'href="/sources/open/readout/"',
    ):
        assert words in shown


def test_positions_are_not_pledges(client: Client) -> None:
    shown = client.get("/dossiers/open/").content.decode()
    pledges = shown[shown.index('id="pledges"') : shown.index('id="positions"')]
    assert "wider zone" not in pledges
    assert "/pledges/OPEN-DEMAND/" not in shown
    assert client.get("/pledges/OPEN-DEMAND/").status_code == 404


def test_a_condition_on_a_position_is_told_with_who_asserts_it(client: Client) -> None:
    text = house.DOSSIER.replace(
        "    text: Twelve kilometres and not ten.\n",
        "    text: Twelve kilometres and not ten.\n"
        "    conditions:\n"
        "      arms: {kind: continuing, text: No arms come in., asserted_by: beta}\n",
    )
    house.dossier("more", public=True, text=text)
    shown = client.get("/dossiers/more/").content.decode()
    positions = shown[shown.index('id="positions"') : shown.index('id="instruments"')]
    assert "No arms come in. · asserted by Beta · unacknowledged · not binding" in positions


def test_a_private_one_is_there_for_members_alone(client: Client, stranger: Client) -> None:
    nothing = client.get("/dossiers/nothing/")
    for visitor in (client, stranger):
        response = visitor.get("/dossiers/shut/")
        assert response.status_code == nothing.status_code == 404
    assert client.get("/dossiers/shut/").content == nothing.content.replace(b"nothing", b"shut")


def test_a_member_reads_it(member: Client) -> None:
    response = member.get("/dossiers/shut/")
    assert response.status_code == 200
    assert "For members" in response.content.decode()


def test_at_an_instant_before_anything_was_public(client: Client) -> None:
    shown = client.get("/dossiers/open/?at=2026-01-01").content.decode()
    assert "No pledge was public at this instant." in shown
    assert "Readout of OPEN" not in shown


def test_pasted_text_is_text(client: Client) -> None:
    text = house.DOSSIER.replace("Talks of PRE", f'"{house.NASTY}"').replace(
        "title: Beta asks for a wider zone", f'title: "{house.NASTY}"'
    )
    house.dossier("nasty", public=True, text=text)
    shown = client.get("/dossiers/nasty/").content.decode()
    assert "<script>alert" not in shown
    assert "<b>bold" not in shown
    assert "&lt;script&gt;alert" in shown


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    client.get("/dossiers/open/")
    with CaptureQueriesContext(connection) as one:
        client.get("/dossiers/open/")
    house.more_pledges("open", 12)
    with CaptureQueriesContext(connection) as many:
        client.get("/dossiers/open/")
    assert len(many) == len(one)


def test_of_many_the_first_of_each_band_are_shown_and_all_are_on_the_board(client: Client) -> None:
    house.more_pledges("open", 40)
    shown = client.get("/dossiers/open/").content.decode()
    assert 'Pledges <span class="count">41</span>' in shown
    lines = shown[shown.index('<ol class="lines') : shown.index('id="positions"')]
    assert 25 < lines.count('class="line ') < 41
    assert 'href="/?dossier=open">All 41 on the board</a>' in lines
    then = client.get("/dossiers/open/", {"at": "2026-03-02T00:00Z"}).content.decode()
    assert 'href="/?dossier=open&amp;at=2026-03-02T00%3A00Z">All 41 on the board</a>' in then
    few = client.get("/dossiers/open/", {"known": "2026-03-04T11:00Z"}).content.decode()
    assert "on the board" not in few
    assert few.count('class="line ') == 41, "what was known is listed whole"


def test_now_and_then_and_what_was_known_list_the_same(client: Client) -> None:
    house.more_pledges("open", 5)

    def lines(**asked: str) -> list[str]:
        shown = client.get("/dossiers/open/", asked).content.decode()
        shown = shown[shown.index('<ol class="lines') : shown.index('id="positions"')]
        return sorted(" ".join(one.split()) for one in shown.split("<li class=")[1:])

    now = [one.replace(" data-countdown", "") for one in lines()]
    then = lines(at="2026-03-04T10:20:30Z")
    known = lines(at="2026-03-04T10:20:30Z", known="2026-03-04T10:20:30Z")
    assert [bare(one) for one in now] == [bare(one) for one in then]
    assert [bare(one) for one in then] == [bare(one) for one in known]
    assert len(now) == 6


def bare(line: str) -> str:
    """A line's words, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", line).split())


def test_no_text_of_a_source_is_read_for_it(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/dossiers/open/")
    assert not any("snapshot" in one["sql"] for one in asked)
    assert any("tracker_source" in one["sql"] for one in asked)
