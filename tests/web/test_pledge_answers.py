"""What a newcomer learns of a pledge before anything else: six answers, and where they are bare."""

import re

import pytest
from django.test import Client

from . import pledges

pytestmark = pytest.mark.usefixtures("_full")


@pytest.fixture
def _full(db: None, _now: None) -> None:
    pledges.full()


def answer(client: Client, ref: str, **query: str) -> str:
    """The text of the block, its tags left out."""
    shown = client.get(f"/pledges/{ref}/", query).content.decode()
    block = shown[shown.index('aria-labelledby="h-answer"') :]
    block = block[block.index(">") + 1 : block.index("</section>")]
    return " ".join(re.sub(r"<[^>]+>", " ", block).split())


def test_six_answers_stand_first(client: Client) -> None:
    said = answer(client, "FULL-HALT")
    for words in (
        "Alpha promised it to Beta .",
        "Made in: The call (1 Mar 2026)",
        "halts · civilians",
        "In force Suspended: The east",
        "9 days 18 h left",
        "readings end between Sat 14 Mar 2026, 06:00 Zurich",
        "Beta denies: the conditions (“ none ”)",
        "Start , told differently: “ 2 March ” ( Alpha ), “ 3 March ” ( Beta )",
        "While the bridge is open. Pending",
        "Kept? Held in part . Verified up to",
    ):
        assert words in said, words
    assert "Lists are exchanged." not in said, "what is met is not what it hangs on"


def test_what_is_not_known_is_said(client: Client) -> None:
    said = answer(client, "FULL-BARE")
    for words in (
        "Beta promised it; to whom is not entered.",
        "Not in force yet: Announced",
        "Not known: no account has been read yet.",
        "Nothing that anybody has named.",
        "Kept? Not assessed : nobody has verified it yet",
    ):
        assert words in said, words


def test_what_nobody_checked_is_told_with_since_when(client: Client) -> None:
    said = answer(client, "FULL-HALT", at="2026-03-02T12:00Z")
    assert "nobody has verified it since it entered into force, Mon 2 Mar 2026, 00:00" in said


def test_without_conditions_it_hangs_on_other_pledges(client: Client) -> None:
    said = answer(client, "FULL-TO-COME", at="2026-03-21")
    assert "What it hangs on ○ It rests on: Alpha halts fire Expired" in said


def test_what_a_suspension_does_to_the_clock_is_said(client: Client) -> None:
    assert "A suspension does not stop the clock." in answer(client, "FULL-HALT")


def test_what_has_not_happened_is_awaited(client: Client) -> None:
    said = answer(client, "FULL-GUNS")
    assert "Not in force yet: Awaiting trigger" in said
    assert "awaits The second signature" in said


def test_what_is_over_is_no_longer_in_force(client: Client) -> None:
    said = answer(client, "FULL-HALT", at="2026-03-14T05:00Z")
    assert "No longer in force: Expired" in said
    assert "ran out" in said


def test_before_others_spoke_nobody_said_otherwise(client: Client) -> None:
    said = answer(client, "FULL-HALT", at="2026-03-01T12:00Z")
    assert "Nobody in the one account that was read." in said
    assert "Beta denies" not in said


def test_what_is_left_out_is_counted(client: Client) -> None:
    pledges.many(accounts=12, conditions=9, incidents=5)
    said = answer(client, "FULL-HALT")
    assert "and 5 more" in said, "of eight ways in which the start is told"
    assert "and 7 more open conditions" in said
    notices = client.get("/pledges/FULL-HALT/").content.decode()
    notices = notices[notices.index('id="h-flags"') : notices.index('class="contents"')]
    assert notices.count("Shot") == 1
    assert "and 4 more" in notices
