"""What the worker runs for this app."""

from __future__ import annotations

from datetime import datetime

from lianxin.flow import actions


def recount(*, at: datetime) -> bool:
    """Count the dates of open steps again after a calendar was imported; there is never more to do at once."""
    actions.recount_after_import(at=at)
    return False
