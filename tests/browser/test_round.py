"""An analyst's round on the seed dossier, with the keyboard alone and no script.

Every step is taken from where the step before it left the reader: by Tab and Enter, never by an
address typed in or a mouse.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web import house
from tracker import clock
from tracker.actions import memberships
from tracker.models import Adoption, Dossier, LedgerEntry, Move, Source, User, Verification

from .conftest import Visitor

pytestmark = [
    pytest.mark.both,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

SLUG = "russia-ukraine-2025"
SINCE = "2025-03-18 20:00 Europe/Moscow"
TABS = 400  # more than any page has stops


class Keyboard:
    """What somebody does who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator) -> None:
        """Tab until it has the focus, which must show."""
        expect(wanted).to_have_count(1)
        for _ in range(TABS):
            self.page.keyboard.press("Tab")
            if wanted.and_(self.page.locator(":focus")).count():
                return
        raise AssertionError(f"Tab never reaches {wanted}")

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s+\(optional\))?\s*$"))

    def follow(self, name: str, *, within: str = "main") -> None:
        """Reach a link and press Enter."""
        said = re.compile(f"^{re.escape(name).replace(':', ' ?:')}$")
        link = self.page.locator(within).get_by_role("link", name=said)
        self.reach(link.first if link.count() > 1 else link)
        self._enter()

    def unfold(self, name: str) -> None:
        self.reach(self.page.locator("summary", has_text=name))
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        """Reach a button and press Enter."""
        self.reach(self.page.get_by_role("button", name=name, exact=True))
        self._enter()

    def write(self, label: str, text: str) -> None:
        """Reach a field and replace what stands in it."""
        self.reach(self.field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, start: str) -> None:
        """Reach a list and type how its entry begins."""
        field = self.field(label)
        self.reach(field)
        self.page.keyboard.type(start)
        assert start in field.locator("option:checked").inner_text()

    def pick(self, start: str) -> None:
        """Reach radio buttons, which are one stop, and go on to the one of these words."""
        one = self.page.get_by_role(
            "radio", name=re.compile(rf"^\s*{re.escape(start)}", re.IGNORECASE)
        )
        group = self.page.locator(f"input[type=radio][name='{one.get_attribute('name')}']")
        checked = group.and_(self.page.locator(":checked"))
        self.reach(checked if checked.count() else group.first)
        for _ in range(group.count()):
            if one.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows never reach {start}")

    def tick(self, label: str) -> None:
        box = self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}"))
        self.reach(box)
        self.page.keyboard.press("Space")
        assert box.is_checked()

    def _enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def keyboard(visit: Visitor) -> Keyboard:
    memberships.grant(
        dossier=Dossier.objects.get(slug=SLUG),
        user=User.objects.get(email="alice@example.org"),
        role="analyst",
        by=None,
        at=clock.now(),
    )
    found = visit(java_script_enabled=False)
    found.go("/")
    return Keyboard(found.page)


