"""The hall: its lines and windows, who sits where on which day, and who is certified for what."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.serve.rules.hall import Meal, Opening, Sitting


class HallQuerySet(models.QuerySet["Hall"]):
    def visible_to(self, user: User) -> Self:
        """The halls that this officer keeps, and those in which a window awaits the officer or an absent colleague."""
        offices = user.standing.offices(Power.HALL)
        seated = Turn.objects.filter(clerk__in=stood_for(user)).values("roster__hall")
        return self.filter(Q(office__in=offices) | Q(pk__in=seated))

    def kept_by(self, user: User) -> Self:
        return self.filter(office__in=user.standing.offices(Power.HALL))


class Hall(models.Model):
    """A place with windows. What an office would change (meal, alarm) stands in its row, with its basis."""

    office = models.OneToOneField(Office, models.PROTECT, related_name="hall")
    place = models.CharField(max_length=120, blank=True)
    lunch_from = models.TimeField(default=time(12, 0), help_text=_("From when business counts as done at lunch."))
    lunch_to = models.TimeField(default=time(13, 30))
    meal_from = models.TimeField(default=time(11, 0), help_text=_("Within these hours everybody has a meal."))
    meal_to = models.TimeField(default=time(14, 0))
    meal_minutes = models.PositiveSmallIntegerField(default=30)
    unattended_minutes = models.PositiveSmallIntegerField(
        default=15, help_text=_("So long nobody is called while people wait, and the manager is told.")
    )
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document that sets these hours."))

    objects = HallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lunch_from__lt=F("lunch_to")), name="hall_lunch"),
            models.CheckConstraint(condition=Q(meal_from__lt=F("meal_to")), name="hall_meal"),
        ]

    def __str__(self) -> str:
        return self.office.name

    @property
    def meal(self) -> Meal:
        return Meal(self.meal_from, self.meal_to, self.meal_minutes)


class LineQuerySet(models.QuerySet["Line"]):
    def open(self) -> Self:
        return self.filter(closed_on=None).order_by("letter")


class Line(models.Model):
    """A line in which people stand for certain services; its letter begins their numbers."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="lines")
    letter = models.CharField(max_length=2)
    name = models.CharField(max_length=40)
    codes = models.JSONField(default=list, blank=True, help_text=_("Codes of the services; empty: general matters."))
    closed_on = models.DateField(null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "letter"], condition=Q(closed_on=None), name="line_letter")
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class WindowQuerySet(models.QuerySet["Window"]):
    def open(self) -> Self:
        return self.filter(closed_on=None).order_by("number")

    def visible_to(self, user: User, at: datetime) -> Self:
        """All windows of a hall one keeps; else those at which one, or whom one stands in for, sits that day."""
        offices = user.standing.offices(Power.HALL)
        sits = Turn.objects.on(local(at).date()).filter(clerk__in=stood_for(user)).values("window")
        return self.filter(Q(hall__office__in=offices) | Q(pk__in=sits))


class Window(models.Model):
    """A window: its number and sign, the lines it serves, and when it is open."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    place = models.CharField(max_length=80, blank=True)
    lines = models.ManyToManyField(Line, related_name="windows")
    opens = models.TimeField(default=time(9, 0))
    closes = models.TimeField(default=time(17, 0))
    pauses = models.TimeField(null=True, blank=True, help_text=_("Empty: open at lunch, too."))
    resumes = models.TimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], condition=Q(closed_on=None), name="window_number"),
            models.CheckConstraint(
                condition=Q(pauses=None, resumes=None, opens__lt=F("closes"))
                | Q(opens__lt=F("pauses"), pauses__lt=F("resumes"), resumes__lt=F("closes")),
                name="window_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def periods(self) -> list[tuple[time, time]]:
        """When it is open on a working day."""
        if self.pauses and self.resumes:
            return [(self.opens, self.pauses), (self.resumes, self.closes)]
        return [(self.opens, self.closes)]

    def openings(self) -> list[Opening]:
        """When it is open on a working day, and for what."""
        codes = frozenset(code for line in self.lines.all() for code in line.codes)
        return [Opening(self.pk, opens, closes, codes) for opens, closes in self.periods]


class Roster(models.Model):
    """Who sits where on a day; a new plan takes the place of the old one, and the ledger keeps both."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="rosters")
    day = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "day"], name="roster_day")]

    def __str__(self) -> str:
        return f"{self.hall} {self.day}"


class TurnQuerySet(models.QuerySet["Turn"]):
    def on(self, day: date) -> Self:
        return self.filter(roster__day=day)

    def at(self, moment: datetime) -> Self:
        then = local(moment)
        return self.on(then.date()).filter(starts__lte=then.time(), ends__gt=then.time())

    def in_order(self) -> Self:
        return self.order_by("window__number", "starts", "id")


class Turn(models.Model):
    """One clerk at one window in [starts, ends) of the day of the roster."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="turns")
    window = models.ForeignKey(Window, models.PROTECT, related_name="turns")
    clerk = models.ForeignKey(User, models.PROTECT, related_name="turns")
    starts = models.TimeField()
    ends = models.TimeField()

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="turn_order")]

    def __str__(self) -> str:
        return f"{self.window} {self.starts:%H:%M}-{self.ends:%H:%M}"

    @property
    def sitting(self) -> Sitting:
        return Sitting(self.window_id, self.clerk_id, self.starts, self.ends)


class SkillQuerySet(models.QuerySet["Skill"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(certified_on__lte=day), Q(ends_on=None) | Q(ends_on__gt=day))

    def by_clerk(self, day: date) -> dict[int, frozenset[str]]:
        """For what each clerk is certified on a day."""
        found: dict[int, set[str]] = {}
        for clerk, code in self.on(day).values_list("clerk", "code"):
            found.setdefault(clerk, set()).add(code)
        return {clerk: frozenset(codes) for clerk, codes in found.items()}


class Skill(models.Model):
    """A clerk may take in a service alone: certified on a day, by somebody, after an assessment."""

    clerk = models.ForeignKey(User, models.PROTECT, related_name="skills")
    code = models.CharField(max_length=40, help_text=_("Code of the service; it outlives the versions of the service."))
    certified_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    assessment = models.CharField(max_length=120, help_text=_("How it was seen that the clerk can do it."))
    certified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = SkillQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clerk", "code"], condition=Q(ends_on=None), name="skill_once"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(certified_on__lte=F("ends_on")), name="skill_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.clerk} {self.code}"


def stood_for(user: User) -> list[int]:
    """Return the officer and the absent colleagues for whom the officer stands in, where WINDOW is lent."""
    lent = [h.behalf.pk for h in user.standing.holdings if h.behalf and Power.WINDOW in h.powers]
    own = [user.pk] if any(h.behalf is None and Power.WINDOW in h.powers for h in user.standing.holdings) else []
    return [*own, *lent]
