"""A browser over the seed dossiers. What a page says to the console or refuses is collected."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests import kept
from tests.documents.pictures import picture
from tests.plugins import emptying
from tests.web import house
from tracker import clock
from tracker.actions import (
    import_runs,
    imports,
    merges,
    parties,
    pledges,
    readings,
    seeds,
    source_files,
    sources,
    verifications,
    viewings,
)
from tracker.documents.values import Kind
from tracker.domain.importing import Plan
from tracker.models import Dossier, IncidentImport, Party, Pledge, Source, User

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# What breaks the policy is an error in the console, whatever the browser itself says of it.
TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@dataclass(slots=True)
class Visit:
    """A page in a browser, with what it complained of."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")


Visitor = Callable[..., Visit]
IMPORTS = {
    name: f"00000000-0000-4000-8000-00000000000{n}"
    for n, name in enumerate(("open", "unread", "entered"))
}


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, headless=True, args=ARGUMENTS
        )
        yield launched
        launched.close()


@pytest.fixture
def served(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the app with all of seeds/ in it, and a private dossier of alice's."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    fill()
    return str(live_server.url)


def fill() -> None:
    kept.begin_with("seeds and shut", _fill)


def _fill() -> None:
    for path in sorted(SEEDS.glob("*.yaml")):
        seeds.load(path.name, path.read_bytes(), by=None, at=clock.now())
    house.load(house.PARTIES)
    house.dossier("shut", public=False)
    house.person("alice", shut="analyst")


def lasting(blocker: DjangoDbBlocker) -> Iterator[str]:
    """The same for a whole module whose tests enter nothing: loaded once, emptied at its end.

    A module that wants it has fixtures ``db`` and ``served`` of its own, and no test marked with
    ``django_db``, whose end would empty it.
    """
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        fill()
        server = LiveServer("localhost")
        try:
            yield str(server.url)
        finally:
            server.stop()
            emptying.empty(connection)
            # While Playwright's loop runs Django has a connection of its own for it, which nobody
            # else would close; PostgreSQL drops no database that is in use.
            connection.close()


def doubles() -> None:
    """A pledge of ``shut`` that looks like its halt, one that was merged into it, and a party."""
    alice, at = User.objects.get(email="alice@example.org"), clock.now()
    halt = Pledge.objects.get(ref="SHUT-HALT")
    columns = {name: getattr(halt, name) for name in ("instrument", "pledgor", "act", "subject")}
    for ref in ("SHUT-DUP", "SHUT-GONE"):
        row = pledges.register(
            dossier=halt.dossier, ref=ref, title="Alpha stops firing", public=halt.public,
            by=alice, at=at, **columns,
        )  # fmt: skip
        readings.add(
            of=row, start="2026-03-02 Europe/Zurich", duration="P12D", public=halt.public,
            by=alice, at=at,
        )  # fmt: skip
    gone = Pledge.objects.get(ref="SHUT-GONE")
    merges.merge_pledges(goes=gone, stays=halt, reason="One call.", by=alice, at=at)
    gamma = parties.register(slug="gamma", name="Gamma", kind="state", by=alice, at=at)
    alpha = Party.objects.get(slug="alpha")
    merges.merge_parties(row=gamma, into=alpha, reason="One state.", by=alice, at=at)


def pictured() -> None:
    """A picture of alice's that was described, checked, cited by a finding, and replaced."""
    alice, at = User.objects.get(email="alice@example.org"), clock.now()
    halt = Pledge.objects.get(ref="SHUT-HALT")
    rows: list[Source] = []
    for number, key in enumerate(("mast", "mast-2")):
        content = picture(size=(300 + number, 200))
        kept = source_files.keep(
            dossier=halt.dossier, content=content, kind=Kind.PNG, by=alice, at=at
        )
        row = sources.add(
            dossier=halt.dossier, key=key, title="A mast on the road by the bridge", kind="social",
            public="2026-03-02 Europe/Zurich",
            snapshot="A mast lies across the road." * (number + 1),
            url="https://alpha.example/pictures/2026/03/02/bridge-road-mast-full-size.png",
            retrieved="2026-03-02T09:00Z", file_sha256=kept.sha256, file_name=f"{key}.png",
            earlier=rows[0] if rows else None, by=alice, at=at,
        )  # fmt: skip
        rows.append(row)
    verifications.record(
        pledge=halt, period_start="2026-03-02 UTC", period_end="2026-03-03 UTC",
        finding="contested", reasoning="A mast is down.", sources=rows, viewed=True,
        public="2026-03-03 UTC", by=alice, at=at,
    )  # fmt: skip
    seen = viewings.record(
        source=rows[0], note="Compared with the map: the same bend of the road.", by=alice, at=at
    )
    viewings.withdraw(row=seen, when="2026-03-04 UTC", reason="It was another", by=alice, at=at)


def imported() -> None:
    """Three tables of alice's, under the addresses in IMPORTS."""
    alice, at = User.objects.get(email="alice@example.org"), clock.now()
    shut = Dossier.objects.get(slug="shut")
    good = (
        b"date,actor,place,notes\n2026-03-03,Alpha,The bridge,A shot\n"
        b"2026-03-04,Unknown men,The bridge,Another shot\n2026-02-31,Alpha,,A third\n"
    )
    plan = Plan(
        start="date",
        description=("notes",),
        place=("place",),
        actor="actor",
        zone="Europe/Zurich",
        source="readout",
        public="2026-03-05 Europe/Zurich",
        names={"Unknown men": ""},
    )
    entered = good[: good.index(b"2026-02-31")]
    unread = "date,notes\n2026-03-03,Выстрел\n".encode("cp1251")
    for name, content in (("open", good), ("unread", unread), ("entered", entered)):
        row = imports.make(dossier=shut, content=content, file_name=f"{name}.csv", by=alice, at=at)
        IncidentImport.objects.filter(pk=row.pk).update(uid=IMPORTS[name])
        row.uid = UUID(IMPORTS[name])
        if name != "unread":
            imports.settle(row=row, plan=plan)
            row.refresh_from_db()
        if name == "entered":
            import_runs.ask(row=row, by=alice, at=at)


@pytest.fixture
def visit(served: str, browser: Browser) -> Iterator[Visitor]:
    contexts = []

    def start(
        *, width: int = 1280, scheme: Literal["light", "dark"] = "light", **options: Any
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        context.add_init_script(TELL_OF_VIOLATIONS)
        found = Visit(context.new_page(), served)
        found.page.on("console", lambda said: _note(found, said.type, said.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        return found

    yield start
    for context in contexts:
        context.close()


def _note(found: Visit, kind: str, text: str) -> None:
    """Errors and warnings count; that a page is 404 or 422 is what some are asked for."""
    if kind in ("error", "warning") and "the server responded with a status of 4" not in text:
        found.complaints.append(f"{found.page.url}: {text}")
