"""What waits for an officer among applications."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from lianxin.flow.models import Step
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.models.application import Application
from lianxin.serve.models.rating import Rating
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import State


class Duty(StrEnum):
    """A kind of thing that waits."""

    RECEIVE = "receive"
    STEPS = "steps"
    DECIDE = "decide"
    DELIVER = "deliver"
    RATINGS = "ratings"
    ESCALATED = "escalated"


def duties(user: User) -> dict[Duty, QuerySet[Any]]:
    """Return what waits for this officer, by kind; only the kinds that the officer's powers have to do with."""
    standing = user.standing
    receiving = standing.offices(Power.RECEIVE)
    working = standing.offices(Power.PROCESS)
    deciding = standing.offices(Power.DECIDE)
    halls = standing.offices(Power.HALL)
    found: dict[Duty, QuerySet[Any]] = {}
    if receiving:
        own = Application.objects.filter(office__in=receiving) | Application.objects.filter(taken_in__in=receiving)
        found[Duty.RECEIVE] = own.to_receive()
        found[Duty.DELIVER] = own.filter(state=State.DECIDED)
    if working:
        found[Duty.STEPS] = steps_of(working)
    if deciding:
        found[Duty.DECIDE] = Application.objects.filter(office__in=deciding, state=State.DECIDING)
        found[Duty.ESCALATED] = escalated_to(deciding)
    if deciding or halls:
        found[Duty.RATINGS] = Rating.objects.answered_by_offices(deciding, halls).unanswered()
    return found


def steps_of(offices: frozenset[int]) -> QuerySet[Step]:
    """Return the open steps that these offices owe on applications whose road is open; not those that are signed."""
    states = [state.value for state in rules.STEPPING]
    owed = Step.objects.open().for_offices(offices).filter(run__application__state__in=states)
    return owed.most_urgent_first()


def escalated_to(offices: frozenset[int]) -> QuerySet[Step]:
    """Return the open steps of which the heads of these offices were told: they owe them, or answer for the whole."""
    told = Step.objects.escalated().filter(run__application__isnull=False)
    return told.filter(Q(office__in=offices) | Q(run__application__office__in=offices))


def narrowed(user: User, *, look: str, words: str, at: datetime) -> QuerySet[Application]:
    """Return the applications that the officer may see, narrowed to one way of looking and to a number or a service."""
    found: QuerySet[Application] = Application.objects.visible_to(user)
    waiting = duties(user)
    if look == "steps" and Duty.STEPS in waiting:
        found = found.filter(run__in=waiting[Duty.STEPS].order_by().values("run"))
    elif look == "escalated" and Duty.ESCALATED in waiting:
        found = found.filter(run__in=waiting[Duty.ESCALATED].order_by().values("run"))
    elif look in ("receive", "decide", "deliver") and Duty(look) in waiting:
        found = found.filter(pk__in=waiting[Duty(look)].values("pk"))
    elif look == "late":
        found = Application.objects.filter(pk__in=found.values("pk")).overdue(at)
    elif look == "near":
        found = Application.objects.filter(pk__in=found.values("pk")).due_soon(at, hours=48)
    elif look == "open":
        found = Application.objects.filter(pk__in=found.values("pk")).open()
    if words:
        found = found.filter(number__icontains=words) | found.filter(service__name__icontains=words)
    return found.select_related("service", "office").order_by("-id")
