"""What is put to the people of a village, a group or an enterprise, and by which procedure."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.govern.rules import PROXIES_MOST, PUBLIC, Electorate, Manner, Share, State, Step, steps_of
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import Enterprise


class Procedure(models.Model):
    """How decisions are taken somewhere (as 三制两评议): its steps, its shares, the document it rests on."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    basis = models.CharField(max_length=200, help_text=_("Document on which it rests."))
    steps = models.JSONField(default=list)
    quorum = models.CharField(max_length=12, choices=Share, default=Share.HALF)
    majority = models.CharField(max_length=12, choices=Share, default=Share.HALF)
    notice_days = models.PositiveSmallIntegerField(default=5, help_text=_("Days for which a motion is posted first."))
    proxies_most = models.PositiveSmallIntegerField(default=PROXIES_MOST, help_text=_("Proxies that one may hold."))
    acceptors_least = models.PositiveSmallIntegerField(default=3, help_text=_("Villagers who must accept a project."))
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def read_steps(self) -> list[Step]:
        return steps_of(self.steps)


class MotionQuerySet(models.QuerySet["Motion"]):
    def visible_to(self, user: User) -> Self:
        """Those of the offices for which one keeps decisions."""
        if user.standing.everywhere(Power.GOVERN):
            return self
        return self.filter(office__in=user.standing.offices(Power.GOVERN))

    def public(self) -> Self:
        return self.filter(state__in=PUBLIC)


class Motion(models.Model):
    """One question put to those who have a vote, and what became of it."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField(help_text=_("What is to be decided, word by word."))
    office = models.ForeignKey(Office, models.PROTECT, help_text=_("Who keeps it."))
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="motions")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="motions")
    procedure = models.ForeignKey(Procedure, models.PROTECT)
    electorate = models.CharField(max_length=12, choices=Electorate)
    manner = models.CharField(max_length=8, choices=Manner)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    proposed_by = models.CharField(max_length=80, help_text=_("Who brought it in, in words."))
    opened_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)
    vote_opened_at = models.DateTimeField(null=True)
    vote_closed_at = models.DateTimeField(null=True)

    objects = MotionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area=None, enterprise__isnull=False) | Q(area__isnull=False, enterprise=None),
                name="motion_of_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(electorate=Electorate.WORKER) | Q(area=None), name="motion_workers_in_enterprise"
            ),
        ]
        indexes = [models.Index(fields=["area", "-id"], name="motion_area")]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> Area | Enterprise:
        """Where it is decided."""
        found = self.area or self.enterprise
        assert found is not None
        return found

    @property
    def listed(self) -> int:
        """How many have a vote."""
        return self.voters.filter(struck_at=None).count()

    @property
    def voted(self) -> int:
        """How many took part, themselves or by proxy."""
        return self.voters.filter(struck_at=None, voted=True).count()

    def counts(self) -> dict[str, int]:
        """Return how many were for it, against it, and so on."""
        rows = self.tallies.values("choice").annotate(sum=models.Sum("count")).order_by()
        return {row["choice"]: row["sum"] for row in rows}


class StepRecord(models.Model):
    """A step of the procedure that is known by a record: who met, when, what was said."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="records")
    key = models.CharField(max_length=40)
    day = models.DateField()
    words = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "key"], name="step_record_once")]

    def __str__(self) -> str:
        return f"{self.motion} {self.key}"
