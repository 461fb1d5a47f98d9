"""Lists of services brought in from a file."""

from __future__ import annotations

from django.db import models

from lianxin.ledger.models import Attachment
from lianxin.people.models import User


class CatalogueIntake(models.Model):
    """One file of services being read in by the worker, slice by slice; running it again changes nothing."""

    class State(models.TextChoices):
        MAPPED = "mapped"  # previewed, not yet begun
        RUNNING = "running"
        DONE = "done"

    file = models.ForeignKey(Attachment, models.PROTECT)
    mapping = models.JSONField(default=dict)
    publishes = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPED)
    total = models.PositiveIntegerField(default=0)
    row = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    gaps = models.JSONField(default=dict)  # gap: in how many of the services brought in
    troubles = models.JSONField(default=list)  # the first rows that could not be taken, with the reason
    lease_until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="service_intake_running")]

    def __str__(self) -> str:
        return self.file.name
