"""What the worker runs for this app."""

from __future__ import annotations

from datetime import datetime

from lianxin.resolve import actions


def recount(*, at: datetime) -> bool:
    """Count open deadlines again after a calendar was imported on its page; there is never more to do at once."""
    actions.recount_after_import(at=at)
    return False
