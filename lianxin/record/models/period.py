"""The three regulars as a county sets them (三定期)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.record.rules import Regular


class PeriodQuerySet(models.QuerySet["Period"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Period(models.Model):
    """After how many months a file is to be updated, a household revisited, a village's files assessed."""

    regular = models.CharField(max_length=8, choices=Regular)
    in_difficulty = models.BooleanField(default=False, help_text=_("Of households with a difficulty alone."))
    months = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1), name="period_months"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_from__lt=F("valid_to")), name="period_dates"),
            models.UniqueConstraint(
                fields=["regular", "in_difficulty"], condition=Q(valid_to=None), name="period_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_regular_display()} {self.months}"
