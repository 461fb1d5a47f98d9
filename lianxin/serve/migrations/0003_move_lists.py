from django.db import migrations

PLAIN = (
    "file_id", "mapping", "state", "total", "row", "added", "changed", "known", "failed", "lease_until", "at", "by_id",
    "finished_at",
)


def move(apps, editor):
    """Bring lists of services to where lists of all kinds are, behind those of voices."""
    new, trouble = apps.get_model("intake", "Intake"), apps.get_model("intake", "IntakeError")
    for old in apps.get_model("serve", "CatalogueIntake").objects.order_by("id"):
        told = {name: getattr(old, name) for name in PLAIN}
        way = "" if old.publishes else "draft"
        moved = new.objects.create(kind="services", way=way, tally=old.gaps, **told)
        trouble.objects.bulk_create(trouble(intake=moved, **row) for row in old.troubles)


class Migration(migrations.Migration):
    dependencies = [("serve", "0002_index_grams"), ("listen", "0004_move_lists"), ("intake", "0001_initial")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
