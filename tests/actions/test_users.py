"""Accounts: registered, promoted, handed over and deactivated, reset, erased."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from tests.actions.house import AT, MINUTE, Made, bare, pledged
from tests.actions.people import at_once, holds, person, told
from tracker.actions import (
    departures,
    dossiers,
    invitations,
    memberships,
    pledges,
    record,
    sign_ins,
    users,
)
from tracker.domain.errors import Conflict, Invalid, NotAllowed
from tracker.models import (
    AlertSettings,
    Delivery,
    Dossier,
    LedgerEntry,
    Membership,
    Message,
    User,
    Webhook,
)
from tracker.selectors import histories, own_data, people
from tracker.selectors import memberships as reading

LATER = AT + 90 * MINUTE

pytestmark = pytest.mark.django_db


def deactivate(user: User, successors: dict[str, User] | None = None, **more: int) -> None:
    departures.deactivate(
        user=user, successors=successors or {}, by=None, at=LATER, reason="Has left", **more
    )


def another(made: Made, slug: str) -> Dossier:
    return dossiers.open(slug=slug, title=slug.title(), **made.how())


def test_an_address_has_one_account() -> None:
    person("ann")
    with pytest.raises(Invalid, match="already") as refused:
        users.register(email="ANN@example.org", name="A", password=None, by=None, at=AT)
    assert refused.value.field == "email"


class TestSiteAdministrators:
    def test_made_and_ended_with_who_and_why(self) -> None:
        ann, ben = person("ann"), person("ben")
        users.set_site_admin(user=ann, is_site_admin=True, by=None, at=AT)
        users.set_site_admin(user=ben, is_site_admin=True, by=ann, at=AT, reason="Two are needed")
        users.set_site_admin(user=ann, is_site_admin=False, by=ben, at=AT, reason="Asked for it")
        assert people.admins() == {str(ben.uid)}
        assert told("people")[-2:] == [
            ("user.promote", str(ann.uid), "Two are needed"),
            ("user.demote", str(ben.uid), "Asked for it"),
        ]
        holds("people")

    def test_the_last_one_stays(self) -> None:
        ann, ben = person("ann"), person("ben")
        users.set_site_admin(user=ann, is_site_admin=True, by=None, at=AT)
        users.set_site_admin(user=ben, is_site_admin=True, by=None, at=AT)
        deactivate(ben)  # an inactive one does not count
        with pytest.raises(NotAllowed, match="last"):
            users.set_site_admin(user=ann, is_site_admin=False, by=ann, at=AT)
        with pytest.raises(NotAllowed, match="last"):
            deactivate(ann)
        assert people.admins() == {str(ann.uid)}

    def test_saying_it_twice_writes_once(self) -> None:
        ann = person("ann")
        users.set_site_admin(user=ann, is_site_admin=True, by=None, at=AT)
        before = LedgerEntry.objects.count()
        users.set_site_admin(user=ann, is_site_admin=True, by=None, at=AT)
        assert LedgerEntry.objects.count() == before

    def test_nobody_deactivated_becomes_one(self) -> None:
        ann = person("ann")
        deactivate(ann)
        with pytest.raises(Conflict, match="deactivated"):
            users.set_site_admin(user=ann, is_site_admin=True, by=None, at=AT)


class TestDeactivating:
    def test_each_pledge_goes_to_who_was_chosen_and_the_ledger_has_each(self) -> None:
        made = bare()
        ann = person("ann", made.dossier, "analyst")
        ben = person("ben", made.dossier, "owner")
        boss = person("boss")
        first = pledged(made, "CASE-1", analyst=ann)
        second = pledged(made, "CASE-2", analyst=ann)
        others = pledged(made, "CASE-3", analyst=ben)
        departures.deactivate(
            user=ann, successors={"case": ben}, by=boss, at=LATER, reason="Fell ill", unassigned=0
        )
        for pledge in (first, second, others):
            pledge.refresh_from_db()
            assert pledge.analyst == ben
        assert told("case")[-2:] == [("pledges.amend", str(boss.uid), "Handed over.")] * 2
        # A public dossier shows that reason to everybody: the person's own stays with the people.
        assert not [e for e in told("case") if "ill" in e[2]]
        assert told("people")[-1] == ("user.deactivate", str(boss.uid), "Fell ill")
        assert Membership.objects.filter(user=ann).exists()
        holds("case", "people")

    def test_what_nobody_takes_over_loses_its_analyst(self) -> None:
        made = bare()
        ann = person("ann", made.dossier, "analyst")
        pledge = pledged(made, analyst=ann)
        with pytest.raises(Conflict, match="changed since you looked"):
            deactivate(ann, unassigned=0)
        deactivate(ann, unassigned=1)
        pledge.refresh_from_db()
        assert pledge.analyst is None
        holds("case")

    @pytest.mark.parametrize("who", ["reader", "stranger", "inactive", "self"])
    def test_who_cannot_take_over_does_not(self, who: str) -> None:
        made = bare()
        ann = person("ann", made.dossier, "analyst")
        pledge = pledged(made, analyst=ann)
        successor = {
            "reader": lambda: person("rita", made.dossier, "reader"),
            "stranger": lambda: person("sam"),
            "inactive": lambda: person("ina", made.dossier, "analyst"),
            "self": lambda: ann,
        }[who]()
        if who == "inactive":
            deactivate(successor)
        with pytest.raises(Invalid, match="cannot take over"):
            deactivate(ann, {"case": successor})
        ann.refresh_from_db()
        pledge.refresh_from_db()
        assert ann.is_active
        assert pledge.analyst == ann

    def test_the_last_owner_hands_ownership_over_first(self) -> None:
        made = bare()
        ann = person("ann", made.dossier, "owner")
        ben = person("ben", made.dossier, "analyst")
        with pytest.raises(NotAllowed, match="last owner of: Case"):
            deactivate(ann)
        memberships.grant(dossier=made.dossier, user=ben, role="owner", by=ann, at=LATER)
        deactivate(ann)
        assert reading.owners(made.dossier) == {str(ben.uid)}

    def test_sessions_end_at_once_and_do_not_come_back(self) -> None:
        ann, ben = person("ann"), person("ben")
        anns, bens = Client(), Client()
        anns.force_login(ann)
        bens.force_login(ben)
        assert Session.objects.count() == 2
        deactivate(ann)
        assert Session.objects.count() == 1
        departures.reactivate(user=ann, by=None, at=LATER)
        assert "_auth_user_id" not in anns.session
        assert bens.session["_auth_user_id"] == str(ben.pk)
        holds("people")

    def test_twice_is_refused_and_so_is_reactivating_the_active(self) -> None:
        ann = person("ann")
        with pytest.raises(Conflict):
            departures.reactivate(user=ann, by=None, at=LATER)
        deactivate(ann)
        with pytest.raises(Conflict):
            deactivate(ann)

    def test_a_failure_half_way_leaves_everything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = bare()
        ann = person("ann", made.dossier, "analyst")
        pledge = pledged(made, analyst=ann)
        before = LedgerEntry.objects.count()

        def fails(**_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("tracker.actions.sessions.end", fails)
        with pytest.raises(RuntimeError):
            deactivate(ann)
        pledge.refresh_from_db()
        assert pledge.analyst == ann
        assert LedgerEntry.objects.count() == before

    def test_duties_take_three_queries_however_many(
        self, django_assert_num_queries: object
    ) -> None:
        made = bare()
        ann = person("ann", made.dossier, "analyst")
        ben = person("ben", made.dossier, "owner")
        pledged(made, "CASE-1", analyst=ann)
        assert callable(django_assert_num_queries)
        with django_assert_num_queries(3):
            reading.duties(ann)
        for number in range(3):
            one = another(made, f"more-{number}")
            memberships.grant(dossier=one, user=ann, role="owner", by=None, at=LATER)
            pledged(made, f"CASE-1{number}", analyst=ann)
        with django_assert_num_queries(3):
            found = reading.duties(ann)
        assert [(d.dossier.slug, d.role, len(d.pledges), d.is_last_owner) for d in found] == [
            ("case", "analyst", 4, False),
            ("more-0", "owner", 0, True),
            ("more-1", "owner", 0, True),
            ("more-2", "owner", 0, True),
        ]
        assert found[0].successors == {str(ben.uid): "Ben"}


def test_a_reset_takes_every_way_in() -> None:
    ann, boss = person("ann"), person("boss")
    Authenticator.objects.create(user=ann, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = Client()
    client.force_login(ann)
    sign_ins.reset(user=ann, by=boss, at=LATER, reason="Lost the telephone")
    ann.refresh_from_db()
    assert not ann.has_usable_password()
    assert not Authenticator.objects.exists()
    assert not get_user(client).is_authenticated
    assert ("Lost the telephone", str(boss.uid)) in [(why, by) for _, by, why in told("people")]
    holds("people")


class TestErasure:
    def test_nothing_of_the_person_is_left_and_the_ledger_holds(self) -> None:
        made = bare()
        dossier = made.dossier
        person("olga", dossier, "owner")
        ann = person("ann", dossier, "analyst")
        other = another(made, "other")
        invitations.invite(dossier=other, email=ann.email, role="reader", by=None, at=LATER)
        EmailAddress.objects.create(user=ann, email="ann.two@example.org")
        invitations.invite(
            dossier=other, email="ann.two@example.org", role="reader", by=None, at=LATER
        )
        assert EmailAddress.objects.filter(user=ann).exists()
        Authenticator.objects.create(user=ann, type=Authenticator.Type.TOTP, data={"secret": "x"})
        pledge = pledges.register(
            dossier=dossier,
            ref="CASE-1",
            title="T",
            instrument=made.instrument,
            pledgor=made.alpha,
            act="halt",
            subject="civilians",
            public="2025-03-18 UTC",
            analyst=ann,
            by=ann,
            at=LATER,
        )
        message = Message.objects.create(
            recipient=ann, pledge=pledge, channel="mail", made_at=LATER, next_try_at=LATER
        )
        Delivery.objects.create(
            message=message,
            attempt=1,
            at=LATER,
            outcome="address_refused",
            detail="550 ann@example.org",
        )
        AlertSettings.objects.create(user=ann, refused_at=LATER, refused_detail="ann@example.org")
        Webhook.objects.create(
            user=ann, address="https://ann@example.org/", sealed_secret="s", made_at=LATER
        )
        uid = str(ann.uid)
        departures.ask_erasure(user=ann, is_asked=True, by=ann, at=LATER)
        with pytest.raises(Conflict, match="active"):
            departures.erase(user=ann, by=None, at=LATER, reason="Asked")
        deactivate(ann)
        departures.erase(user=ann, by=None, at=LATER, reason="Asked")
        ann = User.objects.get(uid=uid)
        assert str(ann) == "a former member"
        assert (ann.name, ann.is_active, ann.is_site_admin) == ("", False, False)
        assert not ann.has_usable_password()
        assert not Membership.objects.filter(user=ann).exists()
        for table in (
            User,
            EmailAddress,
            Authenticator,
            LedgerEntry,
            Delivery,
            AlertSettings,
            Webhook,
        ):
            held = str(list(table.objects.values()))
            assert "ann@" not in held.casefold()
            assert "Ann" not in held
        left = Dossier.objects.get(slug="other").invitations.values_list("email", flat=True)
        assert list(left) == ["", ""]
        holds("case", "other", "people", "parties")
        done = histories.of_row(chain="case", noun="pledge", key="CASE-1")
        assert done[-1].by == "a former member"

    def test_it_is_done_once_and_nobody_comes_back(self) -> None:
        ann = person("ann")
        deactivate(ann)
        departures.erase(user=ann, by=None, at=LATER, reason="Asked")
        with pytest.raises(Conflict, match="erased"):
            departures.erase(user=ann, by=None, at=LATER, reason="Asked")
        with pytest.raises(Conflict, match="erased"):
            departures.reactivate(user=ann, by=None, at=LATER)
        again = person("ann")  # the address is free again
        assert again.uid != ann.uid

    def test_a_pledge_named_after_the_deactivation_is_let_go(self) -> None:
        made = bare()
        ann = person("ann", made.dossier, "analyst")
        deactivate(ann)
        pledge = pledged(made, analyst=ann)
        departures.erase(user=ann, by=None, at=LATER, reason="Asked")
        pledge.refresh_from_db()
        assert pledge.analyst is None
        holds("case")

    def test_asking_can_be_taken_back(self) -> None:
        ann = person("ann")
        departures.ask_erasure(user=ann, is_asked=True, by=ann, at=LATER)
        assert list(people.listed(kind="erasure")) == [ann]
        departures.ask_erasure(user=ann, is_asked=True, by=ann, at=LATER)
        departures.ask_erasure(user=ann, is_asked=False, by=ann, at=LATER)
        assert list(people.listed(kind="erasure")) == []
        assert [action for action, *_ in told("people")][-2:] == ["user.ask_erasure", "user.keep"]


def test_own_data_are_whole_and_nobody_elses(django_assert_num_queries: object) -> None:
    made = bare()
    owner = person("olga", made.dossier, "owner")
    ann = person("ann", made.dossier, "analyst")
    pledged(made, analyst=ann)
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(18):
        held = own_data.held(ann, at=LATER)
    assert held["account"]["email"] == "ann@example.org"
    assert held["memberships"] == [
        {"dossier": "case", "role": "analyst", "since": "2025-06-01T09:00:00Z"}
    ]
    assert held["pledges_watched"] == ["CASE-1"]
    with record.batch(at=LATER):
        for number in range(3):
            pledged(made, f"CASE-{number + 2}", analyst=ann)
            invitations.invite(
                dossier=made.dossier,
                email=f"x{number}@example.org",
                role="reader",
                by=ann,
                at=LATER,
            )
    with django_assert_num_queries(18):
        held = own_data.held(ann, at=LATER)
    assert len(held["invitations_by_you"]) == 3
    assert [one["action"] for one in held["what_you_did"]] == ["invitations.invite"] * 3
    told_of_her = [one["action"] for one in held["what_was_done_to_your_account"]]
    assert told_of_her == ["user.register"]
    assert "@example.org" not in str(held).replace("ann@example.org", "")
    assert str(owner.uid) not in str(held)


def test_people_are_found_by_name_or_address_with_one_query(
    django_assert_num_queries: object,
) -> None:
    made = bare()
    ann = person("ann", made.dossier, "owner")
    ben = person("ben")
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        assert [(u, u.__dict__["dossiers"]) for u in people.listed()] == [(ann, 1), (ben, 0)]
    assert list(people.listed(q="AN")) == [ann]
    assert list(people.listed(q="ben@")) == [ben]
    assert list(people.listed(q="%")) == []
    deactivate(ben)
    assert list(people.listed(kind="inactive")) == [ben]
    departures.erase(user=ben, by=None, at=LATER, reason="Asked")
    assert list(people.listed()) == [ann]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_leave_one() -> None:
    ann, ben = person("ann"), person("ben")
    for one in (ann, ben):
        users.set_site_admin(user=one, is_site_admin=True, by=None, at=AT)
    failed = at_once(
        lambda: users.set_site_admin(user=ann, is_site_admin=False, by=ben, at=AT),
        lambda: users.set_site_admin(user=ben, is_site_admin=False, by=ann, at=AT),
    )
    assert [type(error) for error in failed] == [NotAllowed]
    assert len(people.admins()) == 1
    holds("people")
