"""SQLite with a queue at its one pen, and one way to the disk for all who have written.

SQLite lets one write at a time. Who finds the pen taken sleeps and looks again, longer each time, while others who come
later may be luckier: of eight writers the unlucky wait half a second. Here whoever begins a transaction stands in line
first: threads of one process at a lock, the first of each process at a file beside the database, looking at it every
millisecond. The queue makes waiting short and fair; it is not what keeps the data whole. What writes without a
transaction, comes from another program or waits too long meets SQLite's own lock as ever.

A commit waits some milliseconds for the disk. SQLite waits with the pen in its hand; here the pen is laid down first,
the next one writes meanwhile, and one sync of the write-ahead log serves all who have committed before it began. Nobody
is told that something is kept before it is on the disk, as with synchronous=FULL (docs/adr/0007-one-sync-for-many.md).
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

LOOK_FIRST, LOOK_AGAIN = 0.0002, 0.001  # seconds: after the first look, and at most between two later ones
PATIENCE = 20.0  # seconds, as long as SQLite itself waits

_line: dict[str, threading.Lock] = defaultdict(threading.Lock)


class Shore:
    """Brings what was committed to a database to the disk, all that waits at once."""

    def __init__(self) -> None:
        self._counting, self._going = threading.Lock(), threading.Lock()
        self._committed = self._kept = 0

    def settle(self, log: str) -> None:
        """This function will return when everything committed before the call is on the disk."""
        with self._counting:
            self._committed += 1
            mine = self._committed
        with self._going:
            if self._kept >= mine:
                return  # whoever went before took it along
            taken = self._committed
            descriptor = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fdatasync(descriptor)
            finally:
                os.close(descriptor)
            self._kept = taken


_shores: dict[str, Shore] = defaultdict(Shore)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in line before it begins to write."""

    _place: tuple[threading.Lock, int] | None = None
    _has_log = False  # it writes ahead into a log, as settings.py wants it

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        wanted = "journal_mode=WAL" in self.settings_dict["OPTIONS"].get("init_command", "")
        self._has_log = wanted and connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._place = _wait(f"{self._path}-queue")
        self._trust(True)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._step_aside()
            self._trust(False)
            raise

    def _commit(self) -> Any:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._step_aside()
        if self._goes_to_disk():
            _shores[self._path].settle(f"{self._path}-wal")
            self._trust(False)

    def _rollback(self) -> Any:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._step_aside()
        self._trust(False)

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._step_aside()

    @property
    def _path(self) -> str:
        return str(self.settings_dict["NAME"])

    def _trust(self, shore: bool) -> None:
        """Let `_commit` go to the disk, or SQLite itself, as it must for what is written without a transaction."""
        if self._goes_to_disk() and shore:
            self.connection.execute("PRAGMA synchronous=NORMAL")
        elif self._goes_to_disk():
            self.connection.execute("PRAGMA synchronous=FULL")

    def _goes_to_disk(self) -> bool:
        return self._has_log and self.connection is not None and not self.is_in_memory_db()

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
    descriptor, pause = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600), LOOK_FIRST
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(descriptor)
                lock.release()
                return None
            time.sleep(pause)
            pause = min(pause * 1.5, LOOK_AGAIN)
        else:
            return lock, descriptor
