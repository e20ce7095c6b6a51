"""That a pledge rests on, supersedes or is part of another one."""

from django.db import models

from .constraints import choices, filled, one_of
from .fact import COMMON, KEYED_CONSTRAINTS, KeyedFact

KINDS = ("rests_on", "supersedes", "part_of")


class Dependency(KeyedFact):
    NOUN = "dependency"
    ENTERED = ("pledge", "on_pledge", "kind", "reason", *COMMON)

    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT)
    on_pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    reason = models.TextField()

    class Meta:
        constraints = (
            *KEYED_CONSTRAINTS,
            *filled("reason"),
            one_of("kind", KINDS),
            models.CheckConstraint(
                condition=~models.Q(pledge=models.F("on_pledge")),
                name="dependency_is_on_another_pledge",
            ),
        )
