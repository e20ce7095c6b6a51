"""The lists of a pledge's page: folded and never cut; its history and alerts page by page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.actions import pledges as pledge_verbs
from tracker.actions import subscriptions
from tracker.models import Alert, Pledge, User
from tracker.web.views import pledges as page

from . import house, pledges

pytestmark = pytest.mark.usefixtures("open_house")
HALT, FULL = "/pledges/SHUT-HALT/", "/pledges/FULL-HALT/"
HTMX = {"HX-Request": "true", "HX-Target": "older-alerts"}


@pytest.fixture
def _full(open_house: None) -> None:
    house.load(pledges.TEXT)


def told(user: User, number: int) -> None:
    """So many alerts of SHUT-HALT, a minute apart; the last is the newest."""
    pledge = Pledge.objects.get(ref="SHUT-HALT")
    for n in range(number):
        at = house.AT - timedelta(minutes=number - n)
        Alert.objects.create(
            pledge=pledge, recipient=user, channel="mail", kind="due_soon", lead="7d",
            subject=f"n{n}", true_at=at, owed_at=at, due_at=at,
        )  # fmt: skip


def section(shown: str, name: str) -> str:
    start = shown.index(f'<section id="{name}"')
    return shown[start : shown.index("</section>", start)]


def test_members_see_every_alert_and_visitors_none(
    client: Client, member: Client, alice: User, bob: User
) -> None:
    told(alice, 1)
    told(bob, 1)
    shown = section(member.get(HALT).content.decode(), "alerts")
    own = Alert.objects.get(recipient=alice)
    for words in ("Alice", "Bob", "mail", "Runs out soon", "7 days before", "leaves"):
        assert words in shown
    assert f'href="/alerts/{own.pk}/"' in shown
    assert shown.count('href="/alerts/') == 1, "another one's alert has no page for her"
    Alert.objects.update(pledge=Pledge.objects.get(ref="OPEN-HALT"))
    for visitor in (client, Client()):
        assert 'id="alerts"' not in visitor.get("/pledges/OPEN-HALT/").content.decode()
    assert "Bob" in member.get("/pledges/OPEN-HALT/").content.decode()
    assert 'id="alerts"' not in member.get(HALT, {"at": "2026-03-04"}).content.decode()


def test_older_alerts_come_page_by_page(
    member: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "ALERTS_AT_ONCE", 3)
    told(alice, 5)
    newest = list(Alert.objects.order_by("-owed_at").values_list("pk", flat=True))
    shown = section(member.get(HALT).content.decode(), "alerts")
    assert [pk for pk in newest if f"/alerts/{pk}/" in shown] == newest[:3]
    assert f"?alerts_before={newest[2]}#alerts" in shown
    part = member.get(HALT, {"alerts_before": newest[2]}, headers=HTMX).content.decode()
    assert "<html" not in part
    assert [pk for pk in newest if f"/alerts/{pk}/" in part] == newest[3:]
    assert "Show older" not in part
    whole = section(member.get(HALT, {"alerts_before": newest[2]}).content.decode(), "alerts")
    assert '<details class="fold" open>' in whole
    assert "Back to the latest" in whole
    for wrong, status in (("x", 422), ("999999", 200)):
        assert member.get(HALT, {"alerts_before": wrong}).status_code == status


@pytest.mark.usefixtures("_full")
def test_long_lists_are_folded_and_never_cut(client: Client) -> None:
    pledges.many(accounts=40, conditions=60, incidents=200)
    shown = client.get(FULL).content.decode()
    for name, words in (
        ("accounts", "37 more accounts"),
        ("accounts", "36 more accounts"),
        ("conditions", "54 more conditions"),
        ("incidents", "192 earlier incidents"),
    ):
        assert words in " ".join(section(shown, name).split()), words
    accounts = section(shown, "accounts")
    assert all(f"Said {n}." in accounts for n in range(40))
    assert all(accounts.count(f'href="#account-FULL-HALT.more{n}"') == 1 for n in range(40))
    assert all(f"Shot {n}." in section(shown, "incidents") for n in range(200))
    assert all(f"Point {n} is kept." in section(shown, "conditions") for n in range(60))


@pytest.mark.usefixtures("_full")
def test_counts_stand_by_claimant_and_are_never_set_off(client: Client) -> None:
    shown = section(client.get(FULL).content.decode(), "incidents")
    claims = shown[shown.index('class="claims"') : shown.index(">Incidents</h3>")]
    beta, alpha = claims.split("<h4>")[1:]
    assert "Beta" in beta
    assert "30" in beta
    assert "one that holds no more" in beta
    assert beta.index("30") < beta.index("12"), "what was superseded stands behind"
    assert "Alpha" in alpha
    assert "4" in alpha
    assert "46" not in claims
    assert "26" not in claims.replace("2026", "")


@pytest.mark.usefixtures("_full")
def test_the_number_of_queries_does_not_grow_with_what_it_holds(
    client: Client, member: Client, alice: User
) -> None:
    """Neither with accounts, conditions, incidents and their history, nor with alerts."""
    counts = []
    for more in (0, 15):
        if more:
            pledges.many(accounts=more, conditions=more, incidents=more)
            told(alice, more)
            subscriptions.subscribe(
                user=alice, target=Pledge.objects.get(ref="SHUT-HALT"), kinds=[], leads=[],
                at=house.AT,
            )  # fmt: skip
            subscriptions.end(row=alice.subscriptions.get(), at=house.AT)
        for visitor, address in ((client, FULL), (member, FULL), (member, HALT)):
            visitor.get(address)
            with CaptureQueriesContext(connection) as asked:
                visitor.get(address)
            counts.append(len(asked))
    assert counts[:3] == counts[3:]


def test_history_tells_each_field_before_and_after_and_hides_people(
    client: Client, member: Client, alice: User
) -> None:
    pledge = Pledge.objects.get(ref="OPEN-HALT")
    pledge_verbs.amend(row=pledge, analyst=alice, by=alice, at=house.AT)
    own = section(member.get("/pledges/OPEN-HALT/").content.decode(), "history")
    assert "nothing</span></dd>" in own
    assert "Alice" in own[own.index("<ins>") : own.index("</ins>")]
    public = section(client.get("/pledges/OPEN-HALT/").content.decode(), "history")
    assert "Alice" not in public
    assert "As it was entered" in public
    assert "We halt fire for ten days." in public


def test_visitors_are_told_no_history_of_what_is_not_public_yet(
    client: Client, member: Client
) -> None:
    later = house.DOSSIER.replace("SLUG", "open").replace("PUBLIC", "yes").replace("PRE", "OPEN")
    house.load(
        later.replace(
            "    deadlines:\n",
            "      later: {kind: continuing, text: Said next week., public: 2026-03-20"
            " Europe/Zurich}\n    deadlines:\n",
            1,
        )
    )
    assert "Said next week." in member.get("/pledges/OPEN-HALT/").content.decode()
    assert "Said next week." not in client.get("/pledges/OPEN-HALT/").content.decode()


def test_members_are_led_to_the_evidence(client: Client, member: Client) -> None:
    address = 'href="/pledges/OPEN-HALT/bundle/"'
    assert address in member.get("/pledges/OPEN-HALT/").content.decode()
    assert address not in client.get("/pledges/OPEN-HALT/").content.decode()
