"""A clock stop: from, to. The remaining time is kept."""

from django.utils.translation import gettext_lazy as _

from tracker.models import ClockStop

from .facts import SHORT_NAME, EntryForm, FactForm, key_field, note, public
from .fields import Reference, StatedTime, Text


class ClockStopForm(FactForm):
    model = ClockStop
    sections = ((_("More"), ("key", "note"), True),)

    pledge = Reference(_("Stops the clock of"), "pledge", required=True)
    start = StatedTime(_("The clock stood still from"), required=True)
    public = public()
    end = StatedTime(_("The clock ran again from"), help_text=_("Blank: it still stands still."))
    key = key_field(SHORT_NAME)
    note = note()


class EndForm(EntryForm):
    """When a clock stop or a suspension came to its end."""

    end = StatedTime(_("When it ended"), required=True)
    reason = Text(_("Why"), long=True, rows=3, max_length=2000)
