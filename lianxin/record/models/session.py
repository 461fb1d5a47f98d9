"""Sessions where people talk things over: who is invited, what lies on the table, what came of it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.models.encounter import Encounter
from lianxin.record.models.reach import reach_of


class GuestQuerySet(models.QuerySet["Guest"]):
    def visible_to(self, user: User) -> Self:
        """Those of the places one reaches."""
        return self.filter(reach_of(user).areas("area__"))

    def willing(self) -> Self:
        """Those who agreed to be asked."""
        return self.filter(agreed_at__isnull=False, left_at=None)


class Guest(models.Model):
    """Somebody on the roster of a place: representative of the residents, veteran member, teacher, shopkeeper."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    contact = models.BinaryField(null=True, help_text=_("Phone, sealed."))
    agreed_at = models.DateTimeField(null=True, help_text=_("When the person agreed to be asked."))
    left_at = models.DateTimeField(null=True, help_text=_("When the person asked to be left alone, or moved."))

    objects = GuestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area", "category"], name="guest_area")]

    def __str__(self) -> str:
        return f"{self.category} #{self.pk}"


class Invitation(models.Model):
    """One guest asked to one session, and whether he or she came."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="invitations")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="invitations")
    came = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encounter", "guest"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.encounter}: {self.guest}"


class Topic(models.Model):
    """One issue on the table of a session, and what came of it."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="topics")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    source = models.CharField(max_length=20, blank=True, help_text=_("Number of the voice that it comes from."))
    result = models.CharField(max_length=500, blank=True)
    who = models.CharField(max_length=60, blank=True, help_text=_("Who took it on."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "number"], name="topic_number"),
            models.CheckConstraint(condition=Q(who="") | ~Q(result=""), name="topic_taken_on_with_result"),
        ]

    def __str__(self) -> str:
        return f"{self.encounter}-{self.number}"
