"""Every page in Chromium: the policy kept, nothing for axe to find, no script needed.

A new page is one line of TABLE.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Response, Route, expect
from pytest_django import DjangoDbBlocker

from tracker.web.views import pledges

from .checks import excess, problems, sign_in, unfold
from .conftest import IMPORTS, Visit, Visitor, doubles, imported, lasting, pictured

pytestmark = pytest.mark.browser

# Tables of incidents that conftest.py imports: being mapped, not to be read, and entered.
OPEN_IMPORT = f"/imports/{IMPORTS['open']}/"
UNREAD_IMPORT = f"/imports/{IMPORTS['unread']}/"
ENTERED_IMPORT = f"/imports/{IMPORTS['entered']}/"
# Who looks at which page. alice is an analyst of the private dossier ``shut``.
TABLE = (
    ("anybody", "/"),
    ("anybody", "/?at=2025-04-10"),
    ("anybody", "/?at=2010-01-01"),
    ("anybody", "/?at=tomorrow"),
    ("anybody", "/?dossier=russia-ukraine-2025&act=halt&text=energy&at=2025-04-10"),
    ("anybody", "/?text=nowhere"),
    ("anybody", "/?band=expired"),
    ("anybody", "/?sort=unchecked"),
    ("anybody", "/?sort=colour"),
    ("anybody", "/?dossier=nowhere&act=dance&dosier=x"),
    ("anybody", "/search/"),
    ("anybody", "/search/?q=energy"),
    ("anybody", "/search/?q=strikes+energy&kind=pledge&at=2025-04-10"),
    ("anybody", "/search/?q=nowhere&kind=nothing"),
    ("anybody", "/dossiers/russia-ukraine-2025/"),
    ("anybody", "/dossiers/minsk-ii-2015/?known=2100-01-01"),
    ("anybody", "/pledges/UA-ENERGY-RU/"),
    ("anybody", "/pledges/UA-ENERGY-RU/?at=2025-04-10"),
    ("anybody", "/pledges/LB-WITHDRAW-IL/"),
    ("anybody", "/pledges/MINSK2-WEAPONS-UA/"),
    ("anybody", "/pledges/PRACTICE-12/"),
    ("anybody", "/pledges/UA-ENERGY-RU/compliance/"),
    ("anybody", "/pledges/UA-ENERGY-RU/compliance/?at=2025-04-10"),
    ("anybody", "/dossiers/israel-lebanon-2024/compliance/"),
    ("anybody", "/dossiers/russia-ukraine-2025/compliance/?from=2025-03-10&to=2025-04-20"),
    ("anybody", "/dossiers/russia-ukraine-2025/compliance/?from=2025-04-10&to=2025-03-20"),
    ("anybody", "/parties/russia/"),
    ("anybody", "/sources/russia-ukraine-2025/kremlin-18-march/"),
    ("anybody", "/times/?text=03/04/2025"),
    ("anybody", "/keys/"),
    ("anybody", "/sign-in/"),
    ("anybody", "/no/such/page/"),
    ("alice", "/"),
    ("alice", "/dossiers/shut/"),
    ("alice", "/pledges/SHUT-HALT/"),
    ("alice", "/pledges/SHUT-HALT/?at=2000-01-01"),
    ("alice", "/pledges/SHUT-HALT/bundle/"),
    ("alice", "/pledges/UA-ENERGY-RU/"),
    ("alice", "/keys/"),
    ("alice", "/search/?q=whole+text"),
    ("alice", "/search/?q=qq"),
    ("alice", "/sources/shut/readout/?start=4&end=14"),
    ("alice", "/sources/shut/readout/"),
    ("alice", "/sources/shut/readout/quote/"),
    ("alice", "/sources/shut/mast/?digests=now"),
    ("alice", "/sources/shut/mast/suggestions/"),
    ("alice", "/sources/shut/mast-2/difference/"),
    ("alice", "/dossiers/shut/facts/viewing/new/?source=mast"),
    ("alice", "/dossiers/shut/facts/viewing/mast.viewing.1/"),
    ("alice", "/sources/shut/readout/suggestions/"),
    ("alice", "/dossiers/shut/facts/source/new/"),
    ("alice", "/dossiers/shut/facts/source/new/?earlier=readout"),
    ("alice", "/drafts/"),
    ("alice", "/alerts/"),
    ("alice", "/settings/alerts/"),
    ("alice", "/settings/alerts/webhook/"),
    ("alice", "/pledges/SHUT-HALT/watch/"),
    ("alice", "/?dossier=shut&flag=accounts_differ"),
    ("alice", "/views/"),
    ("alice", "/views/new/?dossier=shut&act=halt"),
    ("alice", "/pledges/SHUT-HALT/alerts/"),
    ("alice", "/pledges/bulk/?pledge=SHUT-HALT&pledge=NONE"),
    ("alice", "/?tag=none"),
    ("alice", "/queues/unverified/"),
    ("alice", "/queues/expired/?act=halt"),
    ("alice", "/queues/contested/"),
    ("alice", "/pledges/SHUT-HALT/compliance/"),
    ("alice", "/dossiers/shut/facts/verification/new/?pledge=SHUT-HALT"),
    ("alice", "/dossiers/shut/facts/verification/new/?cites=SHUT-HALT.first"),
    ("alice", "/queues/review/"),
    ("alice", "/queues/proposals/"),
    ("alice", "/dossiers/shut/facts/comment/new/?about=pledge:SHUT-HALT"),
    ("alice", "/dossiers/shut/facts/position/SHUT-DEMAND/"),
    ("alice", "/pledges/SHUT-HALT/merge/"),
    ("alice", "/pledges/SHUT-DUP/merge/?with=SHUT-HALT"),
    ("alice", "/pledges/SHUT-GONE/"),
    ("alice", "/parties/beta/merge/"),
    ("alice", "/parties/gamma/part/"),
    ("alice", "/parties/alpha/"),
    ("alice", "/pledges/new/"),
    ("alice", "/pledges/new/?dossier=shut&source=readout"),
    ("alice", "/dossiers/shut/term/"),
    ("alice", "/imports/"),
    ("alice", "/imports/new/?dossier=shut"),
    ("alice", OPEN_IMPORT),
    ("alice", UNREAD_IMPORT),
    ("alice", ENTERED_IMPORT),
    ("alice", f"{ENTERED_IMPORT}undo/"),
    ("alice", "/dossiers/shut/matches/"),
    ("alice", "/dossiers/shut/facts/incident/shot/"),
    ("alice", "/sign-out/"),
)
HISTORY = "/pledges/UA-ENERGY-RU/"


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Loaded once for all tests here. The name tells pytest-django that a database is needed."""
    for url in lasting(django_db_blocker):
        doubles()
        imported()
        pictured()
        yield url


