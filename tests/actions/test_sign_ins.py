"""What somebody signs in with: taken away by an administrator, and entered when it changes."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.web import house
from tracker.actions import sign_ins
from tracker.models import PEOPLE, LedgerEntry, User
from tracker.selectors import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def carol(db: None) -> User:
    return house.person("carol")


def entered() -> list[tuple[str, str]]:
    found = LedgerEntry.objects.filter(chain__name=PEOPLE).order_by("seq")
    return [(entry.action, entry.by) for entry in found]


def holds(user: User, kind: str) -> Authenticator:
    return Authenticator.objects.create(user=user, type=kind, data={})


def test_an_address_counts_as_confirmed_from_the_start(carol: User) -> None:
    address = EmailAddress.objects.get(user=carol)
    assert (address.email, address.verified, address.primary) == (carol.email, True, True)
    shown = LedgerEntry.objects.values_list("state", "row_key", "reason")
    assert carol.email not in str(list(shown))


def test_reset_leaves_nothing_to_sign_in_with(carol: User) -> None:
    admin = house.person("admin")
    for kind in ("totp", "webauthn", "recovery_codes"):
        holds(carol, kind)
        holds(admin, kind)
    EmailAddress.objects.create(user=carol, email="new@example.org")
    client = Client()
    client.force_login(carol)
    before = carol.password
    sign_ins.reset(user=carol, by=admin, at=house.AT, reason="Her phone was stolen.")
    carol.refresh_from_db()
    assert not carol.has_usable_password()
    assert carol.password != before
    assert not Authenticator.objects.filter(user=carol).exists()
    assert Authenticator.objects.filter(user=admin).count() == 3
    assert [a.email for a in EmailAddress.objects.filter(user=carol)] == [carol.email]
    assert not client.get("/").wsgi_request.user.is_authenticated
    last = LedgerEntry.objects.filter(chain__name=PEOPLE).latest("seq")
    assert (last.action, last.by, last.row_key, last.reason) == (
        "sign_ins.reset",
        str(admin.uid),
        str(carol.uid),
        "Her phone was stolen.",
    )
    assert ledger.problem(PEOPLE) is None
    assert list(ledger.differences(PEOPLE)) == []


def test_a_reset_that_fails_half_way_leaves_all_as_it_was(
    carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds(carol, "totp")

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("tracker.actions.ledger.enter_user", broken)
    with pytest.raises(RuntimeError):
        sign_ins.reset(user=carol, by=None, at=house.AT, reason="")
    carol.refresh_from_db()
    assert carol.check_password(house.PASSWORD)
    assert Authenticator.objects.filter(user=carol).count() == 1


def test_each_change_is_entered_and_what_did_not_change_is_not(carol: User) -> None:
    old = holds(carol, "totp")
    before = entered()
    with sign_ins.watched(user=carol, at=house.AT):
        pass
    assert entered() == before
    with sign_ins.watched(user=carol, at=house.AT):
        old.delete()
        holds(carol, "webauthn")
        holds(carol, "recovery_codes")
        carol.set_password("another horse, another battery")
        carol.email = "carol@elsewhere.example"
        carol.save()
    assert entered()[len(before) :] == [
        (f"sign_ins.{what}", str(carol.uid))
        for what in (
            "change_password",
            "change_address",
            "remove_totp",
            "add_passkey",
            "make_recovery_codes",
        )
    ]
    told = LedgerEntry.objects.filter(chain__name=PEOPLE).latest("seq").state or ""
    assert "elsewhere" not in told


def test_a_change_that_fails_is_not_entered(carol: User) -> None:
    before = entered()

    def half_way() -> None:
        with sign_ins.watched(user=carol, at=house.AT):
            holds(carol, "totp")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_way()
    assert entered() == before
    assert not Authenticator.objects.filter(user=carol).exists()
