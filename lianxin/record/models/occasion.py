"""Occasions on which one must go, or must report (六访六必报); the marks of a known household (四知四清楚)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Office, User
from lianxin.record.models.encounter import Encounter
from lianxin.record.models.household import Household
from lianxin.record.models.reach import reach_of


class Occasion(models.Model):
    """One line of the list: what happens, whether one must visit or report, and within how many days."""

    class Must(models.TextChoices):
        VISIT = "visit", _("must visit")
        REPORT = "report", _("must report")

    must = models.CharField(max_length=8, choices=Must)
    name = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField(help_text=_("Calendar days in which it is to be done."))
    sheet = models.CharField(max_length=60, blank=True, help_text=_("Key of the checklist that can raise it."))
    when = models.JSONField(default=dict, blank=True, help_text=_("Answers to the checklist that raise it."))
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("To whom it is reported.")
    )
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    order = models.PositiveSmallIntegerField(default=0)
    in_use = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reach_of(user).homes("household__"))

    def open(self) -> Self:
        return self.filter(done_at=None)

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)


class Call(models.Model):
    """An occasion at one household: open until somebody was there, or it was reported."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="calls")
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="calls")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at_encounter = models.ForeignKey(
        Encounter, models.PROTECT, null=True, related_name="calls", help_text=_("Where it came up.")
    )
    because = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    visited = models.ForeignKey(Encounter, models.PROTECT, null=True, related_name="+")
    reported = models.CharField(max_length=300, blank=True, help_text=_("What was reported."))

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "occasion"], condition=Q(done_at=None), name="call_open_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, visited=None, reported="") | Q(done_at__isnull=False), name="call_done"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="call_due", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.household}: {self.occasion}"


class Mark(models.Model):
    """One of the things one should know, or be clear about, of every household; bound to what its file holds."""

    class Side(models.TextChoices):
        KNOW = "know", _("know")
        CLEAR = "clear", _("clear")

    side = models.CharField(max_length=8, choices=Side)
    words = models.CharField(max_length=60)
    fields = models.JSONField(default=list, help_text=_("Parts of the file that must be filled in for it."))
    order = models.PositiveSmallIntegerField(default=0)
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    in_use = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.words
