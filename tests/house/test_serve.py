"""`manage.py serve`: what it starts it keeps alive, stops, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from lianxin.project.management.commands.serve import Child, refuse_taken_port

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# A parent that starts a child of its own and tells its number, as the web server does.
PARENT = "import subprocess, sys; p = subprocess.Popen({sleep!r}); open(sys.argv[1], 'w').write(str(p.pid)); p.wait()"


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child("sleeper", SLEEP)
    yield made
    made.stop(time.monotonic())


def _wait(until: float = 10.0) -> Iterator[None]:
    end = time.monotonic() + until
    while time.monotonic() < end:
        yield
        time.sleep(0.02)


def _gone(pid: int) -> bool:
    """Whether a process has ended; one that only waits to be reaped has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_dead_child_is_started_again_after_a_rest(child: Child) -> None:
    child.start()
    assert child.process
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    child.process.wait()
    assert "ended with -9; it starts again in 2 s" in child.look_after()
    assert child.process is None
    child.wake = time.monotonic()
    assert child.look_after() == ""
    assert child.process
    assert child.process.pid != first


def test_rest_grows_only_so_far(child: Child) -> None:
    for _ in range(12):
        child.command = [sys.executable, "-c", ""]
        child.start()
        assert child.process
        child.process.wait()
        child.look_after()
    assert child.rest == 30.0


def test_child_that_lived_long_rests_shortly(child: Child) -> None:
    child.rest = 30.0
    child.start()
    child.started -= 120
    assert child.process
    child.process.kill()
    child.process.wait()
    child.look_after()
    assert child.rest == 1.0


def test_stop_ends_a_child_that_does_not_listen(child: Child) -> None:
    child.command = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]
    child.start()
    assert child.process
    child.stop(time.monotonic() + 0.1)
    assert child.process.poll() is not None


def test_killed_server_leaves_no_grandchild(child: Child, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    child.command = [sys.executable, "-c", PARENT.format(sleep=SLEEP), str(told)]
    child.start()
    for _ in _wait():
        if told.exists() and told.read_text():
            break
    grandchild = int(told.read_text())
    assert child.process
    child.process.kill()
    child.process.wait()
    assert not _gone(grandchild)
    child.look_after()
    assert any(_gone(grandchild) for _ in _wait())


def test_taken_port_is_refused_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} at 127.0.0.1 cannot be used"):
            refuse_taken_port("127.0.0.1", port)
    refuse_taken_port("127.0.0.1", port)
