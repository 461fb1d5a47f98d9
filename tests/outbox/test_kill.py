"""The worker killed at any moment: every message is sent, and none is handed to the transport twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests import ready
from tests.outbox.gateway import TOKEN, Gateway

ROOT = Path(__file__).parents[2]
COUNT = 200
SEED = 20260929
INHERITED = dict(os.environ)  # noqa: TID251 - for processes that are started here

WRITE = f"""
from django.db import transaction
from django.utils import timezone
from lianxin.outbox.actions import seed_templates, write
from lianxin.places.models import Area
at = timezone.now()
seed_templates(at=at)
area = Area.objects.create(name="一地", kind="county", path="/1/")
with transaction.atomic():
    for number in range({COUNT}):
        write(template="phone.code", way="sms", address=f"1380000{{number:04}}", about=area, event=str(number),
              context={{"code": "123456", "minutes": "5"}}, at=at, urgent=True)
"""

COUNT_STATES = """
from django.db.models import Count
from lianxin.outbox.models import Message
print(sorted(Message.objects.values_list("state").annotate(n=Count("pk"))))
"""


class House:
    """An installation of its own, in processes of its own."""

    def __init__(self, data: Path, *, gateway: Gateway | None, database: str = "") -> None:
        ready.lay(data)
        self.environment = INHERITED | {
            "DATA": str(data), "LOG_LEVEL": "CRITICAL", "PYTHONPATH": str(ROOT), "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "lianxin.project.settings",
            "SMS_URL": gateway.url if gateway else "", "SMS_TOKEN": TOKEN,
        }  # fmt: skip

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *words: str) -> str:
        return self.run("manage.py", *words)

    def ask(self, program: str) -> str:
        return self.run("-c", f"import django; django.setup()\n{program}").strip()

    def start_worker(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.outbox.killed"], cwd=ROOT, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def work_under_fire(
    house: House,
    *,
    workers: int,
    handed: Callable[[], int],
    trouble: Callable[[], None] = lambda: None,
    seconds: float = 150,
) -> int:
    """Kill and restart workers at random moments until everything is sent, and return how often they were killed.

    After each kill there is more trouble, if any.
    """
    moments, kills, deadline = random.Random(SEED), 0, time.monotonic() + seconds
    running = [house.start_worker() for _ in range(workers)]
    try:
        while handed() < COUNT and time.monotonic() < deadline:
            enough = min(handed() + moments.randrange(20, 60), COUNT)
            wait_for(lambda goal=enough: handed() >= goal, deadline)  # type: ignore[misc]
            time.sleep(moments.uniform(0, 0.05))
            place = moments.randrange(workers)
            running[place].send_signal(signal.SIGKILL)
            running[place].wait()
            kills += 1
            trouble()
            running[place] = house.start_worker()
        wait_for(lambda: house.ask(COUNT_STATES) == f"[('sent', {COUNT})]", deadline)
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert house.ask(COUNT_STATES) == f"[('sent', {COUNT})]"
    return kills


def break_connections(database: str) -> None:
    """Do to the workers what a restart of PostgreSQL does."""
    if database:
        with psycopg.connect(database, autocommit=True) as door:
            door.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def wait_for(reached: Callable[[], bool], deadline: float) -> None:
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of a database for processes of their own: SQLite in a file, or a fresh one on PostgreSQL."""
    if request.param == "sqlite":
        yield ""
        return
    server = INHERITED.get("TEST_DATABASE_URL") or INHERITED.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        pytest.skip("no PostgreSQL: neither TEST_DATABASE_URL nor DATABASE_URL names one")
    base, name = server.rsplit("/", 1)[0], f"lianxin_kill_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as door:
        door.execute(f'CREATE DATABASE "{name}"')
    yield f"{base}/{name}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as door:
        door.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_killed_workers_send_all_and_hand_nothing_over_twice(tmp_path: Path, database: str) -> None:
    gateway = Gateway(slow=0.03)
    house = House(tmp_path, gateway=gateway, database=database)
    try:
        if database:
            house.manage("migrate", "-v0", "--skip-checks")
        house.ask(WRITE)
        kills = work_under_fire(
            house, workers=2, handed=lambda: len(gateway.taken), trouble=lambda: break_connections(database)
        )
        assert kills >= 3
        assert len(gateway.taken) == COUNT
        assert set(gateway.taken.values()) == {1}
        assert gateway.asked, "no worker died with a message in its hands: the test proves nothing"
        house.manage("ledger", "seal")
        assert "whole" in house.manage("ledger", "verify")
    finally:
        gateway.close()


@pytest.mark.slow
def test_killed_worker_with_the_spool(tmp_path: Path) -> None:
    house = House(tmp_path, gateway=None)
    house.ask(WRITE)

    def files() -> list[Path]:
        return list((tmp_path / "spool").glob("*.json"))

    assert work_under_fire(house, workers=1, handed=lambda: len(files())) >= 3
    assert len(files()) == COUNT
    assert all(file.stat().st_size and file.stat().st_mode & 0o077 == 0 for file in files())


@pytest.mark.slow
def test_worker_ends_its_slice_when_asked_to_stop(tmp_path: Path) -> None:
    gateway = Gateway(slow=0.05)
    house = House(tmp_path, gateway=gateway)
    try:
        house.ask(WRITE)
        worker = house.start_worker()
        wait_for(lambda: bool(gateway.taken), time.monotonic() + 30)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=15) == 0
        states = house.ask(
            "from lianxin.outbox.models import Message\nprint(set(Message.objects.values_list('state', flat=True)))"
        )
        assert states in {"{'sent', 'written'}", "{'written', 'sent'}"}
        assert (tmp_path / "worker.alive").exists()
    finally:
        gateway.close()
