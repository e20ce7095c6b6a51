"""A verification: one dated finding by a person, over a period, on evidence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.models import Verification
from tracker.models.verification import FOUND, PROOFS
from tracker.words import LABELS

from .facts import SHORT_NAME, FactForm, key_field, note, public
from .fields import (
    Choice,
    Grade,
    Means,
    Radios,
    Reference,
    References,
    Reliability,
    StatedTime,
    Text,
    Tick,
)


class Proof(Choice):
    """How sure one has to be, from the least on, each with what it means."""

    def __init__(self) -> None:
        super().__init__(_("Standard of proof"), "proof", PROOFS, required=False, widget=Radios())
        words, means = LABELS["proof"], LABELS["proof_means"]
        self.choices = [
            ("", _("not stated")),
            *((one, Means(words[one], means[one])) for one in PROOFS),
        ]


class VerificationForm(FactForm):
    model = Verification
    dated = ("public",)
    sections = (
        (_("Evidence"), ("sources", "viewed", "incidents"), False),
        (_("Standard"), ("standard", "proof"), False),
        (_("More"), ("cites", "key", "note"), True),
    )

    pledge = Reference(_("A finding on"), "pledge", required=True)
    period_start = StatedTime(_("Period from"), required=True)
    period_end = StatedTime(_("Period to"), required=True)
    finding = Choice(_("Finding"), "compliance", FOUND)
    reasoning = Text(_("Reasoning"), long=True, rows=4, required=True)
    reliability = Reliability(_("Reliability of the evidence"))
    credibility = Grade()
    public = public(_("Public since"), help_text=_("When the finding is made known."))
    is_final = Tick(_("This is the final verdict"))
    standard = Text(
        _("Standard, in words"),
        long=True,
        rows=2,
        help_text=_("What counts as kept, and as broken."),
    )
    proof = Proof()
    sources = References(_("Sources"), "source")
    viewed = Tick(
        _("I opened and checked each of these sources for this finding"),
        help_text=_(
            "It goes into the chain of custody of each. To say it of some alone, use their pages."
        ),
    )
    incidents = References(_("Incidents"), "incident")
    cites = Reference(_("Corrects the earlier finding"), "verification")
    key = key_field(SHORT_NAME)
    note = note()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_new:  # it is said when a finding is made
            del self.fields["viewed"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("viewed") and not given.get("sources") and "sources" not in self.errors:
            self.add_error("viewed", _("No source is named. Name those that you checked, above."))
        return given
