from django.db import migrations

PLAIN = (
    "id", "file_id", "mapping", "dry", "state", "total", "row", "added", "known", "failed", "lease_until", "at", "by_id",
    "finished_at",
)


def move(apps, editor):
    """Bring lists of voices to where lists of all kinds are; their numbers stay, for the ledger names them."""
    new, trouble = apps.get_model("intake", "Intake"), apps.get_model("intake", "IntakeError")
    for old in apps.get_model("listen", "Intake").objects.order_by("id").values(*PLAIN):
        new.objects.create(kind="voices", **old)
    olds = apps.get_model("listen", "IntakeError").objects.order_by("id")
    rows = (trouble(**row) for row in olds.values("intake_id", "row", "trouble", "cells").iterator())
    trouble.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if editor.connection.vendor == "postgresql" and new.objects.exists():
        editor.execute("SELECT setval(pg_get_serial_sequence('intake_intake', 'id'), (SELECT max(id) FROM intake_intake))")


class Migration(migrations.Migration):
    dependencies = [("listen", "0003_voice_at_visit"), ("intake", "0001_initial")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
