"""A suspension: a dated overlay, whole or for named areas. It does not stop the clock."""

from django.utils.translation import gettext_lazy as _

from tracker.models import Suspension

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Lines, Reference, StatedTime, Tick


class SuspensionForm(FactForm):
    model = Suspension
    sections = ((_("More"), ("key", "note"), True),)

    pledge = Reference(_("Suspends"), "pledge", required=True)
    start = StatedTime(_("Suspended from"), required=True)
    public = public()
    end = StatedTime(_("Suspended until"), help_text=_("Blank: it still is."))
    areas = Lines(_("Areas"), help_text=_("One to a line. None: the whole pledge."))
    found = Tick(_("Found by somebody, not announced by a party"))
    key = key_field(SHORT_NAME)
    note = note()
