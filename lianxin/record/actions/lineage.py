"""What becomes of households: split, merged, moved, gone. Files follow one another; what they held stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.words import line, why
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.actions.household import DOOR_MAX, AlreadyOpen, index_words, open_household
from lianxin.record.actions.reached import as_keeper, still_open
from lianxin.record.models import Change, Fact, Household, Lineage, Resident
from lianxin.record.rules import Ending, Gone


class NobodyGoes(Refusal):
    """A split needs people who go, and people who stay."""

    status = 422


class SameHousehold(Refusal):
    """A household is not merged with itself."""

    status = 422


@transaction.atomic
def split(
    household: Household, *, residents: Iterable[Resident], area: Area, door: str, called: str, by: User, at: datetime
) -> Household:
    """Open a file of their own for some of a household, who take their lines with them; the others stay.

    Raises NobodyGoes, AlreadyOpen, FileClosed, NotAllowed.
    """
    whose = as_keeper(household.area, by=by, at=at)
    household = still_open(household)
    going = list(Resident.objects.living().filter(household=household, pk__in=[each.pk for each in residents]))
    if not going or len(going) == Resident.objects.living().filter(household=household).count():
        raise NobodyGoes(_("Choose who goes; somebody must stay. If all go, change the door instead."))
    made = open_household(area=area, door=door, called=called, by=by, at=at, source=household.number)
    _go_over(going, made, at=at)
    index_words(household)
    Lineage.objects.create(earlier=household, later=made, how=Ending.SPLIT, by=by, at=at)
    note("household.split", household, by=by, at=at, behalf=whose, data={"later": made.pk, "people": len(going)})
    return made


@transaction.atomic
def merge(household: Household, *, into: Household, by: User, at: datetime) -> Household:
    """Close a file and let its people go on in another one; both keep what they held. Raises SameHousehold."""
    whose = as_keeper(household.area, by=by, at=at)
    as_keeper(into.area, by=by, at=at)
    if household.pk == into.pk:
        raise SameHousehold(_("These are the same file. Choose another one."))
    household, into = still_open(household), still_open(into)
    _go_over(Resident.objects.living().filter(household=household), into, at=at, heads=False)
    _close(household, Ending.MERGED, at)
    Lineage.objects.create(earlier=household, later=into, how=Ending.MERGED, by=by, at=at)
    note("household.merged", household, by=by, at=at, behalf=whose, data={"into": into.pk})
    return into


@transaction.atomic
def move(household: Household, *, area: Area, door: str, by: User, at: datetime) -> Household:
    """Move a household to another place of the county; its file goes with it. Raises AlreadyOpen, NotAllowed."""
    whose = as_keeper(household.area, by=by, at=at)
    household = still_open(household)
    place = line(door, most=DOOR_MAX)
    same = Household.objects.open().filter(area=area, door=place, called=household.called)
    if other := same.exclude(pk=household.pk).first():
        raise AlreadyOpen(other)
    before = f"{household.area} {household.door}".strip()
    household.area, household.door = area, place
    household.save(update_fields=["area", "door"])
    Change.objects.create(
        household=household, field="place", before=before, after=f"{area} {place}".strip(), by=by, at=at, recorded_at=at
    )
    index_words(household)
    note("household.moved", household, by=by, at=at, behalf=whose, data={"area": area.pk})
    return household


@transaction.atomic
def close_household(household: Household, *, ending: str, reason: str, by: User, at: datetime) -> Household:
    """Close the file of a household that left the county, died out or was opened by mistake; nothing is deleted."""
    whose = as_keeper(household.area, by=by, at=at)
    household = still_open(household)
    ended = Ending(ending) if ending in (Ending.MOVED, Ending.DIED, Ending.MISTAKE) else Ending.MISTAKE
    words = why(reason)
    gone = {Ending.DIED: Gone.DIED, Ending.MOVED: Gone.MOVED}.get(ended, Gone.MISTAKE)
    Resident.objects.living().filter(household=household).update(left_on=local(at).date(), left_because=gone)
    _close(household, ended, at)
    note("household.closed", household, by=by, at=at, behalf=whose, data={"ending": ended, "reason": words})
    return household


def _close(household: Household, ending: Ending, at: datetime) -> None:
    household.closed_at, household.ending = at, ending
    household.save(update_fields=["closed_at", "ending"])


def _go_over(people: Iterable[Resident], into: Household, *, at: datetime, heads: bool = True) -> None:
    """Let people go on in another household: the old rows stay as they were, and say where they went."""
    day = local(at).date()
    for old in list(people):
        was_head = old.is_head
        Resident.objects.filter(pk=old.pk).update(left_on=day, left_because=Gone.SPLIT)
        columns = {f.attname: getattr(old, f.attname) for f in Resident._meta.concrete_fields if not f.primary_key}
        is_head = heads and (old.name == into.called or was_head)
        is_head = is_head and not Resident.objects.living().filter(household=into, is_head=True).exists()
        columns |= {"household_id": into.pk, "before_id": old.pk, "joined_on": day, "is_head": is_head}
        new = Resident.objects.create(**columns | {"left_on": None, "left_because": ""})
        Fact.objects.on(day).filter(resident=old).update(household=into, resident=new)
    index_words(into)
