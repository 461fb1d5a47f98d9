import django.db.models.deletion
import lianxin.outbox.rules
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
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('subject', models.CharField(blank=True, max_length=120)),
                ('body', models.TextField(help_text='Placeholders in double braces: {{number}}.')),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'language', 'version'), name='template_version')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dedup_key', models.CharField(help_text='thing:event:recipient:template', max_length=160, unique=True)),
                ('outer', models.CharField(help_text='The key by which the transport knows it; tells nothing of the matter.', max_length=64, unique=True)),
                ('way', models.CharField(choices=[('sms', 'text message'), ('email', 'e-mail')], max_length=10)),
                ('address', models.BinaryField(help_text='Sealed phone number or e-mail address.')),
                ('recipient', models.CharField(help_text='Blind index of the address: who gets several is told so at once.', max_length=32)),
                ('address_hint', models.CharField(help_text='The address masked, for lists.', max_length=60)),
                ('subject', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField(help_text='What the person reads; codes are hidden.')),
                ('sealed_text', models.BinaryField(help_text='The text with its codes, sealed; erased once it is sent.', null=True)),
                ('about_kind', models.CharField(max_length=60)),
                ('about_key', models.BigIntegerField()),
                ('about_label', models.CharField(blank=True, max_length=120)),
                ('urgent', models.BooleanField(default=False, help_text='Does not wait for the end of quiet hours.')),
                ('state', models.CharField(choices=[('written', 'waits to be sent'), ('sending', 'is being sent'), ('sent', 'sent'), ('delivered', 'has arrived'), ('failed', 'did not arrive'), ('unsure', 'unsure whether it was sent'), ('settled', 'settled by a person')], default=lianxin.outbox.rules.State['WRITTEN'], max_length=10)),
                ('written_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('transport', models.CharField(blank=True, max_length=30)),
                ('transport_ref', models.CharField(blank=True, max_length=120)),
                ('trouble', models.CharField(blank=True, max_length=200)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_how', models.CharField(blank=True, max_length=200)),
                ('carrier', models.ForeignKey(help_text='The message under whose key this one was handed over.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='outbox.message')),
                ('office', models.ForeignKey(help_text='Who must settle it if it does not arrive.', null=True, on_delete=django.db.models.deletion.PROTECT, to='people.office')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='outbox.template')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'not_before', 'id'], name='message_ready'), models.Index(fields=['state', 'lease_until'], name='message_stuck'), models.Index(fields=['about_kind', 'about_key'], name='message_about'), models.Index(fields=['recipient', 'state'], name='message_merging')],
                'constraints': [models.CheckConstraint(condition=models.Q(('settled_at', None), ('settled_by__isnull', False), _connector='OR'), name='message_settled_by')],
            },
        ),
    ]
