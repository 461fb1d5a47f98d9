"""What the worker runs for this app."""

from __future__ import annotations

from datetime import datetime

from lianxin.supervise import actions


def watch(*, at: datetime) -> bool:
    """Remind of what is due soon, and raise clues of what was missed again and again."""
    actions.remind(at=at)
    actions.raise_clues(at=at)
    return False
