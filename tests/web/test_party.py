"""A party's page: what it promised and was promised, as far as the visitor may see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from . import house

pytestmark = pytest.mark.usefixtures("open_house")


def test_what_it_promised_and_was_promised(client: Client) -> None:
    alpha = client.get("/parties/alpha/").content.decode()
    given, received = alpha.split('id="h-received"')
    assert "OPEN-HALT" in given
    assert "OPEN-HALT" not in received
    beta = client.get("/parties/beta/").content.decode()
    given, received = beta.split('id="h-received"')
    assert "OPEN-HALT" not in given
    assert "OPEN-HALT" in received
    assert "The Betas" in beta


def test_private_pledges_are_for_members(client: Client, stranger: Client, member: Client) -> None:
    for visitor in (client, stranger):
        assert "SHUT" not in visitor.get("/parties/alpha/").content.decode()
    assert "SHUT-HALT" in member.get("/parties/alpha/").content.decode()


def test_an_unknown_party_is_404(client: Client) -> None:
    assert client.get("/parties/gamma/").status_code == 404


def test_pasted_text_is_text(client: Client) -> None:
    house.load(f'parties:\n  gamma: {{name: "{house.NASTY}", kind: other, note: "{house.NASTY}"}}')
    shown = client.get("/parties/gamma/").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    house.more_pledges("open", 1)  # it promised, and was promised
    client.get("/parties/alpha/")
    with CaptureQueriesContext(connection) as one:
        client.get("/parties/alpha/")
    house.more_pledges("open", 12)
    with CaptureQueriesContext(connection) as many:
        client.get("/parties/alpha/")
    assert len(many) == len(one)


def test_of_many_the_first_of_each_band_are_shown_and_all_are_on_the_board(client: Client) -> None:
    house.more_pledges("open", 40)
    given, received = client.get("/parties/beta/").content.decode().split('id="h-received"')
    assert 'What it promised <span class="count">40</span>' in given
    assert 'href="/?party=beta&amp;role=pledgor">All 40 on the board</a>' in given
    assert 'What it was promised <span class="count">1</span>' in f'"h-received"{received}'
    assert "on the board</a>" not in received
    board = client.get("/?party=beta&role=pledgor").content.decode()
    assert "40 pledges match." in board
