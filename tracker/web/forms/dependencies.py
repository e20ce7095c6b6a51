"""A dependency: that a pledge rests on, supersedes or is part of another one."""

from django.utils.translation import gettext_lazy as _

from tracker.models import Dependency
from tracker.models.dependency import KINDS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, Reference, Text


class DependencyForm(FactForm):
    model = Dependency
    sections = ((_("More"), ("key", "note"), True),)

    pledge = Reference(_("Pledge"), "pledge", required=True)
    kind = Choice(_("Relation"), "dependency", KINDS)
    on_pledge = Reference(_("The other pledge"), "pledge", required=True)
    reason = Text(_("Why"), long=True, rows=3, required=True)
    public = public()
    key = key_field(SHORT_NAME)
    note = note()
