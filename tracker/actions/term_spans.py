"""Deriving the stretches in which pledges are in force, whenever their phases are derived."""

from collections.abc import Iterable

from tracker.domain.facts import PledgeFacts
from tracker.domain.spans import Span, spans
from tracker.models import Pledge, TermSpan


def write(found: Iterable[tuple[Pledge, PledgeFacts]]) -> None:
    """The stretches of these pledges anew. Two queries."""
    made: list[TermSpan] = []
    pks = []
    for pledge, facts in found:
        pks.append(pledge.pk)
        made += [_row(pledge, span) for span in spans(facts)]
    TermSpan.objects.filter(pledge__in=pks).delete()
    TermSpan.objects.bulk_create(made)


def _row(pledge: Pledge, span: Span) -> TermSpan:
    return TermSpan(
        pledge=pledge,
        dossier_id=pledge.dossier_id,
        reading=span.reading,
        number=span.number,
        starts_at=span.start.earliest,
        starts_by=span.start.latest,
        ends_from=span.end.earliest if span.end is not None else None,
        ends_at=span.end.latest if span.end is not None else None,
        zone=span.zone or "",
        is_adopted=span.is_adopted,
        stands_until=span.stands_until,
    )
