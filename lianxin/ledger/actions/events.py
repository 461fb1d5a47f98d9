"""Writing one line of the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import models
from django.utils import timezone

from lianxin.ledger.models import Event
from lianxin.ledger.rules import has_float

Thing = TypeVar("Thing", bound=models.Model)


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
    line = _line(verb, thing, by=by, at=at, behalf=behalf, data=data)
    line.save(force_insert=True)
    return line


def note_each(
    verb: str,
    things: Iterable[Thing],
    *,
    by: Named | None,
    at: datetime,
    data: Callable[[Thing], Mapping[str, Any]] = lambda thing: {},
) -> None:
    """Write the same line about each of many things that were made together, in one statement."""
    Event.objects.bulk_create(_line(verb, thing, by=by, at=at, data=data(thing)) for thing in things)


def _line(
    verb: str,
    thing: models.Model,
    *,
    by: Named | None,
    at: datetime,
    behalf: Named | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    if data and has_float(data):
        raise TypeError(f"{verb}: write fractions into the ledger as text")
    return Event(
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
