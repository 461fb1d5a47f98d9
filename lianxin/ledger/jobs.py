"""What the worker does for the ledger."""

from __future__ import annotations

from datetime import datetime

from lianxin.ledger.actions import BATCH, seal_events


def seal(*, at: datetime) -> bool:
    """Seal one batch and tell whether more is waiting."""
    return seal_events(at=at) == BATCH
