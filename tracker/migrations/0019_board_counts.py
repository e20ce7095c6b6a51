"""The bands of boards are counted within an index, and no more by reading every line."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0018_custody'),
    ]

    operations = [
        migrations.AlterField(
            model_name='boardline',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier'),
        ),
        migrations.AddIndex(
            model_name='boardline',
            index=models.Index(fields=['dossier', 'shelf', 'sorts_at', 'stage', 'subject', 'act', 'kinds', 'pledge'], name='line_counts'),
        ),
    ]
