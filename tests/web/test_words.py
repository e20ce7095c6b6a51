"""Every stored value has a word for people, and each band a shape of its own."""

from collections.abc import Iterable

import pytest

from tracker.domain import filters, flags
from tracker.domain.access import Role
from tracker.domain.bands import Band
from tracker.domain.facts import (
    ACCOUNT_FIELDS,
    Act,
    ConditionKind,
    LinkKind,
    OpenEnd,
    Rule,
    Stance,
    Subject,
)
from tracker.domain.transitions import Compliance, Machine, Stage, states
from tracker.templatetags import words
from tracker.words import LABELS


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("stage", Stage),
        ("compliance", Compliance),
        ("band", Band),
        ("filter", filters.NAMES),
        ("part", filters.ROLES),
        ("act", Act),
        ("subject", Subject),
        ("rule", Rule),
        ("open_end", OpenEnd),
        ("condition_kind", ConditionKind),
        ("extension_kind", LinkKind),
        ("stance", Stance),
        ("field", ACCOUNT_FIELDS),
        ("field_inline", ACCOUNT_FIELDS),
        ("flag", flags.KINDS),
        ("role", Role),
        ("condition", states(Machine.CONDITION)),
        ("condition", states(Machine.RELEASE)),
        ("acknowledgement", states(Machine.ACKNOWLEDGEMENT)),
        ("binding", states(Machine.BINDING)),
        ("incident", states(Machine.INCIDENT)),
        ("attribution", states(Machine.ATTRIBUTION)),
        ("deadline", states(Machine.DEADLINE)),
        ("extension", states(Machine.EXTENSION)),
    ],
)
def test_every_value_has_a_label(kind: str, values: Iterable[str]) -> None:
    assert [value for value in values if value not in LABELS[kind]] == []


def test_what_has_no_label_is_readable() -> None:
    assert words.word("no_such-stage", "stage") == "no such stage"
    assert words.word(None, "stage") == ""
    assert words.word(Stage.IN_FORCE, "stage") == "In force"


def test_an_overlay_names_its_area() -> None:
    assert words.overlay("suspended") == "Suspended"
    assert words.overlay("suspended:east district") == "Suspended: east district"


def test_bands_differ_in_shape() -> None:
    marks = {words.mark(band).partition("<path")[2] for band in Band}
    assert len(marks) == len(Band)
    assert all('aria-hidden="true"' in words.mark(band) for band in Band)


def test_an_account_without_quotation_says_what_it_speaks_to() -> None:
    account = {"start": "denies", "end": "asserts", "scope": "silent", "values": {"end": "1 May"}}
    assert words.spoken(account) == [("denies", "start", ""), ("asserts", "end", "1 May")]
