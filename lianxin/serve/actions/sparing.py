"""Numbers kept for when the machine is out: printed before, given out on paper, entered later."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import new_reference
from lianxin.ledger import actions as ledger
from lianxin.listen.models import code_of
from lianxin.people import actions as people
from lianxin.people.models import County, Office, User
from lianxin.people.rules import Power
from lianxin.serve.actions.deed import ApplicationRefusal
from lianxin.serve.models.application import NUMBER_MARK, Application
from lianxin.serve.models.course import Spare

MOST_AT_ONCE = 100


class TooMany(ApplicationRefusal):
    """More numbers than one sheet holds."""

    status = 422
    words = _("1 to %(most)s numbers at a time, please.")


class Kept(NamedTuple):
    """A number with its code."""

    number: str
    code: str


@transaction.atomic
def spare_numbers(*, office: Office, count: int, by: User, at: datetime) -> list[Kept]:
    """Keep numbers for an office and return them with their codes, to be printed. Needs RECEIVE over the office.

    Raises TooMany and NotAllowed.
    """
    holding = people.need(by, Power.RECEIVE, office_id=office.pk, at=at)
    if not 1 <= count <= MOST_AT_ONCE:
        raise TooMany(most=MOST_AT_ONCE)
    prefix = f"{County.now().prefix}{NUMBER_MARK}"
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        numbers[new_reference(prefix)] = None
    taken = set(Spare.objects.filter(number__in=numbers).values_list("number", flat=True))
    taken |= set(Application.objects.filter(number__in=numbers).values_list("number", flat=True))
    fresh = [number for number in numbers if number not in taken]
    Spare.objects.bulk_create(Spare(number=number, office=office, at=at, by=by) for number in fresh)
    ledger.note("numbers.spared", office, by=by, at=at, behalf=holding.behalf, data={"count": len(fresh)})
    return [Kept(number, code_of(number)) for number in fresh]
