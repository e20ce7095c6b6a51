"""Pledges are found by what they say, views by their links, and the phase that holds by an index."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import DatabaseError, migrations, models, transaction

from tracker.domain.filters import searchable

AT_ONCE = 1000
INDEX = "pledge_search_trigrams"


def fold(apps: Any, schema_editor: Any) -> None:
    """The column is derived: what stands in the rows already is folded as a save would fold it."""
    pledges = apps.get_model("tracker", "Pledge").objects
    last = 0
    while rows := list(
        pledges.filter(pk__gt=last)
        .order_by("pk")
        .only("title", "scope", "area", "ref")[:AT_ONCE]
    ):
        last = rows[-1].pk
        for row in rows:
            row.search = searchable(title=row.title, scope=row.scope, area=row.area, ref=row.ref)
        pledges.bulk_update(rows, ["search"], batch_size=100)
    settle(schema_editor)


def name_views(apps: Any, schema_editor: Any) -> None:
    for view in apps.get_model("tracker", "SavedView").objects.all():
        view.uid, view.changed_at = uuid.uuid4(), view.made_at
        view.save(update_fields=["uid", "changed_at"])
    settle(schema_editor)


def lay_trigrams(apps: Any, schema_editor: Any) -> None:
    """An index of trigrams, where PostgreSQL lets us have them: the extension is a trusted one.

    Without it the same rows are found, more slowly.
    """
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX {INDEX} ON tracker_pledge USING gin (search gin_trgm_ops)"
            )
    except DatabaseError:
        return


def lift_trigrams(apps: Any, schema_editor: Any) -> None:
    """The extension stays: others may use it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


def settle(schema_editor: Any) -> None:
    """PostgreSQL alters no table whose rows of this transaction it has yet to check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ("tracker", "0004_watch"),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="search",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
        migrations.RunPython(lay_trigrams, lift_trigrams),
        migrations.AddField(
            model_name="savedview",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="savedview",
            name="changed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(name_views, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="savedview",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="changed_at",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="phase",
            name="pledge",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="phases",
                to="tracker.pledge",
            ),
        ),
        migrations.AddIndex(
            model_name="phase",
            index=models.Index(fields=["until_at", "from_at"], name="phase_holds"),
        ),
    ]
