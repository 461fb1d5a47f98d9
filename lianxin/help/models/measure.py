"""What was done for a household, and what it brought: help, income, their own words, ticks."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.help.models.entry import Entry
from lianxin.help.rules import Earned, Form
from lianxin.people.models import User
from lianxin.record.models import Household, Resident
from lianxin.sheets.models import Answer


class Programme(models.Model):
    """A help project (as one of “6+1”). Where one applies for it, it is a service of the catalogue."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    basis = models.CharField(max_length=200)
    form = models.CharField(max_length=8, choices=Form)
    service = models.CharField(max_length=40, blank=True, help_text=_("Number of the service by which one applies."))
    ended_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class MeasureQuerySet(models.QuerySet["Measure"]):
    def in_month(self, day: date) -> Self:
        return self.filter(day__year=day.year, day__month=day.month)


class Measure(models.Model):
    """One help that a household, or one person of it, received."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="helped")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="measures")
    day = models.DateField()
    amount = models.PositiveBigIntegerField(default=0, help_text=_("Yuan; 0 where it is no money."))
    words = models.CharField(max_length=200)
    application = models.CharField(max_length=20, blank=True, help_text=_("Number of the application it came by."))
    twice_because = models.CharField(
        max_length=200, blank=True, help_text=_("Why it came beside other help of the same month.")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["household", "day"], name="measure_household")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Income(models.Model):
    """What one person earns a month, from where, from a month on."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="incomes")
    source = models.CharField(max_length=80)
    monthly = models.PositiveIntegerField(help_text=_("Yuan a month."))
    first = models.DateField()
    until = models.DateField(null=True, help_text=_("The first day on which it is no longer earned."))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until=None) | Q(first__lt=F("until")), name="income_dates")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def earned(self) -> Earned:
        return Earned(self.monthly, self.first, self.until)


class Statement(models.Model):
    """What the household itself says of it, word by word, and whether others may read it."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="statements")
    words = models.TextField()
    may_publish = models.BooleanField(default=False, help_text=_("They agreed that others read it, without a name."))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.pk}"


class Ticks(models.Model):
    """What of a method (as 三联三帮三带) is done for a household: an answered sheet; the latest holds."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="ticks")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.pk}"
