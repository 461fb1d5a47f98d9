"""A database with all its tables and nothing in them: made once by the migrations, and copied ever after."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from django.core.management.commands import flush

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "ready"
# Rows that the migrations leave and no test touches: they stay, and need not be made anew behind each test.
STANDING = {"django_content_type", "auth_permission"}


@cache
def database() -> Path:
    """Return an SQLite file that every migration has gone through. A changed migration is another file."""
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / f"{_key()}.sqlite3"
    with (KEPT / "one-makes-it").open("w") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        if not made.exists():
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            _migrate(made)
    return made


def _key() -> str:
    found = sha256()
    for path in [ROOT / "requirements.lock", *sorted(ROOT.glob("lianxin/*/migrations/*.py"))]:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _migrate(made: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}  # noqa: TID251
    with TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], cwd=ROOT, check=True,
            env=kept | {"DATA": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "lianxin.project.settings"},
        )  # fmt: skip
        whole = Path(folder) / "whole.sqlite3"
        with closing(sqlite3.connect(Path(folder) / "lianxin.sqlite3")) as file:
            file.execute(f"VACUUM INTO '{whole}'")
        shutil.copy(whole, made.with_suffix(".new"))
        made.with_suffix(".new").rename(made)


def lay(data: Path) -> None:
    """Put the database into the data folder of an installation."""
    data.mkdir(parents=True, exist_ok=True)
    shutil.copy(database(), data / "lianxin.sqlite3")


def fill(connection: Any) -> None:
    """Let the test database of this connection come from the file instead of the migrations, if it is SQLite."""
    if connection.vendor != "sqlite":
        return
    create = connection.creation.create_test_db

    def copy(command: str, *args: Any, **options: Any) -> None:
        if command == "migrate":
            connection.ensure_connection()
            with closing(sqlite3.connect(database())) as file:
                file.backup(connection.connection)

    def created(*args: Any, **options: Any) -> Any:
        with patch("django.core.management.call_command", copy):
            return create(*args, **options)

    connection.creation.create_test_db = created


def sweep(connection: Any) -> None:
    """Let what a test committed be deleted from the tables in which there is anything.

    Django empties all two hundred, which on PostgreSQL are as many files to be made and brought to the disk, and then
    makes content types and permissions anew. That took seconds behind each such test.
    """

    def full(style: Any, tables: list[str], **how: bool) -> list[str]:
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in sorted({*tables} - STANDING))
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked))
            return [f'DELETE FROM "{name}"' for (name,) in cursor.fetchall()]

    connection.ops.sql_flush = full
    flush.emit_post_migrate_signal = lambda *args, **options: None  # type: ignore[attr-defined]
