"""The worker: does what may wait, one small slice after the other (ADR 0003)."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from lianxin.flow import jobs as flow
from lianxin.ledger import jobs as ledger
from lianxin.listen import jobs as listen
from lianxin.outbox import jobs as outbox
from lianxin.record import jobs as record
from lianxin.resolve import jobs as resolve
from lianxin.serve import jobs as serve
from lianxin.supervise import jobs as supervise

logger = logging.getLogger(__name__)


class Slice(Protocol):
    """A bounded piece of work; tells whether more is waiting."""

    def __call__(self, *, at: datetime) -> bool: ...


# What the worker does: the duty, and after how many seconds without anything to do it looks again.
DUTIES: tuple[tuple[str, Slice, float], ...] = (
    ("outbox.send", outbox.send, 1),
    ("outbox.recover", outbox.recover, 15),
    ("ledger.seal", ledger.seal, 5),
    ("ledger.let_go", ledger.let_go, 60),
    ("ledger.verify", ledger.verify, 60),
    ("listen.take_in", listen.take_in, 2),
    ("record.take_in", record.take_in, 2),
    ("serve.take_in", serve.take_in, 2),
    ("serve.issue_owed", serve.issue_owed, 1),
    ("serve.end_abolished", serve.end_abolished, 60),
    ("serve.watch", serve.watch, 30),
    ("supervise.watch", supervise.watch, 3600),
    ("resolve.recount", resolve.recount, 10),
    ("flow.recount", flow.recount, 10),
)

FAILURE_WAIT = 5.0  # seconds after a first failure of a duty; doubled with each further one
FAILURE_WAIT_MAX = 300.0
HEARTBEAT = 5.0  # seconds between two signs of life


@dataclass(slots=True)
class Turn:
    """When a duty is due again, and how often it has failed in a row."""

    name: str
    run: Slice
    rest: float
    due: float = 0.0
    failures: int = 0

    def take(self, clock: Callable[[], float]) -> bool:
        """Do one slice if it is time and tell whether more is waiting. A failure never stops the other duties."""
        if clock() < self.due:
            return False
        try:
            more = self.run(at=timezone.now())
        except Exception as problem:
            self.failures += 1
            self.due = clock() + min(FAILURE_WAIT * 2 ** (self.failures - 1), FAILURE_WAIT_MAX)
            logger.error("%s failed (%s in a row): %s", self.name, self.failures, _where(problem))
            return False
        finally:
            close_old_connections()  # so that a restarted database is met with a new connection
        self.failures = 0
        self.due = clock() if more else clock() + self.rest
        return more


class Worker:
    """Goes round the duties, one slice each, so that none waits long for another."""

    def __init__(self, sign_of_life: Path, duties: tuple[tuple[str, Slice, float], ...] = DUTIES) -> None:
        self.turns = [Turn(name, run, rest) for name, run, rest in duties]
        self.sign_of_life = sign_of_life
        self.stopped = threading.Event()
        self._last_sign = float("-inf")

    def stop(self, *_signal: Any) -> None:
        """Ask the worker to end after the slice it is at."""
        self.stopped.set()

    def run(self) -> None:
        """Work until asked to stop."""
        while not self.stopped.is_set():
            busy = self.go_round()
            if not busy:
                self.stopped.wait(self._pause())

    def run_once(self) -> bool:
        """Work until nothing is left that could be done now. Tell whether no duty failed."""
        while not self.stopped.is_set():
            for turn in self.turns:
                turn.due = time.monotonic() if turn.failures == 0 else float("inf")
            if not self.go_round():
                break
        return not any(turn.failures for turn in self.turns)

    def go_round(self) -> bool:
        """Give each duty that is due one slice and tell whether any has more to do."""
        busy = False
        for turn in self.turns:
            if self.stopped.is_set():
                break
            self._give_sign()
            busy |= turn.take(time.monotonic)
        return busy

    def _pause(self) -> float:
        next_due = min(turn.due for turn in self.turns)
        return min(max(next_due - time.monotonic(), 0.05), 1.0)

    def _give_sign(self) -> None:
        if time.monotonic() - self._last_sign < HEARTBEAT:
            return
        self._last_sign = time.monotonic()
        failing = [turn.name for turn in self.turns if turn.failures]
        content = {"pid": os.getpid(), "at": timezone.now().isoformat(), "failing": failing}
        draft = self.sign_of_life.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(content), encoding="utf-8")
        draft.replace(self.sign_of_life)


def _where(problem: Exception) -> str:
    """Return the kind of a problem and where it struck. Never its words: a database puts the row's values into them."""
    if isinstance(problem, OperationalError | InterfaceError):
        return f"the database does not answer ({type(problem).__name__})"
    frames = traceback.extract_tb(problem.__traceback__)
    return f"{type(problem).__name__} at " + " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:])
    )


class Command(BaseCommand):
    requires_system_checks = ()  # works also while the pages do not
    help = "发消息、封存台账、处理导入。Send messages, seal the ledger, take in imports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="做完现有的就退出 end when nothing is left to do")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        worker = Worker(settings.DATA / "worker.alive")
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, worker.stop)
            signal.signal(signal.SIGINT, worker.stop)
        if not once:
            worker.run()
        elif not worker.run_once():
            raise SystemExit(1)
