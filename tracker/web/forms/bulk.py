"""What is to be changed of many pledges together. What is left blank stays as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.domain import tags
from tracker.domain.bulk import Change

from .fields import Span, Tags, Text, Tick
from .watching import WatchingForm

AS_IT_IS = ("", _("As it is"))
NOBODY = "nobody"
WATCH, STOP = "watch", "stop"


class BulkForm(WatchingForm):
    analyst = forms.ChoiceField(label=_("Watched by"), required=False)
    cadence = Span(_("Verify every"), help_text=_("Such as 3 days, 12 hours. Blank: as it is."))
    by_term = Tick(_("Verify by the length of the term again"))
    add = Tags(_("Tags to add"))
    remove = Tags(_("Tags to remove"))
    watch = forms.ChoiceField(
        label=_("Whether you watch them"),
        required=False,
        choices=(AS_IT_IS, (WATCH, _("Watch each")), (STOP, _("Stop watching each"))),
        help_text=_(
            "This is about your watching the pledge itself. What you are told through its dossier, "
            "a party or a view stays."
        ),
    )
    reason = Text(
        _("Why"),
        max_length=500,
        help_text=_("Goes into the history of each. Blank: with how many others it was changed."),
    )

    def __init__(
        self, data: Any = None, *, people: Mapping[str, str], there: Iterable[str]
    ) -> None:
        super().__init__(data)
        named = sorted(people.items(), key=lambda one: one[1].casefold())
        analyst: Any = self.fields["analyst"]
        analyst.choices = [AS_IT_IS, (NOBODY, _("Nobody")), *named]
        remove = self.fields["remove"]
        assert isinstance(remove, Tags)
        remove.offer(there)

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("cadence") and given.get("by_term"):
            self.add_error("cadence", gettext("Give a length, or tick the line below, not both."))
        gone = {tags.fold(tag) for tag in given.get("remove") or ()}
        both = [tag for tag in given.get("add") or () if tags.fold(tag) in gone]
        if both:
            said = gettext("“%(tag)s” is to be added and removed. Leave it out of one of the two.")
            self.add_error("remove", said % {"tag": both[0]})
        if not self.errors and self.change.is_empty:
            self.add_error(None, gettext("Say what is to be changed: all is left as it is."))

    @property
    def change(self) -> Change:
        given = self.cleaned_data
        return Change(
            analyst={NOBODY: "", "": None}.get(given["analyst"], given["analyst"]),
            cadence="" if given["by_term"] else given["cadence"] or None,
            add=tuple(given["add"]),
            remove=tuple(given["remove"]),
            watch={WATCH: True, STOP: False}.get(given["watch"]),
        )

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What it was sent with, to be sent once more as it is."""
        data: Any = self.data
        return [(name, value) for name in self.fields for value in data.getlist(name)]
