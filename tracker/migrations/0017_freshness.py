"""How long findings last by their grade, to which standard of proof they were made, and queues.

Each pledge is marked, so that the sweep derives it anew: findings last as long as their grade says
from now on, and lines say in which queues they wait.
"""

from typing import Any

import tracker.models.fields
from django.db import migrations, models

from tracker.clock import now


def mark(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    pledges, stale = (apps.get_model("tracker", name)._meta.db_table for name in ("Pledge", "StalePledge"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {stale} (pledge_id, asked_at) SELECT id, %s FROM {pledges} WHERE true"
            " ON CONFLICT (pledge_id) DO NOTHING",
            [connection.ops.adapt_datetimefield_value(now())],
        )
    if connection.vendor == "postgresql":  # it alters no table with checks to come
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0016_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='boardline',
            name='contested_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='boardline',
            name='unassessed_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='boardline',
            name='unchecked_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='dossier',
            name='freshness',
            field=tracker.models.fields.CurveField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='verification',
            name='proof',
            field=models.CharField(blank=True, choices=[('reasonable_suspicion', 'reasonable suspicion'), ('reasonable_grounds', 'reasonable grounds'), ('balance', 'balance'), ('clear', 'clear'), ('beyond_doubt', 'beyond doubt')], default='', max_length=30),
        ),
        migrations.AddIndex(
            model_name='boardline',
            index=models.Index(condition=models.Q(('unchecked_since__isnull', False)), fields=['unchecked_since', 'pledge', 'dossier'], name='line_unchecked'),
        ),
        migrations.AddIndex(
            model_name='boardline',
            index=models.Index(condition=models.Q(('unassessed_since__isnull', False)), fields=['unassessed_since', 'pledge', 'dossier'], name='line_unassessed'),
        ),
        migrations.AddIndex(
            model_name='boardline',
            index=models.Index(condition=models.Q(('contested_since__isnull', False)), fields=['contested_since', 'pledge', 'dossier'], name='line_contested'),
        ),
        migrations.AddIndex(
            model_name='reviewtask',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['since', 'pledge'], name='review_is_open'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('proof__in', ['reasonable_suspicion', 'reasonable_grounds', 'balance', 'clear', 'beyond_doubt', ''])), name='verification_proof_is_known'),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
