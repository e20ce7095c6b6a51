"""Who may do what with a dossier: each rule as ``check_x`` (raises a reason) and ``x`` (bool).

A stranger to a private dossier is told that there is nothing (NotFound); a member who may see but
not do is told why (NotAllowed).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import DomainError, NotAllowed, NotFound
from .sentences import _


class Role(StrEnum):
    """A member's role, each including those before it."""

    READER = "reader"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    OWNER = "owner"


_RANK = {role: rank for rank, role in enumerate(Role)}


def ranks(least: Role) -> tuple[Role, ...]:
    """That role and those above it."""
    return tuple(role for role in Role if _RANK[role] >= _RANK[least])


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. ``uid`` None is an anonymous visitor; ``roles`` maps dossier slugs to roles."""

    uid: str | None = None
    is_site_admin: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict)


ANONYMOUS = Viewer()


@dataclass(frozen=True, slots=True)
class Door:
    """What of a dossier decides who may come in."""

    slug: str
    is_public: bool


def check_see(viewer: Viewer, door: Door) -> None:
    """Public dossiers are for anyone; others for members and site administrators.

    Raises NotFound, never NotAllowed: a stranger does not learn that the dossier exists.
    """
    if door.is_public or viewer.is_site_admin or door.slug in viewer.roles:
        return
    raise NotFound(
        "There is no such page.",
        mend="Check the address, or sign in if you are a member of a private dossier.",
    )


def check_edit(viewer: Viewer, door: Door) -> None:
    """Analysts and above enter and change facts. Raises NotFound or NotAllowed."""
    _check_rank(viewer, door, Role.ANALYST, "enter or change facts")


def check_confirm(viewer: Viewer, door: Door, *, author: str) -> None:
    """Reviewers and above decide on what others propose, never on what they propose themselves.

    Raises NotFound or NotAllowed.
    """
    _check_rank(viewer, door, Role.REVIEWER, "confirm or decline what others propose")
    if viewer.uid == author:
        raise NotAllowed(
            _("Whoever proposed a change can neither confirm nor decline it."),
            mend=_("Ask another reviewer, or withdraw it."),
        )


def check_own(viewer: Viewer, door: Door) -> None:
    """Owners decide on members and publication. Raises NotFound or NotAllowed."""
    _check_rank(viewer, door, Role.OWNER, "change members or publication")


def check_read_in_full(viewer: Viewer, door: Door) -> None:
    """Whole source texts are for members: a public page shows quotations and links only."""
    check_see(viewer, door)
    if not (viewer.is_site_admin or door.slug in viewer.roles):
        raise NotAllowed(_("The whole text of a source is shown to members of the dossier."))


def check_inspect(viewer: Viewer, door: Door) -> None:
    """Members look behind the pages: each single row as entered, with who entered it."""
    _check_rank(viewer, door, Role.READER, "look at single entries")


def check_see_members(viewer: Viewer, door: Door) -> None:
    """Who belongs to a dossier is for its members. Raises NotFound or NotAllowed."""
    _check_rank(viewer, door, Role.READER, "see the members")


def check_run_site(viewer: Viewer) -> None:
    """The people pages are for site administrators; to others they do not exist."""
    if not viewer.is_site_admin:
        raise NotFound("There is no such page.")


def check_enter_parties(viewer: Viewer) -> None:
    """Parties belong to no dossier: whoever enters facts in one may enter and amend parties."""
    if viewer.is_site_admin or any(_RANK[r] >= _RANK[Role.ANALYST] for r in viewer.roles.values()):
        return
    raise NotAllowed(
        _("To enter or change parties takes the role analyst in some dossier."),
        mend=_("Ask an owner of a dossier for it."),
    )


def check_open_dossiers(viewer: Viewer) -> None:
    """Site administrators open dossiers, and owners of one may open another."""
    if viewer.is_site_admin or Role.OWNER in viewer.roles.values():
        return
    raise NotAllowed(
        _("To open a dossier takes a site administrator, or an owner of another dossier."),
        mend=_("Ask one of them to open it and to invite you."),
    )


def _check_rank(viewer: Viewer, door: Door, least: Role, deed: str) -> None:
    check_see(viewer, door)
    if viewer.is_site_admin:
        return
    role = viewer.roles.get(door.slug)
    if role is None or _RANK[role] < _RANK[least]:
        raise NotAllowed(
            _("To {deed} takes the role {least} in this dossier.", deed=deed, least=least),
            mend=_("Ask an owner of the dossier for it."),
        )


def see(viewer: Viewer, door: Door) -> bool:
    return _passes(check_see, viewer, door)


def edit(viewer: Viewer, door: Door) -> bool:
    return _passes(check_edit, viewer, door)


def confirm(viewer: Viewer, door: Door, *, author: str) -> bool:
    try:
        check_confirm(viewer, door, author=author)
    except DomainError:
        return False
    return True


def own(viewer: Viewer, door: Door) -> bool:
    return _passes(check_own, viewer, door)


def read_in_full(viewer: Viewer, door: Door) -> bool:
    return _passes(check_read_in_full, viewer, door)


def inspect(viewer: Viewer, door: Door) -> bool:
    return _passes(check_inspect, viewer, door)


def see_members(viewer: Viewer, door: Door) -> bool:
    return _passes(check_see_members, viewer, door)


def enter_parties(viewer: Viewer) -> bool:
    try:
        check_enter_parties(viewer)
    except DomainError:
        return False
    return True


def open_dossiers(viewer: Viewer) -> bool:
    try:
        check_open_dossiers(viewer)
    except DomainError:
        return False
    return True


def _passes(check: Callable[[Viewer, Door], None], viewer: Viewer, door: Door) -> bool:
    try:
        check(viewer, door)
    except DomainError:
        return False
    return True
