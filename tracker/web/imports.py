"""What an import's page shows: the first of what would be entered, of what is wrong, of doubles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from tracker.actions.imports import NEW, Preview
from tracker.domain.import_rows import Draft, Problem
from tracker.models import Dossier, Source
from tracker.selectors import register, rows
from tracker.web.choices import Choices

DRAFTS, PROBLEMS, DOUBLES, REMARKS = 25, 100, 50, 25


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it would be entered, in words."""

    number: int
    occurred: str
    until: str
    place: str
    actor: str
    target: str
    subject: str
    description: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The first of each, with how many there are in all."""

    lines: list[Line]
    number: int
    problems: list[Problem]
    problem_lines: int
    within: list[tuple[int, int]]
    before: Sequence[Any]
    changed: int
    remarks: list[tuple[int, str]]
    left_out: int
    skipped: int


def choices(dossier: Dossier) -> Choices:
    """What the form of a plan offers: the dossier's sources, and the parties."""
    index = register.party_index()
    sources = rows.states(Source, Source.objects.filter(dossier=dossier))
    return Choices(
        dossier=dossier,
        tables={"source": sources},
        parties=index.names,
        aliases=index.aliases,
        merged=index.merged,
    )


def shown(found: Preview, offered: Choices) -> Shown:
    """What is told of a preview. Many rows make no longer page."""
    return Shown(
        lines=[_line(draft, offered) for draft in found.drafts[:DRAFTS]],
        number=len(found.drafts),
        problems=found.problems[:PROBLEMS],
        problem_lines=len({one.line for one in found.problems}),
        within=list(found.within.items())[:DOUBLES],
        before=found.before[:DOUBLES],
        changed=sum(one.is_changed for one in found.before),
        remarks=list(_remarks(found.drafts))[:REMARKS],
        left_out=len(found.table.left_out) if found.table is not None else 0,
        skipped=len(found.skipped),
    )


def _line(draft: Draft, offered: Choices) -> Line:
    said = draft.columns
    return Line(
        number=draft.line,
        occurred=said["occurred"],
        until=said["occurred_until"],
        place=said["place"],
        actor=_party(said["actor"], offered),
        target=said["target"],
        subject=said["subject"],
        description=said["description"],
    )


def _party(slug: str | None, offered: Choices) -> str:
    if slug and slug.startswith(NEW):
        return gettext("%(name)s (new)") % {"name": slug.partition(":")[2]}
    return offered.party_name(slug)


def _remarks(drafts: Sequence[Draft]) -> Iterator[tuple[int, str]]:
    for draft in drafts:
        for one in draft.remarks:
            yield draft.line, one
