"""The rows that the term of one pledge rests on, in the mapper's tables: no texts of sources, no
incidents, nothing of other pledges but what its triggers name.

As many queries for a dossier of a hundred thousand pledges as for one of three.
"""

from django.db.models import Model, Q, QuerySet

from tracker.models import (
    Adoption,
    ClockStop,
    Condition,
    Count,
    Deadline,
    Dossier,
    Extension,
    Move,
    Pledge,
    Reading,
    Suspension,
    Trigger,
    Verification,
)

from .rows import Tables, states


def of_term(pledge: Pledge) -> Tables:
    """What ``facts.pledge_facts`` needs for the term of the pledge and for its findings."""
    inside = Q(dossier=pledge.dossier_id)
    triggers = Trigger.objects.filter(inside)
    mine = Q(pledge=pledge)
    conditions = Condition.objects.filter(inside & (mine | Q(extension__pledge=pledge)))
    deadlines = Deadline.objects.filter(inside & mine)
    extensions = Extension.objects.filter(inside & mine)
    readings = Reading.objects.filter(
        inside & (mine | Q(trigger__isnull=False) | Q(deadline__in=deadlines))
    )
    moves = Move.objects.filter(
        inside
        & (
            mine
            | Q(condition__in=conditions)
            | Q(deadline__in=deadlines)
            | Q(extension__in=extensions)
            | Q(condition__in=triggers.exclude(of_condition=None).values("of_condition"))
            | Q(deadline__in=triggers.exclude(of_deadline=None).values("of_deadline"))
        )
    )
    queries: dict[type[Model], QuerySet[Model]] = {
        Pledge: Pledge.objects.filter(pk=pledge.pk),
        Reading: readings,
        Adoption: Adoption.objects.filter(inside, reading__in=readings),
        Trigger: triggers,
        Condition: conditions,
        Deadline: deadlines,
        Extension: extensions,
        ClockStop: ClockStop.objects.filter(inside & mine),
        Suspension: Suspension.objects.filter(inside & mine),
        Move: moves,
        Verification: Verification.objects.filter(inside & mine),
        Count: Count.objects.filter(inside & mine),
        Dossier: Dossier.objects.filter(pk=pledge.dossier_id),
    }
    return {model.NOUN: states(model, rows) for model, rows in queries.items()}  # type: ignore[attr-defined, arg-type]
