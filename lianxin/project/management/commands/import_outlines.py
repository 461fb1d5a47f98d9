"""Bring in the outlines of areas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lianxin.people import actions
from lianxin.places.rules import UnreadableOutlinesError, read_outlines


class Command(BaseCommand):
    """Read outlines for the map from a GeoJSON file; a second run changes nothing."""

    help = (
        "导入地图轮廓（GeoJSON）。Bring in outlines, a FeatureCollection; its properties: code, or name and parent. "
        "A second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只看不写 only say what would come of it")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            good, troubles = read_outlines(file.read_bytes())
        except (OSError, UnreadableOutlinesError) as error:
            raise CommandError(f"{file}: {error}") from error
        done = actions.import_outlines(rows=good, by=None, at=timezone.now(), dry=dry_run)
        self.stdout.write(f"画上 drawn: {len(done.drawn)}\t已有 known: {done.known}")
        for trouble in sorted(troubles + done.troubles, key=lambda trouble: trouble.row):
            self.stderr.write(f"{trouble.row}: {trouble.text}")
        if troubles or done.troubles:
            raise SystemExit(1)
