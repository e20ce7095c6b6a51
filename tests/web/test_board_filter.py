"""The board's filters in its address: what is shown, said, kept, refused and evaluated."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from tracker.actions import pledges
from tracker.domain import status
from tracker.domain.filters import Filter
from tracker.models import BoardLine, Pledge, User, search_index
from tracker.selectors import boards

from . import house

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]


def page(client: Client, address: str, status_code: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status_code
    return unescape(response.content.decode())


@pytest.mark.parametrize(
    "query",
    [
        "dossier=open",
        "dossier=open&dossier=shut",
        "party=beta&role=beneficiary",
        "party=alpha&role=pledgor&role=beneficiary",
        "act=halt&act=allow&subject=civilians",
        "stage=in_force&band=later",
        "flag=accounts_differ",
        "text=RIVER+halts",
        "text=river&text=open-h",
        "dossier=open&party=&role=&text=&act=",
    ],
)
def test_what_is_all_of_it_is_shown(member: Client, query: str) -> None:
    shown = page(member, f"/?{query}")
    assert 'href="/pledges/OPEN-HALT/"' in shown


@pytest.mark.parametrize(
    "query",
    [
        "dossier=shut",
        "party=beta&role=pledgor",
        "act=withdraw",
        "subject=media",
        "stage=expired",
        "band=24h",
        "flag=expired",
        "text=river+nowhere",
        "act=halt&subject=media",
    ],
)
def test_what_is_not_is_not_shown(member: Client, query: str) -> None:
    assert 'href="/pledges/OPEN-HALT/"' not in page(member, f"/?{query}")


def test_it_is_said_in_words_and_each_part_can_be_dropped(client: Client) -> None:
    shown = page(
        client, "/?dossier=open&act=halt&party=alpha&role=pledgor&text=river&at=2026-03-05"
    )
    assert "One pledge matches." in shown
    for words in ("Talks of OPEN", "halts", "Alpha", "pledges", "“river”"):
        assert f"<bdi>{words}</bdi>" in shown
    assert 'href="/?dossier=open&act=halt&text=river&at=2026-03-05"' in shown, "its part goes along"
    assert 'href="/?dossier=open&party=alpha&role=pledgor&text=river&at=2026-03-05"' in shown
    assert 'href="/?at=2026-03-05">Drop all of it' in shown
    assert 'href="/?dossier=open&party=alpha&role=pledgor&act=halt&text=river">Back to now' in shown
    assert shown.count('<input type="hidden" name="text" value="river">') == 1
    kept = '<input type="hidden" name="at" value="2026-03-05">'
    assert shown.count(kept) == 2, "in the filter and in the search"


def test_it_is_as_of_the_instant_that_is_asked_for(client: Client) -> None:
    assert "OPEN-HALT" in page(client, "/?stage=expired&at=2026-03-12")
    assert "OPEN-HALT" not in page(client, "/?stage=expired&at=2026-03-11")
    assert "OPEN-HALT" not in page(client, "/?act=halt&at=2026-02-20")
    assert "A look ahead." in page(client, "/?act=halt&band=expired&at=2100-01-01")
    shown = page(client, "/?act=halt&text=river&at=yesterday", 422)
    assert '<input type="hidden" name="act" value="halt">' in shown
    assert 'href="/?act=halt&text=river">Show it as it is now' in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("dosier=open", "There is no filter “dosier”."),
        ("act=dance", "“dance” is none of them."),
        ("role=guarantor&party=alpha", "“guarantor” is none of them."),
        ("role=pledgor", "A role is that of a party, and none is named."),
        ("dossier=nowhere", "There is no dossier “nowhere” that you may see."),
        ("dossier=shut", "There is no dossier “shut” that you may see."),
        ("party=nobody", "There is no party “nobody”."),
        ("analyst=ada", "There is no analyst “ada” that you may see."),
        ("text=" + "x" * 201, "201 characters are too many."),
        ("text=a%00b", "Null characters are not allowed."),
        ("stage=" + quote("<script>alert(1)</script>"), "is none of them."),
    ],
)
def test_what_there_is_none_of_is_refused_and_kept(client: Client, query: str, said: str) -> None:
    raw = client.get(f"/?{query}&subject=civilians").content.decode()
    assert "<script>alert" not in raw
    shown = page(client, f"/?{query}&subject=civilians", 422)
    assert said in shown
    assert "<title>Error: Board" in shown
    assert 'class="fold filter" open' in shown
    assert "1 of 10 chosen: civilians" in shown, "the rest stands as it was"
    assert "OPEN-HALT" not in shown, "nothing is listed instead"
    if query in ("act=dance", "dossier=nowhere", "party=nobody", "analyst=ada"):
        value = query.partition("=")[2]
        assert f'value="{value}"' in shown
        assert f"“{value}”" in shown


def test_all_that_is_wrong_is_said_at_once(client: Client) -> None:
    shown = page(client, "/?dosier=x&act=dance&dossier=nowhere&text=abc", 422)
    for said in ("filter “dosier”", "“dance” is none", "no dossier “nowhere”"):
        assert said in shown
    assert 'value="abc"' in shown


def test_a_private_dossier_and_none_are_one(client: Client, stranger: Client) -> None:
    hidden = page(client, "/?dossier=shut", 422).replace("shut", "none")
    assert hidden == page(client, "/?dossier=none", 422)
    assert "Talks of SHUT" not in page(stranger, "/?dossier=shut", 422)
    assert "Talks of SHUT" not in page(stranger, "/")


def test_the_form_offers_what_the_visitor_may_see(
    client: Client, member: Client, alice: User
) -> None:
    Pledge.objects.filter(ref="SHUT-HALT").update(analyst=alice)
    house.load("parties:\n  gamma: {name: Gamma, kind: state}")
    theirs, anybodys = page(member, "/"), page(client, "/")
    for value, words in (("shut", "Talks of SHUT"), (str(alice.uid), "Alice")):
        assert f'value="{value}"' in theirs
        assert words in theirs
        assert f'value="{value}"' not in anybodys
        assert words not in anybodys
    assert "Gamma" not in theirs, "a party of no pledge"
    assert "Gamma" in page(client, "/?party=gamma"), "that there is, all the same"


def test_who_watches_a_public_pledge_is_not_found_out(
    client: Client, stranger: Client, member: Client, alice: User
) -> None:
    pledges.amend(row=Pledge.objects.get(ref="OPEN-HALT"), analyst=alice, by=None, at=house.AT)
    assert "OPEN-HALT" in page(member, f"/?analyst={alice.uid}")
    for visitor in (client, stranger):
        shown = page(visitor, f"/?analyst={alice.uid}", 422)
        assert "OPEN-HALT" not in shown
        assert "Alice" not in shown


def test_nothing_found_says_what_would_be_here(client: Client, member: Client) -> None:
    shown = page(client, "/?text=nowhere")
    assert "Nothing matches" in shown
    assert "0 pledges match." in shown
    assert "Drop a part of it above to see more." in shown
    assert "/views/new/" not in shown
    assert 'href="/views/new/?text=nowhere">Save as a view' in page(member, "/?text=nowhere")


def test_nothing_is_evaluated_to_list_it(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    house.more_pledges("open", 5)
    monkeypatch.setattr(status, "situation", None)
    assert "OPEN-MORE-3" in page(member, "/?text=open-more-3")
    assert "OPEN-MORE-3" in page(member, "/")
    assert "OPEN-MORE-3" in page(member, "/?at=2026-03-06")


def listed(text: str) -> set[str]:
    rows = BoardLine.objects.filter(search_index.of_pledges(Filter(text=(text,)).ways))
    return set(rows.values_list("pledge__ref", flat=True))


def test_words_are_found_as_they_are_by_now_and_without_an_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SQLite's index is kept in step by triggers."""
    every = {"OPEN-HALT", "SHUT-HALT"}
    assert listed("halts fire") == every
    assert listed("halts te") == set(), "what is so short is no part of a word"
    assert listed("open-h") == {"OPEN-HALT"}
    row = Pledge.objects.get(ref="OPEN-HALT")
    pledges.amend(row=row, title="Alpha leaves the “bridge”", by=None, at=house.AT)
    assert listed("halts fire") == {"SHUT-HALT"}
    assert listed('"bridge"') == set(), "a quotation mark is a character like any other"
    assert listed("“bridge”") == {"OPEN-HALT"}
    monkeypatch.setattr(search_index, "_has", lambda *_: False)
    assert listed("halts fire") == {"SHUT-HALT"}
    assert listed("bridge “b") == set()
    assert listed("bridge “") == {"OPEN-HALT"}


def test_words_that_most_pledges_hold_list_the_same(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.more_pledges("open", 5)
    shown = [page(member, f"/?text=fire&{more}") for more in ("", "sort=ref", "band=expired")]
    assert "OPEN-MORE-3" in shown[1]
    monkeypatch.setattr(boards, "MANY", 1)
    asked = ("", "sort=ref", "band=expired")
    assert [re.findall(r'<span class="ref">(.*?)<', one) for one in shown] == [
        re.findall(r'<span class="ref">(.*?)<', page(member, f"/?text=fire&{more}"))
        for more in asked
    ]


def test_the_index_of_words_is_used() -> None:
    asked = search_index.of_pledges(Filter(text=("halts fire 77",)).ways)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Pledge.objects.filter(search__contains="halts fire").explain()
        assert "pledge_search_trigrams" in plan or connection.vendor == "sqlite"
    if connection.vendor == "sqlite":
        assert "VIRTUAL TABLE" in BoardLine.objects.filter(asked).explain()
