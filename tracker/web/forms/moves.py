"""A judgement: what became of a pledge, condition, incident, deadline or extension."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.models import Move

from .facts import EntryForm, FactForm, note, public
from .fields import Choice, StatedTime, Text
from .party_fields import PartyReference

Groups = list[tuple[str, list[tuple[str, str]]]]


class MoveForm(EntryForm):
    """``allowed``: what may have become of the thing, as ``machine:state`` in groups."""

    to = Choice(_("What became of it"), "stage", ())
    effective = StatedTime(_("With effect from"), required=True)
    public = public(_("Public since"))
    reason = Text(_("Why, on what evidence"), long=True, rows=3, required=True)
    by_party = PartyReference(_("By which party"), help_text=_("Who did it, where one did."))
    note = note()

    def __init__(self, *args: Any, allowed: Groups, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["to"]
        assert isinstance(field, Choice)
        field.choices = [("", _("Choose one")), *allowed]


class MoveAmendForm(FactForm):
    """Correcting when or why; another outcome is another judgement."""

    model = Move

    effective = StatedTime(_("With effect from"), required=True)
    public = public()
    reason = Text(_("Why, on what evidence"), long=True, rows=3, required=True)
    by_party = PartyReference(_("By which party"))
    note = note()

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return super().labels() | {"machine": _("Of what"), "to": _("What became of it")}
