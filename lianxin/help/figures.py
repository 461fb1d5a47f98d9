"""What help comes to: who has a helper, what a household earns over the months. Counts, not names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lianxin.help.models import Entry, Income, Register
from lianxin.help.rules import income_on, months_between
from lianxin.record.models import Household

MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of so many households on a register on a day, so many had a helper (户)."""

    register: Register
    day: date
    total: int
    helped: int

    @property
    def without(self) -> int:
        return self.total - self.helped


def coverage(register: Register, day: date) -> Coverage:
    """Return how many households on a register on that day had a helper who was there."""
    entries = Entry.objects.filter(register=register).on(day)
    return Coverage(register, day, entries.count(), entries.helped(day).count())


@dataclass(frozen=True, slots=True)
class Effect:
    """What a household earned a month, month by month."""

    months: Sequence[tuple[date, int]]

    @property
    def before(self) -> int:
        return self.months[0][1] if self.months else 0

    @property
    def now(self) -> int:
        return self.months[-1][1] if self.months else 0

    @property
    def more(self) -> int:
        """What it earns more a month than when it came onto the register; less, if below nought."""
        return self.now - self.before


def effect(household: Household, first: date, last: date) -> Effect:
    """Return the monthly income of a household from the month it came onto the register to the last, at most so many.

    The first value is that of the day it came; each other that of the last day told of its month.
    """
    rows = [row.earned for row in Income.objects.filter(resident__household=household)]
    months = months_between(first, last)[-MONTHS_SHOWN:]
    if not months:
        return Effect(())
    ends = [*(month - timedelta(days=1) for month in months[1:]), last]
    values = [income_on(first if n == 0 else ends[n], rows) for n in range(len(months))]
    return Effect(list(zip(months, values, strict=True)))
