"""Bring in a file of voices."""

from __future__ import annotations

from lianxin.listen.channels.listing import VOICES
from lianxin.project.management.bringing import ListCommand


class Command(ListCommand):
    """Read a CSV or Excel file of voices in; a second run adds nothing."""

    help = "导入诉求名单。Bring in a file of voices (CSV in UTF-8 or GB 18030, or .xlsx). A second run adds nothing."
    listing = VOICES
