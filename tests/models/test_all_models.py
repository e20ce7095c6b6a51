"""What must be true of every model, proved over all of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import CheckConstraint, Q

from tracker.models import FACTS, NOUNS, Entered, Fact, KeyedFact, append_only
from tracker.models.fields import StatedField

MODELS = list(apps.get_app_config("tracker").get_models())
# Derived rows and join rows go with the row that they belong to; nothing that people entered does.
CASCADING = {
    "BoardLine.pledge",
    "Flag.pledge",
    "Phase.pledge",
    "Reciprocation.pledge",
    "StalePledge.pledge",
    "TermSpan.pledge",
}


def fields(model: type[models.Model]) -> Iterator["models.Field[object, object]"]:
    return (f for f in model._meta.get_fields() if isinstance(f, models.Field))


def known_words(model: type[models.Model], name: str) -> set[str] | None:
    """The words that a check constraint of the model allows in that column."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            for child in (
                constraint.condition.children if isinstance(constraint.condition, Q) else ()
            ):
                if isinstance(child, tuple) and child[0] == f"{name}__in":
                    return set(child[1])
    return None


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_choice_is_held_to_by_the_database(model: type[models.Model]) -> None:
    for field in fields(model):
        if field.choices:
            words = {str(value) for value, _ in field.flatchoices}
            blank = {""} if field.blank else set()
            assert known_words(model, field.name) == words | blank, field.name


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_reference_protects_what_it_names(model: type[models.Model]) -> None:
    for field in fields(model):
        if isinstance(field, models.ForeignKey):
            rule = field.remote_field.on_delete
            if f"{model.__name__}.{field.name}" in CASCADING:
                assert rule is models.CASCADE
            else:
                assert rule is models.PROTECT, field.name


@pytest.mark.parametrize("noun", NOUNS)
def test_entered_columns_are_columns_and_the_derived_ones_are_not_among_them(noun: str) -> None:
    model = NOUNS[noun]
    entered = set(model.ENTERED)
    assert len(entered) == len(model.ENTERED)
    names = {f.name for f in fields(model)}
    assert entered <= names
    derived = {"id", "dossier", "recorded_at", "version", "sha256", "search", "tag_search"} | {
        model.KEY
    }
    assert names - entered == (names & derived) | {n for n in names if n.endswith("_instant")}


@pytest.mark.parametrize("noun", NOUNS)
def test_every_stated_time_has_its_instant_indexed(noun: str) -> None:
    model = NOUNS[noun]
    for field in fields(model):
        if isinstance(field, StatedField):
            instant: Any = model._meta.get_field(f"{field.name}_instant")
            assert (instant.get_internal_type(), instant.db_index) == ("DateTimeField", True)


def test_every_noun_that_people_enter_is_in_the_registry_of_the_ledger() -> None:
    entered = {model for model in MODELS if issubclass(model, Entered)}
    assert entered == set(NOUNS.values())
    assert {model for model in entered if issubclass(model, Fact)} == set(FACTS.values())
    assert all(noun == NOUNS[noun].NOUN for noun in NOUNS)


@pytest.mark.parametrize("noun", [n for n, m in FACTS.items() if issubclass(m, KeyedFact)])
def test_keys_are_unique_within_their_dossier(noun: str) -> None:
    unique = [
        set(c.fields)
        for c in FACTS[noun]._meta.constraints
        if isinstance(c, models.UniqueConstraint)
    ]
    assert {"dossier", "key"} in unique


@pytest.mark.parametrize("noun", ["pledge", "position"])
def test_references_are_unique_in_the_whole_register(noun: str) -> None:
    found: Any = FACTS[noun]
    assert found._meta.get_field("ref").unique


@pytest.mark.django_db
def test_the_triggers_are_there_and_missing_ones_are_named() -> None:
    from django.core.checks import run_checks
    from django.db import connection

    assert append_only.missing(connection) == []
    assert [e for e in run_checks(databases=["default"]) if e.id == "tracker.E001"] == []
    append_only.lift(connection)
    try:
        assert append_only.missing(connection)[:2] == ["update", "delete"]
        found = [e for e in run_checks(databases=["default"]) if e.id == "tracker.E001"]
        assert len(found) == 1
        assert "update or delete" in found[0].msg
        assert "migrate" in (found[0].hint or "")
    finally:
        append_only.lay(connection)
    assert append_only.missing(connection) == []


@pytest.mark.django_db
def test_migrating_lays_them_again() -> None:
    from django.core.management.sql import emit_post_migrate_signal
    from django.db import connection

    append_only.lift(connection)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert append_only.missing(connection) == []
