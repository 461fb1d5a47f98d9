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
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='By which services and pages call it, the same in all versions.', max_length=60)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('title', models.CharField(max_length=120)),
                ('purpose', models.CharField(choices=[('application', 'application form'), ('self_check', 'self-check'), ('checklist', 'checklist'), ('questions', 'questionnaire')], default='application', max_length=12)),
                ('basis', models.CharField(blank=True, help_text='Law, article and number on which it rests.', max_length=200)),
                ('fields', models.JSONField(blank=True, default=list)),
                ('outcomes', models.JSONField(blank=True, default=list)),
                ('edits', models.PositiveIntegerField(default=0, help_text='How often the draft was kept: two hands are noticed.')),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'version'), name='sheet_version'), models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('key',), name='sheet_one_draft'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', False), ('retired_at', None)), fields=('key',), name='sheet_one_live'), models.CheckConstraint(condition=models.Q(('retired_at', None), ('published_at__lte', models.F('retired_at')), _connector='OR'), name='sheet_dates')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('open', models.JSONField(blank=True, default=dict, help_text='Values that say nothing of who somebody is.')),
                ('sealed', models.BinaryField(help_text='Values that do, sealed.', null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, help_text='None: the person, without a clerk.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='sheets.sheet')),
            ],
        ),
    ]
