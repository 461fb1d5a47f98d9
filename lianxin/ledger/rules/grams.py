"""The index under a text that is found by bigrams."""
# ruff: noqa: S608 - statements of a migration, made from names of our own tables


def grams_index_sql(table: str, column: str, vendor: str) -> list[str]:
    """Return the statements that index a GramsField of `table` on the database `vendor`."""
    if vendor == "sqlite":
        fts = f"{table}_fts"
        return [
            f"CREATE VIRTUAL TABLE {fts} USING fts5({column}, content='{table}', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 0')",
            f"CREATE TRIGGER {fts}_ai AFTER INSERT ON {table} BEGIN"
            f" INSERT INTO {fts}(rowid, {column}) VALUES (new.id, new.{column}); END",
            f"CREATE TRIGGER {fts}_ad AFTER DELETE ON {table} BEGIN"
            f" INSERT INTO {fts}({fts}, rowid, {column}) VALUES ('delete', old.id, old.{column}); END",
            f"CREATE TRIGGER {fts}_au AFTER UPDATE OF {column} ON {table} BEGIN"
            f" INSERT INTO {fts}({fts}, rowid, {column}) VALUES ('delete', old.id, old.{column});"
            f" INSERT INTO {fts}(rowid, {column}) VALUES (new.id, new.{column}); END",
        ]
    return [
        f"ALTER TABLE {table} ADD COLUMN {column}_tsv tsvector"
        f" GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array({column}, ' '), ''))) STORED",
        f"CREATE INDEX {table}_{column}_tsv ON {table} USING gin ({column}_tsv)",
    ]
