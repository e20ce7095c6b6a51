"""What holds for any text: anchored, deterministic, in reading order, bounded; whom it knows."""

import itertools
import json
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import FrameType

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.models.condition import Condition
from tracker.models.position import KINDS
from tracker.suggestions import KnownParty, suggest
from tracker.suggestions.values import PositionKind

from .scorer import texts

WORDS = (
    "Russia Kyiv will shall not agreed to halt strikes , . “ ” ; : if provided that unless 30 days"
    " until midnight on Sunday 1. - accused of violating said ( ) 's truce would be released 12:00"
    " U.S. withdraw and or by 99999999 24:00 GMT Moscow time noon pm 2025-02-30 31.02.2025 April no"
    " longer in exchange for free to going truce's parties' each neither it We its both which who"
)
FRAGMENTS = st.sampled_from([*WORDS.split(), "the rebels", "both sides", "in 2015", "\n", "\n\n"])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=60).map(" ".join)))
def test_total_anchored_and_deterministic(text: str) -> None:
    found = suggest(text)
    assert found == suggest(text)
    for one in found:
        assert text[one.start : one.end] == one.passage != ""
        for named in (*one.pledgors, *one.addressees):
            assert 0 <= named.start < named.end <= len(text)
        for moment in (one.begins, one.ends):
            assert moment is None or one.start <= moment.start < moment.end <= one.end


def test_passages_come_in_reading_order_and_apart() -> None:
    """Two of one kind never share words, but for an aside within a statement."""
    for part in ("tuned", "held_out"):
        for text in texts(part):
            found = suggest(text.text, parties=text.parties, published=text.published)
            assert found == sorted(found, key=lambda one: one.start), text.name
            for before, after in itertools.pairwise(found):
                assert before.end <= after.start, (text.name, before.passage, after.passage)


@pytest.mark.parametrize(
    "unit",
    [
        "Chad pledged to halt strikes for 30 days, provided that Niger does the same. ",
        "Russia will halt strikes and ",
        "They agree to the following: (a) halt fire by 1 May, and the raids by 2 May; (b) talks; ",
        "The parties agree to the following:\n1. cooperation on demining;\n",
        "shall not and to ",
        "if the , and ",
        "“will ” ",
        "Russia, Ukraine and ",
        "- halt strikes\n",
        "(",
        "a-",
    ],
)
def test_the_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    """Counted in calls, not in seconds: three times the text, three times the calls."""
    suggest(unit)  # what is made once, is made
    once = _calls(lambda: suggest(unit * 120))
    thrice = _calls(lambda: suggest(unit * 360))
    assert thrice <= 3.3 * once + 2000


def _calls(work: Callable[[], object]) -> int:
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_no_code_point_is_lost_on_the_way() -> None:
    text = "🕊️\u200b Chad\u00a0agreed to\r\nhalt strikes for 30\u00a0days.\u202e"
    (one,) = suggest(text)
    assert text[one.start : one.end] == one.passage
    assert str(one.duration) == "P30D"


def test_the_registers_parties_are_known_by_name_and_alias() -> None:
    parties = [
        KnownParty("russia", "Russia", ("Russian Federation", "Moscow")),
        KnownParty("hill-council", "Council of the Hills", ("CoH",)),
    ]
    (kremlin,) = suggest("The Kremlin agreed to halt strikes.", parties=parties)
    assert [party.slug for party in kremlin.pledgors] == ["russia"]
    (council,) = suggest("CoH pledged to release its prisoners.", parties=parties)
    assert [party.slug for party in council.pledgors] == ["hill-council"]


def test_whom_the_text_introduces_is_known_from_there_on() -> None:
    text = (
        "Sudanese Foreign Minister Amal Idris arrived. The Eastern Salvation Front (ESF) sent none."
        " Idris pledged to halt air strikes. The ESF agreed to release 20 prisoners."
    )
    first, second = suggest(text)
    assert [party.name for party in first.pledgors] == ["Sudan"]
    assert [party.name for party in second.pledgors] == ["Eastern Salvation Front"]


def test_names_and_times_stand_as_the_text_has_them() -> None:
    text = (
        "Sudan's army said it would halt strikes for 72 hours. Both sides shall observe a ceasefire"
        " from 18:00 hours (Yerevan time) on 14 May 2025."
    )
    army, ceasefire = suggest(text)
    assert [one.text for one in army.pledgors] == ["Sudan's army"]
    assert ceasefire.begins is not None
    assert ceasefire.begins.text == "18:00 hours (Yerevan time) on 14 May 2025"


def test_kinds_are_the_registers() -> None:
    assert set(PositionKind) == set(KINDS)
    assert {"entry_precondition", "release_on_breach"} <= {
        value for value, _ in Condition._meta.get_field("kind").choices or ()
    }


def test_the_command_prints_a_table_or_json(db: None, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Mali agreed to halt strikes until Sunday. “Ничего”.", encoding="utf-8")
    out = StringIO()
    call_command("suggest", str(path), "--published", "2025-04-17", stdout=out)
    assert "whose: Mali" in out.getvalue()
    assert "1 suggestions." in out.getvalue()
    out = StringIO()
    call_command("suggest", str(path), "--published", "2025-04-17", "--json", stdout=out)
    (one,) = json.loads(out.getvalue())
    assert one["passage"] == "Mali agreed to halt strikes until Sunday"
    assert one["ends"]["stated"] == "2025-04-20"
    assert one["pledgors"][0]["iso"] == "ML"


def test_the_command_refuses_what_it_cannot_read(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("suggest", str(tmp_path / "none.txt"))
    path = tmp_path / "binary.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="not text in UTF-8"):
        call_command("suggest", str(path))
    path.write_text("Nothing.", encoding="utf-8")
    with pytest.raises(CommandError, match="not a day"):
        call_command("suggest", str(path), "--published", "soon")
