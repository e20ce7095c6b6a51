"""Invitations: once, for fourteen days, to one address, and the ledger knows no address."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.actions.house import AT, MINUTE, bare
from tests.actions.people import PASSWORD, at_once, holds, person, told
from tracker.actions import departures, invitations, memberships
from tracker.domain.errors import Conflict, Invalid, NotAllowed
from tracker.domain.members import INVITED_FOR, Outcome
from tracker.models import Dossier, Invitation, LedgerEntry, Membership, User
from tracker.selectors import invitations as reading

TICK = timedelta(microseconds=1)


@pytest.fixture
def dossier(db: None) -> Dossier:
    return bare().dossier


@pytest.fixture
def owner(dossier: Dossier) -> User:
    return person("olga", dossier, "owner")


def invite(dossier: Dossier, owner: User, email: str = "Ann@Example.org") -> invitations.Invited:
    return invitations.invite(dossier=dossier, email=email, role="analyst", by=owner, at=AT)


def test_inviting_stores_no_token_and_tells_the_ledger_no_address(
    dossier: Dossier, owner: User
) -> None:
    row, token = invite(dossier, owner)
    assert row.email == "ann@example.org"
    assert row.expires_at == AT + INVITED_FOR
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values())
    assert reading.by_token(token) == row
    assert reading.by_token(token[:-1]) is None
    entry = LedgerEntry.objects.filter(chain__name=dossier.slug).latest("seq")
    assert (entry.noun, entry.row_key, entry.by) == ("invitation", str(row.uid), str(owner.uid))
    assert '"role":"analyst"' in (entry.state or "")
    for whole in LedgerEntry.objects.values():
        assert "example.org" not in str(whole)
    holds(dossier.slug)


def test_the_invited_person_joins_with_an_account(dossier: Dossier, owner: User) -> None:
    row, _ = invite(dossier, owner)
    user = invitations.join(row=row, name="Ann", password=PASSWORD, at=AT + MINUTE)
    assert (user.email, user.name, user.check_password(PASSWORD)) == (
        "ann@example.org",
        "Ann",
        True,
    )
    assert Membership.objects.get(user=user).role == "analyst"
    row.refresh_from_db()
    assert (row.outcome, row.accepted_by, row.email) == (Outcome.ACCEPTED, user, "")
    assert told("people")[-1] == ("user.register", str(owner.uid), f"Invitation {row.uid}.")
    assert [action for action, by, _ in told(dossier.slug) if by == str(user.uid)] == [
        "invitations.accept",
        "memberships.grant",
    ]
    holds(dossier.slug, "people")


def test_an_account_accepts_and_only_its_own(dossier: Dossier, owner: User) -> None:
    ann, ben = person("ann"), person("ben")
    row, _ = invite(dossier, owner)
    with pytest.raises(NotAllowed, match="another address"):
        invitations.accept(row=row, user=ben, at=AT)
    with pytest.raises(Conflict, match="account"):
        invitations.join(row=row, name="Ann", password=PASSWORD, at=AT)
    assert not Membership.objects.filter(user__in=(ann, ben)).exists()
    invitations.accept(row=row, user=ann, at=AT)
    with pytest.raises(Conflict, match="accepted already"):
        invitations.accept(row=row, user=ann, at=AT)


def test_it_can_be_accepted_up_to_its_end_and_not_at_it(dossier: Dossier, owner: User) -> None:
    ann = person("ann")
    row, _ = invite(dossier, owner)
    for late in (row.expires_at, row.expires_at + TICK):
        with pytest.raises(Conflict, match="has ended"):
            invitations.accept(row=row, user=ann, at=late)
    invitations.accept(row=row, user=ann, at=row.expires_at - TICK)
    assert Membership.objects.filter(user=ann).exists()


def test_sending_again_ends_the_old_link_and_begins_the_time_anew(
    dossier: Dossier, owner: User
) -> None:
    ann = person("ann")
    old, old_token = invite(dossier, owner)
    later = old.expires_at + MINUTE  # an expired one too
    new, token = invitations.resend(row=old, by=owner, at=later)
    assert new.expires_at == later + INVITED_FOR
    assert reading.by_token(old_token) is None
    with pytest.raises(Conflict, match="has ended"):  # the page was open meanwhile
        invitations.accept(row=old, user=ann, at=AT)
    invitations.accept(row=reading.by_token(token) or old, user=ann, at=later)
    holds(dossier.slug)


def test_revoking_forgets_the_address_and_ends_the_link(dossier: Dossier, owner: User) -> None:
    row, token = invite(dossier, owner)
    invitations.revoke(row=row, by=owner, at=AT, reason="A mistake")
    found = reading.by_token(token)
    assert found is not None
    assert (found.outcome, found.email) == (Outcome.REVOKED, "")
    assert reading.open_to(dossier) == []
    for deed in (
        lambda: invitations.join(row=row, name="Ann", password=PASSWORD, at=AT),
        lambda: invitations.resend(row=row, by=owner, at=AT),
        lambda: invitations.revoke(row=row, by=owner, at=AT),
    ):
        with pytest.raises(Conflict, match="revoked already"):
            deed()
    assert not User.objects.filter(email="ann@example.org").exists()
    holds(dossier.slug)


def test_who_is_a_member_or_invited_is_not_invited_again(dossier: Dossier, owner: User) -> None:
    person("ben", dossier, "reader")
    invite(dossier, owner)
    for email, why in (
        (" ANN@example.org ", "invited already"),
        ("Ben@example.org", "a member already, as reader"),
        ("olga@example.org", "a member already, as owner"),
    ):
        with pytest.raises(Invalid, match=why) as refused:
            invite(dossier, owner, email)
        assert refused.value.field == "email"
    assert Invitation.objects.count() == 1


def test_a_deactivated_account_is_not_invited(dossier: Dossier, owner: User) -> None:
    ann = person("ann")
    departures.deactivate(user=ann, successors={}, by=None, at=AT, reason="Left")
    with pytest.raises(Invalid, match="deactivated"):
        invite(dossier, owner)


def test_an_expired_one_makes_way(dossier: Dossier, owner: User) -> None:
    old, _ = invite(dossier, owner)
    with pytest.raises(Invalid, match="invited already"):
        invitations.invite(
            dossier=dossier,
            email=old.email,
            role="reader",
            by=owner,
            at=old.expires_at - TICK,
        )
    new = invitations.invite(
        dossier=dossier, email=old.email, role="reader", by=owner, at=old.expires_at
    )
    old.refresh_from_db()
    assert old.outcome is Outcome.REVOKED
    assert reading.open_to(dossier) == [new.row]
    holds(dossier.slug)


def test_nobody_loses_a_role_by_accepting(dossier: Dossier, owner: User) -> None:
    ann = person("ann")
    row, _ = invite(dossier, owner)
    memberships.grant(dossier=dossier, user=ann, role="reviewer", by=owner, at=AT)
    invitations.accept(row=row, user=ann, at=AT)
    assert Membership.objects.get(user=ann).role == "reviewer"


def test_accepting_raises_a_lower_role(dossier: Dossier, owner: User) -> None:
    ann = person("ann")
    row, _ = invite(dossier, owner)
    memberships.grant(dossier=dossier, user=ann, role="reader", by=owner, at=AT)
    invitations.accept(row=row, user=ann, at=AT)
    assert Membership.objects.get(user=ann).role == "analyst"


def test_joining_is_all_or_nothing(
    dossier: Dossier, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, _ = invite(dossier, owner)
    before = LedgerEntry.objects.count()

    def fails(**_: object) -> None:
        raise RuntimeError("the membership cannot be written")

    monkeypatch.setattr(memberships, "grant", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        invitations.join(row=row, name="Ann", password=PASSWORD, at=AT)
    assert LedgerEntry.objects.count() == before
    assert not User.objects.filter(email="ann@example.org").exists()
    row.refresh_from_db()
    assert row.outcome is Outcome.OPEN


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "Ann@example.org"},
        {"revoked_at": AT},
        {"accepted_at": AT, "email": ""},
        {"expires_at": AT},
        {"digest": ""},
    ],
)
def test_the_database_refuses_what_cannot_be(
    dossier: Dossier, owner: User, wrong: dict[str, object]
) -> None:
    row, _ = invite(dossier, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_who_open_one_link_make_one_account(self) -> None:
        dossier = bare().dossier
        owner = person("olga", dossier, "owner")
        row, _ = invite(dossier, owner)
        failed = at_once(
            *[
                lambda name=name: invitations.join(row=row, name=name, password=PASSWORD, at=AT)
                for name in ("Ann", "Mallory")
            ]
        )
        assert [type(error) for error in failed] == [Conflict]
        assert User.objects.filter(email="ann@example.org").count() == 1
        assert Membership.objects.filter(dossier=dossier).count() == 2
        holds(dossier.slug, "people")

    def test_two_who_invite_one_address_send_one(self) -> None:
        dossier = bare().dossier
        owner = person("olga", dossier, "owner")
        failed = at_once(lambda: invite(dossier, owner), lambda: invite(dossier, owner))
        assert [type(error) for error in failed] == [Invalid]
        assert Invitation.objects.count() == 1
