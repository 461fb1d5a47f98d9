"""How the tables of an app are made at one go. The underscore tells Django that this is no migration of its own."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from lianxin.ledger.rules import grams_index_sql


class Whole(Migration):
    """A first migration that makes all tables of its app with all they have: fields, constraints, indexes.

    Django would draw up every model of the house anew behind each single table, for all of them are related in the
    end; that took forty seconds of `make run` and of every test database. Here it draws them up once for the app.
    So there is no order among the tables, and two may point at each other; but nothing may be added to a table behind
    its CreateModel, which sees the end. Later migrations are Django's own.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Make the tables; returns the state behind them."""
        after = project_state.clone()
        after.__dict__.pop("apps", None)  # as drawn up before this app: it is drawn up again when first asked for
        after = self.mutate_state(after, preserve=False)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, project_state, after)
        return after


class IndexGrams(Operation):
    """Indexes the folded words of a table, in the way of the database at hand. See GramsField."""

    reversible = True

    def __init__(self, table: str, column: str = "grams") -> None:
        self.table, self.column = table, column

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        """Make the index."""
        for statement in grams_index_sql(self.table, self.column, schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        """Do nothing: it goes with its table."""

    def describe(self) -> str:
        """Return what it does, in words."""
        return f"Index the folded words of {self.table}"
