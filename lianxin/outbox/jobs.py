"""What the worker does for the outbox."""

from __future__ import annotations

from datetime import datetime

from lianxin.outbox import actions


def send(*, at: datetime) -> bool:
    """Send one slice of messages and tell whether more may be waiting."""
    return actions.send_ready(at=at) > 0


def recover(*, at: datetime) -> bool:
    """Look after one slice of messages whose worker died and tell whether more may be waiting."""
    return actions.recover(at=at) == actions.SLICE
