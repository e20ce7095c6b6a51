"""A position: what was said but not promised."""

from django.utils.translation import gettext_lazy as _

from tracker.models import Position
from tracker.models.position import KINDS

from .facts import REFERENCE, EntryForm, FactForm, key_field, note, public
from .fields import Choice, Reference, Text
from .party_fields import PartyReference


class PositionForm(FactForm):
    model = Position
    sections = ((_("More"), ("addressee", "instrument", "speaker", "key", "note"), True),)

    title = Text(_("Title"), required=True, max_length=300)
    key = key_field(REFERENCE, is_reference=True)
    kind = Choice(_("Kind"), "position_kind", KINDS)
    party = PartyReference(_("Whose"), required=True)
    public = public()
    text = Text(_("What was said"), long=True)
    addressee = PartyReference(_("Addressed to"))
    instrument = Reference(_("Said in"), "instrument")
    speaker = Text(_("Speaker"), max_length=300)
    note = note()


class BecomeForm(EntryForm):
    """The position was turned into a pledge, which is entered by itself."""

    pledge = Reference(_("The pledge that it became"), "pledge", required=True)
    reason = Text(_("Why"), long=True, rows=3, max_length=2000)

    def _field_of(self, column: str) -> str:
        return {"became": "pledge"}.get(column, "")
