"""What people say of how they were served."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.models.application import Application
from lianxin.serve.models.care import HomeVisit
from lianxin.serve.models.ticket import Ticket
from lianxin.serve.rules.application import BAD_GRADE, Grade, Moment


class RatingQuerySet(models.QuerySet["Rating"]):
    def active(self) -> Self:
        """Ratings that somebody gave; silence is never counted as one."""
        return self.filter(silent=False)

    def bad(self) -> Self:
        return self.active().filter(Q(grade__lte=BAD_GRADE) | Q(conduct__lte=BAD_GRADE))

    def unanswered(self) -> Self:
        return self.bad().filter(answered_at=None)

    def overdue(self, at: datetime) -> Self:
        return self.unanswered().filter(answer_by__lte=at)

    def visible_to(self, user: User) -> Self:
        """Ratings of the offices for which the officer oversees or decides."""
        own = user.standing.offices(Power.DECIDE, Power.OVERSEE)
        halls = user.standing.offices(Power.HALL, Power.OVERSEE)
        at_hall = Q(ticket__hall__office__in=halls) | Q(home__hall__office__in=halls)
        return self.filter(Q(application__office__in=own) | at_hall)

    def answered_by_offices(self, deciding: Iterable[int], halls: Iterable[int]) -> Self:
        """Ratings that these offices take care of: of their applications, and of the contacts in their halls."""
        halls = list(halls)
        at_hall = Q(ticket__hall__office__in=halls) | Q(home__hall__office__in=halls)
        return self.filter(Q(application__office__in=list(deciding)) | at_hall)


class Rating(models.Model):
    """One rating (好差评): of a contact, or of the application as a whole; conduct apart from the outcome."""

    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="ratings")
    ticket = models.OneToOneField(
        Ticket, models.PROTECT, null=True, related_name="rating", help_text=_("Of one contact at a window.")
    )
    home = models.OneToOneField(
        HomeVisit, models.PROTECT, null=True, related_name="rating", help_text=_("Of one visit to a home.")
    )
    moment = models.CharField(max_length=8, choices=Moment)
    contact = models.CharField(max_length=60, blank=True, help_text=_("Which contact: the event it is about."))
    grade = models.PositiveSmallIntegerField(choices=Grade)
    conduct = models.PositiveSmallIntegerField(choices=Grade, null=True, help_text=_("How one was treated."))
    words = models.TextField(blank=True)
    silent = models.BooleanField(default=False, help_text=_("Nobody said anything; counted apart."))
    at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True, help_text=_("Of a bad one: by when it is taken care of."))
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    found = models.CharField(max_length=12, blank=True, choices=[("true", _("justified")), ("mistaken", _("mistaken"))])
    answer = models.TextField(blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "moment", "contact"], name="rating_once"),
            models.CheckConstraint(condition=Q(grade__range=(1, 5)), name="rating_grade"),
            models.CheckConstraint(
                condition=Q(application__isnull=False, ticket=None, home=None)
                | Q(application=None, ticket__isnull=False, home=None)
                | Q(application=None, ticket=None, home__isnull=False),
                name="rating_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(conduct=None) | Q(conduct__range=(1, 5)), name="rating_conduct"),
        ]
        indexes = [models.Index(fields=["grade", "answered_at"], name="rating_bad")]

    def __str__(self) -> str:
        return f"{self.application or self.ticket or self.home} {self.grade}"

    @property
    def title(self) -> str:
        """What was rated, in a few words: the service, the window, the visit."""
        if self.application:
            return self.application.service.name
        if self.ticket:
            return " · ".join(str(part) for part in (self.ticket.window, self.ticket.line, self.ticket.label) if part)
        return f"{_('visit to a home')} {self.home}"

    @property
    def office_id(self) -> int:
        """The office that takes care of it where it is bad."""
        if self.application:
            return self.application.office_id
        contact = self.ticket or self.home
        assert contact  # the constraint: of one thing
        return contact.hall.office_id

    @property
    def is_bad(self) -> bool:
        return not self.silent and (self.grade <= BAD_GRADE or (self.conduct or 5) <= BAD_GRADE)
