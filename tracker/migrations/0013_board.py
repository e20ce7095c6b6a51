"""What boards list stands ready: open conditions and when it was verified, and a line a pledge.

Lines begin stale, and every pledge is marked, so that the sweep derives it anew. Until then boards
are read from the phases.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tracker.clock import now

AT_ONCE = 1000


def begin(apps: Any, schema_editor: Any) -> None:
    pledges = apps.get_model("tracker", "Pledge").objects.order_by("pk")
    lines = apps.get_model("tracker", "BoardLine").objects
    marks = apps.get_model("tracker", "StalePledge").objects
    at, last = now(), 0
    while rows := list(pledges.filter(pk__gt=last)[:AT_ONCE]):
        last = rows[-1].pk
        lines.bulk_create(
            lines.model(
                pledge_id=row.pk,
                dossier_id=row.dossier_id,
                pledgor_id=row.pledgor_id,
                analyst_id=row.analyst_id,
                act=row.act,
                subject=row.subject,
                from_at=row.public_instant,
                until_at=row.public_instant,
                sorts_at=row.public_instant,
            )
            for row in rows
        )
        marks.bulk_create(
            (marks.model(pledge_id=row.pk, asked_at=at) for row in rows), ignore_conflicts=True
        )
    if schema_editor.connection.vendor == "postgresql":  # it alters no table with checks to come
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0012_tags'),
    ]

    operations = [
        migrations.AddField(
            model_name='phase',
            name='ended',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='phase',
            name='open_conditions',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='phase',
            name='verified_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='BoardLine',
            fields=[
                ('pledge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='line', serialize=False, to='tracker.pledge')),
                ('act', models.CharField(choices=[('halt', 'halt'), ('refrain', 'refrain'), ('allow', 'allow'), ('withdraw', 'withdraw'), ('release', 'release'), ('provide', 'provide'), ('establish', 'establish'), ('negotiate', 'negotiate'), ('other', 'other')], max_length=20)),
                ('subject', models.CharField(choices=[('energy_infrastructure', 'energy infrastructure'), ('civilians', 'civilians'), ('prisoners', 'prisoners'), ('humanitarian_access', 'humanitarian access'), ('maritime', 'maritime'), ('heavy_weapons', 'heavy weapons'), ('arms_transfers', 'arms transfers'), ('territory', 'territory'), ('media', 'media'), ('other', 'other')], max_length=30)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('stage', models.CharField(blank=True, choices=[('announced', 'announced'), ('awaiting_conditions', 'awaiting conditions'), ('awaiting_trigger', 'awaiting trigger'), ('scheduled', 'scheduled'), ('in_force', 'in force'), ('expired', 'expired'), ('superseded', 'superseded'), ('terminated', 'terminated'), ('withdrawn', 'withdrawn'), ('released', 'released'), ('condition_failed', 'condition failed'), ('hostilities_resumed', 'hostilities resumed'), ('completed', 'completed'), ('never_entered', 'never entered'), ('rejected', 'rejected')], default='', max_length=30)),
                ('shelf', models.CharField(blank=True, choices=[('expired', 'expired'), ('runs', 'runs'), ('none', 'none'), ('ended', 'ended')], default='', max_length=10)),
                ('sorts_at', models.DateTimeField()),
                ('verified_until', models.DateTimeField(null=True)),
                ('kinds', models.TextField(blank=True, default='')),
                ('analyst', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier')),
                ('pledgor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.party')),
            ],
            options={
                'indexes': [models.Index(fields=['shelf', 'sorts_at'], name='line_sorts'), models.Index(fields=['shelf', 'verified_until'], name='line_verified'), models.Index(fields=['from_at'], name='line_begins'), models.Index(fields=['until_at'], name='line_ends')],
                'constraints': [models.CheckConstraint(condition=models.Q(('act__in', ['halt', 'refrain', 'allow', 'withdraw', 'release', 'provide', 'establish', 'negotiate', 'other'])), name='boardline_act_is_known'), models.CheckConstraint(condition=models.Q(('subject__in', ['energy_infrastructure', 'civilians', 'prisoners', 'humanitarian_access', 'maritime', 'heavy_weapons', 'arms_transfers', 'territory', 'media', 'other'])), name='boardline_subject_is_known'), models.CheckConstraint(condition=models.Q(('stage__in', ['announced', 'awaiting_conditions', 'awaiting_trigger', 'scheduled', 'in_force', 'expired', 'superseded', 'terminated', 'withdrawn', 'released', 'condition_failed', 'hostilities_resumed', 'completed', 'never_entered', 'rejected', ''])), name='boardline_stage_is_known'), models.CheckConstraint(condition=models.Q(('shelf__in', ['expired', 'runs', 'none', 'ended', ''])), name='boardline_shelf_is_known')],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
