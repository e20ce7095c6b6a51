"""A condition: what a pledge, an extension or a position hangs on."""

from django.utils.translation import gettext_lazy as _

from tracker.domain.facts import ConditionKind
from tracker.models import Condition
from tracker.models.condition import ABOUT

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import About, Choice, Reference, StatedTime, Text
from .party_fields import PartyReference


class ConditionForm(FactForm):
    """It binds, is met or waived only when a judgement says so."""

    model = Condition
    sections = ((_("More"), ("depends_on_pledge", "depends_on_trigger", "key", "note"), True),)

    about = About(_("A condition on"), *ABOUT)
    kind = Choice(_("Kind"), "condition_kind", ConditionKind)
    text = Text(_("Condition"), long=True, rows=3, required=True)
    public = public()
    asserted_by = PartyReference(_("Asserted by"))
    due = StatedTime(_("Due"))
    depends_on_pledge = Reference(_("Depends on the pledge"), "pledge")
    depends_on_trigger = Reference(_("Depends on the trigger"), "trigger")
    key = key_field(SHORT_NAME)
    note = note()
