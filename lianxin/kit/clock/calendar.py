"""The working calendar: which days people are at work, by the State Council's yearly announcement."""

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, compress
from typing import Self

import chinese_calendar  # type: ignore[import-untyped, unused-ignore]

from lianxin.kit.clock.term import local

FIRST = date(1950, 1, 1)
LAST = date(2149, 12, 31)

_BASE = FIRST.toordinal()
_SIZE = LAST.toordinal() - _BASE + 1
_WEEK = bytes((1, 1, 1, 1, 1, 0, 0))

# Days the law itself fixes; all others (Spring Festival, bridges, make-up days) wait for the announcement.
_FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
# Qingming follows the sun, not the moon. The rule below agrees with an astronomical computation in all these years;
# in 2071 the sun passes within minutes of midnight, and a date there would be a guess.
_QINGMING_YEARS = range(2000, 2071)


@dataclass(frozen=True, slots=True)
class Day:
    """A day whose work or rest has been announced, with the name of its holiday or of the holiday it makes up for."""

    date: date
    is_workday: bool
    name: str = ""


class Calendar:
    """Which days are workdays, from a table of announced days; never changes once made.

    A day in the table is what the table says. Another day of a known year follows the week, Monday to Friday. In a year
    whose announcement is not known, the week minus the holidays fixed by law is a guess: `is_known` tells them apart.
    Covers 1950 to 2149 and raises ValueError beyond. A calendar holds about 900 kB and takes some milliseconds to
    make: make one per version of the table, not one per question.
    """

    __slots__ = ("_before", "_names", "_open", "_workdays", "days", "known_years")

    def __init__(self, days: Iterable[Day], *, known_years: Collection[int]) -> None:
        """This function will build the tables; it raises ValueError when the table contradicts itself."""
        self.days = tuple(sorted(set(days), key=lambda day: day.date))
        self.known_years = frozenset(known_years)
        self._names: dict[int, str] = {}
        table = bytearray((_WEEK * (_SIZE // 7 + 2))[FIRST.weekday() :][:_SIZE])
        for day in _fixed_days(self.known_years):
            table[day.date.toordinal() - _BASE] = False
            self._names[day.date.toordinal()] = day.name
        seen: set[date] = set()
        for day in self.days:
            if day.date in seen:
                raise ValueError(f"The calendar says two things about {day.date}.")
            seen.add(day.date)
            table[_offset(day.date.toordinal())] = day.is_workday
            self._names[day.date.toordinal()] = day.name
        self._open = bytes(table)
        self._before = array("i", accumulate(table, initial=0))
        self._workdays = array("i", compress(range(_BASE, _BASE + _SIZE), table))

    @classmethod
    def seeded(cls) -> Self:
        """This function will give the calendar of the years chinesecalendar knows (2004 to 2026 as of version 1.11)."""
        rests, workdays = chinese_calendar.constants.holidays, chinese_calendar.constants.workdays
        named = [(rests, False), (workdays, True)]
        days = [
            Day(date=day, is_workday=is_workday, name=chinese_calendar.Holiday(name).chinese)
            for table, is_workday in named
            for day, name in table.items()
        ]
        return cls(days, known_years={day.date.year for day in days})

    def is_workday(self, day: date) -> bool:
        """This function will tell whether people are at work on a day; of a moment, on its day in Shanghai."""
        return bool(self._open[_offset(ordinal(day))])

    def name(self, day: date) -> str:
        """This function will give the name of the holiday a day belongs to or makes up for, or an empty string."""
        return self._names.get(ordinal(day), "")

    def is_known(self, day: date) -> bool:
        """This function will tell whether the announcement for the day's year is in the table."""
        return date.fromordinal(ordinal(day)).year in self.known_years

    def is_makeup(self, day: date) -> bool:
        """This function will tell whether a day is a Saturday or Sunday that is worked (调休)."""
        return ordinal(day) % 7 in (6, 0) and self.is_workday(day)

    def workdays_before(self, day: int) -> int:
        """This function will count the calendar's workdays before a day given by its ordinal."""
        return self._before[_offset(day)]

    def workday(self, number: int) -> int:
        """This function will give the ordinal of the calendar's workday with so many workdays before it."""
        if 0 <= number < len(self._workdays):
            return self._workdays[number]
        raise _outside()


def ordinal(day: date) -> int:
    """This function will number a day; a moment is taken by its day in Shanghai, and a naive one raises ValueError."""
    return (local(day) if isinstance(day, datetime) else day).toordinal()


def _offset(ordinal: int) -> int:
    offset = ordinal - _BASE
    if 0 <= offset < _SIZE:
        return offset
    raise _outside()


def _outside() -> ValueError:
    return ValueError(f"The working calendar covers {FIRST} to {LAST}; the day asked for is outside it.")


def _fixed_days(known_years: Collection[int]) -> Iterable[Day]:
    for year in range(FIRST.year, LAST.year + 1):
        if year in known_years:
            continue
        for (month, number), name in _FIXED.items():
            yield Day(date(year, month, number), is_workday=False, name=name)
        if year in _QINGMING_YEARS:
            yield Day(_qingming(year), is_workday=False, name="清明")


def _qingming(year: int) -> date:
    elapsed = year - 2000
    return date(year, 4, int(elapsed * 0.2422 + 4.81) - elapsed // 4)
