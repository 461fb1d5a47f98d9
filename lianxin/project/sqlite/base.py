"""SQLite with a queue at its one pen.

SQLite lets one write at a time. Who finds the pen taken sleeps and looks again, longer each time, while others who come
later may be luckier: of eight writers the unlucky wait half a second. Here whoever begins a transaction stands in line
first: threads of one process at a lock, the first of each process at a file beside the database, looking at it every
millisecond. The queue makes waiting short and fair; it is not what keeps the data whole. What writes without a
transaction, comes from another program or waits too long meets SQLite's own lock as ever.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

LOOK_AGAIN = 0.001  # seconds
PATIENCE = 20.0  # seconds, as long as SQLite itself waits

_line: dict[str, threading.Lock] = defaultdict(threading.Lock)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in line before it begins to write."""

    _place: tuple[threading.Lock, int] | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._place = _wait(f"{self.settings_dict['NAME']}-queue")
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._step_aside()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._step_aside()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._step_aside()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._step_aside()

    def _step_aside(self) -> None:
        if self._place is not None:
            lock, descriptor = self._place
            self._place = None
            os.close(descriptor)  # and with it the lock on the file; a killed process loses it in the same way
            lock.release()


def _wait(path: str) -> tuple[threading.Lock, int] | None:
    """Return the place at the front of the line; None if it did not move for so long that something must be wrong."""
    until = time.monotonic() + PATIENCE
    if not (lock := _line[path]).acquire(timeout=PATIENCE):
        return None
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(descriptor)
                lock.release()
                return None
            time.sleep(LOOK_AGAIN)
        else:
            return lock, descriptor
