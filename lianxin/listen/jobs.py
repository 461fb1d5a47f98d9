"""What the worker runs for this app."""

from __future__ import annotations

from datetime import datetime

from lianxin.intake import actions as intake
from lianxin.listen.channels.listing import VOICES


def take_in(*, at: datetime) -> bool:
    """Take in the next rows of a list of voices that waits, and tell whether there was one."""
    return intake.take_in(VOICES, at=at)
