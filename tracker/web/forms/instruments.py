"""An instrument: what pledges were made in."""

from django.utils.translation import gettext_lazy as _

from tracker.models import Instrument
from tracker.models.instrument import FORMS, KINDS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, References, StatedTime, Text
from .party_fields import PartyReferences


class InstrumentForm(FactForm):
    model = Instrument
    sections = (
        (_("Dates"), ("concluded", "signed", "published"), False),
        (_("Who had which part in it"), ("parties", "mediators", "guarantors", "monitors"), False),
        (_("More"), ("sources", "key", "note"), True),
    )

    title = Text(_("Title"), required=True, max_length=300)
    kind = Choice(_("Kind"), "instrument_kind", KINDS)
    form = Choice(_("Form"), "form", FORMS)
    public = public()
    concluded = StatedTime(_("Concluded"))
    signed = StatedTime(_("Signed"))
    published = StatedTime(_("Published"))
    parties = PartyReferences(_("Parties"))
    mediators = PartyReferences(_("Mediators"))
    guarantors = PartyReferences(_("Guarantors"))
    monitors = PartyReferences(_("Monitors"))
    sources = References(_("Sources"), "source")
    key = key_field(SHORT_NAME)
    note = note()
