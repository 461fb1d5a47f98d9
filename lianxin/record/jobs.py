"""What the worker runs for this app."""

from __future__ import annotations

from datetime import datetime

from lianxin.intake import actions as intake
from lianxin.record.channels.listing import HOUSEHOLDS


def take_in(*, at: datetime) -> bool:
    """Take in the next rows of a list of households that waits, and tell whether there was one."""
    return intake.take_in(HOUSEHOLDS, at=at)
