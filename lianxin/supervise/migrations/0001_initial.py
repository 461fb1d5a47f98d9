import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_initial'),
        ('record', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Obligation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('basis', models.CharField(help_text='Document on which it rests.', max_length=200)),
                ('who', models.CharField(choices=[('link', 'whoever holds a link of a kind'), ('post', 'whoever holds a post of a kind'), ('office', 'an office of a kind')], max_length=8)),
                ('tie', models.CharField(blank=True, choices=[('secretary', "people's-situation secretary"), ('village', 'linked cadre of a village'), ('leader', 'linked leader'), ('helper', 'helper of a household'), ('department', 'department paired with a community')], max_length=12)),
                ('unit', models.CharField(blank=True, choices=[('enterprise', 'enterprise'), ('project', 'project'), ('school', 'school'), ('institution', 'public institution'), ('social', 'social organisation')], help_text='Only links to this kind of unit.', max_length=12)),
                ('role', models.CharField(blank=True, choices=[('registrar', 'registrar'), ('dispatcher', 'dispatcher'), ('handler', 'handler'), ('chief', 'head of an office'), ('examiner', 're-examiner'), ('letter_clerk', 'letter clerk'), ('leader', 'leader'), ('local_leader', 'leader of an office'), ('supervisor', 'supervisor'), ('editor', 'editor'), ('it', 'IT officer'), ('cataloguer', 'keeper of the catalogue'), ('clerk', 'window clerk'), ('reviewer', 'reviewer'), ('approver', 'approver'), ('hall_keeper', 'manager of the hall'), ('cadre', 'visiting cadre'), ('archivist', 'keeper of the files'), ('organiser', 'organiser of visits')], max_length=20)),
                ('rank', models.CharField(blank=True, max_length=30)),
                ('title', models.CharField(blank=True, help_text='Only posts of this title.', max_length=60)),
                ('office_kind', models.CharField(blank=True, choices=[('county', 'county leadership'), ('hub', 'hotline and dispatch centre'), ('bureau', 'bureau'), ('section', 'section'), ('agency', 'handling agency'), ('town', 'town or street office'), ('station', 'township labour station'), ('centre', 'community service centre'), ('village', 'village or community committee'), ('window', 'window'), ('party', 'Party committee or branch')], max_length=12)),
                ('what', models.CharField(choices=[('encounter', 'visits and meetings that are on record'), ('deed', 'deeds that stand in the ledger'), ('link', 'links that are held')], max_length=10)),
                ('verbs', models.JSONField(blank=True, default=list, help_text='Deeds of the ledger that count.')),
                ('with_report', models.BooleanField(default=False, help_text='A visit counts only once its report is written.')),
                ('by_substitute', models.BooleanField(default=True, help_text='Who stands in may do it.')),
                ('times', models.PositiveSmallIntegerField(default=1)),
                ('period', models.CharField(choices=[('week', 'a week'), ('month', 'a month'), ('quarter', 'a quarter'), ('half', 'half a year'), ('year', 'a year'), ('dates', 'on the days of a recurrence')], max_length=8)),
                ('recurrence', models.CharField(blank=True, help_text='RFC 5545, as FREQ=MONTHLY;BYDAY=3FR.', max_length=200)),
                ('hour', models.CharField(blank=True, help_text='When on that day, in words.', max_length=30)),
                ('tolerance', models.PositiveSmallIntegerField(default=0, help_text='Days after the day on which it still counts.')),
                ('holiday', models.CharField(choices=[('keep', 'it stays on that day'), ('next', 'it moves to the next working day'), ('before', 'it moves to the working day before'), ('drop', 'it is left out')], default='next', max_length=8)),
                ('partial', models.CharField(choices=[('share', 'in proportion to the days, half and more counted as one'), ('whole', 'all of it'), ('free', 'nothing')], default='share', max_length=8)),
                ('grace_days', models.PositiveSmallIntegerField(default=0, help_text='Days that a new holder is given first.')),
                ('remind_days', models.PositiveSmallIntegerField(default=0, help_text='Days before the last day; 0: no reminder.')),
                ('clue_after', models.PositiveSmallIntegerField(default=0, help_text='Missed so often in a row; 0: no clue.')),
                ('starts', models.DateField()),
                ('ends', models.DateField(blank=True, null=True)),
                ('kinds', models.ManyToManyField(blank=True, to='record.encounterkind')),
                ('office', models.ForeignKey(blank=True, help_text='This one and those below.', null=True, on_delete=django.db.models.deletion.PROTECT, to='people.office')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends', None), ('starts__lt', models.F('ends')), _connector='OR'), name='obligation_dates'), models.CheckConstraint(condition=models.Q(('times__gte', 1)), name='obligation_times'), models.CheckConstraint(condition=models.Q(models.Q(('period', 'dates'), models.Q(('recurrence', ''), _negated=True)), models.Q(models.Q(('period', 'dates'), _negated=True), ('recurrence', '')), _connector='OR'), name='obligation_recurrence_for_dates'), models.CheckConstraint(condition=models.Q(models.Q(('who', 'link'), _negated=True), models.Q(('tie', ''), _negated=True), _connector='OR'), name='obligation_link_names_tie')],
            },
        ),
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateField()),
                ('ends', models.DateField(help_text='The first day on which it is required again.')),
                ('reason', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='people.office')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to=settings.AUTH_USER_MODEL)),
                ('obligation', models.ForeignKey(blank=True, help_text='Empty: every obligation.', null=True, on_delete=django.db.models.deletion.PROTECT, to='supervise.obligation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='exemption_dates'), models.CheckConstraint(condition=models.Q(models.Q(('office__isnull', False), ('user', None)), models.Q(('office', None), ('user__isnull', False)), _connector='OR'), name='exemption_of_one')],
            },
        ),
        migrations.CreateModel(
            name='Clue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(help_text='First day of the first period that was missed.')),
                ('until', models.DateField(help_text='Day after the last one.')),
                ('missed', models.PositiveSmallIntegerField()),
                ('raised_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('words', models.CharField(blank=True, help_text='What came of it.', max_length=200)),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clues', to='record.link')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.office')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clues', to=settings.AUTH_USER_MODEL)),
                ('obligation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clues', to='supervise.obligation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('obligation', 'link', 'since'), name='clue_once_a_link'), models.UniqueConstraint(condition=models.Q(('link', None)), fields=('obligation', 'user', 'since'), name='clue_once_a_person'), models.UniqueConstraint(condition=models.Q(('link', None), ('user', None)), fields=('obligation', 'office', 'since'), name='clue_once_an_office')],
            },
        ),
        migrations.CreateModel(
            name='RatingCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField(help_text='First day of the quarter.')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('used', models.BooleanField(default=False)),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rating_codes', to='record.enterprise')),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('enterprise', 'leader', 'quarter'), name='rating_code_once_a_quarter')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('encounter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='report', to='record.encounter')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.attachment')),
            ],
        ),
        migrations.CreateModel(
            name='Usefulness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField()),
                ('grade', models.PositiveSmallIntegerField(choices=[(3, 'It helped'), (2, 'It neither helped nor hindered'), (1, 'It was a burden')])),
                ('count', models.PositiveIntegerField(default=0)),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('leader', 'quarter', 'grade'), name='usefulness_one_count')],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('received', models.CharField(blank=True, help_text='Empty: nothing.', max_length=200)),
                ('handed_in', models.CharField(blank=True, help_text='What became of it.', max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('encounter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='record.encounter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('encounter', 'by'), name='declaration_once'), models.CheckConstraint(condition=models.Q(('received', ''), models.Q(('handed_in', ''), _negated=True), _connector='OR'), name='declaration_says_what_became')],
            },
        ),
    ]
