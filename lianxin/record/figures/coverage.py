"""Whether no household was left out: of every place how many were met, and why not the others (VIS-05, VIS-18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

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
    """Return the whole of a place and its parts of that kind, over [start, end); two statements, whatever its size.

    The denominator is every household with a live file; one that is away counts, and is named as a gap.
    """
    below = list(Area.objects.within(area).defer("outline").order_by("path"))
    paths = {each.pk: each.path for each in below}
    found: dict[str, dict[str, int]] = {}
    homes = Household.objects.open().filter(area__in=paths).annotate(how=_how(start, end, campaign)).order_by()
    for pk, how, n in homes.values_list("area", "how").annotate(n=Count("pk")):
        found.setdefault(paths[pk], {})[how] = n
    return _cover(area, found), [_cover(part, found) for part in below if part.kind == kind]


def _how(start: datetime, end: datetime, campaign: Campaign | None) -> Case:
    """Return what says of a household that it was met, or else how the last try ended.

    Asked of each household by itself: its visits stand together in their index, those of a period stand nowhere.
    """
    held = Encounter.objects.done().between(start, end).filter(household=OuterRef("pk"))
    if campaign:
        held = held.for_campaign(campaign)
    is_met = held.filter(mode=Mode.FACE, outcome__in=(Outcome.MET, Outcome.REFUSED))
    why = Case(When(mode=Mode.FACE, then=F("outcome")), default=Value("phone"))
    last = held.order_by("-pk").annotate(why=why).values("why")[:1]
    return Case(When(Exists(is_met), then=Value(Outcome.MET.value)), default=Coalesce(Subquery(last), Value(NEVER)))


def _cover(area: Area, found: dict[str, dict[str, int]]) -> Cover:
    counts = Counter[str]()
    for path, some in found.items():
        if path.startswith(area.path):
            counts.update(some)
    met, households = counts[Outcome.MET], counts.total()
    return Cover(area, households, met, {key: counts[key] for key in GAPS if counts[key]})


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
