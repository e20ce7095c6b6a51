"""Whoever makes, receives or brokers pledges. Parties are global: no dossier owns them."""

from django.db import models

from .constraints import choices, filled, one_of
from .fact import Entered
from .fields import LinesField

KINDS = ("state", "armed_group", "organisation", "coalition", "other")


class Party(Entered):
    NOUN = "party"
    KEY = "slug"
    ENTERED = ("name", "kind", "iso", "aliases", "note")

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    iso = models.CharField(max_length=2, blank=True, default="")
    aliases = LinesField()
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (*filled("slug", "name"), one_of("kind", KINDS))

    def __str__(self) -> str:
        return self.name
