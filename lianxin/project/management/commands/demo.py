"""Found the demo county on an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lianxin.kit.clock import ZONE
from lianxin.people.models import County
from lianxin.project.demo.accounts import accounts
from lianxin.project.demo.year import make


class Command(BaseCommand):
    help = "Make the invented county 云溪县 with about a year of voices and cases; only on an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=2026, help="the same number makes the same county")
        parser.add_argument("--voices", type=int, default=420, help="how many people speak (default: %(default)s)")
        parser.add_argument("--until", help="the last day, as 2026-11-20 (default: now)")

    def handle(self, *args: Any, seed: int, voices: int, until: str | None, **options: Any) -> None:
        if County.objects.exists():
            raise CommandError("This database already serves a county; the demo county wants an empty one.")
        end = timezone.localtime()
        if until:
            end = datetime.combine(datetime.fromisoformat(until).date(), time(17, 0), tzinfo=ZONE)
        make(seed=seed, voices=max(voices, 30), until=end, tell=self._tell)
        self.stdout.write(f"\rThe demo county is ready. Accounts: {', '.join(name for name, _, _ in accounts())}")

    def _tell(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\rVoices: {done} of {total}", ending="")
            self.stdout.flush()
