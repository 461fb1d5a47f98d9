from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("serve", "0003_move_lists")]

    operations = [
        migrations.DeleteModel(name="CatalogueIntake"),
    ]
