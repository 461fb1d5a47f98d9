"""The plan for a household: the skill and the project that shall carry it."""

from __future__ import annotations

from django.db import models

from lianxin.help.models.entry import Entry
from lianxin.help.rules import Part
from lianxin.people.models import User


class PlanPart(models.Model):
    """One part of a plan. A change is a new part; the latest of its kind holds."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="parts")
    part = models.CharField(max_length=8, choices=Part)
    words = models.CharField(max_length=200)
    until = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.entry} {self.part}"
