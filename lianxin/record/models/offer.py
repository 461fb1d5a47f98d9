"""What is brought to a door: cards, letters, policies explained, small services, lessons. Each has its measure word."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Campaign, Office
from lianxin.record.models.encounter import Encounter


class OfferQuerySet(models.QuerySet["Offer"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(starts__lte=day), Q(ends=None) | Q(ends__gt=day)).order_by("kind", "name")

    def for_office(self, office: Office) -> Self:
        """What everybody brings, and the pack of this office and of those above it (VIS-33)."""
        above = [int(step) for step in office.path.split("/") if step]
        return self.filter(Q(office=None) | Q(office__in=above))


class Offer(models.Model):
    """One thing that can be handed out, explained or done at a door."""

    class Kind(models.TextChoices):
        CARD = "card", _("contact card")
        LETTER = "letter", _("open letter")
        POLICY = "policy", _("policy explained")
        SERVICE = "service", _("small service")
        LESSON = "lesson", _("lesson on a danger")

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=80)
    text = models.TextField(blank=True, help_text=_("Words of the letter; what is to be said of the policy."))
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Whose people bring it.")
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Given(models.Model):
    """How much of it was brought at one encounter: copies, person-times."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="given")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="given")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "offer"], name="given_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="given_some"),
        ]

    def __str__(self) -> str:
        return f"{self.encounter}: {self.offer} × {self.count}"
