"""What is said and decided on a case while it is under way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianxin.people.models import Office, Post, User
from lianxin.resolve.models.case import Case, Task


class Progress(models.Model):
    """A word on how it goes, for the person who waits (public) or for colleagues."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="progress")
    text = models.TextField()
    public = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)
    office = models.ForeignKey(Office, models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"


class Return(models.Model):
    """An office says the task is not its own: once, with a reason. The second time the coordinator rules."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="returns")
    reason = models.CharField(max_length=400)
    suggested = models.ForeignKey(Office, models.PROTECT, null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ruling = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.task}"


class Extension(models.Model):
    """A later date: asked before the due date with a reason, decided by another, told to the person."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="extensions")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.CharField(max_length=400)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision_note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(granted=None), name="extension_one_open"),
            models.CheckConstraint(condition=Q(old_due_at__lt=models.F("new_due_at")), name="extension_later"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="extension_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.new_due_at:%Y-%m-%d}"


class Reexamination(models.Model):
    """Someone who is not the handler looks whether it is so (复诊对账)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reexaminations")
    matched = models.BooleanField()
    on_site = models.BooleanField(default=False)
    finding = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"


class Instruction(models.Model):
    """A leader's written order on a case (批示)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="instructions")
    text = models.TextField()
    post = models.ForeignKey(Post, models.PROTECT, null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"
