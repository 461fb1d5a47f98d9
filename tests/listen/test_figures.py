"""Figures: they add up, say their measure, and do not betray the few."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.figures import Measure
from lianxin.listen import actions, figures
from lianxin.listen.figures import Cell, Table
from lianxin.listen.models import Subject
from lianxin.listen.rules import Channel
from lianxin.people.models import User
from tests.cast import AT, Cast
from tests.listen.conftest import Speak

DAY = timedelta(days=1)
TABLES = [
    figures.received_by_channel,
    figures.received_by_mode,
    figures.received_by_identity,
    figures.received_by_kind,
    figures.received_by_outcome,
    figures.received_by_day,
    figures.received_by_subject,
    figures.received_by_area,
]


@pytest.fixture
def year(speak: Speak, cast: Cast, subject: Subject, dispatcher: User, at: datetime) -> int:
    """Voices of every channel, identity and place; returns the number of items."""
    for place, channel in enumerate(Channel.values):
        for identity in ("signed", "anonymous"):
            speak(
                channel=channel,
                identity=identity,
                kind="problem" if place % 2 else "",
                area=[cast.areas["heping"], cast.areas["shiqiao"], cast.areas["county"], None][place % 4],
                received_at=at - place * DAY,
            )
    voice = speak(area=cast.areas["heping"])
    first, _second, _third = actions.itemize(voice, texts=["停水", "路灯", "垃圾"], by=dispatcher, at=at)
    actions.answer(actions.classify(first, subject=subject, by=dispatcher, at=at), text="好。", by=dispatcher, at=at)
    return 2 * len(Channel.values) + 3


@pytest.mark.parametrize("table", TABLES)
def test_the_cells_add_up_to_the_total(table: object, year: int, at: datetime) -> None:
    found = table(at - 100 * DAY, at + DAY)  # type: ignore[operator]
    assert sum(cell.count for cell in found.cells) == found.total == year
    assert found.measure is Measure.ITEM
    assert found.said == f"{year}条"


def _cells(table: Table) -> dict[str, int | None]:
    return {cell.key: cell.count for cell in table.cells}


def test_the_cells_hold_what_was_heard(year: int, cast: Cast, subject: Subject, at: datetime) -> None:
    start, end = at - 100 * DAY, at + DAY
    assert _cells(figures.received_by_channel(start, end)) == {c: 5 if c == "web" else 2 for c in Channel.values}
    assert _cells(figures.received_by_area(start, end)) == {
        str(cast.areas["qingshui"].pk): 7,
        str(cast.areas["baishi"].pk): 4,
        "": 8,
    }
    assert _cells(figures.received_by_subject(start, end)) == {str(subject.parent_id): 1, "": year - 1}
    assert _cells(figures.received_by_outcome(start, end))["answered"] == 1
    assert _cells(figures.received_by_day(start, end))["2026-09-29"] == 5


def test_the_time_is_half_open(speak: Speak, at: datetime) -> None:
    speak(received_at=at)
    assert figures.received_by_channel(at, at + DAY).total == 1
    assert figures.received_by_channel(at - DAY, at).total == 0


def test_a_day_is_a_day_of_the_county(speak: Speak) -> None:
    midnight = AT.replace(hour=0, minute=0)
    speak(received_at=midnight)
    speak(received_at=midnight - timedelta(seconds=1))
    table = figures.received_by_day(midnight - DAY, midnight + DAY)
    assert _cells(table) == {"2026-09-28": 1, "2026-09-29": 1}


def test_letters_are_counted_as_letters(speak: Speak, cast: Cast, at: datetime) -> None:
    speak(channel="letter", addressee=cast.posts["secretary"])
    table = figures.letters_by_tier(at - DAY, at + DAY)
    assert _cells(table) == {"county": 1, "committee": 0, "branch": 0}
    assert table.said == "1封"


def test_kinds_and_items_are_said_as_the_bulletin_says_them(speak: Speak, dispatcher: User, at: datetime) -> None:
    """VOI-24: 56 items over 5 subjects."""
    actions.seed_subjects(at=at)
    subjects = list(Subject.objects.leaves()[:5])
    items = actions.itemize(speak(), texts=[f"第{n}条" for n in range(50)], by=dispatcher, at=at)
    items += actions.itemize(speak(), texts=[f"第{n}条" for n in range(6)], by=dispatcher, at=at)
    for place, item in enumerate(items):
        actions.classify(item, subject=subjects[place % 5], by=dispatcher, at=at)
    speak()
    assert figures.kinds_and_items(at - DAY, at + DAY) == "5类56条"
    assert figures.items_of_scheme(at - DAY, at + DAY).count() == 56
    assert figures.kinds_and_items(at - DAY, at + DAY, language="en") == "5 kinds, 56 items"


def test_what_waits(speak: Speak, cast: Cast, at: datetime) -> None:
    speak()
    speak(channel="letter", addressee=cast.posts["secretary"])
    assert figures.sorting(at) == {"waiting": 2, "overdue": 0, "unread": 1}


def _table(counts: list[int]) -> Table:
    return Table(tuple(Cell(str(n), "", count) for n, count in enumerate(counts)), sum(counts), Measure.ITEM, AT, AT)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([10, 20], [10, 20]),
        ([10, 20, 0], [10, 20, 0]),
        ([3, 10, 20], [None, None, 20]),
        ([1, 1, 10, 20], [None, None, None, 20]),
        ([4, 4, 10], [None, None, 10]),
        ([3], [None]),
        ([], []),
    ],
)
def test_small_cells_are_not_told(counts: list[int], told: list[int | None]) -> None:
    table = figures.suppressed(_table(counts))
    assert [cell.count for cell in table.cells] == told
    assert table.total == sum(counts)


@given(st.lists(st.integers(0, 30), max_size=12))
def test_no_small_cell_can_be_reckoned(counts: list[int]) -> None:
    table = figures.suppressed(_table(counts))
    told = [cell.count for cell in table.cells if cell.count is not None]
    assert all(count == 0 or count >= figures.FEW for count in told)
    hidden = len(counts) - len(told)
    if hidden and any(told):
        assert hidden >= 2
        assert table.total - sum(told) >= figures.FEW


def test_uses_of_subjects_count_what_lies_below_too(speak: Speak, dispatcher: User, at: datetime) -> None:
    actions.seed_subjects(at=at)
    water, light = Subject.objects.get(name="停水水压"), Subject.objects.get(name="路灯照明")
    for subject in (water, water, light):
        actions.classify(speak().items.get(), subject=subject, by=dispatcher, at=at)
    uses = figures.uses_of_subjects("county")
    assert uses == {water.pk: 2, water.parent_id: 2, light.pk: 1, light.parent_id: 1}
    assert figures.uses_of_subjects("other") == {}
