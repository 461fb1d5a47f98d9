"""The line: what becomes of a number, who is called first, and when somebody may come by appointment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.serve.rules.hall import clock, minute


class TicketState(models.TextChoices):
    """Where a number stands."""

    WAITING = "waiting", _("waits")
    CALLED = "called", _("called")
    SERVING = "serving", _("is being served")
    ABSENT = "absent", _("did not come when called")
    DONE = "done", _("served")
    LEFT = "left", _("gave the number back")


# From where to where, and by which deed.
MOVES: dict[str, tuple[frozenset[TicketState], TicketState]] = {
    "call": (frozenset({TicketState.WAITING}), TicketState.CALLED),
    "attend": (frozenset({TicketState.CALLED}), TicketState.SERVING),
    "miss": (frozenset({TicketState.CALLED}), TicketState.ABSENT),
    "come_back": (frozenset({TicketState.ABSENT}), TicketState.WAITING),
    "pass_on": (frozenset({TicketState.CALLED, TicketState.SERVING}), TicketState.WAITING),
    "conclude": (frozenset({TicketState.SERVING}), TicketState.DONE),
    "give_back": (frozenset({TicketState.WAITING, TicketState.ABSENT}), TicketState.LEFT),
}
AT_A_WINDOW = frozenset({TicketState.CALLED, TicketState.SERVING})


class Reason(models.TextChoices):
    """Why somebody is called earlier."""

    NONE = "", _("nothing special")
    OLD = "old", _("65 years or older")
    CHILD = "child", _("pregnant, or with an infant")
    DISABLED = "disabled", _("disabled, or ill")
    URGENT = "urgent", _("cannot wait: a date ends today")


# The rule of the order, as the hall hangs it on the wall: so many minutes are added to the time somebody has waited.
# Because it is only a head start, nobody waits for ever: who came FAIRNESS earlier is called first, whatever comes.
HEAD_START: dict[str, timedelta] = {
    Reason.NONE: timedelta(0),
    Reason.OLD: timedelta(minutes=15),
    Reason.CHILD: timedelta(minutes=15),
    Reason.DISABLED: timedelta(minutes=20),
    Reason.URGENT: timedelta(minutes=30),
}
FAIRNESS = max(HEAD_START.values())

# Who comes by appointment is called at that time, as if having waited as long as anybody's head start; who is later
# than this keeps no advantage and stands in line like all others.
APPOINTMENT_HEAD_START = FAIRNESS
LATE = timedelta(minutes=15)
EARLY = timedelta(minutes=60)


def rank(taken_at: datetime, reason: str = Reason.NONE) -> datetime:
    """Return the moment by which numbers are called, the earliest first; equal ones by their number."""
    return taken_at - HEAD_START[reason]


def rank_by_appointment(starts: datetime, at: datetime, reason: str = Reason.NONE) -> datetime:
    """Return the rank of who checks in at `at` for an appointment at `starts`."""
    if at > starts + LATE:
        return rank(at, reason)
    return starts - APPOINTMENT_HEAD_START


def order_of_the_line() -> list[tuple[str | Promise, int]]:
    """Return the rule as a table: why, and how many minutes it counts."""
    rows = [(Reason(reason).label, int(start.total_seconds()) // 60) for reason, start in HEAD_START.items()]
    return [*rows, (_("by appointment, on time"), int(APPOINTMENT_HEAD_START.total_seconds()) // 60)]


def slots(periods: Iterable[tuple[time, time]], minutes: int) -> list[tuple[time, time]]:
    """Return the whole slots of so many minutes that fit into the open periods of a day.

    Raises ValueError for a slot of less than five minutes.
    """
    if minutes < 5:
        raise ValueError(f"a slot has at least five minutes, not {minutes}")
    found: list[tuple[time, time]] = []
    for opens, closes in periods:
        start = minute(opens)
        while start + minutes <= minute(closes):
            found.append((clock(start), clock(start + minutes)))
            start += minutes
    return found


class Booking(models.TextChoices):
    """What became of an appointment."""

    BOOKED = "booked", _("booked")
    CANCELLED = "cancelled", _("cancelled")
    ARRIVED = "arrived", _("came")
