"""A refusal by a rule names values by the words of the forms, never as they are stored."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from tracker.actions import conditions, extensions, moves, readings
from tracker.domain import terms
from tracker.domain.durations import parse
from tracker.domain.errors import DomainError
from tracker.domain.facts import Rule
from tracker.domain.transitions import MOVES, Machine
from tracker.words import LABELS

from . import house

pytestmark = pytest.mark.django_db
DAY = "2025-03-18 Europe/Moscow"
STORED = re.compile(r"\b(inclusive|exclusive|through or until|\w+_\w+)\b")


@pytest.fixture
def made() -> house.Made:
    return house.full()


@pytest.mark.parametrize(
    ("columns", "wants"),
    [
        ({"duration": "P30D", "rule": "through"}, "“through that day” says what an end date means"),
        (
            {"duration": "PT30H", "rule": "inclusive"},
            "30 hours has hours: “day of the start counted”",
        ),
        ({"end": DAY, "rule": "exclusive"}, "“through that day”, “until that day begins”"),
        (
            {"duration": "P30D", "end_trigger": "signed"},
            "a trigger until which it runs and a duration",
        ),
    ],
)
def test_a_reading(made: house.Made, columns: dict[str, Any], wants: str) -> None:
    if "end_trigger" in columns:
        columns = columns | {"end_trigger": made.trigger}
    with pytest.raises(DomainError) as refused:
        readings.add(of=made.pledge, public=DAY, start=DAY, **columns, **made.how())
    assert wants in str(refused.value)
    assert not STORED.search(str(refused.value))


def test_an_extension(made: house.Made) -> None:
    with pytest.raises(DomainError) as refused:
        extensions.propose(
            pledge=made.pledge, kind="extended", duration="P5D", start=DAY, public=DAY, **made.how()
        )
    assert str(refused.value) == (
        "“Extended” has no start of its own. Use one of: “Renewed”, “Revived”."
    )


def test_a_condition(made: house.Made) -> None:
    link = extensions.propose(
        pledge=made.pledge, kind="extended", duration="P5D", public=DAY, **made.how()
    )
    with pytest.raises(DomainError) as refused:
        conditions.add(on=link, kind="continuing", text="While.", public=DAY, **made.how())
    assert "“For an extension”" in str(refused.value)


def test_a_move(made: house.Made) -> None:
    link = extensions.propose(
        pledge=made.pledge, kind="extended", duration="P5D", public=DAY, **made.how()
    )
    how: dict[str, Any] = {"public": DAY, "effective": DAY, "reason": "So they said."}
    moves.make(on=link, machine="extension", to="accepted", **how, **made.how())
    with pytest.raises(DomainError) as refused:
        moves.make(on=link, machine="extension", to="rejected", **how, **made.how())
    assert str(refused.value) == (
        "The extension is “accepted” then: it cannot become “rejected”."
        " That is reached from: “proposed”."
    )


def test_every_state_of_every_machine_has_a_word() -> None:
    for move in MOVES:
        words = "condition" if move.machine is Machine.RELEASE else str(move.machine)
        assert {move.to, *move.sources} <= set(LABELS[words])


def test_the_domain_uses_the_same_words() -> None:
    for duration, rule in (("PT30H", Rule.INCLUSIVE), ("P30D", Rule.UNTIL)):
        with pytest.raises(DomainError) as refused:
            terms.count_days(date(2025, 3, 18), parse(duration), rule, "Europe/Moscow")
        named = re.findall("“(.*?)”", str(refused.value))
        assert named
        with override("en"):
            assert set(named) <= {str(word) for word in LABELS["rule"].values()}
