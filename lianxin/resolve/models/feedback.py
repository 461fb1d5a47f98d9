"""The feedback sheet of a village (民情反馈单): problems by the five levels, who answers for each, what came of it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.listen.models import Item, Subject
from lianxin.listen.rules import Level
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import reach_of
from lianxin.resolve.models.case import Case

ALIKE = 5  # households with the same kind of problem at one place: more than theirs alone


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: User) -> Self:
        """Sheets of the villages one reaches, and those on which one's office answers for a line."""
        asked = FeedbackLine.objects.filter(owner__in=user.standing.offices(Power.HANDLE)).values("sheet")
        mine = Q(area__in=Area.objects.filter(reach_of(user).areas()).values("pk")) | Q(pk__in=asked)
        return self if user.standing.everywhere(Power.PLAN) else self.filter(mine)


class Feedback(models.Model):
    """One numbered sheet of a village and a period; it closes when every line has its result."""

    number = models.CharField(max_length=24, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="feedback")
    starts = models.DateField()
    ends = models.DateField(help_text=_("The last day of the period."))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text=_("When it was given back to the villagers."))

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts__lte=F("ends")), name="feedback_dates")]

    def __str__(self) -> str:
        return self.number


class FeedbackLine(models.Model):
    """One problem of a sheet, whatever the number of households that raised it."""

    sheet = models.ForeignKey(Feedback, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices=Level)
    text = models.CharField(max_length=300)
    households = models.PositiveSmallIntegerField(default=1, help_text=_("How many raised it."))
    items = models.ManyToManyField(Item, related_name="feedback_lines")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="feedback_lines")
    owner = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    result = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="feedback_line_number"),
            models.CheckConstraint(
                condition=Q(result="", answered_at=None) | ~Q(result="") & Q(answered_at__isnull=False),
                name="feedback_line_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}-{self.number}"


class Alike(NamedTuple):
    """Problems of the same kind that several households of one place raised: perhaps the problem of the place."""

    subject: Subject
    area: Area
    households: int


def alike(user: User, since: date) -> list[Alike]:
    """Return where so many households raised the same kind of problem that it is more than theirs alone (ARC-07)."""
    small = (Level.HOUSEHOLD, Level.PERSON)
    raised = Item.objects.filter(level__in=small, subject__isnull=False, voice__household__isnull=False)
    raised = raised.filter(voice__received_at__date__gte=since, voice__household__area__in=_reached(user))
    rows = raised.order_by().values("subject", "voice__household__area")
    rows = rows.annotate(n=Count("voice__household", distinct=True)).filter(n__gte=ALIKE)
    subjects = Subject.objects.in_bulk([row["subject"] for row in rows])
    areas = Area.objects.defer("outline").in_bulk([row["voice__household__area"] for row in rows])
    return [Alike(subjects[row["subject"]], areas[row["voice__household__area"]], row["n"]) for row in rows]


def raised_alike(subject: Subject, area: Area, user: User) -> models.QuerySet[Item]:
    """Return the points behind one of them."""
    found = Item.objects.filter(subject=subject, voice__household__area=area, voice__household__area__in=_reached(user))
    return found.filter(level__in=(Level.HOUSEHOLD, Level.PERSON))


def _reached(user: User) -> models.QuerySet[Area]:
    return Area.objects.filter(reach_of(user).areas()).values("pk")  # type: ignore[return-value]
