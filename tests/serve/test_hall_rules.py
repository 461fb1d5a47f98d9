"""The plan of a day, the order of the line, the times that may be booked."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.kit.clock import ZONE
from lianxin.serve.rules.hall import Fault, Meal, Opening, Sitting, check_roster, clock, minute
from lianxin.serve.rules.line import (
    FAIRNESS,
    HEAD_START,
    MOVES,
    Reason,
    TicketState,
    order_of_the_line,
    rank,
    rank_by_appointment,
    slots,
)
from tests.house.guards.tables import table_faults

MEAL = Meal(time(11), time(14), 30)
TEN = 10  # minutes: everything below lies on this grid, so that the slow reference stays slow but not endless
AT = datetime(2026, 9, 29, 9, 30, tzinfo=ZONE)

grid = st.integers(54, 102)  # 9:00 to 17:00


@st.composite
def sittings(draw: st.DrawFn) -> Sitting:
    start, end = sorted((draw(grid), draw(grid)))
    end += start == end
    return Sitting(draw(st.integers(1, 2)), draw(st.integers(1, 3)), clock(start * TEN), clock(end * TEN))


def _obvious(openings: list[Opening], sat: list[Sitting], skills: dict[int, set[str]]) -> set[tuple[object, ...]]:
    """Look at each ten minutes of the day, at each window and each clerk."""
    found: set[tuple[object, ...]] = set()
    for tick in range(0, 24 * 60, TEN):
        now = [s for s in sat if minute(s.starts) <= tick < minute(s.ends)]
        for o in openings:
            if minute(o.starts) <= tick < minute(o.ends):
                found |= _at_window(o, [s.clerk for s in now if s.window == o.window], skills, tick)
        found |= {(Fault.TWICE, s.clerk, tick) for s in now if sum(s.clerk == other.clerk for other in now) > 1}
    for clerk in {s.clerk for s in sat}:
        own = [s for s in sat if s.clerk == clerk]
        ticks = range(minute(MEAL.starts), minute(MEAL.ends), TEN)
        day = "".join("x" if any(minute(s.starts) <= t < minute(s.ends) for s in own) else " " for t in ticks)
        if max(map(len, day.split("x"))) * TEN < MEAL.minutes:
            found.add((Fault.NO_MEAL, clerk))
    return found


def _at_window(o: Opening, here: list[int], skills: dict[int, set[str]], tick: int) -> set[tuple[object, ...]]:
    if not here:
        return {(Fault.EMPTY, o.window, tick)}
    able = {code for clerk in here for code in skills.get(clerk, ())}
    return {(Fault.UNSKILLED, o.window, code, tick) for code in o.codes - able}


@settings(max_examples=60)
@given(
    st.lists(sittings(), max_size=7),
    st.dictionaries(st.integers(1, 3), st.sets(st.sampled_from("XY"))),
)
def test_the_plan_is_judged_as_by_looking_at_every_moment(sat: list[Sitting], skills: dict[int, set[str]]) -> None:
    openings = [Opening(1, time(9), time(17), frozenset("XY")), Opening(2, time(9), time(12)),
                Opening(2, time(13, 30), time(17), frozenset("X"))]  # fmt: skip
    said: set[tuple[object, ...]] = set()
    for t in check_roster(openings, sat, skills=skills, meal=MEAL):
        ticks = range(minute(t.starts), minute(t.ends), TEN)
        assert ticks, t
        if t.fault is Fault.NO_MEAL:
            said.add((t.fault, t.clerk))
        elif t.fault is Fault.TWICE:
            said |= {(t.fault, t.clerk, tick) for tick in ticks}
        elif t.fault is Fault.UNSKILLED:
            said |= {(t.fault, t.window, t.code, tick) for tick in ticks}
        else:
            said |= {(t.fault, t.window, tick) for tick in ticks}
    assert said == _obvious(openings, sat, skills)


def test_a_turn_that_ends_before_it_begins_is_named_and_nothing_else_is_judged() -> None:
    found = check_roster([Opening(1, time(9), time(17))], [Sitting(1, 1, time(12), time(9))], skills={}, meal=MEAL)
    assert [t.fault for t in found] == [Fault.BACKWARDS]


def test_one_clerk_all_day_has_no_meal() -> None:
    found = check_roster([Opening(1, time(9), time(17))], [Sitting(1, 7, time(9), time(17))], skills={}, meal=MEAL)
    assert [(t.fault, t.clerk, t.starts, t.ends) for t in found] == [(Fault.NO_MEAL, 7, time(11), time(14))]


@given(st.sampled_from(list(Reason)), st.sampled_from(list(Reason)), st.integers(-90, 90))
def test_nobody_is_overtaken_by_who_comes_later_than_the_fairness_cap(one: str, other: str, minutes: int) -> None:
    later = AT + timedelta(minutes=minutes)
    if later > AT + FAIRNESS:
        assert rank(AT, one) < rank(later, other)
    if one == other and later > AT:
        assert rank(AT, one) < rank(later, other)


def test_the_old_the_weak_and_the_urgent_come_first() -> None:
    order = [Reason.URGENT, Reason.DISABLED, Reason.OLD, Reason.NONE]
    assert sorted(order, key=lambda reason: rank(AT, reason)) == order
    assert len(order_of_the_line()) == len(HEAD_START) + 1


def test_an_appointment_counts_while_it_is_kept() -> None:
    assert rank_by_appointment(AT, AT - timedelta(minutes=30)) <= rank(AT, Reason.URGENT)
    assert rank_by_appointment(AT, AT + timedelta(minutes=15)) == AT - FAIRNESS
    late = AT + timedelta(minutes=16)
    assert rank_by_appointment(AT, late) == late


def test_slots_fill_the_open_hours_and_never_the_break() -> None:
    found = slots([(time(9), time(10)), (time(13, 30), time(14, 20))], 25)
    assert found == [(time(9), time(9, 25)), (time(9, 25), time(9, 50)), (time(13, 30), time(13, 55)),
                     (time(13, 55), time(14, 20))]  # fmt: skip


def test_every_state_of_a_number_is_reached_and_left() -> None:
    edges: dict[str, set[str]] = {state.value: set() for state in TicketState}
    for before, after in MOVES.values():
        for state in before:
            edges[state.value].add(after.value)
    assert table_faults(edges, start="waiting", final={"done", "left"}) == []
