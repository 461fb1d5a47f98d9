"""The working calendar and the time limits that an office has promised or the law has set."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Self

from django.db import models
from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Calendar, Day, Term, Unit
from lianxin.people.models.remembered import Remembered


class CalendarDay(models.Model):
    """One day of a year whose holidays and make-up workdays have been announced."""

    date = models.DateField(unique=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.date}"


def _read_calendar() -> Calendar:
    rows = CalendarDay.objects.values_list("date", "is_workday", "name")
    return _calendar_of(tuple(Day(day, is_workday=is_workday, name=name) for day, is_workday, name in rows))


@lru_cache(maxsize=2)
def _calendar_of(days: tuple[Day, ...]) -> Calendar:
    """The tables of a calendar take milliseconds to make, and a calendar never changes."""
    return Calendar(days, known_years={day.date.year for day in days})


def _calendar_version() -> object:
    """An import writes a year's rows anew, never in place, so that count and last number tell every change."""
    return CalendarDay.objects.aggregate(count=Count("id"), last=Max("id"))


calendar_now: Remembered[Calendar] = Remembered(_read_calendar, version=_calendar_version)
"""The working calendar as the table has it; a change made by another process is seen within five seconds."""


UNITS: dict[Unit, str | Promise] = {
    Unit.WORKDAY: _("working days"),
    Unit.NATURAL_DAY: _("calendar days"),
    Unit.HOUR: _("hours by the clock"),
    Unit.WORKHOUR: _("office hours"),
}


class LimitQuerySet(models.QuerySet["Limit"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))


class Limit(models.Model):
    """A time limit: how long, counted how, from which fact, on what legal basis."""

    key = models.CharField(
        max_length=40,
        help_text=_("What is limited: triage, case.ordinary, case.complex, case.major, task.return, confirm."),
    )
    name = models.CharField(max_length=80)
    value = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12, choices=[(u.value, u.value) for u in Unit])
    rolls = models.BooleanField(default=False, help_text=_("The last natural day moves past a holiday."))
    start_fact = models.CharField(max_length=60, help_text=_("From which fact it counts."))
    legal_basis = models.CharField(
        max_length=200, help_text=_("Document and clause; say so where it is the county's own promise.")
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = LimitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key"], name="limit_key")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def known(key: str, day: date) -> Limit | None:
        """Return the limit of that kind on that day, the newest of several, as remembered for some seconds."""
        for limit in _limits():
            begun = limit.valid_from is None or limit.valid_from <= day
            if limit.key == key and begun and (limit.valid_to is None or limit.valid_to > day):
                return limit
        return None

    @property
    def unit_words(self) -> str | Promise:
        """In what it is counted, in words."""
        return UNITS[Unit(self.unit)]

    @property
    def term(self) -> Term:
        return Term(self.value, Unit(self.unit), rolls=self.rolls, basis=self.legal_basis)


def _read_limits() -> list[Limit]:
    return list(Limit.objects.order_by("-id"))


_limits: Remembered[list[Limit]] = Remembered(_read_limits)
