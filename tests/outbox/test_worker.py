"""The worker goes round its duties, and none stops the others."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from pytest import LogCaptureFixture

from lianxin.outbox.models import Message
from lianxin.outbox.rules import State
from lianxin.project.management.commands import worker
from lianxin.project.management.commands.worker import DUTIES, Worker

pytestmark = pytest.mark.django_db


class Work:
    """A duty with so many slices to do, which may fail."""

    def __init__(self, slices: int, problem: Exception | None = None) -> None:
        self.slices, self.problem = slices, problem
        self.done: list[datetime] = []

    def __call__(self, *, at: datetime) -> bool:
        self.done.append(at)
        if self.problem:
            raise self.problem
        return len(self.done) < self.slices


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr("time.monotonic", found)
    return found


def test_duties_take_turns(tmp_path: Path, clock: Clock) -> None:
    order: list[str] = []
    long, short = Work(5), Work(1)

    def named(name: str, work: Work) -> Any:
        def slice_(*, at: datetime) -> bool:
            order.append(name)
            return work(at=at)

        return slice_

    round_ = Worker(tmp_path / "alive", (("long", named("long", long), 1), ("short", named("short", short), 1)))
    while round_.go_round():
        pass
    assert order == ["long", "short", "long", "long", "long", "long"]
    clock.now = 0.9
    assert not round_.go_round() and len(order) == 6
    clock.now = 1.0
    round_.go_round()
    assert order[6:] == ["long", "short"]


def test_failure_waits_longer_each_time_and_says_nothing_personal(
    tmp_path: Path, clock: Clock, caplog: LogCaptureFixture
) -> None:
    bad, good = Work(0, ValueError("Zhang 13812345678")), Work(1)
    round_ = Worker(tmp_path / "alive", (("bad", bad, 1), ("good", good, 1)))
    moments = []
    with caplog.at_level(logging.ERROR):
        for second in range(100):
            clock.now = float(second)
            before = len(bad.done)
            round_.go_round()
            moments += [second] * (len(bad.done) - before)
    assert moments == [0, 5, 15, 35, 75]
    assert len(good.done) == 100
    assert "13812345678" not in caplog.text and "Zhang" not in caplog.text
    assert "ValueError" in caplog.text and "test_worker.py" in caplog.text
    assert json.loads((tmp_path / "alive").read_text())["failing"] == ["bad"]
    bad.problem = None
    clock.now = 1000.0
    round_.go_round()
    assert round_.turns[0].failures == 0


def test_database_that_is_away_is_no_end(tmp_path: Path, clock: Clock, caplog: LogCaptureFixture) -> None:
    work = Work(1, OperationalError("password=secret"))
    round_ = Worker(tmp_path / "alive", (("x", work, 1),))
    round_.go_round()
    assert "secret" not in caplog.text and "does not answer" in caplog.text


def test_once_does_all_there_is_and_tells_of_failure(tmp_path: Path) -> None:
    many, bad = Work(7), Work(0, ValueError())
    assert Worker(tmp_path / "alive", (("many", many, 1),)).run_once()
    assert len(many.done) == 7
    assert not Worker(tmp_path / "alive", (("many", Work(3), 1), ("bad", bad, 1))).run_once()
    assert len(bad.done) == 1


def test_stop_ends_after_the_slice(tmp_path: Path) -> None:
    first, second = Work(100), Work(100)
    round_ = Worker(tmp_path / "alive", ())

    def last(*, at: datetime) -> bool:
        round_.stop()
        return first(at=at)

    round_.turns = [worker.Turn("a", last, 1), worker.Turn("b", second, 1)]
    round_.run()
    assert len(first.done) == 1 and not second.done


def test_each_duty_is_a_job() -> None:
    names = [name for name, _, _ in DUTIES]
    assert names == [
        "outbox.send", "outbox.recover", "ledger.seal", "ledger.let_go", "ledger.verify", "listen.take_in",
        "record.take_in", "serve.take_in", "serve.issue_owed", "serve.end_abolished", "serve.watch", "supervise.watch",
        "resolve.recount", "flow.recount",
    ]  # fmt: skip
    for name, run, rest in DUTIES:
        assert run.__module__ == f"lianxin.{name.split('.')[0]}.jobs" and rest > 0


def test_command_sends_what_waits(say: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # It would close the connection that holds the test's own transaction.
    monkeypatch.setattr("lianxin.project.management.commands.worker.close_old_connections", lambda: None)
    message = say(urgent=True)
    call_command("worker", "--once")
    message.refresh_from_db()
    assert message.state == State.SENT and Message.objects.waiting().count() == 0
    assert len(list((settings.DATA / "spool").glob("*.json"))) == 1
    assert (settings.DATA / "worker.alive").exists()
