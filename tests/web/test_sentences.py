"""The sentences of the rules, in the language of the page."""

import copy
import json
import pickle

import pytest
from django.test import Client

from tests.web import house
from tracker.domain.errors import Invalid
from tracker.domain.sentences import Sentence, _, joined, packed, unpacked
from tracker.words import refusal, said

FRENCH = {
    "{number} are too many.": "{number}, c’est trop.",
    "Choose {most} at most.": "Au plus {most}.",
    "{ends}, that is 24:00": "{ends}, à 24:00",
    "It ends": "Elle finit",
    "None of {these}": "Rien de {these}",
}


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.words.gettext", lambda text: FRENCH.get(text, text))


def test_a_sentence_is_its_english_words() -> None:
    made = _("{number} are too many.", number=12)
    assert made == "12 are too many."
    assert str(made) == f"{made}" == "12 are too many."
    assert isinstance(made, str)
    for again in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301 (our own)
        assert isinstance(again, Sentence)
        assert (again, again.template, again.named) == (made, made.template, made.named)


def test_it_passes_between_processes() -> None:
    inner = _("{number} are too many.", number=12)
    for made in (inner, _("{ends}, that is 24:00", ends=inner), _("None of {these}"), "It ends"):
        again = unpacked(json.loads(json.dumps(packed(made))))
        assert again == made
        assert said(again) == said(made)


def test_what_stands_in_it_is_translated_too() -> None:
    assert said(_("{ends}, that is 24:00", ends=_("It ends"))) == "Elle finit, à 24:00"
    assert said(_("{number} are too many.", number=12)) == "12, c’est trop."


def test_one_after_another_each_is_translated() -> None:
    made = joined("", _("It ends"), _("{number} are too many.", number=12))
    assert made == "It ends 12 are too many."
    assert said(made) == "Elle finit 12, c’est trop."
    assert joined("", "") == ""


def test_without_names_braces_mean_themselves() -> None:
    assert said(_("None of {these}")) == "Rien de {these}"
    assert _("None of {these}") == "None of {these}"


def test_what_was_typed_is_left_as_it_is() -> None:
    assert said("It ends") == "It ends"
    assert said(_("“{text}”", text="{number} are too many.")) == "“{number} are too many.”"


def test_a_refusal_is_told_with_its_mend() -> None:
    error = Invalid(
        _("{number} are too many.", number=12), mend=_("Choose {most} at most.", most=9)
    )
    assert refusal(error) == "12, c’est trop. Au plus 9."
    assert str(error) == "12 are too many. Choose 9 at most."
    assert refusal(Invalid(_("It ends"))) == "Elle finit"


@pytest.mark.django_db
def test_pages_say_why_a_date_is_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FRENCH, "The start's local date is day 1 (inclusive)", "Ce jour compte")
    house.load(house.PARTIES)
    house.dossier("open", public=True)
    page = Client().get("/pledges/OPEN-HALT/", {"at": "2026-03-05"}).content.decode()
    assert "Ce jour compte" in page
    assert "day 1 (inclusive)" not in page
