"""A deadline: a step inside a pledge. When it is due is told by readings of its own."""

from django.utils.translation import gettext_lazy as _

from tracker.models import Deadline
from tracker.models.deadline import KINDS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, Reference, Text


class DeadlineForm(FactForm):
    model = Deadline
    sections = ((_("More"), ("key", "note"), True),)

    pledge = Reference(_("A step of"), "pledge", required=True)
    title = Text(_("What is to be done"), required=True, max_length=300)
    kind = Choice(_("Kind"), "deadline_kind", KINDS, initial="milestone")
    public = public()
    key = key_field(SHORT_NAME)
    note = note()
