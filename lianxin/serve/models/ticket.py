"""Numbers in the line, and who was served at which window from when to when. No row knows a name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.models.hall import Hall, Line, Window
from lianxin.serve.rules.line import AT_A_WINDOW, Reason, TicketState


class LineDay(models.Model):
    """How many numbers a line has given on a day: one counter, so that no number is given twice."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="days")
    day = models.DateField()
    given = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "day"], name="line_day")]

    def __str__(self) -> str:
        return f"{self.line} {self.day}"


class TicketQuerySet(models.QuerySet["Ticket"]):
    def on(self, day: date) -> Self:
        return self.filter(day=day)

    def waiting(self) -> Self:
        """Those who wait, in the order in which they are called."""
        return self.filter(state=TicketState.WAITING).order_by("rank_at", "id")

    def at_window(self) -> Self:
        return self.filter(state__in=[state.value for state in AT_A_WINDOW])

    def visible_to(self, user: User, at: datetime) -> Self:
        """Numbers of the halls one keeps, and of the lines of the windows at which one sits."""
        windows = Window.objects.visible_to(user, at)
        return self.filter(
            Q(hall__office__in=user.standing.offices(Power.HALL)) | Q(line__windows__in=windows)
        ).distinct()


class Ticket(models.Model):
    """A number that somebody holds."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="tickets")
    line = models.ForeignKey(Line, models.PROTECT, related_name="tickets")
    day = models.DateField()
    label = models.CharField(max_length=8, help_text=_("As it stands on the paper: A012. It stays when handed on."))
    key = models.CharField(max_length=16, unique=True, help_text=_("Opens the page of this number."))
    reason = models.CharField(max_length=10, choices=Reason, blank=True, default=Reason.NONE)
    state = models.CharField(max_length=10, choices=TicketState, default=TicketState.WAITING)
    taken_at = models.DateTimeField()
    rank_at = models.DateTimeField(help_text=_("By this moment numbers are called: the head start is counted in."))
    waits_since = models.DateTimeField(help_text=_("Since when it waits in this line."))
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="tickets")
    done_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "label"], name="ticket_label"),
            models.UniqueConstraint(
                fields=["window"], condition=Q(state__in=["called", "serving"]), name="ticket_one_at_a_window"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["called", "serving"]) | Q(window__isnull=False), name="ticket_window"
            ),
        ]
        indexes = [models.Index(fields=["line", "day", "state", "rank_at"], name="ticket_next")]

    def __str__(self) -> str:
        return self.label

    def before(self) -> int:
        """How many are called before this one, as it stands now."""
        ahead = Ticket.objects.filter(line=self.line_id, day=self.day, state=TicketState.WAITING)
        earlier = Q(rank_at__lt=self.rank_at) | Q(rank_at=self.rank_at, pk__lt=self.pk)
        return ahead.filter(earlier).count()


class Serving(models.Model):
    """One call of a number to a window: who called, when it began and ended, and how."""

    class End(models.TextChoices):
        DONE = "done", _("served")
        ABSENT = "absent", _("did not come")
        PASSED = "passed", _("handed on")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="servings")
    line = models.ForeignKey(Line, models.PROTECT, related_name="servings")
    window = models.ForeignKey(Window, models.PROTECT, related_name="servings")
    clerk = models.ForeignKey(User, models.PROTECT, related_name="+")
    waited_from = models.DateTimeField()
    called_at = models.DateTimeField()
    recalled = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=End, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at=None), name="serving_one_open")]
        indexes = [
            models.Index(fields=["window", "called_at"], name="serving_window"),
            models.Index(fields=["line", "called_at"], name="serving_line"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} → {self.window}"
