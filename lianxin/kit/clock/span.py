"""How long between two moments, in the same units as deadlines."""

from datetime import date, datetime

from lianxin.kit.clock.calendar import Calendar, ordinal
from lianxin.kit.clock.ruler import ClockTime, OpenTime
from lianxin.kit.clock.term import HOUR, OFFICE, Hours, Unit, local


def workdays_between(a: date, b: date, calendar: Calendar) -> int:
    """This function will count the workdays after day a up to and including day b, as a deadline counts them.

    From the day of the start to the due day of n workdays it gives n. Negative when b is before a.
    """
    return calendar.workdays_before(ordinal(b) + 1) - calendar.workdays_before(ordinal(a) + 1)


def elapsed_days(a: datetime, b: datetime) -> int:
    """This function will count the calendar days from one moment's day to the other's: 3 to 6 February is 3."""
    return ordinal(b) - ordinal(a)


def left(now: datetime, due: datetime, unit: Unit, calendar: Calendar, hours: Hours = OFFICE) -> int:
    """This function will tell how much of a unit is left until a due moment; negative if and only if it is late.

    Days are counted like a deadline: due today is 0, due on the next workday is 1. Hours are the full hours left. Late,
    a part of a day or hour counts as a whole one, so that what is late by a minute is never shown as 0.
    """
    now, due = local(now), local(due)
    if now > due:
        return -max(1, _between(due, now, Unit(unit), calendar, hours, begun=True))
    return _between(now, due, Unit(unit), calendar, hours, begun=False)


def _between(a: datetime, b: datetime, unit: Unit, calendar: Calendar, hours: Hours, *, begun: bool) -> int:
    if unit is Unit.WORKDAY:
        return workdays_between(a, b, calendar)
    if unit is Unit.NATURAL_DAY:
        return elapsed_days(a, b)
    ruler = OpenTime(calendar, hours) if unit is Unit.WORKHOUR else ClockTime()
    length = ruler.at(b) - ruler.at(a)
    return -(-length // HOUR) if begun else length // HOUR
