"""Lists brought in from a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from lianxin.ledger.models import Attachment
from lianxin.people.models import User


class IntakeQuerySet(models.QuerySet["Intake"]):
    """Questions to lists."""

    def of(self, kinds: Iterable[str]) -> IntakeQuerySet:
        """Lists of these kinds: of each officer those that the own powers reach."""
        return self.filter(kind__in=list(kinds))


class Intake(models.Model):
    """One list being read in by the worker, slice by slice; running it again adds nothing."""

    class State(models.TextChoices):
        MAPPED = "mapped"  # previewed, not yet begun
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    kind = models.CharField(max_length=20)  # what is in it: rules.Listing.kind
    file = models.ForeignKey(Attachment, models.PROTECT)
    mapping = models.JSONField(default=dict)  # name of the column: what it holds
    way = models.CharField(max_length=20, blank=True)  # how it is taken in, where there are several ways
    dry = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPED)
    total = models.PositiveIntegerField(default=0)
    row = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict)  # what else is counted while it is read, by its key
    lease_until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "state", "id"], name="intake_kind_state")]

    def __str__(self) -> str:
        return self.file.name


class IntakeError(models.Model):
    """A row that could not be taken, and why, until it is mended."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="errors")
    row = models.PositiveIntegerField()  # as a person counts in the file
    trouble = models.CharField(max_length=200)
    cells = models.JSONField(default=dict)  # as they may be shown
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intake", "row"], name="intake_error_row")]

    def __str__(self) -> str:
        return f"{self.row}: {self.trouble}"
