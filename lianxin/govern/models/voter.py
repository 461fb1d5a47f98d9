"""Who has a vote, who says the list is wrong, and how many voted how."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.govern.models.motion import Motion
from lianxin.govern.rules import Choice
from lianxin.people.models import User
from lianxin.record.models import Household, Resident


class Voter(models.Model):
    """One vote on the list of a motion. That it was used is kept; how, is not."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="voters")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, help_text=_("As it stands on the list."))
    struck_at = models.DateTimeField(null=True)
    proxy = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="votes_for", help_text=_("Who votes in place of this one.")
    )
    digest = models.CharField(max_length=64, blank=True, help_text=_("Of the code for a ballot without coming."))
    voted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "household"], condition=Q(resident=None), name="voter_household_once"
            ),
            models.UniqueConstraint(fields=["motion", "resident"], name="voter_resident_once"),
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="voter_code"),
            models.CheckConstraint(condition=Q(struck_at=None) | Q(voted=False), name="voter_struck_did_not_vote"),
            models.CheckConstraint(condition=Q(proxy=None) | ~Q(proxy=F("id")), name="voter_not_own_proxy"),
        ]
        indexes = [models.Index(fields=["motion", "name"], name="voter_list")]

    def __str__(self) -> str:
        return f"{self.motion} #{self.pk}"


class Objection(models.Model):
    """Somebody says that a voter is missing from the list, or should not be on it; it is ruled on before the vote."""

    class Wants(models.TextChoices):
        ADD = "add", _("somebody is missing")
        STRIKE = "strike", _("somebody should not be on it")

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="objections")
    wants = models.CharField(max_length=8, choices=Wants)
    voter = models.ForeignKey(Voter, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    words = models.CharField(max_length=200)
    at = models.DateTimeField()
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    ruling = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ruled_at=None) | ~Q(ruling=""), name="objection_ruled_with_words")
        ]

    def __str__(self) -> str:
        return f"{self.motion} {self.wants}"


class Tally(models.Model):
    """How many chose what. There is no row per ballot: nothing could be laid beside the list of voters (I-86)."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="tallies")
    choice = models.CharField(max_length=8, choices=Choice)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "choice"], name="tally_one_count")]

    def __str__(self) -> str:
        return f"{self.motion} {self.choice}"
