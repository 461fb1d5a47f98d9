"""Bring in a file of voices."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lianxin.kit.refusal import Refusal
from lianxin.listen.channels import listing
from lianxin.listen.models import Intake
from lianxin.listen.rules import Column

TROUBLES_SHOWN = 20


class Command(BaseCommand):
    """Read a CSV or Excel file of voices in; a second run adds nothing."""

    help = "Bring in a file of voices (CSV in UTF-8 or GB 18030, or .xlsx). A second run adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map",
            type=_pairs,
            default={},
            metavar="HOLDS=COLUMN,…",
            help=f"what holds which: text=detail,received_at=time; possible: {', '.join(Column.values)}",
        )
        parser.add_argument("--dry-run", action="store_true", help="only try: say what would come of it")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            intake = self._begin(content, path.name, options["map"], dry=options["dry_run"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        while listing.take_in(at=timezone.now(), only=intake):
            intake.refresh_from_db()
            self._progress(intake)
        self._finish(intake)

    def _begin(self, content: bytes, name: str, chosen: dict[str, str], *, dry: bool) -> Intake:
        at = timezone.now()
        intake, preview = listing.open_list(content=content, name=name, by=None, at=at)
        guessed = {column: holds for column, holds in preview.mapping.items() if holds not in chosen.values()}
        mapping = {**guessed, **chosen}
        self.stdout.write(f"{preview.total} rows, {preview.encoding}")
        for column, holds in mapping.items():
            self.stdout.write(f"  {holds:12} {column}")
        return listing.begin_list(intake, mapping=mapping, dry=dry, by=None, at=at)

    def _progress(self, intake: Intake) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r{intake.row}/{intake.total}", ending="")
            self.stdout.flush()

    def _finish(self, intake: Intake) -> None:
        for error in intake.errors.order_by("row")[:TROUBLES_SHOWN]:
            self.stdout.write(f"row {error.row}: {error.trouble}")
        tried = " (only tried)" if intake.dry else ""
        self.stdout.write(f"added {intake.added}, known {intake.known}, failed {intake.failed}{tried}")


def _pairs(text: str) -> dict[str, str]:
    """Return column to what it holds from text=detail,received_at=time."""
    pairs = [part.partition("=") for part in text.split(",") if part]
    if not all(holds in Column.values and column for holds, _equals, column in pairs):
        raise ArgumentTypeError(f"write HOLDS=COLUMN,…, where HOLDS is one of {', '.join(Column.values)}")
    return {column.strip(): holds for holds, _equals, column in pairs}
