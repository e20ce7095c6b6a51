"""The people pages: for site administrators alone. Leaving, lost sign-ins, erasure, own data."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from tests.actions.people import holds, told
from tracker.actions import memberships, pledges, users
from tracker.mail import links
from tracker.models import Dossier, Membership, Pledge, User
from tracker.web.views.persons import DEEDS, PER_PAGE

from . import house
from .people import answers, crowd, html_of, named, statuses

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]
HIDDEN = answers(302, *[404] * 5, 200)
ENDED = "This link does not work any more"
WHY = {"reason": "It was asked for"}


@pytest.fixture
def visitors(open_house: None) -> dict[str, Client]:
    return crowd()


@pytest.fixture
def admin(visitors: dict[str, Client]) -> Client:
    return visitors["admin"]


def address(kind: str, deed: str = "") -> str:
    return f"/people/{named(kind).uid}/{f'{deed}/' if deed else ''}"


def watched(analyst: str) -> None:
    """The pledges of both dossiers have that analyst."""
    for pledge in Pledge.objects.all():
        pledges.amend(row=pledge, analyst=named(analyst), by=None, at=house.AT)


def test_only_site_administrators_see_people(visitors: dict[str, Client]) -> None:
    for page in ("/people/", address("analyst"), address("analyst", "deactivate")):
        assert statuses(visitors, page) == HIDDEN
    for name, deed in DEEDS.items():
        kind = "admin" if name == "demote" else "analyst"
        if deed.applies(named(kind)):
            assert statuses(visitors, address(kind, name)) == HIDDEN
    for kind in ("reader", "owner", "admin"):
        assert ('href="/people/"' in visitors[kind].get("/").content.decode()) is (kind == "admin")
    assert "no-store" in visitors["admin"].get("/people/").headers["Cache-Control"]


def test_nobody_else_does_anything(visitors: dict[str, Client]) -> None:
    for kind in ("anonymous", "stranger", "reader", "analyst", "reviewer", "owner"):
        for deed in (*DEEDS, "deactivate"):
            response = visitors[kind].post(
                address("stranger", deed), WHY | {"confirm": "yes", "unassigned": "0"}
            )
            assert response.status_code == (302 if kind == "anonymous" else 404)
    stranger = named("stranger")
    assert (stranger.is_active, stranger.is_site_admin) == (True, False)
    assert stranger.has_usable_password()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 6),
        ("?q=READ", 1),
        ("?q=owner%40example", 1),
        ("?q=nobody", 0),
        ("?q=%00", 6),
        ("?q=%25", 0),
        ("?kind=admins", 1),
        ("?kind=inactive", 0),
        ("?kind=erasure", 0),
        ("?kind=other", 6),
        ("?page=99", 6),
        ("?page=x", 6),
    ],
)
def test_people_are_found(admin: Client, query: str, found: int) -> None:
    response = admin.get(f"/people/{query}")
    assert response.status_code == 200
    assert f'<span class="count">{found}</span>' in response.content.decode()


def test_people_are_paged_with_as_many_queries(
    admin: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):  # session, user, roles, count, page
        admin.get("/people/")
    User.objects.bulk_create(
        User(email=f"p{n:03}@example.org", name=f"Person {n:03}", password="!")
        for n in range(PER_PAGE)
    )
    with django_assert_num_queries(5):
        first = admin.get("/people/?q=example&kind=").content.decode()
    assert "Page 1 of 2" in first
    assert 'href="?q=example&amp;kind=&amp;page=2"' in first
    assert first.count("@example.org") >= PER_PAGE
    assert "Page 2 of 2" in admin.get("/people/?page=2&q=example").content.decode()


def test_a_person_is_shown_with_what_hangs_on_it(admin: Client) -> None:
    watched("analyst")
    shown = admin.get(address("analyst")).content.decode()
    assert "analyst@example.org" in shown
    assert shown.count("watches 1 pledge<") == 2
    assert str(named("analyst").uid) in shown
    assert "the only active owner" in admin.get(address("owner")).content.decode()
    assert admin.get("/people/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert admin.get("/people/1/").status_code == 404


def test_somebody_is_made_a_site_administrator_and_no_longer_is(admin: Client) -> None:
    assert admin.post(address("reader", "promote"), {"reason": ""}).status_code == 422
    assert admin.post(address("reader", "promote"), WHY).status_code == 302
    assert named("reader").is_site_admin
    assert admin.post(address("reader", "promote"), WHY).status_code == 409
    assert admin.post(address("reader", "demote"), WHY).status_code == 302
    assert not named("reader").is_site_admin
    assert told("people")[-1] == ("user.demote", str(named("admin").uid), WHY["reason"])


def test_whoever_ends_the_own_office_is_led_out(admin: Client) -> None:
    admin.post(address("reader", "promote"), WHY)
    response = admin.post(address("admin", "demote"), WHY)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert admin.get("/people/").status_code == 404


def test_the_last_site_administrator_stays(admin: Client) -> None:
    for deed, more in (("demote", {}), ("deactivate", {"confirm": "yes", "unassigned": "0"})):
        response = admin.post(address("admin", deed), WHY | more)
        assert response.status_code == 422
        assert "keeps at least one administrator" in response.content.decode()
    assert named("admin").is_active
    assert named("admin").is_site_admin


class TestDeactivating:
    def test_what_stays_unassigned_is_shown_before_it_is_done(self, admin: Client) -> None:
        watched("analyst")
        page = address("analyst", "deactivate")
        asked = admin.get(page).content.decode()
        assert "SHUT-HALT" in asked
        assert 'name="in_shut"' in asked
        reviewer = str(named("reviewer").uid)
        shown = admin.post(page, WHY | {"in_shut": reviewer})
        words = " ".join(re.sub(r"<[^>]+>", " ", shown.content.decode()).split())
        assert shown.status_code == 200
        assert "Reviewer takes over in Talks of SHUT 1" in words
        assert "Nobody takes over 1" in words
        assert "OPEN-HALT" in words.split("Nobody takes over")[1]
        assert named("analyst").is_active
        done = admin.post(page, WHY | {"in_shut": reviewer, "confirm": "yes", "unassigned": "1"})
        assert done.status_code == 302, done.context["form"].errors
        assert not named("analyst").is_active
        found = dict(Pledge.objects.values_list("ref", "analyst__email"))
        assert found == {"SHUT-HALT": "reviewer@example.org", "OPEN-HALT": None}
        holds("open", "shut", "people")
        assert admin.get(page).status_code == 409

    def test_one_takes_over_everywhere_but_where_another_is_chosen(self, admin: Client) -> None:
        watched("analyst")
        chosen = {"everywhere": str(named("reviewer").uid), "in_open": str(named("owner").uid)}
        page = address("analyst", "deactivate")
        shown = admin.post(page, WHY | chosen).content.decode()
        assert "No pledge stays without an analyst." in shown
        admin.post(page, WHY | chosen | {"confirm": "yes", "unassigned": "0"})
        found = dict(Pledge.objects.values_list("ref", "analyst__email"))
        assert found == {"SHUT-HALT": "reviewer@example.org", "OPEN-HALT": "owner@example.org"}

    def test_where_one_for_all_is_no_analyst_the_pledges_are_shown_as_left(
        self, admin: Client
    ) -> None:
        watched("analyst")
        member = Membership.objects.get(user=named("reviewer"), dossier__slug="open")
        memberships.change(row=member, role="reader", by=None, at=house.AT)
        page = address("analyst", "deactivate")
        everywhere = {"everywhere": str(named("reviewer").uid)}
        shown = admin.post(page, WHY | everywhere).content.decode()
        assert "OPEN-HALT" in shown.split("Nobody takes over")[1]
        assert "SHUT-HALT" not in shown.split("Nobody takes over")[1]

    def test_what_changed_since_it_was_shown_stops_it(self, admin: Client) -> None:
        watched("analyst")
        response = admin.post(
            address("analyst", "deactivate"), WHY | {"confirm": "yes", "unassigned": "0"}
        )
        assert response.status_code == 422
        assert "changed since you looked" in response.content.decode()
        assert named("analyst").is_active

    @pytest.mark.parametrize("kind", ["reader", "stranger", "analyst"])
    def test_who_cannot_take_over_is_not_offered(self, admin: Client, kind: str) -> None:
        watched("analyst")
        page = address("analyst", "deactivate")
        uid = str(named(kind).uid)
        assert f'value="{uid}"' not in admin.get(page).content.decode()
        assert admin.post(page, WHY | {"in_shut": uid}).status_code == 422

    def test_the_last_owner_hands_over_first(self, admin: Client) -> None:
        page = address("owner", "deactivate")
        assert "Hand ownership over first" in admin.get(page).content.decode()
        response = admin.post(page, WHY | {"confirm": "yes", "unassigned": "0"})
        assert response.status_code == 422
        assert named("owner").is_active

    def test_the_person_is_signed_out_at_once(
        self, visitors: dict[str, Client], admin: Client
    ) -> None:
        assert visitors["analyst"].get("/dossiers/shut/").status_code == 200
        admin.post(address("analyst", "deactivate"), WHY | {"confirm": "yes", "unassigned": "0"})
        assert visitors["analyst"].get("/dossiers/shut/").status_code == 404
        who = {"username": "analyst@example.org", "password": house.PASSWORD}
        assert authenticate(None, **who) is None
        assert admin.post(address("analyst", "reactivate"), WHY).status_code == 302
        assert visitors["analyst"].get("/dossiers/shut/").status_code == 404  # signs in anew


class TestLostSignIn:
    def test_a_letter_with_a_link_is_sent_and_the_link_works_once(
        self, visitors: dict[str, Client], admin: Client
    ) -> None:
        assert admin.post(address("reader", "reset"), WHY).status_code == 302
        assert visitors["reader"].get("/dossiers/shut/").status_code == 404
        assert not named("reader").has_usable_password()
        (letter,) = mail.outbox
        assert letter.to == ["reader@example.org"]
        found = re.search(r"http://testserver(/new-password/\S+)", str(letter.body))
        assert found is not None
        assert found[1] in html_of(letter)
        typed = {"password1": "another good passphrase", "password2": "another good passphrase"}
        client = Client()
        shown = client.get(found[1], follow=True)
        assert "Set a new password" in shown.content.decode()
        assert "no-store" in shown.headers["Cache-Control"]
        page = shown.request["PATH_INFO"]
        assert client.post(page, typed | {"password2": "other"}).status_code == 422
        assert client.post(page, typed).status_code == 302
        assert "_auth_user_id" not in client.session
        assert named("reader").check_password(typed["password1"])
        assert ENDED in Client().get(found[1]).content.decode()
        assert told("people")[-1][1] == str(named("reader").uid)

    def test_where_no_letter_goes_out_the_link_is_shown(
        self, admin: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: Any) -> int:
            raise TimeoutError

        monkeypatch.setattr(EmailBackend, "send_messages", fails)
        shown = admin.post(address("reader", "reset"), WHY)
        assert shown.status_code == 200
        found = re.search(r"http://testserver(/new-password/[^<\s]+)", shown.content.decode())
        assert found is not None
        assert "Set a new" in Client().get(found[1], follow=True).content.decode()
        assert "/new-password/" not in admin.get(address("reader")).content.decode()

    def test_a_link_of_somebody_else_or_of_a_deactivated_account_does_not_work(
        self, admin: Client
    ) -> None:
        admin.post(address("reader", "reset"), WHY)
        found = re.search(r"/new-password/[^-\s]+-([^/\s]+)/", str(mail.outbox[0].body))
        assert found is not None
        others = links.new_password(named("admin")).split("-")[1].removeprefix("password/")
        assert ENDED in Client().get(f"/new-password/{others}-{found[1]}/").content.decode()
        admin.post(address("reader", "deactivate"), WHY | {"confirm": "yes", "unassigned": "0"})
        assert ENDED in Client().get(found[0], follow=True).content.decode()


class TestErasing:
    def test_only_after_deactivating_and_history_says_a_former_member(
        self, visitors: dict[str, Client], admin: Client
    ) -> None:
        dossier = Dossier.objects.get(slug="shut")
        pledge = Pledge.objects.get(ref="SHUT-HALT")
        pledges.amend(row=pledge, note="Seen", by=named("analyst"), at=house.AT)
        uid = named("analyst").uid
        assert admin.post(address("analyst", "erase"), WHY).status_code == 409
        admin.post(address("analyst", "deactivate"), WHY | {"confirm": "yes", "unassigned": "0"})
        assert admin.post(address("analyst", "erase"), WHY).status_code == 302
        assert not User.objects.filter(email="analyst@example.org").exists()
        assert not Membership.objects.filter(dossier=dossier, user__uid=uid).exists()
        history = visitors["reader"].get("/pledges/SHUT-HALT/").content.decode()
        assert "a former member" in history
        assert str(uid) not in history
        gone = admin.get(f"/people/{uid}/")
        assert gone.status_code == 200
        assert "a former member" in gone.content.decode()
        assert "erased.invalid" not in gone.content.decode()
        assert "What can be done" not in gone.content.decode()
        assert str(uid) not in admin.get("/people/").content.decode()
        holds("open", "shut", "people")

    def test_who_asks_is_found_and_can_take_it_back(
        self, visitors: dict[str, Client], admin: Client
    ) -> None:
        page = "/account/erasure/"
        assert statuses(visitors, page) == answers(302, *[200] * 6)
        visitors["reader"].post(page, {"deed": "erase"})
        found = admin.get("/people/?kind=erasure").content.decode()
        assert "Reader" in found
        assert '<span class="count">1</span>' in found
        assert "Take this back" in visitors["reader"].get(page).content.decode()
        visitors["reader"].post(page, {"deed": "keep"})
        assert named("reader").erasure_asked_at is None
        assert named("reader").is_active


def test_own_data_are_a_file_for_oneself(visitors: dict[str, Client]) -> None:
    page = "/account/data/"
    assert statuses(visitors, page) == answers(302, *[200] * 6)
    assert visitors["reader"].post(page).status_code == 405
    response = visitors["reader"].get(page)
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in response.headers["Cache-Control"]
    held = json.loads(response.content)
    assert held["account"]["email"] == "reader@example.org"
    assert [one["dossier"] for one in held["memberships"]] == ["open", "shut"]
    assert "owner@example.org" not in response.content.decode()


def test_a_link_to_a_password_ends_after_three_days(
    monkeypatch: pytest.MonkeyPatch, admin: Client
) -> None:
    reader = named("reader")
    link = links.new_password(reader)
    made = PasswordResetTokenGenerator._now
    assert "Set a new" in Client().get(link, follow=True).content.decode()
    monkeypatch.setattr(
        PasswordResetTokenGenerator,
        "_now",
        lambda self: made(self) + timedelta(days=3, seconds=5),
    )
    assert links.days() == 3
    assert ENDED in Client().get(link, follow=True).content.decode()


def test_names_are_text(admin: Client) -> None:
    eve = users.register(
        email="eve@example.org", name=house.NASTY, password=None, by=None, at=house.AT
    )
    for page in ("", "deactivate/", "promote/"):
        assert "<script>alert" not in admin.get(f"/people/{eve.uid}/{page}").content.decode()
    assert "<script>alert" not in admin.get("/people/").content.decode()
