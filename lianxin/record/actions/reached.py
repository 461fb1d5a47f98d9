"""Whether somebody may write what is written: the power, and how far it reaches."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.people.actions import NotAllowed, need
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import (
    Enterprise,
    Household,
    Resident,
    SubjectRow,
    VillageFile,
    keeper_reach_of,
    reach_of,
)

WRITES = Power.VISIT


class FileClosed(Refusal):
    """The file is closed; what it held stays as it was."""


def as_writer(subject: SubjectRow, *, by: User, at: datetime) -> User | None:
    """Return for whom `by` stands in when writing a file that he reaches. Raises NotAllowed."""
    whose: User | None = need(by, Power.VISIT, at=at, anywhere=True).behalf
    if not type(subject).objects.visible_to(by).filter(pk=subject.pk).exists():
        raise NotAllowed(_NOT_REACHED)
    return whose


def as_writer_at(area: Area, *, by: User, at: datetime) -> User | None:
    """Return for whom `by` stands in when writing files at this place. Raises NotAllowed."""
    whose: User | None = need(by, Power.VISIT, at=at, anywhere=True).behalf
    if not reach_of(by, at).covers(area):
        raise NotAllowed(_NOT_REACHED)
    return whose


def as_keeper(area: Area, *, by: User, at: datetime) -> User | None:
    """Return for whom `by` stands in when keeping the files of this place. Raises NotAllowed."""
    whose: User | None = need(by, Power.ARCHIVE, at=at, anywhere=True).behalf
    if not keeper_reach_of(by, at).covers(area):
        raise NotAllowed(_NOT_KEPT)
    return whose


def area_of(subject: SubjectRow) -> Area:
    """Return where the subject of a file is."""
    match subject:
        case Resident():
            return subject.household.area
        case Household() | VillageFile() | Enterprise():
            return subject.area
    raise TypeError(subject)  # pragma: no cover - there is no other subject


def still_open(household: Household) -> Household:
    """Return the household, locked for what is to be written. Raises FileClosed."""
    held = Household.objects.select_for_update().get(pk=household.pk)
    if held.closed_at:
        raise FileClosed(_("This file is closed. Open the file that followed it."))
    return held


_NOT_REACHED = _("This file is not among those you are linked to. Ask the keeper of the files.")
_NOT_KEPT = _("Only who keeps the files of this place does this.")
