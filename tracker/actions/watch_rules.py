"""The rules of who is told, and when: lead times of a pledge, escalation of a dossier."""

from datetime import timedelta
from typing import Any

from tracker.domain import durations
from tracker.domain.errors import Invalid
from tracker.domain.sentences import _
from tracker.models import Entered, Membership

MINUTE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=90)  # before somebody else is told

State = dict[str, Any]


def leads(row: Entered, state: State) -> None:
    for lead in state["leads"] or ():
        length = durations.parse(str(lead)).nominal
        if length < MINUTE or length % MINUTE:
            raise Invalid(
                _("A lead time is told in whole minutes, and {lead} is not.", lead=lead),
                field="leads",
                mend=_("Write 1 minute, 90 minutes, 24 hours, 7 days."),
            )


def escalation(row: Entered, state: State) -> None:
    """Who is told in the end is a member, and after a time that comes."""
    if bool(state["escalates_to"]) is not bool(state["escalates_after"]):
        lacking = "escalates_after" if state["escalates_to"] else "escalates_to"
        raise Invalid(
            _("To tell somebody in the end takes both a person and a time."),
            field=lacking,
            mend=_("Give both, or neither."),
        )
    if not state["escalates_to"]:
        return
    if not MINUTE <= durations.parse(state["escalates_after"]).nominal <= LONGEST_WAIT:
        raise Invalid(
            _("The time lies between a minute and 90 days."),
            field="escalates_after",
            mend=_("Write such as 12 hours or 2 days."),
        )
    members = Membership.objects.filter(dossier=row.pk, user__is_active=True)
    if not members.filter(user__uid=state["escalates_to"]).exists():
        raise Invalid(
            _("Whoever is told in the end is an active member of this dossier."),
            field="escalates_to",
            mend=_("Choose a member, or invite the person first."),
        )
