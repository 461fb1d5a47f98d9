"""Tell which parts of this installation are there, which are missing, and what does not work without them."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from lianxin.ledger.models import Event, Verification
from lianxin.outbox.models import Message
from lianxin.people.models import CalendarDay, County, User

LEAST_SPACE = 1024**3  # bytes
UNVERIFIED = timedelta(days=3)  # the worker verifies the ledger each night
LATE = timedelta(minutes=10)  # a worker that is alive has done its work by then
HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, whether it is well, and what to know about it."""

    what: str
    well: bool
    say: str


def python() -> Iterator[Finding]:
    """This function will look at the interpreter."""
    yield Finding("Python", True, platform.python_version())


def database() -> Iterator[Finding]:
    """This function will look whether the database answers and has all tables."""
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        yield Finding("database", False, f"{connection.vendor} does not answer ({str(error).strip()}): nothing works")
        return
    where = connection.settings_dict["NAME"]
    yield Finding("database", True, f"{connection.vendor}, {where}")
    if waiting:
        yield Finding("tables", False, f"{waiting} migrations wait: `make run` or `manage.py migrate` brings them")


def space() -> Iterator[Finding]:
    """This function will look at the room left where data lies."""
    free = shutil.disk_usage(settings.DATA).free
    say = f"{free / 1024**3:.1f} GiB free in {settings.DATA}"
    yield Finding(
        "disk", free >= LEAST_SPACE, say if free >= LEAST_SPACE else f"{say}: uploads and the database may fail"
    )
    writable = os.access(settings.DATA, os.W_OK)
    if not writable:
        yield Finding("data folder", False, f"{settings.DATA} cannot be written: nothing can be kept")


def pdf() -> Iterator[Finding]:
    """This function will look for the library that makes PDF."""
    try:
        import weasyprint  # only here: a web process must not load it without what portal's paper sets right again
    except (ImportError, OSError):
        yield Finding(
            "PDF",
            False,
            "libpango-1.0-0 and libpangoft2-1.0-0 are missing: no receipt or notice as PDF, pages still print",
        )
    else:
        yield Finding("PDF", True, f"weasyprint {weasyprint.__version__}")


