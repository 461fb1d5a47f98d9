"""Occasions (六访六必报): raised by hand or by a checklist, answered by going there or by reporting."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit import condition
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.actions.words import line, said
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import Call, Encounter, Household, Occasion
from lianxin.sheets.models import Answer


class NotOnTheList(Refusal):
    """The occasion is not in use, or is settled in another way."""


class AlreadySettled(Refusal):
    """Somebody was there, or reported it, meanwhile."""


@transaction.atomic
def raise_call(household: Household, *, occasion: Occasion, by: User, at: datetime, because: str = "") -> Call:
    """Say that an occasion has come up at a household; an open one is the same. Needs VISIT and reach (by the view).

    Raises NotOnTheList, TooLong, NotAllowed.
    """
    whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
    if not occasion.in_use:
        raise NotOnTheList(_("This occasion is not on the list any more."))
    call, is_new = _raised(household, occasion, None, by=by, at=at, because=because)
    if is_new:
        note("call.raised", call, by=by, at=at, behalf=whose, data={"occasion": occasion.pk})
    return call


@transaction.atomic
def report_call(call: Call, *, words: str, by: User, at: datetime) -> Call:
    """Report what must be reported, to the office of the list; a visit cannot be reported away.

    Raises NotOnTheList, AlreadySettled, NothingSaid, NotAllowed.
    """
    whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
    held = Call.objects.select_for_update(of=("self",)).select_related("occasion").get(pk=call.pk)
    if held.occasion.must != Occasion.Must.REPORT:
        raise NotOnTheList(_("This one is settled by going there."))
    if held.done_at:
        raise AlreadySettled(_("This was reported already."))
    held.reported, held.done_at, held.done_by = said(words, most=300), at, by
    held.save(update_fields=["reported", "done_at", "done_by"])
    note("call.reported", held, by=by, at=at, behalf=whose, data={"office": held.occasion.office_id})
    return held


def raise_calls(encounter: Encounter, answer: Answer, *, by: User, at: datetime) -> None:
    """Raise each occasion that the checklist of a visit brought up. Part of handing it in."""
    values = answer.values
    for occasion in Occasion.objects.filter(in_use=True, sheet=answer.sheet.key).order_by("order", "pk"):
        if occasion.when and encounter.household and condition.holds(occasion.when, values):
            _raised(encounter.household, occasion, encounter, by=by, at=at)


def answer_calls(encounter: Encounter, *, by: User, at: datetime) -> None:
    """Settle what asked for a visit at this door, where it was raised before somebody went. Part of handing it in."""
    open_ = Call.objects.open().filter(household=encounter.household, occasion__must=Occasion.Must.VISIT)
    open_.filter(raised_at__lte=encounter.starts_at).update(visited=encounter, done_at=at, done_by=by)


def _raised(
    household: Household, occasion: Occasion, encounter: Encounter | None, *, by: User, at: datetime, because: str = ""
) -> tuple[Call, bool]:
    return Call.objects.get_or_create(
        household=household, occasion=occasion, done_at=None,
        defaults={
            "raised_at": at, "raised_by": by, "at_encounter": encounter, "because": line(because, most=200),
            "due_at": at + timedelta(days=occasion.days),
        },
    )  # fmt: skip
