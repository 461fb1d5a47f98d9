"""Outings: a team goes to a place on a day, planned or not."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models.team import Team, TeamMember


class OutingQuerySet(models.QuerySet["Outing"]):
    def visible_to(self, user: User) -> Self:
        """All for who plans; those of one's own teams, and those one was to go on."""
        if user.standing.everywhere(Power.PLAN):
            return self
        teams = TeamMember.objects.filter(user=user).values("team")
        return self.filter(Q(team__in=teams) | Q(pk__in=Going.objects.filter(user=user).values("outing")))


class Outing(models.Model):
    """One day of a team in a village. It is closed with the declaration that its discipline was kept (VIS-28)."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="outings")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    on = models.DateField()
    instead_of = models.DateField(null=True, blank=True, help_text=_("The usual day, where that is a holiday."))
    declared_at = models.DateTimeField(null=True)
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    declaration = models.TextField(blank=True, help_text=_("The words that were declared."))
    breach = models.CharField(max_length=200, blank=True, help_text=_("What was not kept, in words."))

    objects = OutingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "area", "on"], name="outing_once"),
            models.CheckConstraint(
                condition=Q(declared_at=None, declared_by=None)
                | Q(declared_at__isnull=False, declared_by__isnull=False),
                name="outing_declared",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="outing_day")]

    def __str__(self) -> str:
        return f"{self.team} {self.on}"


class Going(models.Model):
    """Somebody who is to go on an outing: came, or stayed away with a reason and perhaps a substitute."""

    outing = models.ForeignKey(Outing, models.PROTECT, related_name="goings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    came = models.BooleanField(null=True)
    because = models.CharField(max_length=120, blank=True, help_text=_("Why not."))
    substitute = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outing", "user"], name="going_once")]

    def __str__(self) -> str:
        return f"{self.outing}: {self.user}"


class Discipline(models.Model):
    """One rule of conduct on visits; all of those in use are declared when an outing is closed."""

    words = models.CharField(max_length=120)
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    in_use = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.words
