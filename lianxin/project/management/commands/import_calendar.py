"""Bring in the calendar of a year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lianxin.people import actions
from lianxin.people.rules import read_calendar
from lianxin.project.management.commands.import_areas import read_file
from lianxin.resolve.actions import recount_deadlines


class Command(BaseCommand):
    """Read the holidays and make-up workdays of whole years, and count open deadlines again."""

    help = (
        "导入放假调休安排（CSV 或 JSON），并重算未办结事项的期限。"
        "Bring in a calendar: date, is_workday (1 or 0), name; then open deadlines are counted again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="文件名称和文号 document and number of the announcement")

    def handle(self, *args: Any, file: Path, source: str, **options: Any) -> None:
        days, troubles = read_calendar(read_file(file))
        if troubles:
            lines = [f"{trouble.row}: {trouble.text}" if trouble.row else str(trouble.text) for trouble in troubles]
            raise CommandError("\n".join(lines))
        at = timezone.now()
        years = actions.import_calendar(rows=days, source=source, by=None, at=at)
        self.stdout.write(f"更新 changed: {', '.join(map(str, years)) or '-'}")
        self.stdout.write(f"重算 deadlines moved: {recount_deadlines(at=at, by=None)}")
