"""The clock against slow and obvious references: day by day, minute by minute."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.kit.clock import (
    ZONE,
    Calendar,
    DayKind,
    Hours,
    Pause,
    Term,
    Unit,
    due,
    due_many,
    explain,
    left,
    local,
    workdays_between,
)

CALENDAR = Calendar.seeded()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

OFFICES = (
    Hours(((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))),
    Hours(((time(9, 0), time(17, 0)),)),
    Hours(((time(8, 0), time(11, 45)), (time(13, 15), time(15, 0)), (time(15, 0), time(18, 5)))),
    Hours(((time(0, 0), time(12, 0)), (time(13, 0), time(23, 59)))),
)

# Around the long holidays of announced years, and over the edge into the unannounced one.
HOLIDAYS = [
    date(2014, 1, 28),
    date(2020, 1, 22),
    date(2024, 2, 7),
    date(2025, 12, 29),
    date(2026, 9, 24),
    date(2026, 12, 25),
]
zones = st.sampled_from([ZONE, UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=5, minutes=45))])
offices = st.sampled_from(OFFICES)


@st.composite
def minutes(draw: st.DrawFn, days: int = 20) -> datetime:
    """A whole minute near a holiday, often one at which an office opens or closes, written in some zone."""
    day = draw(st.sampled_from(HOLIDAYS)) + draw(st.integers(0, days)) * DAY
    edges = [edge for office in OFFICES for period in office.periods for edge in period]
    clock = draw(st.one_of(st.sampled_from(edges), st.times().map(lambda t: t.replace(second=0, microsecond=0))))
    return datetime.combine(day, clock, ZONE).astimezone(draw(zones))


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime, *, days: int) -> list[Pause]:
    """Up to four pauses around the time after a start; they may overlap, touch and be empty."""
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        shift = draw(st.integers(-2 * 1440, days * 1440))
        length = draw(st.one_of(st.integers(0, 600), st.integers(0, 3 * 1440)))
        begin = start + shift * MINUTE
        if draw(st.booleans()):
            begin = datetime.combine(begin, draw(offices).closes, ZONE)
        pauses.append(Pause(begin, begin + length * MINUTE))
    return pauses


day_terms = st.builds(Term, st.integers(0, 40), st.sampled_from([Unit.WORKDAY, Unit.NATURAL_DAY]), st.booleans())
hour_terms = st.builds(Term, st.integers(0, 12), st.sampled_from([Unit.HOUR, Unit.WORKHOUR]))
terms = st.one_of(day_terms, hour_terms, st.builds(Term, st.integers(0, 300), st.just(Unit.WORKHOUR)))


def due_day_by_day(start: datetime, term: Term, hours: Hours, pauses: list[Pause]) -> datetime:
    """Walk the days; count one when the office closes outside every pause."""

    def is_paused(day: date) -> bool:
        last_instant = datetime.combine(day, hours.closes, ZONE) - datetime.resolution
        return any(pause.start <= last_instant and (pause.end is None or last_instant < pause.end) for pause in pauses)

    def counts(day: date) -> bool:
        return (term.unit is Unit.NATURAL_DAY or CALENDAR.is_workday(day)) and not is_paused(day)

    start = start.astimezone(ZONE)
    day, wanted = start.date(), term.value
    if wanted == 0 and counts(day) and start.time() < hours.closes:
        counted = 0
    else:
        wanted, counted = max(wanted, 1), 0
        while counted < wanted:
            day += DAY
            counted += counts(day)
    if term.rolls and term.unit is Unit.NATURAL_DAY:
        while not CALENDAR.is_workday(day) or is_paused(day):
            day += DAY
    return datetime.combine(day, hours.closes, ZONE)


def due_minute_by_minute(start: datetime, term: Term, hours: Hours, pauses: list[Pause]) -> datetime:
    """Walk the minutes; count one when the office is open (or the term never sleeps) and no pause covers it."""
    moment, rest = start.astimezone(ZONE), term.value * 60
    while rest:
        is_open = term.unit is Unit.HOUR or (
            CALENDAR.is_workday(moment.date()) and any(a <= moment.time() < b for a, b in hours.periods)
        )
        rest -= is_open and not any(p.start <= moment and (p.end is None or moment < p.end) for p in pauses)
        moment += MINUTE
    return moment


@settings(max_examples=400, deadline=None)
@given(st.data(), minutes(), day_terms, offices)
def test_days_agree_with_a_walk_over_the_days(data: st.DataObject, start: datetime, term: Term, hours: Hours) -> None:
    pauses = data.draw(pauses_after(start, days=60))
    assert due(start, term, CALENDAR, hours=hours, pauses=pauses) == due_day_by_day(start, term, hours, pauses)


@settings(max_examples=150, deadline=None)
@given(st.data(), minutes(), hour_terms, offices)
def test_hours_agree_with_a_walk_over_the_minutes(
    data: st.DataObject, start: datetime, term: Term, hours: Hours
) -> None:
    pauses = data.draw(pauses_after(start, days=3))
    assert due(start, term, CALENDAR, hours=hours, pauses=pauses) == due_minute_by_minute(start, term, hours, pauses)


moments = st.one_of(
    minutes(),
    st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1), timezones=zones),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(moments, max_size=8), terms, offices)
def test_bulk_gives_the_same_answers(starts: list[datetime], term: Term, hours: Hours) -> None:
    nudged = [start + nudge for start in starts for nudge in (-datetime.resolution, timedelta(0), datetime.resolution)]
    expected = [due(start, term, CALENDAR, hours=hours) for start in nudged]
    assert due_many(nudged, term, CALENDAR, hours=hours) == expected
    assert all(end.tzinfo is ZONE for end in expected)


@settings(max_examples=300, deadline=None)
@given(st.data(), minutes(), terms, offices)
def test_a_further_pause_never_brings_the_end_forward(
    data: st.DataObject, start: datetime, term: Term, hours: Hours
) -> None:
    pauses = data.draw(pauses_after(start, days=30))
    more = data.draw(pauses_after(start, days=30))
    fewer = due(start, term, CALENDAR, hours=hours, pauses=pauses)
    assert start <= fewer <= due(start, term, CALENDAR, hours=hours, pauses=more + pauses)


@settings(max_examples=200, deadline=None)
@given(minutes(), minutes(), terms, offices)
def test_a_later_start_or_a_longer_term_never_ends_earlier(a: datetime, b: datetime, term: Term, hours: Hours) -> None:
    early, late = sorted((a, b))
    ends = due_many([early, late], term, CALENDAR, hours=hours)
    assert ends[0] <= ends[1]
    assert ends[0] <= due(early, Term(term.value + 1, term.unit, term.rolls), CALENDAR, hours=hours)


@settings(max_examples=200, deadline=None)
@given(st.data(), minutes(), terms, offices)
def test_the_explanation_accounts_for_every_day(data: st.DataObject, start: datetime, term: Term, hours: Hours) -> None:
    pauses = data.draw(pauses_after(start, days=30))
    told = explain(start, term, CALENDAR, hours=hours, pauses=pauses)
    end = due(start, term, CALENDAR, hours=hours, pauses=pauses)
    assert told.due == end
    assert told.provisional == any(line.provisional for line in told.days)
    first, *middle, last = told.days
    assert (first.kind, first.date) == (DayKind.START, local(start).date())
    assert (last.kind, last.date) == (DayKind.DUE, end.date())
    assert all(line.kind in (DayKind.COUNTED, DayKind.REST, DayKind.PAUSED) for line in middle)
    if last.date > first.date:
        assert all(later.date - earlier.date == DAY for earlier, later in pairwise(told.days))
    numbers = [line.number for line in told.days if line.number is not None]
    assert numbers == (list(range(1, term.value + 1)) if term.unit.counts_days else [])


@settings(max_examples=200, deadline=None)
@given(st.data(), minutes(), terms, offices)
def test_a_held_clock_is_explained_up_to_the_pause(
    data: st.DataObject, start: datetime, term: Term, hours: Hours
) -> None:
    pauses = data.draw(pauses_after(start, days=10))
    held = Pause(start + data.draw(st.integers(-1440, 20 * 1440)) * MINUTE, None, "held")
    told = explain(start, term, CALENDAR, hours=hours, pauses=[*pauses, held])
    free = due(start, term, CALENDAR, hours=hours, pauses=pauses)
    if told.due is None:
        assert held.start < free
        assert told.days[-1].kind is DayKind.PAUSED
        assert told.days[-1].date >= held.start.date()
    else:
        assert told.due == free
        assert term.value == 0 or free <= held.start or term.unit.counts_days


@given(minutes(), st.integers(1, 60), offices)
def test_counting_back_gives_the_term(start: datetime, value: int, hours: Hours) -> None:
    for unit in (Unit.WORKDAY, Unit.NATURAL_DAY):
        end = due(start, Term(value, unit), CALENDAR, hours=hours)
        assert left(start, end, unit, CALENDAR, hours) == value
    for unit in (Unit.HOUR, Unit.WORKHOUR):
        end = due(start, Term(value, unit), CALENDAR, hours=hours)
        assert left(start, end, unit, CALENDAR, hours) == value
        assert left(start + MINUTE, end, unit, CALENDAR, hours) <= value
        assert left(end + MINUTE, end, unit, CALENDAR, hours) < 0


@given(st.dates(date(1960, 1, 1), date(2140, 1, 1)), st.integers(-400, 400))
def test_workdays_between_is_a_plain_count(day: date, distance: int) -> None:
    other = day + distance * DAY
    first, last = sorted((day, other))
    plain = sum(CALENDAR.is_workday(first + n * DAY) for n in range(1, (last - first).days + 1))
    assert workdays_between(day, other, CALENDAR) == (plain if day <= other else -plain)
