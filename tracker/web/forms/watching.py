"""Forms about being told: of what, how, when, and when not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.actions.subscriptions import LEADS
from tracker.domain.causes import ALERT_KINDS, BY_NAME
from tracker.domain.errors import DomainError
from tracker.domain.timing import Rhythm
from tracker.words import LABELS, cause

from .fields import Many, Tick, Zone, refused

DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
        _("Sunday"))  # fmt: skip


class WatchingForm(forms.Form):
    def add_refusal(self, error: DomainError) -> None:
        """Show a rule's refusal at the field that it names, else above them all."""
        self.add_error(error.field if error.field in self.fields else None, refused(error))


def of_day(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        help_text=_("Such as 22:00."),
        widget=forms.TimeInput(attrs={"autocomplete": "off"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time of day such as 22:00.")},
    )


class AlertSettingsForm(WatchingForm):
    by_mail = Tick(_("Tell me by mail"))
    by_mention = Tick(_("Tell me when somebody mentions me in a comment"))
    by_proposal = Tick(_("Tell me when a change waits for me, and what became of mine"))
    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=[(str(r), LABELS["rhythm"][r]) for r in Rhythm],
    )
    hour = forms.TypedChoiceField(
        label=_("A digest leaves at"),
        choices=[(n, f"{n:02}:00") for n in range(24)],
        coerce=int,
    )
    weekday = forms.TypedChoiceField(
        label=_("A weekly digest leaves on"), choices=list(enumerate(DAYS)), coerce=int
    )
    zone = Zone(_("Your time zone"), help_text=_("Europe/Kyiv, Asia/Beirut, UTC; blank: UTC."))
    quiet_from = of_day(_("Quiet hours from"))
    quiet_until = of_day(_("Quiet hours until"))


class WebhookForm(WatchingForm):
    address = forms.CharField(
        label=_("Its address"),
        help_text=_("Such as https://example.org/alerts."),
        error_messages={"required": _("Enter an address, such as https://example.org/alerts.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url", "dir": "ltr"}
        ),
    )


class WatchForm(WatchingForm):
    """Of what kinds, and with which of a term's warnings; none ticked: of all."""

    kinds = forms.MultipleChoiceField(
        label=_("Only of these"),
        required=False,
        choices=[(kind, cause(kind)) for kind in ALERT_KINDS if kind not in BY_NAME],
        widget=Many(_("Only of these")),
        help_text=_("None ticked: of everything."),
    )
    leads = forms.MultipleChoiceField(
        label=_("Of the warnings before an end, only these"),
        required=False,
        choices=[(lead, LABELS["lead"][lead]) for lead in LEADS],
        widget=Many(_("Of the warnings before an end, only these")),
        help_text=_("None ticked: of all that the pledge has."),
    )


class SnoozeForm(WatchingForm):
    for_days = forms.TypedChoiceField(
        label=_("Nothing for"),
        choices=[(0, _("no time: tell me again")), (1, _("a day")), (3, _("3 days")),
                 (7, _("a week")), (30, _("30 days"))],
        coerce=int,
    )  # fmt: skip
