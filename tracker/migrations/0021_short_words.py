"""What is searched is kept with its short words and the keys of parties beneath it.

Pledges are folded anew; passages are emptied, so that they are derived after this migrate.
"""

from typing import Any

from django.db import migrations, models

from tracker.domain.filters import searchable

AT_ONCE = 1000
SQLITE = "tracker_passage_words"


def fold(apps: Any, schema_editor: Any) -> None:
    pledge = apps.get_model("tracker", "Pledge")
    through = pledge.beneficiaries.through.objects
    last = 0
    while rows := list(
        pledge.objects.filter(pk__gt=last)
        .order_by("pk")
        .select_related("pledgor")
        .only("title", "scope", "area", "ref", "pledgor__slug")[:AT_ONCE]
    ):
        last = rows[-1].pk
        parties: dict[int, list[str]] = {row.pk: [row.pledgor.slug] for row in rows}
        named = through.filter(pledge__in=parties).values_list("pledge_id", "party__slug")
        for pk, slug in named:
            parties[pk].append(slug)
        made = [
            (
                searchable(
                    title=row.title,
                    scope=row.scope,
                    area=row.area,
                    ref=row.ref,
                    parties=parties[row.pk],
                ),
                row.pk,
            )
            for row in rows
        ]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany("UPDATE tracker_pledge SET search = %s WHERE id = %s", made)
    if schema_editor.connection.vendor == "postgresql":  # it alters no table with checks to come
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def empty(apps: Any, schema_editor: Any) -> None:
    """On SQLite without its index of words, which is laid anew: else each row would be taken out
    of that one by one.
    """
    if schema_editor.connection.vendor == "sqlite":
        for deed in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {SQLITE}_{deed}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {SQLITE}")
    schema_editor.execute("DELETE FROM tracker_passage")


class Migration(migrations.Migration):

    dependencies = [
        ("tracker", "0020_counts_by_party"),
    ]

    operations = [
        migrations.RunPython(fold, migrations.RunPython.noop),
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="passage", name="passage_newest"),
        migrations.AddIndex(
            model_name="passage",
            index=models.Index(
                fields=["kind", "-public_at", "-id"], name="passage_newest_of_kind"
            ),
        ),
    ]
