"""Caring for who comes, and for who cannot: who was asked first, how one speaks, and going to people's homes."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.listen.models import open_contact
from lianxin.listen.rules import Contact
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.models.hall import Hall
from lianxin.serve.rules.line import Reason


class AskedQuerySet(models.QuerySet["Asked"]):
    def visible_to(self, user: User) -> Self:
        """Those one owns, was asked first, or is offered; all of a hall one keeps."""
        kept = Q(hall__office__in=user.standing.offices(Power.HALL))
        offered = Q(hand_overs__to=user, hand_overs__answered_at=None)
        return self.filter(Q(owner=user) | Q(first=user) | offered | kept).distinct()

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Asked(models.Model):
    """Somebody was asked first (首问): the owner until another has accepted, or until it is settled."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="asked")
    matter = models.CharField(max_length=200, help_text=_("What was asked, without names."))
    told = models.CharField(max_length=200, help_text=_("What the person was told: the place, whom to ask, the phone."))
    first = models.ForeignKey(User, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, blank=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["hall", "-id"], name="asked_hall")]

    def __str__(self) -> str:
        return f"{self.hall} {self.pk}"


class HandOver(models.Model):
    """One offer to take on what was asked; without acceptance the owner stays the owner."""

    asked = models.ForeignKey(Asked, models.PROTECT, related_name="hand_overs")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    to = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asked"], condition=Q(answered_at=None), name="hand_over_one_open"),
            models.CheckConstraint(condition=~Q(by=F("to")), name="hand_over_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.asked} → {self.to}"


class PhraseQuerySet(models.QuerySet["Phrase"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)).order_by("kind", "id")


class Phrase(models.Model):
    """A sentence that is said at windows, or never."""

    class Kind(models.TextChoices):
        NEVER = "never", _("never say")
        SAY = "say", _("rather say")

    kind = models.CharField(max_length=6, choices=Kind)
    text = models.CharField(max_length=80)
    instead = models.CharField(max_length=120, blank=True, help_text=_("What to say instead."))
    source = models.CharField(max_length=120, help_text=_("Document that lists it."))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text"], condition=Q(valid_to=None), name="phrase_once"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="phrase_dates"),
        ]

    def __str__(self) -> str:
        return self.text


class HomeVisitQuerySet(models.QuerySet["HomeVisit"]):
    def visible_to(self, user: User) -> Self:
        """Those of a hall one keeps, and those one is sent on."""
        kept = Q(hall__office__in=user.standing.offices(Power.HALL))
        return self.filter(kept | Q(team=user)).distinct()

    def waiting(self) -> Self:
        return self.filter(done_at=None, declined_at=None)


class HomeVisit(models.Model):
    """A service done at the home of who cannot come. Who and where, is sealed."""

    CHANNEL = "door"  # as which it is counted

    number = models.CharField(max_length=20, unique=True)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="home_visits")
    person = models.BinaryField(help_text=_("Sealed: name, phone, address."))
    relation = models.CharField(max_length=40, blank=True, help_text=_("Who asks for the person; empty: the person."))
    reason = models.CharField(max_length=10, choices=Reason)
    matter = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    planned_for = models.DateTimeField(null=True)
    team = models.ManyToManyField(User, related_name="+")
    done_at = models.DateTimeField(null=True)
    done = models.CharField(max_length=500, blank=True)
    signed = models.BooleanField(default=False, help_text=_("The person has signed that it was done."))
    declined_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects = HomeVisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="home_visit_reason"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(planned_for__isnull=False), name="home_visit_planned"),
        ]

    def __str__(self) -> str:
        return self.number

    def opened(self) -> Contact:
        """Return who it is and where. Raises kit.crypto.UnsealError."""
        found = open_contact(self.person)
        assert found is not None
        return found
