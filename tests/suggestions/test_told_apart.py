"""Wordings that an analyst tells apart, one sentence each: what is proposed, and what is not."""

from datetime import date

import pytest

from tracker.suggestions import Kind, KnownParty, Suggestion, suggest

DAY = date(2025, 6, 5)  # a Thursday


def only(text: str) -> Suggestion:
    found = suggest(text, published=DAY)
    assert len(found) == 1, [(one.kind, one.passage) for one in found]
    return found[0]


def kinds(text: str) -> list[str]:
    return [str(one.kind) for one in suggest(text, published=DAY)]


@pytest.mark.parametrize(
    ("text", "kind", "act", "subject"),
    [
        (
            "Chad pledged to halt strikes on power plants for 30 days.",
            "commitment",
            "halt",
            "energy_infrastructure",
        ),
        (
            "Both sides agreed to develop measures for a ban on strikes on power plants.",
            "commitment",
            "negotiate",
            "energy_infrastructure",
        ),
        ("Israeli forces will withdraw from the town.", "commitment", "withdraw", "territory"),
        ("Sudan ordered its army to stop the shelling.", "commitment", "halt", "other"),
        (
            "The rebels promised not to attack civilians.",
            "refraining",
            "refrain",
            "civilians",
        ),
        (
            "The Parties shall refrain from hostile propaganda.",
            "refraining",
            "refrain",
            "media",
        ),
        (
            "Prisoners will be exchanged by Armenia and Azerbaijan on Friday.",
            "commitment",
            "release",
            "prisoners",
        ),
        (
            "A 30-day halt to strikes on energy facilities was announced by the Kremlin.",
            "commitment",
            "halt",
            "energy_infrastructure",
        ),
        (
            "It was agreed to set up a joint commission.",
            "commitment",
            "establish",
            "other",
        ),
        (
            "Yemen will allow aid convoys through the port.",
            "commitment",
            "allow",
            "humanitarian_access",
        ),
    ],
)
def test_commitments(text: str, kind: str, act: str, subject: str) -> None:
    one = only(text)
    assert (one.kind, one.act, one.subject) == (kind, act, subject)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Kenya called for an immediate ceasefire.", "demand"),
        ("Kenya urged both sides to release all prisoners.", "demand"),
        ("Kenya expressed concern that the truce would not hold.", "concern"),
        ("Kenya offered to host talks and to open its airspace to aid flights.", "proposal"),
        ("Kenya rejected the proposal for a truce.", "refusal"),
        ("Kenya stopped short of committing to a truce.", "discussed"),
        ("Kenya made no commitment on the release of prisoners.", "discussed"),
        ("Kenya did not agree to the withdrawal.", "discussed"),
        ("Kenya denied having agreed to a ceasefire.", "discussed"),
        ("Both sides share the goal of a lasting peace.", "shared_aim"),
        ("The two leaders agreed that the war must end.", "shared_aim"),
    ],
)
def test_positions(text: str, position: str) -> None:
    one = only(text)
    assert one.position == position
    assert one.noun == "position"


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Mali will halt strikes, provided that Niger does the same.", "reciprocity"),
        ("Mali will halt strikes as long as the talks last.", "continuing"),
        ("Mali has agreed to withdraw, subject to approval by parliament.", "entry_precondition"),
        ("Mali will release 20 prisoners unless the attacks continue.", "entry_precondition"),
    ],
)
def test_conditions_stand_beside_what_they_hang_on(text: str, condition: str) -> None:
    statement, hung = suggest(text, published=DAY)
    assert statement.kind == Kind.COMMITMENT
    assert (hung.kind, hung.condition) == (Kind.CONDITION, condition)
    assert statement.end <= hung.start


def test_a_release_on_breach_is_no_commitment() -> None:
    one = only("If either side breaks the truce, the other will be free to resume operations.")
    assert (one.kind, one.condition) == (Kind.CONDITION, "release_on_breach")


@pytest.mark.parametrize(
    "text",
    [
        "Mali may withdraw its troops and could release some prisoners.",
        "Mali is considering a truce.",
        "Analysts doubt whether Mali would agree to a truce.",
        "Would Mali halt the strikes?",
        "Mali halted the strikes an hour later.",
        "The minister will leave for Geneva on Friday.",
        "He spoke on condition of anonymity.",
        "No violations of the truce were reported.",
        "Mali denied violating the truce.",
        "Mediators hope that Mali will withdraw its troops.",
    ],
)
def test_what_is_no_statement(text: str) -> None:
    assert kinds(text) == []


