"""The hall in numbers: who waits now, how long people waited and were served, what was done at lunch."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Max, Q, QuerySet

from lianxin.kit.clock import local
from lianxin.people.models import Shift, Substitution, User, calendar_now
from lianxin.serve.models import Hall, Line, Serving, Ticket, Turn, Window
from lianxin.serve.rules.hall import minute
from lianxin.serve.rules.line import TicketState


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line as it stands: how many wait, since when the first of them, and which windows serve it."""

    line: Line
    waiting: int
    since: datetime | None
    windows: tuple[int, ...]

    def minutes(self, at: datetime) -> int:
        """How long the first has waited."""
        return int((at - self.since).total_seconds()) // 60 if self.since else 0


@dataclass(frozen=True, slots=True)
class Called:
    """What the screen shows: a number and the window it is called to."""

    label: str
    window: int
    name: str
    serving: bool
    called_at: datetime


@dataclass(frozen=True, slots=True)
class Unattended:
    """A window that should serve, while people wait and nobody is called."""

    window: Window
    since: datetime
    waiting: int

    def minutes(self, at: datetime) -> int:
        return int((at - self.since).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class DayRow:
    """One line on one day: person-times served, and minutes waited and served."""

    day: date
    line: Line
    served: int
    absent: int
    median_wait: float
    longest_wait: int
    median_serving: float | None


def lines_now(hall: Hall, at: datetime) -> list[LineNow]:
    """Return every open line with how many wait in it; three queries."""
    waiting = Ticket.objects.filter(hall=hall, day=local(at).date(), state=TicketState.WAITING)
    counts: dict[int, tuple[int, datetime | None]] = {}
    for pk, taken in waiting.values_list("line", "taken_at"):
        count, since = counts.get(pk, (0, None))
        counts[pk] = (count + 1, min(since or taken, taken))
    found = []
    for line in hall.lines.open().prefetch_related("windows"):
        windows = tuple(sorted(window.number for window in line.windows.all() if window.closed_on is None))
        found.append(LineNow(line, *counts.get(line.pk, (0, None)), windows))
    return found


def called_now(hall: Hall, at: datetime) -> list[Called]:
    """Return the numbers at windows, the last called first."""
    rows = (
        Serving.objects.filter(ticket__hall=hall, ticket__day=local(at).date(), ended_at=None)
        .select_related("ticket", "window")
        .order_by("-called_at", "-id")
    )
    return [
        Called(row.ticket.label, row.window.number, row.window.name, row.started_at is not None, row.called_at)
        for row in rows
    ]


def unattended(hall: Hall, at: datetime) -> list[Unattended]:
    """Return the windows that, by the plan, somebody sits at, where people wait and nothing has been done for so long
    as the hall allows. Who is being served keeps a window attended, a call that nobody answered does not.
    """
    then = local(at)
    turns: dict[int, Turn] = {}
    for turn in Turn.objects.at(at).filter(roster__hall=hall).select_related("window").order_by("starts"):
        turns.setdefault(turn.window_id, turn)
    busy = set(
        Ticket.objects.filter(hall=hall, day=then.date(), state=TicketState.SERVING).values_list("window", flat=True)
    )
    found = []
    for pk, turn in turns.items():
        if pk in busy:
            continue
        waiting = Ticket.objects.on(then.date()).filter(line__windows=pk).waiting()
        first = waiting.order_by("waits_since").values_list("waits_since", flat=True).first()
        if first is None:
            continue
        began = datetime.combine(then.date(), turn.starts, then.tzinfo)
        since = max(first, _last_deed(pk, then.date()) or first, began)
        if at - since >= timedelta(minutes=hall.unattended_minutes):
            found.append(Unattended(turn.window, since, waiting.count()))
    return sorted(found, key=lambda each: each.window.number)


def _last_deed(window: int, day: date) -> datetime | None:
    last = Serving.objects.filter(window=window, ticket__day=day).aggregate(
        called=Max("called_at"), started=Max("started_at"), ended=Max("ended_at")
    )
    return max((moment for moment in last.values() if moment), default=None)


def by_line_and_day(hall: Hall, first: date, last: date) -> list[DayRow]:
    """Return waiting and serving times per line and day, both days included; the newest day first."""
    groups: dict[tuple[date, int], list[Serving]] = defaultdict(list)
    rows = Serving.objects.filter(ticket__hall=hall, ticket__day__gte=first, ticket__day__lte=last)
    for row in rows.exclude(ended_at=None).select_related("ticket"):
        groups[row.ticket.day, row.line_id].append(row)
    lines = hall.lines.in_bulk()
    found = []
    for (day, line), all_of_it in groups.items():
        waits = [_minutes(row.waited_from, row.called_at) for row in all_of_it]
        served = [row for row in all_of_it if row.started_at and row.end != Serving.End.ABSENT]
        lengths = [_minutes(row.started_at, row.ended_at) for row in served if row.started_at and row.ended_at]
        found.append(
            DayRow(
                day, lines[line], len(served), len(all_of_it) - len(served), median(waits), max(waits),
                median(lengths) if lengths else None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (-row.day.toordinal(), row.line.letter))


def _minutes(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds())) // 60


def served_at_lunch(hall: Hall, first: date, last: date) -> int:
    """Return how many person-times were taken in within the lunch hours of the hall, on working days only.

    What counts is when serving began: 12:15 counts, 13:45 does not, and a Sunday does not.
    """
    rows = Serving.objects.filter(ticket__hall=hall, ticket__day__gte=first, ticket__day__lte=last, end="done")
    calendar, count = calendar_now(), 0
    for started in rows.values_list("started_at", flat=True):
        if started is None:
            continue
        then = local(started)
        if hall.lunch_from <= then.time() < hall.lunch_to and calendar.is_workday(then.date()):
            count += 1
    return count


def lunch_minutes(hall: Hall, first: date, last: date) -> list[tuple[str, int]]:
    """Return for each clerk how many minutes of lunch hours were worked by the plan: what is owed in rest."""
    owed: dict[str, int] = defaultdict(int)
    begin, end = minute(hall.lunch_from), minute(hall.lunch_to)
    turns = Turn.objects.filter(roster__hall=hall, roster__day__gte=first, roster__day__lte=last)
    for turn in turns.select_related("clerk"):
        owed[turn.clerk.name] += max(0, min(minute(turn.ends), end) - max(minute(turn.starts), begin))
    return sorted(((name, minutes) for name, minutes in owed.items() if minutes), key=lambda row: -row[1])


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The leader on duty, or who stands in; whether the leader has come, and until when the duty lasts."""

    name: str
    instead_of: str
    has_come: bool
    starts: datetime
    ends: datetime


def leaders_today(hall: Hall, at: datetime) -> list[OnDuty]:
    """Return the leaders on duty in the hall on that day, in order; who is away is named by who stands in."""
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    shifts = Shift.objects.filter(
        office=hall.office_id, duty=Shift.Duty.LEADER, starts__lt=midnight + timedelta(days=1), ends__gt=midnight
    )
    found = []
    for shift in shifts.select_related("user", "hall_log__leader").order_by("starts"):
        log = getattr(shift, "hall_log", None)
        who = log.leader if log else _substitute(shift, at) or shift.user
        instead = shift.user.name if who.pk != shift.user_id else ""
        found.append(OnDuty(who.name, instead, log is not None, shift.starts, shift.ends))
    return found


def _substitute(shift: Shift, at: datetime) -> User | None:
    then = max(shift.starts, min(at, shift.ends))
    found = Substitution.objects.at(then).filter(absent=shift.user_id).select_related("substitute").first()
    return found.substitute if found else None


def unserved_duties(hall: Hall, first: date, at: datetime) -> QuerySet[Shift]:
    """Return the leaders' duties since a day that are over and of which there is no log: not served."""
    return (
        Shift.objects.filter(office=hall.office_id, duty=Shift.Duty.LEADER, ends__lte=at, starts__date__gte=first)
        .filter(hall_log=None)
        .select_related("user")
        .order_by("-starts")
    )


def skills_per_clerk(hall: Hall, day: date) -> tuple[int, int]:
    """Return how many clerks of the last 30 days are certified for two services or more, and how many there are."""
    clerks = (
        Turn.objects.filter(roster__hall=hall, roster__day__gt=day - timedelta(days=30))
        .values("clerk")
        .annotate(able=Count("clerk__skills__code", filter=Q(clerk__skills__ends_on=None), distinct=True))
    )
    able = [row["able"] for row in clerks]
    return sum(count >= 2 for count in able), len(able)
