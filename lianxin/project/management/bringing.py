"""What the commands that bring in a list have in common."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from lianxin.intake import actions
from lianxin.intake.models import Intake
from lianxin.intake.rules import Listing
from lianxin.kit.refusal import Refusal

TROUBLES_SHOWN = 20


class ListCommand(BaseCommand):
    """Read a CSV or Excel file in; the kinds of lists differ in what is set below, and in options of their own."""

    listing: ClassVar[Listing]
    tallies: ClassVar[Mapping[str, Any]] = {}  # what else is counted, in words

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map",
            type=self._pairs,
            default={},
            metavar="HOLDS=COLUMN,…",
            help=f"哪列是什么 what holds which: name=column; possible: {', '.join(self.listing.columns)}",
        )
        parser.add_argument("--dry-run", action="store_true", help="只看不写 only try: say what would come of it")

    def way(self, options: Mapping[str, Any]) -> str:
        """Return how the list is to be taken in, where there are several ways."""
        return ""

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            intake = self._begin(content, path.name, options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        while actions.take_in(self.listing, at=timezone.now(), only=intake):
            intake.refresh_from_db()
            self._progress(intake)
        self._finish(intake)

    def _begin(self, content: bytes, name: str, options: Mapping[str, Any]) -> Intake:
        at, chosen = timezone.now(), options["map"]
        intake, preview = actions.open_list(self.listing, content=content, name=name, by=None, at=at)
        guessed = {column: holds for column, holds in preview.mapping.items() if holds not in chosen.values()}
        mapping = {**guessed, **chosen}
        self.stdout.write(f"{preview.total} rows, {preview.encoding}")
        for column, holds in mapping.items():
            self.stdout.write(f"  {holds:16} {column}")
        told = {"mapping": mapping, "way": self.way(options), "dry": options["dry_run"]}
        return actions.begin_intake(intake, listing=self.listing, **told, by=None, at=at)

    def _progress(self, intake: Intake) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r{intake.row}/{intake.total}", ending="")
            self.stdout.flush()

    def _finish(self, intake: Intake) -> None:
        for error in intake.errors.order_by("row")[:TROUBLES_SHOWN]:
            self.stdout.write(f"row {error.row}: {error.trouble}")
        tried = " (only tried)" if intake.dry else ""
        changed = f" changed {intake.changed}," if intake.changed else ""
        self.stdout.write(f"added {intake.added},{changed} known {intake.known}, failed {intake.failed}{tried}")
        with translation.override("en"):
            for key, words in self.tallies.items():
                if count := intake.tally.get(key):
                    self.stdout.write(f"{count:8}: {words}")

    @classmethod
    def _pairs(cls, text: str) -> dict[str, str]:
        """Return column to what it holds from name=task_name,promised=limit."""
        pairs = [part.partition("=") for part in text.split(",") if part]
        if not all(holds in cls.listing.columns and column for holds, _equals, column in pairs):
            possible = ", ".join(cls.listing.columns)
            raise ArgumentTypeError(f"write HOLDS=COLUMN,…, where HOLDS is one of {possible}")
        return {column.strip(): holds for holds, _equals, column in pairs}
