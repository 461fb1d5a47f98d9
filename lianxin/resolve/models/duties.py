"""What waits for an officer, whatever app it comes from: one sentence per duty, for the to-do list and its counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from lianxin.ledger.models import Event
from lianxin.listen.models import Voice, clerk_of
from lianxin.outbox.models import Message
from lianxin.people.models import Post, Shift, User
from lianxin.people.rules import Power, Standing
from lianxin.resolve import rules
from lianxin.resolve.models.case import Case, Pause, Task
from lianxin.resolve.models.course import Extension, Return
from lianxin.resolve.models.reply import Publication
from lianxin.resolve.rules import Deed, State, TaskState

COUNT_MOST = 999  # a count stops here, so that it costs the same in the tenth year
NEAR_HOURS = 24
MAJOR_DAYS = 3  # so long after its alarm a major matter is shown to whoever is on duty


class Duty(StrEnum):
    """One kind of thing that may wait for an officer."""

    MAJOR = "major"
    OVERDUE = "overdue"
    UNREAD = "unread"
    TRIAGE = "triage"
    LETTERS = "letters"
    DIAGNOSE = "diagnose"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    NEAR = "near"
    RULE = "rule"
    DECIDE_EXTENSION = "decide_extension"
    RESUME = "resume"
    REEXAMINE = "reexamine"
    REPLY = "reply"
    CONFIRM = "confirm"
    PUBLISH = "publish"
    MESSAGES = "messages"


def duties(user: User, at: datetime) -> dict[Duty, QuerySet[Any]]:
    """Return what waits for this officer, or for those for whom he stands in, by duty; only duties his powers open."""
    powers = user.standing.powers
    return {duty: find(user.standing, at) for duty, (needed, find) in _DUTIES.items() if not powers.isdisjoint(needed)}


def count(found: dict[Duty, QuerySet[Any]], user: User) -> dict[Duty, int]:
    """Count all duties in one query, none beyond COUNT_MOST."""
    if not found:
        return {}
    numbers = {f"{duty}_waiting": _Capped(rows.order_by().values("pk")[:COUNT_MOST]) for duty, rows in found.items()}
    row = User.objects.filter(pk=user.pk).annotate(**numbers).values_list(*numbers).first() or ()
    return {duty: number or 0 for duty, number in zip(found, row, strict=True)}  # nothing at all counts as None


class _Capped(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field: models.Field[Any, Any] = IntegerField()


def _within(standing: Standing, power: Power, field: str = "office") -> Q:
    """Say over whose matters the power is held."""
    return Q() if standing.everywhere(power) else Q(**{f"{field}__in": standing.offices(power)})


def _watched(standing: Standing, power: Power) -> Q:
    """Say which cases lie with, or are led by, the offices over which the power is held."""
    return _within(standing, power) | _within(standing, power, "lead")


def _states(states: Iterable[State]) -> list[str]:
    return sorted(state.value for state in states)


def _triage(standing: Standing, at: datetime) -> QuerySet[Any]:
    open_ones = Q(addressee=None) | Q(handed_on_at__isnull=False)
    return Voice.objects.waiting().filter(open_ones, _within(standing, Power.TRIAGE))


def _letters(standing: Standing, at: datetime) -> QuerySet[Any]:
    mine = Q(addressee__in=standing.posts()) | Q(addressee__office__in=clerk_of(standing))
    return Voice.objects.unread().filter(mine)


def _major(standing: Standing, at: datetime) -> QuerySet[Any]:
    on_duty = Shift.objects.at(at).filter(
        duty=Shift.Duty.LEADER, user__in=Post.objects.filter(pk__in=standing.posts()).values("holder")
    )
    raised = Event.objects.filter(
        kind=Case._meta.label_lower,
        key=OuterRef("pk"),
        verb=rules.verb(Deed.ALARM),
        at__gte=at - timedelta(days=MAJOR_DAYS),
    )
    watched = Case.objects.open().filter(_watched(standing, Power.SEE_CASES), major=True)
    return watched.filter(Exists(on_duty), Exists(raised))


def _overdue(standing: Standing, at: datetime) -> QuerySet[Any]:
    """What others owe: what the own office owes is under NEAR."""
    owed = Case.objects.overdue(at).filter(_watched(standing, Power.OVERSEE))
    return owed.exclude(pk__in=_tasks(standing).values("case"))


def _unread(standing: Standing, at: datetime) -> QuerySet[Any]:
    """Letters to others: the own ones are under LETTERS."""
    others = Voice.objects.unread().filter(_within(standing, Power.OVERSEE, "addressee__office"))
    return others.exclude(pk__in=_letters(standing, at).values("pk"))


def _diagnose(standing: Standing, at: datetime) -> QuerySet[Any]:
    if standing.everywhere(Power.DISPATCH):  # who dispatches finds the same cases there
        return Case.objects.none()
    states = _states([State.REGISTERED, State.DIAGNOSING, State.REOPENED])
    return Case.objects.filter(_within(standing, Power.DIAGNOSE), state__in=states)


def _dispatch(standing: Standing, at: datetime) -> QuerySet[Any]:
    return Case.objects.filter(_within(standing, Power.DISPATCH), state__in=_states(rules.UNDISPATCHED))


def _tasks(standing: Standing) -> QuerySet[Task]:
    return Task.objects.filter(state=TaskState.OPEN, office__in=standing.offices(Power.HANDLE))


def _handle(standing: Standing, at: datetime) -> QuerySet[Any]:
    return Case.objects.filter(pk__in=_tasks(standing).values("case"))


def _near(standing: Standing, at: datetime) -> QuerySet[Any]:
    soon = _tasks(standing).filter(due_at__lte=at + timedelta(hours=NEAR_HOURS))
    return Case.objects.filter(pk__in=soon.values("case"))


def _rule(standing: Standing, at: datetime) -> QuerySet[Any]:
    waiting = Return.objects.filter(ruled_at=None).values("task__case")
    return Case.objects.filter(_within(standing, Power.DISPATCH), state=State.HANDLING, pk__in=waiting)


def _decide_extension(standing: Standing, at: datetime) -> QuerySet[Any]:
    return Case.objects.filter(
        _within(standing, Power.APPROVE), pk__in=Extension.objects.filter(granted=None).values("case")
    )


def _resume(standing: Standing, at: datetime) -> QuerySet[Any]:
    to_look_at = Pause.objects.filter(ends=None, review_on__lte=timezone.localdate(at)).values("case")
    return Case.objects.filter(_within(standing, Power.DISPATCH), pk__in=to_look_at)


def _reexamine(standing: Standing, at: datetime) -> QuerySet[Any]:
    return Case.objects.filter(_within(standing, Power.REEXAMINE), state=State.REEXAMINING, reexamined_at=None)


def _reply(standing: Standing, at: datetime) -> QuerySet[Any]:
    owed = Case.objects.filter(_within(standing, Power.REPLY), state=State.REEXAMINING)
    return owed.filter(reexamined_at__isnull=False)


def _confirm(standing: Standing, at: datetime) -> QuerySet[Any]:
    return Case.objects.filter(_within(standing, Power.REPLY), state=State.ANSWERED)


def _publish(standing: Standing, at: datetime) -> QuerySet[Any]:
    return Publication.objects.waiting().filter(_within(standing, Power.PUBLISH, "case__office"))


def _messages(standing: Standing, at: datetime) -> QuerySet[Any]:
    return Message.objects.troubled().filter(_within(standing, Power.MESSAGES))


_DUTIES: dict[Duty, tuple[frozenset[Power], Callable[[Standing, datetime], QuerySet[Any]]]] = {
    Duty.MAJOR: (frozenset({Power.SEE_CASES}), _major),
    Duty.OVERDUE: (frozenset({Power.OVERSEE}), _overdue),
    Duty.UNREAD: (frozenset({Power.OVERSEE}), _unread),
    Duty.TRIAGE: (frozenset({Power.TRIAGE}), _triage),
    Duty.LETTERS: (frozenset({Power.READ_LETTERS, Power.INSTRUCT}), _letters),
    Duty.DIAGNOSE: (frozenset({Power.DIAGNOSE}), _diagnose),
    Duty.DISPATCH: (frozenset({Power.DISPATCH}), _dispatch),
    Duty.HANDLE: (frozenset({Power.HANDLE}), _handle),
    Duty.NEAR: (frozenset({Power.HANDLE}), _near),
    Duty.RULE: (frozenset({Power.DISPATCH}), _rule),
    Duty.DECIDE_EXTENSION: (frozenset({Power.APPROVE}), _decide_extension),
    Duty.RESUME: (frozenset({Power.DISPATCH}), _resume),
    Duty.REEXAMINE: (frozenset({Power.REEXAMINE}), _reexamine),
    Duty.REPLY: (frozenset({Power.REPLY}), _reply),
    Duty.CONFIRM: (frozenset({Power.REPLY}), _confirm),
    Duty.PUBLISH: (frozenset({Power.PUBLISH}), _publish),
    Duty.MESSAGES: (frozenset({Power.MESSAGES}), _messages),
}
