"""Marking a passage of a source's text in Chromium: by mouse, by keyboard, and without scripts."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.web import house, texts
from tests.web.texts import TEXT
from tracker.models import Account, Position

from .checks import problems, sign_in
from .conftest import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPEECH = "/sources/shut/speech/"
HALT = "We halt fire for ten\u00a0days"
# Where some words of the text stand on the screen: their beginning and their end.
WHERE = """(words) => {
  const text = document.querySelector("[data-marking-text]");
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(words);
    if (at >= 0) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      const boxes = [...range.getClientRects()];
      const first = boxes[0], last = boxes[boxes.length - 1];
      return [first.left + 1, first.top + 8, last.right - 1, last.bottom - 8];
    }
  }
}"""


@pytest.fixture
def served(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The private dossier ``shut`` of alice's, with a speech that is quoted from twice."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    house.load(house.PARTIES)
    house.dossier("shut", public=False)
    house.person("alice", shut="analyst")
    texts.source(slug="shut")
    texts.account("fire for ten days.” Beta", key="across", slug="shut")
    texts.account("إطلاقَ النار", key="arabic", slug="shut")
    return str(live_server.url)


def speech(found: Visit) -> Page:
    sign_in(found)
    found.go(SPEECH)
    return found.page


def drag(page: Page, words: str) -> None:
    page.locator("[data-marking-text]").scroll_into_view_if_needed()
    left, top, right, bottom = page.evaluate(WHERE, words)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=6)
    page.mouse.up()


def asked(page: Page) -> tuple[str, str]:
    """The noun whose form is open, and the passage beside which it stands."""
    page.wait_for_url("**/new/?*")
    address = urlsplit(page.url)
    given = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert given["source"] == "speech"
    noun = "pledge" if address.path == "/pledges/new/" else address.path.split("/")[4]
    return noun, TEXT[int(given["start"]) : int(given["end"])]


def test_a_passage_is_selected_by_mouse_and_entered_beside_the_text(visit: Visitor) -> None:
    found = visit()
    page = speech(found)
    bar = page.locator("[data-marking-bar]")
    expect(bar).to_be_hidden()
    drag(page, "called for a wider")
    expect(bar).to_be_visible()
    expect(page.locator("[data-marking-said]")).to_contain_text("“called for a wider”")
    assert problems(found) == []
    bar.get_by_role("button", name="a position").click()
    assert asked(page) == ("position", "called for a wider")
    expect(page.locator(".beside-text"), "unfolded where there is room").to_be_visible()
    expect(page.locator("[data-passage-mark]")).to_be_in_viewport()
    assert page.get_by_label("Quotation", exact=False).first.input_value() == "called for a wider"
    page.get_by_label("Title").fill("Beta wants a wider zone")
    page.locator("#id_kind").select_option("demand")
    page.get_by_role("combobox", name="Whose").fill("beta")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.get_by_role("button", name="Enter it").click()
    one = Account.objects.get(position=Position.objects.get(ref="SHUT-DEMAND-BETA"))
    assert page.url.endswith(f"{SPEECH}#mark-{one.key}")
    expect(page.locator("mark", has_text="called for a wider")).to_be_in_viewport()
    assert page.locator("mark.quoted-position").inner_text() == "called for a wider"
    # The next one, over what is marked already and begins within a mark.
    page.get_by_role("link", name="Mark another passage").click()
    drag(page, "fire for ten")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="a pledge").click()
    assert asked(page) == ("pledge", "fire for ten")
    assert found.complaints == []


def test_a_click_on_a_mark_or_beside_the_text_selects_nothing(visit: Visitor) -> None:
    found = visit()
    page = speech(found)
    bar = page.locator("[data-marking-bar]")
    drag(page, "will answer")
    expect(bar).to_be_visible()
    page.locator("h1").click()
    expect(bar).to_be_hidden()
    page.get_by_role("link", name="Quotation 1: Pledge SHUT-HALT").click()
    assert page.url.endswith("#quotation-across")
    page.get_by_role("link", name="In the text: 1").click()
    assert page.url.endswith("#mark-across")
    assert found.complaints == []


def test_a_passage_is_selected_by_keyboard_alone(visit: Visitor) -> None:
    found = visit()
    page = speech(found)
    keys = page.get_by_role("button", name="Select with the keyboard")
    keys.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("The text, to select in")
    expect(field).to_be_focused()
    page.keyboard.type("typed")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+X")
    assert field.input_value() == TEXT
    for _ in range(TEXT.index(HALT)):  # an emoji is one step and two halves
        page.keyboard.press("ArrowRight")
    for _ in HALT:
        page.keyboard.press("Shift+ArrowRight")
    bar = page.locator("[data-marking-bar]")
    expect(bar).to_be_visible()
    expect(page.locator("[data-marking-passage]")).to_have_text(HALT.replace("\u00a0", " "))
    assert problems(found) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "a pledge"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert asked(page) == ("condition", HALT)
    assert found.complaints == []


def test_without_scripts_a_passage_is_pasted_and_found(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    page = speech(found)
    assert page.locator("[data-marking-bar]").is_hidden()
    assert not page.get_by_role("button", name="Select with the keyboard").is_visible()
    page.locator("summary", has_text="Quote from this text").click()
    page.get_by_label("The passage").fill("We halt fire … ten days")
    page.get_by_role("button", name="an account of a known pledge").click()
    assert asked(page) == ("account", HALT)
    assert page.locator(".beside blockquote").inner_text().strip() == HALT
    page.get_by_label("An account of").select_option("pledge:SHUT-HALT")
    page.get_by_role("button", name="Enter it").click()
    assert "#mark-SHUT-HALT.account." in page.url
    found.go(f"{SPEECH}quote/")
    page.get_by_label("The passage").fill("will answer")
    page.get_by_role("button", name="a position").click()
    assert "Which of these places" in page.locator("main").inner_text()
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="a position").click()
    assert asked(page) == ("position", "will answer")
    assert str(TEXT.rindex("will answer")) in page.url


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_in_any_state(visit: Visitor, width: int, scheme: str) -> None:
    found = visit(width=width, scheme=scheme)
    page = speech(found)
    seen = problems(found)
    page.get_by_role("button", name="Select with the keyboard").click()
    page.keyboard.press("Control+A")
    expect(page.locator("[data-marking-bar]")).to_be_visible()
    seen += problems(found)
    for typed in ("", "will answer", "not there"):
        found.go(f"{SPEECH}quote/")
        seen += problems(found)
        page.get_by_label("The passage").fill(typed)
        with page.expect_navigation():
            page.get_by_role("button", name="a pledge").click()
        assert page.locator(".error-summary a").count() >= 1, typed
        seen += problems(found)
    for noun in ("pledge", "account", "condition", "position"):
        beside = texts.beside(noun, "will answer", slug="shut")
        if noun == "pledge":
            beside = f"/pledges/new/?dossier=shut&{beside.partition('?')[2]}"
        found.go(beside)
        if width < 500:
            assert page.locator(".beside blockquote").is_visible()
            assert page.locator(".beside-text").is_hidden(), "folded where there is no room"
        seen += problems(found)
        with page.expect_navigation():
            page.get_by_role("button", name="Enter it").click()
        assert page.locator(".error-summary a").count() >= 1, noun
        seen += problems(found)
    assert seen + found.complaints == []
