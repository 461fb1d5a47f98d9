"""What is built because it was decided: budget, progress in public, acceptance by those who decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.govern.models.motion import Motion
from lianxin.govern.models.voter import Voter
from lianxin.ledger.models import Attachment
from lianxin.people.models import User


class Project(models.Model):
    """The work that a decision asks for."""

    motion = models.OneToOneField(Motion, models.PROTECT, related_name="project")
    title = models.CharField(max_length=120)
    budget = models.PositiveBigIntegerField(help_text=_("Yuan."))
    sources = models.CharField(max_length=200, help_text=_("Where the money comes from."))
    builder = models.CharField(max_length=120, help_text=_("Who does the work."))
    started_on = models.DateField()
    planned_until = models.DateField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(started_on__lte=F("planned_until")), name="project_dates")]

    def __str__(self) -> str:
        return f"{self.motion} P"

    @property
    def latest(self) -> Progress | None:
        """How it stands, as last told."""
        return self.progress.order_by("-day", "-id").first()


class Progress(models.Model):
    """How far the work is on a day, for everybody to see."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="progress")
    day = models.DateField()
    percent = models.PositiveSmallIntegerField()
    spent = models.PositiveBigIntegerField(default=0, help_text=_("Yuan, so far."))
    words = models.TextField()
    photos = models.ManyToManyField(Attachment, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="progress_percent")]

    def __str__(self) -> str:
        return f"{self.project} {self.day}"


class Acceptance(models.Model):
    """Villagers look at the finished work and say whether it is as it was decided; what is wrong is mended first."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="acceptances")
    day = models.DateField()
    accepted = models.BooleanField()
    words = models.TextField()
    voters = models.ManyToManyField(Voter, related_name="+", help_text=_("Who looked."))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project"], condition=Q(accepted=True), name="acceptance_once")]

    def __str__(self) -> str:
        return f"{self.project} {self.day}"
