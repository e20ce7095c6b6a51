"""Quotations are placed where they are entered; a thing and its first account stand or fall."""

from typing import Any

import pytest

from tests import kept
from tests.actions.house import Made, full
from tracker.actions import accounts, positions, sources
from tracker.domain.errors import Invalid
from tracker.models import Account, LedgerEntry, Pledge, Position, Source
from tracker.selectors import ledger

pytestmark = pytest.mark.django_db
TEXT = "They will halt\u00a0fire. They may answer. They may answer."


@pytest.fixture
@kept.once
def made() -> Made:
    found = full()
    speech(found)
    return found


def speech(made: Made, key: str = "speech", text: str = TEXT) -> Source:
    how: dict[str, Any] = {"title": "A speech", "kind": "statement", "public": "2025-03-18 UTC"}
    return sources.add(dossier=made.dossier, key=key, snapshot=text, **how, **made.how())


def entered(made: Made, **columns: Any) -> Account:
    given: dict[str, Any] = {"source": "speech", "public": "2025-03-18 UTC", **columns}
    of = Pledge.objects.get(ref="case-1")
    return accounts.record(of=of, **given, **made.how())


def test_a_quotation_that_is_there_once_is_placed(made: Made) -> None:
    one = entered(made, quotation="will halt fire")
    start = TEXT.index("will")
    assert one.place == {
        "start": start,
        "end": start + 14,
        "prefix": "They ",
        "suffix": TEXT[start + 14 :][:32],
    }
    assert list(ledger.differences(made.dossier.slug)) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"quotation": "may answer"},
        {"quotation": "nothing of it"},
        {"quotation": "will halt fire", "is_paraphrase": True},
        {"quotation": "will halt fire", "place": None},
        {"quotation": ""},
    ],
)
def test_what_is_not_in_one_place_has_none(made: Made, columns: dict[str, Any]) -> None:
    assert entered(made, **columns).place is None


@pytest.mark.parametrize(
    ("quotation", "place", "column"),
    [
        ("will halt fire", {"start": 0, "end": 999}, "place"),
        ("will halt fire", {"start": 9, "end": 5}, "place"),
        ("will halt fire", {"start": 5, "end": 19, "prefix": "We "}, "place"),
        ("will halt fire", {"start": 0, "end": 4}, "quotation"),
        ("", {"start": 0, "end": 999}, "place"),
    ],
)
def test_a_place_that_is_given_is_held_to_the_text(
    made: Made, quotation: str, place: dict[str, Any], column: str
) -> None:
    before = LedgerEntry.objects.count()
    with pytest.raises(Invalid) as refused:
        entered(made, quotation=quotation, place=place)
    assert refused.value.field == column
    assert LedgerEntry.objects.count() == before


def test_of_equal_passages_the_one_that_is_given_counts(made: Made) -> None:
    start = TEXT.rindex("may")
    one = entered(made, quotation="may answer", place={"start": start, "end": start + 10})
    assert one.place["prefix"].endswith("They may answer. They ")


def test_an_amended_quotation_is_placed_anew(made: Made) -> None:
    one = entered(made, quotation="will halt fire")
    kept = one.place
    assert accounts.amend(row=one, speaker="Minister", **made.how()).place == kept
    assert accounts.amend(row=one, quotation="They will", **made.how()).place["start"] == 0
    speech(made, "other", "Nothing of the kind.")
    assert accounts.amend(row=one, source="other", **made.how()).place is None


def test_a_thing_and_its_account_stand_or_fall_together(made: Made) -> None:
    def enter() -> Position:
        return positions.record(
            dossier=made.dossier,
            ref="CASE-MAY",
            title="They may answer",
            kind="proposal",
            party="case-beta",
            public="2025-03-18 UTC",
            **made.how(),
        )

    said: dict[str, Any] = {
        "source": "speech",
        "quotation": "will halt fire",
        "public": "2025-03-18 UTC",
    }
    before = LedgerEntry.objects.count()
    with pytest.raises(Invalid) as refused:
        accounts.quoted(enter=enter, credibility=9, **said, **made.how())
    assert refused.value.field == "account_credibility"
    assert LedgerEntry.objects.count() == before
    assert not Position.objects.filter(ref="CASE-MAY").exists()
    accounts.quoted(enter=enter, **said, **made.how())
    assert Account.objects.get(position__ref="CASE-MAY").place["start"] == TEXT.index("will")
