"""A dossier: one conflict or process under watch."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.models import Dossier

from .facts import FactForm, key_field
from .fields import Reference, Span, Text, Tick, Zone


class DossierForm(FactForm):
    model = Dossier
    sections = ((_("Alerts"), ("tells_details", "escalates_to", "escalates_after"), False),)

    title = Text(_("Title"), required=True, max_length=300)
    key = key_field(_("Letters, digits, hyphens; for addresses. It cannot be changed later."))
    summary = Text(_("Summary"), long=True, rows=3)
    zone = Zone(_("Zone"), help_text=_("In which its days are shown where nothing else says so."))
    is_public = Tick(
        _("Public: anybody may read it"),
        help_text=_("Whole source texts and the names of members stay with the members."),
    )
    is_practice = Tick(_("Practice: its content is invented"))
    four_eyes = Tick(
        _("Four eyes: a change counts once somebody else has confirmed it"),
        help_text=_(
            "Whatever the role, what somebody enters or changes is proposed first; another "
            "reviewer or owner confirms or declines it."
        ),
    )
    tells_details = Tick(
        _("Mail may say what it is about, also while it is private"),
        help_text=_("Else mail names a pledge by its reference alone, and says what happened."),
    )
    escalates_to = Reference(
        _("Tell in the end"),
        "member",
        help_text=_(
            "Who is told of what expired, was missed or failed when nobody has acknowledged it."
        ),
    )
    escalates_after = Span(
        _("When nobody has acknowledged it for"), help_text=_("Such as 12 hours.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_new:  # it has no members yet but whoever opens it
            del self.fields["escalates_to"], self.fields["escalates_after"]
