"""A source: one document or picture, where it is from, and its text as kept."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from tracker.models import Source
from tracker.models.source import KINDS

from .facts import SHORT_NAME, FactForm, Section, key_field, note, public
from .fields import Choice, Reference, Reliability, StatedTime, Text

COPIED = ("title", "publisher", "url", "kind", "language", "reliability")
TAKEN_IN = ("url", "file")


class SourceForm(FactForm):
    """The kept text never changes: once there is one, the form no longer asks for it.

    ``file``: chosen, to be read by the view (web/intake.py); ``file_sha256`` and ``file_name`` name
    the one that was read, ``proposed`` what was put into which field.
    """

    model = Source
    sections = (
        (_("Where it is from"), ("publisher", "url", "language", "published", "retrieved"), False),
        (_("Its text"), ("snapshot",), False),
        (_("More"), ("earlier", "key", "note"), True),
    )

    title = Text(_("Title"), required=True, max_length=300)
    kind = Choice(_("Kind"), "source_kind", KINDS)
    reliability = Reliability(_("Reliability of the publisher"))
    public = public(help_text=_("When it could first be read: 2025-03-18 18:00 Europe/Moscow."))
    publisher = Text(_("Publisher"), max_length=300)
    url = forms.URLField(label=_("Address"), required=False, max_length=2000, assume_scheme="https")
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, HTML, plain text, or a picture (PNG, JPEG, WebP), up to 10 MB."),
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.html,.htm,.xhtml,.txt,.md,text/*,.png,.jpg,.jpeg,.webp"}
        ),
    )
    language = Text(_("Language"), max_length=300, help_text=_("Such as en, ru or uk."))
    published = StatedTime(_("Published"))
    retrieved = StatedTime(_("Retrieved"))
    snapshot = Text(
        _("Text"),
        long=True,
        rows=10,
        help_text=_(
            "Paste the whole text; of a picture, describe what it shows. It is kept as it is and"
            " cannot be changed later."
        ),
    )
    earlier = Reference(
        _("Is a newer version of"), "source", help_text=_("The source that has the earlier text.")
    )
    key = key_field(SHORT_NAME)
    note = note()
    file_sha256 = forms.CharField(
        label=_("SHA-256 of the file"), required=False, widget=forms.HiddenInput()
    )
    file_name = forms.CharField(
        label=_("Name of the file"), required=False, widget=forms.HiddenInput()
    )
    proposed = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_new:
            return
        for name in ("file", "file_sha256", "file_name", "proposed"):
            del self.fields[name]
        if self.initial.get("snapshot"):
            del self.fields["snapshot"]

    @property
    def taken_in(self) -> list[BoundField]:
        """Where the text may be taken from: before all else, since it fills in the rest."""
        return [self[name] for name in TAKEN_IN] if self.is_new else []

    @property
    def laid_out(self) -> list[Section]:
        found = super().laid_out
        if self.is_new:
            for section in found:
                section.fields[:] = [one for one in section.fields if one.name not in TAKEN_IN]
        return found

    def columns(self) -> dict[str, Any]:
        found = super().columns()
        return {name: value for name, value in found.items() if name not in ("file", "proposed")}

    def _field_of(self, column: str) -> str:
        is_hidden = column in ("file_sha256", "file_name")
        return "file" if is_hidden and "file" in self.fields else super()._field_of(column)
