"""Four rulers, one per unit. Each lays time out as whole numbers that grow only while its unit counts.

A term is then an addition, a pause a stretch that is added on top, and the answer the earliest moment at which the sum
is reached. The unit of a position is the ruler's own: workdays, days, microseconds, open microseconds.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from lianxin.kit.clock.calendar import Calendar
from lianxin.kit.clock.term import HOUR, MICROSECOND, ZONE, Hours, Unit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Ruler(Protocol):
    """Time laid out in one unit."""

    @property
    def scale(self) -> int:
        """This property will give the length of one unit of a term, in positions."""

    def day(self, ordinal: int) -> int:
        """This function will give the position of the beginning of a day."""

    def at(self, moment: datetime) -> int:
        """This function will give the position of a moment of Shanghai."""

    def moment(self, position: int) -> datetime:
        """This function will give the earliest moment at which a position is reached."""


class _Days:
    """What the two rulers of days share: a day is over, and counts, when its office closes."""

    scale = 1
    hours: Hours

    def day(self, ordinal: int) -> int:
        """This function will give the position of the beginning of a day."""
        raise NotImplementedError

    def at(self, moment: datetime) -> int:
        """This function will give the position of the first day that still has open time ahead."""
        return self.day(moment.toordinal() + (moment.time() >= self.hours.closes))

    def _close(self, ordinal: int) -> datetime:
        return datetime.combine(date.fromordinal(ordinal), self.hours.closes, ZONE)


@dataclass(frozen=True, slots=True)
class Workdays(_Days):
    """Counts the workdays of a calendar."""

    calendar: Calendar
    hours: Hours

    def day(self, ordinal: int) -> int:
        """This function will give the number of workdays before a day."""
        return self.calendar.workdays_before(ordinal)

    def moment(self, position: int) -> datetime:
        """This function will give the close of the office on the workday that makes the number full."""
        return self._close(self.calendar.workday(position - 1))


@dataclass(frozen=True, slots=True)
class NaturalDays(_Days):
    """Counts every day."""

    hours: Hours

    def day(self, ordinal: int) -> int:
        """This function will give the number of a day."""
        return ordinal

    def moment(self, position: int) -> datetime:
        """This function will give the close of the office on the day that makes the number full."""
        return self._close(position - 1)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """Counts every microsecond."""

    scale = HOUR

    def day(self, ordinal: int) -> int:
        """This function will give the position of a midnight."""
        return self.at(datetime.combine(date.fromordinal(ordinal), datetime.min.time(), ZONE))

    def at(self, moment: datetime) -> int:
        """This function will give the microseconds since 1970."""
        return (moment - _EPOCH) // MICROSECOND

    def moment(self, position: int) -> datetime:
        """This function will give the moment so many microseconds after the beginning of 1970."""
        return (_EPOCH + timedelta(microseconds=position)).astimezone(ZONE)


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Counts the microseconds an office is open."""

    calendar: Calendar
    hours: Hours
    scale = HOUR

    def day(self, ordinal: int) -> int:
        """This function will give the open time of all workdays before a day."""
        return self.calendar.workdays_before(ordinal) * self.hours.length

    def at(self, moment: datetime) -> int:
        """This function will give the open time before a moment."""
        position = self.day(moment.toordinal())
        return position + self.hours.opened(moment.time()) if self.calendar.is_workday(moment) else position

    def moment(self, position: int) -> datetime:
        """This function will give the moment that completes the open time: a close rather than the next opening."""
        number, opened = divmod(position - 1, self.hours.length)
        midnight = datetime.fromordinal(self.calendar.workday(number))
        return (midnight + self.hours.after(opened + 1)).replace(tzinfo=ZONE)


def ruler_of(unit: Unit, calendar: Calendar, hours: Hours) -> Ruler:
    """This function will choose the ruler that counts a unit."""
    if unit is Unit.WORKDAY:
        return Workdays(calendar, hours)
    if unit is Unit.NATURAL_DAY:
        return NaturalDays(hours)
    if unit is Unit.WORKHOUR:
        return OpenTime(calendar, hours)
    return ClockTime()
