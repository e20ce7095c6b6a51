"""What was selected in a text is entered beside it, with its quotation and its place."""

from typing import Any

import pytest
from django.test import Client

from tracker.actions import accounts
from tracker.domain.errors import Invalid
from tracker.models import Account, Condition, LedgerEntry, Pledge, Position
from tracker.selectors import ledger

from . import house, texts
from .test_facts import Fields
from .texts import TEXT

pytestmark = pytest.mark.usefixtures("open_house")
HALT = "We halt fire for ten\u00a0days."
PLACE = {"start": TEXT.index(HALT), "end": TEXT.index(HALT) + len(HALT)}


@pytest.fixture(autouse=True)
def _speech(open_house: None) -> None:
    texts.source()


def entered(member: Client, noun: str, words: str = HALT, **more: Any) -> Any:
    """The form as a browser sends it, with what an analyst types."""
    path = texts.beside(noun, words)
    answer = member.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    # A browser sends a text's line breaks as CRLF.
    filled = {
        name: [value.replace("\n", "\r\n") for value in values]
        for name, values in Fields(page).sent.items()
    }
    return member.post(path, filled | texts.typed(noun, **more))


def test_an_account_has_its_source_quotation_and_place(member: Client) -> None:
    answer = entered(member, "account")
    one = Account.objects.get(source__key="speech")
    assert answer["Location"] == f"/sources/open/speech/#mark-{one.key}"
    assert (one.quotation, one.pledge.ref if one.pledge else "") == (HALT, "OPEN-HALT")
    assert {name: one.place[name] for name in PLACE} == PLACE
    assert TEXT[: one.place["start"]].endswith(one.place["prefix"])
    assert len(one.place["prefix"]) > 10
    page = member.get(answer["Location"]).content.decode()
    assert "Mark another passage" in page
    assert f'id="mark-{one.key}"' in page


@pytest.mark.parametrize(
    ("noun", "model", "about"),
    [
        ("pledge", Pledge, "OPEN-NEW"),
        ("position", Position, "OPEN-WIDER"),
        ("condition", Condition, ""),
    ],
)
def test_a_thing_is_entered_with_the_account_of_it(
    member: Client, noun: str, model: Any, about: str
) -> None:
    before = model.objects.count()
    answer = entered(member, noun)
    assert answer.status_code == 302, answer.content.decode()
    assert model.objects.count() == before + 1
    one = Account.objects.get(source__key="speech")
    thing = getattr(one, noun)
    assert thing == model.objects.latest("pk")
    assert not about or thing.ref == about
    assert (one.quotation, one.speaker, one.credibility) == (HALT, "Minister", 2)
    assert (one.existence, one.start) == ("asserts", "silent")
    assert {name: one.place[name] for name in PLACE} == PLACE
    assert answer["Location"] == f"/sources/open/speech/#mark-{one.key}"
    # Both with one instant, in one transaction: the ledger has the thing first.
    last = LedgerEntry.objects.order_by("-seq").filter(chain__name="open")[:2]
    assert [entry.noun for entry in last] == ["account", noun]
    assert list(ledger.differences("open")) == []


def test_a_condition_and_a_position_are_called_by_what_was_said(member: Client) -> None:
    def filled(noun: str, more: str = "") -> Fields:
        return Fields(member.get(f"{texts.beside(noun, HALT)}{more}").content.decode())

    said = "We halt fire for ten days."
    assert filled("condition").sent["text"] == [said]
    assert filled("position").sent["title"] == [said]
    assert filled("position", "&title=A+halt").sent["title"] == ["A halt"]


