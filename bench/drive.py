"""A visitor that asks as fast as it is answered, over raw sockets kept alive: it takes little of the machine itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

HEAD_END = b"\r\n\r\n"


@dataclass
class Measured:
    """What one round of asking gave: how long each answer took, in seconds, and what was not as it should be."""

    times: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """This function will give the time, in milliseconds, within which that share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """This function will write one request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + HEAD_END + body


class _Line(asyncio.Protocol):
    """One connection, one question at a time."""

    def __init__(self) -> None:
        self.held = b""
        self.answer: asyncio.Future[int] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, wire: bytes) -> asyncio.Future[int]:
        assert self.transport is not None
        self.held, self.answer = b"", asyncio.get_running_loop().create_future()
        self.transport.write(wire)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self.held += data
        head, found, body = self.held.partition(HEAD_END)
        if not found or self.answer is None or self.answer.done():
            return
        if len(body) >= _length(head):
            self.answer.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionError("closed"))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def drive(port: int, make: Callable[[], bytes], *, at_once: int, seconds: float, right: int) -> Measured:
    """This function will keep so many connections asking for so long; an answer with another status counts as wrong."""
    return asyncio.run(_drive(port, make, at_once, seconds, right))


async def _drive(port: int, make: Callable[[], bytes], at_once: int, seconds: float, right: int) -> Measured:
    measured, begun = Measured(), perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(_keep_asking(port, make, begun + seconds, right, measured))
    measured.seconds = perf_counter() - begun
    return measured


async def _keep_asking(port: int, make: Callable[[], bytes], until: float, right: int, measured: Measured) -> None:
    loop = asyncio.get_running_loop()
    transport, line = await loop.create_connection(_Line, "127.0.0.1", port)
    while (begun := perf_counter()) < until:
        try:
            status = await asyncio.wait_for(line.ask(make()), 30)
        except (ConnectionError, TimeoutError) as problem:
            measured.wrong[type(problem).__name__] += 1
            transport.close()
            transport, line = await loop.create_connection(_Line, "127.0.0.1", port)
            continue
        if status == right:
            measured.times.append(perf_counter() - begun)
        else:
            measured.wrong[str(status)] += 1
    transport.close()
