"""Who belonged to a coalition, and when. Nothing rolls up from members to a coalition."""

from django.db import models

from .constraints import filled
from .fact import Entered
from .fields import StatedField


class CoalitionMember(Entered):
    """One spell of membership; a party may have several."""

    NOUN = "coalition_member"
    ENTERED = ("coalition", "member", "since", "until", "note")

    key = models.CharField(max_length=250, unique=True)
    coalition = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="coalitions")
    since = StatedField(blank=True, default="")
    since_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    until = StatedField(blank=True, default="")
    until_instant = models.DateTimeField(null=True, db_index=True, editable=False)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            *filled("key"),
            models.CheckConstraint(
                condition=~models.Q(coalition=models.F("member")),
                name="coalition_member_is_not_the_coalition",
            ),
        )
