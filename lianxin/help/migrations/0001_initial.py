import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('record', '0001_initial'),
        ('sheets', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('basis', models.CharField(max_length=200)),
                ('form', models.CharField(choices=[('money', 'money'), ('goods', 'goods'), ('job', 'a job'), ('training', 'training'), ('other', 'other help')], max_length=8)),
                ('service', models.CharField(blank=True, help_text='Number of the service by which one applies.', max_length=40)),
                ('ended_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('basis', models.CharField(max_length=200)),
                ('sheet', models.CharField(blank=True, help_text='Key of the sheet of what is ticked for each.', max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entered_on', models.DateField()),
                ('entered_because', models.CharField(max_length=200)),
                ('left_on', models.DateField(help_text='The first day on which it is no longer on it.', null=True)),
                ('left_because', models.CharField(blank=True, max_length=200)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hardships', to='record.household')),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='help.register')),
            ],
            options={
                'indexes': [models.Index(fields=['register', 'entered_on'], name='help_entry_register')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('register', 'household'), name='help_entry_once_at_a_time'), models.CheckConstraint(condition=models.Q(('left_on', None), ('entered_on__lt', models.F('left_on')), _connector='OR'), name='help_entry_dates'), models.CheckConstraint(condition=models.Q(('left_on', None), models.Q(('left_because', ''), _negated=True), _connector='OR'), name='help_entry_left_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='PlanPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('skill', 'a skill to live by'), ('project', 'a way to an income')], max_length=8)),
                ('words', models.CharField(max_length=200)),
                ('until', models.DateField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='help.entry')),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('may_publish', models.BooleanField(default=False, help_text='They agreed that others read it, without a name.')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='record.household')),
            ],
        ),
        migrations.CreateModel(
            name='Ticks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sheets.answer')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticks', to='help.entry')),
            ],
        ),
        migrations.CreateModel(
            name='Income',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('monthly', models.PositiveIntegerField(help_text='Yuan a month.')),
                ('first', models.DateField()),
                ('until', models.DateField(help_text='The first day on which it is no longer earned.', null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incomes', to='record.resident')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('first__lt', models.F('until')), _connector='OR'), name='income_dates')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('amount', models.PositiveBigIntegerField(default=0, help_text='Yuan; 0 where it is no money.')),
                ('words', models.CharField(max_length=200)),
                ('application', models.CharField(blank=True, help_text='Number of the application it came by.', max_length=20)),
                ('twice_because', models.CharField(blank=True, help_text='Why it came beside other help of the same month.', max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='helped', to='record.household')),
                ('resident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.resident')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='help.programme')),
            ],
            options={
                'indexes': [models.Index(fields=['household', 'day'], name='measure_household')],
            },
        ),
    ]
