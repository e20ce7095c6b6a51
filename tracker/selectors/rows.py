"""Rows as plain dicts: ``{noun: {key: state}}``, the same shape as the ledger's.

A state holds the entered columns: references as keys, many-references as sorted keys, stated times
as their text; and beside them ``recorded_at`` and ``version`` as they are read.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import models

from tracker.models import FACTS, Dossier, Entered, Incident, Membership, Move, User, Verification

State = dict[str, Any]
Tables = dict[str, dict[str, State]]


def key_path(model: type[models.Model]) -> str:
    """The column by which a row is named in states: its key, reference, slug or opaque id."""
    if model is User:
        return "uid"
    if model is Membership:
        return "user__uid"
    assert issubclass(model, Entered)
    return model.KEY


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """A column's value as JSON knows it."""
    if isinstance(value, datetime):
        return iso(value)
    if value is None or isinstance(value, (bool, int, str, list, dict)):
        return value
    return str(value)


def states(
    model: type[Entered], rows: "models.QuerySet[Any]", *, but: Collection[str] = ()
) -> dict[str, State]:
    """The states of rows by key: one query, and one per many-reference. ``but``: columns that are
    left out.
    """
    paths: dict[str, str] = {}
    many: list[models.ManyToManyField[Any, Any]] = []
    for name in model.ENTERED:
        if name in but:
            continue
        column = model._meta.get_field(name)
        if isinstance(column, models.ManyToManyField):
            many.append(column)
        elif isinstance(column, models.ForeignKey):
            paths[name] = f"{name}__{key_path(column.related_model)}"
        else:
            paths[name] = name
    own = key_path(model)
    found: dict[str, State] = {}
    keys: dict[int, str] = {}
    wanted = {"pk", own, "recorded_at", "version", *paths.values()}
    for values in rows.values(*wanted).order_by("pk"):
        key = str(values[own])
        keys[values["pk"]] = key
        state = {name: plain(values[path]) for name, path in paths.items()}
        state["recorded_at"] = iso(values["recorded_at"])
        state["version"] = values["version"]
        found[key] = state
    for column in many:
        _add_many(column, rows, keys, found)
    return found


def _add_many(
    column: "models.ManyToManyField[Any, Any]",
    rows: "models.QuerySet[Any]",
    keys: dict[int, str],
    found: dict[str, State],
) -> None:
    for state in found.values():
        state[column.name] = []
    source, target = column.m2m_field_name(), column.m2m_reverse_field_name()
    path = f"{target}__{key_path(column.related_model)}"
    through: Any = column.remote_field.through
    links: Iterable[tuple[int, Any]] = through.objects.filter(
        **{f"{source}__in": rows.values("pk")}
    ).values_list(source, path)
    for pk, other in links:
        found[keys[pk]][column.name].append(str(other))
    for state in found.values():
        state[column.name].sort()


def state(row: Entered) -> State:
    """The state of one row, read back from the database."""
    model = type(row)
    return next(iter(states(model, model._default_manager.filter(pk=row.pk)).values()))


def tables(dossier: Dossier) -> Tables:
    """All facts of a dossier, with a number of queries that does not depend on theirs."""
    found = {
        noun: states(model, model._default_manager.filter(dossier=dossier))
        for noun, model in FACTS.items()
    }
    found["dossier"] = states(Dossier, Dossier.objects.filter(pk=dossier.pk))
    found["membership"] = states(Membership, Membership.objects.filter(dossier=dossier))
    return found


def tables_about(dossier: Dossier, ref: str) -> Tables:
    """What a page of one pledge speaks of: all facts of the dossier but the texts of sources; of
    incidents those that name the pledge or that a finding on it rests on, and what became of them.
    """
    links = Incident.pledges.through.objects.filter(pledge__ref=ref).values("incident")
    evidence = Verification.incidents.through.objects.filter(verification__pledge__ref=ref)
    # 0: where there are none it is asked for all the same, with as many queries as ever.
    here = {0, *links.values_list("incident", flat=True)}
    here |= set(evidence.values_list("incident", flat=True))
    some: dict[str, models.QuerySet[Any]] = {
        Incident.NOUN: Incident.objects.filter(dossier=dossier, pk__in=here),
        Move.NOUN: Move.objects.filter(dossier=dossier, incident__isnull=True),
    }
    found = {}
    for noun, model in FACTS.items():
        held = some.get(noun, model._default_manager.filter(dossier=dossier))
        found[noun] = states(model, held, but=("snapshot",))
    found[Move.NOUN] |= states(Move, Move.objects.filter(dossier=dossier, incident__in=here))
    found["dossier"] = states(Dossier, Dossier.objects.filter(pk=dossier.pk))
    found["membership"] = states(Membership, Membership.objects.filter(dossier=dossier))
    return found


def some_tables(dossier: Dossier, nouns: Collection[str], *, but: Collection[str] = ()) -> Tables:
    """The facts of these nouns alone, without some columns."""
    return {
        noun: states(FACTS[noun], FACTS[noun]._default_manager.filter(dossier=dossier), but=but)
        for noun in nouns
    }
