"""A trigger: an event that terms and deadlines rest on; readings of its own say when."""

from django.utils.translation import gettext_lazy as _

from tracker.models import Trigger
from tracker.models.trigger import KINDS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, Reference, Text


class TriggerForm(FactForm):
    model = Trigger
    sections = ((_("More"), ("key", "note"), True),)

    title = Text(_("What has to happen"), required=True, max_length=300)
    kind = Choice(_("Kind"), "trigger_kind", KINDS)
    public = public()
    of_condition = Reference(_("When this condition is met"), "condition")
    of_deadline = Reference(_("When this step is done"), "deadline")
    key = key_field(SHORT_NAME)
    note = note()
