import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('mapping', models.JSONField(default=dict)),
                ('way', models.CharField(blank=True, max_length=20)),
                ('dry', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('mapped', 'Mapped'), ('running', 'Running'), ('done', 'Done'), ('stopped', 'Stopped')], default='mapped', max_length=10)),
                ('total', models.PositiveIntegerField(default=0)),
                ('row', models.PositiveIntegerField(default=0)),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('tally', models.JSONField(default=dict)),
                ('lease_until', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.attachment')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'state', 'id'], name='intake_kind_state')],
            },
        ),
        migrations.CreateModel(
            name='IntakeError',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField()),
                ('trouble', models.CharField(max_length=200)),
                ('cells', models.JSONField(default=dict)),
                ('mended_at', models.DateTimeField(null=True)),
                ('intake', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='errors', to='intake.intake')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('intake', 'row'), name='intake_error_row')],
            },
        ),
    ]
