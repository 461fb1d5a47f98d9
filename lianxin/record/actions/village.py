"""Files of villages, and of enterprises and other units."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.identity import check_credit_code
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.words import NothingSaid, line, why
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.actions.reached import as_keeper, as_writer
from lianxin.record.models import Enterprise, VillageFile, seal
from lianxin.record.rules import Unit


class OneFile(Refusal):
    """The place or unit has a file already."""


class OddCode(Refusal):
    """The credit code fails its check."""

    status = 422


class NoProfile(Refusal):
    """A village file is complete when its profile has been filled in."""


@transaction.atomic
def open_village(area: Area, *, by: User, at: datetime) -> VillageFile:
    """Open the one file of a village, natural village, community or compound. Raises OneFile, NotAllowed."""
    whose = as_keeper(area, by=by, at=at)
    village, is_new = VillageFile.objects.get_or_create(area=area, defaults={"opened_at": at})
    if not is_new:
        raise OneFile(_("%(place)s has a file already. Please go on with that one.") % {"place": area})
    note("village.opened", village, by=by, at=at, behalf=whose)
    return village


@transaction.atomic
def complete_village(village: VillageFile, *, by: User, at: datetime) -> VillageFile:
    """Say that the profile of a village is complete, so that doors may be asked for (VIS-36).

    Raises NoProfile where no profile was ever filled in, NotAllowed.
    """
    whose = as_writer(village, by=by, at=at)
    if not village.filleds.filter(survey__is_profile=True).exists():
        raise NoProfile(_("Fill in the profile of the village first."))
    village.completed_at = at
    village.save(update_fields=["completed_at"])
    note("village.completed", village, by=by, at=at, behalf=whose)
    return village


@transaction.atomic
def open_enterprise(
    *, unit: str, name: str, area: Area, by: User, at: datetime, code: str = "", address: str = "",
    contact: str = "", phone: str = "", is_key: bool = False,
) -> Enterprise:  # fmt: skip
    """Open the file of an enterprise, project, school or other unit. Raises OddCode, OneFile, NotAllowed."""
    whose = as_keeper(area, by=by, at=at)
    called = line(name)
    if not called or unit not in Unit.values:
        raise NothingSaid(_("Please write what the unit is called, and what it is."))
    read = check_credit_code(code) if code.strip() else None
    if read and not read.is_valid:
        raise OddCode(_("This credit code fails its check. Please compare it with the licence."))
    try:
        with transaction.atomic():
            made = Enterprise.objects.create(
                unit=unit, name=called, code=read.code if read else "", area=area, address=line(address),
                contact=line(contact, most=60), phone=seal(line(phone, most=40)), is_key=is_key, opened_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise OneFile(_("A unit of this credit code has a file already.")) from None
    note("enterprise.opened", made, by=by, at=at, behalf=whose, data={"unit": unit})
    return made


@transaction.atomic
def close_enterprise(enterprise: Enterprise, *, reason: str, by: User, at: datetime) -> Enterprise:
    """Close the file of a unit that is no more; what it held stays. Raises TooShort, NotAllowed."""
    whose = as_keeper(enterprise.area, by=by, at=at)
    enterprise.closed_at = at
    enterprise.save(update_fields=["closed_at"])
    note("enterprise.closed", enterprise, by=by, at=at, behalf=whose, data={"reason": why(reason)})
    return enterprise