def test_coordination_makes_two_and_keeps_the_pledgor() -> None:
    first, second = suggest("Niger will halt strikes and release 175 prisoners.")
    assert (first.act, second.act) == ("halt", "release")
    assert first.pledgors == second.pledgors
    assert first.end <= second.start


def test_who_speaks_is_not_who_is_bound() -> None:
    one = only("Kremlin spokesman Ivan Petrov said Armenia had agreed to withdraw its artillery.")
    assert [party.name for party in one.pledgors] == ["Armenia"]
    assert one.speaker is not None
    assert one.speaker.text == "Kremlin spokesman Ivan Petrov"
    assert one.on_behalf is not None
    assert one.on_behalf.iso == "RU"


def test_a_violation_names_the_accused_the_accuser_and_the_count() -> None:
    one = only("Lebanon accused Israel of violating the ceasefire 52 times.")
    assert [party.name for party in one.pledgors] == ["Israel"]
    assert one.on_behalf is not None
    assert (one.on_behalf.name, one.count, one.noun) == ("Lebanon", 52, "count")


def test_history_is_marked() -> None:
    one = only("In 1999 the two governments agreed to withdraw heavy weapons.")
    assert "past" in one.marks


def test_an_extension_is_marked() -> None:
    one = only("The parties agreed to extend the truce for another two months.")
    assert one.noun == "extension"
    assert str(one.duration) == "P2M"


def test_a_coordinated_verb_belongs_to_the_main_subject() -> None:
    demand, concern = suggest(
        "The Kremlin demanded that foreign arms for Kyiv stop altogether, and voiced concern about"
        " the monitoring of the front.",
        published=DAY,
    )
    assert demand.kind == "demand"
    assert [party.name for party in demand.pledgors] == ["Russia"]
    assert concern.kind == "concern"
    assert [party.name for party in concern.pledgors] == ["Russia"]


def test_a_later_statement_is_not_stretched_over_an_earlier_one() -> None:
    text = (
        "Ukraine said that it would back the plan once it had read it, and called for a full"
        " ceasefire of 30 days."
    )
    found = suggest(text, published=DAY)
    assert [str(one.kind) for one in found] == ["proposal", "condition", "demand"]
    assert found[-1].passage == "called for a full ceasefire of 30 days"
    assert str(found[-1].duration) == "P30D"
    assert [party.name for party in found[-1].pledgors] == ["Ukraine"]


@pytest.mark.parametrize(
    "subject",
    [
        "The president of Russia",
        "The foreign ministry of Russia",
        "The Government of the Russian Federation",
        "An official in Moscow",
    ],
)
def test_who_speaks_for_a_state_is_the_state(subject: str) -> None:
    one = suggest(
        f"{subject} promised to halt strikes on ports.",
        parties=[KnownParty("russia", "Russia", ("Moscow",))],
        published=DAY,
    )[0]
    assert [party.slug for party in one.pledgors] == ["russia"]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("since Monday", "2025-06-02"),
        ("since Thursday", "2025-06-05"),
        ("since Friday", "2025-05-30"),
        ("since last Thursday", "2025-05-29"),
    ],
)
def test_since_a_weekday_is_the_one_before(when: str, day: str) -> None:
    one = only(f"Russia accused Ukraine of violating the truce 11 times {when}.")
    assert one.begins is not None
    assert str(one.begins.stated) == day


def test_a_headline_that_names_nobody_gives_way_to_the_text() -> None:
    text = "Presidents agree on a halt\n\nChad agreed to halt strikes on Libya for 30 days."
    assert [one.pledgors[0].name for one in suggest(text, published=DAY)] == ["Chad"]
    assert len(suggest("Presidents agree on a halt", published=DAY)) == 1


def test_a_text_about_no_conflict_that_names_no_party_gets_nothing() -> None:
    text = (
        "The drivers agreed to suspend their walkout for two weeks. The union called on both sides"
        " to talk. Commuters were pleased. Tickets stay valid."
    )
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("There will be no withdrawal before the hostages are home, Israel said.", "no_commitment"),
        ("Mali gave the rebels ten days to leave the town.", "demand"),
        ("Air strikes on the town continued despite the truce.", "reported_violation"),
        ("Sudan's soldiers will stay in the buffer zone.", "no_commitment"),
        ("The truce, which takes effect on Friday, covers the border.", "commitment"),
        ("Mali never agreed to withdraw its troops.", "no_commitment"),
    ],
)
def test_more_wordings(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_a_text_that_ends_in_a_partys_letter() -> None:
    assert kinds("The prisoners shall be released by Party A") == ["commitment"]
