"""Who belongs to a dossier, and what hangs on somebody who is to leave."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.domain.access import Role, ranks
from tracker.domain.errors import DomainError
from tracker.domain.members import check_owner_remains
from tracker.models import Dossier, Membership, Pledge, User


def names(dossier: Dossier, *, least: Role) -> dict[str, str]:
    """The active members of that role or above: their names by opaque id."""
    found = Membership.objects.filter(
        dossier=dossier, role__in=ranks(least), user__is_active=True
    ).select_related("user")
    return {str(m.user.uid): str(m.user) for m in found}


def by_role(dossier: Dossier) -> dict[str, tuple[str, Role]]:
    """The active members: name and role by opaque id. One query."""
    found = Membership.objects.filter(dossier=dossier, user__is_active=True)
    return {str(m.user.uid): (str(m.user), Role(m.role)) for m in found.select_related("user")}


def members(dossier: Dossier) -> list[Membership]:
    """Everybody who belongs to it, highest role first. One query."""
    found = Membership.objects.filter(dossier=dossier).select_related("user")
    order = {str(role): place for place, role in enumerate(reversed(Role))}
    return sorted(found, key=lambda m: (order[m.role], str(m.user).casefold(), m.pk))


def member(dossier: Dossier, uid: str) -> Membership | None:
    return Membership.objects.filter(dossier=dossier, user__uid=uid).select_related("user").first()


def owners(dossier: Dossier) -> set[str]:
    """The opaque ids of its active owners."""
    return set(names(dossier, least=Role.OWNER))


@dataclass(frozen=True)
class Duty:
    """What somebody has in one dossier. ``successors``: who can take over the pledges.

    ``is_told_last``: what nobody acknowledges there escalates to this person.
    """

    dossier: Dossier
    role: str
    pledges: list[Pledge] = field(default_factory=list)
    is_told_last: bool = False
    successors: dict[str, str] = field(default_factory=dict)
    is_last_owner: bool = False


def duties(user: User) -> list[Duty]:
    """By title of the dossier: the memberships, and the pledges watched. Three queries."""
    mine = {m.dossier_id: m for m in Membership.objects.filter(user=user).select_related("dossier")}
    found = {pk: m.dossier for pk, m in mine.items()}
    watched: dict[int, list[Pledge]] = {}
    for pledge in Pledge.objects.filter(analyst=user).select_related("dossier").order_by("ref"):
        watched.setdefault(pledge.dossier_id, []).append(pledge)
        found[pledge.dossier_id] = pledge.dossier
    others: dict[int, list[Membership]] = {}
    active = Membership.objects.filter(
        dossier__in=found, role__in=ranks(Role.ANALYST), user__is_active=True
    )
    for one in active.select_related("user").order_by("user__name", "pk"):
        others.setdefault(one.dossier_id, []).append(one)
    made = []
    for pk, dossier in found.items():
        here = others.get(pk, [])
        made.append(
            Duty(
                dossier,
                role=mine[pk].role if pk in mine else "",
                pledges=watched.get(pk, []),
                is_told_last=dossier.escalates_to_id == user.pk,
                successors={str(m.user.uid): str(m.user) for m in here if m.user_id != user.pk},
                is_last_owner=_is_last(
                    {str(m.user.uid) for m in here if m.role == Role.OWNER}, user
                ),
            )
        )
    return sorted(made, key=lambda duty: (duty.dossier.title, duty.dossier.pk))


def _is_last(active_owners: set[str], user: User) -> bool:
    try:
        check_owner_remains(active_owners, str(user.uid))
    except DomainError:
        return True
    return False


def unassigned(found: list[Duty], successors: dict[str, str]) -> Iterator[Pledge]:
    """The pledges that nobody would take over; ``successors``: opaque ids by slug."""
    for duty in found:
        if not successors.get(duty.dossier.slug):
            yield from duty.pledges
