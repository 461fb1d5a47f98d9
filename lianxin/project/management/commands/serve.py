"""Serve the pages and run the worker until told to stop: what `make run` does."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from lianxin.outbox.actions import seed_templates
from lianxin.people.models import County, User
from lianxin.project.demo.accounts import accounts
from lianxin.serve.actions import seed_functions, seed_wordings

GRACE = 10.0  # seconds a child gets to finish what it is doing
LONGEST_REST = 30.0  # seconds between two starts of a child that keeps dying
SETTLED = 60.0  # seconds after which a child counts as well again
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Let the kernel stop this child if the parent is killed: nobody else would, and the port would stay taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A process that must be there as long as we are."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    rest: float = 1.0
    wake: float = field(default=0.0)

    def start(self) -> None:
        """This function will start the process in a session of its own, so that Ctrl-C reaches it through us alone."""
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: S603
        self.started = time.monotonic()

    def look_after(self) -> str:
        """This function will start a dead process again, after a rest that grows; returns what there is to say."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.wake:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.clear()
        self.rest = 1.0 if now - self.started > SETTLED else min(self.rest * 2, LONGEST_REST)
        self.process, self.wake = None, now + self.rest
        return f"The {self.name} ended with {code}; it starts again in {self.rest:.0f} s."

    def stop(self, until: float) -> None:
        """This function will wait for the process to end by itself, and end it when the time is over."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        self.clear()
        self.process.wait()

    def clear(self) -> None:
        """This function will end whatever the process left behind: a killed web server leaves its own children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Command(BaseCommand):
    help = "Serve pages and run the worker; prepares the database first."
    requires_system_checks = ()  # `make check` has made them; here they would only delay the start

    def add_arguments(self, parser: ArgumentParser) -> None:
        cores = os.cpu_count() or 1
        parser.add_argument(
            "--workers", type=int, default=cores, help="processes that serve pages (default: %(default)s)"
        )
        parser.add_argument("--threads", type=int, default=4, help="threads of each (default: %(default)s)")
        parser.add_argument("--bind", default="127.0.0.1", help="address to listen at (default: %(default)s)")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, workers: int, threads: int, bind: str, no_demo: bool, **options: Any) -> None:
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        refuse_taken_port(bind, settings.PORT)
        self._prepare(demo=not no_demo)
        server = Child("web server", granian(bind, settings.PORT, workers, threads))
        worker = Child("worker", [sys.executable, "manage.py", "worker"])
        children = [server, worker]
        try:
            for child in children:
                child.start()
            if self._wait_until_answering(bind, children):
                self._greet()
            while not self.stopping:
                self._look_after(children)
                time.sleep(0.2)
        finally:
            self._stop_all(children)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _prepare(self, *, demo: bool) -> None:
        """Bring the tables up to date, and found the demo county where there is none."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        if County.objects.exists():  # a newer program may say what the county has no words for yet
            seed_templates(at=timezone.now())
            seed_wordings(at=timezone.now())
            seed_functions(at=timezone.now())
        elif demo:
            self.stdout.write("The database is empty: making a demo county ...")
            call_command("demo")
        connections.close_all()

    def _wait_until_answering(self, bind: str, children: list[Child]) -> bool:
        while not self.stopping:
            try:
                socket.create_connection((bind, settings.PORT), timeout=1).close()
            except OSError:
                self._look_after(children)
                time.sleep(0.05)
            else:
                return True
        return False

    def _look_after(self, children: list[Child]) -> None:
        for child in children:
            if said := child.look_after():
                self.stderr.write(said)

    def _greet(self) -> None:
        self.stdout.write(
            f"\nLianxin is ready.\n  Residents  {settings.PUBLIC_URL}/\n  Officers   {settings.PUBLIC_URL}/desk/"
        )
        self.stdout.write(f"  Data       {settings.DATA}")
        if known := demo_accounts():
            self.stdout.write("\nDemo accounts (name, password, what for):")
            for username, password, purpose in known:
                self.stdout.write(f"  {username:<16} {password:<16} {purpose}")
        self.stdout.write("\nStop with Ctrl-C.")

    def _stop_all(self, children: list[Child]) -> None:
        """Ask every child to finish, all at once, then wait for them."""
        for child in children:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        until = time.monotonic() + GRACE
        for child in children:
            child.stop(until)
        self.stdout.write("Stopped.")


def granian(bind: str, port: int, workers: int, threads: int) -> list[str]:
    """This function will write the command line of the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", bind, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "warning"),
        *("--workers-kill-timeout", str(int(GRACE / 2)), "lianxin.project.wsgi:application"),
    ]


def refuse_taken_port(bind: str, port: int) -> None:
    """This function will raise CommandError if something listens at the port already, and say what to do."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} at {bind} cannot be used: {error.strerror}. "
                f"Is Lianxin running already? Another port: make run PORT={port + 1}"
            ) from error


def demo_accounts() -> list[tuple[str, str, str]]:
    """This function will give name, password and purpose of the demo accounts, if that is what the database holds."""
    active = User.objects.filter(is_active=True)
    if not active.filter(totp_required=False).exists():  # only the demo county goes without
        return []
    here = set(active.values_list("username", flat=True))
    return [account for account in accounts() if account[0] in here]
