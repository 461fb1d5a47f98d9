import django.db.models.deletion
from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('province', 'province'), ('city', 'city'), ('county', 'county'), ('town', 'town or street'), ('village', 'village or community'), ('natural', 'natural village'), ('group', 'villager group'), ('grid', 'grid'), ('compound', 'compound'), ('building', 'building')], max_length=12)),
                ('code', models.CharField(blank=True, db_index=True, help_text='Administrative code, where one is known.', max_length=20)),
                ('path', models.CharField(db_index=True, help_text='Numbers from the root, /1/5/9/.', max_length=200)),
                ('full_name', models.CharField(blank=True, help_text='County and below, as one would say it.', max_length=200)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('outline', models.JSONField(blank=True, help_text='GeoJSON polygon for the map.', null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.area')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'name'], name='area_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_from__lt', models.F('valid_to')), _connector='OR'), name='area_dates')],
            },
        ),
    ]
