"""The table of states and deeds holds together, and the clock's small rules do what they say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.clock import ZONE, Calendar, Pause, Term, Unit
from lianxin.people.rules import ROLES
from lianxin.resolve import rules
from lianxin.resolve.rules import BEFORE_DISPATCH, BY_OUTCOME, MOVES, Deed, State

CALENDAR = Calendar.seeded()


def ways_on(state: State) -> set[State]:
    """Return the states to which a deed leads from this one."""
    found = set()
    for deed, move in [*MOVES.items(), *BEFORE_DISPATCH.items()]:
        if state in move.start:
            found |= ({move.end} if move.end else set()) | BY_OUTCOME.get(deed, frozenset())
    return found - {state}


def test_every_deed_has_one_line_in_the_table() -> None:
    assert set(MOVES) == set(Deed)


def test_every_state_is_reached_from_the_first() -> None:
    reached, fringe = {State.REGISTERED}, {State.REGISTERED}
    while fringe:
        fringe = {end for state in fringe for end in ways_on(state)} - reached
        reached |= fringe
    assert reached == set(State)


@pytest.mark.parametrize("state", [state for state in State if state not in rules.FINAL])
def test_no_state_is_a_dead_end(state: State) -> None:
    reached, fringe = {state}, {state}
    while fringe:
        fringe = {end for each in fringe for end in ways_on(each)} - reached
        reached |= fringe
    assert reached & rules.FINAL, f"a case in {state} can never be closed"


def test_a_state_nothing_leads_out_of_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for deed, move in MOVES.items():
        starts = move.start - {State.SUSPENDED}
        monkeypatch.setitem(MOVES, deed, rules.Move(move.name, starts, move.power, move.end))
    assert ways_on(State.SUSPENDED) == set()


def test_every_power_of_the_table_is_held_by_some_role() -> None:
    held = {power for role in ROLES.values() for power in role.powers}
    needed = {power for move in MOVES.values() for power in (move.power, *move.also) if power}
    assert needed <= held


def test_only_the_person_who_spoke_needs_no_power() -> None:
    assert [deed for deed, move in MOVES.items() if move.power is None] == [Deed.CONFIRM]


@pytest.mark.parametrize("state", list(State))
def test_no_key_means_two_deeds_in_one_state(state: State) -> None:
    keys = [move.key for move in MOVES.values() if move.key and state in move.start]
    twice = {key for key in keys if keys.count(key) > 1}
    assert twice <= {"y"}, "publish and withdraw share a key: a draft waits, or a publication stands"


def test_before_dispatch_only_narrows_the_table() -> None:
    for deed, move in BEFORE_DISPATCH.items():
        assert move.start <= MOVES[deed].start
        assert move.start <= rules.UNDISPATCHED


def test_every_deed_has_its_verb_and_words() -> None:
    verbs = [rules.verb(deed) for deed in Deed]
    assert len(set(verbs)) == len(verbs)
    assert all(str(rules.said(verb)) != verb for verb in [*verbs, *rules.BESIDE])
    assert rules.said("voice.heard") == "voice.heard"


NOW = datetime(2026, 9, 29, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due", "done", "colour"),
    [
        (None, False, "wait"),
        (NOW, False, "late"),  # half-open: at the due moment it is late
        (NOW + timedelta(microseconds=1), False, "near"),
        (NOW + timedelta(hours=24), False, "near"),
        (NOW + timedelta(hours=24, seconds=1), False, "ok"),
        (NOW - timedelta(days=9), True, "ok"),
    ],
)
def test_light(due: datetime | None, done: bool, colour: str) -> None:
    assert rules.light(due, NOW, done=done) == colour


@pytest.mark.parametrize(
    ("ways", "enough"),
    [
        ([], False),
        (["phone", "phone", "phone"], False),
        (["phone", "visit"], False),
        (["phone", "phone", "visit"], True),
        (["phone", "sms", "visit", "letter"], True),
    ],
)
def test_attempts_suffice_from_three_in_two_ways(ways: list[str], enough: bool) -> None:
    assert rules.attempts_suffice(ways) is enough


@pytest.mark.parametrize(
    ("solved", "grade", "reopens"),
    [
        ("yes", 5, False),
        ("yes", 3, False),
        ("yes", 2, True),
        ("yes", 1, True),
        ("no", 5, True),
        ("partly", None, False),
    ],
)
def test_a_bad_word_reopens(solved: str, grade: int | None, reopens: bool) -> None:
    assert rules.reopens(solved, grade) is reopens


def test_a_deadline_in_a_year_not_announced_is_provisional() -> None:
    start = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    assert rules.deadline(start, Term(1, Unit.WORKDAY), CALENDAR).provisional is False
    assert rules.deadline(start, Term(5, Unit.WORKDAY), CALENDAR).provisional is True
    assert rules.deadline(start, Term(200, Unit.HOUR), CALENDAR).provisional is False, "an hour knows no holiday"
    assert rules.deadline(start, Term(9, Unit.NATURAL_DAY), CALENDAR).provisional is False
    assert rules.deadline(start, Term(9, Unit.NATURAL_DAY, rolls=True), CALENDAR).provisional is True


@given(
    start=st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 10, 1)),
    hours=st.integers(min_value=0, max_value=400),
    ahead=st.integers(min_value=-200, max_value=400),
)
def test_a_date_set_by_hand_moves_by_at_least_the_pause_and_to_a_workday(
    start: datetime, hours: int, ahead: int
) -> None:
    begin = start.replace(tzinfo=ZONE)
    promised, pause = begin + timedelta(hours=ahead), Pause(begin, begin + timedelta(hours=hours))
    moved = rules.moved_on(promised, pause, CALENDAR)
    if ahead <= 0:
        assert moved == promised, "what had passed before stays passed"
    else:
        assert moved >= promised + timedelta(hours=hours)
        assert CALENDAR.is_workday(moved)
        assert moved - promised - timedelta(hours=hours) < timedelta(days=12)


def test_a_date_set_by_hand_stays_while_the_pause_is_open() -> None:
    assert rules.moved_on(NOW + timedelta(days=1), Pause(NOW, None), CALENDAR) == NOW + timedelta(days=1)
