"""Alerts of proposed changes: to those who may decide, and to who proposed; each may turn it off."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0014_search_index'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='alert',
            name='alert_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='alert',
            name='alert_of_a_mention_names_its_comment_any_other_a_pledge',
        ),
        migrations.AddField(
            model_name='alert',
            name='proposal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='tracker.proposal'),
        ),
        migrations.AddField(
            model_name='alertsettings',
            name='by_proposal',
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('starts_soon', 'starts soon'), ('due_soon', 'due soon'), ('expired', 'expired'), ('reading_ended', 'reading ended'), ('expired_unassessed', 'expired unassessed'), ('term_passed_unstarted', 'term passed unstarted'), ('deadline_due', 'deadline due'), ('deadline_missed', 'deadline missed'), ('condition_overdue', 'condition overdue'), ('verification_due', 'verification due'), ('unverified', 'unverified'), ('violation_reported', 'violation reported'), ('accounts_differ', 'accounts differ'), ('dependency_failed', 'dependency failed'), ('stage_changed', 'stage changed'), ('corrected', 'corrected'), ('mentioned', 'mentioned'), ('review_due', 'review due'), ('proposed', 'proposed'), ('decided', 'decided')], max_length=30),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['starts_soon', 'due_soon', 'expired', 'reading_ended', 'expired_unassessed', 'term_passed_unstarted', 'deadline_due', 'deadline_missed', 'condition_overdue', 'verification_due', 'unverified', 'violation_reported', 'accounts_differ', 'dependency_failed', 'stage_changed', 'corrected', 'mentioned', 'review_due', 'proposed', 'decided'])), name='alert_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('proposal', 'recipient', 'channel', 'kind'), name='alert_of_a_proposal_is_owed_once'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comment__isnull', False), ('kind', 'mentioned'), ('proposal__isnull', True)), models.Q(('comment__isnull', True), ('kind__in', ['decided', 'proposed']), ('pledge__isnull', True), ('proposal__isnull', False)), models.Q(models.Q(('kind__in', ['decided', 'mentioned', 'proposed']), _negated=True), ('comment__isnull', True), ('pledge__isnull', False), ('proposal__isnull', True)), _connector='OR'), name='alert_names_its_comment_or_proposal_any_other_a_pledge'),
        ),
    ]
