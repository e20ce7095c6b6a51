"""Who belongs to a dossier."""

from tracker.domain.access import Role, ranks
from tracker.models import Dossier, Membership


def names(dossier: Dossier, *, least: Role) -> dict[str, str]:
    """The active members of that role or above: their names by opaque id."""
    found = Membership.objects.filter(
        dossier=dossier, role__in=ranks(least), user__is_active=True
    ).select_related("user")
    return {str(m.user.uid): str(m.user) for m in found}
