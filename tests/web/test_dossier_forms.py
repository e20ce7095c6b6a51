"""Dossiers are opened and changed by who may; whoever opens one owns it."""

import pytest
from django.test import Client

from tracker.models import Dossier, LedgerEntry, Membership

from . import house

pytestmark = pytest.mark.usefixtures("open_house")
NEW = "/dossiers/new/"
TYPED = {"title": "Talks in Oslo", "zone": "Europe/Oslo", "summary": "One.\r\nTwo."}


def visitor(name: str, *, admin: bool = False, **roles: str) -> Client:
    user = house.person(name, **roles)
    user.is_site_admin = admin
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_a_site_administrator_and_an_owner_may_open_one() -> None:
    for name, client in (
        ("root", visitor("root", admin=True)),
        ("owner", visitor("owner", open="owner")),
    ):
        assert "Open a dossier" in client.get("/").content.decode()
        made = client.post(NEW, TYPED)
        dossier = Dossier.objects.latest("pk")
        assert made["Location"] == f"/dossiers/{dossier.slug}/"
        assert (dossier.title, dossier.summary) == ("Talks in Oslo", "One.\nTwo.")
        assert not dossier.is_public
        only = Membership.objects.get(dossier=dossier)
        assert (only.user.email, only.role) == (f"{name}@example.org", "owner")
    assert [d.slug for d in Dossier.objects.order_by("pk")][-2:] == [
        "talks-in-oslo",
        "talks-in-oslo-2",
    ]


@pytest.mark.parametrize("role", ["reader", "analyst", "reviewer"])
def test_others_may_not(role: str) -> None:
    client = visitor("carol", open=role)
    before = LedgerEntry.objects.count()
    assert "Open a dossier" not in client.get("/").content.decode()
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, TYPED).status_code == 403
    assert client.post("/dossiers/open/edit/", TYPED).status_code == 403
    assert client.post("/dossiers/shut/edit/", TYPED).status_code == 404
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Title: This field is required."),
        ({"key": "new"}, "cannot be a key"),
        ({"key": "people"}, "chain of the ledger"),
        ({"key": "open"}, "is taken"),
        ({"key": "Größe"}, "cannot be a key"),
        ({"zone": "Europe/Nowhere"}, "Europe/Nowhere"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(typed: dict[str, str], said: str) -> None:
    client = visitor("root", admin=True)
    answer = client.post(NEW, TYPED | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Dossier.objects.count() == 2


def test_an_owner_publishes_and_is_told_of_a_clash() -> None:
    client = visitor("owner", open="owner", shut="owner")
    page = "/dossiers/shut/edit/"
    seen = client.get(page).context["form"].initial["seen"]
    typed = {"title": "Shut no more", "is_public": "on", "seen": seen}
    assert client.post(page, typed).status_code == 302
    assert Client().get("/dossiers/shut/").status_code == 200
    clash = client.post(page, {"title": "Shut again", "seen": seen})
    assert clash.status_code == 409
    assert "Shut no more" in clash.content.decode()
    assert Dossier.objects.get(slug="shut").is_public


def test_an_owner_says_who_is_told_in_the_end_and_what_mail_may_say() -> None:
    client = visitor("owner", open="owner", shut="owner")
    carol = house.person("carol", shut="reader")
    eve = house.person("eve", open="owner")
    page = "/dossiers/shut/edit/"
    shown = client.get(page).content.decode()
    assert "Carol" in shown
    assert "Eve" not in shown
    typed = {"title": "Shut", "seen": client.get(page).context["form"].initial["seen"]}
    alone = client.post(page, typed | {"escalates_to": str(carol.uid)})
    assert alone.status_code == 422
    assert 'id="id_escalates_after_error"' in alone.content.decode()
    outside = {"escalates_to": str(eve.uid), "escalates_after": "12 hours"}
    assert client.post(page, typed | outside).status_code == 422
    both = {"escalates_to": str(carol.uid), "escalates_after": "12 hours", "tells_details": "on"}
    assert client.post(page, typed | both).status_code == 302
    row = Dossier.objects.get(slug="shut")
    assert (row.escalates_to, row.escalates_after, row.tells_details) == (carol, "PT12H", True)
    assert "escalates_to" not in client.get(NEW).content.decode()
    assert "tells_details" in client.get(NEW).content.decode()
