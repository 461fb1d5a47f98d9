"""What a campaign wants: layers of targets, goals, actions that must be done, needs of a community."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Campaign, Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models.encounter import Encounter, EncounterKind
from lianxin.record.models.reach import reach_of
from lianxin.record.models.team import Team
from lianxin.record.rules import MEASURES, Indicator


class Target(models.Model):
    """One layer of a campaign: how many different people, households or organisations are to be reached."""

    class Counts(models.TextChoices):
        OFFICERS = "officers", _("officers who went")
        GUESTS = "guests", _("people of the roster who were met")
        HOUSEHOLDS = "households", _("households met")
        ENTERPRISES = "enterprises", _("organisations visited")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets")
    name = models.CharField(max_length=60)
    counts = models.CharField(max_length=12, choices=Counts)
    only = models.CharField(max_length=40, blank=True, help_text=_("Only of this rank, or of this category."))
    target = models.PositiveIntegerField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(target__gt=0), name="target_some")]

    def __str__(self) -> str:
        return self.name


class Goal(models.Model):
    """One line of the scorecard of a campaign, with the number that stands for it."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="goals")
    words = models.CharField(max_length=60)
    indicator = models.CharField(max_length=12, choices=Indicator)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.words

    @property
    def measure(self) -> str | Promise:
        """Return the measure word of what is counted for it."""
        return MEASURES[Indicator(self.indicator)]


class Action(models.Model):
    """Something that each team of a campaign must do (规定动作), or one team does of its own (创新动作)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="actions")
    name = models.CharField(max_length=60)
    kind = models.ForeignKey(
        EncounterKind, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("An encounter of this kind fulfils it."),
    )  # fmt: skip
    each_member = models.BooleanField(default=False, help_text=_("By every member, as with a training."))
    mandatory = models.BooleanField(default=True)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="own_actions", help_text=_("Whose own idea it is.")
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(team=None) | Q(mandatory=False), name="action_own_is_no_must"),
        ]

    def __str__(self) -> str:
        return self.name


class ActionDone(models.Model):
    """A team says that an action is done, where no encounter can say it."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="done")
    team = models.ForeignKey(Team, models.PROTECT, related_name="done")
    words = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "team"], name="action_done_once")]

    def __str__(self) -> str:
        return f"{self.team}: {self.action}"


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, user: User) -> Self:
        """All for who plans; those of the places one reaches, and to who oversees an office what it has offered for."""
        if user.standing.everywhere(Power.PLAN):
            return self
        offered = Q(office__in=user.standing.offices(Power.OVERSEE, Power.PLAN))
        return self.filter(reach_of(user).areas("area__") | offered)


class Need(models.Model):
    """What a community needs, who offers it, when, and what came of it (VIS-39)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="needs")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    offer = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True, blank=True)
    encounter = models.ForeignKey(Encounter, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | ~Q(result=""), name="need_done_with_result"),
            models.CheckConstraint(condition=Q(offer="") | Q(office__isnull=False), name="need_offer_of_office"),
        ]

    def __str__(self) -> str:
        return self.text