def test_a_round_without_mouse_or_script(keyboard: Keyboard) -> None:
    page, main = keyboard.page, keyboard.page.locator("main")
    keyboard.follow("Sign in", within="header")
    keyboard.write("E-mail", "alice@example.org")
    keyboard.write("Password", house.PASSWORD)
    keyboard.press("Sign in")

    # A source, with its text; at first the title is forgotten.
    keyboard.follow("Russia and Ukraine: the call of 18 March 2025")
    keyboard.follow("Enter a source")
    keyboard.choose("Kind", "Statement")
    keyboard.write("Public since", SINCE)
    keyboard.write("Text", "The order stands for thirty days, said the minister.")
    keyboard.press("Enter it")
    expect(main).to_contain_text("Title: This field is required.")
    keyboard.follow("Title: This field is required.")
    page.keyboard.type("The minister on the order")
    keyboard.press("Enter it")
    expect(main).to_contain_text("The order stands for thirty days")
    source = Source.objects.get(title="The minister on the order")

    # An account of the pledge, taken from it.
    keyboard.follow("Enter an account")
    keyboard.choose("An account of", "Russia halts strikes")
    keyboard.write("Speaker", "Minister of Defence")
    keyboard.write("Public since", SINCE)
    keyboard.write("Quotation", "The order stands for thirty days")
    keyboard.choose("Duration", "asserts")
    keyboard.write("Duration, in its words", "thirty days")
    keyboard.press("Enter it")
    expect(page.locator("#accounts")).to_contain_text("Minister of Defence")

    # A reading of it, which is then adopted with a reason.
    keyboard.follow("Enter a reading")
    keyboard.write("Public since", SINCE)
    keyboard.write("Start as stated", "2025-03-18 20:00 Europe/Moscow")
    keyboard.write("Duration", "30 days")
    keyboard.pick("elapsed")
    keyboard.unfold("More")
    keyboard.write("Short name", "by-the-hour")
    keyboard.press("Enter it")
    expect(page.locator("#readings")).to_contain_text("by-the-hour")
    keyboard.follow("Details: by-the-hour")
    keyboard.follow("Adopt this reading")
    keyboard.press("Adopt it")
    expect(main).to_contain_text("Why this reading: This field is required.")
    keyboard.write("Why this reading", "The order names the hour.")
    keyboard.press("Adopt it")
    expect(page.locator("#readings td.is-adopted").first).to_contain_text(
        "The order names the hour."
    )
    assert Adoption.objects.latest("pk").reason == "The order names the hour."

    # A condition is met; a deadline is entered and done.
    keyboard.follow("Details: The halt may be extended by agreement.")
    keyboard.follow("Say what became of it")
    keyboard.choose("What became of it", "Met")
    keyboard.write("Why, on what evidence", "Both sides said so.")
    keyboard.press("Record the judgement")
    assert Move.objects.latest("pk").to == "met"
    keyboard.follow("Enter a deadline")
    keyboard.write("What is to be done", "A list of objects is handed over")
    keyboard.write("Public since", SINCE)
    keyboard.press("Enter it")
    keyboard.follow("Details: A list of objects is handed over")
    keyboard.follow("Say what became of it")
    keyboard.choose("What became of it", "Done")
    keyboard.write("Why, on what evidence", "It was published.")
    keyboard.press("Record the judgement")
    expect(page.locator("#deadlines")).to_contain_text("Done")

    # The term is extended, its clock stopped, the pledge suspended.
    keyboard.follow("Enter an extension")
    keyboard.choose("Kind", "Extended")
    keyboard.write("Public since", "2025-04-16 UTC")
    keyboard.write("Or by", "10 days")
    keyboard.press("Enter it")
    keyboard.follow("Enter a clock stop")
    keyboard.write("The clock stood still from", "2025-04-01T06:00Z")
    keyboard.write("Public since", "2025-04-01T06:00Z")
    keyboard.write("The clock ran again from", "2025-04-02T06:00Z")
    keyboard.press("Enter it")
    keyboard.follow("Enter a suspension")
    keyboard.write("Suspended from", "2025-04-05 UTC")
    keyboard.write("Public since", "2025-04-05 UTC")
    keyboard.write("Suspended until", "2025-04-06 UTC")
    keyboard.press("Enter it")
    for said in ("Extended", "Clock stopped", "Suspended"):
        expect(page.locator("#readings")).to_contain_text(said)

    # A verification and a count; the account is withdrawn.
    keyboard.follow("Record a verification")
    keyboard.write("Period from", "2025-03-18 Europe/Moscow")
    keyboard.write("Period to", "2025-03-31 Europe/Moscow")
    keyboard.choose("Finding", "Contested")
    keyboard.write("Reasoning", "Each side names strikes of the other.")
    keyboard.unfold("Sources")
    keyboard.tick("The minister on the order")
    keyboard.press("Enter it")
    expect(page.locator("#verification")).to_contain_text("Each side names strikes of the other.")
    assert [s.pk for s in Verification.objects.latest("pk").sources.all()] == [source.pk]
    keyboard.follow("Enter a count")
    keyboard.choose("Claimed by", "Ukraine")
    keyboard.write("Of what", "strikes in March")
    keyboard.write("Number", "12")
    keyboard.choose("Source", "The minister")
    keyboard.write("Public since", "2025-04-02 UTC")
    keyboard.press("Enter it")
    expect(page.locator("#incidents")).to_contain_text("strikes in March")
    keyboard.follow("Details: Minister of Defence")
    keyboard.follow("Withdraw")
    keyboard.write("Why it is withdrawn", "The minister took it back.")
    keyboard.press("Withdraw it")
    expect(page.locator("#accounts .is-fallen")).to_contain_text("Minister of Defence")

    entries = LedgerEntry.objects.filter(chain__name=SLUG).exclude(by="system")
    assert entries.count() == 13  # one for each thing that was sent
    keyboard.press("Sign out")
