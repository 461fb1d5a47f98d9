"""A text message gateway as docs/outbox.md describes it, and one that misbehaves."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "gateway-token"


class Gateway(ThreadingHTTPServer):
    """Takes messages over HTTP and remembers every hand-over, also a repeated one."""

    daemon_threads = True

    def __init__(self, *, slow: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.slow = slow
        self.taken: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.answers: list[int | str] = []  # what to do instead of taking the next ones: a status, "drop", "take-drop"
        self.asked = 0
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send"

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that are killed are part of the test."""


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            answer = self.server.answers.pop(0) if self.server.answers else 200
        time.sleep(self.server.slow / 2)
        if answer == "drop":
            self.connection.close()
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.answer(401, {})
            return
        if isinstance(answer, int) and answer != 200:
            self.answer(answer, {"error": "as told"})
            return
        assert self.headers["Idempotency-Key"] == body["key"]
        with self.server.lock:
            self.server.taken[body["key"]] += 1
            self.server.bodies.append(body)
        time.sleep(self.server.slow / 2)
        if answer == "take-drop":
            self.connection.close()
            return
        self.answer(200, {"id": f"g-{body['key'][:8]}"})

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.asked += 1
            answer = self.server.answers.pop(0) if self.server.answers else None
            known = self.path.rsplit("/", 1)[1] in self.server.taken
        if isinstance(answer, int):
            self.answer(answer, {})
        else:
            self.answer(200 if known else 404, {})

    def answer(self, status: int, content: dict[str, Any]) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
