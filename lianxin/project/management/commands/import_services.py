"""Bring in a file of services."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from lianxin.kit.refusal import Refusal
from lianxin.serve.channels import listing
from lianxin.serve.models import CatalogueIntake
from lianxin.serve.rules.catalogue import Column, Gap

TROUBLES_SHOWN = 20


class Command(BaseCommand):
    """Read a CSV or Excel file of services in; a second run changes nothing."""

    help = "导入政务服务事项。Bring in a file of services (CSV or .xlsx). A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map",
            type=_pairs,
            default={},
            metavar="HOLDS=COLUMN,…",
            help=f"what holds which: name=task_name,promised=limit; possible: {', '.join(Column.values)}",
        )
        parser.add_argument("--draft", action="store_true", help="只作草稿,不公布 keep them as drafts, unpublished")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            intake = self._begin(content, path.name, options["map"], publishes=not options["draft"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        while listing.take_in(at=timezone.now(), only=intake):
            intake.refresh_from_db()
            self._progress(intake)
        self._finish(intake)

    def _begin(self, content: bytes, name: str, chosen: dict[str, str], *, publishes: bool) -> CatalogueIntake:
        at = timezone.now()
        intake, preview = listing.open_list(content=content, name=name, by=None, at=at)
        guessed = {column: holds for column, holds in preview.mapping.items() if holds not in chosen.values()}
        mapping = {**guessed, **chosen}
        self.stdout.write(f"{preview.total} rows, {preview.encoding}")
        for column, holds in mapping.items():
            self.stdout.write(f"  {holds:16} {column}")
        return listing.begin_list(intake, mapping=mapping, publishes=publishes, by=None, at=at)

    def _progress(self, intake: CatalogueIntake) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r{intake.row}/{intake.total}", ending="")
            self.stdout.flush()

    def _finish(self, intake: CatalogueIntake) -> None:
        for trouble in intake.troubles[:TROUBLES_SHOWN]:
            self.stdout.write(f"row {trouble['row']}: {trouble['trouble']}")
        told = f"added {intake.added}, changed {intake.changed}, known {intake.known}, failed {intake.failed}"
        self.stdout.write(told)
        with translation.override("en"):
            for gap in Gap:
                if count := intake.gaps.get(gap.value):
                    self.stdout.write(f"missing in {count:6}: {gap.label}")


def _pairs(text: str) -> dict[str, str]:
    """Return column to what it holds from name=task_name,promised=limit."""
    pairs = [part.partition("=") for part in text.split(",") if part]
    if not all(holds in Column.values and column for holds, _equals, column in pairs):
        raise ArgumentTypeError(f"write HOLDS=COLUMN,…, where HOLDS is one of {', '.join(Column.values)}")
    return {column.strip(): holds for holds, _equals, column in pairs}
