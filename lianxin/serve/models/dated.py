"""Lists that count from day to day: designated hospitals, shares, retirement ages."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.serve.rules.catalogue import Governs


class DatedList(models.Model):
    """A list on which what holds depends on a day, and which names the day that governs."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    governs = models.CharField(max_length=12, choices=Governs, help_text=_("The day by which it is decided."))
    basis = models.CharField(max_length=200, help_text=_("Document on which the list rests."))
    columns = models.JSONField(default=list, help_text=_("Rows of key, label, kind: what each line says."))
    is_public = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class DatedRowQuerySet(models.QuerySet["DatedRow"]):
    def on(self, day: date) -> Self:
        """The lines that hold on that day; the end is the first day on which a line no longer does."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def of(self, key: str) -> Self:
        return self.filter(list__key=key)


class DatedRow(models.Model):
    """One line of such a list with its days. A line without a name says what holds for everybody who is not listed."""

    list = models.ForeignKey(DatedList, models.PROTECT, related_name="rows")
    name = models.CharField(max_length=120, blank=True)
    values = models.JSONField(default=dict)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=120, blank=True, help_text=_("Number of the decision."))
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
                name="dated_row_dates",
            )
        ]
        indexes = [models.Index(fields=["list", "name"], name="dated_row_name")]

    def __str__(self) -> str:
        return self.name or "*"
