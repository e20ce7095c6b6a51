"""An adoption: an analyst's choice of a reading, with a reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.models import Adoption

from .facts import FactForm, note, public
from .fields import Text


class AdoptionForm(FactForm):
    """Correcting when or why; another reading is another adoption."""

    model = Adoption

    public = public(_("From when on it is adopted"))
    reason = Text(_("Why this reading"), long=True, rows=3, required=True, max_length=2000)
    note = note()

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return super().labels() | {"reading": _("Reading")}
