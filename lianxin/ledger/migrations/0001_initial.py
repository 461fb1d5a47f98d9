from django.db import migrations, models

from lianxin.ledger.migrations._tables import Whole


class Migration(Whole):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('name', models.CharField(max_length=200)),
                ('mime', models.CharField(max_length=80)),
                ('size', models.BigIntegerField()),
                ('trust', models.CharField(choices=[('A', 'issued by an office'), ('B', 'checked at a counter'), ('C', 'handed in, not checked'), ('D', 'made by the person')], default='C', max_length=1)),
                ('stored', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by_id', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=60)),
                ('key', models.BigIntegerField()),
                ('label', models.CharField(blank=True, max_length=120)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(blank=True, max_length=80)),
                ('behalf_id', models.BigIntegerField(null=True)),
                ('behalf_name', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField(help_text='When it happened.')),
                ('recorded_at', models.DateTimeField(help_text='When it was written down.')),
                ('data', models.JSONField(default=dict)),
                ('position', models.BigIntegerField(help_text='Its leaf in the Merkle log; empty until sealed.', null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'key', 'at'], name='event_about'), models.Index(condition=models.Q(('position', None)), fields=['id'], name='event_unsealed'), models.Index(fields=['by_id', 'at'], name='event_by')],
            },
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('index', models.BigIntegerField()),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('level', 'index'), name='node_place')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(unique=True)),
                ('root', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField()),
                ('through', models.DateTimeField(help_text='Everything written down by then is inside; empty when more was waiting for the next seal.', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['at', 'size'], name='seal_at')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField()),
                ('at', models.DateTimeField(db_index=True, help_text='When it ended.')),
                ('size', models.BigIntegerField(help_text='How many sealed lines it looked at.')),
                ('root', models.BinaryField(max_length=32)),
                ('findings', models.PositiveIntegerField(default=0, help_text='How many were not as they were sealed.')),
            ],
        ),
    ]
