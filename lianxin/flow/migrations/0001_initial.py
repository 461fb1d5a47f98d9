import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Process',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=80)),
                ('basis', models.CharField(blank=True, help_text='The rule that this road rests on.', max_length=200)),
                ('definition', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'version'), name='process_version'), models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('key',), name='process_one_draft'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', False), ('retired_at', None)), fields=('key',), name='process_one_in_force'), models.CheckConstraint(condition=models.Q(('retired_at', None), ('retired_at__gte', models.F('published_at')), _connector='OR'), name='process_published_first')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(default=dict)),
                ('offices', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('result', models.CharField(blank=True, max_length=12)),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='flow.process')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('result', '')), models.Q(('ended_at__gte', models.F('started_at')), models.Q(('result', ''), _negated=True)), _connector='OR'), name='run_ends_with_result')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=60)),
                ('stage', models.CharField(blank=True, max_length=60)),
                ('kind', models.CharField(choices=[('task', 'step of an office'), ('applicant', 'the person is asked'), ('timer', 'wait for a time'), ('block', 'several at once'), ('choice', 'choice by what is known'), ('automatic', 'done by itself'), ('end', 'end')], max_length=10)),
                ('stops_clock', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('due_provisional', models.BooleanField(default=False)),
                ('rings_at', models.DateTimeField(null=True)),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('warned_at', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.office')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='flow.run')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['office', 'due_at'], name='step_inbox'), models.Index(condition=models.Q(('rings_at__isnull', False)), fields=['rings_at'], name='step_timer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('run', 'node'), name='step_one_token'), models.CheckConstraint(condition=models.Q(models.Q(('by', None), ('closed_at', None), ('outcome', '')), models.Q(('closed_at__gte', models.F('opened_at')), ('rings_at', None), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='step_closed_with_outcome'), models.CheckConstraint(condition=models.Q(('kind', 'task'), ('office', None), _negated=True), name='step_office')],
            },
        ),
    ]
