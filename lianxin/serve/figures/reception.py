"""The one-stop centre in numbers: matters by function, comings and people, each with its measure word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q

from lianxin.kit.clock import ZONE
from lianxin.serve.models.reception import Function, Matter, Reception


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function in a span of days: matters received (件), and of those settled, open and late by now."""

    name: str
    received: int
    settled: int


@dataclass(frozen=True, slots=True)
class Receptions:
    """What the centre did: a row for each function, their sum, comings (人次) and people (人)."""

    rows: tuple[FunctionRow, ...]
    received: int
    settled: int
    comings: int
    people: int


def receptions(offices: Iterable[int], first: date, last: date) -> Receptions:
    """Count what came to the desks of these offices from the first day to the last; the rows add up to the total."""
    begin = datetime.combine(first, time.min, tzinfo=ZONE)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=ZONE)
    came = Reception.objects.filter(office__in=list(offices), at__gte=begin, at__lt=end)
    counted = (
        Matter.objects.filter(reception__in=came)
        .values("function")
        .annotate(received=Count("pk"), settled=Count("pk", filter=Q(settled_at__isnull=False)))
    )
    found = {row["function"]: row for row in counted}
    shown = Function.objects.filter(Q(ended_on=None) | Q(pk__in=found)).order_by("place", "id")
    rows = tuple(_row(function, found.get(function.pk)) for function in shown)
    return Receptions(
        rows, sum(row.received for row in rows), sum(row.settled for row in rows), came.count(),
        came.values("file").distinct().count(),
    )  # fmt: skip


def _row(function: Function, counted: Mapping[str, Any] | None) -> FunctionRow:
    return FunctionRow(function.name, counted["received"] if counted else 0, counted["settled"] if counted else 0)
