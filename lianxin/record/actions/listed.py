"""Taking in lists of households: many rows, each as the single deed would write it, none twice."""

from __future__ import annotations

from collections import Counter
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
from lianxin.ledger.actions import note_each
from lianxin.people.actions.words import line
from lianxin.people.models import County, User
from lianxin.places.models import Area
from lianxin.record.actions.household import DOOR_MAX, MARK, person, words_of
from lianxin.record.models import Fact, FactKind, Household, Reach, Resident, keeper_reach_of
from lianxin.record.rules import ListedPerson, Of, Sex

Key = tuple[int, str, str]  # area, door, head: one live household
Mark = tuple[str, str, str]  # number of the file, name, index of the identity number: one person of it
Fresh = tuple[Household, Resident, ListedPerson]


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
    """Return the live household of every key; those that there are not yet are written when they have people."""
    rows: QuerySet[Household] = Household.objects.open().filter(area__in={key[0] for key in keys})
    rows = rows.filter(called__in={key[2] for key in keys}).defer("grams")
    found = {(row.area_id, row.door, row.called): row for row in rows}
    missing = sorted(keys - set(found))
    source = line(f"{intake.file.name[:80]} #{intake.pk}")
    made = {
        (area, door, called): Household(
            number=number, area_id=area, door=door, called=called, opened_at=at, opened_by=intake.by, source=source
        )
        for number, (area, door, called) in zip(_numbers(len(missing)), missing, strict=True)
    }
    return found | made


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
    today, refused, fresh, known = local(at).date(), [], list[Fresh](), 0
    names, there, headed = _living([each for each in households.values() if each.pk])
    for key, row in fitting:
        household = households[key]
        is_head = (row.is_head or row.name == row.head) and household.number not in headed
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
        mark = (household.number, made.name, made.identity_index)
        if mark in there:
            known += 1
            continue
        there.add(mark)
        headed |= {household.number} if is_head else set()
        names.setdefault(household.number, []).append(made.name)
        household.page = household.page or row.page
        fresh.append((household, made, row))
    written = {household.number: household for household, _made, _row in fresh}
    _write(written.values(), names)
    Resident.objects.bulk_create(made for _household, made, _row in fresh)
    _facts(fresh, kinds, intake.by, at)
    counts = Counter(household.number for household, _made, _row in fresh)
    note_each(
        "household.listed", written.values(), by=intake.by, at=at,
        data=lambda household: {"people": counts[household.number], "list": intake.pk},
    )  # fmt: skip
    return len(fresh), known, refused


def _living(households: Iterable[Household]) -> tuple[dict[str, list[str]], set[Mark], set[str]]:
    """Return by number of the file who lives in these: names, marks by which one is known, and which have a head."""
    names, there, headed = dict[str, list[str]](), set[Mark](), set[str]()
    living = Resident.objects.living().filter(household__in=[each.pk for each in households])
    rows = living.values_list("household__number", "name", "identity_index", "is_head")
    for number, name, index, is_head in rows:
        names.setdefault(number, []).append(name)
        there.add((number, name, index))
        headed |= {number} if is_head else set()
    return names, there, headed


def _write(households: Iterable[Household], names: dict[str, list[str]]) -> None:
    """Write households that are new, and make all of them found by who lives there."""
    new, old = list[Household](), list[Household]()
    for household in households:
        household.grams = words_of(household, names[household.number])
        (old if household.pk else new).append(household)
    Household.objects.bulk_create(new)
    Household.objects.bulk_update(old, ["grams", "page"], batch_size=200)


def _facts(
    fresh: Iterable[Fresh], kinds: dict[tuple[str, str], FactKind], by: User | None, at: datetime
) -> None:  # fmt: skip
    Fact.objects.bulk_create(
        Fact(household=household, resident=resident, kind=kinds[wanted], by=by, at=at)
        for household, resident, row in fresh
        for wanted in _wanted(row)
    )
