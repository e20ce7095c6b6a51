"""What is searched: a derived table. Its index is laid, and it is filled, after every migrate."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0013_board'),
    ]

    operations = [
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pledge', 'pledge'), ('position', 'position'), ('account', 'account'), ('condition', 'condition'), ('deadline', 'deadline'), ('verification', 'verification'), ('incident', 'incident'), ('count', 'count'), ('source', 'source'), ('text', 'text'), ('instrument', 'instrument'), ('party', 'party'), ('dossier', 'dossier'), ('comment', 'comment'), ('entry', 'entry')], max_length=20)),
                ('noun', models.CharField(max_length=30)),
                ('row', models.BigIntegerField()),
                ('key', models.CharField(max_length=250)),
                ('public_at', models.DateTimeField(null=True)),
                ('until_at', models.DateTimeField(null=True)),
                ('text', models.TextField()),
                ('dossier', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier')),
                ('pledge', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.pledge')),
            ],
            options={
                'indexes': [models.Index(fields=['noun', 'row'], name='passage_of_row'), models.Index(fields=['-public_at', '-id'], name='passage_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['pledge', 'position', 'account', 'condition', 'deadline', 'verification', 'incident', 'count', 'source', 'text', 'instrument', 'party', 'dossier', 'comment', 'entry'])), name='passage_kind_is_known'), models.CheckConstraint(condition=models.Q(('noun', ''), _negated=True), name='passage_noun_is_filled'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='passage_key_is_filled'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='passage_text_is_filled')],
            },
        ),
    ]
