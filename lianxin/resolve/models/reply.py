"""What the people behind a case were told, and what they say of it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import fold
from lianxin.listen.models import Subject
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.resolve.models.case import Case, Join
from lianxin.resolve.rules import BAD_GRADE


class Reply(models.Model):
    """One answer to every person behind a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="replies")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def bad(self) -> Self:
        """Words that call for self-examination: not solved, or one of the two lowest grades (SAT-05)."""
        return self.filter(Q(solved="no") | Q(result_grade__lte=BAD_GRADE) | Q(handling_grade__lte=BAD_GRADE))

    def quotable(self) -> Self:
        """Own words of people who agreed that they be quoted (SAT-04)."""
        return self.filter(quotable=True).exclude(words="")


class Confirmation(models.Model):
    """What one person behind the case says of it: solved? satisfied with result and with handling? own words."""

    class Solved(models.TextChoices):
        YES = "yes", _("solved")
        PARTLY = "partly", _("partly solved")
        NO = "no", _("not solved")

    class Grade(models.IntegerChoices):
        """Five grades; the lowest two are bad."""

        VERY_GOOD = 5, _("very satisfied")
        GOOD = 4, _("satisfied")
        FAIR = 3, _("fairly satisfied")
        BAD = 2, _("dissatisfied")
        VERY_BAD = 1, _("very dissatisfied")

    case = models.ForeignKey(Case, models.PROTECT, related_name="confirmations")
    join = models.ForeignKey(Join, models.PROTECT, related_name="confirmations")
    life = models.PositiveSmallIntegerField(default=0, help_text=_("How often the case had been reopened before."))
    solved = models.CharField(max_length=6, choices=Solved)
    result_grade = models.PositiveSmallIntegerField(choices=Grade, null=True)
    handling_grade = models.PositiveSmallIntegerField(choices=Grade, null=True)
    words = models.TextField(blank=True)
    quotable = models.BooleanField(
        default=False, help_text=_("The person agrees that these words be quoted without the name.")
    )
    at = models.DateTimeField()
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, help_text=_("Who asked, by phone or visit; empty: the person did it alone.")
    )

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["join", "life"], name="confirmation_once")]

    def __str__(self) -> str:
        return f"{self.join} {self.solved}"


class Attempt(models.Model):
    """A documented attempt to reach the person for confirmation."""

    class Way(models.TextChoices):
        PHONE = "phone", _("telephone")
        SMS = "sms", _("text message")
        VISIT = "visit", _("visit")
        LETTER = "letter", _("letter")
        COMMUNITY = "community", _("through the village or community")

    case = models.ForeignKey(Case, models.PROTECT, related_name="attempts")
    join = models.ForeignKey(Join, models.PROTECT, null=True)
    way = models.CharField(max_length=10, choices=Way)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)

    def __str__(self) -> str:
        return f"{self.case} {self.way}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False, withdrawn_at=None)

    def waiting(self) -> Self:
        return self.filter(published_at=None, withdrawn_at=None)

    def search(self, words: str) -> Self:
        """Answers that hold every one of these words, in title, question or answer; nothing else is searched."""
        found = self
        for word in fold(words).split():
            found = found.filter(Q(title__icontains=word) | Q(question__icontains=word) | Q(answer__icontains=word))
        return found

    def about(self, subject: Subject) -> Self:
        return self.filter(case__subject__path__startswith=subject.path)

    def with_facts(self) -> Self:
        """With what the public pages say of the case, and without its long texts; newest first."""
        found = self.select_related("case__area", "case__subject", "case__lead").order_by("-published_at")
        first = Join.objects.filter(case=models.OuterRef("case")).order_by("item__voice__received_at")
        found = found.annotate(first_heard=models.Subquery(first.values("item__voice__received_at")[:1]))
        return found.defer("case__grams", "case__summary", "case__result_text", "case__area__outline")

    def in_month(self, day: date) -> Self:
        """Answers published in the month of this day (Asia/Shanghai)."""
        return self.filter(published_at__year=day.year, published_at__month=day.month)

    def within(self, area: Area) -> Self:
        return self.filter(case__area__path__startswith=area.path)


class Publication(models.Model):
    """A case told in public: drafted by one, reviewed by another, without names."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="publication")
    title = models.CharField(max_length=120)
    question = models.TextField()
    answer = models.TextField()
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.CharField(max_length=200, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["-published_at"],
                name="publication_shown",
                condition=Q(withdrawn_at=None, published_at__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=models.F("drafted_by")), name="publication_two_people"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days_to_effect(self) -> int | None:
        """As the case's own; asks nothing more of a row that came with_facts."""
        first = self.__dict__.get("first_heard")
        return self.case.days_from(first) if first else self.case.days_to_effect
