"""The members of a dossier: who sees them, who changes them, and that an owner remains."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from tracker.actions import departures, invitations
from tracker.domain.members import INVITED_FOR
from tracker.models import Dossier, Invitation, Membership
from tracker.selectors import ledger

from . import house
from .people import answers, crowd, html_of, named, statuses

pytestmark = [pytest.mark.usefixtures("open_house"), pytest.mark.both]
SHUT, OPEN = "/dossiers/shut/members/", "/dossiers/open/members/"
NEW = {"email": "New@Example.org", "role": "analyst"}


@pytest.fixture
def visitors(open_house: None) -> dict[str, Client]:
    return crowd()


def role_of(kind: str, slug: str = "shut") -> str | None:
    found = Membership.objects.filter(user=named(kind), dossier__slug=slug).first()
    return found.role if found else None


def invited(email: str = "new@example.org") -> invitations.Invited:
    return invitations.invite(
        dossier=Dossier.objects.get(slug="shut"),
        email=email,
        role="analyst",
        by=named("owner"),
        at=house.AT,
    )


def test_only_members_see_members(visitors: dict[str, Client]) -> None:
    assert statuses(visitors, SHUT) == answers(302, 404, 200, 200, 200, 200, 200)
    assert statuses(visitors, OPEN) == answers(302, 403, 200, 200, 200, 200, 200)
    assert statuses(visitors, "/dossiers/none/members/") == answers(302, *[404] * 6)
    for client in (visitors["anonymous"], visitors["stranger"]):
        for address in (OPEN, "/dossiers/open/"):
            shown = client.get(address).content.decode()
            assert "Reviewer" not in shown
            assert f'href="{OPEN}"' not in shown
    assert f'href="{OPEN}"' in visitors["reader"].get("/dossiers/open/").content.decode()


def test_addresses_and_invitations_are_for_owners(visitors: dict[str, Client]) -> None:
    invited()
    for kind, sees in (("reader", False), ("reviewer", False), ("owner", True), ("admin", True)):
        shown = visitors[kind].get(SHUT).content.decode()
        assert "Analyst</h3>" in shown
        assert ("analyst@example.org" in shown) is sees
        assert ("new@example.org" in shown) is sees
        assert ('name="email"' in shown) is sees
    response = visitors["reader"].get(SHUT)
    assert "no-store" in response.headers["Cache-Control"]


def test_owners_invite_and_others_do_not(visitors: dict[str, Client]) -> None:
    assert statuses(visitors, SHUT, NEW) == answers(302, 404, 403, 403, 403, 302, 422)
    assert Invitation.objects.count() == 1


def test_the_letter_goes_out_with_the_link(visitors: dict[str, Client]) -> None:
    response = visitors["owner"].post(SHUT, NEW)
    assert (response.status_code, response.headers["Location"]) == (302, SHUT)
    row = Invitation.objects.get()
    assert (row.email, row.role, row.made_by) == ("new@example.org", "analyst", named("owner"))
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    assert letter.subject == "You are invited to shut"  # a private title is for members
    text, html = str(letter.body), html_of(letter)
    link = re.search(r"http://testserver/invitations/([\w-]{43})/", text)
    assert link is not None
    assert link[0] in html
    assert Client().get(f"/invitations/{link[1]}/").status_code == 200
    for part in (text, html):
        assert "Owner invites you" in part
        assert "analyst" in part
        assert "18 March 2026, 10:20 UTC" in part
        assert "Talks of" not in part


def test_the_title_of_a_public_dossier_is_named(visitors: dict[str, Client]) -> None:
    visitors["owner"].post(OPEN, NEW)
    assert mail.outbox[0].subject == "You are invited to Talks of OPEN"


def test_nothing_typed_becomes_a_header_or_markup(visitors: dict[str, Client]) -> None:
    owner = named("owner")
    owner.name = f"Eve\r\nBcc: all@example.org {house.NASTY}"
    owner.save()
    Dossier.objects.filter(slug="open").update(title="Talks\r\nBcc: all@example.org")
    visitors["owner"].post(OPEN, NEW)
    (letter,) = mail.outbox
    message = letter.message()
    assert message["Bcc"] is None
    assert letter.subject == "You are invited to Talks Bcc: all@example.org"
    assert "<script>" not in html_of(letter)
    refused = visitors["owner"].post(OPEN, NEW | {"email": "a@example.org\r\nBcc: b@example.org"})
    assert refused.status_code == 422
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": ""}, "Enter an e-mail address."),
        ({"email": "new"}, "Enter an e-mail address such as"),
        ({"email": "a\x00@example.org"}, "Null characters"),
        ({"role": "king"}, "Select a valid choice"),
        ({"email": "Reader@example.org"}, "a member already, as reader"),
        ({"email": "twice@example.org"}, "invited already"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    visitors: dict[str, Client], typed: dict[str, str], words: str
) -> None:
    invited("twice@example.org")
    response = visitors["owner"].post(SHUT, NEW | typed)
    shown = response.content.decode()
    assert response.status_code == 422
    assert words in shown
    assert f'href="#id_{next(iter(typed))}"' in shown
    assert 'aria-invalid="true"' in shown
    assert mail.outbox == []


def test_where_no_letter_goes_out_the_link_is_shown_once(
    visitors: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", fails)
    response = visitors["owner"].post(SHUT, NEW)
    shown = response.content.decode()
    assert response.status_code == 200
    assert "could not be sent" in shown
    assert "no-store" in response.headers["Cache-Control"]
    link = re.search(r"http://testserver(/invitations/[\w-]{43}/)", shown)
    assert link is not None
    assert Client().get(link[1]).status_code == 200
    assert 'value="resend"' in shown
    assert "/invitations/" not in visitors["owner"].get(SHUT).content.decode().replace(
        "/dossiers/shut/invitations/", ""
    )


def test_owners_send_again_and_revoke(visitors: dict[str, Client]) -> None:
    row, token = invited()
    address = f"/dossiers/shut/invitations/{row.uid}/"
    assert statuses(visitors, address) == answers(302, 404, 403, 403, 403, 302, 302)
    assert statuses(visitors, address, {"deed": "resend"}) == answers(
        302, 404, 403, 403, 403, 302, 302
    )
    assert len(mail.outbox) == 2  # the owner's and the administrator's
    assert Client().get(f"/invitations/{token}/").status_code == 404
    assert visitors["owner"].post(address, {"deed": "revoke"}).status_code == 302
    assert visitors["owner"].post(address, {"deed": "revoke"}).status_code == 409
    row.refresh_from_db()
    assert row.revoked_at == house.AT
    elsewhere = f"/dossiers/open/invitations/{row.uid}/"
    assert visitors["owner"].post(elsewhere, {"deed": "resend"}).status_code == 404


def test_an_expired_invitation_is_shown_as_such(
    visitors: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker import clock

    invited()
    for late, said in ((INVITED_FOR / 2, False), (INVITED_FOR, True)):
        monkeypatch.setattr(clock, "now", lambda late=late: house.AT + late)
        assert (">expired<" in visitors["owner"].get(SHUT).content.decode()) is said


def test_owners_change_roles(visitors: dict[str, Client]) -> None:
    address = f"{SHUT}{named('reader').uid}/"
    assert statuses(visitors, address) == answers(302, 404, 403, 403, 403, 200, 200)
    change = {"role": "reviewer", "reason": "Knows it best"}
    assert statuses(visitors, address, change) == answers(302, 404, 403, 403, 403, 302, 302)
    assert role_of("reader") == "reviewer"
    assert role_of("reader", "open") == "reader"
    told = ledger.tables("shut")["membership"][str(named("reader").uid)]
    assert told["role"] == "reviewer"
    assert visitors["owner"].post(address, {"role": "king"}).status_code == 422
    assert visitors["owner"].get(f"{SHUT}{named('stranger').uid}/").status_code == 404


def test_the_last_owner_stays(visitors: dict[str, Client]) -> None:
    uid = named("owner").uid
    for address, typed in (
        (f"{SHUT}{uid}/", {"role": "reader", "reason": ""}),
        (f"{SHUT}{uid}/end/", {"reason": "Enough"}),
    ):
        for kind in ("owner", "admin"):
            response = visitors[kind].post(address, typed)
            assert response.status_code == 422
            assert "keeps at least one owner" in response.content.decode()
    assert role_of("owner") == "owner"


def test_owners_end_memberships_with_a_reason(visitors: dict[str, Client]) -> None:
    address = f"{SHUT}{named('analyst').uid}/end/"
    assert statuses(visitors, address) == answers(302, 404, 403, 200, 403, 200, 200)
    asked = visitors["owner"].post(address, {"reason": " "})
    assert asked.status_code == 422
    assert "Say why." in asked.content.decode()
    assert role_of("analyst") == "analyst"
    assert visitors["owner"].post(address, {"reason": "Project over"}).status_code == 302
    assert role_of("analyst") is None
    assert visitors["owner"].post(address, {"reason": "Project over"}).status_code == 404
    assert visitors["analyst"].get(SHUT).status_code == 404


def test_a_member_leaves_and_needs_no_reason(visitors: dict[str, Client]) -> None:
    address = f"{SHUT}{named('reader').uid}/end/"
    assert visitors["analyst"].post(address, {"reason": "No"}).status_code == 403
    response = visitors["reader"].post(address, {"reason": ""})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert role_of("reader") is None
    assert role_of("reader", "open") == "reader"


def test_a_deactivated_member_is_marked(visitors: dict[str, Client]) -> None:
    departures.deactivate(
        user=named("reviewer"), successors={}, by=None, at=house.AT, reason="Left"
    )
    assert "deactivated" in visitors["reader"].get(SHUT).content.decode()
    assert visitors["reviewer"].get(SHUT).status_code == 302


def test_names_are_text(visitors: dict[str, Client]) -> None:
    house.person("eve", shut="reader")
    eve = named("eve")
    eve.name = house.NASTY
    eve.save()
    for address in (SHUT, f"{SHUT}{eve.uid}/", f"{SHUT}{eve.uid}/end/"):
        assert "<script>alert" not in visitors["owner"].get(address).content.decode()


def test_the_list_takes_as_many_queries_for_one_as_for_many(
    visitors: dict[str, Client], django_assert_num_queries: Any
) -> None:
    # session, user, roles, dossier, members, invitations
    with django_assert_num_queries(6):
        visitors["owner"].get(SHUT)
    for number in range(4):
        house.person(f"more{number}", shut="reader")
        invited(f"new{number}@example.org")
    with django_assert_num_queries(6):
        visitors["owner"].get(SHUT)


def test_forms_are_safe_from_other_sites(visitors: dict[str, Client]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(named("owner"))
    for address in (SHUT, f"{SHUT}{named('reader').uid}/end/"):
        assert client.post(address, NEW).status_code == 403
    assert role_of("reader") == "reader"
