"""Help for programs: households on the registers, what was given to them, what it brought."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.desk.api.asking import PAGE_MOST, Asker, Body, Key, needs
from lianxin.desk.api.formed import DeedOut, Written, by_officer, offer, told
from lianxin.desk.deeds.help import DEEDS
from lianxin.desk.forms.helping import EnterForm
from lianxin.help import actions
from lianxin.help.figures import effect
from lianxin.help.models import Entry, Income, Measure
from lianxin.people.rules import Power
from lianxin.sheets.models import Sheet

router = Router()
Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_MOST)]


class EntryRow(Schema):
    """A household on a register."""

    id: int
    register_key: str
    household: str
    area: int
    entered_on: date
    left_on: date | None
    helped: bool = Field(description="Somebody is linked to it as its helper.")


class MeasureOut(Schema):
    """One help that was given."""

    id: int
    programme: str
    resident: int | None
    day: date
    amount: int
    words: str


class IncomeOut(Schema):
    """What somebody earns a month."""

    id: int
    resident: int
    source: str
    monthly: int
    first: date
    until: date | None


class EntryOut(EntryRow):
    """A household on a register with all that was done for it, and what it earns a month since."""

    because: str
    lacks: list[str] = Field(description="Parts of the plan that are missing.")
    measures: list[MeasureOut]
    incomes: list[IncomeOut]
    before: int
    now: int


class TickIn(Body):
    """What is ticked, by field of the register's sheet."""

    values: dict[str, Any]


@router.get("/help", response=list[EntryRow], operation_id="helped", summary="Households on the registers")
@needs(Power.HELP)
def helped(
    request: Asker, register_key: str = "", alone: bool = False, page: Page = 1, page_size: PageSize = 50
) -> list[dict[str, Any]]:
    """List the households on the registers within reach; with `alone` those without a helper."""
    today = timezone.localdate(request.at)
    rows = Entry.objects.visible_to(request.user).on(today).select_related("register", "household")
    rows = rows.filter(register__key=register_key) if register_key else rows
    with_helper = Entry.objects.helped(today).values("pk")
    rows = rows.exclude(pk__in=with_helper) if alone else rows
    found = list(rows.order_by("household__area__path", "id")[(page - 1) * page_size :][:page_size])
    named = set(Entry.objects.filter(pk__in=[each.pk for each in found]).helped(today).values_list("pk", flat=True))
    return [_row(each, each.pk in named) for each in found]


@router.get("/help/{pk}", response=EntryOut, operation_id="help_entry", summary="One household that is helped")
@needs(Power.HELP)
def help_entry(request: Asker, pk: Key) -> dict[str, Any]:
    """Read what was done for one household and what it brought."""
    entry, today = _entry(request, pk=pk), timezone.localdate(request.at)
    came = effect(entry.household, entry.entered_on, entry.left_on or today)
    measures = Measure.objects.filter(household=entry.household).select_related("programme").order_by("day", "id")
    incomes = Income.objects.filter(resident__household=entry.household).order_by("first", "id")
    return _row(entry, Entry.objects.filter(pk=entry.pk).helped(today).exists()) | {
        "because": entry.entered_because, "lacks": [str(part) for part in entry.lacks], "before": came.before,
        "now": came.now, "measures": [_measure(each) for each in measures], "incomes": [_income(i) for i in incomes],
    }  # fmt: skip


@router.post("/help/{pk}/tick", response=DeedOut, operation_id="help_tick", summary="Tick what is done of a method")
@needs(Power.HELP)
def tick(request: Asker, pk: Key, body: TickIn) -> dict[str, Any]:
    """Answer the sheet of the register for one household; the latest answer holds."""
    entry = _entry(request, pk=pk)
    sheet = Sheet.objects.current(entry.register.sheet, request.at) if entry.register.sheet else None
    if sheet is None:
        raise Http404
    return told(
        "help_tick", actions.tick(entry, sheet=sheet, values=body.values, by=request.user, at=request.at)
    )  # fmt: skip


def _entry(request: Asker, pk: int) -> Entry:
    rows = Entry.objects.visible_to(request.user).select_related("register", "household__area")
    return get_object_or_404(rows, pk=pk)


def _row(one: Entry, is_helped: bool) -> dict[str, Any]:
    return {
        "id": one.pk, "register_key": one.register.key, "household": one.household.number,
        "area": one.household.area_id, "entered_on": one.entered_on, "left_on": one.left_on, "helped": is_helped,
    }  # fmt: skip


def _measure(one: Measure) -> dict[str, Any]:
    return {
        "id": one.pk, "programme": one.programme.key, "resident": one.resident_id, "day": one.day,
        "amount": one.amount, "words": one.words,
    }  # fmt: skip


def _income(one: Income) -> dict[str, Any]:
    return {
        "id": one.pk, "resident": one.resident_id, "source": one.source, "monthly": one.monthly, "first": one.first,
        "until": one.until,
    }  # fmt: skip


def _of_entry(form: Any, data: dict[str, Any], request: Asker, thing: Entry) -> Any:
    return form(data, entry=thing)


def _done(act: Callable[..., Any], of: str) -> Callable[..., Any]:
    """Return the action told of what it is done to: the entry, its household, or what the form has chosen."""

    def do(entry: Entry, **given: Any) -> Any:
        things = {"entry": entry, "household": entry.household}
        return act(things[of] if of in things else given.pop(of), **given)

    do.__doc__ = act.__doc__
    return do


def _enter(*, household: Any, **given: Any) -> Any:
    return actions.enter(household, **given)


_enter.__doc__ = actions.enter.__doc__

offer(
    router,
    Written("enter_help", "/help", (Power.HELP,), EnterForm, by_officer, _enter, makes=True,
            summary="Put a household on a register"),
    *(Written(f"help_{deed.replace('-', '_')}", f"/help/{{pk}}/{deed}", (Power.HELP,), form, _of_entry,
              _done(act, of), find=_entry)
      for deed, (form, act, of) in DEEDS.items()),
)  # fmt: skip
