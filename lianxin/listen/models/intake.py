"""Lists of voices brought in from a file."""

from __future__ import annotations

from django.db import models

from lianxin.ledger.models import Attachment
from lianxin.people.models import User


class Intake(models.Model):
    """One file of voices being read in by the worker, row by row; running it again adds nothing."""

    class State(models.TextChoices):
        MAPPED = "mapped"  # previewed, columns chosen, not yet begun
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    file = models.ForeignKey(Attachment, models.PROTECT)
    mapping = models.JSONField(default=dict)
    dry = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPED)
    total = models.PositiveIntegerField(default=0)
    row = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="intake_running")]

    def __str__(self) -> str:
        return self.file.name


class IntakeError(models.Model):
    """A row that could not be taken, and why, so that it can be mended and read again."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="errors")
    row = models.PositiveIntegerField()
    trouble = models.CharField(max_length=200)
    cells = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.row}: {self.trouble}"
