from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lianxin.ledger.rules import grams_index_sql


def index_grams(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Index the folded words, in the way of the database at hand."""
    for statement in grams_index_sql("record_household", "grams", editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(index_grams, migrations.RunPython.noop)]
