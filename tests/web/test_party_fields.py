"""Parties named where they are needed: entered with the row, asked about when like others."""

import pytest
from django.test import Client

from tracker.models import Count, Instrument, Party, Position

pytestmark = pytest.mark.usefixtures("open_house")
NEW = "/dossiers/shut/facts/{}/new/"
POSITION = {
    "title": "The coast asks for talks",
    "key": "SHUT-COAST",
    "kind": "demand",
    "public": "1 March 2026 Zurich",
}


def named(name: str, **more: str) -> dict[str, str]:
    return {"party_new_name": name, "party_new_kind": "other", **more}


def test_a_new_party_is_entered_with_the_row(member: Client) -> None:
    page = NEW.format("position")
    answer = member.post(page, POSITION | named("مجلس الساحل"))
    assert answer.status_code == 302
    party = Position.objects.get(ref="SHUT-COAST").party
    assert party is not None
    assert (party.name, party.kind) == ("مجلس الساحل", "other")


def test_where_the_row_is_refused_no_party_is_entered(member: Client) -> None:
    answer = member.post(
        NEW.format("position"), POSITION | named("Coast Council") | {"key": "SHUT-HALT"}
    )
    assert answer.status_code == 422
    assert 'value="Coast Council"' in answer.content.decode()
    assert not Party.objects.filter(name="Coast Council").exists()


def test_one_of_a_like_name_is_asked_about(member: Client) -> None:
    page = NEW.format("position")
    shown = member.post(page, POSITION | named("The Betas!")).content.decode()
    assert "A party of a name like “The Betas!” is known already." in shown
    assert 'name="party_answer" value="beta"' in shown
    assert "Beta; The Betas" in shown
    chosen = named("The Betas!", party_answer="beta")
    assert member.post(page, POSITION | chosen).status_code == 302
    party = Position.objects.get(ref="SHUT-COAST").party
    assert party is not None
    assert party.slug == "beta"
    assert Party.objects.count() == 2


def test_it_may_be_another_one_all_the_same(member: Client) -> None:
    page = NEW.format("position")
    another = named("Betas", party_answer="another:Betas")
    assert member.post(page, POSITION | another).status_code == 302
    assert Party.objects.filter(name="Betas").count() == 1


@pytest.mark.parametrize("answer", ["beta", "another:Betas"])
def test_an_answer_falls_with_the_name_that_it_was_of(member: Client, answer: str) -> None:
    page = NEW.format("position")
    shown = member.post(page, POSITION | named("Alpha", party_answer=answer)).content.decode()
    assert "A party of a name like “Alpha” is known already." in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"party": "beta", **named("Coast Council")}, "Leave out one of them."),
        (named("Coast Council", party_new_kind=""), "is missing. Choose one."),
        (named("Coast Council", party_new_kind="planet"), "is missing. Choose one."),
        (named("x" * 301), "has 301 characters"),
    ],
)
def test_what_is_wrong_of_a_new_party_is_said(
    member: Client, given: dict[str, str], said: str
) -> None:
    answer = member.post(NEW.format("position"), POSITION | given)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_several_and_a_new_one_among_them(member: Client) -> None:
    given = {
        "title": "Second call",
        "kind": "call",
        "form": "oral",
        "public": "1 March 2026 Zurich",
        "parties": ["alpha"],
        "parties_new_name": "Coast Council",
        "parties_new_kind": "armed_group",
    }
    assert member.post(NEW.format("instrument"), given).status_code == 302
    made = Instrument.objects.get(title="Second call")
    assert sorted(party.slug for party in made.parties.all()) == ["alpha", "coast-council"]


def test_what_parties_are_called_besides_is_there_to_be_searched(member: Client) -> None:
    shown = member.get(NEW.format("position")).content.decode()
    assert '<option value="beta" data-also="The Betas">' in shown
    assert shown.count("Or a new party") == 2


def test_where_a_row_is_amended_a_party_is_only_chosen(member: Client) -> None:
    key = Count.objects.get(dossier__slug="shut").key
    shown = member.get(f"/dossiers/shut/facts/count/{key}/edit/").content.decode()
    assert 'data-also="The Betas"' in shown
    assert "Or a new party" not in shown
