"""Imports of incidents: whose they are to see, their rows, and what was entered before.

Must not live here: what a table says (documents, domain/importing.py).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker.domain import access as rules
from tracker.domain.access import Viewer
from tracker.domain.errors import NotFound
from tracker.models import (
    ColumnMapping,
    Comment,
    Dossier,
    ImportedRow,
    IncidentImport,
    MatchDismissal,
    Move,
    Party,
    Verification,
)

from . import access, merges

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What was entered before under one identity: by which import, from which line, as what."""

    file_name: str
    uid: UUID
    line: int
    incident: str
    content: str


@dataclass(frozen=True, slots=True)
class Called:
    """The parties that there are, each by its name and aliases; of merged ones the one they are."""

    names: dict[str, list[str]]
    titles: dict[str, str]


def listed(viewer: Viewer) -> "QuerySet[IncidentImport]":
    """Those of the dossiers in which the viewer enters facts, the latest first."""
    here = [d.pk for d in access.visible(viewer) if rules.edit(viewer, access.door(d))]
    return (
        IncidentImport.objects.filter(dossier__in=here)
        .select_related("dossier", "by")
        .defer("content")
        .order_by("-made_at", "-pk")
    )


def one(viewer: Viewer, uid: UUID) -> IncidentImport:
    """Raises NotFound for strangers and for what there is not, NotAllowed for readers."""
    found = (
        IncidentImport.objects.filter(uid=uid)
        .select_related("dossier", "by", "asked_by", "confirmed_by")
        .defer("content")
        .first()
    )
    if found is None:
        raise NotFound("There is no such import.")
    rules.check_edit(viewer, access.door(found.dossier))
    return found


def content(row: IncidentImport) -> bytes:
    """The file as it came. One query."""
    kept = IncidentImport.objects.filter(pk=row.pk).values_list("content", flat=True).get()
    return bytes(kept)


def mapping(dossier: Dossier, header: str) -> ColumnMapping | None:
    """What a header like that meant when it was last entered here."""
    return ColumnMapping.objects.filter(dossier=dossier, header=header).select_related("by").first()


def known(dossier: Dossier, identities: Sequence[str]) -> dict[str, Known]:
    """What was entered before, and not taken back, by identity. A query for each 500."""
    found: dict[str, Known] = {}
    for start in range(0, len(identities), AT_ONCE):
        rows = ImportedRow.objects.filter(
            dossier=dossier, identity__in=identities[start : start + AT_ONCE], is_undone=False
        ).values_list(
            "identity", "by_import__file_name", "by_import__uid", "line", "incident__key", "content"
        )
        for identity, name, uid, line, key, said in rows:
            found[identity] = Known(name, uid, line, key, said)
    return found


def parties() -> Called:
    """Two queries."""
    into = merges.parties()
    names: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for slug, name, aliases in Party.objects.values_list("slug", "name", "aliases"):
        names.setdefault(into.of(slug), []).extend([slug, name, *aliases])
        if into.of(slug) == slug:
            titles[slug] = name
    return Called(names, titles)


def rows(row: IncidentImport) -> "QuerySet[ImportedRow]":
    """What it entered, in the order of its lines."""
    return (
        ImportedRow.objects.filter(by_import=row)
        .select_related("incident", "incident__actor")
        .order_by("line")
    )


def used(row: IncidentImport) -> dict[int, str]:
    """Incidents of an import, by id, that a person has since used, and as what. Five queries."""
    here = ImportedRow.objects.filter(by_import=row, is_undone=False).values("incident")
    found: dict[int, str] = {}
    for pk, why in _used(here):
        found.setdefault(pk, why)
    return found


def _used(here: Any) -> Iterator[tuple[int, str]]:
    changed = ImportedRow.objects.filter(incident__in=here, incident__version__gt=1)
    yield from ((pk, "changed") for pk in changed.values_list("incident", flat=True))
    for model, name, why in (
        (Move, "incident", "judged"),
        (Comment, "incident", "commented"),
        (Verification, "incidents", "evidence"),
        (MatchDismissal, "incident", "dismissed"),
    ):
        manager: Any = model._default_manager
        found = manager.filter(**{f"{name}__in": here}).values_list(name, flat=True)
        yield from ((pk, why) for pk in found)


def unused(row: IncidentImport, kept: Collection[int]) -> list[ImportedRow]:
    """Its rows that hold and that nobody has used, with their incidents."""
    left = rows(row).filter(is_undone=False, incident__withdrawn_at="")
    return [one for one in left if one.incident_id not in kept]
