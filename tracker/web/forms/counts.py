"""A count: a claimant's total over a period, never netted against another one's."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.models import Count
from tracker.models.count import QUALIFIERS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, Reference, StatedTime, Text
from .party_fields import PartyReference


class CountForm(FactForm):
    model = Count
    sections = ((_("More"), ("supersedes", "key", "note"), True),)

    claimant = PartyReference(_("Claimed by"), required=True)
    of = Text(_("Of what"), required=True, max_length=300, help_text=_("Such as: strikes."))
    qualifier = Choice(_("How exactly"), "qualifier", QUALIFIERS, initial="exactly")
    number = forms.IntegerField(label=_("Number"), min_value=0, max_value=2**63 - 1)
    source = Reference(_("Source"), "source", required=True)
    public = public()
    pledge = Reference(_("On the pledge"), "pledge")
    period_start = StatedTime(_("Period from"))
    period_end = StatedTime(_("Period to"))
    supersedes = Reference(_("Replaces the earlier count"), "count")
    key = key_field(SHORT_NAME)
    note = note()
