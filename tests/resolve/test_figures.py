"""Counts, each against what happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.kit.clock import ZONE
from lianxin.kit.figures import FEW, Rate
from lianxin.listen import actions as listen
from lianxin.listen.models import Subject
from lianxin.resolve import actions
from lianxin.resolve.figures import OTHERS, UNKNOWN, Figures, Row, _folded, figures, hot_subjects, leading
from lianxin.resolve.models import Case
from tests.resolve.story import Story

LATE = datetime(2026, 12, 1, tzinfo=ZONE)


@pytest.fixture
def subjects(db: None, at: datetime) -> dict[str, Subject]:
    listen.seed_subjects(at=at)
    return {subject.full_name: subject for subject in Subject.objects.all()}


def all_of(story: Story, by: str = "whole", **said: Any) -> Figures:
    return figures(story.at - timedelta(days=365), story.at + timedelta(days=1), at=story.at, by=by, **said)


def test_nothing_is_counted_as_nothing(story: Story) -> None:
    found = all_of(story)
    assert (found.rows, found.total.received, found.median_days) == ((), 0, None)
    assert found.total.response.percent is None
    assert found.total.solving.is_small


def test_each_count_against_what_happened(story: Story) -> None:
    dispatcher = story.who("dispatcher")
    spot = story.items()[0]
    listen.answer(spot, text="今晚来水。", by=dispatcher, at=story.later())
    story.items()  # waits
    story.registered()
    story.closed(story.voice(), story.voice(wants_reply=False))  # one case of two points
    unsolved = story.reply(story.match(story.finish(story.handling(), result="explained")))
    story.confirm(unsolved, solved="partly", result_grade=3, handling_grade=1)
    story.reopened()
    source, target = story.handling(), story.handling()
    actions.merge(source, into=target, by=dispatcher, at=story.later())
    total = all_of(story).total
    assert total.received == 9
    assert total.settled == 1 + 2 + 1, "on the spot, the two of the closed case, the unsolved one"
    assert total.solved == 1 + 2
    assert total.cases == 5, "a merged case counts with the one it went into"
    assert (total.answered, total.cases_solved) == (2, 1)
    assert (total.on_time, total.early, total.late, total.due) == (2, 2, 0, 2)
    assert total.asked == 2, "who wants no reply is not asked; a reopened case is not answered"
    # The first said yes but its case waits for the root cause, the second partly, the third no.
    assert (total.spoke, total.said_solved) == (3, 1)
    assert (total.graded_result, total.good_result, total.graded_handling, total.good_handling) == (1, 1, 1, 0)
    assert total.satisfaction.percent == 100
    assert total.manner.percent == 0, "result and handling are two questions (SAT-03)"


def test_an_answer_on_the_spot_counts_as_received_and_settled_and_enters_no_case(story: Story) -> None:
    item = story.items()[0]
    listen.answer(item, text="今晚来水。", by=story.who("dispatcher"), at=story.later())
    total = all_of(story).total
    assert (total.received, total.settled, total.solved, total.cases) == (1, 1, 1, 0)


def test_on_time_is_strict_to_the_minute(story: Story) -> None:
    ends = {"early": -timedelta(seconds=1), "on": timedelta(0), "late": timedelta(seconds=1)}
    for shift in ends.values():
        case = story.matched()
        assert case.due_at
        actions.reply(case, text="好了", by=story.who("dispatcher"), at=case.due_at + shift)
        story.at = datetime(2026, 9, 29, 21, 14, tzinfo=ZONE)
    story.at = LATE
    total = all_of(story).total
    assert (total.early, total.on_time, total.late, total.answered) == (1, 2, 1, 3)
    assert (total.response.part, total.response.whole, total.response.everybody) == (2, 3, 3)


def test_what_is_not_answered_though_its_date_has_come_is_late(story: Story) -> None:
    story.handling()
    story.suspended()
    assert all_of(story).total.late == 0
    story.at = LATE
    total = all_of(story).total
    assert (total.late, total.due) == (1, 1), "a clock that stands still is not late"


def test_a_granted_date_is_on_time_but_not_on_the_first_date(story: Story) -> None:
    case = story.handling()
    later = datetime(2026, 10, 20, 17, 30, tzinfo=ZONE)
    actions.extend(case, due=later, reason="等件", by=story.who("handler"), at=story.later())
    actions.decide_extension(case, granted=True, by=story.who("secretary"), at=story.later())
    story.at = datetime(2026, 10, 19, 9, tzinfo=ZONE)
    story.reply(story.match(story.finish(case)))
    total = all_of(story).total
    assert (total.on_time, total.on_first_date) == (1, 0)
    assert (total.first_promise.part, total.first_promise.whole) == (0, total.response.whole)


def test_the_last_word_of_a_person_counts_once(story: Story) -> None:
    case = story.reopened()
    assert all_of(story).total.said_solved == 0
    story.confirm(story.reply(story.match(story.finish(story.dispatch(case)))))
    total = all_of(story).total
    assert (total.spoke, total.said_solved) == (1, 1)


def test_silence_is_not_satisfaction(story: Story) -> None:
    for _ in range(3):
        story.answered()
    story.confirm(story.answered(), result_grade=5)
    rate = all_of(story).total.satisfaction
    assert (rate.part, rate.whole, rate.everybody) == (1, 1, 4)
    assert rate.percent == 100
    assert rate.percent_of_everybody == 25
    assert rate.is_small, "the page says: sample too small"


def test_by_subject_and_by_town_the_lines_add_up(story: Story, subjects: dict[str, Subject]) -> None:
    dispatcher = story.who("dispatcher")
    water, other = (
        subjects["供水供电/停水水压"],
        next(s for name, s in subjects.items() if "供水" not in name and "/" in name),
    )
    for subject, area, times in ((water, "heping", 6), (other, "shiqiao", 7), (None, "county", 5)):
        for _ in range(times):
            item = story.items(story.voice(area=story.cast.areas[area]))[0]
            if subject:
                listen.classify(item, subject=subject, by=dispatcher, at=story.later())
            item.refresh_from_db()
            actions.register(items=[item], title="一件", by=dispatcher, at=story.later())
    for by, names in (("subject", {"供水供电", other.full_name.split("/")[0]}), ("area", {"清水镇", "白石镇"})):
        found = all_of(story, by)
        assert {row.label for row in found.rows if row.key != UNKNOWN} == names
        assert found.rows[-1].key == UNKNOWN
        for name in ("received", "cases"):
            assert sum(getattr(row, name) for row in found.rows) == getattr(found.total, name) == 18
        assert all_of(story).total == found.total


def row(key: str, received: int) -> Row:
    return Row(key, key, received=received)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([10, 20], [10, 20]),
        ([10, 20, 2], [20, OTHERS]),  # two alone could be reckoned from the total: the next one goes with it
        ([10, 20, 2, 1], [20, OTHERS]),
        ([10, 20, 3, 4], [10, 20, OTHERS]),
        ([3], [OTHERS]),
        ([], []),
    ],
)
def test_small_lines_go_together_and_nothing_can_be_reckoned_back(sizes: list[int], told: list[Any]) -> None:
    rows = [row(str(number), size) for number, size in enumerate(sizes)]
    folded = _folded(rows)
    assert [each.key if each.key == OTHERS else each.received for each in folded] == told
    assert sum(each.received for each in folded) == sum(sizes)
    if sum(sizes) >= FEW:
        assert all(each.received >= FEW for each in folded)


def test_officers_see_every_line(story: Story) -> None:
    story.registered()
    assert [each.received for each in all_of(story, "area", public=False).rows] == [1]
    assert [each.key for each in all_of(story, "area").rows] == [OTHERS]


def test_half_of_the_points_were_faster_than_the_median(story: Story) -> None:
    start = story.at
    for days in (1, 3, 9):
        story.at = start
        case = story.matched()
        actions.reply(case, text="好了", by=story.who("dispatcher"), at=start + timedelta(days=days))
    story.at = LATE
    assert all_of(story).median_days == 3


def test_a_period_is_half_open(story: Story) -> None:
    moment = story.at
    story.voice()
    hour = timedelta(hours=1)
    assert figures(moment, moment + hour, at=LATE, by="whole").total.received == 1
    assert figures(moment - hour, moment, at=LATE, by="whole").total.received == 0


def test_the_number_of_queries_does_not_grow(story: Story) -> None:
    for _ in range(3):
        story.closed()
    with CaptureQueriesContext(connection) as queries:
        all_of(story, "area")
    assert len(queries) <= 8


class TestLeading:
    """What a leader looks at first."""

    def test_letters_overdue_hot_and_satisfaction(self, story: Story, subjects: dict[str, Subject]) -> None:
        dispatcher, secretary = story.who("dispatcher"), story.who("secretary")
        letter = story.voice(channel="letter", addressee=story.cast.posts["secretary"])
        story.handling()
        numbers = count()
        for _ in range(10):
            item = story.items(story.voice(text=f"停水{next(numbers)}"))[0]
            listen.classify(item, subject=subjects["供水供电/停水水压"], by=dispatcher, at=story.later(minutes=1))
        seen = leading(secretary, at=story.later())
        assert (seen.unread, seen.oldest_unread, seen.overdue) == (1, letter.received_at, 0)
        assert [(hot.subject, hot.count, hot.before) for hot in seen.hot] == [("供水供电", 10, 0)]
        listen.read_letter(letter, by=secretary, at=story.at)
        story.at = LATE
        seen = leading(secretary, at=story.at)
        assert (seen.unread, seen.overdue, seen.hot) == (0, 1, ())
        assert [(late.name, late.count) for late in seen.late] == [("县水务局供水股", 1)]

    def test_letters_to_others_are_not_counted(self, story: Story) -> None:
        story.voice(channel="letter", addressee=story.cast.posts["secretary"])
        assert leading(story.who("dispatcher"), at=story.at).unread == 0

    def test_nine_are_not_hot_and_three_lives_are_difficult(self, story: Story) -> None:
        assert hot_subjects(story.at) == ()
        case = story.handling()
        Case.objects.filter(pk=case.pk).update(reopened=3)
        assert leading(story.who("secretary"), at=story.at).difficult == 1


def test_rates_of_nothing() -> None:
    rate = Rate(0, 0, 0)
    assert (rate.percent, rate.percent_of_everybody, rate.is_small) == (None, None, True)
