"""What happens to an application on its way: materials, corrections, pauses, numbers kept for an outage."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.flow.models import Step
from lianxin.ledger.models import Attachment
from lianxin.people.models import Office, User
from lianxin.serve.models.application import Application
from lianxin.serve.models.service import Material
from lianxin.serve.rules.application import WHAT_MOST, Special, Verdict


class HandedQuerySet(models.QuerySet["Handed"]):
    def current(self) -> Self:
        """What counts now: the last that was handed in for each material."""
        return self.filter(replaced=False)


class Handed(models.Model):
    """A material that was handed in: as a file, or shown on paper at a counter."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="handed")
    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    on_paper = models.BooleanField(default=False)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.GIVEN)
    remark = models.CharField(max_length=WHAT_MOST, blank=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    replaced = models.BooleanField(default=False)

    objects = HandedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["application", "material"], name="handed_current")]
        constraints = [
            models.CheckConstraint(
                condition=Q(on_paper=True) | Q(attachment__isnull=False), name="handed_is_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.material.key}"


class Correction(models.Model):
    """Everything that is missing or wrong, told once (一次性告知)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(
        max_length=300, blank=True, help_text=_("Of a second one: why it could not be seen the first time.")
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="correction_number"),
            models.UniqueConstraint(fields=["application"], condition=Q(answered_at=None), name="correction_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.number}"


class Fault(models.Model):
    """One material of a correction, and what exactly is wrong with it."""

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="faults")
    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    what = models.CharField(max_length=WHAT_MOST)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["correction", "material"], name="fault_once")]

    def __str__(self) -> str:
        return f"{self.correction} {self.material.key}"


class Standstill(models.Model):
    """The clock of an application stood still for a special procedure, of which the person was told in writing."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="standstills")
    kind = models.CharField(max_length=12, choices=Special)
    days = models.PositiveSmallIntegerField(help_text=_("Expected, in days."))
    basis = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(starts__lte=F("ends")), name="standstill_order"),
            models.UniqueConstraint(fields=["application"], condition=Q(ends=None), name="standstill_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.kind}"


class SpareQuerySet(models.QuerySet["Spare"]):
    def unused(self) -> Self:
        return self.filter(application=None)


class Spare(models.Model):
    """A number kept for a time when the machine is out: given out on paper, entered later."""

    number = models.CharField(max_length=24, unique=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="spare")

    objects = SpareQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number


class Remark(models.Model):
    """What an officer wrote for colleagues when a step was finished."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="remarks")
    step = models.OneToOneField(Step, models.PROTECT, related_name="remark")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.application} {self.step}"


class Seat(models.Model):
    """Which office of this county stands behind a name in the processes."""

    key = models.CharField(max_length=40, unique=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.office}"


def pauses_of(application: Application) -> list[tuple[datetime, datetime | None, str]]:
    """Return when the clock of an application stood still, and why, in order and without overlap.

    Besides special procedures it stands still while the person is asked, where the process says so.
    """
    found = [(still.starts, still.ends, str(Special(still.kind).label)) for still in application.standstills.all()]
    if application.run_id:
        asked = Step.objects.filter(run=application.run_id, stops_clock=True)
        found += [(step.opened_at, step.closed_at, step.title) for step in asked]
    joined: list[tuple[datetime, datetime | None, str]] = []
    for begun, ended, why in sorted(found, key=lambda pause: pause[0]):
        if joined and (joined[-1][1] is None or begun <= joined[-1][1]):
            first, until, reason = joined[-1]
            later = None if until is None or ended is None else max(until, ended)
            joined[-1] = (first, later, reason)
        else:
            joined.append((begun, ended, why))
    return joined
