"""Bring in a list of households and the people in them."""

from __future__ import annotations

from lianxin.project.management.bringing import ListCommand
from lianxin.record.channels.listing import HOUSEHOLDS


class Command(ListCommand):
    """Read a CSV or Excel file of households in; a second run adds nothing."""

    help = "导入农户档案。Bring in a file of households, one person a row (CSV or .xlsx). A second run adds nothing."
    listing = HOUSEHOLDS
