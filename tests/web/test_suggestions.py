"""What is suggested of a text: shown, accepted into forms, dismissed; entered by nobody else."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import counts
from tracker.models import (
    Account,
    Count,
    Dismissal,
    Incident,
    LedgerEntry,
    Pledge,
    Position,
    Reading,
    Source,
    User,
)
from tracker.selectors import register, suggestions

from . import house, texts

pytestmark = pytest.mark.usefixtures("open_house")
PAGE = "/sources/open/speech/suggestions/"
TEXT = """Alpha pledged to halt strikes on power plants for 30 days from 5 March 2026.

Beta demanded that Alpha withdraw its troops. Alpha and Beta agreed to exchange prisoners.

Alpha accused Beta of violating the truce 11 times. <script>alert("x")</script>
"""


@pytest.fixture
def speech(open_house: None) -> None:
    texts.source(text=TEXT)


def page(member: Client, path: str = PAGE) -> str:
    answer = member.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def ways(shown: str, words: str) -> list[str]:
    """The addresses of the links that say that."""
    found = re.findall(r'<a class="button" href="([^"]+)">([^<]+)</a>', shown)
    return [unescape(url) for url, said in found if unescape(said) == words]


def sent(member: Client, address: str, **typed: Any) -> Any:
    """The form as the address fills it in, sent as it stands but for what is typed."""
    answer = member.get(address)
    assert answer.status_code == 200, address
    form = answer.context["form"]
    data: dict[str, Any] = {}
    names = ("pledge", "account", "reading", "adopt")
    for part in [getattr(form, name) for name in names if hasattr(form, name)] or [form]:
        for field in part:
            value = field.value()
            if value not in (None, "", []) and not hasattr(value, "name"):
                data[field.html_name] = field.field.prepare_value(value)
            elif hasattr(value, "name"):
                data[f"{field.html_name}_new_name"] = value.name
    return member.post(address, data | typed)


def rows() -> list[int]:
    every = (Pledge, Position, Account, Reading, Incident, Count, LedgerEntry, Dismissal)
    return [one.objects.count() for one in every]


@pytest.mark.usefixtures("speech")
def test_it_is_shown_safely_and_nothing_is_entered(member: Client) -> None:
    before = rows()
    shown = page(member)
    assert rows() == before
    for said in ("Commitment", "Demand", "Reported violation", "30 days", "5 Mar 2026"):
        assert said in shown, said
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert "Suggest statements" in page(member, "/sources/open/speech/")
    assert "Nothing was found" not in shown


@pytest.mark.usefixtures("speech")
def test_one_that_is_accepted_is_entered_with_its_account_and_reading(member: Client) -> None:
    address = next(a for a in ways(page(member), "Enter it as a pledge") if "30" in a)
    answer = sent(member, address, **{"pledge-instrument": "call", "reading-zone": "Zurich"})
    assert answer.status_code == 302, answer.context["form"].non_field_errors()
    assert answer["Location"] == f"{PAGE}#h-open"
    pledge = Pledge.objects.exclude(ref__endswith="-HALT").get(dossier__slug="open")
    assert (pledge.pledgor.slug, pledge.act, pledge.subject) == (
        "alpha",
        "halt",
        "energy_infrastructure",
    )
    assert pledge.ref == "OPEN-ENERGY-ALPHA"
    account = Account.objects.get(pledge=pledge)
    assert account.quotation == TEXT[account.place["start"] : account.place["end"]]
    assert account.duration == "asserts"
    assert set(account.values) >= {"duration", "start"}
    readings = Reading.objects.filter(pledge=pledge)
    assert {one.duration for one in readings} == {"P30D"}
    assert all(one.duration_account == account for one in readings)
    shown = page(member)
    assert f'href="/pledges/{pledge.ref}/"' in shown
    assert not [a for a in ways(shown, "Enter it as a pledge") if "30" in a]


@pytest.mark.usefixtures("speech")
def test_a_mutual_one_is_a_pledge_for_each_side_which_reciprocate(member: Client) -> None:
    shown = page(member)
    [first] = ways(shown, "Enter it as a pledge of Alpha")
    [other] = ways(shown, "Enter it as a pledge of Beta")
    assert sent(member, first, **{"pledge-instrument": "call"}).status_code == 302
    shown = page(member)
    assert not ways(shown, "Enter it as a pledge of Alpha")
    [again] = ways(shown, "Enter it as a pledge of Beta")
    made = Pledge.objects.get(ref="OPEN-PRISONERS-ALPHA")
    assert other != again
    assert sent(member, again, **{"pledge-instrument": "call"}).status_code == 302
    second = Pledge.objects.get(ref="OPEN-PRISONERS-BETA")
    assert list(second.reciprocates.all()) == [made]
    assert not ways(page(member), "Enter it as a pledge of Beta")


@pytest.mark.usefixtures("speech")
def test_a_position_and_a_count(member: Client) -> None:
    [demand] = ways(page(member), "Enter it as a position")
    assert sent(member, demand).status_code == 302
    position = Position.objects.get(ref="OPEN-DEMAND-BETA")
    assert (position.kind, position.party.slug) == ("demand", "beta")
    assert Account.objects.get(position=position).place["start"] == TEXT.index("Beta demanded")
    [count] = ways(page(member), "Enter it as a count")
    assert sent(member, count, pledge="OPEN-HALT").status_code == 302
    made = Count.objects.get(source__key="speech")
    assert (made.claimant.slug, made.number, made.source.key) == ("alpha", 11, "speech")
    assert not ways(page(member), "Enter it as a count")
    counts.withdraw(
        row=made, when="2026-03-06T12:00Z", reason="Entered twice", by=None, at=house.AT
    )
    assert ways(page(member), "Enter it as a count") == [count]


@pytest.mark.usefixtures("speech")
def test_one_is_dismissed_once_and_brought_back(member: Client) -> None:
    start = TEXT.index("Beta demanded")
    end = TEXT.index(" Alpha and Beta")
    [suggested] = [
        (one.start, one.end) for one in (s.found for s in _all()) if one.kind == "demand"
    ]
    assert start == suggested[0]
    assert end - suggested[1] <= 1
    passage = {"start": suggested[0], "end": suggested[1], "kind": "demand"}
    for _ in range(2):
        answer = member.post(PAGE, passage, follow=True)
        assert "can be brought back" in answer.content.decode()
    assert Dismissal.objects.count() == 1
    shown = page(member)
    assert not ways(shown, "Enter it as a position")
    assert "Bring it back" in shown
    member.post(PAGE, passage | {"back": "on"})
    assert Dismissal.objects.count() == 0
    assert ways(page(member), "Enter it as a position")


@pytest.mark.usefixtures("speech")
@pytest.mark.parametrize(
    "forged",
    [{}, {"start": "5"}, {"start": "-1", "end": "5", "kind": "demand"}, {"start": "0", "end": "9"}],
)
def test_what_names_no_suggestion_changes_nothing(member: Client, forged: dict[str, str]) -> None:
    answer = member.post(PAGE, forged, follow=True)
    assert "which suggestion is meant" in answer.content.decode()
    assert Dismissal.objects.count() == 0
    beyond = {"start": "0", "end": "99999", "kind": "demand"}
    assert member.post(PAGE, beyond).status_code == 422


def test_a_party_that_the_register_does_not_know_is_named_in_the_form(member: Client) -> None:
    texts.source(text="The Northern Front agreed to release 20 prisoners on 5 March 2026.")
    [address] = ways(page(member), "Enter it as a pledge")
    shown = page(member, address)
    assert re.search(r'name="pledge-pledgor_new_name"[^>]*value="[^"]*Northern Front"', shown)


def test_a_long_text_is_read_part_by_part(member: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(suggestions, "AT_ONCE", 200)
    filler = "It was a long day of talks.\n\n" * 10
    texts.source(text=filler + TEXT)
    shown = page(member)
    assert "Nothing was found" in shown
    seen = []
    while found := re.search(r'href="\?from=(\d+)"', shown):
        shown = page(member, f"{PAGE}?from={found[1]}")
        seen += ways(shown, "Enter it as a position")
    [demand] = seen
    assert sent(member, demand).status_code == 302
    place = Account.objects.get(position__isnull=False, source__key="speech").place
    assert (filler + TEXT)[place["start"] :].startswith("Beta demanded")
    assert member.get(f"{PAGE}?from=999999999").status_code == 200
    assert member.get(f"{PAGE}?from=x").status_code == 200


def test_of_other_languages_it_is_said_that_little_is_found(member: Client) -> None:
    made = texts.source(text="Стороны договорились.")
    assert "The rules know English" not in page(member)
    made.language = "ru"
    made.save()
    shown = page(member)
    assert "The rules know English" in shown
    assert "Nothing was found that reads like a statement" in shown


def test_without_a_text_there_is_no_such_page(member: Client) -> None:
    texts.source(text="")
    assert member.get(PAGE).status_code == 404
    assert "Suggest statements" not in page(member, "/sources/open/speech/")


@pytest.mark.usefixtures("speech")
def test_the_number_of_queries_does_not_grow(member: Client) -> None:
    counted = []
    for more in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(member)
        counted.append(len(queries))
        for n in range(5):
            Dismissal.objects.get_or_create(
                source_id=_source().pk,
                start=n,
                end=n + 5,
                kind="demand",
                defaults={"by": User.objects.get(email="alice@example.org"), "at": house.AT},
            )
            texts.account(TEXT[n : n + 20], key=f"more-{more}-{n}")
    assert counted[0] == counted[1]


def _source() -> Source:
    return Source.objects.get(key="speech")


def _all() -> Any:
    source = _source()
    return suggestions.of_source(source, register.tables_of(source.dossier, None)).suggested
