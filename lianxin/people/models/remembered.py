"""Small things that every request asks of the database, remembered for some seconds in each process."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, ClassVar, Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What `read` returned, asked again after `seconds`, and then only if `version` says that it has changed."""

    all: ClassVar[list[Remembered[Any]]] = []

    def __init__(
        self, read: Callable[[], T], *, seconds: float = 5, version: Callable[[], object] | None = None
    ) -> None:
        self._read, self._version, self._seconds = read, version, seconds
        self._kept: tuple[float, object, T] | None = None
        Remembered.all.append(self)

    def __call__(self) -> T:
        """Return the remembered answer, at most so many seconds old."""
        kept, now = self._kept, monotonic()
        if kept and now - kept[0] < self._seconds:
            return kept[2]
        version = self._version() if self._version else now
        value = kept[2] if kept and kept[1] == version else self._read()
        self._kept = (now, version, value)
        return value

    def forget(self) -> None:
        """Ask the database at the next call."""
        self._kept = None


def forget_all() -> None:
    """Let the next question see what was just written; other processes see it after some seconds."""
    for each in Remembered.all:
        each.forget()
