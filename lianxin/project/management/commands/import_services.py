"""Bring in a file of services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from lianxin.project.management.bringing import ListCommand
from lianxin.serve.actions import DRAFT
from lianxin.serve.channels.listing import SERVICES
from lianxin.serve.rules.catalogue import Gap


class Command(ListCommand):
    """Read a CSV or Excel file of services in; a second run changes nothing."""

    help = "导入政务服务事项。Bring in a file of services (CSV or .xlsx). A second run changes nothing."
    listing = SERVICES
    tallies = {gap.value: gap.label for gap in Gap}

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--draft", action="store_true", help="只作草稿，不公布 keep them as drafts, unpublished")

    def way(self, options: Mapping[str, Any]) -> str:
        return DRAFT if options["draft"] else ""
