"""The clock of deadlines: what a term means, when it ends, and why.

A deadline is a value, a unit, a start fact and a legal basis (domain rules §0). Which value and unit apply is a row of
the office; this package only counts, and can explain each day it counted or skipped. It knows no database, no settings
and never asks what time it is.

Every moment given must be aware; every moment returned is in Asia/Shanghai. The same instant gives the same answer
whatever zone it is written in.
"""

from lianxin.kit.clock.calendar import Calendar, Day
from lianxin.kit.clock.deadline import ClockStopped, due, due_many
from lianxin.kit.clock.explanation import DayKind, DayLine, Explanation, explain
from lianxin.kit.clock.span import elapsed_days, left, workdays_between
from lianxin.kit.clock.term import LONGEST, OFFICE, ZONE, Hours, Pause, Term, Unit, local

__all__ = [
    "LONGEST",
    "OFFICE",
    "ZONE",
    "Calendar",
    "ClockStopped",
    "Day",
    "DayKind",
    "DayLine",
    "Explanation",
    "Hours",
    "Pause",
    "Term",
    "Unit",
    "due",
    "due_many",
    "elapsed_days",
    "explain",
    "left",
    "local",
    "workdays_between",
]
