
import uuid
from datetime import UTC, datetime
from typing import Any

import django.core.validators
import django.db.models.deletion
import tracker.domain.outbox
import tracker.domain.timing
import tracker.domain.transitions
import tracker.models.fields
from django.conf import settings
from django.db import migrations, models

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def forget_deliveries(apps: Any, schema_editor: Any) -> None:
    """No release so far delivered anything; what stands there was not written by one."""
    apps.get_model("tracker", "Delivery").objects.all().delete()
    settle(schema_editor)


def close_alerts(apps: Any, schema_editor: Any) -> None:
    """Alerts were owed and could not be sent: nobody is to get them all at once now."""
    apps.get_model("tracker", "Alert").objects.update(
        due_at=models.F("owed_at"), dropped_at=models.F("owed_at"), dropped_why="before_mail"
    )
    settle(schema_editor)


def ask_for_phases(apps: Any, schema_editor: Any) -> None:
    """Phases tell more than they did: the sweep derives them anew."""
    pledges = apps.get_model("tracker", "Pledge").objects.order_by("pk").values_list("pk", flat=True)
    apps.get_model("tracker", "StalePledge").objects.bulk_create(
        apps.get_model("tracker", "StalePledge")(pledge_id=pk, asked_at=BEGINNING)
        for pk in pledges.iterator()
    )
    settle(schema_editor)


