"""A source: one document, where it is from, and its text as kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.models import Source
from tracker.models.source import KINDS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import Choice, Reliability, StatedTime, Text


class SourceForm(FactForm):
    """The kept text never changes: once there is one, the form no longer asks for it."""

    model = Source
    sections = (
        (_("Where it is from"), ("publisher", "url", "language", "published", "retrieved"), False),
        (_("Its text"), ("snapshot",), False),
        (_("More"), ("key", "note"), True),
    )

    title = Text(_("Title"), required=True, max_length=300)
    kind = Choice(_("Kind"), "source_kind", KINDS)
    reliability = Reliability(_("Reliability of the publisher"))
    public = public(help_text=_("When it could first be read: 2025-03-18 18:00 Europe/Moscow."))
    publisher = Text(_("Publisher"), max_length=300)
    url = forms.URLField(label=_("Address"), required=False, max_length=2000, assume_scheme="https")
    language = Text(_("Language"), max_length=300, help_text=_("Such as en, ru or uk."))
    published = StatedTime(_("Published"))
    retrieved = StatedTime(_("Retrieved"))
    snapshot = Text(
        _("Text"),
        long=True,
        rows=10,
        help_text=_("Paste the whole text. It is kept as it is and cannot be changed later."),
    )
    key = key_field(SHORT_NAME)
    note = note()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_new and self.initial.get("snapshot"):
            del self.fields["snapshot"]
