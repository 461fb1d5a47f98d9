"""The tables of applications: no state that nothing leads to, no dead end, and how a day decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.kit.clock import OFFICE as OPEN
from lianxin.kit.clock import ZONE, Calendar, Hours, Term, Unit
from lianxin.people.rules import ROLES
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import BY_OUTCOME, FINAL, MOVES, Deed, State

DAY = datetime(2026, 9, 22, 17, 30, tzinfo=ZONE)


def _next(state: State) -> set[State]:
    found = set()
    for deed, move in MOVES.items():
        if state in move.start:
            found |= ({move.end} if move.end else set()) | BY_OUTCOME.get(deed, frozenset())
    return found


def _reach(start: State) -> set[State]:
    seen, waiting = {start}, [start]
    while waiting:
        for state in _next(waiting.pop()) - seen:
            seen.add(state)
            waiting.append(state)
    return seen


def test_every_state_is_reached_and_every_road_ends() -> None:
    assert _reach(State.DRAFT) == set(State)
    assert all(FINAL & _reach(state) for state in State)
    assert set(MOVES) == set(Deed)
    assert all(not (_next(state) - FINAL - {State.DECIDED}) for state in FINAL)


def test_every_power_of_the_table_is_held_by_a_role() -> None:
    held = {power for role in ROLES.values() for power in role.powers}
    assert {move.power for move in MOVES.values() if move.power} <= held
    keys = [move.key for move in MOVES.values() if move.key and move.start & {State.SUBMITTED}]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        (DAY - timedelta(days=1), "early"),
        (DAY - timedelta(hours=17, minutes=30), "on_time"),  # midnight of the promised day: the day itself
        (DAY - timedelta(hours=17, minutes=30, seconds=1), "early"),
        (DAY, "on_time"),
        (DAY + timedelta(seconds=1), "late"),
    ],
)
def test_early_is_a_day_before_and_late_is_a_second_after(decided: datetime, expected: str) -> None:
    assert rules.timeliness(decided, DAY) == expected


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), st.integers(-90_000, 90_000))
@settings(max_examples=50)
def test_timeliness_never_goes_back(promised: datetime, seconds: int) -> None:
    due = promised.replace(tzinfo=ZONE)
    order = ["early", "on_time", "late"]
    first = rules.timeliness(due + timedelta(seconds=seconds), due)
    second = rules.timeliness(due + timedelta(seconds=seconds + 3600), due)
    assert order.index(first) <= order.index(second)


@pytest.mark.parametrize(
    ("approved", "paid"),
    [
        (date(2026, 3, 11), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2026, 1, 31), date(2026, 2, 1)),
    ],
)
def test_a_pension_is_paid_from_the_next_month(approved: date, paid: date) -> None:
    assert rules.first_payment(approved) == paid


def test_minutes_and_the_same_day() -> None:
    begun = datetime(2026, 9, 22, 10, 0, tzinfo=ZONE)
    assert rules.minutes_between(begun, begun + timedelta(minutes=26, seconds=59)) == 26
    assert rules.minutes_between(begun, begun - timedelta(minutes=1)) == 0
    assert rules.same_day(begun, begun.replace(hour=23, minute=59))
    assert not rules.same_day(begun.replace(hour=23), begun + timedelta(hours=14))


def test_lights_follow_the_fifth_of_the_time() -> None:
    start, due = DAY - timedelta(days=20), DAY
    assert rules.light(None, DAY) == "wait" and rules.light(due, DAY, done=True) == "ok"
    assert rules.light(due, due - timedelta(days=5), start=start) == "ok"
    assert rules.light(due, due - timedelta(days=4), start=start) == "near"
    assert rules.light(due, due, start=start) == "late"


def test_a_second_notice_names_only_what_is_new() -> None:
    assert rules.seen_before(["a", "b"], renewed={"b"}) == ["a"]
    assert rules.seen_before(["b"], renewed={"b", "c"}) == []


def test_a_year_without_an_announced_calendar_is_provisional() -> None:
    calendar: Calendar = Calendar.seeded()
    hours: Hours = OPEN
    late = datetime(2026, 12, 30, 10, tzinfo=ZONE)
    term = Term(5, Unit.WORKDAY)
    sure = rules.deadline(DAY, term, calendar, hours=hours)
    assert not sure.provisional and sure.due > DAY
    assert rules.deadline(late, term, calendar, hours=hours).provisional