def settle(schema_editor: Any) -> None:
    """PostgreSQL alters no table whose rows of this transaction it has yet to check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0003_sent_form'),
    ]

    operations = [
        migrations.RunPython(forget_deliveries, migrations.RunPython.noop),
        migrations.CreateModel(
            name='AlertSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zone', tracker.models.fields.ZoneField(blank=True, default='', max_length=64)),
                ('by_mail', models.BooleanField(default=True)),
                ('rhythm', models.CharField(choices=[('at_once', 'at once'), ('daily', 'daily'), ('weekly', 'weekly')], default=tracker.domain.timing.Rhythm['AT_ONCE'], max_length=20)),
                ('hour', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MaxValueValidator(23)])),
                ('weekday', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(6)])),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('snoozed_until', models.DateTimeField(blank=True, null=True)),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('refused_detail', models.TextField(blank=True, default='')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='alert_settings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'alert settings',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('rhythm__in', ['at_once', 'daily', 'weekly'])), name='alertsettings_rhythm_is_known'),
                    models.CheckConstraint(condition=models.Q(('hour__gte', 0), ('hour__lte', 23)), name='alertsettings_hour_is_in_range'),
                    models.CheckConstraint(condition=models.Q(('weekday__gte', 0), ('weekday__lte', 6)), name='alertsettings_weekday_is_in_range'),
                    models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_begin_and_end'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('channel', models.CharField(choices=[('mail', 'mail'), ('webhook', 'webhook')], max_length=20)),
                ('is_test', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('refused', 'refused'), ('dead', 'dead'), ('merged', 'merged'), ('dropped', 'dropped')], default=tracker.domain.outbox.MessageState['WAITING'], max_length=20)),
                ('made_at', models.DateTimeField()),
                ('next_try_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('is_uncertain', models.BooleanField(default=False)),
                ('is_late', models.BooleanField(default=False)),
                ('subject', models.CharField(blank=True, default='', max_length=500)),
                ('ended_at', models.DateTimeField(null=True)),
                ('pledge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='tracker.pledge')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('state', tracker.domain.outbox.MessageState['WAITING'])), fields=['next_try_at'], name='message_waiting'),
                    models.Index(fields=['recipient', '-made_at'], name='message_of_recipient'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'webhook'])), name='message_channel_is_known'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'refused', 'dead', 'merged', 'dropped'])), name='message_state_is_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', tracker.domain.outbox.MessageState['WAITING'])), models.Q(models.Q(('state', tracker.domain.outbox.MessageState['WAITING']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='message_ends_when_it_no_longer_waits'),
                    models.CheckConstraint(condition=models.Q(('next_try_at__gte', models.F('made_at'))), name='message_is_tried_after_it_is_made'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReviewTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('since', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_tasks', to='tracker.pledge')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('pledge', 'subject', 'since'), name='review_task_is_raised_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by__isnull', True)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='review_task_is_done_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('filters', models.JSONField(default=dict)),
                ('is_shared', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='savedview_name_is_filled'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Snooze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField()),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.pledge')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snoozes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'pledge'), name='snooze_is_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StalePledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('pledge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracker.pledge')),
            ],
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kinds', tracker.models.fields.LinesField(blank=True, default=list)),
                ('leads', tracker.models.fields.LinesField(blank=True, default=list)),
                ('is_mute', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('dossier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.dossier')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.party')),
                ('pledge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.pledge')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.savedview')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('dossier__isnull', True), ('party__isnull', True), ('pledge__isnull', False), ('view__isnull', True)), models.Q(('dossier__isnull', True), ('party__isnull', False), ('pledge__isnull', True), ('view__isnull', True)), models.Q(('dossier__isnull', False), ('party__isnull', True), ('pledge__isnull', True), ('view__isnull', True)), models.Q(('dossier__isnull', True), ('party__isnull', True), ('pledge__isnull', True), ('view__isnull', False)), _connector='OR'), name='subscription_is_to_one_thing'),
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'pledge'), name='subscription_to_pledge_is_unique'),
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'party'), name='subscription_to_party_is_unique'),
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'dossier'), name='subscription_to_dossier_is_unique'),
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'view'), name='subscription_to_view_is_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.URLField(max_length=2000)),
                ('sealed_secret', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('refused_detail', models.TextField(blank=True, default='')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='webhook', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='alert',
            name='alert_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='alert',
            name='alert_is_owed_after_it_is_true',
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_outcome_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_attempt_is_unique',
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='alert',
        ),
        migrations.AddField(
            model_name='alert',
            name='acknowledged_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='acknowledged_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alert',
            name='because',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='alert',
            name='by_edit',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='alert',
            name='dropped_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='dropped_why',
            field=models.CharField(blank=True, choices=[('untrue', 'untrue'), ('no_access', 'no access'), ('unsubscribed', 'unsubscribed'), ('before_mail', 'before mail'), ('channel_gone', 'channel gone')], default='', max_length=20),
        ),
        migrations.AddField(
            model_name='alert',
            name='due_at',
            field=models.DateTimeField(default=BEGINNING),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='alert',
            name='escalated_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='escalated_from',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='tracker.alert'),
        ),
        migrations.AddField(
            model_name='alert',
            name='escalates_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='code',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='dossier',
            name='escalates_after',
            field=tracker.models.fields.SpanField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='dossier',
            name='escalates_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dossier',
            name='tells_details',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='flag',
            name='is_backfilled',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='phase',
            name='adopted',
            field=models.CharField(blank=True, default='', max_length=250),
        ),
        migrations.AddField(
            model_name='phase',
            name='compliance',
            field=models.CharField(choices=[('not_assessed', 'not assessed'), ('held', 'held'), ('held_in_part', 'held in part'), ('contested', 'contested'), ('breached', 'breached'), ('fulfilled', 'fulfilled'), ('fulfilled_late', 'fulfilled late'), ('cannot_be_determined', 'cannot be determined'), ('not_initiated', 'not initiated'), ('minimum', 'minimum'), ('intermediate', 'intermediate'), ('complete', 'complete')], default=tracker.domain.transitions.Compliance['NOT_ASSESSED'], max_length=30),
        ),
        migrations.AddField(
            model_name='phase',
            name='earliest_end',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='ends_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='is_open',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='phase',
            name='latest_end',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='pledge_version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='phase',
            name='starts_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='terms',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='phase',
            name='warns_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sweeprun',
            name='is_caught_up',
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('starts_soon', 'starts soon'), ('due_soon', 'due soon'), ('expired', 'expired'), ('reading_ended', 'reading ended'), ('expired_unassessed', 'expired unassessed'), ('term_passed_unstarted', 'term passed unstarted'), ('deadline_due', 'deadline due'), ('deadline_missed', 'deadline missed'), ('condition_overdue', 'condition overdue'), ('verification_due', 'verification due'), ('unverified', 'unverified'), ('violation_reported', 'violation reported'), ('accounts_differ', 'accounts differ'), ('dependency_failed', 'dependency failed'), ('stage_changed', 'stage changed'), ('corrected', 'corrected'), ('mentioned', 'mentioned'), ('review_due', 'review due')], max_length=30),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='outcome',
            field=models.CharField(choices=[('sent', 'sent'), ('deferred', 'deferred'), ('uncertain', 'uncertain'), ('address_refused', 'address refused'), ('content_refused', 'content refused')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('escalates_after', ''), ('escalates_to__isnull', True)), models.Q(('escalates_to__isnull', False), models.Q(('escalates_after', ''), _negated=True)), _connector='OR'), name='dossier_escalates_to_somebody_after_some_time'),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=models.CheckConstraint(condition=models.Q(('compliance__in', ['not_assessed', 'held', 'held_in_part', 'contested', 'breached', 'fulfilled', 'fulfilled_late', 'cannot_be_determined', 'not_initiated', 'minimum', 'intermediate', 'complete'])), name='phase_compliance_is_known'),
        ),
        migrations.AddField(
            model_name='alert',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='tracker.message'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='message',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='tracker.message'),
            preserve_default=False,
        ),
        migrations.RunPython(close_alerts, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('dropped_at__isnull', True), ('message__isnull', True)), fields=['due_at'], name='alert_unsent'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('acknowledged_at__isnull', True), ('dropped_at__isnull', True), ('escalated_at__isnull', True), ('escalates_at__isnull', False)), fields=['escalates_at'], name='alert_escalates'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['recipient', '-owed_at'], name='alert_of_recipient'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['starts_soon', 'due_soon', 'expired', 'reading_ended', 'expired_unassessed', 'term_passed_unstarted', 'deadline_due', 'deadline_missed', 'condition_overdue', 'verification_due', 'unverified', 'violation_reported', 'accounts_differ', 'dependency_failed', 'stage_changed', 'corrected', 'mentioned', 'review_due'])), name='alert_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('dropped_why__in', ['untrue', 'no_access', 'unsubscribed', 'before_mail', 'channel_gone', ''])), name='alert_dropped_why_is_known'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('owed_at')), ('owed_at__gte', models.F('true_at'))), name='alert_is_owed_after_it_is_true_and_due_after_that'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dropped_at__isnull', True), ('dropped_why', '')), models.Q(('dropped_at__isnull', False), models.Q(('dropped_why', ''), _negated=True)), _connector='OR'), name='alert_is_dropped_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True)), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='alert_is_acknowledged_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['sent', 'deferred', 'uncertain', 'address_refused', 'content_refused'])), name='delivery_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('message', 'attempt'), name='delivery_attempt_is_unique'),
        ),
        migrations.RunPython(ask_for_phases, migrations.RunPython.noop),
    ]
