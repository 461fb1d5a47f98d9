"""The web server is killed while people speak: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lianxin.project.management.commands.serve import granian
from tests import ready

ROOT = Path(__file__).parents[2]
KILLS, SPEAKERS, EACH = 3, 4, 25

pytestmark = pytest.mark.slow


class Site:
    """The real server on a database of its own, which can be killed and started again."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        around = os.environ.items()  # noqa: TID251  handed on to the server, as a shell would
        kept = {key: value for key, value in around if key not in {"DATABASE_URL", "PYTEST_VERSION"}}
        self.environment = kept | {
            "DATA": str(data), "PORT": str(self.port), "TRUSTED_PROXIES": "127.0.0.1", "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "lianxin.project.settings",
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        ready.lay(data)
        self.manage("found", "--name", "云溪县", "--prefix", "YX", said="a-long-first-password-2026\n" * 2)

    def manage(self, *words: str, said: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, input=said, text=True,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        self.process = subprocess.Popen(
            granian("127.0.0.1", self.port, 2, 2), cwd=ROOT, env=self.environment, start_new_session=True
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """Kill every process of the server at once, in the middle of whatever it does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, path: str, body: Any = None, **headers: Any) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            given = {"Content-Type": "application/json", **headers}
            line.request(method, path, json.dumps(body) if body is not None else None, given)
            answer = line.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as broken:
            raise ConnectionError(str(broken)) from broken
        finally:
            line.close()


class Speaker:
    """Somebody with a bad line: says each sentence again under the same key until it is acknowledged."""

    def __init__(self, site: Site, number: int) -> None:
        self.site, self.number = site, number
        self.receipts: dict[str, tuple[str, str]] = {}

    def speak(self) -> None:
        for sentence in range(EACH):
            key = f"speaker-{self.number}-{sentence}"
            text = f"第{self.number}组第{sentence}次说：路灯不亮。"
            for attempt in itertools.count():
                assert attempt < 600, "the server never came back"
                try:
                    visitor = f"10.{self.number}.{sentence % 250}.{attempt % 250}"
                    headers = {"Idempotency-Key": key, "X-Forwarded-For": visitor}
                    status, body = self.site.ask(
                        "POST", "/api/v1/voices", {"text": text, "identity": "anonymous"}, **headers
                    )
                except OSError:
                    time.sleep(0.05)
                    continue
                assert status in {200, 201}, body
                told = json.loads(body)
                self.receipts[key] = told["receipt"], told["code"]
                break


def test_no_acknowledged_voice_is_lost_and_none_is_doubled(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.start()
    speakers = [Speaker(site, number) for number in range(SPEAKERS)]
    chance = random.Random(7)
    with ThreadPoolExecutor(SPEAKERS) as pool:
        work = [pool.submit(speaker.speak) for speaker in speakers]
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.5))
            site.kill()
            site.start()
        for one in work:
            one.result(timeout=120)
    try:
        receipts = {key: told for speaker in speakers for key, told in speaker.receipts.items()}
        assert len(receipts) == SPEAKERS * EACH
        assert len({number for number, _ in receipts.values()}) == SPEAKERS * EACH
        for visitor, (number, code) in enumerate(receipts.values()):
            forwarded = {"X-Forwarded-For": f"10.200.{visitor // 250}.{visitor % 250}"}
            status, body = site.ask("GET", f"/api/v1/voices/{number}?code={code}", **forwarded)
            assert status == 200, body
        count = "from lianxin.listen.models import Voice; print('voices', Voice.objects.count())"
        assert f"voices {SPEAKERS * EACH}" in site.manage("shell", "--command", count)
        assert "voice.heard" not in site.manage("ledger", "verify")
    finally:
        site.kill()
