"""A pledge: what one pledgor undertook. Its term is told by readings, not here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.domain.facts import Act, Subject
from tracker.domain.tags import offered
from tracker.models import Pledge
from tracker.models.pledge import SPECIFICITY

from .facts import REFERENCE, FactForm, key_field, note, public
from .fields import Choice, Lines, Person, References, Span, Spans, Tags, Text
from .instrument_fields import InstrumentReference
from .party_fields import PartyReference, PartyReferences


class PledgeForm(FactForm):
    model = Pledge
    sections = (
        (_("To whom, and what exactly"), ("beneficiaries", "scope", "area"), False),
        (_("Watching it"), ("analyst", "cadence", "leads", "tags"), False),
        (
            _("More"),
            (
                "key",
                "reciprocates",
                "prohibited",
                "permitted",
                "protected_objects",
                "mechanism_agreed",
                "mechanism_operating",
                "note",
            ),
            True,
        ),
    )

    title = Text(
        _("Title"),
        required=True,
        max_length=300,
        help_text=_("Who does what, for how long: Russia halts strikes on power plants, 30 days."),
    )
    key = key_field(REFERENCE, is_reference=True)
    pledgor = PartyReference(
        _("Pledgor"),
        required=True,
        help_text=_("One party or coalition. A mutual undertaking is one pledge for each side."),
    )
    act = Choice(_("Act"), "act", Act)
    subject = Choice(_("Subject"), "subject", Subject)
    specificity = Choice(_("Specificity"), "specificity", SPECIFICITY, initial="specific")
    instrument = InstrumentReference(
        _("Made in"), required=True, help_text=_("The call, the statement, the agreement.")
    )
    public = public(help_text=_("When it was first told: 18 Mar 2025, 20:00 Moscow."))
    beneficiaries = PartyReferences(_("Promised to"))
    reciprocates = References(_("Reciprocates"), "pledge")
    scope = Text(_("Scope"), long=True, rows=2)
    area = Text(_("Area"), long=True, rows=2)
    prohibited = Text(_("Prohibited acts"), long=True, rows=2)
    permitted = Text(_("Permitted acts"), long=True, rows=2)
    protected_objects = Lines(_("Protected objects"))
    mechanism_agreed = Text(_("Mechanism agreed"), long=True, rows=2)
    mechanism_operating = Text(_("Mechanism operating"), long=True, rows=2)
    analyst = Person(_("Watched by"), help_text=_("Who is alerted."))
    cadence = Span(
        _("Verify every"),
        help_text=_(
            "Such as 3 days, 12 hours. Blank: a quarter of the term, from 6 hours to 7 days."
        ),
    )
    leads = Spans(
        _("Warn before the end"),
        help_text=_("Such as 7 days, 24 hours, 5 minutes. Blank: by the length of the term."),
    )
    tags = Tags(_("Tags"))
    note = note()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["tags"]
        assert isinstance(field, Tags)
        pledges = self.offered.tables.get("pledge", {}).values()
        field.offer(offered(state.get("tags") or () for state in pledges).values())
