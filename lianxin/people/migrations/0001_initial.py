import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('is_active', models.BooleanField(default=True)),
                ('totp_required', models.BooleanField(default=True, help_text='Only accounts of the demo county go without.')),
                ('password_set_at', models.DateTimeField(blank=True, null=True)),
                ('left_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True)),
                ('is_workday', models.BooleanField()),
                ('name', models.CharField(blank=True, max_length=30)),
                ('source', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='PhoneCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_index', models.CharField(db_index=True, max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='What is limited: triage, case.ordinary, case.complex, case.major, task.return, confirm.', max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('value', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(choices=[('hour', 'hour'), ('workhour', 'workhour'), ('workday', 'workday'), ('natural_day', 'natural_day')], max_length=12)),
                ('rolls', models.BooleanField(default=False, help_text='The last natural day moves past a holiday.')),
                ('start_fact', models.CharField(help_text='From which fact it counts.', max_length=60)),
                ('legal_basis', models.CharField(help_text="Document and clause; say so where it is the county's own promise.", max_length=200)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['key'], name='limit_key')],
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('county', 'county leadership'), ('hub', 'hotline and dispatch centre'), ('bureau', 'bureau'), ('section', 'section'), ('agency', 'handling agency'), ('town', 'town or street office'), ('station', 'township labour station'), ('centre', 'community service centre'), ('village', 'village or community committee'), ('window', 'window'), ('party', 'Party committee or branch')], max_length=12)),
                ('path', models.CharField(db_index=True, max_length=200)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('address', models.CharField(blank=True, max_length=120)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.office')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='people.office')),
            ],
        ),
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.area')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jurisdictions', to='people.office')),
            ],
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='County',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('prefix', models.CharField(help_text='Begins every receipt number, as YX.', max_length=4)),
                ('hotline', models.CharField(default='12345', max_length=20)),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='places.area')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='county_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('goal', models.CharField(blank=True, max_length=200)),
                ('basis', models.CharField(blank=True, help_text='Document on which it rests.', max_length=200)),
                ('office', models.ForeignKey(help_text='Who runs it.', on_delete=django.db.models.deletion.PROTECT, to='people.office')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends', None), ('starts__lt', models.F('ends')), _connector='OR'), name='campaign_dates')],
            },
        ),
        migrations.CreateModel(
            name='OfficeHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.office')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='hours_order')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=60)),
                ('role', models.CharField(choices=[('registrar', 'registrar'), ('dispatcher', 'dispatcher'), ('handler', 'handler'), ('chief', 'head of an office'), ('examiner', 're-examiner'), ('letter_clerk', 'letter clerk'), ('leader', 'leader'), ('local_leader', 'leader of an office'), ('supervisor', 'supervisor'), ('editor', 'editor'), ('it', 'IT officer'), ('cataloguer', 'keeper of the catalogue'), ('clerk', 'window clerk'), ('reviewer', 'reviewer'), ('approver', 'approver'), ('hall_keeper', 'manager of the hall'), ('cadre', 'visiting cadre'), ('archivist', 'keeper of the files'), ('organiser', 'organiser of visits')], max_length=20)),
                ('rank', models.CharField(blank=True, max_length=30)),
                ('tier', models.CharField(blank=True, choices=[('county', 'county Party secretary'), ('committee', 'Party (working) committee secretary'), ('branch', 'branch or general-branch secretary')], max_length=12)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='people.office')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_from__lt', models.F('valid_to')), _connector='OR'), name='post_dates')],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(choices=[('leader', 'leader on duty'), ('hotline', 'hotline'), ('window', 'window')], max_length=12)),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('phone', models.CharField(blank=True, help_text='Where a major matter reaches this duty.', max_length=30)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.office')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['duty', 'ends'], name='shift_now')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='shift_dates')],
            },
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('reason', models.CharField(max_length=120)),
                ('ended_early_at', models.DateTimeField(blank=True, null=True)),
                ('absent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('substitute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['substitute', 'ends'], name='substitution_now')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='substitution_dates'), models.CheckConstraint(condition=models.Q(('absent', models.F('substitute')), _negated=True), name='substitution_two_people')],
            },
        ),
    ]
