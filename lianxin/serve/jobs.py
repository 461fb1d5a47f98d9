"""What the worker runs for this app."""

from __future__ import annotations

from datetime import datetime

from lianxin.serve.channels import listing


def take_in(*, at: datetime) -> bool:
    """Take in the next rows of a list of services that waits, and tell whether there was one."""
    return listing.take_in(at=at)
