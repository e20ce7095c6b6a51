"""One's webhook: set up, refused with a reason, its secret shown once, tested, renewed, removed."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import kept
from tests.actions.house import Made, bare
from tests.actions.people import person
from tests.actions.test_delivery import BEFORE, END, pledge
from tests.plugins.http import Endpoint, answer, serving
from tracker.actions import deliveries, sweeps, webhooks
from tracker.domain.addresses import networks
from tracker.models import Alert, Delivery, Message, User, Webhook
from tracker.selectors.audience import WEBHOOK

pytestmark = pytest.mark.django_db
PAGE = "/settings/alerts/webhook/"
HOOK = "https://hooks.example.org/alerts?token=1"


@pytest.fixture
@kept.once
def made() -> Made:
    found = bare()
    found.clock = BEFORE
    found.rows["ann"] = person("ann", found.dossier, "analyst")
    found.rows["bea"] = person("bea", found.dossier, "reader")
    return found


@pytest.fixture
def client_of(made: Made) -> Any:
    def of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    with time_machine.travel(END, tick=False):
        yield of


def shown(client: Client, page: str = PAGE) -> str:
    return client.get(page).content.decode()


def secret_in(text: str) -> str:
    found = re.search(r"data-secret>(whsec_[\w+/=]+)<", text)
    return found[1] if found else ""


def test_it_is_set_up_and_its_secret_is_shown_once(made: Made, client_of: Any) -> None:
    client = client_of(made.ann)
    assert "Set it up" in shown(client)
    assert "Set up a webhook" in shown(client, "/settings/alerts/")
    answered = client.post(PAGE, {"address": HOOK})
    assert answered.status_code == 200
    assert "no-store" in answered.headers["Cache-Control"]
    secret = secret_in(answered.content.decode())
    assert secret
    held = Webhook.objects.get()
    assert (held.user, held.address) == (made.ann, HOOK)
    assert secret not in held.sealed_secret
    assert secret_in(shown(client)) == ""
    assert "Nothing has been sent there yet" in shown(client)
    settings_page = shown(client, "/settings/alerts/")
    assert "https://hooks.example.org<" in settings_page
    assert "token=1" not in settings_page
    # Sent twice, or with another address: the same secret, and not shown.
    for address in (HOOK, "https://hooks.example.org/else"):
        assert client.post(PAGE, {"address": address}).status_code == 302
    assert Webhook.objects.get().sealed_secret == held.sealed_secret
    renewed = client.post(PAGE, {"deed": "renew"})
    assert renewed.status_code == 200
    assert secret_in(renewed.content.decode()) not in ("", secret)
    assert client.post(PAGE, {"deed": "remove"}).status_code == 302
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an address"),
        ("hooks.example.org", "does not begin with https://"),
        ("http://localhost:8000/", "this very machine"),
        ("http://[::ffff:10.0.0.1]/", "a private network"),
        ("http://2130706433/", "is a number"),
        ("https://ann:pw@example.org/", "a name or a password before its host"),
        ("ftp://<b>example</b>.org/", "begins with ftp://"),
        ("https://<i>a</i>/", "&lt;i&gt;a&lt;"),
        (f"https://example.org/{'a' * 2000}", "longer than 2000"),
    ],
)
def test_an_address_that_is_never_called_is_refused_and_kept(
    made: Made, client_of: Any, typed: str, said: str
) -> None:
    answered = client_of(made.ann).post(PAGE, {"address": typed})
    text = answered.content.decode()
    assert answered.status_code == 422
    assert said in text
    assert 'id="id_address_error"' in text
    assert "<title>Error: " in text
    assert typed == "" or typed[:30].replace("<", "&lt;").replace(">", "&gt;") in text
    assert "<i>a" not in text
    assert not Webhook.objects.exists()


def test_a_test_shows_what_came_of_it(made: Made, client_of: Any, settings: Any) -> None:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    client = client_of(made.ann)
    with serving(Endpoint(lambda n: answer(404, b"<b>nobody</b> here"))) as endpoint:
        client.post(PAGE, {"address": endpoint.address})
        assert client.post(PAGE, {"deed": "test"}, follow=True).status_code == 200
        client.post(PAGE, {"deed": "test"})
        assert Message.objects.filter(is_test=True, channel=WEBHOOK).count() == 1
        deliveries.drain(now=lambda: END)
    assert len(endpoint.seen) == 1
    text = shown(client)
    assert "Test: the message was refused" in text
    assert "404 &lt;b&gt;nobody&lt;/b&gt; here" in text
    assert "nobody" not in shown(client_of(made.bea))


def test_one_that_was_refused_says_so_and_is_tried_again(made: Made, client_of: Any) -> None:
    client = client_of(made.ann)
    client.post(PAGE, {"address": HOOK})
    Webhook.objects.update(refused_at=END - timedelta(hours=1), refused_detail="410 <No> more")
    text = shown(client)
    assert "410 &lt;No&gt; more" in text
    assert "Send a test" not in text
    assert "refused since" in shown(client, "/settings/alerts/")
    assert client.post(PAGE, {"deed": "try-again"}).status_code == 302
    assert Webhook.objects.get().refused_at is None
    assert "Send a test" in shown(client)


@pytest.mark.parametrize("deed", ["renew", "remove", "try-again", "test"])
def test_nobody_reaches_the_webhook_of_another(made: Made, client_of: Any, deed: str) -> None:
    webhooks.point(user=made.ann, address=HOOK, at=BEFORE)
    before = Webhook.objects.values().get()
    assert client_of(made.bea).post(PAGE, {"deed": deed}).status_code == 404
    assert HOOK not in shown(client_of(made.bea))
    assert Webhook.objects.values().get() == before
    assert not Message.objects.exists()


def test_the_story_of_an_alert_says_by_which_way_it_went(
    made: Made, client_of: Any, settings: Any
) -> None:
    settings.OUTBOUND_NETWORKS = networks(["127.0.0.0/8"])
    pledge(made, "CASE-1")
    with serving(Endpoint()) as endpoint:
        webhooks.point(user=made.ann, address=endpoint.address, at=BEFORE)
        Alert.objects.all().delete()
        sweeps.run(at=END)
        deliveries.drain(now=lambda: END)
    client = client_of(made.ann)
    by_hook = Alert.objects.get(kind="expired", channel=WEBHOOK)
    by_mail = Alert.objects.get(kind="expired", channel="mail")
    story = shown(client, f"/alerts/{by_hook.pk}/")
    assert re.search(r"· webhook\s*</dd>", story)
    assert "<dt>Sent</dt>" in story
    assert "mail server" not in story
    assert "taken by the mail server" in shown(client, f"/alerts/{by_mail.pk}/")
    assert "· webhook" in shown(client, "/alerts/")
    assert HOOK.partition("?")[0] not in shown(client_of(made.bea), "/alerts/")


def test_queries_do_not_grow_with_what_was_sent(
    made: Made, client_of: Any, django_assert_num_queries: Any
) -> None:
    client = client_of(made.ann)
    client.post(PAGE, {"address": HOOK})
    for count in (1, 30):
        for _ in range(count):
            message = Message.objects.create(
                recipient=made.ann, channel=WEBHOOK, made_at=END, next_try_at=END
            )
            Delivery.objects.create(message=message, attempt=1, at=END, outcome="sent")
        # Session, person, webhook, attempts.
        with django_assert_num_queries(4):
            shown(client)


def test_what_is_held_about_one_has_the_address(made: Made, client_of: Any) -> None:
    client = client_of(made.ann)
    client.post(PAGE, {"address": HOOK})
    assert client.get("/account/data/").json()["webhooks"] == [
        {"address": HOOK, "made_at": "2025-04-11T00:00:00Z"}
    ]
