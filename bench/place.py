"""A database with a county in it, made once and kept, and the real servers on a copy of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("DATA") or ROOT / "data").resolve() / "bench"
WORKERS = 2


class Place:
    """A database with the county in it, and the servers on it.

    `county` is the module of the bench that fills it with so many: "load" (cases and applications) or "archives".
    """

    def __init__(self, name: str, server: str, size: int, county: str = "load") -> None:
        self.name, self.server, self.size, self.county = name, server, size, county
        self.port = _free_port()
        own = "" if county == "load" else f"_{county}"
        self.folder = HOME / f"{name}{own}"
        self.run = self.folder / "run"
        self.made_in, self.run_in = f"lianxin_bench{own}_made", f"lianxin_bench{own}_run"

    def environment(self, database: str) -> dict[str, str]:
        own = {
            "DATABASE_URL": database,
            "DATA": str(self.run),
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "TRUSTED_PROXIES": "127.0.0.1",
            "LOG_LEVEL": "ERROR",
        }
        return os.environ | own

    def make(self) -> None:
        """This function will make the county unless one is kept from before, and lay out a copy to measure on."""
        made = self.folder / f"{self.size}-{_tables()}.made"
        if not made.exists():
            self._found(made)
        if self.server:
            self._sql(
                f"DROP DATABASE IF EXISTS {self.run_in} WITH (FORCE)",
                f"CREATE DATABASE {self.run_in} TEMPLATE {self.made_in}",
            )
        else:
            shutil.copyfile(self.folder / "made.sqlite3", self.run / "lianxin.sqlite3")
            for left in ("-wal", "-shm"):
                (self.run / f"lianxin.sqlite3{left}").unlink(missing_ok=True)
            os.sync()  # or the first commit that is measured waits for the whole copy to reach the disk

    def _found(self, made: Path) -> None:
        print(
            f"{self.name}: making a county ({self.county}, {self.size:,}), once; this takes some minutes ...",
            flush=True,
        )
        fill = f"from bench import {self.county}; {self.county}.fill({self.size})"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.run.mkdir(parents=True)
        if self.server:
            self._sql(f"DROP DATABASE IF EXISTS {self.made_in} WITH (FORCE)", f"CREATE DATABASE {self.made_in}")
            self.inside(fill, self._url(self.made_in))
        else:
            self.inside(fill, "")
            with sqlite3.connect(self.run / "lianxin.sqlite3") as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (self.run / "lianxin.sqlite3").replace(self.folder / "made.sqlite3")
        made.touch()

    def inside(self, words: str, database: str | None = None) -> None:
        """This function will run words in the product's own process, on the copy unless told otherwise."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", words]
        subprocess.run(command, cwd=ROOT, env=self.environment(self.url if database is None else database), check=True)

    @property
    def url(self) -> str:
        return self._url(self.run_in) if self.server else ""

    def _url(self, name: str) -> str:
        return f"{self.server.rpartition('/')[0]}/{name}"

    def _sql(self, *statements: str) -> None:
        with psycopg.connect(self.server, dbname="postgres", autocommit=True) as server:
            for statement in statements:
                server.execute(statement)

    def serve(self) -> subprocess.Popen[bytes]:
        """This function will start servers and worker and wait until they answer."""
        command = [sys.executable, "manage.py", "serve", "--workers", str(WORKERS), "--no-demo"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=self.environment(self.url), stdout=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return server
            time.sleep(0.1)
        raise SystemExit(f"{self.name}: the server did not start")

    def version(self) -> str:
        if not self.server:
            return f"SQLite {sqlite3.sqlite_version}"
        with psycopg.connect(self.server, dbname="postgres") as server:
            return f"PostgreSQL {server.info.server_version // 10000}.{server.info.server_version % 10000}"


def _tables() -> str:
    """This function will name the shape of the tables: a county that was made under another one is made anew."""
    migrations = sorted(ROOT.glob("lianxin/*/migrations/*.py"))
    return hashlib.sha256(b"".join(each.read_bytes() for each in migrations)).hexdigest()[:8]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
