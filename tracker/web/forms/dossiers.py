"""A dossier: one conflict or process under watch."""

from django.utils.translation import gettext_lazy as _

from tracker.models import Dossier

from .facts import FactForm, key_field
from .fields import Text, Tick, Zone


class DossierForm(FactForm):
    model = Dossier

    title = Text(_("Title"), required=True, max_length=300)
    key = key_field(_("Letters, digits, hyphens; for addresses. It cannot be changed later."))
    summary = Text(_("Summary"), long=True, rows=3)
    zone = Zone(_("Zone"), help_text=_("In which its days are shown where nothing else says so."))
    is_public = Tick(
        _("Public: anybody may read it"),
        help_text=_("Whole source texts and the names of members stay with the members."),
    )
    is_practice = Tick(_("Practice: its content is invented"))
