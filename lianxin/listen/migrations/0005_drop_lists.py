from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("listen", "0004_move_lists")]

    operations = [
        migrations.DeleteModel(name="IntakeError"),
        migrations.DeleteModel(name="Intake"),
    ]
