"""Whoever makes, receives or brokers pledges. Parties are global: no dossier owns them."""

from django.db import models

from .constraints import choices, filled, one_of
from .fact import Entered
from .fields import LinesField

KINDS = ("state", "armed_group", "organisation", "coalition", "other")


class Party(Entered):
    """``merged_into``: the party that it turned out to be. Rows go on naming this one."""

    NOUN = "party"
    KEY = "slug"
    ENTERED = ("name", "kind", "iso", "aliases", "note", "merged_into")

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    iso = models.CharField(max_length=2, blank=True, default="")
    aliases = LinesField()
    note = models.TextField(blank=True, default="")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    class Meta:
        constraints = (
            *filled("slug", "name"),
            one_of("kind", KINDS),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="party_is_merged_into_another",
            ),
        )

    def __str__(self) -> str:
        return self.name
