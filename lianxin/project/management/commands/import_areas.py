"""Bring in a file of areas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lianxin.kit.rows import UnreadableRowsError, read_rows
from lianxin.people import actions
from lianxin.places.rules import read_areas


def read_file(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV or JSON file. Raises CommandError."""
    try:
        return read_rows(path.read_bytes())
    except (OSError, UnreadableRowsError) as error:
        raise CommandError(f"{path}: {error}") from error


class Command(BaseCommand):
    """Read towns, villages and what lies in them from a list; a second run adds nothing."""

    help = (
        "导入乡镇、村组等地方（CSV 或 JSON）。Bring in areas: name, kind, code, parent (code or name), starts. "
        "A second run adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="出处 where the list comes from")
        parser.add_argument("--dry-run", action="store_true", help="只看不写 only say what would come of it")

    def handle(self, *args: Any, file: Path, source: str, dry_run: bool, **options: Any) -> None:
        good, troubles = read_areas(read_file(file))
        done = actions.import_areas(rows=good, source=source or file.name, by=None, at=timezone.now(), dry=dry_run)
        self.stdout.write(f"新增 new: {len(done.added)}\t改名 renamed: {len(done.changed)}\t已有 known: {done.known}")
        for trouble in sorted(troubles + done.troubles, key=lambda trouble: trouble.row):
            self.stderr.write(f"{trouble.row}: {trouble.text}")
        if troubles or done.troubles:
            raise SystemExit(1)
