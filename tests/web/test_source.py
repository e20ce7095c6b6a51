"""A source's page: quotations and links for all, the whole text for members alone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
READOUT = "/sources/open/readout/"
WHOLE = "The whole text of the readout."
MOST = 28  # queries, whatever else the dossier holds


def test_a_visitor_sees_quotations_and_the_link_and_not_the_text(
    client: Client, stranger: Client
) -> None:
    for visitor in (client, stranger):
        shown = visitor.get(READOUT).content.decode()
        assert "We halt fire for ten days." in shown
        assert 'href="https://example.org/readout"' in shown
        assert "usually reliable" in shown
        assert WHOLE not in shown
        assert "shown to members of the dossier only" in shown


def test_a_member_reads_the_whole_text(member: Client) -> None:
    assert WHOLE in member.get(READOUT).content.decode()


def test_a_private_one_is_there_for_members_alone(
    client: Client, stranger: Client, member: Client
) -> None:
    nothing = client.get("/sources/none/readout/")
    assert client.get("/sources/open/nothing/").status_code == 404
    assert nothing.status_code == 404
    for visitor in (client, stranger):
        assert visitor.get("/sources/shut/readout/").status_code == 404
    assert client.get("/sources/shut/readout/").content == nothing.content.replace(b"none", b"shut")
    assert member.get("/sources/shut/readout/").status_code == 200


def test_it_is_not_there_before_it_was_public(client: Client) -> None:
    assert client.get(READOUT, {"at": "2026-02-28T22:59Z"}).status_code == 404


def test_a_snapshot_is_text_and_an_address_no_script(member: Client) -> None:
    text = house.DOSSIER.replace(": The whole text of the readout.", f': "{house.NASTY}"')
    text = text.replace("title: Readout of PRE", f'title: "{house.NASTY}"')
    house.dossier("nasty", public=True, text=text)
    shown = member.get("/sources/nasty/readout/").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    client.get(READOUT)
    with CaptureQueriesContext(connection) as one:
        client.get(READOUT)
    house.more_pledges("open", 12)
    with CaptureQueriesContext(connection) as many:
        client.get(READOUT)
    assert len(many) == len(one)


def test_nothing_is_read_but_what_it_shows(member: Client) -> None:
    """Not the other sources' texts, nor any pledge, however many there are."""
    house.load(f"""
dossier: {{slug: open}}
sources:
  other:
    title: Another
    kind: statement
    public: 2026-03-01 Europe/Zurich
    snapshot: {"A text that is long. " * 40}
""")
    house.more_pledges("open", 12)
    member.get(READOUT)
    read: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        read.append(sql)
        return result

    with connection.execute_wrapper(note):
        shown = member.get(READOUT).content.decode()
    assert shown.count('id="quotation-') == 13, "one, and one of each of the twelve"
    of_facts = [sql for sql in read if 'FROM "tracker_pledge"' in sql]
    assert not of_facts
    whole = [sql for sql in read if '"tracker_source"."snapshot"' in sql]
    assert len(whole) == 1
    assert " IN (" in whole[0]
    assert len(read) <= MOST, read
