import django.db.models.deletion
import lianxin.ledger.models.grams
from django.conf import settings
from django.db import migrations, models
from lianxin.ledger.migrations._tables import IndexGrams, Whole


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
            name='Subject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.SlugField(default='county', max_length=30)),
                ('name', models.CharField(max_length=60)),
                ('path', models.CharField(db_index=True, max_length=200)),
                ('full_name', models.CharField(blank=True, max_length=160)),
                ('keywords', models.TextField(blank=True, help_text='Words that suggest it, separated by spaces.')),
                ('limit_key', models.CharField(default='case.ordinary', max_length=40)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('office', models.ForeignKey(blank=True, help_text='Who usually leads.', null=True, on_delete=django.db.models.deletion.PROTECT, to='people.office')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='listen.subject')),
            ],
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(help_text='The receipt number.', max_length=20, unique=True)),
                ('code_digest', models.CharField(max_length=64)),
                ('channel', models.CharField(choices=[('web', 'web form'), ('counter', 'counter'), ('phone', 'telephone'), ('letter', 'letter to the secretary'), ('api', 'other system'), ('import', 'imported list'), ('hall', 'leader on duty in the hall'), ('visit', 'visit')], max_length=12)),
                ('mode', models.CharField(choices=[('heart', 'heart to heart'), ('face', 'face to face'), ('back', 'back to back')], max_length=6)),
                ('identity', models.CharField(choices=[('signed', 'signed'), ('confidential', 'confidential'), ('anonymous', 'anonymous')], max_length=12)),
                ('kind', models.CharField(blank=True, choices=[('problem', 'states a problem'), ('opinion', 'has an opinion'), ('suggestion', 'makes a suggestion'), ('appeal', 'asks for help'), ('consult', 'asks a question'), ('praise', 'gives praise')], max_length=12)),
                ('text', models.TextField()),
                ('contact', models.BinaryField(help_text='Sealed name, phone, e-mail and address.', null=True)),
                ('phone_index', models.CharField(blank=True, help_text='Finds voices of one phone without reading it.', max_length=64)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('same_as', models.CharField(blank=True, help_text='The case that the person found and says is the same matter.', max_length=20)),
                ('wants_reply', models.BooleanField(default=True)),
                ('received_at', models.DateTimeField(help_text='When it was said.')),
                ('recorded_at', models.DateTimeField(help_text='When it was entered.')),
                ('read_at', models.DateTimeField(help_text='When the addressee read the letter.', null=True)),
                ('handed_on_at', models.DateTimeField(help_text='When the addressee let others work on the letter.', null=True)),
                ('triage_due_at', models.DateTimeField(null=True)),
                ('sorted_at', models.DateTimeField(null=True)),
                ('source_key', models.CharField(help_text='Row of an imported list.', max_length=120, null=True, unique=True)),
                ('idempotency_key', models.CharField(max_length=80, null=True, unique=True)),
                ('body_digest', models.CharField(blank=True, max_length=64)),
                ('grams', lianxin.ledger.models.grams.GramsField(default='')),
                ('addressee', models.ForeignKey(blank=True, help_text='The leader a letter is written to.', null=True, on_delete=django.db.models.deletion.PROTECT, to='people.post')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.area')),
                ('attachments', models.ManyToManyField(blank=True, to='ledger.attachment')),
                ('encounter', models.ForeignKey(blank=True, help_text='Where it was heard.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='record.encounter')),
                ('household', models.ForeignKey(blank=True, help_text='Whose voice it is.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='record.household')),
                ('office', models.ForeignKey(blank=True, help_text='Where it was heard.', null=True, on_delete=django.db.models.deletion.PROTECT, to='people.office')),
                ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('to_office', models.ForeignKey(blank=True, help_text='The office the person asks for.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.office')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sorted_at', None)), fields=['triage_due_at', 'id'], name='voice_waiting'), models.Index(fields=['received_at'], name='voice_received'), models.Index(condition=models.Q(('addressee__isnull', False)), fields=['addressee', 'read_at'], name='voice_letters'), models.Index(fields=['phone_index'], name='voice_phone')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('identity', 'anonymous'), _negated=True), ('contact', None), _connector='OR'), name='voice_anonymous_has_no_contact'), models.CheckConstraint(condition=models.Q(('received_at__lte', models.F('recorded_at'))), name='voice_received_before_recorded')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField(help_text="The clerk's summary; the words stay in the voice.")),
                ('kind', models.CharField(blank=True, choices=[('problem', 'states a problem'), ('opinion', 'has an opinion'), ('suggestion', 'makes a suggestion'), ('appeal', 'asks for help'), ('consult', 'asks a question'), ('praise', 'gives praise')], max_length=12)),
                ('level', models.CharField(blank=True, choices=[('society', 'common to society'), ('village', 'common to the village'), ('group', 'common to the villager group'), ('household', 'of the household'), ('person', 'of the person')], max_length=10)),
                ('outcome', models.CharField(blank=True, choices=[('joined', 'joined'), ('answered', 'answered'), ('declined', 'declined'), ('transferred', 'transferred')], max_length=12)),
                ('answer', models.TextField(blank=True)),
                ('decline', models.CharField(blank=True, choices=[('emergency', 'an emergency: belongs to 110, 119, 120 or 122'), ('legal_road', 'the law gives another road: court, arbitration, review'), ('repeated', 'repeated without anything new: progress or result was told'), ('secret', "touches secrets or another's privacy"), ('outside', 'outside what a government does: the market or society helps'), ('unlawful', 'unlawful or against public decency')], max_length=12)),
                ('transferred_to', models.CharField(blank=True, max_length=120)),
                ('settled_at', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.area')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='listen.subject')),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='listen.voice')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'outcome'], name='item_subject'), models.Index(fields=['outcome', 'settled_at'], name='item_outcome')],
                'constraints': [models.UniqueConstraint(fields=('voice', 'number'), name='item_number'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at', None)), models.Q(models.Q(('outcome', ''), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='item_settled')],
            },
        ),
        migrations.CreateModel(
            name='Addition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='additions', to='listen.voice')),
            ],
        ),
        migrations.CreateModel(
            name='Reserved',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('code_digest', models.CharField(max_length=64)),
                ('reserved_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(help_text='When the voice that bears it arrived.', null=True)),
                ('handset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reserved', to='record.handset')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('used_at', None)), fields=['handset'], name='reserved_carried')],
            },
        ),
        IndexGrams("listen_voice"),
    ]
