"""On a register and off it again, with the day and the reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.help.models import Entry, Programme, Register
from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf, need
from lianxin.people.actions.words import line, why
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import Household


class WrongRegister(Refusal):
    """The key is taken."""

    status = 422


class AlreadyOn(Refusal):
    """The household is on the register already, or its file is closed."""


class NotOn(Refusal):
    """The household is not on the register any more, or the days do not fit."""


@transaction.atomic
def set_register(*, key: str, name: str, basis: str, by: User | None, at: datetime, sheet: str = "") -> Register:
    """Write down a register of households in need; needs LINK. Raises WrongRegister."""
    whose = behalf(by, Power.LINK, at=at)
    made: Register = _new(Register, key=key, name=line(why(name), most=60), basis=why(basis), sheet=sheet)
    note("register.set", made, by=by, at=at, behalf=whose)
    return made


@transaction.atomic
def set_programme(
    *, key: str, name: str, basis: str, form: str, by: User | None, at: datetime, service: str = ""
) -> Programme:
    """Write down a help project, and by which service one applies for it; needs LINK. Raises WrongRegister."""
    whose = behalf(by, Power.LINK, at=at)
    made: Programme = _new(
        Programme, key=key, name=line(why(name), most=60), basis=why(basis), form=form, service=service
    )
    note("programme.set", made, by=by, at=at, behalf=whose)
    return made


def _new(model: Any, **values: Any) -> Any:
    try:
        with transaction.atomic():
            return model.objects.create(**values)
    except IntegrityError as taken:
        raise WrongRegister(_("This key is taken already.")) from taken


@transaction.atomic
def enter(household: Household, *, register: Register, because: str, day: date, by: User | None, at: datetime) -> Entry:
    """Put a household on a register from a day on; who left comes back by a new entry. Needs HELP over it.

    Raises AlreadyOn, TooShort, NotAllowed.
    """
    whose = reached(household, by, at)
    later = Entry.objects.filter(register=register, household=household, left_on__gt=day)
    if household.closed_at or later.exists():
        raise AlreadyOn(_("The household is on the register on that day already, or its file is closed."))
    try:
        with transaction.atomic():
            made = Entry.objects.create(
                register=register, household=household, entered_on=day, entered_because=why(because)
            )
    except IntegrityError as there:
        raise AlreadyOn(_("The household is on the register already.")) from there
    note("help.entered", made, by=by, at=at, behalf=whose, data={"register": register.key, "day": day.isoformat()})
    return made


@transaction.atomic
def leave(entry: Entry, *, because: str, day: date, by: User | None, at: datetime) -> Entry:
    """Take a household off a register from a day on, with the reason. Raises NotOn, TooShort, NotAllowed."""
    whose = reached(entry.household, by, at)
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.left_on or day <= entry.entered_on:
        raise NotOn(_("The household has left it already, or would leave before it came."))
    entry.left_on, entry.left_because = day, why(because)
    entry.save(update_fields=["left_on", "left_because"])
    note("help.left", entry, by=by, at=at, behalf=whose, data={"day": day.isoformat()})
    return entry


def reached(household: Household, by: User | None, at: datetime) -> User | None:
    """Return for whom `by` stands in; HELP, and a household within reach. Raises NotAllowed."""
    if by is None:
        return None
    holding = need(by, Power.HELP, at=at, anywhere=True)
    everywhere = by.standing.everywhere(Power.HELP)
    if not everywhere and not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise NotAllowed(_("This household is not one of those you help."))
    found: User | None = holding.behalf
    return found
