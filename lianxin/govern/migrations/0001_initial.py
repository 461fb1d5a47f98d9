import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_initial'),
        ('places', '0001_initial'),
        ('record', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('basis', models.CharField(help_text='Document on which it rests.', max_length=200)),
                ('steps', models.JSONField(default=list)),
                ('quorum', models.CharField(choices=[('half', 'more than half'), ('two_thirds', 'two thirds and more')], default='half', max_length=12)),
                ('majority', models.CharField(choices=[('half', 'more than half'), ('two_thirds', 'two thirds and more')], default='half', max_length=12)),
                ('notice_days', models.PositiveSmallIntegerField(default=5, help_text='Days for which a motion is posted first.')),
                ('proxies_most', models.PositiveSmallIntegerField(default=3, help_text='Proxies that one may hold.')),
                ('acceptors_least', models.PositiveSmallIntegerField(default=3, help_text='Villagers who must accept a project.')),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Motion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField(help_text='What is to be decided, word by word.')),
                ('electorate', models.CharField(choices=[('household', 'one household, one vote'), ('person', 'one person of age, one vote'), ('worker', 'one worker or delegate, one vote')], max_length=12)),
                ('manner', models.CharField(choices=[('secret', 'secret ballot'), ('hands', 'show of hands')], max_length=8)),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('noticed', 'made known'), ('voting', 'vote is open'), ('passed', 'decided'), ('rejected', 'not agreed'), ('no_quorum', 'too few took part: no decision'), ('withdrawn', 'taken back')], default='draft', max_length=12)),
                ('proposed_by', models.CharField(help_text='Who brought it in, in words.', max_length=80)),
                ('opened_at', models.DateTimeField()),
                ('noticed_at', models.DateTimeField(null=True)),
                ('vote_opened_at', models.DateTimeField(null=True)),
                ('vote_closed_at', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='motions', to='places.area')),
                ('enterprise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='motions', to='record.enterprise')),
                ('office', models.ForeignKey(help_text='Who keeps it.', on_delete=django.db.models.deletion.PROTECT, to='people.office')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='govern.procedure')),
            ],
            options={
                'indexes': [models.Index(fields=['area', '-id'], name='motion_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('area', None), ('enterprise__isnull', False)), models.Q(('area__isnull', False), ('enterprise', None)), _connector='OR'), name='motion_of_one_place'), models.CheckConstraint(condition=models.Q(models.Q(('electorate', 'worker'), _negated=True), ('area', None), _connector='OR'), name='motion_workers_in_enterprise')],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('budget', models.PositiveBigIntegerField(help_text='Yuan.')),
                ('sources', models.CharField(help_text='Where the money comes from.', max_length=200)),
                ('builder', models.CharField(help_text='Who does the work.', max_length=120)),
                ('started_on', models.DateField()),
                ('planned_until', models.DateField()),
                ('motion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='project', to='govern.motion')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('started_on__lte', models.F('planned_until'))), name='project_dates')],
            },
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('percent', models.PositiveSmallIntegerField()),
                ('spent', models.PositiveBigIntegerField(default=0, help_text='Yuan, so far.')),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('photos', models.ManyToManyField(related_name='+', to='ledger.attachment')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress', to='govern.project')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='progress_percent')],
            },
        ),
        migrations.CreateModel(
            name='StepRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('day', models.DateField()),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('motion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='govern.motion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('motion', 'key'), name='step_record_once')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('yes', 'for it'), ('no', 'against it'), ('abstain', 'no opinion'), ('invalid', 'spoilt paper')], max_length=8)),
                ('count', models.PositiveIntegerField(default=0)),
                ('motion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='govern.motion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('motion', 'choice'), name='tally_one_count')],
            },
        ),
        migrations.CreateModel(
            name='Voter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As it stands on the list.', max_length=60)),
                ('struck_at', models.DateTimeField(null=True)),
                ('digest', models.CharField(blank=True, help_text='Of the code for a ballot without coming.', max_length=64)),
                ('voted', models.BooleanField(default=False)),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.household')),
                ('motion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voters', to='govern.motion')),
                ('proxy', models.ForeignKey(help_text='Who votes in place of this one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='votes_for', to='govern.voter')),
                ('resident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.resident')),
            ],
            options={
                'indexes': [models.Index(fields=['motion', 'name'], name='voter_list')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resident', None)), fields=('motion', 'household'), name='voter_household_once'), models.UniqueConstraint(fields=('motion', 'resident'), name='voter_resident_once'), models.UniqueConstraint(condition=models.Q(('digest', ''), _negated=True), fields=('digest',), name='voter_code'), models.CheckConstraint(condition=models.Q(('struck_at', None), ('voted', False), _connector='OR'), name='voter_struck_did_not_vote'), models.CheckConstraint(condition=models.Q(('proxy', None), models.Q(('proxy', models.F('id')), _negated=True), _connector='OR'), name='voter_not_own_proxy')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wants', models.CharField(choices=[('add', 'somebody is missing'), ('strike', 'somebody should not be on it')], max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('words', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('ruled_at', models.DateTimeField(null=True)),
                ('upheld', models.BooleanField(null=True)),
                ('ruling', models.CharField(blank=True, max_length=200)),
                ('motion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='govern.motion')),
                ('ruled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='govern.voter')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ruled_at', None), models.Q(('ruling', ''), _negated=True), _connector='OR'), name='objection_ruled_with_words')],
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('accepted', models.BooleanField()),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='govern.project')),
                ('voters', models.ManyToManyField(help_text='Who looked.', related_name='+', to='govern.voter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted', True)), fields=('project',), name='acceptance_once')],
            },
        ),
    ]
