"""The term as one band, and what a pledge hangs on as boxes: drawn here, and said beside it."""

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from . import pledges

pytestmark = pytest.mark.usefixtures("_full")
HALT = "/pledges/FULL-HALT/"


@pytest.fixture
def _full(db: None, _now: None) -> None:
    pledges.full()


def drawn(client: Client, name: str, address: str = HALT, **query: str) -> ElementTree.Element:
    shown = client.get(address, query).content.decode()
    start = shown.index(f'<svg class="{name}"')
    depth, at = 0, start
    for found in re.finditer(r"<(/?)svg\b[^>]*>", shown[start:]):
        depth += -1 if found[1] else 1
        at = start + found.end()
        if depth == 0:
            break
    return ElementTree.fromstring(shown[start:at].replace("&nbsp;", " "))  # noqa: S314


def percent(one: ElementTree.Element, name: str) -> float:
    return float(one.attrib[name].removesuffix("%"))


def of_class(picture: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in picture.iter() if name in one.attrib.get("class", "").split()]


def words(client: Client, begin: str, end: str, address: str = HALT) -> str:
    shown = client.get(address).content.decode()
    start = shown.index(begin)
    return " ".join(re.sub(r"<[^>]+>", " ", shown[start : shown.index(end, start)]).split())


def test_the_term_is_one_band_with_its_envelope_stops_and_now(client: Client) -> None:
    picture = drawn(client, "term-picture")
    (run,) = of_class(picture, "term-run")
    fills = [one.attrib["fill"] for one in of_class(picture, "term-over")]
    assert fills == ["url(#dotted)", "url(#barred)", "url(#hatched)"]
    envelope, stop, halt = of_class(picture, "term-over")
    end = percent(run, "x") + percent(run, "width")
    assert percent(envelope, "x") == pytest.approx(end, abs=0.1), "the adopted reading ends first"
    assert percent(stop, "x") > percent(run, "x")
    assert percent(halt, "x") + percent(halt, "width") == pytest.approx(100, abs=0.1)
    (now,) = of_class(picture, "term-now")
    assert percent(run, "x") < percent(now, "x1") < end
    # A start, an end, a link; two steps; the other reading's end.
    assert len(of_class(picture, "term-mark")) == 6
    assert "style" not in ElementTree.tostring(picture, encoding="unicode")


def test_the_band_says_in_words_what_it_draws(client: Client) -> None:
    said = words(client, 'class="term-events"', "</figure>")
    for line in (
        "It starts, by the adopted reading: Mon 2 Mar 2026",
        "The clock stands still: Mon 2 Mar 2026, 12:00 Zurich (2 Mar 11:00 UTC) – Mon 2 Mar 2026",
        "Suspended for The east; the clock runs on: Tue 3 Mar 2026",
        "– with no end yet",
        "Report, passed undone: The map is drawn",
        "Report, Done: The list is given",
        "Extended: Thu 12 Mar 2026, 06:00 Zurich",
        "It ends, by the adopted reading: Sat 14 Mar 2026, 06:00 Zurich",
        "It ends, by Beta (second): Sun 15 Mar 2026, 00:00 Zurich",
    ):
        assert line in said, line


def test_now_is_drawn_only_where_it_lies_near(client: Client) -> None:
    assert of_class(drawn(client, "term-picture", at="2026-03-06T00:00Z"), "term-now")
    late = {"at": "2030-01-01T00:00Z"}
    shown = client.get("/pledges/FULL-OTHER/", late).content.decode()
    assert "The instant that is shown lies long after all of it." in shown
    assert "term-now" not in shown
    far = client.get("/pledges/FULL-FAR/").content.decode()
    assert "Now lies long before all of it." in far
    assert "term-now" not in far
    assert "term-picture" not in client.get("/pledges/FULL-BARE/").content.decode()


def test_boxes_lead_to_what_they_stand_for_and_lists_say_the_same(client: Client) -> None:
    picture = drawn(client, "ties")
    links = [one.attrib for one in picture.iter("a")]
    assert [one["href"] for one in links] == [
        "#condition-FULL-HALT.bridge",
        "#condition-FULL-HALT.lists",
        "/pledges/FULL-OTHER/",
        "/pledges/FULL-GUNS/",
        "/pledges/FULL-OTHER/",
    ]
    assert {one["tabindex"] for one in links} == {"-1"}, "the keyboard goes by the lists"
    text = " ".join("".join(picture.itertext()).split())
    said = words(client, 'class="tied-lists"', "</section>")
    for title in ("While the bridge is open.", "Lists are exchanged.", "Beta opens the bridge"):
        assert title in text
        assert title in said
    for how in ("It rests on", "Rests on it", "A condition of it depends on this"):
        assert how in text
        assert how in said
    assert "Awaiting trigger" in text
    assert "Awaiting trigger" in said
    boxes = of_class(picture, "tie-box")
    assert [one.attrib["class"].split()[1] for one in boxes] == [
        "tie-condition",
        "tie-condition",
        "tie-pledge",
        "tie-own",
        "tie-pledge",
        "tie-pledge",
    ]
    heads = [float(one.attrib["y"]) for one in boxes]
    assert heads == sorted(heads)


def test_what_is_not_listed_yet_is_not_told_of(client: Client) -> None:
    shown = client.get(HALT).content.decode()
    assert "FULL-TO-COME" not in shown
    assert "Beta says it later" not in shown
    later = client.get(HALT, {"at": "2026-03-21T00:00Z"}).content.decode()
    assert "Beta says it later" in later


def test_of_many_the_picture_shows_some_and_counts_the_rest(client: Client) -> None:
    pledges.many(accounts=0, conditions=60, incidents=0)
    picture = drawn(client, "ties")
    assert len(of_class(picture, "tie-condition")) - len(of_class(picture, "tie-text")) <= 6
    assert "and 57 more: in the list" in " ".join("".join(picture.itertext()).split())
    shown = client.get(HALT).content.decode()
    assert shown.count('id="condition-') == 62, "folded, and not cut"


def test_without_ties_nothing_is_drawn(client: Client) -> None:
    shown = client.get("/pledges/FULL-BARE/").content.decode()
    assert 'class="ties"' not in shown
    assert "No condition has been named." in shown
