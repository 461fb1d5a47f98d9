"""Writing one line of the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import models
from django.utils import timezone

from lianxin.ledger.models import Event
from lianxin.ledger.rules import has_float


class Named(Protocol):
    """Whoever can act: a user, or the county's own clockwork."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> str: ...


def note(
    verb: str,
    thing: models.Model,
    *,
    by: Named | None,
    at: datetime,
    behalf: Named | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Write one line of the ledger in the transaction of the deed.

    `verb` is the deed ("case.accepted"), `by` who did it (None: a resident or the clock), `behalf` the colleague whose
    powers were used under a substitution. `data` must hold no personal detail: the ledger is kept for ever. Raises
    TypeError for a fraction in it: databases write fractions differently, and the seal must read the same on all.
    """
    if data and has_float(data):
        raise TypeError(f"{verb}: write fractions into the ledger as text")
    return Event.objects.create(
        verb=verb,
        kind=thing._meta.label_lower,
        key=thing.pk,
        label=str(thing)[:120],
        by_id=by.pk if by else None,
        by_name=by.name if by else "",
        behalf_id=behalf.pk if behalf else None,
        behalf_name=behalf.name if behalf else "",
        at=at,
        recorded_at=timezone.now(),  # the one true clock here: `at` may be told by an import, this may not
        data=dict(data or {}),
    )
