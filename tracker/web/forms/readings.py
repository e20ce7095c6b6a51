"""A reading: one way to compute a term; and what an analyst does with one."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from tracker.domain.facts import OpenEnd
from tracker.models import Reading
from tracker.models.reading import ABOUT, PROVENANCE

from .facts import SHORT_NAME, EntryForm, FactForm, Sections, key_field, note, public
from .fields import About, Choice, DayCount, Reference, Span, StatedTime, Text, Tick, Zone
from .party_fields import PartyReference


class ReadingForm(FactForm):
    """``shows_term``: beside it stands what it comes to."""

    model = Reading
    shows_term = True
    sections: ClassVar[Sections] = (
        (
            _("Start"),
            ("start", "start_trigger", "start_deadline", "start_offset", "start_fixed"),
            False,
        ),
        (_("Length or end"), ("duration", "end", "end_trigger", "open_end", "rule"), False),
        (_("Zone"), ("zone", "zone_assumed"), False),
        (_("Where each part is from"), (*PROVENANCE, "assumption"), True),
        (_("More"), ("key", "note"), True),
    )

    about = About(_("A reading of"), *ABOUT)
    public = public()
    speaker = PartyReference(_("Whose reading"), help_text=_("Nobody named: the analyst’s own."))
    start = StatedTime(_("Start as stated"))
    start_trigger = Reference(_("Or from the trigger"), "trigger")
    start_deadline = Reference(_("Or from the deadline"), "deadline")
    start_offset = Span(_("So long after it"))
    start_fixed = Tick(
        _("The start is fixed: the term runs even where a precondition is met only later")
    )
    duration = Span(_("Duration"))
    end = StatedTime(_("End as stated"))
    end_trigger = Reference(_("Or until the trigger"), "trigger")
    open_end = Choice(_("Or no end"), "open_end", OpenEnd, required=False)
    rule = DayCount(
        _("How days are counted"),
        help_text=_("Not stated: two readings are entered, one for each way to count."),
    )
    zone = Zone(_("Zone in which days are counted"))
    zone_assumed = Tick(_("The zone is assumed, not stated"))
    start_account = Reference(_("Start from the account"), "account")
    duration_account = Reference(_("Duration from the account"), "account")
    end_account = Reference(_("End from the account"), "account")
    rule_account = Reference(_("Day count from the account"), "account")
    zone_account = Reference(_("Zone from the account"), "account")
    assumption = Text(
        _("What is assumed"), long=True, rows=2, help_text=_("For what no account states.")
    )
    key = key_field(SHORT_NAME)
    note = note()

    def clean(self) -> dict[str, Any]:
        """Who answered by which offset a clock time was meant has named the zone by that."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("start", "end"):
            zone = getattr(self.fields[name], "zone_said", "")
            if zone and not cleaned.get("zone") and "zone" not in self.errors:
                cleaned["zone"] = zone
        return cleaned


class SetAsideForm(EntryForm):
    """An analyst no longer counts with a reading; it stays visible."""

    when = StatedTime(_("From when on"), required=True)
    reason = Text(_("Why it is set aside"), long=True, rows=3, required=True, max_length=2000)

    def _field_of(self, column: str) -> str:
        return {"set_aside_at": "when", "set_aside_reason": "reason"}.get(column, "")


class AdoptForm(EntryForm):
    """An analyst chooses the reading; the others stay visible and keep counting."""

    public = public(_("From when on it is adopted"))
    reason = Text(_("Why this reading"), long=True, rows=3, required=True, max_length=2000)
    note = note()
