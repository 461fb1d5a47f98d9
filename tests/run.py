"""Run every test: on SQLite, and on PostgreSQL where one answers; then say loudly what was run and what was not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
NEARBY = [f"postgres://{account}@127.0.0.1:5432/lianxin" for account in (getuser(), "postgres")] + [
    "postgres:///lianxin"
]
# What does not depend on the database that keeps the rows runs once, on SQLite: pure functions, the house's own law,
# files, words and faces of pages, the door, and servers and workers that are killed on a database of their own kind.
ONCE = [
    "tests/kit",
    "tests/house/test_planted.py",
    "tests/house/test_words.py",
    "tests/test_house_rules.py",
    "tests/test_docs.py",
    "tests/ledger/test_files.py",
    "tests/outbox/test_rules.py",
    "tests/people/test_face.py",
    "tests/people/test_sign_in.py",
    "tests/project/test_server_killed.py",
    "tests/project/test_sqlite_line.py",
    "tests/resolve/test_rules.py",
    "tests/serve/test_application_rules.py",
    "tests/serve/test_catalogue_rules.py",
    "tests/serve/test_hall_rules.py",
    "tests/sheets/test_rules.py",
    "tests/stories/test_languages.py",
    "tests/stories/test_nasty_files.py",
    "tests/stories/test_nasty_programs.py",
    "tests/supervise/test_rules.py",
]
KILLED = "tests/outbox/test_kill.py"
KILLED_ONCE = [
    f"{KILLED}::test_killed_workers_send_all_and_hand_nothing_over_twice[sqlite]",
    f"{KILLED}::test_killed_worker_with_the_spool",
    f"{KILLED}::test_worker_ends_its_slice_when_asked_to_stop",
]


DEAREST = 10  # tests of each part that are named with their time
GOAL = 600  # seconds for everything on two cores; CONTRIBUTING.md says what keeps it below


@dataclass
class Part:
    """One run of pytest."""

    name: str
    arguments: list[str]
    database: str = ""  # empty: SQLite
    said: str = ""
    code: int = 0

    @property
    def skipped(self) -> bool:
        return self.said.startswith("NOT RUN")

    def run(self) -> None:
        """This function will run the part in the open and keep its last line."""
        print(f"\n=== {self.name} ===", flush=True)
        environment = os.environ | {"DATABASE_URL": self.database, "PYTHONUNBUFFERED": "1"}
        command = [
            sys.executable, "-m", "pytest", "-n", "2", "--create-db", f"--durations={DEAREST}", "--durations-min=1",
            *self.arguments,
        ]  # fmt: skip
        begun = time.monotonic()
        last = ""
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                last = line.strip() or last
        self.code = process.returncode
        self.said = f"{last.strip('= ')} ({time.monotonic() - begun:.0f} s)"


def postgresql() -> tuple[str, str]:
    """This function will find a PostgreSQL that may make test databases; returns its address, and why there is none."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        fault = _fault(given)
        return ("", f"TEST_DATABASE_URL does not serve: {fault}") if fault else (given, "")
    for url in NEARBY:
        if not _fault(url):
            return url, ""
    return "", "no TEST_DATABASE_URL, and no local server answers"


def _fault(url: str) -> str:
    """Why no test database can be made there. The database itself need not exist: its tests make one beside it."""
    try:
        with psycopg.connect(url, dbname="postgres", connect_timeout=3) as server:
            row = server.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    return "" if row and row[0] else "the account may not make databases"


def parts() -> list[Part]:
    """This function will choose what to run here; what cannot run says why."""
    url, no_postgresql = postgresql()
    browser = bool(shutil.which("chromium"))
    sqlite = Part(
        "SQLite, everything" if browser else "SQLite, without browser", [] if browser else ["-m", "not browser"]
    )
    # Pages look the same whatever keeps the rows: the browser goes through them once.
    once = [*(f"--ignore={path}" for path in ONCE), *(f"--deselect={test}" for test in KILLED_ONCE)]
    other = Part("PostgreSQL, what asks the database", ["-m", "not browser", *once], url)
    if no_postgresql:
        other.said = f"NOT RUN: {no_postgresql}"
    chosen = [sqlite, other]
    if not browser:
        chosen.append(Part("browser", [], said="NOT RUN: no chromium (apt-get install chromium)"))
    return chosen


def main() -> int:
    """This function will run all that can run and return the exit code."""
    chosen, begun = parts(), time.monotonic()
    for part in chosen:
        if not part.skipped:
            part.run()
    print("\n=== what was run ===")
    for part in chosen:
        mark = "!!!!!!" if part.skipped else "FAILED" if part.code else "ok"
        print(f"{mark:<7} {part.name}: {part.said}")
    whole = time.monotonic() - begun
    print(f"{'slow' if whole > GOAL else 'ok':<7} the whole: {whole // 60:.0f} min {whole % 60:.0f} s")
    return max(part.code for part in chosen)


if __name__ == "__main__":
    sys.exit(main())
