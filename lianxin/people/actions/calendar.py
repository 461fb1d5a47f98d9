"""The working calendar, the limits and the office hours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lianxin.kit.clock import Calendar, Day, Hours, Unit, local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import Named, note
from lianxin.people.actions.need import behalf
from lianxin.people.models import CalendarDay, County, Limit, Office, OfficeHours, User, forget_all
from lianxin.people.rules import Power

# Kept in English like any source, and said in the reader's language where it is shown.
SEED_SOURCE = gettext_noop("Set beforehand from the chinesecalendar package; the notice of the State Council counts.")


class PastLimit(Refusal):
    """A limit cannot change in the past: deadlines have been counted with it."""


class WrongHours(Refusal):
    """The open periods overlap or end before they begin."""


@transaction.atomic
def seed_calendar(*, at: datetime) -> list[int]:
    """Write the years that chinesecalendar knows and the table does not; return them."""
    known = set(CalendarDay.objects.values_list("date__year", flat=True).distinct())
    days = [day for day in Calendar.seeded().days if day.date.year not in known]
    return _write_years(days, source=SEED_SOURCE, by=None, behalf_of=None, at=at)


@transaction.atomic
def import_calendar(*, rows: Iterable[Day], source: str, by: User | None, at: datetime) -> list[int]:
    """Write whole years anew as announced, and return those that changed; needs REFERENCE.

    The rows come from rules.read_calendar without trouble. Open deadlines are counted again above, in resolve. Raises
    NotAllowed.
    """
    return _write_years(list(rows), source=source, by=by, behalf_of=behalf(by, Power.REFERENCE, at=at), at=at)


@transaction.atomic
def set_limit(
    *,
    key: str,
    name: str,
    value: int,
    unit: str,
    start_fact: str,
    legal_basis: str,
    starts: date,
    by: User | None,
    at: datetime,
    rolls: bool = False,
) -> Limit:
    """Begin a new version of a limit on a day, today or later, and end the one before; needs REFERENCE.

    Nothing is overwritten: what began under the old one keeps it. Raises PastLimit, NotAllowed.
    """
    whose = behalf(by, Power.REFERENCE, at=at)
    if starts < local(at).date():
        raise PastLimit(_("A limit cannot change in the past. Choose today or a later day."))
    versions = Limit.objects.select_for_update().filter(key=key)
    if versions.filter(valid_from__gte=starts).exists():
        raise PastLimit(_("A later version of this limit has been set already. Choose a day after it."))
    old = versions.filter(Q(valid_to=None) | Q(valid_to__gt=starts)).order_by("-id").first()
    if old:
        old.valid_to = starts
        old.save(update_fields=["valid_to"])
    limit = Limit.objects.create(
        key=key, name=name, value=value, unit=Unit(unit), rolls=rolls, start_fact=start_fact, legal_basis=legal_basis,
        valid_from=starts,
    )  # fmt: skip
    data = {"key": key, "value": value, "unit": unit, "from": starts.isoformat(), "basis": legal_basis}
    note("limit.set", limit, by=by, at=at, behalf=whose, data=data)
    forget_all()
    return limit


@transaction.atomic
def set_hours(
    periods: Sequence[tuple[time, time]], *, by: User | None, at: datetime, office: Office | None = None
) -> None:
    """Write when the county's offices are open on a working day, or one office of its own; needs REFERENCE.

    No periods for an office: it keeps those of the county. Raises WrongHours, NotAllowed.
    """
    whose = behalf(by, Power.REFERENCE, at=at)
    if periods:
        try:
            Hours(tuple(periods))
        except ValueError as error:
            raise WrongHours(_("Each period must end after it begins and before the next one.")) from error
    OfficeHours.objects.filter(office=office).delete()
    OfficeHours.objects.bulk_create(OfficeHours(office=office, opens=a, closes=b) for a, b in periods)
    data = {"periods": [f"{a:%H:%M}-{b:%H:%M}" for a, b in periods]}
    note("hours.set", office or County.objects.get(), by=by, at=at, behalf=whose, data=data)
    forget_all()


def _write_years(days: list[Day], *, source: str, by: Named | None, behalf_of: Named | None, at: datetime) -> list[int]:
    changed = []
    for year in sorted({day.date.year for day in days}):
        new = sorted((day for day in days if day.date.year == year), key=lambda day: day.date)
        old = CalendarDay.objects.filter(date__year=year)
        before = {(row.date, row.is_workday, row.name) for row in old}
        if before == {(day.date, day.is_workday, day.name) for day in new}:
            continue
        old.delete()
        rows = CalendarDay.objects.bulk_create(
            CalendarDay(date=day.date, is_workday=day.is_workday, name=day.name, source=source) for day in new
        )
        data = {"year": year, "source": source, "days": len(new), "sha256": _digest(new), "replaced": len(before)}
        note("calendar.imported", rows[0], by=by, at=at, behalf=behalf_of, data=data)
        changed.append(year)
    forget_all()
    return changed


def _digest(days: Iterable[Day]) -> str:
    text = "\n".join(f"{day.date},{int(day.is_workday)},{day.name}" for day in days)
    return hashlib.sha256(text.encode()).hexdigest()
