"""A text column that finds two-character Chinese words on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    Text = models.TextField[str, str]
    Lookup = models.Lookup[Any]
else:  # Django's own classes take no parameters
    Text, Lookup = models.TextField, models.Lookup


class GramsField(Text):
    """Space-joined folded bigrams (lianxin.kit.text.grams). Look up with `__holds=query_grams(...)`.

    The index beside it is made by an `IndexGrams` in a migration (lianxin/ledger/migrations/_tables.py): an FTS5 table
    kept by triggers on SQLite, a generated tsvector with GIN on PostgreSQL. Both split at spaces only.
    """


@GramsField.register_lookup
class Holds(Lookup):
    """Every one of the given tokens is in the text."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str, ...]]:
        tokens = [str(token) for token in value]
        if connection.vendor == "sqlite":
            return "%s", (" ".join('"' + token.replace('"', '""') + '"' for token in tokens),)
        return "%s", (" & ".join("'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in tokens),)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str, ...]]:
        target = self.lhs.target
        quote = connection.ops.quote_name
        table = compiler.quote_name_unless_alias(
            self.lhs.alias
        )  # within another query the table has a name of Django's
        _, params = self.get_db_prep_lookup(self.rhs, connection)
        if connection.vendor == "sqlite":
            fts = quote(f"{target.model._meta.db_table}_fts")
            # Names of our own tables and columns; the tokens go as parameters.
            return f"{table}.{quote('id')} IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)", params  # noqa: S608
        return f"{table}.{quote(target.column + '_tsv')} @@ %s::tsquery", params
