"""The bands of a party's board are counted within an index as well, and latest changes found so."""

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
        migrations.RemoveIndex(
            model_name='boardline',
            name='line_begins',
        ),
        migrations.AddIndex(
            model_name='boardline',
            index=models.Index(fields=['from_at', 'dossier', 'shelf', 'stage', 'subject', 'act', 'kinds', 'pledgor', 'pledge'], name='line_begins'),
        ),
    ]
