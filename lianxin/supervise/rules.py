"""What is due how often, told without opening the database: periods, dates, shares, and what holidays move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr
from django.db import models
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)
MOST_DATES = 800  # of one recurrence in one look: two years of every day
RECURRENCE_MAX = 200  # characters


class Who(models.TextChoices):
    """Of whom something is required."""

    LINK = "link", _("whoever holds a link of a kind")
    POST = "post", _("whoever holds a post of a kind")
    OFFICE = "office", _("an office of a kind")


class What(models.TextChoices):
    """What counts as having done it. Nothing is ever ticked off by hand."""

    ENCOUNTER = "encounter", _("visits and meetings that are on record")
    DEED = "deed", _("deeds that stand in the ledger")
    LINK = "link", _("links that are held")


class Period(models.TextChoices):
    """In which time so many must be."""

    WEEK = "week", _("a week")
    MONTH = "month", _("a month")
    QUARTER = "quarter", _("a quarter")
    HALF = "half", _("half a year")
    YEAR = "year", _("a year")
    DATES = "dates", _("on the days of a recurrence")


class Partial(models.TextChoices):
    """What is required of who holds the post or the link only for a part of the period (I-29)."""

    SHARE = "share", _("in proportion to the days, half and more counted as one")
    WHOLE = "whole", _("all of it")
    FREE = "free", _("nothing")


class Holiday(models.TextChoices):
    """What becomes of a day that turns out to be no working day (I-27)."""

    KEEP = "keep", _("it stays on that day")
    NEXT = "next", _("it moves to the next working day")
    BEFORE = "before", _("it moves to the working day before")
    DROP = "drop", _("it is left out")


class State(models.TextChoices):
    """How it stands with one thing that is due."""

    DONE = "done", _("done")
    OPEN = "open", _("still time")
    MISSED = "missed", _("missed")
    EXEMPT = "exempt", _("not required")


LIGHTS = {State.DONE: "ok", State.OPEN: "wait", State.MISSED: "late", State.EXEMPT: "wait"}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from the first up to, and not including, the last."""

    first: date
    until: date

    @property
    def days(self) -> int:
        return max((self.until - self.first).days, 0)

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.until - DAY

    def cut(self, other: Span) -> Span:
        """Return the days that both have; a span of no days where there are none."""
        first = max(self.first, other.first)
        return Span(first, max(min(self.until, other.until), first))

    def holds(self, day: date) -> bool:
        return self.first <= day < self.until


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}


def period_of(period: str, day: date) -> Span:
    """Return the week, month, quarter, half or whole year in which a day lies; weeks begin on Monday."""
    if period == Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + 7 * DAY)
    length = _MONTHS[Period(period)]
    month = (day.month - 1) // length * length + 1
    past = month + length
    return Span(date(day.year, month, 1), date(day.year + (past > 12), past - 12 if past > 12 else past, 1))


def periods(period: str, over: Span) -> Iterator[Span]:
    """Yield each period that has a day in the span, whole, the earliest first."""
    day = over.first
    while day < over.until:
        found = period_of(period, day)
        yield found
        day = found.until


def covered(span: Span, spells: Iterable[Span], without: Iterable[Span] = ()) -> int:
    """Count the days of a span that lie in some of the spells and in none of `without`."""
    held: set[int] = set()
    for spell in spells:
        both = span.cut(spell)
        held.update(range(both.first.toordinal(), both.until.toordinal()))
    for spell in without:
        both = span.cut(spell)
        held.difference_update(range(both.first.toordinal(), both.until.toordinal()))
    return len(held)


def required(times: int, days: int, of_days: int, partial: str) -> int:
    """Return how many are required of who holds the post for `days` of the `of_days` of a period.

    In proportion, and half and more of one counts as one: 3 a year from 1 September are 1.003, so 1; 1 a month from
    the 16th of a month of 30 days are 0.5, so 1, and from the 17th none.
    """
    if days >= of_days or days == 0:
        return times if days else 0
    if partial == Partial.WHOLE:
        return times
    return (2 * times * days + of_days) // (2 * of_days) if partial == Partial.SHARE else 0


class WrongRecurrence(ValueError):
    """The words are no recurrence of RFC 5545 by days."""


def dates(recurrence: str, starts: date, over: Span) -> list[date]:
    """Return the days of a recurrence (RFC 5545 RRULE, as FREQ=MONTHLY;BYDAY=3FR) within the span.

    `starts` is the day from which it counts (DTSTART). Raises WrongRecurrence.
    """
    return [day for day in _dates(recurrence.strip(), starts, over) if over.holds(day)]


@lru_cache(500)
def _dates(recurrence: str, starts: date, over: Span) -> tuple[date, ...]:
    text = recurrence.upper().removeprefix("RRULE:")
    if len(text) > RECURRENCE_MAX or "\n" in text or not text.startswith("FREQ="):
        raise WrongRecurrence
    if any(word in text for word in ("SECONDLY", "MINUTELY", "HOURLY", "BYHOUR", "BYMINUTE", "BYSECOND")):
        raise WrongRecurrence  # a due is a day; its hour is said in words
    begin = datetime.combine(starts, time())
    try:
        rule = rrulestr(text, dtstart=begin)
        after, before = (datetime.combine(day, time()) for day in (over.first, over.until))
        found = []
        for moment in rule.xafter(max(after, begin) - DAY, inc=True):
            if moment >= before:
                break
            found.append(moment.date())
            if len(found) > MOST_DATES:
                raise WrongRecurrence
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as wrong:
        raise WrongRecurrence from wrong
    return tuple(found)


def moved(day: date, holiday: str, is_workday: Callable[[date], bool]) -> date | None:
    """Return the day on which it is held, by the rule for holidays; None where it is left out."""
    if holiday == Holiday.KEEP or is_workday(day):
        return day
    if holiday == Holiday.DROP:
        return None
    step = DAY if holiday == Holiday.NEXT else -DAY
    for _number in range(30):  # no holiday is longer
        day += step
        if is_workday(day):
            return day
    return day


def state_of(need: int, done: int, last: date, today: date) -> State:
    """Tell how it stands: required `need`, `done` so far, `last` the last day on which it can be done."""
    if need == 0:
        return State.EXEMPT
    if done >= need:
        return State.DONE
    return State.OPEN if today <= last else State.MISSED


def misses_at_end(states: Iterable[State]) -> int:
    """Count how many were missed in a row up to the last that is over; what is not required breaks nothing."""
    run = 0
    for state in states:
        if state == State.MISSED:
            run += 1
        elif state == State.DONE:
            run = 0
    return run
