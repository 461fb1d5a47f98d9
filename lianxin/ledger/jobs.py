"""What the worker does for the ledger."""

from __future__ import annotations

from datetime import datetime

from lianxin.ledger.actions import BATCH, let_go_old, seal_events


def seal(*, at: datetime) -> bool:
    """Seal one batch and tell whether more is waiting."""
    return seal_events(at=at) == BATCH


def let_go(*, at: datetime) -> bool:
    """Forget the files of forms that were never sent again; there is never more to do at once."""
    let_go_old(at=at)
    return False
