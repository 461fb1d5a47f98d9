"""Campaigns: dated programmes whose names, phases and lists are data (I-77)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models.office import Office


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(starts__lte=day), Q(ends=None) | Q(ends__gt=day))


class Campaign(models.Model):
    """A programme that begins and ends; visits, sessions and figures are counted for it."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    office = models.ForeignKey(Office, models.PROTECT, help_text=_("Who runs it."))
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    goal = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends=None) | Q(starts__lt=F("ends")), name="campaign_dates")]

    def __str__(self) -> str:
        return self.name
