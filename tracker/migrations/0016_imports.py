"""Imports of incidents, what they are about, and the stretches that they are matched with.

Every pledge is marked, so that the sweep derives its stretches. Until then incidents are matched
with those that are there.
"""

from typing import Any

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


from tracker.clock import now

AT_ONCE = 1000


def mark(apps: Any, schema_editor: Any) -> None:
    pledges = apps.get_model("tracker", "Pledge").objects.order_by("pk")
    marks = apps.get_model("tracker", "StalePledge").objects
    at, last = now(), 0
    while pks := list(pledges.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        last = pks[-1]
        marks.bulk_create(
            (marks.model(pledge_id=pk, asked_at=at) for pk in pks), ignore_conflicts=True
        )
    if schema_editor.connection.vendor == "postgresql":  # it alters no table with checks to come
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0015_proposal_alerts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('header', models.CharField(max_length=64)),
                ('plan', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ImportedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('identity', models.CharField(max_length=64)),
                ('content', models.CharField(max_length=64)),
                ('is_undone', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='IncidentImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('encoding', models.CharField(blank=True, default='', max_length=30)),
                ('delimiter', models.CharField(blank=True, default='', max_length=1)),
                ('plan', models.JSONField(default=dict)),
                ('standing', models.CharField(choices=[('open', 'open'), ('proposed', 'proposed'), ('queued', 'queued'), ('entered', 'entered'), ('undo_proposed', 'undo proposed'), ('undo_queued', 'undo queued'), ('undone', 'undone')], default='open', max_length=20)),
                ('made_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField(null=True)),
                ('entered_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undo_reason', models.TextField(blank=True, default='')),
                ('number', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('told', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='MatchDismissal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TermSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reading', models.CharField(max_length=250)),
                ('number', models.PositiveIntegerField()),
                ('starts_at', models.DateTimeField()),
                ('starts_by', models.DateTimeField()),
                ('ends_from', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('zone', models.CharField(blank=True, default='', max_length=64)),
                ('is_adopted', models.BooleanField(default=False)),
                ('stands_until', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='incident',
            name='subject',
            field=models.CharField(blank=True, choices=[('energy_infrastructure', 'energy infrastructure'), ('civilians', 'civilians'), ('prisoners', 'prisoners'), ('humanitarian_access', 'humanitarian access'), ('maritime', 'maritime'), ('heavy_weapons', 'heavy weapons'), ('arms_transfers', 'arms transfers'), ('territory', 'territory'), ('media', 'media'), ('other', 'other')], default='', max_length=30),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['energy_infrastructure', 'civilians', 'prisoners', 'humanitarian_access', 'maritime', 'heavy_weapons', 'arms_transfers', 'territory', 'media', 'other', ''])), name='incident_subject_is_known'),
        ),
        migrations.AddField(
            model_name='columnmapping',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='columnmapping',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier'),
        ),
        migrations.AddField(
            model_name='importedrow',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier'),
        ),
        migrations.AddField(
            model_name='importedrow',
            name='incident',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='imported', to='tracker.incident'),
        ),
        migrations.AddField(
            model_name='incidentimport',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentimport',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentimport',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentimport',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier'),
        ),
        migrations.AddField(
            model_name='importedrow',
            name='by_import',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='tracker.incidentimport'),
        ),
        migrations.AddField(
            model_name='matchdismissal',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='matchdismissal',
            name='incident',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.incident'),
        ),
        migrations.AddField(
            model_name='matchdismissal',
            name='pledge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.pledge'),
        ),
        migrations.AddField(
            model_name='termspan',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier'),
        ),
        migrations.AddField(
            model_name='termspan',
            name='pledge',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='spans', to='tracker.pledge'),
        ),
        migrations.AddConstraint(
            model_name='columnmapping',
            constraint=models.CheckConstraint(condition=models.Q(('header', ''), _negated=True), name='columnmapping_header_is_filled'),
        ),
        migrations.AddConstraint(
            model_name='columnmapping',
            constraint=models.UniqueConstraint(fields=('dossier', 'header'), name='mapping_of_a_header_is_saved_once'),
        ),
        migrations.AddIndex(
            model_name='incidentimport',
            index=models.Index(condition=models.Q(('standing__in', ('queued', 'undo_queued'))), fields=['asked_at'], name='import_waits'),
        ),
        migrations.AddConstraint(
            model_name='incidentimport',
            constraint=models.CheckConstraint(condition=models.Q(('file_name', ''), _negated=True), name='incidentimport_file_name_is_filled'),
        ),
        migrations.AddConstraint(
            model_name='incidentimport',
            constraint=models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='incidentimport_sha256_is_filled'),
        ),
        migrations.AddConstraint(
            model_name='incidentimport',
            constraint=models.CheckConstraint(condition=models.Q(('standing__in', ['open', 'proposed', 'queued', 'entered', 'undo_proposed', 'undo_queued', 'undone'])), name='incidentimport_standing_is_known'),
        ),
        migrations.AddConstraint(
            model_name='incidentimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entered_at', None), ('standing__in', ('open', 'proposed', 'queued'))), models.Q(('entered_at__isnull', False), ('standing__in', ('entered', 'undo_proposed', 'undo_queued', 'undone'))), _connector='OR'), name='import_is_entered_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='importedrow',
            constraint=models.CheckConstraint(condition=models.Q(('identity', ''), _negated=True), name='importedrow_identity_is_filled'),
        ),
        migrations.AddConstraint(
            model_name='importedrow',
            constraint=models.CheckConstraint(condition=models.Q(('content', ''), _negated=True), name='importedrow_content_is_filled'),
        ),
        migrations.AddConstraint(
            model_name='importedrow',
            constraint=models.UniqueConstraint(condition=models.Q(('is_undone', False)), fields=('dossier', 'identity'), name='imported_row_is_no_double'),
        ),
        migrations.AddConstraint(
            model_name='importedrow',
            constraint=models.UniqueConstraint(fields=('by_import', 'line'), name='line_is_imported_once'),
        ),
        migrations.AddConstraint(
            model_name='matchdismissal',
            constraint=models.UniqueConstraint(fields=('incident', 'pledge'), name='match_is_dismissed_once'),
        ),
        migrations.AddIndex(
            model_name='termspan',
            index=models.Index(fields=['dossier', 'ends_at', 'starts_at'], name='span_is_under_way'),
        ),
        migrations.AddIndex(
            model_name='termspan',
            index=models.Index(fields=['dossier', 'starts_at'], name='span_begins'),
        ),
        migrations.AddConstraint(
            model_name='termspan',
            constraint=models.CheckConstraint(condition=models.Q(('reading', ''), _negated=True), name='termspan_reading_is_filled'),
        ),
        migrations.AddConstraint(
            model_name='termspan',
            constraint=models.UniqueConstraint(fields=('pledge', 'reading', 'number'), name='span_of_a_reading_is_kept_once'),
        ),
        migrations.AddConstraint(
            model_name='termspan',
            constraint=models.CheckConstraint(condition=models.Q(('starts_by__gte', models.F('starts_at'))), name='span_start_is_a_window'),
        ),
        migrations.AddConstraint(
            model_name='termspan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_at__isnull', True), ('ends_from__isnull', True)), ('ends_at__gte', models.F('ends_from')), _connector='OR'), name='span_end_is_a_window'),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
