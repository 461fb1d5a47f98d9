import hashlib

from django.db import migrations, models


def name_keys(apps, schema_editor):
    Message = apps.get_model("outbox", "Message")
    for pk, once in Message.objects.values_list("pk", "dedup_key").iterator():
        Message.objects.filter(pk=pk).update(outer=hashlib.sha256(once.encode()).hexdigest())


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='outer',
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.RunPython(name_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='message',
            name='outer',
            field=models.CharField(help_text='The key by which the transport knows it; tells nothing of the matter.', max_length=64, unique=True),
        ),
    ]