@pytest.mark.parametrize("noun", ["pledge", "condition", "position"])
def test_neither_is_entered_when_the_account_is_refused(
    member: Client, noun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = LedgerEntry.objects.count()

    def fail(**_: Any) -> None:
        raise Invalid("Nobody is called that.", field="speaker", mend="Name another.")

    monkeypatch.setattr(accounts, "record", fail)
    refused = entered(member, noun)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#id_account_speaker">Who says it: Nobody is called that. Name another.' in page
    assert 'class="beside"' in page
    assert LedgerEntry.objects.count() == before


def test_sent_twice_it_is_entered_once(member: Client) -> None:
    path = texts.beside("position", HALT)
    filled = Fields(member.get(path).content.decode()).sent | texts.typed("position")
    first, second = member.post(path, filled), member.post(path, filled)
    assert first["Location"] == second["Location"]
    assert Account.objects.filter(source__key="speech").count() == 1


@pytest.mark.parametrize(
    "asked",
    [
        "start=0&end=0",
        "start=5&end=3",
        "start=0&end=99999",
        "start=-1&end=4",
        "start=x&end=4",
        "start=&end=",
        "start=0&end=" + "9" * 5000,
        "start=٠&end=99999",
    ],
)
def test_a_place_that_the_text_has_not_is_refused(member: Client, asked: str) -> None:
    for noun in ("account", "pledge", "condition", "position"):
        answer = member.get(f"/dossiers/open/facts/{noun}/new/?source=speech&{asked}")
        assert answer.status_code == 422
        assert "select the passage again" in answer.content.decode()


def test_a_source_that_there_is_not_is_404(member: Client) -> None:
    for key in ("none", "", "denial"):
        answer = member.get(f"/dossiers/open/facts/account/new/?source={key}&start=0&end=4")
        assert answer.status_code == (422 if key == "denial" else 404)


def test_strangers_and_readers_mark_nothing(client: Client, stranger: Client) -> None:
    reader = Client()
    reader.force_login(house.person("rita", open="reader"))
    path = texts.beside("position", HALT)
    assert client.get(path).status_code == 302
    for visitor in (stranger, reader):
        assert visitor.get(path).status_code == 403
        assert visitor.post(path, texts.typed("position")).status_code == 403
    assert stranger.get(path.replace("/open/", "/shut/")).status_code == 404


def test_the_passage_stands_beside_the_form_as_text(member: Client) -> None:
    page = member.get(texts.beside("position", "<script>alert('x')</script>")).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") == 4  # quoted, marked, in the form twice
    assert "نُوقِفُ إطلاقَ النار" in page
    assert page.index('class="beside"') < page.index('class="entry-main"')


@pytest.mark.parametrize("words", ["نُوقِفُ إطلاقَ", "A z\u200bero", "🕊: “We", "agree-\nment. Beta"])
def test_any_words_come_back_from_the_form_at_their_place(member: Client, words: str) -> None:
    assert entered(member, "account", words).status_code == 302
    one = Account.objects.get(source__key="speech")
    assert TEXT[one.place["start"] : one.place["end"]] == words
    assert one.quotation == words


# An account's form without a passage: the quotation is found when it is sent.
NEW = "/dossiers/open/facts/account/new/"


def sent(member: Client, quotation: str, **more: Any) -> Any:
    filled = Fields(member.get(NEW).content.decode()).sent
    typed = {"source": "speech", "quotation": quotation, **more}
    return member.post(NEW, filled | texts.typed("account", **typed))


def test_a_quotation_is_placed_where_it_is_once(member: Client) -> None:
    assert sent(member, "We halt fire for ten days.").status_code == 302
    assert {n: Account.objects.get(source__key="speech").place[n] for n in PLACE} == PLACE


def test_of_several_places_the_form_asks_which(member: Client) -> None:
    asked = sent(member, "will answer")
    page = asked.content.decode()
    assert asked.status_code == 422
    assert page.count('type="radio"') == 2
    assert "Alpha <mark>will answer</mark>." in page
    assert 'href="#id_place"' in page
    second = TEXT.rindex("will answer")
    assert sent(member, "will answer", place=f"{second}:{second + 11}").status_code == 302
    assert Account.objects.get(source__key="speech").place["start"] == second


@pytest.mark.parametrize("forged", ["0:5", "999999:1000000", "-1:3", "1:2:3", "a:b", "5:5"])
def test_a_forged_place_is_no_place(member: Client, forged: str) -> None:
    assert sent(member, "We halt fire for ten days.", place=forged).status_code == 302
    assert sent(member, "will answer", place=forged).status_code == 422
    for one in Account.objects.filter(source__key="speech"):
        assert {name: one.place[name] for name in PLACE} == PLACE


def test_what_is_not_in_the_text_is_said_at_the_field(member: Client) -> None:
    refused = sent(member, "We halt fire for nine days.")
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#id_quotation"' in page
    assert "has “We halt fire for”, but what follows is not there." in page
    assert "tick that it is a paraphrase" in page
    assert "We halt fire for nine days." in page
    assert sent(member, "They stop for nine days.", is_paraphrase="on").status_code == 302
    one = Account.objects.get(source__key="speech")
    assert (one.is_paraphrase, one.place) == (True, None)


def test_a_paraphrase_of_a_passage_keeps_the_passage(member: Client) -> None:
    answer = entered(member, "account", quotation="They stop.", is_paraphrase="on")
    assert answer.status_code == 302
    one = Account.objects.get(source__key="speech")
    assert (one.quotation, one.place["start"]) == ("They stop.", PLACE["start"])


def test_a_source_without_a_text_asks_for_no_place(member: Client) -> None:
    assert sent(member, "Anything.", source="denial").status_code == 302
    assert Account.objects.get(quotation="Anything.").place is None


def test_a_changed_quotation_is_placed_anew_and_another_change_leaves_it(member: Client) -> None:
    one = texts.account("We halt fire", key="halt")
    path = "/dossiers/open/facts/account/halt/edit/"

    def change(**typed: Any) -> Any:
        return member.post(path, Fields(member.get(path).content.decode()).sent | typed)

    assert change(speaker="Somebody else").status_code == 302
    one.refresh_from_db()
    assert (one.speaker, one.place["start"]) == ("Somebody else", PLACE["start"])
    assert change(quotation="an agreement").status_code == 302
    one.refresh_from_db()
    assert TEXT[one.place["start"] : one.place["end"]] == "an agree-\nment"
    assert change(quotation="nothing like it").status_code == 422
    one.refresh_from_db()
    assert one.quotation == "an agreement"


def test_what_is_quoted_already_and_not_in_the_text_may_be_changed_elsewhere(
    member: Client,
) -> None:
    path = "/dossiers/open/facts/account/OPEN-HALT.said/edit/"
    filled = Fields(member.get(path).content.decode()).sent
    assert member.post(path, filled | {"speaker": "Minister B"}).status_code == 302
    one = Account.objects.get(key="OPEN-HALT.said", dossier__slug="open")
    assert (one.speaker, one.place) == ("Minister B", None)
