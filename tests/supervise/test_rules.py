"""When something is due: periods, shares, recurrences, holidays; properties and the days of the seeds."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lianxin.kit.clock import Calendar
from lianxin.supervise.rules import (
    Holiday,
    Partial,
    Period,
    Span,
    State,
    WrongRecurrence,
    covered,
    dates,
    misses_at_end,
    moved,
    period_of,
    periods,
    required,
    state_of,
)

DAYS = some.dates(date(2000, 1, 1), date(2100, 12, 31))
QUOTAS = some.sampled_from([Period.WEEK, Period.MONTH, Period.QUARTER, Period.HALF, Period.YEAR])
YEAR = Span(date(2026, 1, 1), date(2027, 1, 1))


@given(period=QUOTAS, day=DAYS)
def test_every_day_lies_in_exactly_one_period(period: Period, day: date) -> None:
    span = period_of(period, day)
    assert span.holds(day)
    assert period_of(period, span.first) == period_of(period, span.last) == span
    assert period_of(period, span.until).first == span.until
    assert period_of(period, span.first - timedelta(days=1)).until == span.first


@given(period=QUOTAS, first=DAYS, days=some.integers(1, 800))
def test_periods_follow_each_other_without_a_gap(period: Period, first: date, days: int) -> None:
    found = list(periods(period, Span(first, first + timedelta(days=days))))
    assert found[0].holds(first)
    assert found[-1].holds(first + timedelta(days=days - 1))
    assert all(one.until == other.first for one, other in pairwise(found))


@given(times=some.integers(1, 50), of_days=some.integers(1, 366), partial=some.sampled_from(Partial), data=some.data())
def test_nobody_owes_more_for_less(times: int, of_days: int, partial: Partial, data: some.DataObject) -> None:
    days = data.draw(some.integers(0, of_days))
    need = required(times, days, of_days, partial)
    assert 0 <= need <= times
    assert required(times, of_days, of_days, partial) == times
    assert required(times, 0, of_days, partial) == 0
    if days:
        assert required(times, days - 1, of_days, partial) <= need


@given(times=some.integers(1, 50), of_days=some.integers(2, 366), data=some.data())
def test_two_who_share_a_period_owe_together_what_one_owes_to_the_nearest(
    times: int, of_days: int, data: some.DataObject
) -> None:
    days = data.draw(some.integers(1, of_days - 1))
    both = required(times, days, of_days, Partial.SHARE) + required(times, of_days - days, of_days, Partial.SHARE)
    assert times <= both <= times + 1


def test_shares_of_the_seeds() -> None:
    assert required(3, 122, 365, Partial.SHARE) == 1  # a union leader from 1 September
    assert required(1, 15, 30, Partial.SHARE) == 1  # a leader from the 16th
    assert required(1, 14, 30, Partial.SHARE) == 0  # from the 17th
    assert required(3, 1, 365, Partial.WHOLE) == 3
    assert required(3, 364, 365, Partial.FREE) == 0


@given(
    spells=some.lists(some.tuples(some.integers(0, 40), some.integers(0, 40)), max_size=4),
    free=some.lists(some.tuples(some.integers(0, 40), some.integers(0, 40)), max_size=4),
)
def test_days_are_counted_once_however_they_overlap(spells: list[tuple[int, int]], free: list[tuple[int, int]]) -> None:
    start = date(2026, 1, 5)

    def span(pair: tuple[int, int]) -> Span:
        return Span(start + timedelta(days=min(pair)), start + timedelta(days=max(pair)))

    held = [span(pair) for pair in spells]
    without = [span(pair) for pair in free]
    month = Span(start, start + timedelta(days=30))
    by_day = [start + timedelta(days=n) for n in range(30)]
    expected = [day for day in by_day if any(s.holds(day) for s in held) and not any(s.holds(day) for s in without)]
    assert covered(month, held, without) == len(expected)


def test_third_friday_and_the_20th_of_2026() -> None:
    fridays = dates("FREQ=MONTHLY;BYDAY=3FR", date(2025, 1, 1), YEAR)
    fairs = dates("FREQ=MONTHLY;BYMONTHDAY=20", date(2025, 1, 1), YEAR)
    assert len(fridays) == len(fairs) == 12
    assert all(day.weekday() == 4 and 15 <= day.day <= 21 for day in fridays)
    assert set(fridays) & set(fairs) == {date(2026, 2, 20), date(2026, 3, 20), date(2026, 11, 20)}


def test_third_friday_of_february_2026_lies_in_the_spring_festival() -> None:
    calendar = Calendar.seeded()
    day = date(2026, 2, 20)
    assert moved(day, Holiday.KEEP, calendar.is_workday) == day
    assert moved(day, Holiday.NEXT, calendar.is_workday) == date(2026, 2, 24)
    assert moved(day, Holiday.BEFORE, calendar.is_workday) == date(2026, 2, 14)  # a Saturday that is worked
    assert moved(day, Holiday.DROP, calendar.is_workday) is None


@given(day=some.dates(date(2020, 1, 1), date(2026, 12, 31)), holiday=some.sampled_from(Holiday))
def test_nothing_is_moved_off_a_working_day_or_onto_a_holiday(day: date, holiday: Holiday) -> None:
    calendar = Calendar.seeded()
    held = moved(day, holiday, calendar.is_workday)
    if calendar.is_workday(day):
        assert held == day
    elif holiday in (Holiday.NEXT, Holiday.BEFORE):
        assert held
        assert calendar.is_workday(held)
        assert (held > day) is (holiday == Holiday.NEXT)


@given(starts=DAYS, back=some.integers(0, 400), days=some.integers(1, 500))
def test_a_recurrence_gives_the_same_days_however_it_is_asked(starts: date, back: int, days: int) -> None:
    over = Span(starts - timedelta(days=back), starts + timedelta(days=days))
    whole = dates("FREQ=WEEKLY;BYDAY=TU", starts, over)
    half = over.first + timedelta(days=(over.days + 1) // 2)
    parts = [Span(over.first, half), Span(half, over.until)]
    assert whole == [day for part in parts for day in dates("FREQ=WEEKLY;BYDAY=TU", starts, part)]
    assert all(day >= starts and day.weekday() == 1 for day in whole)


@pytest.mark.parametrize(
    "text",
    ["", "every friday", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1", "FREQ=MONTHLY;BYDAY=XX", "FREQ=DAILY\nRRULE:X",
     "X" * 300, "FREQ=FOO", "FREQ=DAILY;INTERVAL=0"],
)  # fmt: skip
def test_what_is_no_recurrence_is_refused_and_never_runs_for_ever(text: str) -> None:
    with pytest.raises(WrongRecurrence):
        dates(text, date(2026, 1, 1), YEAR)


def test_states() -> None:
    last = date(2026, 2, 28)
    assert state_of(1, 0, last, last) == State.OPEN
    assert state_of(1, 0, last, last + timedelta(days=1)) == State.MISSED
    assert state_of(1, 1, last, last + timedelta(days=90)) == State.DONE
    assert state_of(0, 0, last, last + timedelta(days=90)) == State.EXEMPT


def test_a_month_that_was_not_required_breaks_no_run_of_misses() -> None:
    assert misses_at_end([State.DONE, State.MISSED, State.EXEMPT, State.MISSED]) == 2
    assert misses_at_end([State.MISSED, State.MISSED, State.DONE]) == 0
    assert misses_at_end([]) == 0
