"""Why a term ends when it ends: one line for each day that was counted or skipped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import count

from lianxin.kit.clock.calendar import Calendar
from lianxin.kit.clock.deadline import ClockStopped, Still, due, stills
from lianxin.kit.clock.ruler import Ruler, Workdays, ruler_of
from lianxin.kit.clock.term import OFFICE, Hours, Pause, Term, Unit, local


class DayKind(StrEnum):
    """What a day was to the clock."""

    START = "start"  # the day of the start; a term in days does not count it
    COUNTED = "counted"
    REST = "rest"
    PAUSED = "paused"
    DUE = "due"  # the last day


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of an explanation.

    `number` tells that this was the n-th day, for terms in days; a last day that was only moved to has none. `name` is
    the holiday's name, or the reason of the pause. `provisional` marks a day that the term depends on in a year whose
    calendar has not been announced.
    """

    date: date
    kind: DayKind
    makeup: bool
    name: str
    number: int | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """When a term ends and why; `due` is None while an open pause holds it.

    `days` begins with the day of the start and ends with the due day (twice the same date when it is due at once), or
    with the first day the open pause took. A provisional answer may move when the year's calendar is announced.
    """

    start: datetime
    due: datetime | None
    term: Term
    days: tuple[DayLine, ...]
    provisional: bool


def explain(
    start: datetime, term: Term, calendar: Calendar, *, hours: Hours = OFFICE, pauses: Iterable[Pause] = ()
) -> Explanation:
    """This function will tell when a term ends, like `due`, and account for each day until then.

    A clock that stands still is an answer here, not an error; ValueError is raised as by `due`.
    """
    start, pauses = local(start), tuple(pauses)
    try:
        end, held_since = due(start, term, calendar, hours=hours, pauses=pauses), start.date()
    except ClockStopped as stop:
        end, held_since = None, stop.pause.start.date()
    days = _Account(term, calendar, hours, pauses).lines(start, end, held_since)
    return Explanation(start, end, term, days, provisional=any(line.provisional for line in days))


class _Account:
    """The day book of one term."""

    def __init__(self, term: Term, calendar: Calendar, hours: Hours, pauses: tuple[Pause, ...]) -> None:
        self.term, self.calendar = term, calendar
        self.ruler = ruler_of(term.unit, calendar, hours)
        self.workdays = Workdays(calendar, hours)
        self.stills = stills(self.ruler, pauses)
        self.workday_stills = stills(self.workdays, pauses)
        self.counted = 0

    def lines(self, start: datetime, end: datetime | None, held_since: date) -> tuple[DayLine, ...]:
        """This function will write the lines from the start to the end, or to the first day held by an open pause."""
        lines = [self._line(start.toordinal(), DayKind.START)]
        if end is not None:
            middle = range(start.toordinal() + 1, end.toordinal())
            lines += [self._line(day) for day in middle]
            lines.append(self._line(end.toordinal(), DayKind.DUE))
            return tuple(lines)
        for day in count(start.toordinal() + 1):
            lines.append(self._line(day))
            if lines[-1].kind is DayKind.PAUSED and lines[-1].date >= held_since:
                break
        return tuple(lines)

    def _line(self, ordinal: int, kind: DayKind | None = None) -> DayLine:
        is_start, is_full = kind is DayKind.START, self._is_full
        found, reason = self._judge(ordinal)
        number = None
        if self.term.unit.counts_days and not is_start and found is DayKind.COUNTED and not is_full:
            self.counted += 1
            number = self.counted
        day = date.fromordinal(ordinal)
        return DayLine(
            date=day,
            kind=kind or found,
            makeup=self.calendar.is_makeup(day),
            name=reason or self.calendar.name(day),
            number=number,
            provisional=self._depends_on_calendar(is_start) and not self.calendar.is_known(day),
        )

    @property
    def _is_full(self) -> bool:
        return self.term.unit.counts_days and self.counted >= self.term.value

    def _judge(self, ordinal: int) -> tuple[DayKind, str]:
        """This function will tell what a day is to the clock, and the reason of the pause that took it."""
        if self.term.rolls and self._is_full:  # all days are counted; only a workday can end the term now
            return _judge(ordinal, self.workdays, self.workday_stills)
        return _judge(ordinal, self.ruler, self.stills)

    def _depends_on_calendar(self, is_start: bool) -> bool:
        if self.term.unit is Unit.WORKDAY:
            return not is_start or not self.term.value
        return self.term.unit is Unit.WORKHOUR or (
            self.term.unit is Unit.NATURAL_DAY and self.term.rolls and self._is_full
        )


def _judge(ordinal: int, ruler: Ruler, stills: list[Still]) -> tuple[DayKind, str]:
    begin, end = ruler.day(ordinal), ruler.day(ordinal + 1)
    if begin == end:
        return DayKind.REST, ""
    reason = ""
    for still_from, still_to, pause in stills:
        if still_from > begin:
            break
        if still_to > begin:
            begin, reason = still_to, pause.reason
        if begin >= end:
            return DayKind.PAUSED, reason
    return DayKind.COUNTED, ""
