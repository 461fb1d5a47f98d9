"""Taking in lists of households: many rows, each as the single deed would write it, none twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.intake.models import Intake
from lianxin.intake.rules import BadRow, Taken
from lianxin.kit.clock import local
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.words import line
from lianxin.people.models import County, User
from lianxin.places.models import Area
from lianxin.record.actions.household import DOOR_MAX, MARK, person, words_of
from lianxin.record.models import Fact, FactKind, Household, Reach, Resident, keeper_reach_of
from lianxin.record.rules import ListedPerson, Of, Sex

Key = tuple[int, str, str]  # area, door, head: one live household


@transaction.atomic
def take_households(rows: Sequence[ListedPerson], *, intake: Intake, at: datetime, seen: set[str]) -> Taken:
    """Take rows of a list in, as `intake.actions.take_in` asks: households opened, people added, nothing twice.

    A household is known by place, door and head, a person in it by name and identity number. Each household that was
    written to has its line in the ledger.
    """
    areas, refused, fitting = _places(rows, intake.by, at), [], []
    kinds = _kinds(rows)
    for row in rows:
        area = areas.get((row.village, row.group))
        if area is None:
            refused.append(BadRow(row.row, _("There is no such village or group among those whose files you keep.")))
        elif unknown := [each for each in _wanted(row) if each not in kinds]:
            words = _("“%(name)s” is no line that files have. Add it first, or leave the cell empty.")
            refused.append(BadRow(row.row, words % {"name": unknown[0][1]}))
        else:
            fitting.append(((area.pk, " ".join(row.door.split())[:DOOR_MAX], row.head[:40]), row))
    households = _households({key for key, _row in fitting}, intake, at)
    added, known, bad = _people(fitting, households, kinds, intake=intake, at=at)
    return Taken(added=added, known=known, refused=[*refused, *bad])


def _places(rows: Iterable[ListedPerson], by: User | None, at: datetime) -> dict[tuple[str, str], Area]:
    """Return the place of every village and group that the rows name, where it is one place and is kept."""
    reach = keeper_reach_of(by, at) if by else Reach(everywhere=True)
    named = {(row.village, row.group) for row in rows}
    names = {name for pair in named for name in pair if name}
    found: dict[str, list[Area]] = {}
    kept = Area.objects.on(local(at).date()).filter(reach.areas(), name__in=names).defer("outline")
    for area in kept:
        found.setdefault(area.name, []).append(area)
    places: dict[tuple[str, str], Area] = {}
    for village, group in named:
        villages, groups = found.get(village, []), found.get(group, [])
        if group and village:
            groups = [each for each in groups for above in villages if each.path.startswith(above.path)]
        fitting = groups if group else villages
        if len(fitting) == 1:
            places[village, group] = fitting[0]
    return places


def _wanted(row: ListedPerson) -> list[tuple[str, str]]:
    return [(of, name) for of, name in ((Of.WORK, row.work), (Of.DIFFICULTY, row.difficulty)) if name]


def _kinds(rows: Iterable[ListedPerson]) -> dict[tuple[str, str], FactKind]:
    names = {name for row in rows for _of, name in _wanted(row)}
    return {(kind.of, kind.name): kind for kind in FactKind.objects.filter(name__in=names, in_use=True)}


def _households(keys: set[Key], intake: Intake, at: datetime) -> dict[Key, Household]:
    """Return the live household of every key, opened where there was none."""
    rows: QuerySet[Household] = Household.objects.open().filter(area__in={key[0] for key in keys})
    rows = rows.filter(called__in={key[2] for key in keys})
    found = {(row.area_id, row.door, row.called): row for row in rows}
    missing = sorted(keys - set(found))
    numbers = _numbers(len(missing))
    made = Household.objects.bulk_create(
        Household(
            number=number, area_id=area, door=door, called=called, opened_at=at, opened_by=intake.by,
            source=line(f"{intake.file.name[:80]} #{intake.pk}"), grams="",
        )
        for number, (area, door, called) in zip(numbers, missing, strict=True)
    )  # fmt: skip
    return found | dict(zip(missing, made, strict=True))


def _numbers(count: int) -> list[str]:
    prefix, numbers = f"{County.now().prefix}{MARK}", set[str]()
    while len(numbers) < count:
        made = {new_reference(prefix) for _ in range(count - len(numbers))}
        numbers |= made - set(Household.objects.filter(number__in=made).values_list("number", flat=True))
    return list(numbers)


def _people(
    fitting: Sequence[tuple[Key, ListedPerson]], households: dict[Key, Household],
    kinds: dict[tuple[str, str], FactKind], *, intake: Intake, at: datetime,
) -> tuple[int, int, list[BadRow]]:  # fmt: skip
    """Write the people that their households do not know yet, with their lines; return added, known, refused."""
    today, refused, fresh, known = local(at).date(), [], [], 0
    pks = [each.pk for each in households.values()]
    living = Resident.objects.living().filter(household__in=pks)
    there = {(p, name, index) for p, name, index in living.values_list("household", "name", "identity_index")}
    headed = set(living.filter(is_head=True).values_list("household", flat=True))
    for key, row in fitting:
        household = households[key]
        is_head = (row.is_head or row.name == row.head) and household.pk not in headed
        try:
            made = person(
                household, name=row.name, relation=row.relation, is_head=is_head,
                sex=row.sex if row.sex in Sex.values else "", born_on=row.born_on, identity=row.identity,
                identity_reason=row.identity_reason, phone=row.phone, is_registered=True, is_here=True,
                politics=row.politics, health=row.health, today=today,
            )  # fmt: skip
        except Refusal as refusal:
            refused.append(BadRow(row.row, str(refusal)))
            continue
        mark = (household.pk, made.name, made.identity_index)
        if mark in there:
            known += 1
            continue
        there.add(mark)
        headed |= {household.pk} if is_head else set()
        fresh.append((household, made, row))
    Resident.objects.bulk_create(made for _household, made, _row in fresh)
    _facts([(h, p, row) for h, p, row in fresh], kinds, intake.by, at)
    _finish({h.pk: h for h, _p, _row in fresh}, [(p, row) for _h, p, row in fresh], intake, at)
    return len(fresh), known, refused


def _facts(
    fresh: Iterable[tuple[Household, Resident, ListedPerson]], kinds: dict[tuple[str, str], FactKind], by: User | None,
    at: datetime,
) -> None:  # fmt: skip
    Fact.objects.bulk_create(
        Fact(household=household, resident=resident, kind=kinds[wanted], by=by, at=at)
        for household, resident, row in fresh
        for wanted in _wanted(row)
    )


def _finish(
    written: dict[int, Household], people: Sequence[tuple[Resident, ListedPerson]], intake: Intake, at: datetime
) -> None:
    """Make the households found by all who live there, and write their lines of the ledger."""
    names: dict[int, list[str]] = {pk: [] for pk in written}
    for pk, name in Resident.objects.living().filter(household__in=written).values_list("household", "name"):
        names[pk].append(name)
    counts: dict[int, int] = {}
    for resident, row in people:
        counts[resident.household_id] = counts.get(resident.household_id, 0) + 1
        household = written[resident.household_id]
        household.page = household.page or row.page
    for pk, household in written.items():
        household.grams = words_of(household, names[pk])
    Household.objects.bulk_update(written.values(), ["grams", "page"], batch_size=200)
    for pk, household in written.items():
        note("household.listed", household, by=intake.by, at=at, data={"people": counts[pk], "list": intake.pk})
