"""A day at the windows: who sits where and when, and what is wrong with such a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Stretch = tuple[int, int]  # minutes of the day, [from, to)


@dataclass(frozen=True, slots=True)
class Opening:
    """A window is open in [starts, ends) for these services; one without services asks for no certificate."""

    window: int
    starts: time
    ends: time
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sitting:
    """A clerk sits at a window in [starts, ends)."""

    window: int
    clerk: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Meal:
    """Within [starts, ends) everybody who works that day has so many free minutes in one piece."""

    starts: time
    ends: time
    minutes: int


class Fault(StrEnum):
    """What can be wrong with a plan of a day."""

    BACKWARDS = "backwards"
    EMPTY = "empty"
    UNSKILLED = "unskilled"
    TWICE = "twice"
    NO_MEAL = "no_meal"


FAULTS: dict[Fault, str | Promise] = {
    Fault.BACKWARDS: _("A turn ends before it begins."),
    Fault.EMPTY: _("Nobody sits at this window while it is open."),
    Fault.UNSKILLED: _("Nobody at this window may take in this matter alone."),
    Fault.TWICE: _("This clerk would sit at two places at once."),
    Fault.NO_MEAL: _("This clerk has no time to eat."),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with a plan, with the exact stretch in which it is so."""

    fault: Fault
    starts: time
    ends: time
    window: int | None = None
    clerk: int | None = None
    code: str = ""


def check_roster(
    openings: Iterable[Opening], sittings: Iterable[Sitting], *, skills: Mapping[int, AbstractSet[str]], meal: Meal
) -> list[Trouble]:
    """Return what is wrong with the plan of a day; none of it may be kept before all of it is mended.

    Every window is attended whenever it is open, also at lunch; for every service of a window one who is certified for
    it sits there; nobody sits at two windows at once; and everybody has a meal, for the window has no break but people
    do.
    """
    sat = list(sittings)
    backwards = [Trouble(Fault.BACKWARDS, s.starts, s.ends, s.window, s.clerk) for s in sat if s.starts >= s.ends]
    if backwards:
        return backwards
    found: list[Trouble] = []
    for opening in openings:
        found += _window_troubles(opening, [s for s in sat if s.window == opening.window], skills)
    for clerk in sorted({s.clerk for s in sat}):
        found += _clerk_troubles(clerk, [s for s in sat if s.clerk == clerk], meal)
    return found


def _window_troubles(opening: Opening, sat: list[Sitting], skills: Mapping[int, AbstractSet[str]]) -> list[Trouble]:
    open_time = [_stretch(opening)]
    empty = without(open_time, map(_stretch, sat))
    found = [Trouble(Fault.EMPTY, clock(a), clock(b), opening.window) for a, b in empty]
    for code in sorted(opening.codes):
        able = [_stretch(s) for s in sat if code in skills.get(s.clerk, ())]
        for a, b in without(without(open_time, able), empty):
            found.append(Trouble(Fault.UNSKILLED, clock(a), clock(b), opening.window, code=code))
    return found


def _clerk_troubles(clerk: int, sat: list[Sitting], meal: Meal) -> list[Trouble]:
    found: list[Trouble] = []
    reached = 0
    for start, end in sorted(map(_stretch, sat)):
        if start < reached:
            found.append(Trouble(Fault.TWICE, clock(start), clock(min(reached, end)), clerk=clerk))
        reached = max(reached, end)
    free = without([(minute(meal.starts), minute(meal.ends))], map(_stretch, sat))
    if max((b - a for a, b in free), default=0) < meal.minutes:
        found.append(Trouble(Fault.NO_MEAL, meal.starts, meal.ends, clerk=clerk))
    return found


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of the stretches once the taken ones are cut out, in order."""
    left = sorted(stretches)
    for start, end in taken:
        cut: list[Stretch] = []
        for a, b in left:
            cut += [(c, d) for c, d in ((a, min(b, start)), (max(a, end), b)) if c < d]
        left = cut
    return left


def minute(moment: time) -> int:
    """Return which minute of the day it is."""
    return moment.hour * 60 + moment.minute


def clock(minutes: int) -> time:
    """Return the time of day of a minute; the end of the day is its last minute."""
    return time(*divmod(min(minutes, 24 * 60 - 1), 60))


def _stretch(part: Opening | Sitting) -> Stretch:
    return minute(part.starts), minute(part.ends)
