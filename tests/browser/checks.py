"""What is looked at on every page: axe's rules, its width, its folded parts; and who looks."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web import house

from .conftest import Visit

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def sign_in(found: Visit) -> None:
    """As alice, an analyst of the private dossier ``shut``, whose page is then open."""
    found.go("/sign-in/?next=/dossiers/shut/")
    found.page.get_by_label("E-mail").fill("alice@example.org")
    found.page.get_by_label("Password").fill(house.PASSWORD)
    found.page.get_by_role("button", name="Sign in", exact=True).click()
    found.page.wait_for_url("**/dossiers/shut/")


def problems(found: Visit) -> list[str]:
    """What axe finds with all unfolded, and how far the page reaches beyond its window."""
    unfold(found.page)
    seen = [
        f"{found.page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(found.page, options=RULES).response["violations"]
    ]
    if excess(found.page) > 0:
        seen.append(f"{found.page.url}: {excess(found.page)} px too wide")
    return seen


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")


def excess(page: Page) -> int:
    """How far the page reaches beyond its window, in pixels."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