def fonts() -> Iterator[Finding]:
    """This function will look for a font with Chinese letters."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    names = ("*CJK*", "*wqy*", "*SourceHan*", "*simsun*")
    found = next((p.name for f in folders if f.is_dir() for n in names for p in f.rglob(n) if p.is_file()), "")
    yield Finding(
        "Chinese font", bool(found), found or "fonts-noto-cjk is missing: boxes instead of Chinese letters in PDF"
    )


def browser() -> Iterator[Finding]:
    """This function will look for the browser that tests drive."""
    found = shutil.which("chromium") or ""
    yield Finding("chromium", bool(found), found or "missing: browser tests do not run; the product does not need it")


def transports() -> Iterator[Finding]:
    """This function will look where messages go."""
    spool = f"not set: they are written to {settings.DATA / 'spool'} and reach nobody"
    for what, name, url in (("e-mail", "SMTP_URL", settings.SMTP_URL), ("text messages", "SMS_URL", settings.SMS_URL)):
        host = urlsplit(url).hostname
        yield Finding(what, bool(url), f"{name} names {host}" if url else f"{name} is {spool}")


def county() -> Iterator[Finding]:
    """This function will look whether a county is founded."""
    found = County.objects.first()
    yield Finding(
        "county",
        found is not None,
        found.name if found else "none founded yet: see `manage.py demo` and docs/settings.md",
    )


def worker() -> Iterator[Finding]:
    """This function will look whether somebody does the work that may wait, by what is left undone."""
    then = timezone.now() - LATE
    unsealed = Event.objects.unsealed().filter(recorded_at__lt=then).exists()
    unsent = Message.objects.ready(then).exists()
    if unsealed or unsent:
        left = " and ".join(w for w, is_left in (("messages unsent", unsent), ("events unsealed", unsealed)) if is_left)
        yield Finding("worker", False, f"{left} for more than 10 minutes: is `manage.py worker` running?")
    else:
        yield Finding("worker", True, "nothing waits for longer than 10 minutes")
    if troubled := Message.objects.troubled().count():
        yield Finding("messages", False, f"{troubled} did not arrive and wait for a person on the desk")


def ledger() -> Iterator[Finding]:
    """This function will look whether the ledger was verified lately, and what was found."""
    last = Verification.objects.last()
    if last is None:
        if Event.objects.filter(recorded_at__lt=timezone.now() - UNVERIFIED).exists():
            yield Finding("ledger", False, "was never verified: run `manage.py ledger verify`")
        return
    when = f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}, {last.size} lines"
    if last.findings:
        yield Finding("ledger", False, f"{when}: {last.findings} are not as sealed: run `manage.py ledger verify`")
    elif timezone.now() - last.at > UNVERIFIED:
        yield Finding("ledger", False, f"last verified {when}: is `manage.py worker` running by night (1:00-5:00)?")
    else:
        yield Finding("ledger", True, f"whole when last verified, {when}")


def calendar() -> Iterator[Finding]:
    """This function will look up to which year the working days are known."""
    last: date | None = CalendarDay.objects.order_by("-date").values_list("date", flat=True).first()
    today = timezone.localdate()
    if last is None:
        yield Finding("calendar", False, "no year is known: every deadline in working days is provisional")
        return
    # The State Council announces the next year in November; from December on it should be here.
    needed = today.year + (today.month == 12)
    say = f"known until {last.year}"
    yield Finding(
        "calendar", last.year >= needed, say if last.year >= needed else f"{say}: later deadlines are provisional"
    )


def accounts() -> Iterator[Finding]:
    """This function will look for officers without a second factor, and for demo accounts that strangers can reach."""
    active = User.objects.filter(is_active=True)
    guarded = TOTPDevice.objects.filter(confirmed=True).values("user_id")
    bare = active.filter(totp_required=True).exclude(pk__in=guarded).count()
    say = (
        f"{bare} officers have not set up their second factor: they cannot sign in fully"
        if bare
        else "everybody has one who must"
    )
    yield Finding("second factor", not bare, say)
    demo = active.filter(totp_required=False).count()
    if demo and urlsplit(settings.PUBLIC_URL).hostname not in HERE:
        yield Finding(
            "demo accounts", False, f"{demo} accounts with known passwords at {settings.PUBLIC_URL}: DANGER, close them"
        )
    elif demo:
        yield Finding("demo accounts", True, f"{demo}, reachable from this machine only")


def safety() -> Iterator[Finding]:
    """This function will look at the settings that guard a public address."""
    public = urlsplit(settings.PUBLIC_URL).hostname not in HERE
    if public and not settings.HTTPS:
        yield Finding(
            "HTTPS",
            False,
            f"PUBLIC_URL is {settings.PUBLIC_URL}: names and phones would travel"
            " readable, and no telephone can carry files to the doors (/field/ needs https)",
        )
    if public and settings.DEBUG:
        yield Finding("DEBUG", False, "DEBUG=1 at a public address shows the inside of the program to everybody")


ALWAYS: tuple[Callable[[], Iterator[Finding]], ...] = (python, space, pdf, fonts, browser, transports, safety, database)
WITH_TABLES: tuple[Callable[[], Iterator[Finding]], ...] = (county, worker, ledger, calendar, accounts)


class Command(BaseCommand):
    help = "Tell which parts are there, which are missing, and what does not work without them."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [finding for look in ALWAYS for finding in look()]
        if all(f.well for f in findings if f.what in {"database", "tables"}):
            findings += [finding for look in WITH_TABLES for finding in look()]
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            self.stdout.write(f"{'ok     ' if finding.well else 'MISSING'}  {finding.what:<{width}}  {finding.say}")
