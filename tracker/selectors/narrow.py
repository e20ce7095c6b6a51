"""The rows that some pledges rest on, in the mapper's tables, and of these the columns that it
reads: no texts of sources, no other incidents, of other pledges what these are judged by.

As many queries for a dossier of a hundred thousand pledges as for one of three, and as many rows:
but for triggers, of which a dossier has few and each pledge sees all. Rows are asked for by what
they hang on, one kind of owner at a time, so that an index answers; those of one owner come in
their order.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from tracker.domain.facts import ConditionKind
from tracker.models import (
    Account,
    Adoption,
    ClockStop,
    Condition,
    Count,
    Deadline,
    Dependency,
    Dossier,
    Entered,
    Extension,
    Incident,
    Move,
    Pledge,
    Reading,
    Suspension,
    Trigger,
    Verification,
)

from .rows import Tables, states

# What the mapper does not read.
COMMON = ("note", "withdrawn_reason")
UNREAD: dict[type[Model], tuple[str, ...]] = {
    Pledge: (
        *("title", "instrument", "pledgor", "beneficiaries", "subject", "scope", "area"),
        *("prohibited", "permitted", "protected_objects", "specificity", "mechanism_agreed"),
        *("mechanism_operating", "analyst", "tags"),
    ),
    Account: ("source", "quotation", "is_paraphrase", "place", "credibility"),
    Incident: (
        *("occurred_until", "place", "place_precision", "actor", "target", "claimants"),
        *("description", "sources", "subject"),
    ),
    Verification: ("standard", "proof", "reasoning", "incidents", "sources"),
    Count: ("of", "qualifier", "period_start", "source"),
    Move: ("reason", "by_party"),
    Reading: ("set_aside_reason",),
    Dependency: ("reason",),
}
# By which columns the start of one thing waits for another.
WAITING: dict[type[Entered], tuple[tuple[str, ...], Q]] = {
    Condition: (
        ("pledge", "kind", "depends_on_pledge", "depends_on_trigger"),
        Q(depends_on_pledge__isnull=False)
        | Q(depends_on_trigger__isnull=False)
        | Q(pledge__isnull=False, kind=ConditionKind.ENTRY_PRECONDITION),
    ),
    Trigger: (
        ("of_condition", "of_deadline"),
        Q(of_condition__isnull=False) | Q(of_deadline__isnull=False),
    ),
    Reading: (
        ("pledge", "trigger", "deadline", "start_trigger", "start_deadline"),
        Q(start_trigger__isnull=False) | Q(start_deadline__isnull=False),
    ),
}
AT_ONCE = 5_000  # numbers in one query
BECAUSE = ("start_account", "duration_account", "end_account", "rule_account", "zone_account")


def of_pledges(dossier: Dossier, pks: Collection[int]) -> Tables:
    """What ``facts.pledge_facts`` needs for all that is told of these pledges of the dossier."""
    return _Reader(dossier, pks).all()


def of_term(pledge: Pledge) -> Tables:
    """The same for the term of a pledge and for its findings alone: without its incidents, its
    accounts, and what it rests on.
    """
    return _Reader(pledge.dossier, [pledge.pk]).term()


def waiting(dossier: Dossier) -> Tables:
    """The rows of a dossier by which starts may wait for each other, and those columns alone."""
    found: Tables = {}
    for model, (columns, condition) in WAITING.items():
        rows: QuerySet[Any] = model._default_manager.all()
        rows = rows.filter(condition, dossier=dossier)
        found[model.NOUN] = states(model, rows, but=set(model.ENTERED) - set(columns))
    return found


class _Reader:
    def __init__(self, dossier: Dossier, pks: Collection[int]) -> None:
        self.dossier, self.pks = dossier, list(pks)
        self.found: Tables = {}

    def term(self) -> Tables:
        dossier, pks = self.dossier, self.pks
        triggers = Trigger.objects.filter(dossier=dossier)
        links = list(Extension.objects.filter(pledge__in=pks).values_list("pk", flat=True))
        condition = Q(pledge__in=pks) | Q(extension__in=links)
        conditions = list(Condition.objects.filter(condition).values_list("pk", flat=True))
        deadlines = list(Deadline.objects.filter(pledge__in=pks).values_list("pk", flat=True))
        of_triggers = triggers.filter(Q(of_condition__isnull=False) | Q(of_deadline__isnull=False))
        steps = list(of_triggers.values_list("of_condition", "of_deadline"))
        conditions_moved = {*conditions, *(pk for pk, _ in steps)} - {None}
        deadlines_moved = {*deadlines, *(pk for _, pk in steps)} - {None}
        self._add(Dossier, Dossier.objects.filter(pk=dossier.pk))
        self._add(Pledge, Pledge.objects.filter(pk__in=pks))
        self._add(Trigger, triggers)
        for readings in (
            Reading.objects.filter(pledge__in=pks),
            Reading.objects.filter(trigger__in=triggers.values("pk")),
            Reading.objects.filter(deadline__in=deadlines),
        ):
            self._add(Reading, readings)
            self._add(Adoption, Adoption.objects.filter(reading__in=readings.values("pk")))
        self._add(Condition, Condition.objects.filter(pk__in=conditions))
        for model in (Deadline, Extension, ClockStop, Suspension, Verification, Count):
            self._add(model, model._default_manager.filter(pledge__in=pks))
        self._add(Move, Move.objects.filter(pledge__in=pks))
        self._add(Move, Move.objects.filter(condition__in=conditions_moved))
        self._add(Move, Move.objects.filter(extension__in=links))
        self._add(Move, Move.objects.filter(deadline__in=deadlines_moved))
        return self.found

    def all(self) -> Tables:
        dossier, pks = self.dossier, self.pks
        self.term()
        self._add(Account, Account.objects.filter(pledge__in=pks))
        said = {key for state in self._states(Reading) for name in BECAUSE if (key := state[name])}
        left = said - self.found[Account.NOUN].keys()
        self._add(Account, Account.objects.filter(dossier=dossier, key__in=left))
        # By their numbers: a planner that misjudges how many these are reads all there are.
        links = Incident.pledges.through.objects.filter(pledge__in=pks)
        incidents = sorted(set(links.values_list("incident", flat=True)))
        for start in range(0, len(incidents), AT_ONCE):
            some = incidents[start : start + AT_ONCE]
            self._add(Incident, Incident.objects.filter(pk__in=some))
            self._add(Move, Move.objects.filter(incident__in=some))
        self._add(Dependency, Dependency.objects.filter(pledge__in=pks))
        rested_on = self._rested_on()
        self._add(Move, Move.objects.filter(pledge__in=rested_on))
        self._add(Verification, Verification.objects.filter(pledge__in=rested_on))
        return self.found

    def _rested_on(self) -> list[int]:
        """The other pledges by whose failures these are judged."""
        refs = {ref for state in self._states(Pledge) for ref in state["reciprocates"]}
        refs |= {state["on_pledge"] for state in self._states(Dependency)}
        refs |= {x for state in self._states(Condition) if (x := state["depends_on_pledge"])}
        others = Pledge.objects.filter(dossier=self.dossier, ref__in=refs).exclude(pk__in=self.pks)
        return list(others.values_list("pk", flat=True))

    def _states(self, model: type[Entered]) -> Iterable[dict[str, Any]]:
        return self.found[model.NOUN].values()

    def _add(self, model: type[Entered], rows: "QuerySet[Any]") -> None:
        but = () if model is Dossier else (*COMMON, *UNREAD.get(model, ()))
        self.found.setdefault(model.NOUN, {}).update(states(model, rows, but=but))