@pytest.fixture(scope="module")
def served(db: str) -> str:
    return db


def pages(found: Visit) -> Iterator[str]:
    """Goes to each page of TABLE, as whoever looks at it."""
    for who in ("anybody", "alice"):
        if who == "alice":
            sign_in(found)
        for visitor, path in TABLE:
            if visitor == who:
                found.go(path)
                yield path


def test_no_page_breaks_the_policy_and_axe_finds_nothing(visit: Visitor) -> None:
    found = visit()
    strict: set[str] = set()

    def note(answer: Response) -> None:
        policy = answer.headers.get("content-security-policy", "")
        if "script-src 'self'" in policy and "unsafe" not in policy:
            strict.add(answer.url)

    found.page.on("response", note)
    seen = []
    for path in pages(found):
        if found.page.url not in strict:
            seen.append(f"{path}: no strict policy")
        seen += problems(found)
    assert seen + found.complaints == []
    found.page.evaluate("document.body.setAttribute('style', 'color: red')")
    found.page.evaluate("document.body.append(document.createElement('style'))")
    found.page.evaluate("document.querySelector('body > style').textContent = 'p { top: 0 }'")
    assert any("policy: style-src" in said for said in found.complaints), "it would be noticed"


@pytest.mark.parametrize("path", ["/", "/pledges/UA-ENERGY-RU/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_is_painted_without_its_scripts_and_stays_where_it_is(
    visit: Visitor, path: str, width: int
) -> None:
    found = visit(width=width)
    page = found.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # asked for, and not answered

    page.route("**/*.js", hold)
    page.goto(f"{found.base}{path}", wait_until="commit")
    painted = "performance.getEntriesByName('first-contentful-paint').length"
    for _ in range(200):
        if page.evaluate(painted):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(painted) == 1
    assert held, "scripts were asked for"
    for route in held:
        route.continue_()
    page.unroute("**/*.js")
    page.wait_for_load_state("load")
    shifted = page.evaluate(
        """() => new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const one of list.getEntries()) { sum += one.value; }
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(sum), 300);
        })"""
    )
    assert shifted < 0.01
    assert found.complaints == []


def test_in_the_dark_on_a_narrow_screen_axe_finds_nothing(visit: Visitor) -> None:
    seen = []
    found = visit(width=360, scheme="dark")
    for _path in pages(found):
        seen += problems(found)
    assert seen + found.complaints == []


def test_one_text_too_pale_among_many_alike_is_found(visit: Visitor) -> None:
    found = visit()
    found.go("/pledges/UA-ENERGY-RU/")
    unfold(found.page)
    texts = found.page.locator(".history > li time")
    assert texts.count() > 9
    texts.nth(4).evaluate("(one) => { one.style.color = '#fafafa'; }")
    pale = texts.nth(4).evaluate("(one) => one.outerHTML")
    assert [one for one in problems(found) if "color-contrast" in one and pale[:60] in one]


def test_right_to_left_nothing_is_too_wide(visit: Visitor, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "العربية")]
    found = visit(width=360, locale="ar")
    seen = []
    for path in pages_without_signing_in(found):
        unfold(found.page)
        assert found.page.evaluate("[document.dir, document.documentElement.lang]") == ["rtl", "ar"]
        if excess(found.page) > 0:
            seen.append(f"{path}: {excess(found.page)} px too wide")
        brand = found.page.locator(".brand").bounding_box()
        assert brand is not None
        assert brand["x"] + brand["width"] > 300, "the masthead begins at the right"
    assert seen + found.complaints == []


