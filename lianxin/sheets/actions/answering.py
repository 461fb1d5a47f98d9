"""Answering a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.sheets.models import Answer, Sheet, seal_values
from lianxin.sheets.rules import Kind, fields_of, read, split


class NotFilledIn(Refusal):
    """Some of the answers do not fit; `troubles` says by field what is wrong."""

    status = 422

    def __init__(self, troubles: Mapping[str, str], labels: Mapping[str, str]) -> None:
        self.troubles = dict(troubles)
        super().__init__(" ".join(f"{labels.get(key, key)}: {text}" for key, text in troubles.items()))


class SheetNotPublished(Refusal):
    """Only a published sheet can be answered."""


@transaction.atomic
def answer(sheet: Sheet, *, values: Mapping[str, Any], by: User | None, at: datetime) -> Answer:
    """Keep what was answered to a sheet, read and checked once more; `by` None is the person without a clerk.

    A retired version may still be answered: an application keeps the version it began with. Whoever calls has asked for
    the power of the deed of which this is a part. Raises NotFilledIn, SheetNotPublished.
    """
    if sheet.is_draft:
        raise SheetNotPublished(_("This sheet is not in use yet."))
    day = local(at).date()
    fields = fields_of(sheet.fields)
    named = {str(values.get(each.key, "")) for each in fields if each.kind is Kind.AREA} - {""}
    known = {each for each in named if each.isdecimal() and len(each) < 18}
    areas = {str(pk) for pk in Area.objects.on(day).filter(pk__in=known).values_list("pk", flat=True)}
    reading = read(sheet.fields, values, today=day, areas=areas)
    if reading.troubles:
        raise NotFilledIn(reading.troubles, {each.key: each.label for each in fields})
    plain, personal = split(fields, reading.values)
    made = Answer.objects.create(sheet=sheet, open=plain, sealed=seal_values(personal), by=by, at=at)
    note("answer.given", made, by=by, at=at, data={"key": sheet.key, "version": sheet.version})
    return made
