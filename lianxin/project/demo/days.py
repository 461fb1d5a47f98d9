"""The time of the demo county: deeds happen in office hours, and nothing happens after the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from lianxin.kit.clock import Calendar

OPENS, CLOSES = 8.6, 17.4  # hours between which somebody is sure to be at work


class NotYet(Exception):
    """The story has come to the end of the demo's time."""


class Days:
    """Moves one story on through office hours, until the time of the demo is over."""

    def __init__(self, rng: Random, calendar: Calendar, now: datetime, until: datetime) -> None:
        self.rng, self.calendar, self.now, self.until = rng, calendar, now, until

    def on(self, least: float, most: float) -> datetime:
        """Move on by so many days, into office hours. Raises NotYet past the end."""
        pause = max(timedelta(days=self.rng.uniform(least, most)), timedelta(minutes=self.rng.randrange(3, 40)))
        then = self._into_hours(self.now + pause)
        if then >= self.until:
            raise NotYet
        self.now = then
        return then

    def _into_hours(self, then: datetime) -> datetime:
        """Return a moment at which offices are open: this one, or a later one."""
        clock = then.hour + then.minute / 60
        if 12 <= clock < 14:
            then = then.replace(hour=14, minute=self.rng.randrange(60))
        elif not OPENS <= clock < CLOSES:
            day = then + timedelta(days=1) if clock >= CLOSES else then
            then = day.replace(hour=self.rng.choice([8, 9, 10, 11, 14, 15, 16]), minute=self.rng.randrange(40, 60))
        while not self.calendar.is_workday(then.date()):
            then += timedelta(days=1)
        return then
