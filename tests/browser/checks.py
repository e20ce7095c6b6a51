"""What is looked at on every page: axe's rules, its width, its folded parts; and who looks."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.web import house

from .conftest import Visit

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Most of axe's time goes into contrasts, over and over the same few. Of the texts that are painted
# alike, as is all that they lie in, the first and the last are measured.
MARK_LOOKS = """() => {
  const paint = [
    "color", "backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode", "fontSize",
    "fontWeight", "textShadow", "position", "zIndex", "clipPath", "visibility",
  ];
  const numbers = new Map();  // each look has the number of what it lies in
  const looks = new Map();
  const first = new Map();
  const last = new Map();
  for (const one of document.querySelectorAll("*")) {
    delete one.dataset.look;
    const style = getComputedStyle(one);
    const look = [looks.get(one.parentElement), ...paint.map((name) => style[name])].join(";");
    if (!numbers.has(look)) { numbers.set(look, numbers.size); }
    looks.set(one, numbers.get(look));
    const text = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.data).join("").trim();
    if (!text && !one.matches("button, input, select, textarea")) { continue; }
    const alike = [
      looks.get(one), one.localName, one.className, one.type, text.length > 1,
      one.matches(":disabled, [aria-disabled=true]"), one.control?.disabled,
      one.checkVisibility(),
    ].join(";");
    if (!first.has(alike)) { first.set(alike, one); }
    last.set(alike, one);
  }
  for (const one of [...first.values(), ...last.values()]) { one.dataset.look = "measured"; }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] });
}"""


def sign_in(found: Visit) -> None:
    """As alice, an analyst of the private dossier ``shut``, whose page is then open."""
    found.go("/sign-in/?next=/dossiers/shut/")
    found.page.get_by_label("E-mail").fill("alice@example.org")
    found.page.get_by_label("Password").fill(house.PASSWORD)
    found.page.get_by_role("button", name="Sign in", exact=True).click()
    found.page.wait_for_url("**/dossiers/shut/")


def problems(found: Visit) -> list[str]:
    """What axe finds with all unfolded, and how far the page reaches beyond its window."""
    page = found.page
    unfold(page)
    page.evaluate(AXE_SCRIPT)
    page.evaluate(MARK_LOOKS)
    answer = page.evaluate("(rules) => axe.run(document, rules)", RULES)
    seen = [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in answer["violations"]
    ]
    if excess(page) > 0:
        seen.append(f"{page.url}: {excess(page)} px too wide")
    return seen


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")


def excess(page: Page) -> int:
    """How far the page reaches beyond its window, in pixels."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
