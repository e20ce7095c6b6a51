"""Quotations are found again where they were taken from, and led back to the text as it is."""

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.domain import quotations
from tracker.domain.errors import Invalid
from tracker.domain.folding import Folded
from tracker.domain.quotations import Place, Searched, find, fits, kept, marks, placed

# Any script: Arabic with its marks, Cyrillic, Chinese, a combining accent, beyond the BMP, a
# ligature, what takes no room, several blanks and dashes.
ODD = "aab كَتَبَ мйи\u0306 停火。 e\u0301 👩\u200d👧 🕊\ufe0f ﬁ \u00a0\u2009\u200b\u00ad-–—’'\"“”…\n"
texts = st.text(alphabet=st.sampled_from(ODD), min_size=1, max_size=60).map(kept)
anything = st.text(
    alphabet=st.characters(
        categories=["L", "M", "N", "P", "S", "Z", "Cc", "Cf", "Co", "Cn"], exclude_characters="\0"
    ),
    min_size=1,
    max_size=60,
).map(kept)


@st.composite
def selections(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and a passage of it that is not blank."""
    text = draw(st.one_of(texts, anything))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    assume(text[start:end] == text[start:end].strip())
    return text, start, end


@given(selections())
def test_what_was_selected_is_found_again(selected: tuple[str, int, int]) -> None:
    text, start, end = selected
    spans = [(p.start, p.end) for p in find(text, text[start:end])]
    assert (start, end) in spans
    assert spans == sorted(spans)
    assert all(text[a:b] == text[start:end] for a, b in spans)
    place = placed(text, start, end)
    assert fits(text, place)
    assert find(text, text[start:end], place) == [place]


@given(selections())
def test_offsets_of_a_folded_text_lead_back(selected: tuple[str, int, int]) -> None:
    text, _start, _end = selected
    folded = Folded(text)
    for a in range(len(folded.text)):
        for b in range(a + 1, len(folded.text) + 1):
            span = folded.original(a, b)
            if span is not None:
                assert 0 <= span[0] < span[1] <= len(text)
    whole = folded.original(0, len(folded.text)) if folded.text else (0, len(text))
    assert whole is not None
    assert Folded(text[slice(*whole)]).text == folded.text


@given(selections(), st.sampled_from(["\u00a0", "\u2009", "\n", "  ", " \u200b", "\r\n", "\u3000"]))
def test_another_blank_is_the_same_blank(selected: tuple[str, int, int], blank: str) -> None:
    text, start, end = selected
    # What nobody sees at an end may be left out of what is found.
    assume(Folded(text[start]).text.strip() and Folded(text[end - 1]).text.strip())
    typed = text[start:end].replace(" ", blank)
    spans = [(p.start, p.end) for p in find(text, typed)]
    assert any(a <= start + 1 and b >= end - 1 for a, b in spans) or _splits(text, start, end)


def _splits(text: str, start: int, end: int) -> bool:
    """Whether the selection begins or ends within what people see as one character or gap."""
    folded = Folded(text)
    at = [folded.original(a, a + 1) for a in range(len(folded.text))]
    starts, ends = {s[0] for s in at if s}, {s[1] for s in at if s}
    return start not in starts or end not in ends


@pytest.mark.parametrize(
    ("text", "quotation", "passage"),
    [
        ("for 30\u00a0days\u2009of calm", "30 days of", "30\u00a0days\u2009of"),
        ("for 30\n   days", "30 days", "30\n   days"),
        ("an agree-\nment to halt", "agreement to", "agree-\nment to"),
        ("an agree\u00ad\nment", "agreement", "agree\u00ad\nment"),
        ("an agreement to halt", "agree-\nment to", "agreement to"),
        ("the cease-\nfire", "cease-fire", "cease-\nfire"),
        ("the ceasefire", "cease-fire", "ceasefire"),
        ("so\u00adft w\u200bords", "soft words", "so\u00adft w\u200bords"),
        ("it’s “so”, then", 'it\'s "so",', "it’s “so”,"),
        ("10 – 12 days", "10-12 days", "10 – 12 days"),
        ("the oﬃce ﬁre", "office fire", "oﬃce ﬁre"),
        ("a cafe\u0301 there", "café", "cafe\u0301"),
        ("a café there", "cafe\u0301", "café"),
        ("его ми\u0306", "мй", "ми\u0306"),
        ("его ми\u0306", "ко", None),
        ("его мой дом", "мои\u0306", "мой"),
        ("كَتَبَ الرئيس", "كَتَبَ", "كَتَبَ"),
        ("كَتَبَ الرئيس", "كتب", None),
        ("ﻛﺘﺐ", "كتب", "ﻛﺘﺐ"),
        ("今天停火\n协议生效", "停火协议", "停火\n协议"),
        ("ＡＢＣ", "ABC", "ＡＢＣ"),
        ("10² days", "102 days", None),
        ("peace 🕊\ufe0f now", "peace 🕊 now", "peace 🕊\ufe0f now"),
        ("We halt fire.", "“We halt fire.”", "We halt fire."),
        ("We halt fire.", "we halt fire.", None),
        ("We will halt all fire today.", "We will […] today", "We will halt all fire today"),
        ("We will halt\nall fire today.", "We will ... today", "We will halt\nall fire today"),
        ("We will.\n \nIt ends today.", "We will ... today", None),
        ("wait… for it", "wait... for", "wait… for"),
        ("a b", "…", None),
        ("a b", " \n ", None),
    ],
)
def test_as_it_reads(text: str, quotation: str, passage: str | None) -> None:
    found = find(text, quotation)
    assert [text[p.start : p.end] for p in found] == ([passage] if passage else [])


def test_an_ellipsis_reaches_the_nearest_and_not_too_far() -> None:
    text = "begin end begin end"
    assert [(p.start, p.end) for p in find(text, "begin [...] end")] == [(0, 9), (10, 19)]
    far = "begin" + " x" * quotations.LEFT_OUT + " end"
    assert find(far, "begin … end") == []


def test_equal_passages_are_told_apart_by_what_stands_around_them() -> None:
    text = "Alpha will halt. Beta will halt. Gamma will halt."
    found = find(text, "will halt")
    assert [p.start for p in found] == [6, 22, 39]
    meant = Place(999, 1008, "Beta ", ".")
    assert find(text, "will halt", meant) == [found[1]]
    unknown = Place(999, 1008, "Delta ", "!")
    assert find(text, "will halt", unknown) == found
    assert find(text, "will halt", Place(999, 1008)) == found
    forged = Place(0, 5)
    assert find(text, "will halt", forged) == found


def test_a_place_holds_while_the_text_around_it_does() -> None:
    place = placed("one two three", 4, 7)
    assert (place.prefix, place.suffix) == ("one ", " three")
    assert fits("one two three", place)
    assert not fits("two one three", place)
    assert quotations.of_state(place.state) == place
    for start, end in [(-1, 2), (3, 3), (2, 1), (0, 14), (13, 14)]:
        with pytest.raises(Invalid):
            placed("one two three", start, end)


def test_how_much_of_a_quotation_is_there() -> None:
    searched = Searched("They will halt\nfire for ten days, and then talk.")
    assert searched.first_words("will halt fire for nine days") == "will halt fire for"
    assert searched.first_words("nobody will halt") == ""
    assert searched.first_words("will halt") == "will halt"
    assert searched.first_words(" ") == ""


def test_one_kind_of_line_break_and_no_nul() -> None:
    assert kept("a\r\nb\rc\u2028d\u2029e\n") == "a\nb\nc\nd\ne\n"
    with pytest.raises(Invalid):
        kept("a\0b")


spans = st.lists(st.tuples(st.integers(-2, 30), st.integers(-2, 30)), max_size=8)


@given(st.text(max_size=25), spans)
def test_segments_are_the_text_and_know_what_covers_them(
    text: str, drawn: list[tuple[int, int]]
) -> None:
    places = [(str(n), Place(a, b)) for n, (a, b) in enumerate(drawn)]
    found = marks(text, places)
    assert "".join(one.text for one in found) == text
    assert all(one.text for one in found)
    at = 0
    for one in found:
        stop = at + len(one.text)
        inside = {k: p for k, p in places if 0 <= p.start < p.end <= len(text)}
        assert set(one.covers) == {k for k, p in inside.items() if p.start <= at and stop <= p.end}
        assert set(one.begins) == {k for k, p in inside.items() if p.start == at}
        assert set(one.ends) == {k for k, p in inside.items() if p.end == stop}
        at = stop
    good = [k for k, p in places if 0 <= p.start < p.end <= len(text)]
    assert sorted(k for one in found for k in one.begins) == sorted(good)
    assert sorted(k for one in found for k in one.ends) == sorted(good)


def calls(run: Callable[[], Any]) -> int:
    """How many functions are called, Python's own among them; none for the first time."""
    run()
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.collect()
    gc.disable()  # who listens to the collector would be counted
    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "They agreed — “today” — to halt for 30 days.\n",
        "Стороны договорились: мой дом, 30 дней. ",
        "وقّعَ الطَّرفانِ الاتِّفاقَ. ",
        "停火协议将生效。",
        "e\u0301",
        "begin ",
    ],
)
@pytest.mark.parametrize("quotation", ["not there at all", "e", "begin […] never", "begin … begin"])
def test_what_it_takes_grows_with_the_text_and_no_faster(unit: str, quotation: str) -> None:
    def run(times: int) -> Callable[[], Any]:
        return lambda: Searched(unit * times).find(quotation)

    assert calls(run(2000)) <= 2.2 * calls(run(1000)) + 200
