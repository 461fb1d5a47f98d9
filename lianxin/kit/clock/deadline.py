"""When a term ends: one at a time, with its pauses, or a million at once."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from sys import maxsize

from lianxin.kit.clock.calendar import Calendar
from lianxin.kit.clock.ruler import OpenTime, Ruler, Workdays, ruler_of
from lianxin.kit.clock.term import OFFICE, ZONE, Hours, Pause, Term, Unit, local

FOREVER = maxsize

# From here on Shanghai's offset from UTC never changed, so hours may be added on the wall clock.
_SETTLED = datetime(1992, 1, 1, tzinfo=ZONE)

# A stretch of a ruler in which the clock stands still, and the fact behind it.
Still = tuple[int, int, Pause]


class ClockStopped(Exception):
    """The clock stands still since an open pause, and no due date can be named until it runs again."""

    def __init__(self, pause: Pause) -> None:
        super().__init__(f"The clock stands still since {pause.start}.")
        self.pause = pause


def due(
    start: datetime, term: Term, calendar: Calendar, *, hours: Hours = OFFICE, pauses: Iterable[Pause] = ()
) -> datetime:
    """This function will name the moment a term ends.

    Days: the day of the start is not counted (Civil Code art. 201); the term ends when the office closes on its last
    day (art. 203). A term of no days ends at the close of the day of the start if that day counts and is not yet over,
    else as a term of one day. Hours by the clock run from the very moment (art. 201); work hours run while the office
    is open; neither ends later than the moment that makes it full, so a work hour ends at a close, not at the next
    opening.

    Pauses are facts. In hours, paused time is not counted. In days, a day is skipped when it ends in a pause: when the
    last instant before the office closes lies in the half-open [start, end). So a pause that begins only at the close
    comes too late for that day, and one that is over before the close costs no day. A further pause never brings the
    end forward.

    Raises ClockStopped when an open pause begins before the term is full, ValueError for naive moments and outside the
    calendar's years.
    """
    start = local(start)
    ruler = ruler_of(term.unit, calendar, hours)
    if not term.unit.counts_days:
        if not term.value:
            return start
        origin, amount = ruler.at(start), term.value * ruler.scale
    elif term.value:
        origin, amount = ruler.day(start.toordinal() + 1), term.value
    else:
        origin, amount = ruler.at(start), 1
    pauses = tuple(pauses)
    end = ruler.moment(_reach(origin, amount, stills(ruler, pauses)))
    if term.rolls and term.unit is Unit.NATURAL_DAY:
        workdays = Workdays(calendar, hours)
        end = workdays.moment(_reach(workdays.day(end.toordinal()), 1, stills(workdays, pauses)))
    return end


def due_many(starts: Sequence[datetime], term: Term, calendar: Calendar, *, hours: Hours = OFFICE) -> list[datetime]:
    """This function will name the ends of one term for many starts, in their order: the answers of `due`, in bulk."""
    if term.unit.counts_days:
        return _due_by_day(starts, term, calendar, hours)
    if not term.value:
        return [local(start) for start in starts]
    if term.unit is Unit.HOUR:
        return _due_by_clock(starts, term, calendar)
    return _due_by_piece(starts, term, OpenTime(calendar, hours))


def stills(ruler: Ruler, pauses: Iterable[Pause]) -> list[Still]:
    """This function will lay pauses along a ruler, the earliest first."""
    laid = [(ruler.at(pause.start), FOREVER if pause.end is None else ruler.at(pause.end), pause) for pause in pauses]
    return sorted(laid, key=lambda still: still[:2])


def _reach(origin: int, amount: int, stills: list[Still]) -> int:
    """This function will give the position at which so much has been counted since the origin."""
    target = origin + amount
    for begin, end, pause in stills:
        begin = max(begin, origin)
        if begin >= target:
            break
        if end == FOREVER:
            raise ClockStopped(pause)
        if end > begin:
            target += end - begin
            origin = end
    return target


def _due_by_day(starts: Sequence[datetime], term: Term, calendar: Calendar, hours: Hours) -> list[datetime]:
    """This function will ask once for each day among the starts, for all moments of a day end alike."""
    is_same_day = not term.value  # the one term that sees the time of day: after the close it is that of the next day
    known: dict[int, datetime] = {}
    ends = []
    for start in starts:
        if start.tzinfo is not ZONE:
            start = local(start)
        day = start.toordinal()
        if is_same_day and start.time() >= hours.closes:
            day += 1
        end = known.get(day)
        if end is None:
            morning = datetime.combine(date.fromordinal(day), time.min, ZONE)
            end = known[day] = due(morning, term, calendar, hours=hours)
        ends.append(end)
    return ends


def _due_by_clock(starts: Sequence[datetime], term: Term, calendar: Calendar) -> list[datetime]:
    """This function will add hours by the clock."""
    hours = timedelta(hours=term.value)
    ends = []
    for start in starts:
        if start.tzinfo is not ZONE:
            start = local(start)
        ends.append(start + hours if start >= _SETTLED else due(start, term, calendar))
    return ends


# Within one day the end is either fixed or a fixed distance from the start: (last moments, distances, fixed ends).
_Pieces = tuple[list[datetime], list[timedelta | None], list[datetime]]


def _due_by_piece(starts: Sequence[datetime], term: Term, ruler: OpenTime) -> list[datetime]:
    """This function will count open time by the few pieces each day falls into."""
    known: dict[int, _Pieces] = {}
    ends = []
    for start in starts:
        if start.tzinfo is not ZONE:
            start = local(start)
        day = start.toordinal()
        pieces = known.get(day)
        if pieces is None:
            pieces = known[day] = _pieces(day, term.value * ruler.scale, ruler)
        lasts, distances, fixed = pieces
        piece = bisect_left(lasts, start)
        distance = distances[piece]
        ends.append(fixed[piece] if distance is None else start + distance)
    return ends


def _pieces(day: int, amount: int, ruler: OpenTime) -> _Pieces:
    """This function will cut a day where the office opens or closes, now or when the term would end."""
    hours = ruler.hours
    midnight = datetime.combine(date.fromordinal(day), time.min, ZONE)
    origin = ruler.day(day)
    lasts = [midnight + timedelta(days=1) - datetime.resolution]
    if ruler.day(day + 1) > origin:
        cuts = {cut for edge in hours.sums for cut in (edge % hours.length, (edge - amount) % hours.length)} - {0}
        lasts += [datetime.combine(midnight, edge, ZONE) for period in hours.periods for edge in period]
        lasts += [midnight + hours.after(cut) for cut in cuts]
    lasts = sorted(set(lasts))
    ends = [ruler.moment(ruler.at(last) + amount) for last in lasts]
    opened = [ruler.at(last) for last in lasts]
    distances = [
        end - last if now > before else None
        for last, end, now, before in zip(lasts, ends, opened, [origin, *opened], strict=False)
    ]
    return lasts, distances, ends
