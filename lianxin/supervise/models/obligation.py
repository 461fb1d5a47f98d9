"""Obligations: what must be done how often, by whom, on what; rows, each with the document it rests on."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Office, User
from lianxin.people.rules import ROLES
from lianxin.record.models import EncounterKind
from lianxin.record.rules import Tie, Unit
from lianxin.supervise.rules import Holiday, Partial, Period, Span, What, Who


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def within(self, span: Span) -> Self:
        """Those that hold on some day of the span."""
        return self.filter(Q(starts__lt=span.until), Q(ends=None) | Q(ends__gt=span.first))


class Obligation(models.Model):
    """One duty that comes back: fulfilled by what is really on record, and by nothing else."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    basis = models.CharField(max_length=200, help_text=_("Document on which it rests."))
    who = models.CharField(max_length=8, choices=Who)
    tie = models.CharField(max_length=12, choices=Tie, blank=True)
    unit = models.CharField(max_length=12, choices=Unit, blank=True, help_text=_("Only links to this kind of unit."))
    role = models.CharField(max_length=20, choices=[(key, role.name) for key, role in ROLES.items()], blank=True)
    rank = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=60, blank=True, help_text=_("Only posts of this title."))
    office_kind = models.CharField(max_length=12, choices=Office.Kind, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, help_text=_("This one and those below."))
    what = models.CharField(max_length=10, choices=What)
    kinds = models.ManyToManyField(EncounterKind, blank=True)
    verbs = models.JSONField(default=list, blank=True, help_text=_("Deeds of the ledger that count."))
    with_report = models.BooleanField(default=False, help_text=_("A visit counts only once its report is written."))
    by_substitute = models.BooleanField(default=True, help_text=_("Who stands in may do it."))
    times = models.PositiveSmallIntegerField(default=1)
    period = models.CharField(max_length=8, choices=Period)
    recurrence = models.CharField(max_length=200, blank=True, help_text=_("RFC 5545, as FREQ=MONTHLY;BYDAY=3FR."))
    hour = models.CharField(max_length=30, blank=True, help_text=_("When on that day, in words."))
    tolerance = models.PositiveSmallIntegerField(default=0, help_text=_("Days after the day on which it still counts."))
    holiday = models.CharField(max_length=8, choices=Holiday, default=Holiday.NEXT)
    partial = models.CharField(max_length=8, choices=Partial, default=Partial.SHARE)
    grace_days = models.PositiveSmallIntegerField(default=0, help_text=_("Days that a new holder is given first."))
    remind_days = models.PositiveSmallIntegerField(default=0, help_text=_("Days before the last day; 0: no reminder."))
    clue_after = models.PositiveSmallIntegerField(default=0, help_text=_("Missed so often in a row; 0: no clue."))
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(starts__lt=F("ends")), name="obligation_dates"),
            models.CheckConstraint(condition=Q(times__gte=1), name="obligation_times"),
            models.CheckConstraint(
                condition=Q(period=Period.DATES) & ~Q(recurrence="") | ~Q(period=Period.DATES) & Q(recurrence=""),
                name="obligation_recurrence_for_dates",
            ),
            models.CheckConstraint(condition=~Q(who=Who.LINK) | ~Q(tie=""), name="obligation_link_names_tie"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def span(self) -> Span:
        """From its first day to its last, as far as anybody plans."""
        return Span(self.starts, self.ends or date(2149, 1, 1))


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    def within(self, span: Span) -> Self:
        return self.filter(starts__lt=span.until, ends__gt=span.first, withdrawn_at=None)


class Exemption(models.Model):
    """Days in which something is not required of somebody, with the reason: leave, secondment, illness (I-29)."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, null=True, blank=True, help_text=_("Empty: every obligation.")
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="exemptions")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="exemptions")
    starts = models.DateField()
    ends = models.DateField(help_text=_("The first day on which it is required again."))
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="exemption_dates"),
            models.CheckConstraint(
                condition=Q(user=None, office__isnull=False) | Q(user__isnull=False, office=None),
                name="exemption_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.office} {self.starts}"

    @property
    def span(self) -> Span:
        return Span(self.starts, self.ends)
