"""The clock of a case runs in the hours of the office that leads, where it keeps hours of its own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from lianxin.kit.clock import ZONE, Day, Unit
from lianxin.people import actions as people
from lianxin.people.models import CalendarDay, Limit, Office
from lianxin.resolve import actions
from lianxin.resolve.actions.dispatch import TooLateToReturn
from lianxin.resolve.models import Case, road_of
from lianxin.resolve.models.road import clock_of
from tests.resolve.conftest import PROMISE
from tests.resolve.story import Story

USUAL = datetime(2026, 10, 12, 17, 30, tzinfo=ZONE)  # see test_dispatch
EARLY = datetime(2026, 10, 12, 14, 0, tzinfo=ZONE)


@pytest.fixture
def short(story: Story) -> Office:
    """The water section works from 8:00 until 14:00 without a break."""
    office = story.office("water_section")
    _keep(story, office, time(8), time(14))
    return office


def _keep(story: Story, office: Office, opens: time, closes: time) -> None:
    people.set_hours([(opens, closes)], by=story.who("it"), at=story.at, office=office)


def _in_office_hours(story: Story, key: str, value: int) -> None:
    Limit.objects.filter(key=key).delete()
    Limit.objects.create(key=key, name=key, value=value, unit=Unit.WORKHOUR, start_fact="派出", legal_basis=PROMISE)


def test_the_day_ends_when_the_lead_closes(story: Story, short: Office) -> None:
    case = story.handling()
    assert (case.due_at, case.clock_office) == (EARLY, short)
    assert {task.due_at for task in case.tasks.all()} == {EARLY}
    other = story.handling(lead=story.office("housing"))
    assert other.due_at == USUAL + timedelta(days=1)  # dispatched after midnight; hours of the county


def test_office_hours_are_those_of_the_lead(story: Story, short: Office) -> None:
    _in_office_hours(story, "case.ordinary", 8)
    case = story.handling()
    # six hours on 30 September, then the holidays, two on 8 October
    assert case.due_at == datetime(2026, 10, 8, 10, 0, tzinfo=ZONE)
    clock = clock_of(case, at=story.at, pauses=(), later=())
    assert clock is not None and clock.left is not None
    assert any("08:00–14:00" in str(note) and short.name in str(note) for note in clock.notes)


def test_the_person_reads_the_same_date_and_why(story: Story, short: Office) -> None:
    voice = story.voice()
    case = story.handling(voice)
    road = road_of(voice, at=story.at)
    assert road.main is not None and road.main.clock is not None
    assert road.main.clock.due == case.due_at == EARLY
    assert any("08:00–14:00" in str(note) for note in road.main.clock.notes)


def test_a_ruling_moves_no_date_and_a_recount_neither(story: Story, short: Office) -> None:
    case = story.handling()
    case = actions.rule(
        case, lead=story.office("housing"), reason="归住建管", by=story.who("dispatcher"), at=story.later()
    )
    assert case.lead == story.office("housing") and case.due_at == EARLY
    assert actions.recount_deadlines(at=story.later(), by=None) == 0
    rows = {day.date: Day(day.date, day.is_workday, day.name) for day in CalendarDay.objects.filter(date__year=2026)}
    rows[date(2026, 10, 9)] = Day(date(2026, 10, 9), False, "临时放假")
    people.import_calendar(rows=list(rows.values()), source="演示", by=story.who("it"), at=story.later())
    assert actions.recount_deadlines(at=story.later(), by=None) == 1
    case.refresh_from_db()
    assert case.due_at == EARLY + timedelta(days=1)


def test_after_a_pause_it_runs_in_the_same_hours(story: Story, short: Office) -> None:
    case = story.suspended()
    case = actions.resume(case, by=story.who("dispatcher"), at=story.later(days=1))
    assert case.due_at is not None and case.due_at.astimezone(ZONE).time() == time(14)


def test_reopened_it_runs_in_the_hours_of_who_leads_now(story: Story, short: Office) -> None:
    case = story.confirm(story.answered(), solved="no")
    assert case.due_at is not None and case.due_at.astimezone(ZONE).time() == time(14)


def test_who_takes_the_clock_of_another_takes_its_hours(story: Story, short: Office) -> None:
    source, target = story.handling(), story.registered()
    merged = actions.merge(source, into=target, reason="同一件事", by=story.who("dispatcher"), at=story.later())
    found = Case.objects.get(pk=merged.pk if merged.pk == target.pk else target.pk)
    assert (found.due_at, found.clock_office) == (EARLY, short)


def test_a_task_is_returned_within_the_hours_of_who_owes_it(story: Story, short: Office) -> None:
    _in_office_hours(story, "task.return", 6)
    case = story.handling()
    task = story.task(case)
    with pytest.raises(TooLateToReturn, match="14:00"):
        actions.return_(
            task, reason="不是我们的", by=story.who("handler"), at=datetime(2026, 9, 30, 14, 0, tzinfo=ZONE)
        )
