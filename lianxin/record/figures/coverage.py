"""Whether no household was left out: of every place how many were met, and why not the others (VIS-05, VIS-18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Q

from lianxin.people.models import Campaign
from lianxin.places.models import Area
from lianxin.record.models import Encounter, Household
from lianxin.record.models.household import HouseholdQuerySet
from lianxin.record.rules import Mode, Outcome, Presence

NEVER = "never"  # nobody has gone there yet
GAPS = (NEVER, *(value for value in Outcome.values if value not in (Outcome.MET, Outcome.REFUSED)), "phone")


@dataclass(frozen=True, slots=True)
class Cover:
    """A place, how many households it has, how many were met, and why not the others."""

    area: Area
    households: int  # 户
    met: int  # 户
    gaps: dict[str, int] = field(default_factory=dict)  # 户 by reason: GAPS

    @property
    def percent(self) -> float | None:
        """Two decimals tell 79 of 80: 98.75."""
        return 100 * self.met / self.households if self.households else None

    @property
    def left(self) -> int:
        return self.households - self.met


def coverage(
    area: Area, *, start: datetime, end: datetime, campaign: Campaign | None = None, kind: str = Area.Kind.VILLAGE
) -> tuple[Cover, list[Cover]]:
    """Return the whole of a place and its parts of that kind, over [start, end); four statements, whatever its size.

    The denominator is every household with a live file; one that is away counts, and is named as a gap.
    """
    parts = list(Area.objects.within(area).filter(kind=kind).defer("outline").order_by("path"))
    homes = Household.objects.open().filter(area__path__startswith=area.path)
    numbers = dict(homes.values_list("area__path").annotate(n=Count("pk")).order_by())
    states = _states(area, start=start, end=end, campaign=campaign)
    whole = _cover(area, numbers, states)
    return whole, [_cover(part, numbers, states) for part in parts]


def _states(area: Area, *, start: datetime, end: datetime, campaign: Campaign | None) -> dict[str, dict[str, int]]:
    """Return by path of the household's place how many were met, and of the others how the last try ended."""
    held = (
        Encounter.objects.done()
        .between(start, end)
        .filter(household__area__path__startswith=area.path, household__closed_at=None)
    )
    if campaign:
        held = held.for_campaign(campaign)
    is_met = Q(mode=Mode.FACE, outcome__in=(Outcome.MET, Outcome.REFUSED))
    met = held.filter(is_met).order_by().values_list("household__area__path")
    found = {path: {"met": n} for path, n in met.annotate(n=Count("household", distinct=True))}
    tried = held.order_by().values("household").annotate(met=Count("pk", filter=is_met), last=Max("pk"))
    ends = Encounter.objects.filter(pk__in=tried.filter(met=0).values("last")).order_by()
    for path, mode, outcome, n in ends.values_list("household__area__path", "mode", "outcome").annotate(n=Count("pk")):
        why = outcome if mode == Mode.FACE else "phone"
        counts = found.setdefault(path, {})
        counts[why] = counts.get(why, 0) + n
    return found


def _cover(area: Area, numbers: dict[str, int], states: dict[str, dict[str, int]]) -> Cover:
    households = sum(n for path, n in numbers.items() if path.startswith(area.path))
    counts: dict[str, int] = {}
    for path, some in states.items():
        if path.startswith(area.path):
            for key, n in some.items():
                counts[key] = counts.get(key, 0) + n
    met = counts.pop("met", 0)
    never = households - met - sum(counts.values())
    gaps = {NEVER: never, **counts}
    return Cover(area, households, met, {key: gaps[key] for key in GAPS if gaps.get(key)})


def unvisited(
    homes: HouseholdQuerySet, *, start: datetime, end: datetime, campaign: Campaign | None = None
) -> HouseholdQuerySet:
    """Return the households that nobody has met in [start, end): the list of doors to come back to."""
    held = Encounter.objects.met().between(start, end).filter(household__isnull=False)
    if campaign:
        held = held.for_campaign(campaign)
    return homes.open().exclude(pk__in=held.values("household"))


@dataclass(frozen=True, slots=True)
class Door:
    """One door of a list: the household, how the last try ended, and how urgent it is."""

    household: Household
    last: Encounter | None
    calls: int  # occasions that wait
    is_met: bool

    @property
    def is_away(self) -> bool:
        return self.household.presence != Presence.LIVING


def doors(homes: Iterable[Household], *, start: datetime, end: datetime) -> list[Door]:
    """Return doors with what is known of them in [start, end): three statements."""
    rows = list(homes)
    last: dict[int, Encounter] = {}
    met: set[int] = set()
    held = Encounter.objects.done().between(start, end).filter(household__in=rows).select_related("kind")
    for each in held.order_by("starts_at", "pk"):
        if each.household_id is not None:
            last[each.household_id] = each
            if each.counts_as_met:
                met.add(each.household_id)
    open_ = Household.objects.filter(pk__in=[row.pk for row in rows], calls__done_at=None, calls__isnull=False)
    calls = dict(open_.values_list("pk").annotate(n=Count("calls")).order_by())
    return [Door(row, last.get(row.pk), calls.get(row.pk, 0), row.pk in met) for row in rows]
