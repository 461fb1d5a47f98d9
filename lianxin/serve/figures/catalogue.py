"""What the catalogue is like on a day, so that a clean-up can be measured: before, after, and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count

from lianxin.flow.models import Process
from lianxin.flow.rules.definition import Kind as NodeKind
from lianxin.kit.clock import ZONE, Unit
from lianxin.serve.models import Review, Service
from lianxin.serve.rules.catalogue import Gap, Kind, Verdict

TASK = NodeKind.TASK.value


@dataclass(frozen=True, slots=True)
class State:
    """The catalogue on one day. Sums are over services that say the thing; `said` tells how many those are."""

    on: date
    services: int
    on_the_spot: int
    to_apply: int
    days: int  # promised working days
    days_said: int
    materials: int
    materials_said: int
    visits: int
    visits_said: int
    steps: int
    steps_said: int
    complete: int  # services without a gap


def state_on(day: date) -> State:
    """Count the services that count on this day."""
    counted = Service.objects.live(day).annotate(brought=Count("materials"))
    rows = list(
        counted.values_list(
            "kind", "promised_value", "promised_unit", "brought", "needs_no_material", "visits", "sheet_key",
            "process_key", "gap_count",
        )
    )  # fmt: skip
    known = _steps_on(day)
    days = [row[1] for row in rows if row[1] is not None and row[2] == Unit.WORKDAY]
    materials = [row[3] for row in rows if row[3] or row[4]]
    visits = [row[5] for row in rows if row[5] is not None]
    ways = [known[row[7]] for row in rows if row[7] in known]
    return State(
        on=day, services=len(rows), on_the_spot=sum(row[0] == Kind.ON_THE_SPOT for row in rows),
        to_apply=sum(bool(row[6] and row[7]) for row in rows), days=sum(days), days_said=len(days),
        materials=sum(materials), materials_said=len(materials), visits=sum(visits), visits_said=len(visits),
        steps=sum(ways), steps_said=len(ways), complete=sum(row[8] == 0 for row in rows),
    )  # fmt: skip


def _steps_on(day: date) -> dict[str, int]:
    """Return how many steps of an office each process has that is in force at the end of this day."""
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZONE)
    found = Process.objects.in_force(end).values_list("key", "definition")
    return {key: sum(node.get("kind") == TASK for node in definition.get("nodes", [])) for key, definition in found}


@dataclass(frozen=True, slots=True)
class Decided:
    """How many services a clean-up kept, adjusted and abolished, and how many nobody has decided on."""

    kept: int
    adjusted: int
    abolished: int
    open: int


def decided(since: date, until: date) -> Decided:
    """Count the last decision of each service that counts from a day in [since, until]."""
    last: dict[str, str] = {}
    found = Review.objects.filter(on__gte=since, on__lte=until).order_by("at", "id")
    for number, verdict in found.values_list("service__number", "verdict"):
        last[number] = verdict
    numbers = set(Service.objects.live(since).values_list("number", flat=True))
    counts = Counter(last.values())
    return Decided(
        counts[Verdict.KEPT], counts[Verdict.ADJUSTED], counts[Verdict.ABOLISHED], len(numbers - last.keys())
    )


def gaps_on(day: date) -> list[tuple[Gap, int]]:
    """Count in how many services of this day each thing is missing, the most frequent first."""
    return in_order(Service.objects.live(day).filter(gap_count__gt=0).values_list("gaps", flat=True))


def in_order(rows: Iterable[Iterable[str]]) -> list[tuple[Gap, int]]:
    """Count gaps over rows, the most frequent first."""
    counts = Counter(key for row in rows for key in row)
    return [(Gap(key), count) for key, count in counts.most_common() if key in Gap.values]


def offices_on(day: date) -> list[tuple[str, int]]:
    """Return the offices that have services on this day, with how many, those with most first."""
    found = Service.objects.live(day).exclude(office_name="").values_list("office_name")
    return sorted(found.annotate(n=Count("id")), key=lambda row: (-row[1], row[0]))


def themes_on(day: date) -> list[tuple[str, int]]:
    """Return the themes of the services of this day, with how many; a service may have several."""
    counts: Counter[str] = Counter()
    for theme, count in Service.objects.live(day).exclude(theme="").values_list("theme").annotate(n=Count("id")):
        for each in theme.split("、"):
            counts[each] += count
    return counts.most_common()
