"""What must be handled with care in files: objections of a household, and entries of risk that run out."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models.household import Household, Resident
from lianxin.record.models.reach import keeper_reach_of, reach_of
from lianxin.record.rules import Ruling


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reach_of(user).homes("household__"))

    def waiting(self) -> Self:
        return self.filter(ruled_at=None)


class Objection(models.Model):
    """A household says that something in its own file is wrong; the keeper rules on it, with a reason."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="objections")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="objections")
    field = models.CharField(max_length=60, blank=True, help_text=_("What is wrong: the field as the page calls it."))
    words = models.TextField(help_text=_("In the household's own words."))
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Who took it down; nobody: the household itself."),
    )
    at = models.DateTimeField()
    ruling = models.CharField(max_length=8, choices=Ruling, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    ruled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ruled_at=None, ruling="") | Q(ruled_at__isnull=False) & ~Q(ruling=""),
                name="objection_ruled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household} #{self.pk}"


class RiskQuerySet(models.QuerySet["Risk"]):
    def visible_to(self, user: User) -> Self:
        """Entries of the households of which one keeps the files; a link alone does not open them (I-06)."""
        reach = keeper_reach_of(user)
        return self.filter(reach.areas("household__area__"))

    def live(self, at: datetime) -> Self:
        """Those that still count: not lifted, not run out."""
        return self.filter(lifted_at=None, expires_at__gt=at)


class Risk(models.Model):
    """Something to be careful about. It runs out by itself unless it is looked at anew, and never marks a person."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="risks")
    words = models.CharField(max_length=200)
    grounds = models.CharField(max_length=200, help_text=_("On what it rests."))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=200, blank=True)

    objects = RiskQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.household} #{self.pk}"


def sees_risks(user: User) -> bool:
    """Tell whether somebody may know that there are entries of risk at all."""
    return user.standing.may(Power.ARCHIVE, anywhere=True)
