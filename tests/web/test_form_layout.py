"""How a form is laid out: required first, long lists folded, how to write a time said once."""

import re

import pytest
from django.test import Client

from tracker.domain.typed import typed
from tracker.models import Dossier, User
from tracker.templatetags.times import unbroken
from tracker.web import nouns
from tracker.web.choices import Choices, of_dossier
from tracker.web.forms.facts import FactForm
from tracker.web.forms.fields import SAYS, TIME_WAYS, StatedTime

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
NEW = "/dossiers/open/facts/{}/new/"
ENTERED = [name for name, one in nouns.TABLE.items() if one.enter]


@pytest.fixture
def choices(open_house: None) -> Choices:
    return of_dossier(Dossier.objects.get(slug="open"))


def empty(noun: str, choices: Choices) -> FactForm:
    return nouns.TABLE[noun].form(choices=choices, is_new=True)


@pytest.mark.parametrize("noun", nouns.TABLE)
def test_what_is_required_comes_first_and_is_never_folded(noun: str, choices: Choices) -> None:
    sections = empty(noun, choices).laid_out
    # What an account says of each field is chosen from the start, and stands beside its words.
    asked = [
        (bool(field.field.required), section.is_folded)
        for section in sections
        for field in section.fields
        if not section.is_paired
    ]
    required = [is_required for is_required, _is_folded in asked]
    assert required == sorted(required, reverse=True)
    assert (True, True) not in asked


@pytest.mark.parametrize("noun", ENTERED)
def test_every_optional_field_says_so_and_no_other(
    noun: str, choices: Choices, member: Client
) -> None:
    shown = member.get(NEW.format(noun)).content.decode()
    told = {
        re.sub(r"<.*?>", "", label).replace("(optional)", "").strip(): "(optional)" in label
        for label in re.findall(r"<(?:label for|legend)[^>]*>(.*?)</(?:label|legend)>", shown)
    }
    for field in empty(noun, choices).visible_fields():
        is_tick = getattr(field.field.widget, "input_type", "") == "checkbox"
        is_alone = is_tick and not field.use_fieldset
        if not is_alone:
            assert told[str(field.label)] is not field.field.required, field.name


@pytest.mark.parametrize("noun", ENTERED)
def test_how_to_write_a_time_is_said_once(noun: str, member: Client) -> None:
    shown = member.get(NEW.format(noun)).content.decode()
    asks = any(isinstance(f, StatedTime) for f in nouns.TABLE[noun].form.base_fields.values())
    assert shown.count("How to write a time") == int(asks)
    for described in re.findall(r'aria-describedby="([^"]*)"', shown):
        for one in described.split():
            assert shown.count(f'id="{one}"') == 1


def test_each_way_to_write_a_time_is_read_as_it_is_written() -> None:
    read = [typed(example) for example, _meaning in TIME_WAYS]
    assert read == [
        "2025-03-18 18:00 Europe/Moscow",
        "2025-03-18 18h Europe/Moscow",
        "2025-03-18 Europe/Moscow",
        "2025-03 Europe/Moscow",
        "2025-03-18T15:00Z",
        "2025-03-18 ?Europe/Moscow",
        "2025-03-18 18:00 Europe/Moscow",
    ]


@pytest.mark.parametrize(
    "time",
    [
        "2025-03-18 18:00 Europe/Moscow",
        "2025-03-18 18h America/Argentina/Salta",
        "2025-03-18 ?Europe/Kyiv",
        "2025-03 UTC",
        "2025-03-18",
        "2025-03-18T15:00Z",
        "2025-04-16T23:59+03:00",
        "?Europe/Kyiv",
    ],
)
def test_no_line_ends_within_a_time(time: str) -> None:
    said = f"Write {time}, or <b>."
    want = f'Write <span class="unbroken">{time}</span>, or &lt;b&gt;.'
    assert unbroken(said) == want


def test_other_text_is_left_as_it_is() -> None:
    for said in ("UA-ENERGY-RU, 30 days", "1 to 20 and 3/4", "either/or", ""):
        assert unbroken(said) == said


def many(shown: str, name: str) -> str:
    found = re.search(rf'<fieldset class="field[^>]*id="id_{name}".*?</fieldset>', shown, re.DOTALL)
    assert found is not None
    return found[0]


def test_a_short_list_is_open_and_a_long_one_folded(member: Client) -> None:
    page = NEW.format("instrument")
    assert '<details class="many" open>' in many(member.get(page).content.decode(), "parties")
    house.load(
        "parties:" + "".join(f"\n  p{n:03}: {{name: P {n:03}, kind: other}}" for n in range(200))
    )
    shown = many(member.get(page).content.decode(), "parties")
    assert '<details class="many">' in shown
    assert "None of 202 chosen" in shown


def test_what_is_chosen_stands_first_then_those_of_the_dossier(member: Client, alice: User) -> None:
    house.load(
        "parties:" + "".join(f"\n  a{n:03}: {{name: A {n:03}, kind: other}}" for n in range(20))
    )
    page = NEW.format("instrument")
    typed = {"parties": ["a007", "a011", "a012", "a013", "a014"], "title": ""}
    answer = member.post(page, typed)
    shown = many(answer.content.decode(), "parties")
    values = re.findall(r'name="parties" value="(\w+)"', shown)
    assert values[:7] == ["a007", "a011", "a012", "a013", "a014", "alpha", "beta"]
    assert len(values) == len(set(values)) == 22
    assert shown.count(" checked") == 5
    assert "5 of 22 chosen: A 007, A 011, A 012, A 013 and 1 more" in shown
    groups = re.findall(r'class="many-of"[^>]*>([^<]*)<', shown)
    assert groups == ["Chosen", "In this dossier", "Others"]
    one = re.search(
        r'<select name="pledgor".*?</select>',
        member.get(NEW.format("pledge")).content.decode(),
        re.DOTALL,
    )
    assert one is not None
    assert re.findall(r'<optgroup label="([^"]*)"', one[0]) == ["In this dossier", "Others"]


def test_a_list_with_something_wrong_is_open(member: Client) -> None:
    house.load(
        "parties:" + "".join(f"\n  a{n:03}: {{name: A {n:03}, kind: other}}" for n in range(20))
    )
    shown = member.post(NEW.format("instrument"), {"parties": ["nobody"]}).content.decode()
    assert '<details class="many" open>' in many(shown, "parties")
    assert '<details class="many">' in many(shown, "mediators")


def test_a_stance_keeps_its_words_beside_it(choices: Choices) -> None:
    paired = [section for section in empty("account", choices).laid_out if section.is_paired]
    names = [field.name for field in paired[0].fields]
    assert all(
        words == f"{SAYS}{name}" for name, words in zip(names[::2], names[1::2], strict=True)
    )
