"""A real server and a real browser: what the person sees, and what the browser complains about."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page

from lianxin.people.models import User

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
PATIENCE = 30_000  # milliseconds: a loaded machine is slow, not wrong


Kept = dict[tuple[str, str], tuple[str, tuple[tuple[str, str], ...]]]


class OneAtATime(StaticFilesHandler):
    """Serves pages one after the other: SQLite in memory is one connection, which threads must not mix.

    A page that is kept, under whose session asks for it and its address, is given again as the house gave it: head
    and body; all that the page asks for then comes from the house.
    """

    lock = threading.Lock()
    kept: Kept = {}

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if self.kept and (page := self.kept.get(_asked(environ))):
            start_response("200 OK", list(page[1]))
            return [page[0].encode()]
        with self.lock:
            answer = super().__call__(environ, start_response)
            close, body = getattr(answer, "close", None), list(answer)
            if close:
                close()
            return body


def _asked(environ: dict[str, Any]) -> tuple[str, str]:
    said = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    query = environ.get("QUERY_STRING")
    return said.value if said else "", environ["PATH_INFO"] + (f"?{query}" if query else "")


class Server(ThreadedWSGIServer):
    """Leaves a connection that all threads share alone when one of them is done."""

    def _close_connections(self) -> None:
        if not self.connections_override:
            super()._close_connections()  # type: ignore[misc] # the stubs do not know it


class ServerThread(LiveServerThread):
    server_class = Server


@contextmanager
def serving(kept: Kept | None = None) -> Iterator[str]:
    """Serve the house over HTTP with the test database, and give its address; pages that are `kept`, as they were."""
    one = connections["default"]
    shared = {"default": one} if one.vendor == "sqlite" else {}
    handler = type("Handler", (OneAtATime,), {"kept": kept or {}})
    thread = ServerThread("127.0.0.1", handler, connections_override=shared)
    thread.daemon = True
    for each in shared.values():
        each.inc_thread_sharing()
    thread.start()
    thread.is_ready.wait()
    try:
        if thread.error:
            raise thread.error
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
        for each in shared.values():
            each.dec_thread_sharing()


class Person:
    """Somebody at a screen: one browser of their own, whose complaints are gathered."""

    def __init__(self, browser: Browser, address: str, *, size: dict[str, int] | None = None, **options: Any) -> None:
        size = size or DESK
        self.address = address
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(viewport=size, locale="zh-CN", **options)  # type: ignore[arg-type]
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        self.context.on("weberror", lambda fault: self._complain(str(fault.error)))
        self.context.on("response", lambda answer: self._complain(answer.url) if answer.status >= 500 else None)
        self.page: Page = self.context.new_page()

    def _complain(self, text: str) -> None:
        # A refusal is an answer, not a fault: the browser writes every 4xx page into its console.
        if not text.startswith("Failed to load resource: the server responded with a status of 4"):
            self.complaints.append(f"{self.page.url}: {text}")

    def go(self, path: str) -> Page:
        """Open a page by its path."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def enter(self, officer: User) -> Person:
        """Sit down where this officer is signed in already."""
        client = Client()
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        self._cookie(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
        return self

    def speak(self, language: str) -> Person:
        """Read the pages in another language from now on."""
        self._cookie("language", language)
        return self

    def _cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def leave(self) -> None:
        """Close the browser."""
        self.context.close()


def complaints(people: Iterable[Person]) -> list[str]:
    """Return what any of the browsers complained about: a forbidden script or style, a fault, a broken answer."""
    return [text for person in people for text in person.complaints]
