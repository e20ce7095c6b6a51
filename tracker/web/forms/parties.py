"""A party, and a spell of membership of a coalition. They belong to no dossier."""

from django.utils.translation import gettext_lazy as _

from tracker.models import CoalitionMember, Party
from tracker.models.party import KINDS

from .facts import FactForm, key_field, note
from .fields import Choice, Lines, Reference, StatedTime, Text


class PartyForm(FactForm):
    model = Party

    name = Text(_("Name"), required=True, max_length=300)
    kind = Choice(_("Kind"), "party_kind", KINDS)
    iso = Text(_("Country code"), max_length=2, help_text=_("Two letters of ISO 3166, for states."))
    aliases = Lines(_("Also known as"))
    key = key_field(_("Letters, digits, hyphens; for addresses. It cannot be changed later."))
    note = note()


class MemberForm(FactForm):
    model = CoalitionMember

    member = Reference(_("Member"), "party", required=True)
    since = StatedTime(_("Since"))
    until = StatedTime(_("Until"), help_text=_("Blank: it still is."))
    note = note()
