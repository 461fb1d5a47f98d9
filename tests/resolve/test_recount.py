"""A calendar that is imported on its page moves the dates of open cases, though people know nothing of cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lianxin.kit.clock import Day
from lianxin.ledger.models import Event
from lianxin.outbox import actions as outbox
from lianxin.people import actions as people
from lianxin.people.models import CalendarDay
from lianxin.resolve import jobs
from tests.cast import Cast
from tests.desk.road import Road


@pytest.fixture
def road(cast: Cast, calendar: None, frozen: datetime) -> Road:
    outbox.seed_templates(at=frozen)
    return Road(cast, frozen)


def _year_with_one_more_holiday(holiday: date) -> list[Day]:
    rows = CalendarDay.objects.filter(date__year=holiday.year)
    days = {row.date: Day(row.date, row.is_workday, row.name) for row in rows}
    days[holiday] = Day(holiday, False, "临时放假")
    return list(days.values())


def test_the_worker_counts_again_after_an_import_and_only_once(road: Road) -> None:
    case = road.handling()
    old = case.due_at
    assert old is not None
    it = road.cast.officer("it")
    at = road.at + timedelta(minutes=1)
    people.import_calendar(rows=_year_with_one_more_holiday(date(2026, 10, 9)), source="演示", by=it, at=at)
    assert jobs.recount(at=at) is False
    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at > old
    assert case.first_due_at == old
    moved = Event.objects.about(case).filter(verb="case.recount")
    assert moved.count() == 1
    jobs.recount(at=at + timedelta(minutes=1))
    assert moved.count() == 1
    assert Event.objects.filter(verb="deadlines.recounted").count() == 1


def test_without_an_import_nothing_is_counted_again(road: Road) -> None:
    road.handling()
    before = Event.objects.count()
    jobs.recount(at=road.at)
    assert Event.objects.count() == before