def pages_without_signing_in(found: Visit) -> Iterator[str]:
    for who, path in TABLE:
        if who == "anybody":
            found.go(path)
            yield path


def test_each_page_says_what_it_is_and_its_links_lead_somewhere_without_scripts(
    visit: Visitor,
) -> None:
    """Of the links of one kind the first is followed."""
    found = visit(java_script_enabled=False)
    page = found.page
    followed: set[str] = set()
    wrong = []
    for path in pages(found):
        if page.locator("h1").count() != 1 or not page.locator("h1").inner_text().strip():
            wrong.append(f"{path}: no heading")
        if not page.title().removesuffix(" · Register of commitments").strip():
            wrong.append(f"{path}: no title")
        hrefs = page.locator("a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
        for href in {href or "" for href in hrefs}:
            address = urlsplit(href)
            if address.fragment and not address.path:
                if page.locator(f"[id='{address.fragment}']").count() != 1:
                    wrong.append(f"{path}: {href} leads to nothing")
            elif not address.netloc and (kind := kind_of(address.path)) not in followed:
                followed.add(kind)
                status = page.request.get(f"{found.base}{href}").status
                if status >= 400:
                    wrong.append(f"{path}: {href} is {status}")
    assert wrong == []
    assert {"board", "dossier", "pledge", "party", "source", "account_login"} <= followed


def kind_of(path: str) -> str:
    try:
        return str(resolve(path).url_name)
    except Resolver404:
        return path


def test_all_works_without_scripts(visit: Visitor) -> None:
    found = visit(java_script_enabled=False)
    found.go("/")
    page = found.page
    assert re.search(r"\d h \d+ min left", page.locator("#band-24h").inner_text())
    page.get_by_role("link", name="Russia halts strikes").first.click()
    assert "Why this date?" in page.locator("#readings").inner_text()
    page.locator("summary", has_text="Why this date?").first.click()
    assert page.locator("#readings details[open] .steps").first.is_visible()
    page.get_by_label("Show this page as it stood on").fill("2025-04-10")
    page.get_by_role("button", name="Show").click()
    assert "As it stood" in page.locator(".moment-banner").inner_text()
    assert "In force" in page.locator(".answer").inner_text()
    page.get_by_role("link", name="Back to now").click()
    assert page.locator(".moment-banner").count() == 0
    sign_in(found)
    assert "Talks of SHUT" in page.locator("h1").inner_text()
    page.get_by_role("button", name="Sign out").click()
    found.go("/dossiers/shut/")
    assert "There is no such page" in page.locator("h1").inner_text()


def test_countdowns_tick_by_the_servers_clock_and_only_when_their_unit_does(
    visit: Visitor,
) -> None:
    found = visit()
    page = found.page
    page.clock.install()
    found.go("/")
    left = page.locator("#band-24h .countdown").first
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 1, UTC))
    first = left.inner_text()
    for _ in range(61):  # to the moment at which the minute has just changed
        if left.inner_text() != first:
            break
        page.clock.run_for(1_000)
    before, box = left.inner_text(), left.bounding_box()
    assert minutes(first) - minutes(before) == 1
    page.clock.run_for(58_000)
    assert left.inner_text() == before
    page.clock.run_for(3_000)
    assert minutes(before) - minutes(left.inner_text()) == 1
    assert left.bounding_box() == box
    page.clock.run_for(30 * 3_600_000)
    assert left.inner_text() == "just passed; load the page again"
    assert found.complaints == []


