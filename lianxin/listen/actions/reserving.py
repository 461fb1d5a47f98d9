"""Receipt numbers for doors without a network: given to a telephone in blocks, used up one by one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.listen.models import Reserved, code_of, digest_of
from lianxin.listen.models.reserved import DOOR_MARK
from lianxin.people.models import County, User
from lianxin.record.models import Handset

BLOCK = 40  # numbers that a telephone carries when it leaves the network: more than a day of doors


class NotReserved(Refusal):
    """The receipt number was not given to this officer, or has been used."""


@transaction.atomic
def reserve(handset: Handset, *, at: datetime, count: int = BLOCK) -> list[tuple[str, str]]:
    """Fill up the receipt numbers that a telephone carries, and return all of them with their codes."""
    held = list(Reserved.objects.carried_by(handset).order_by("id").values_list("number", flat=True))
    missing = count - len(held)
    if missing > count // 2:  # not at every contact one or two
        prefix = County.now().prefix + DOOR_MARK
        numbers = sorted({new_reference(prefix) for _each in range(missing)})
        known = set(Reserved.objects.filter(number__in=numbers).values_list("number", flat=True))
        fresh = [number for number in numbers if number not in known]
        Reserved.objects.bulk_create(
            Reserved(number=n, code_digest=digest_of(code_of(n), n), handset=handset, reserved_at=at) for n in fresh
        )
        ledger.note("handset.given_numbers", handset, by=handset.user, at=at, data={"count": len(fresh)})
        held += fresh
    return [(number, code_of(number)) for number in held]


def use_reserved(number: str, *, by: User | None, at: datetime) -> str:
    """Return the number, now used, if a telephone of this officer carries it. Raises NotReserved."""
    rows = Reserved.objects.filter(number=number, used_at=None, handset__user=by)
    if by is None or not rows.update(used_at=at):
        raise NotReserved(_("This receipt number is not one that your telephone was given, or it has been used."))
    return number
