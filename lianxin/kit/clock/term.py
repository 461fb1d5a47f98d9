"""What a deadline is made of: a term and its unit, the hours of an office, and the pauses of a clock."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1) // MICROSECOND


def _ticks(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


class Unit(StrEnum):
    """How a term is counted."""

    HOUR = "hour"  # by the clock, day and night; no holiday stops it
    WORKHOUR = "workhour"  # only while the office is open
    WORKDAY = "workday"  # days the State Council's calendar has people at work, make-up Saturdays and Sundays included
    NATURAL_DAY = "natural_day"  # every day of the calendar

    @property
    def counts_days(self) -> bool:
        """This property will tell whether whole days are counted, not stretches of time."""
        return self is Unit.WORKDAY or self is Unit.NATURAL_DAY


# No rule of an office runs for more than twenty years; a larger number is a slip of the keyboard.
LONGEST = {
    Unit.HOUR: 20 * 366 * 24,
    Unit.WORKHOUR: 20 * 261 * 8,
    Unit.WORKDAY: 20 * 261,
    Unit.NATURAL_DAY: 20 * 366,
}


@dataclass(frozen=True, slots=True)
class Term:
    """So many of a unit, with the rule it rests on.

    `rolls` moves a last natural day that is a day of rest to the next workday (Civil Code art. 203); the other units
    never end on a day of rest, or never stop for one, and ignore it. `basis` is the legal basis as the office wrote it.
    Raises ValueError for an unknown unit and for a value below 0 or above the twenty years of LONGEST.
    """

    value: int
    unit: Unit
    rolls: bool = False
    basis: str = ""

    def __post_init__(self) -> None:
        unit = Unit(self.unit)
        object.__setattr__(self, "unit", unit)  # rows of a database bring the plain word
        if type(self.value) is not int:  # nor a truth value
            raise ValueError(f"The value of a term is a whole number, not {self.value!r}.")
        if not 0 <= self.value <= LONGEST[unit]:
            raise ValueError(f"A term in the unit {unit} is 0 to {LONGEST[unit]} (twenty years), not {self.value}.")


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours an office is open on each workday, as half-open periods [from, to) by the clock on its wall.

    An office without a lunch break has one period. Raises ValueError unless the periods follow each other within a day.
    """

    periods: tuple[tuple[time, time], ...]
    # The same periods in microseconds of the day, and how much had been open when each began.
    _begins: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _ends: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _sums: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "periods", tuple((begin, end) for begin, end in self.periods))
        edges = [edge for period in self.periods for edge in period]
        if not edges or any(edge.tzinfo for edge in edges):
            raise ValueError("Office hours need at least one period, in times of day without a zone.")
        if edges != sorted(edges) or any(begin == end for begin, end in self.periods):
            raise ValueError("Each period of office hours ends after it begins, and before the next begins.")
        begins = tuple(_ticks(begin) for begin, _ in self.periods)
        ends = tuple(_ticks(end) for _, end in self.periods)
        sums = [0]
        for begin, end in zip(begins, ends, strict=True):
            sums.append(sums[-1] + end - begin)
        object.__setattr__(self, "_begins", begins)
        object.__setattr__(self, "_ends", ends)
        object.__setattr__(self, "_sums", tuple(sums))

    @property
    def opens(self) -> time:
        """This property will tell when the day's work begins."""
        return self.periods[0][0]

    @property
    def closes(self) -> time:
        """This property will tell when the day's work ends: the moment a term counted in days is over."""
        return self.periods[-1][1]

    @property
    def length(self) -> int:
        """This property will give the open time of a whole workday, in microseconds."""
        return self._sums[-1]

    @property
    def sums(self) -> tuple[int, ...]:
        """This property will give the open time before each period and after the last, in microseconds."""
        return self._sums

    def opened(self, moment: time) -> int:
        """This function will tell how long a workday has been open at a moment of it, in microseconds."""
        ticks = _ticks(moment)
        period = bisect_right(self._begins, ticks) - 1
        if period < 0:
            return 0
        return self._sums[period] + min(ticks, self._ends[period]) - self._begins[period]

    def after(self, opened: int) -> timedelta:
        """This function will give the earliest time of a workday, from midnight, when it has been open so long.

        `opened` is in microseconds, above 0 and at most `length`.
        """
        period = bisect_left(self._sums, opened) - 1
        return timedelta(microseconds=self._begins[period] + opened - self._sums[period])


# A default only: offices have hours of their own, as rows.
OFFICE = Hours(((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30))))


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock did not run, [start, end), as a fact; an end of None means that it still stands still.

    Raises ValueError for a naive moment, or an end before the start.
    """

    start: datetime
    end: datetime | None
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", local(self.start))
        if self.end is not None:
            object.__setattr__(self, "end", local(self.end))
            if self.end < self.start:
                raise ValueError(f"A pause cannot end ({self.end}) before it starts ({self.start}).")


def local(moment: datetime) -> datetime:
    """This function will express a moment in the time of Shanghai.

    Raises ValueError for a naive moment, and for one too near the years 1 or 9999 to be expressed there.
    """
    zone = moment.tzinfo
    if zone is ZONE:
        return moment
    if zone is None or moment.utcoffset() is None:
        raise ValueError(f"The moment {moment} has no time zone; a deadline cannot be counted from it.")
    try:
        return moment.astimezone(ZONE)
    except OverflowError as error:
        raise ValueError(f"The moment {moment} is outside the calendar.") from error
