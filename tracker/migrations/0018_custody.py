"""Pictures among the files of sources; that somebody opened a source and checked it."""

import django.db.models.deletion
from django.db import migrations, models

import tracker.models.fields


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0017_freshness'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sourcefile',
            name='sourcefile_kind_is_known',
        ),
        migrations.AlterField(
            model_name='sourcefile',
            name='kind',
            field=models.CharField(choices=[('pdf', 'pdf'), ('html', 'html'), ('text', 'text'), ('png', 'png'), ('jpeg', 'jpeg'), ('webp', 'webp')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='sourcefile',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'html', 'text', 'png', 'jpeg', 'webp'])), name='sourcefile_kind_is_known'),
        ),
        migrations.CreateModel(
            name='Viewing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('public', tracker.models.fields.StatedField(max_length=80)),
                ('public_instant', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('withdrawn_at', tracker.models.fields.StatedField(blank=True, default='', max_length=80)),
                ('withdrawn_at_instant', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('withdrawn_reason', models.TextField(blank=True, default='')),
                ('note', models.TextField(blank=True, default='')),
                ('key', models.CharField(max_length=250)),
                ('text_sha256', models.CharField(blank=True, default='', max_length=64)),
                ('file_sha256', models.CharField(blank=True, default='', max_length=64)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tracker.source')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('public', ''), _negated=True), name='viewing_public_is_filled'),
                    models.CheckConstraint(condition=models.Q(('public_instant__isnull', False)), name='viewing_public_gives_an_instant'),
                    models.CheckConstraint(condition=models.Q(('withdrawn_reason', ''), models.Q(('withdrawn_at', ''), _negated=True), _connector='OR'), name='viewing_withdrawn_reason_has_its_time'),
                    models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='viewing_key_is_filled'),
                    models.UniqueConstraint(fields=('dossier', 'key'), name='viewing_key_is_unique'),
                ],
            },
        ),
    ]