def minutes(text: str) -> int:
    """``19 h 59 min left`` in minutes."""
    found = re.fullmatch(r"(?:(\d+) h)? ?(?:(\d+) min)? left", text)
    assert found is not None, text
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def test_the_keyboard_reaches_the_content_first(visit: Visitor) -> None:
    found = visit()
    found.go("/")
    page = found.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


# Everything that Tab should reach, numbered in the order of the document.
NUMBER = """() => {
  // Radio buttons of one name are one stop: the one that is chosen, else the first.
  const isStop = (one) => one.type !== "radio" || one === (
    document.querySelector(`input[type=radio][name="${one.name}"]:checked`)
    ?? document.querySelector(`input[type=radio][name="${one.name}"]`)
  );
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && isStop(one));
  all.forEach((one, n) => { one.dataset.number = n; });
  return all.length;
}"""
# Which one has the focus, and whether that can be seen.
FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    number: Number(one.dataset.number ?? -1),
    html: one.outerHTML.slice(0, 100),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < window.innerHeight,
  };
}"""
LONG = 40  # of the boards, which only repeat themselves further on


def test_tab_reaches_everything_in_order_and_the_focus_is_seen(visit: Visitor) -> None:
    found = visit()
    found.page.emulate_media(reduced_motion="reduce", forced_colors="active")
    wrong = []
    for path in pages(found):
        last = min(found.page.evaluate(NUMBER), LONG)
        # Where something is to be mended, the focus is on the summary, and goes on from there.
        within = found.page.locator("[autofocus] a[data-number]").first
        first = int(within.get_attribute("data-number") or 0) if within.count() else 0
        if within.count():  # it comes with the first frame, which may be later than the load
            found.page.wait_for_function("document.activeElement.matches('[autofocus]')")
        for number in range(first, last):
            found.page.keyboard.press("Tab")
            got = found.page.evaluate(FOCUSED)
            if got["number"] != number or not got["outlined"] or not got["shown"]:
                wrong.append(f"{path}: {number}: {got}")
                break
    assert wrong == []


def test_paper_shows_everything_and_no_controls(visit: Visitor) -> None:
    found = visit(width=718)  # A4 less its margins
    page = found.page
    seen = []
    for path in ("/", "/dossiers/russia-ukraine-2025/", HISTORY, "/pledges/MINSK2-WEAPONS-UA/"):
        found.go(path)
        page.emulate_media(media="print", color_scheme="dark")
        if excess(page) > 0:
            seen.append(f"{path}: {excess(page)} px too wide")
        for control in (".masthead", ".skip", ".moment-form", "#older a", "button"):
            seen += [
                f"{path}: {control} is printed"
                for one in page.locator(control).all()
                if one.is_visible()
            ]
        hidden = page.evaluate(
            "[...document.querySelectorAll("
            "'details:not(.silent *, .filter, .filter *, .look *, .history *) > :not(summary)')]"
            ".filter((one) => !one.checkVisibility()).length"
        )
        if hidden:
            seen.append(f"{path}: {hidden} folded parts are not printed")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        if paper != "rgb(255, 255, 255)":
            seen.append(f"{path}: printed on {paper}")
        assert page.pdf(format="A4").startswith(b"%PDF")
    assert seen + found.complaints == []


def test_motion_and_colours_are_as_the_reader_wants_them(visit: Visitor) -> None:
    found = visit()
    page = found.page
    found.go("/")
    smooth = "getComputedStyle(document.documentElement).scrollBehavior"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(smooth) == "smooth"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(smooth) == "auto"
    page.emulate_media(forced_colors="active")
    marks = page.evaluate(
        "[...document.querySelectorAll('h2 .mark')].map((one) => getComputedStyle(one).fill)"
    )
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert set(marks) == {ink}, "a mark takes the reader's colour, and keeps its shape"


def test_older_history_is_put_below_and_read_on_from(
    visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pledges, "HISTORY_AT_ONCE", 3)
    found = visit()
    page = found.page
    found.go(HISTORY)
    assert page.locator(".history > li").count() == 3
    page.get_by_role("link", name="Show older").click()
    page.locator(".history > li").nth(5).wait_for()
    assert page.locator(".history > li").count() == 6
    assert page.evaluate(
        "document.activeElement === document.querySelectorAll('.history > li')[3]"
    ), "the focus is on the first that came"
    assert urlsplit(page.url).query == ""
    assert page.locator("#older").count() == 1
    assert page.locator("[aria-busy]").count() == 0
    assert found.complaints == []


def test_a_refusal_of_a_part_is_told_in_the_message_area(
    visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pledges, "HISTORY_AT_ONCE", 3)
    found = visit()
    page = found.page

    def spoil(route: Route) -> None:
        route.continue_(url=re.sub(r"before=\d+", "before=x", route.request.url))

    assert asking(found, spoil) == "This cannot be done as it stands"
    assert page.locator("#older").count() == 1
    assert page.locator(".history > li").count() == 3
    assert page.evaluate("document.activeElement.closest('#messages') !== null")
    expect(page.locator("#messages h2")).to_be_in_viewport()
    assert problems(found) == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=502, body="<html><h1>nginx</h1></html>"),
        lambda route: route.fulfill(status=404, body="<html><h1>nginx</h1></html>"),
    ],
)
def test_an_answer_that_is_not_ours_replaces_nothing(
    visit: Visitor, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(pledges, "HISTORY_AT_ONCE", 3)
    found = visit()
    assert asking(found, answer) == "No answer came"
    assert "nginx" not in found.page.content()
    assert found.page.locator("#older").count() == 1
    assert found.page.evaluate("document.activeElement.closest('#messages') !== null")
    assert found.page.locator("[aria-busy]").count() == 0


def asking(found: Visit, answer: Any) -> str:
    """What the message area is headed with after older history was asked for and not had."""
    found.go(HISTORY)
    found.page.route("**/*before=*", answer)
    found.page.get_by_role("link", name="Show older").click()
    return found.page.locator("#messages h2").inner_text()
