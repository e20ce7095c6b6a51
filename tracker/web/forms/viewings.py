"""That somebody opened a source and checked it."""

from django.utils.translation import gettext_lazy as _

from tracker.actions.viewings import LONGEST
from tracker.models import Viewing

from .facts import FactForm
from .fields import Reference, Text


class ViewingForm(FactForm):
    model = Viewing

    source = Reference(_("I opened and checked"), "source", required=True)
    note = Text(
        _("Note"),
        long=True,
        rows=3,
        max_length=LONGEST,
        help_text=_("What you compared it with, and what you saw. For members only."),
    )
