"""Who is asking, and which dossiers that person may see."""

from typing import Any

from tracker.domain import access
from tracker.domain.access import ANONYMOUS, Door, Role, Viewer
from tracker.domain.errors import NotFound
from tracker.models import Dossier, Membership


def viewer(user: Any) -> Viewer:
    """The viewer behind a signed-in user; anonymous for anybody else."""
    if user is None or not getattr(user, "is_authenticated", False):
        return ANONYMOUS
    roles = Membership.objects.filter(user=user).values_list("dossier__slug", "role")
    return Viewer(
        uid=str(user.uid),
        is_site_admin=user.is_site_admin,
        roles={slug: Role(role) for slug, role in roles},
    )


def door(dossier: Dossier) -> Door:
    return Door(slug=dossier.slug, is_public=dossier.is_public)


def visible(seen_by: Viewer) -> list[Dossier]:
    """Every dossier that the viewer may see, by title."""
    return [d for d in Dossier.objects.order_by("title") if access.see(seen_by, door(d))]


def dossier(seen_by: Viewer, slug: str) -> Dossier:
    """The dossier of that slug. Raises NotFound for strangers and for what does not exist."""
    found = Dossier.objects.filter(slug=slug).first()
    access.check_see(seen_by, door(found) if found else Door(slug="", is_public=False))
    if found is None:
        raise NotFound(f"There is no dossier “{slug}”.")
    return found
