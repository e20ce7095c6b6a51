"""Who belongs, in which role, and that a dossier keeps an owner."""

import pytest

from tests.actions.house import AT, MINUTE, bare, pledged
from tests.actions.people import at_once, holds, person, told
from tracker.actions import departures, memberships
from tracker.domain.errors import Conflict, Invalid, NotAllowed
from tracker.models import Dossier, Membership, Pledge, User
from tracker.selectors import memberships as reading

LATER = AT + MINUTE


def row(dossier: Dossier, user: User) -> Membership:
    return Membership.objects.get(dossier=dossier, user=user)


@pytest.mark.django_db
class TestOneAtATime:
    def test_a_role_is_given_changed_and_ended_with_who_when_and_why(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        ben = person("ben", dossier, "reader")
        memberships.change(
            row=row(dossier, ben), role="analyst", by=ann, at=LATER, reason="Enters now"
        )
        assert row(dossier, ben).role == "analyst"
        memberships.revoke(row=row(dossier, ben), by=ann, at=LATER, reason="Has left")
        assert not Membership.objects.filter(user=ben).exists()
        assert told(dossier.slug)[-2:] == [
            ("memberships.grant", str(ann.uid), "Enters now"),
            ("membership.revoke", str(ann.uid), "Has left"),
        ]
        holds(dossier.slug, "people")

    def test_an_unknown_role_is_refused(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        ben = person("ben", dossier, "reader")
        with pytest.raises(Invalid):
            memberships.change(row=row(dossier, ben), role="king", by=ann, at=LATER)
        assert row(dossier, ben).role == "reader"

    def test_the_last_owner_stays(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        person("ben", dossier, "reviewer")
        mine = row(dossier, ann)
        for refused in (
            lambda: memberships.change(row=mine, role="reader", by=ann, at=LATER),
            lambda: memberships.grant(dossier=dossier, user=ann, role="reader", by=None, at=LATER),
            lambda: memberships.revoke(row=mine, by=ann, at=LATER),
        ):
            with pytest.raises(NotAllowed, match="last"):
                refused()
        assert row(dossier, ann).role == "owner"
        memberships.change(row=mine, role="owner", by=ann, at=LATER)  # no change is no loss

    def test_one_of_two_owners_may_go(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        ben = person("ben", dossier, "owner")
        memberships.revoke(row=row(dossier, ann), by=ann, at=LATER)
        assert reading.owners(dossier) == {str(ben.uid)}

    def test_an_owner_who_is_deactivated_does_not_count(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        ben = person("ben", dossier, "owner")
        departures.deactivate(user=ben, successors={}, by=None, at=LATER, reason="Left")
        with pytest.raises(NotAllowed):
            memberships.revoke(row=row(dossier, ann), by=ann, at=LATER)
        memberships.revoke(row=row(dossier, ben), by=ann, at=LATER)  # that one may go

    def test_somebody_who_has_left_is_not_brought_back_by_a_change(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        ben = person("ben", dossier, "reader")
        stale = row(dossier, ben)
        memberships.revoke(row=row(dossier, ben), by=ben, at=LATER)
        for late in (
            lambda: memberships.change(row=stale, role="owner", by=ann, at=LATER),
            lambda: memberships.revoke(row=stale, by=ann, at=LATER),
        ):
            with pytest.raises(Conflict, match="ended already"):
                late()
        assert not Membership.objects.filter(user=ben).exists()

    def test_members_are_listed_by_role_with_one_query(
        self, django_assert_num_queries: object
    ) -> None:
        dossier = bare().dossier
        for name, role in (("cleo", "reader"), ("ben", "owner"), ("ann", "reader")):
            person(name, dossier, role)
        assert callable(django_assert_num_queries)
        with django_assert_num_queries(1):
            found = [(str(m.user), m.role) for m in reading.members(dossier)]
        assert found == [("Ben", "owner"), ("Ann", "reader"), ("Cleo", "reader")]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_owners_who_demote_each_other_leave_one(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        ben = person("ben", dossier, "owner")
        anns, bens = row(dossier, ann), row(dossier, ben)
        failed = at_once(
            lambda: memberships.change(row=bens, role="reader", by=ann, at=LATER),
            lambda: memberships.change(row=anns, role="reader", by=ben, at=LATER),
        )
        assert [type(error) for error in failed] == [NotAllowed]
        assert len(reading.owners(dossier)) == 1
        holds(dossier.slug)

    def test_one_leaves_while_the_other_is_deactivated(self) -> None:
        dossier = bare().dossier
        ann = person("ann", dossier, "owner")
        ben = person("ben", dossier, "owner")
        anns = row(dossier, ann)
        failed = at_once(
            lambda: memberships.revoke(row=anns, by=ann, at=LATER),
            lambda: departures.deactivate(
                user=ben, successors={}, by=None, at=LATER, reason="Left"
            ),
        )
        assert [type(error) for error in failed] == [NotAllowed]
        assert len(reading.owners(dossier)) == 1
        holds(dossier.slug, "people")


@pytest.mark.django_db
@pytest.mark.parametrize("ends", ["revoke", "demote"])
def test_who_may_no_longer_enter_facts_watches_no_pledge(ends: str) -> None:
    made = bare()
    ann = person("ann", made.dossier, "analyst")
    pledged(made, analyst=ann)
    if ends == "revoke":
        memberships.revoke(row=row(made.dossier, ann), reason="Gone", **made.how())
    else:
        memberships.change(row=row(made.dossier, ann), role="reader", **made.how())
    assert Pledge.objects.get().analyst is None
    holds(made.dossier.slug)


@pytest.mark.django_db
def test_who_changes_to_another_role_that_enters_facts_goes_on_watching() -> None:
    made = bare()
    ann = person("ann", made.dossier, "analyst")
    pledged(made, analyst=ann)
    memberships.change(row=row(made.dossier, ann), role="reviewer", **made.how())
    assert Pledge.objects.get().analyst == ann
