"""Counts of files, by place and by level, and what does not fit together; each with its measure word on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.models import (
    Book,
    Encounter,
    Fact,
    Filled,
    Household,
    Period,
    Reach,
    Resident,
    VillageFile,
    reach_of,
)
from lianxin.record.rules import Of, Presence, Regular

VILLAGES = (Area.Kind.VILLAGE, Area.Kind.NATURAL)
WHOLE = 1000  # of files: what is listed of a report; the count is always whole


@dataclass(slots=True)
class Standing:
    """How the files of one place stand: households (户), people (人), what is late, what it has."""

    area: Area
    households: int = 0
    away: int = 0
    people: int = 0
    in_difficulty: int = 0
    to_update: int = 0
    books: int = 0
    has_file: bool = False
    is_complete: bool = False

    @property
    def up_to_date(self) -> int | None:
        """How many in a hundred are up to date, rounded down; None where there are no files."""
        return (self.households - self.to_update) * 100 // self.households if self.households else None


def standings(areas: Iterable[Area], *, user: User, at: datetime) -> list[Standing]:
    """Return how the files of these places stand, each with all that lies in it, as far as the officer reaches."""
    found = [Standing(area) for area in areas]
    day = timezone.localdate(at)
    asked = Reach(paths=tuple(each.area.path for each in found))
    paths = dict(Area.objects.filter(asked.areas()).values_list("pk", "path"))  # named one by one, found by their index
    live = Household.objects.visible_to(user).open().filter(area__in=paths)
    late = _late(Regular.UPDATE, before(at, Regular.UPDATE))
    people = Resident.objects.visible_to(user).living().filter(household__area__in=paths, household__closed_at=None)
    homes: QuerySet[Any, Any] = live.order_by().values_list("area")
    homes = homes.annotate(
        all=Count("pk"), gone=Count("pk", filter=~Q(presence=Presence.LIVING)), behind=Count("pk", filter=late)
    )
    for pk, households, away, to_update in homes:
        _add(found, paths[pk], households=households, away=away, to_update=to_update)
    for pk, count in _by_area(live.in_difficulty(day)):
        _add(found, paths[pk], in_difficulty=count)
    for pk, count in _by_area(people, "household__area"):
        _add(found, paths[pk], people=count)
    _add_files(found)
    return found


def _add(found: Iterable[Standing], path: str, **counts: int) -> None:
    """Add counts of one place to all in which it lies."""
    for each in found:
        if path.startswith(each.area.path):
            for name, count in counts.items():
                setattr(each, name, getattr(each, name) + count)


def _by_area(rows: QuerySet[Any], area: str = "area") -> list[tuple[int, int]]:
    return list(rows.order_by().values_list(area).annotate(n=Count("pk")))


def _add_files(found: list[Standing]) -> None:
    keys = [each.area.pk for each in found]
    files = dict(VillageFile.objects.filter(area__in=keys).values_list("area", "completed_at"))
    books = dict(Book.areas.through.objects.filter(area__in=keys).values_list("area").annotate(n=Count("book")))
    for each in found:
        each.has_file, each.books = each.area.pk in files, books.get(each.area.pk, 0)
        each.is_complete = files.get(each.area.pk) is not None


def before(at: datetime, regular: Regular, *, in_difficulty: bool = False) -> datetime:
    """Return the moment before which something was so long ago that it is due again; never, where nothing is set."""
    periods = Period.objects.on(timezone.localdate(at)).filter(regular=regular)
    months = dict(periods.values_list("in_difficulty", "months"))
    length = months.get(in_difficulty) or months.get(False)
    return months_before(at, length) if length else timezone.make_aware(datetime(1900, 1, 1))


def months_before(at: datetime, months: int) -> datetime:
    """Return the same moment so many months earlier; the 31st becomes the last day of a shorter month (I-28)."""
    local = timezone.localtime(at)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def late(user: User, regular: Regular, at: datetime) -> QuerySet[Household]:
    """Return the households whose file is to be updated, or that are to be visited again, by the periods set.

    Households with a difficulty may have a shorter period of their own.
    """
    day = timezone.localdate(at)
    live = Household.objects.visible_to(user).open()
    usual, hard = before(at, regular), before(at, regular, in_difficulty=True)
    return live.filter(_late(regular, usual)) | live.in_difficulty(day).filter(_late(regular, hard))


def _late(regular: Regular, moment: datetime) -> Q:
    if regular is Regular.REVISIT:
        met = Encounter.objects.met().filter(starts_at__gte=moment, household__isnull=False)
        return ~Q(pk__in=met.values("household")) & Q(opened_at__lt=moment)
    return Q(verified_at__lt=moment) | Q(verified_at=None, opened_at__lt=moment)


@dataclass(slots=True)
class Integrity:
    """What does not fit together in the files one reaches: one form per matter, one file per household, one base."""

    headless: list[Household] = field(default_factory=list)
    twice: list[list[Resident]] = field(default_factory=list)
    odd: list[Resident] = field(default_factory=list)
    untold: int = 0
    without_file: list[Area] = field(default_factory=list)
    without_book: list[Area] = field(default_factory=list)
    books: int = 0
    covered: int = 0
    villages: int = 0


def integrity(user: User, at: datetime) -> Integrity:
    """Return what does not fit together in the files that the officer reaches."""
    live = Household.objects.visible_to(user).open()
    living = Resident.objects.living().filter(household__in=live.values("pk"))
    with_head = living.filter(is_head=True).values("household")
    reach = reach_of(user)
    villages = _villages(reach, timezone.localdate(at))
    books = Book.objects.visible_to(user)
    covered = set(Book.areas.through.objects.filter(book__in=books.values("pk")).values_list("area", flat=True))
    files = set(VillageFile.objects.filter(area__in=[area.pk for area in villages]).values_list("area", flat=True))
    return Integrity(
        headless=list(live.exclude(pk__in=with_head).select_related("area").order_by("area", "door")[:WHOLE]),
        twice=doubles(living),
        odd=list(living.exclude(identity_reason="").select_related("household")[:WHOLE]),
        untold=live.filter(noticed_at=None, declined_at=None).count(),
        without_file=[area for area in villages if area.pk not in files],
        without_book=[area for area in villages if area.pk not in covered],
        books=books.count(),
        covered=len([area for area in villages if area.pk in covered]),
        villages=len(villages),
    )


def doubles(living: QuerySet[Resident]) -> list[list[Resident]]:
    """Return people who stand under one identity number in several households, together."""
    shared = living.exclude(identity_index="").order_by().values("identity_index").annotate(n=Count("pk"))
    indexes = [row["identity_index"] for row in shared.filter(n__gt=1)[:WHOLE]]
    found: dict[str, list[Resident]] = {index: [] for index in indexes}
    for resident in living.filter(identity_index__in=indexes).select_related("household__area"):
        found[resident.identity_index].append(resident)
    return list(found.values())


def _villages(reach: Reach, day: date) -> list[Area]:
    """Natural villages, and villages that have none below them: where files are kept."""
    areas = Area.objects.filter(reach.areas(), kind__in=VILLAGES).defer("outline").in_tree_order()
    rows = list(areas.on(day))
    parents = {area.parent_id for area in rows if area.kind == Area.Kind.NATURAL}
    return [area for area in rows if area.pk not in parents]


def answers_by(survey_pk: int, user: User, key: str) -> dict[str, int]:
    """Return how often each value was answered to one field of a sheet, by the present answers one reaches."""
    rows = Filled.objects.visible_to(user).now().filter(survey=survey_pk)
    counted = rows.order_by().values_list(F(f"answer__open__{key}")).annotate(n=Count("pk"))
    return {str(value): n for value, n in counted if value is not None}


def of_kinds(user: User, of: Of, day: date) -> list[tuple[str, int]]:
    """Return how many households (户) a kind of line is written down of today, most first."""
    facts = Fact.objects.visible_to(user).on(day).filter(kind__of=of, household__closed_at=None)
    counted = facts.order_by().values_list("kind__name").annotate(n=Count("household", distinct=True))
    return sorted(counted, key=lambda row: -row[1])
