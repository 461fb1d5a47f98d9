"""A leader's duty in the hall: when it was served, what was heard and what was settled on the spot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.listen.models import Voice
from lianxin.people.models import Shift, User
from lianxin.people.rules import Power


class DutyLog(models.Model):
    """The log of one shift. A shift without a log was not served."""

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="hall_log")
    leader = models.ForeignKey(
        User, models.PROTECT, related_name="+", help_text=_("Who came: the leader of the rota, or who stands in.")
    )
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    handover = models.TextField(blank=True, help_text=_("What the next one must know."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(left_at=None) | Q(left_at__gte=models.F("came_at")), name="duty_order")
        ]

    def __str__(self) -> str:
        return f"{self.shift}"


class DutyEntry(models.Model):
    """One opinion heard on duty: a voice like any other, and what was decided on the spot within competence."""

    log = models.ForeignKey(DutyLog, models.PROTECT, related_name="entries")
    text = models.TextField()
    decision = models.TextField(blank=True, help_text=_("What was decided on the spot."))
    competence = models.CharField(
        max_length=200, blank=True, help_text=_("By which rule the leader may decide this; empty: may not.")
    )
    voice = models.OneToOneField(Voice, models.PROTECT, related_name="+", help_text=_("As which it goes its road."))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(decision="") | ~Q(competence=""), name="duty_competence")]

    def __str__(self) -> str:
        return f"{self.log} {self.pk}"


def duties_of(user: User) -> models.QuerySet[Shift]:
    """Return the leaders' duties in halls: one's own, those of who one stands in for, all of a hall one keeps."""
    lent = [holding.behalf.pk for holding in user.standing.holdings if holding.behalf]
    kept = Q(office__in=user.standing.offices(Power.HALL))
    in_halls = Shift.objects.filter(duty=Shift.Duty.LEADER, office__hall__isnull=False)
    return in_halls.filter(Q(user=user) | Q(user__in=lent) | kept)
