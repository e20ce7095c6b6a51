"""An extension: one link of a term's chain, proposed until a judgement accepts or rejects it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.domain.facts import LinkKind
from tracker.models import Extension

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, DayCount, Reference, Span, StatedTime, Tick, Zone


class ExtensionForm(FactForm):
    model = Extension
    sections = (
        (_("How long"), ("end", "duration", "rule", "zone"), False),
        (_("For a term that begins anew"), ("start", "retroactive"), True),
        (_("More"), ("order", "key", "note"), True),
    )

    pledge = Reference(_("Extends"), "pledge", required=True)
    kind = Choice(_("Kind"), "extension_kind", LinkKind)
    public = public()
    end = StatedTime(_("New end"), help_text=_("Replaces the end of every reading."))
    duration = Span(_("Or by"), help_text=_("Shifts the end of each reading: 30 days."))
    rule = DayCount(_("How days are counted"))
    zone = Zone(_("Zone in which days are counted"))
    start = StatedTime(_("Its own start"))
    retroactive = Tick(_("It also covers the time in which the term had lapsed"))
    order = forms.IntegerField(
        label=_("Place in the chain"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Blank: after all others."),
    )
    key = key_field(SHORT_NAME)
    note = note()
