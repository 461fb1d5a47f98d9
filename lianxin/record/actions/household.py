"""Files of households: opened once, people added and gone, told of it, verified."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.identity import check_id
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import grams
from lianxin.ledger.actions import note
from lianxin.people.actions.words import NothingSaid, line, why
from lianxin.people.models import County, User, phone_index
from lianxin.places.models import Area
from lianxin.record.actions.reached import as_writer, as_writer_at, still_open
from lianxin.record.models import (
    Book,
    Encounter,
    Household,
    Resident,
    identity_index,
    seal,
    seal_all,
)
from lianxin.record.rules import Gone, Presence, Sex

MARK = "H"  # after the letters of the county, before the number of a file
NAME_MAX, DOOR_MAX = 60, 80
TRIES = 5


class AlreadyOpen(Refusal):
    """The household has a live file; `existing` is the one to go on with."""

    def __init__(self, existing: Household) -> None:
        self.existing = existing
        words = _("This household has a file already: %(number)s. Please go on with that one.")
        super().__init__(words % {"number": existing.number})


class OddIdentity(Refusal):
    """The number fails its check; it is kept only with a reason."""

    status = 422


class OneHead(Refusal):
    """A household has one head."""


class AlreadyGone(Refusal):
    """Who has left the household does not leave again."""


@transaction.atomic
def open_household(
    *, area: Area, door: str, called: str, by: User, at: datetime, source: str = "",
    presence: str = Presence.LIVING, book: Book | None = None, page: int | None = None,
) -> Household:  # fmt: skip
    """Open the one live file of a household, at the lowest place known and a door.

    `called` is the name of its head; several households may share a door (tenants), not door and head. Needs VISIT and
    that the place is reached. Raises AlreadyOpen with the file to go on with, NothingSaid, TooLong, NotAllowed.
    """
    whose = as_writer_at(area, by=by, at=at)
    place, head = line(door, most=DOOR_MAX), line(called, most=40)
    if not head:
        raise NothingSaid(_("Please write the name of the head of the household."))
    for left in reversed(range(TRIES)):
        household = Household(
            number=new_reference(f"{County.now().prefix}{MARK}"), area=area, door=place, called=head, presence=presence,
            source=line(source), book=book, page=page, opened_at=at, opened_by=by,
        )  # fmt: skip
        household.grams = words_of(household, [])
        try:
            with transaction.atomic():
                household.save(force_insert=True)
            break
        except IntegrityError:
            if existing := Household.objects.open().filter(area=area, door=place, called=head).first():
                raise AlreadyOpen(existing) from None
            if not left:
                raise
    note("household.opened", household, by=by, at=at, behalf=whose, data={"area": area.pk, "source": source[:120]})
    return household


@transaction.atomic
def add_resident(
    household: Household, *, name: str, by: User, at: datetime, relation: str = "", is_head: bool = False,
    sex: str = "", born_on: date | None = None, identity: str = "", identity_reason: str = "", phone: str = "",
    is_registered: bool = True, is_here: bool = True, politics: str = "", health: str = "",
    joined_on: date | None = None, encounter: Encounter | None = None,
) -> Resident:  # fmt: skip
    """Add somebody to a household: born into it, married, moved in, or a tenant (`is_registered` False).

    An identity number that fails its check is kept only with `identity_reason`; sex and day of birth are read from it
    where they were not given. Raises OddIdentity, OneHead, FileClosed, NothingSaid, TooLong, NotAllowed.
    """
    whose = as_writer(household, by=by, at=at)
    household = still_open(household)
    resident = person(
        household, name=name, relation=relation, is_head=is_head, sex=sex, born_on=born_on, identity=identity,
        identity_reason=identity_reason, phone=phone, is_registered=is_registered, is_here=is_here, politics=politics,
        health=health, today=local(at).date(),
    )  # fmt: skip
    resident.joined_on = joined_on
    try:
        with transaction.atomic():
            resident.save(force_insert=True)
    except IntegrityError:
        raise OneHead(_("This household has a head already. Change who it is on the other person first.")) from None
    index_words(household)
    data = {"resident": resident.pk, "encounter": encounter.pk if encounter else None, "head": is_head}
    note("resident.added", household, by=by, at=at, behalf=whose, data=data)
    return resident


def person(
    household: Household, *, name: str, relation: str, is_head: bool, sex: str, born_on: date | None, identity: str,
    identity_reason: str, phone: str, is_registered: bool, is_here: bool, politics: str, health: str, today: date,
) -> Resident:  # fmt: skip
    """Return somebody of a household as he or she will be stored. Raises OddIdentity, NothingSaid, TooLong."""
    called = line(name, most=NAME_MAX)
    if not called:
        raise NothingSaid(_("Please write the name."))
    found = check_id(identity, today=today) if identity.strip() else None
    reason = line(identity_reason)
    if found and not found.is_valid and not reason:
        raise OddIdentity(
            _("This identity number fails its check. Compare it with the card, or say why it is kept all the same.")
        )
    return Resident(
        household=household, name=called, relation=line(relation, most=20), is_head=is_head,
        sex=sex if sex in Sex.values else (found.sex or "" if found else ""),
        born_on=born_on or (found.birth_date if found else None),
        is_registered=is_registered, is_here=is_here,
        identity=seal(found.number) if found else None,
        identity_index=identity_index(found.number) if found else "",
        identity_reason=reason if found and not found.is_valid else "",
        phone=seal(line(phone, most=40)), phone_index=phone_index(phone),
        more=seal_all({"politics": line(politics, most=40), "health": line(health)}),
    )  # fmt: skip


@transaction.atomic
def leave(resident: Resident, *, because: str, by: User, at: datetime, on: date | None = None) -> Resident:
    """Write down that somebody is no longer of the household: died, married, moved. Raises AlreadyGone, NotAllowed."""
    whose = as_writer(resident, by=by, at=at)
    resident = Resident.objects.select_for_update().select_related("household").get(pk=resident.pk)
    if resident.left_on:
        raise AlreadyGone(_("This person has left the household already."))
    gone = because if because in Gone.values else Gone.MISTAKE
    resident.left_on, resident.left_because = on or local(at).date(), gone
    resident.save(update_fields=["left_on", "left_because"])
    index_words(resident.household)
    note(
        "resident.left", resident.household, by=by, at=at, behalf=whose, data={"resident": resident.pk, "because": gone}
    )
    return resident


@transaction.atomic
def verify(
    household: Household, *, by: User, at: datetime, encounter: Encounter | None = None, said_at: datetime | None = None
) -> Household:
    """Say that everything in the file is still so, at the moment of the encounter, of `said_at`, or now.

    Raises FileClosed, NotAllowed.
    """
    whose = as_writer(household, by=by, at=at)
    household = still_open(household)
    said = said_at or (encounter.starts_at if encounter else at)
    if household.verified_at is None or household.verified_at < said:  # a notebook keyed in late unsays nothing newer
        household.verified_at, household.verified_by = said, by
        household.save(update_fields=["verified_at", "verified_by"])
    data = {"encounter": encounter.pk if encounter else None}
    note("household.verified", household, by=by, at=at, behalf=whose, data=data)
    return household


@transaction.atomic
def tell(household: Household, *, by: User, at: datetime, encounter: Encounter | None = None) -> Household:
    """Write down that the household was told why its file is kept, who sees it and how long (PIPL art. 35)."""
    whose = as_writer(household, by=by, at=at)
    household = still_open(household)
    household.noticed_at = household.noticed_at or at
    household.save(update_fields=["noticed_at"])
    note(
        "household.told", household, by=by, at=at, behalf=whose, data={"encounter": encounter.pk if encounter else None}
    )
    return household


@transaction.atomic
def decline(household: Household, *, reason: str, by: User, at: datetime) -> Household:
    """Write down that the household would rather not be asked; it is respected, and visits still count (I-05)."""
    whose = as_writer(household, by=by, at=at)
    household = still_open(household)
    household.declined_at = at
    household.save(update_fields=["declined_at"])
    note("household.declined", household, by=by, at=at, behalf=whose, data={"reason": why(reason)})
    return household


@transaction.atomic
def agree(household: Household, *, by: User, at: datetime) -> Household:
    """Write down that a household that would rather not be asked may be asked again."""
    whose = as_writer(household, by=by, at=at)
    household = still_open(household)
    household.declined_at = None
    household.save(update_fields=["declined_at"])
    note("household.agreed", household, by=by, at=at, behalf=whose)
    return household


def index_words(household: Household) -> None:
    """Make a household found by its number, door, head and all who live in it."""
    names = Resident.objects.living().filter(household=household).values_list("name", flat=True)
    Household.objects.filter(pk=household.pk).update(grams=words_of(household, names))


def words_of(household: Household, names: object) -> str:
    """Return the words by which a household is found."""
    return grams(" ".join([household.number, household.door, household.called, *names]))  # type: ignore[misc]
