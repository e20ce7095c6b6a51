"""An incident: one alleged event. What is found of it is told by judgements."""

from django.utils.translation import gettext_lazy as _

from tracker.domain.facts import Subject
from tracker.models import Incident

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, References, StatedTime, Text
from .party_fields import PartyReference, PartyReferences


class IncidentForm(FactForm):
    model = Incident
    sections = (
        (_("Where"), ("place", "place_precision"), False),
        (_("Who, and against what"), ("actor", "target", "claimants"), False),
        (_("What it bears on"), ("pledges", "sources"), False),
        (_("More"), ("key", "note"), True),
    )

    description = Text(_("What is alleged"), long=True, rows=3, required=True)
    occurred = StatedTime(_("Occurred"), required=True)
    public = public()
    occurred_until = StatedTime(_("It lasted until"))
    subject = Choice(
        _("What it is about"),
        "subject",
        Subject,
        required=False,
        help_text=_("Left open: not stated. Pledges about the same are suggested by it."),
    )
    place = Text(_("Place"), max_length=300)
    place_precision = Text(
        _("How precisely the place is known"), max_length=300, help_text=_("Such as: district.")
    )
    actor = PartyReference(_("Alleged actor"))
    target = Text(_("Target"), max_length=300)
    claimants = PartyReferences(_("Claimed by"))
    pledges = References(_("Pledges"), "pledge")
    sources = References(_("Sources"), "source")
    key = key_field(SHORT_NAME)
    note = note()
