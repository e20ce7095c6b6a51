"""Lists, starts told in an aside, second partners, what is off on a breach: how each is read."""

from datetime import date

import pytest

from tracker.suggestions import Kind, Suggestion, suggest

DAY = date(2025, 6, 5)  # a Thursday


def found(text: str) -> list[Suggestion]:
    return suggest(text, published=DAY)


def names(one: Suggestion) -> list[str]:
    return [party.name for party in one.pledgors]


def test_a_list_within_a_sentence() -> None:
    text = (
        "Chad and Niger commit to the following: refrain from any attack on the border; vacate"
        " the hospitals within seven days; cooperation on demining."
    )
    first, second, third = found(text)
    assert [one.kind for one in (first, second, third)] == [
        Kind.REFRAINING,
        Kind.COMMITMENT,
        Kind.COMMITMENT,
    ]
    assert all(names(one) == ["Chad", "Niger"] for one in (first, second, third))
    assert str(second.duration) == "P7D"
    assert third.passage == "cooperation on demining"


def test_an_item_without_a_verb_after_as_follows() -> None:
    text = (
        "Chad and Niger have reached a common understanding as follows: an immediate ceasefire"
        " with effect from 24:00 hours (local time) on 28 June 2025."
    )
    (one,) = found(text)
    assert (one.kind, one.act, names(one)) == (Kind.COMMITMENT, "halt", ["Chad", "Niger"])
    assert one.begins is not None
    assert str(one.begins.stated) == "2025-06-29 00:00"


def test_a_list_below_a_lead_whose_subject_stands_above_it() -> None:
    text = (
        "The Northern Front and the Government of Chad,\n\n"
        "agree to the following:\n\n"
        "a. allow civilians safe passage;\n"
        "b. collect and bury the dead.\n"
    )
    assert [names(one) for one in found(text)] == [["Northern Front", "Chad"]] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Chad gave the following reasons: fear of arrest; the absence of a truce.",
        "The following states have signed the truce agreement: the Republic of Chad; Niger.",
    ],
)
def test_a_list_of_something_else_is_none(text: str) -> None:
    assert not [one for one in found(text) if one.rule.startswith("item")]


def test_a_truce_that_ends_unless_renewed_breaks_nothing() -> None:
    kinds = [one.condition for one in found("The truce will expire on Friday unless extended.")]
    assert "release_on_breach" not in kinds


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Rwanda and the AFC/M23 agreed to a truce.", ["Rwanda", "M23"]),
        ("Sudan's army and the SPLM/A-IO agreed to a truce.", ["Sudan", "SPLM/A-IO"]),
        (
            "The army and the RSF-aligned SPLA-N agreed to a truce.",
            ["the army", "SPLA-N"],
        ),
        ("Mediators Egypt and Qatar called for a truce.", ["Egypt", "Qatar"]),
    ],
)
def test_partners(text: str, who: list[str]) -> None:
    (one,) = found(text)
    assert names(one) == who


def test_a_second_return_by_another_day() -> None:
    text = (
        "Armenia shall return the Kelbajar district by 15 November 2025, and the Lachin district"
        " by 1 December 2025."
    )
    first, second = found(text)
    assert second.passage == "the Lachin district by 1 December 2025"
    assert (first.act, second.act) == ("withdraw", "withdraw")
    assert names(second) == ["Armenia"]
    assert first.ends is not None
    assert second.ends is not None
    assert (str(first.ends.stated), str(second.ends.stated)) == ("2025-11-15", "2025-12-01")


def test_a_start_told_in_an_aside() -> None:
    text = (
        "Chad and Niger agreed to a 60-day truce, which took effect at 4 a.m. on Wednesday,"
        " 4 June 2025."
    )
    (one,) = found(text)
    assert one.begins is not None
    assert "4 a.m." in one.begins.text
    assert str(one.duration) == "P60D"


def test_since_when_somebody_is_held_starts_nothing() -> None:
    (one,) = found("Chad will release 30 hostages held since 7 October 2023.")
    assert one.begins is None


def test_days_of_one_month_and_a_day_of_a_phase() -> None:
    one, other = found(
        "Chad declared a truce. The truce runs from June 10 to 22. Talks on the second phase are"
        " to begin by the 16th day of the first phase."
    )[1:]
    assert one.ends is not None
    assert str(one.ends.stated) == "2025-06-22"
    assert (other.act, other.ends is not None and other.ends.event) == ("negotiate", True)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("Chad announced a fortnight's halt to attacks.", "P14D"),
        ("Chad agreed to suspend hostilities for a fortnight.", "P14D"),
        ("Chad accepted a six-week truce.", "P42D"),
        ("Chad proclaimed a month-long truce.", "P1M"),
        ("Chad and Niger reached a three-phase, 42-day ceasefire deal.", "P42D"),
    ],
)
def test_durations(text: str, duration: str) -> None:
    assert [str(one.duration) for one in found(text)] == [duration]


@pytest.mark.parametrize(
    "text",
    [
        "Chad agreed to a truce. Ndjamena said the truce could be suspended if Niger broke it.",
        "Chad agreed to a truce. The airstrip would be closed if either side fired on it.",
        "Chad agreed to a truce. If the captives are not freed by noon, the truce will end.",
        "Chad agreed to a truce. Chad said it would respond to any violation by Niger.",
    ],
)
def test_what_is_off_on_a_breach(text: str) -> None:
    last = found(text)[-1]
    assert (last.kind, last.condition) == (Kind.CONDITION, "release_on_breach")
    assert [one.kind for one in found(text)].count(Kind.COMMITMENT) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Zelenskyy urged Washington to monitor compliance with the truce.", "demand"),
        ("Germany pressed Moscow to end all strikes.", "demand"),
        ("Hamas warned that any violation would put the truce at risk.", "concern"),
        ("Mali reaffirmed its readiness to release detainees.", "proposal"),
        ("Mali affirmed its commitment to withdraw its troops.", "commitment"),
        ("Mali said the truce would not begin until the convoys had left.", "condition"),
        ("Mali accused Niger of hitting a hospital despite the truce.", "reported_violation"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert [str(one.kind) for one in found(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Analysts say talks on a truce will begin in June.",
        "Oil prices fell after the ceasefire was announced.",
        "Similar truces were announced and broken in 2022.",
        "The rebels vowed to resume attacks during the ceasefire.",
        "Mali said it would not allow any group to use the truce.",
        "Mediators of the ceasefire will return to Cairo on Sunday.",
        "Mali stopped short of saying who broke the truce.",
    ],
)
def test_nothing(text: str) -> None:
    assert found(text) == []


def test_populated_areas_are_land_to_withdraw_from() -> None:
    (one,) = found("Israeli forces will pull back from densely populated areas.")
    assert (one.act, one.subject) == ("withdraw", "territory")
