"""The bands of a party's board are counted within the index as well."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0019_board_counts'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='boardline',
            name='line_counts',
        ),
        migrations.AddIndex(
            model_name='boardline',
            index=models.Index(fields=['dossier', 'shelf', 'sorts_at', 'stage', 'subject', 'act', 'kinds', 'pledgor', 'pledge'], name='line_counts'),
        ),
    ]
