"""Teams of a campaign: who goes, led by whom, to which places."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Campaign, Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area


def holding_on(day: date) -> Q:
    """Return the condition on rows that hold on this day; the end is the first day on which they no longer do."""
    return Q(starts__lte=day) & (Q(ends=None) | Q(ends__gt=day))


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> Self:
        """All for who plans; those of the own offices; the teams one belongs or belonged to."""
        standing = user.standing
        if standing.everywhere(Power.PLAN):
            return self
        own = Q(office__in=standing.offices(Power.PLAN))
        return self.filter(own | Q(pk__in=TeamMember.objects.filter(user=user).values("team")))


class Team(models.Model):
    """A numbered team of one campaign, with its leader."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="teams")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    office = models.ForeignKey(Office, models.PROTECT, help_text=_("Whose people it is made of."))
    leader = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="team_number")]

    def __str__(self) -> str:
        return self.name


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def on(self, day: date) -> Self:
        return self.filter(holding_on(day))


class TeamMember(models.Model):
    """Somebody in a team between two dates; in one team of a campaign at a time."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    rank = models.CharField(max_length=30, blank=True, help_text=_("As on the day of joining; empty is “other”."))
    born = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Year of birth, where known."))
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], condition=Q(ends=None), name="team_member_once"),
            models.CheckConstraint(condition=Q(ends=None) | Q(starts__lte=F("ends")), name="team_member_dates"),
        ]
        indexes = [models.Index(fields=["user", "ends"], name="team_member_now")]

    def __str__(self) -> str:
        return f"{self.team}: {self.user}"


class TeamAreaQuerySet(models.QuerySet["TeamArea"]):
    def on(self, day: date) -> Self:
        return self.filter(holding_on(day))


class TeamArea(models.Model):
    """A place that a team answers for between two dates. Its doors are given once the place is known (VIS-36)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="areas")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    doors_at = models.DateTimeField(null=True, blank=True, help_text=_("When its doors were given to the team."))

    objects = TeamAreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "area"], condition=Q(ends=None), name="team_area_once"),
            models.CheckConstraint(condition=Q(ends=None) | Q(starts__lte=F("ends")), name="team_area_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.area}"


class TeamRule(models.Model):
    """What the teams of a campaign, or the whole of it, must be made of."""

    class Asks(models.TextChoices):
        RANK = "rank", _("people of a rank")
        YOUNG = "young", _("people younger than an age")
        LEADER = "leader", _("a leader of a rank")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="team_rules")
    asks = models.CharField(max_length=8, choices=Asks)
    rank = models.CharField(max_length=30, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    least = models.PositiveSmallIntegerField(default=1)
    each_team = models.BooleanField(default=True, help_text=_("Of every team; otherwise of all teams together."))
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))

    def __str__(self) -> str:
        return f"{self.get_asks_display()} {self.rank or self.age or ''}"


class SignUp(models.Model):
    """Somebody offers to go; a choice with its reason follows."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="sign_ups")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    rank = models.CharField(max_length=30, blank=True)
    born = models.PositiveSmallIntegerField(null=True, blank=True)
    skills = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    chosen = models.BooleanField(null=True)
    because = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="sign_up_once"),
            models.CheckConstraint(
                condition=Q(chosen=None, decided_at=None) | Q(chosen__isnull=False, decided_at__isnull=False),
                name="sign_up_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.user}"


class Chair(models.Model):
    """A seat of the leading group of a campaign: whoever holds the post on a day sits in it on that day (VIS-07)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="chairs")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    title = models.CharField(max_length=60, help_text=_("Title of the post."))
    seat = models.CharField(max_length=20, help_text=_("Head, deputy, member."))

    def __str__(self) -> str:
        return f"{self.seat}: {self.office} {self.title}"
