"""Helping: the plan, what was done, what they earn, what they say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.help.actions.entry import NotOn, reached
from lianxin.help.models import Entry, Income, Measure, PlanPart, Programme, Statement, Ticks
from lianxin.help.rules import Part
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import User
from lianxin.record.models import Household, Resident
from lianxin.sheets import actions as sheets
from lianxin.sheets.models import Sheet


class TwoProgrammes(Refusal):
    """The same people receive other help this month: looked at, and the reason written, it may be right (POV-06)."""


class OtherHelp(Refusal):
    """This belongs to another household."""

    status = 422


@transaction.atomic
def plan(entry: Entry, *, part: str, words: str, by: User, at: datetime, until: date | None = None) -> PlanPart:
    """Write a part of the plan for a household: the skill, or the project. Raises NotOn, TooShort, NotAllowed."""
    whose = reached(entry.household, by, at)
    if entry.left_on:
        raise NotOn(_("The household is not on the register any more."))
    made = PlanPart.objects.create(entry=entry, part=Part(part), words=why(words), until=until, by=by, at=at)
    note("help.planned", made, by=by, at=at, behalf=whose, data={"part": part})
    return made


@transaction.atomic
def help_with(
    household: Household, *, programme: Programme, words: str, day: date, by: User, at: datetime, amount: int = 0,
    resident: Resident | None = None, application: str = "", twice_because: str = "",
) -> Measure:  # fmt: skip
    """Write down help that was given. Help under another programme in the same month asks for a reason first.

    Raises TwoProgrammes, OtherHelp, TooShort, NotAllowed.
    """
    whose = reached(household, by, at)
    _of(household, resident)
    Household.objects.select_for_update().get(pk=household.pk)
    others = Measure.objects.in_month(day).filter(household=household).exclude(programme=programme)
    if resident:  # what one person received does not stand in the way of another of the household
        others = others.filter(Q(resident=None) | Q(resident=resident))
    names = sorted({measure.programme.name for measure in others.select_related("programme")})
    if names and not twice_because.strip():
        raise TwoProgrammes(
            _("In this month they received other help: %(names)s. If both are right, write why.")
            % {"names": "、".join(names)}
        )
    made = Measure.objects.create(
        household=household, resident=resident, programme=programme, words=why(words), day=day, amount=amount,
        application=line(application, most=20), twice_because=why(twice_because) if names else "", by=by, at=at,
    )  # fmt: skip
    note("help.given", made, by=by, at=at, behalf=whose, data={"programme": programme.key, "amount": amount})
    return made


@transaction.atomic
def earn(
    resident: Resident, *, source: str, monthly: int, first: date, by: User, at: datetime, until: date | None = None
) -> Income:
    """Write what one person earns a month and from where, as they say it. Raises TooShort, NotAllowed."""
    whose = reached(resident.household, by, at)
    if until is not None and until <= first:
        raise NotOn(_("It would end before it begins."))
    made = Income.objects.create(
        resident=resident, source=line(why(source), most=80), monthly=monthly, first=first, until=until, by=by, at=at
    )
    note("help.income", made, by=by, at=at, behalf=whose)
    return made


@transaction.atomic
def no_longer_earn(income: Income, *, until: date, by: User, at: datetime) -> Income:
    """Let an income end on a day. Raises NotOn, NotAllowed."""
    whose = reached(income.resident.household, by, at)
    income = Income.objects.select_for_update(of=("self",)).get(pk=income.pk)
    if income.until or until <= income.first:
        raise NotOn(_("It has ended already, or would end before it begins."))
    income.until = until
    income.save(update_fields=["until"])
    note("help.income_ended", income, by=by, at=at, behalf=whose)
    return income


@transaction.atomic
def quote(household: Household, *, words: str, may_publish: bool, by: User, at: datetime) -> Statement:
    """Write down what the household says of it, word by word, and whether others may read it without a name.

    Raises NothingSaid, NotAllowed.
    """
    whose = reached(household, by, at)
    made = Statement.objects.create(household=household, words=said(words), may_publish=may_publish, by=by, at=at)
    note("help.quoted", made, by=by, at=at, behalf=whose, data={"may_publish": may_publish})
    return made


@transaction.atomic
def tick(entry: Entry, *, sheet: Sheet, values: Mapping[str, Any], by: User, at: datetime) -> Ticks:
    """Say what of the method is done, on the sheet that the register names. Raises OtherHelp, NotFilledIn."""
    whose = reached(entry.household, by, at)
    if sheet.key != entry.register.sheet:
        raise OtherHelp(_("This register asks for another sheet."))
    made = Ticks.objects.create(entry=entry, answer=sheets.answer(sheet, values=values, by=by, at=at), at=at)
    note("help.ticked", made, by=by, at=at, behalf=whose, data={"sheet": sheet.key, "version": sheet.version})
    return made


def _of(household: Household, resident: Resident | None) -> None:
    if resident and resident.household_id != household.pk:
        raise OtherHelp(_("This person belongs to another household."))
