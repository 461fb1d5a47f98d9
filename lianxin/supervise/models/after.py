"""What belongs to a visit afterwards: its report, whether anything was received, what the enterprise thought of it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.ledger.models import Attachment
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.record.models import Encounter, Enterprise, Link
from lianxin.supervise.models.obligation import Obligation


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """Those of encounters one may see, and all of them for who keeps links."""
        if user.standing.everywhere(Power.LINK):
            return self
        return self.filter(encounter__in=Encounter.objects.visible_to(user).values("pk"))


class Report(models.Model):
    """What was found on a visit, and what ought to be done: a survey report."""

    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="report")
    title = models.CharField(max_length=120)
    text = models.TextField()
    file = models.ForeignKey(Attachment, models.PROTECT, null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ReportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class Declaration(models.Model):
    """What somebody received on a visit: said for each visit to an enterprise, also where it was nothing (I-90)."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="declarations")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received = models.CharField(max_length=200, blank=True, help_text=_("Empty: nothing."))
    handed_in = models.CharField(max_length=200, blank=True, help_text=_("What became of it."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "by"], name="declaration_once"),
            models.CheckConstraint(condition=Q(received="") | ~Q(handed_in=""), name="declaration_says_what_became"),
        ]

    def __str__(self) -> str:
        return f"{self.encounter} {self.by}"


class RatingCode(models.Model):
    """A code given to an enterprise after a visit, good for one grade. It is not kept which grade came of it."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="rating_codes")
    leader = models.ForeignKey(User, models.PROTECT, related_name="+")
    quarter = models.DateField(help_text=_("First day of the quarter."))
    digest = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "leader", "quarter"], name="rating_code_once_a_quarter")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.quarter}"


class Usefulness(models.Model):
    """How many enterprises said so of a leader's visits in a quarter: a count, never a row of one enterprise."""

    class Grade(models.IntegerChoices):
        HELPED = 3, _("It helped")
        HARMLESS = 2, _("It neither helped nor hindered")
        BURDEN = 1, _("It was a burden")

    leader = models.ForeignKey(User, models.PROTECT, related_name="+")
    quarter = models.DateField()
    grade = models.PositiveSmallIntegerField(choices=Grade)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leader", "quarter", "grade"], name="usefulness_one_count")]

    def __str__(self) -> str:
        return f"{self.leader} {self.quarter} {self.grade}"


class ClueQuerySet(models.QuerySet["Clue"]):
    def visible_to(self, user: User) -> Self:
        """All of them for who oversees or keeps links, within reach; one's own never hidden."""
        if user.standing.everywhere(Power.OVERSEE) or user.standing.everywhere(Power.LINK):
            return self
        return self.filter(Q(office__in=user.standing.offices(Power.OVERSEE)) | Q(user=user))

    def open(self) -> Self:
        return self.filter(settled_at=None)


class Clue(models.Model):
    """Somebody missed an obligation so often in a row that somebody else must ask why (LNK-09)."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="clues")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="clues")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    link = models.ForeignKey(Link, models.PROTECT, null=True, related_name="clues")
    since = models.DateField(help_text=_("First day of the first period that was missed."))
    until = models.DateField(help_text=_("Day after the last one."))
    missed = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=200, blank=True, help_text=_("What came of it."))

    objects = ClueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "link", "since"], name="clue_once_a_link"),
            models.UniqueConstraint(
                fields=["obligation", "user", "since"], condition=Q(link=None), name="clue_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["obligation", "office", "since"], condition=Q(link=None, user=None), name="clue_once_an_office"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} {self.user or self.office}"


def quarter_of(day: date) -> date:
    """Return the first day of the quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
