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

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "ready"


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
