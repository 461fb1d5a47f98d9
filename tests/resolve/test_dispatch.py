"""Who owes what: dispatch, take, return, rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from lianxin.kit.clock import ZONE
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.outbox.models import Message
from lianxin.people.models import Limit
from lianxin.resolve import actions
from lianxin.resolve.actions.clock import NoLimit, NotLater
from lianxin.resolve.actions.dispatch import (
    AlreadyTaken,
    MustKeep,
    NotACoordinator,
    NotAHandler,
    NothingOwed,
    NothingToRule,
    ReturnedBefore,
    TooLateToReturn,
)
from lianxin.resolve.models import Return
from lianxin.resolve.rules import Part, State, TaskState
from tests.resolve.conftest import PROMISE
from tests.resolve.story import Story


def test_dispatch_names_offices_coordinator_and_date(story: Story) -> None:
    case = story.handling(assists=[story.office("town_office")], wish="今天先送水")
    assert (case.state, case.lead, str(case.coordinator)) == (State.HANDLING, story.office("water_section"), "周明")
    # Tuesday 29 September 23:14; 30 September is the first day, then the holidays; 10 October is a make-up workday.
    assert case.due_at == datetime(2026, 10, 12, 17, 30, tzinfo=ZONE)
    assert case.first_due_at == case.due_at
    assert (case.limit_value, case.limit_unit, case.limit_basis) == (5, "workday", PROMISE)
    tasks = {task.part: task for task in case.tasks.all()}
    assert tasks[Part.LEAD].office == story.office("water_section")
    assert tasks[Part.ASSIST].office == story.office("town_office")
    assert {task.due_at for task in tasks.values()} == {case.due_at}
    assert tasks[Part.LEAD].wish == "今天先送水"
    message = Message.objects.get(template__key="case.dispatched")
    assert "县水务局供水股" in message.text
    assert "2026-10-12" in message.text


def test_the_limit_stays_as_it_was_when_the_clock_started(story: Story) -> None:
    case = story.handling()
    Limit.objects.filter(key="case.ordinary").update(value=1)
    case.refresh_from_db()
    assert case.term is not None
    assert case.term.value == 5


def test_two_officers_at_once_the_second_is_told_who_was_faster(story: Story) -> None:
    case = story.registered()
    story.dispatch(case)
    with pytest.raises(actions.NoSuchMove) as refused:
        story.dispatch(case, lead=story.office("housing"))
    assert "周明" in str(refused.value)
    assert "23:14" in str(refused.value)
    assert refused.value.status == 409
    assert case.tasks.count() == 1


def test_an_earlier_date_can_be_set_by_hand_but_no_later_one(story: Story) -> None:
    due = datetime(2026, 9, 30, 18, tzinfo=ZONE)
    case = story.handling(due=due)
    assert (case.due_at, case.first_due_at, case.limit_value) == (due, due, None)
    other = story.registered()
    for wrong in (datetime(2026, 10, 13, 17, 31, tzinfo=ZONE), story.at):  # counted from the 30th
        with pytest.raises(NotLater):
            story.dispatch(other, due=wrong)


def test_without_a_limit_a_date_is_needed(story: Story) -> None:
    Limit.objects.all().delete()
    case = story.registered()
    with pytest.raises(NoLimit, match=r"case\.ordinary"):
        story.dispatch(case)
    assert story.dispatch(case, due=story.at + timedelta(days=2)).due_at == story.at - timedelta(hours=1) + timedelta(
        days=2
    )


def test_a_limit_can_be_named(story: Story) -> None:
    Limit.objects.create(
        key="case.complex",
        name="x",
        value=48,
        unit="hour",
        start_fact="派出",
        legal_basis="",
        valid_from=story.at.date(),
    )
    case = story.handling(limit="case.complex")
    assert case.due_at == story.at + timedelta(hours=48)


def test_who_sees_only_the_own_office_coordinates_nothing(story: Story) -> None:
    with pytest.raises(NotACoordinator, match="陈水生"):
        story.handling(coordinator=story.who("handler"))


def test_a_handler_can_be_named_who_works_there(story: Story) -> None:
    case = story.handling(handler=story.who("handler"))
    assert story.task(case).handler == story.who("handler")
    with pytest.raises(NotAHandler, match="吴邻"):
        story.handling(handler=story.who("neighbour"))


def test_only_who_dispatches_dispatches(story: Story) -> None:
    case = story.registered()
    for key in ("handler", "registrar", "secretary", "examiner", "it"):
        with pytest.raises(NotAllowed):
            actions.dispatch(
                case, lead=story.office("water"), coordinator=story.who("dispatcher"), by=story.who(key), at=story.at
            )


def test_an_office_named_twice_owes_once(story: Story) -> None:
    water = story.office("water_section")
    case = story.handling(assists=[water, story.office("town_office"), story.office("town_office")])
    assert case.tasks.count() == 2


def test_take_is_kept_with_its_first_time(story: Story) -> None:
    task = story.task(story.handling())
    task = actions.take(task, by=story.who("handler"), at=story.later())
    first = story.at
    assert (str(task.handler), task.taken_at) == ("陈水生", first)
    with pytest.raises(AlreadyTaken, match="陈水生"):
        actions.take(task, by=story.who("chief"), at=story.later())
    task = actions.take(task, by=story.who("chief"), at=story.later(), over=True)
    assert (str(task.handler), task.taken_at) == ("何局", first)
    assert Event.objects.filter(verb="case.take").latest("id").data["former"] == "陈水生"


def test_the_neighbour_takes_nothing(story: Story) -> None:
    task = story.task(story.handling())
    with pytest.raises(NotAllowed):
        actions.take(task, by=story.who("neighbour"), at=story.later())


def test_an_office_returns_once_and_the_clock_runs_on(story: Story) -> None:
    case = story.handling()
    due = case.due_at
    task = actions.return_(
        story.task(case),
        reason="管道属住建局",
        suggested=story.office("housing"),
        by=story.who("handler"),
        at=story.later(),
    )
    case.refresh_from_db()
    assert (task.state, case.state, case.hops, case.due_at) == (TaskState.RETURNED, State.HANDLING, 1, due)
    with pytest.raises(NothingOwed):
        actions.return_(task, reason="再退一次", by=story.who("handler"), at=story.later())
    case = actions.rule(
        case, lead=story.office("housing"), reason="三定方案", by=story.who("dispatcher"), at=story.later()
    )
    assert (case.lead, case.due_at) == (story.office("housing"), due)
    given = Return.objects.get()
    assert (given.ruled_by, given.ruling) == (story.who("dispatcher"), "三定方案")
    with pytest.raises(MustKeep):
        actions.return_(story.task(case), reason="不归我们", by=story.who("neighbour"), at=story.later())


def test_the_second_return_is_for_the_coordinator_alone(story: Story) -> None:
    case = story.handling()
    actions.return_(story.task(case), reason="不归我们", by=story.who("handler"), at=story.later())
    # Given to another office without force, and from there back to the first one.
    rule = partial(actions.rule, reason="先看看", by=story.who("dispatcher"), forced=False)
    case = rule(case, lead=story.office("housing"), at=story.later())
    actions.return_(story.task(case), reason="也不归我们", by=story.who("neighbour"), at=story.later())
    case = rule(case, lead=story.office("water_section"), at=story.later())
    assert story.task(case).forced, "it has returned before: it cannot again, forced or not"
    with pytest.raises(MustKeep):
        actions.return_(story.task(case), reason="还是不归", by=story.who("handler"), at=story.later())
    case.refresh_from_db()
    assert case.hops == 2


def test_an_office_that_returned_its_first_task_cannot_return_another(story: Story) -> None:
    case = story.handling(assists=[story.office("town_office")])
    actions.return_(story.task(case), reason="不归我们", by=story.who("handler"), at=story.later())
    actions.rule(
        case, lead=story.office("water_section"), reason="就归你们", by=story.who("dispatcher"), at=story.later()
    )
    task = story.task(case)
    type(task).objects.filter(pk=task.pk).update(forced=False)
    with pytest.raises(ReturnedBefore):
        actions.return_(task, reason="不归我们", by=story.who("handler"), at=story.later())


def test_a_return_has_its_time_where_the_county_has_set_one(story: Story) -> None:
    Limit.objects.create(
        key="task.return", name="退单", value=1, unit="workday", start_fact="派出", legal_basis=PROMISE
    )
    case = story.handling()
    story.later(days=1)  # after the close of 30 September
    with pytest.raises(TooLateToReturn, match="17:30"):
        actions.return_(story.task(case), reason="不归我们", by=story.who("handler"), at=story.at)


def test_a_return_needs_a_reason_and_the_own_task(story: Story) -> None:
    from lianxin.people.actions.words import TooShort

    task = story.task(story.handling())
    with pytest.raises(TooShort):
        actions.return_(task, reason=" ", by=story.who("handler"), at=story.later())
    with pytest.raises(NotAllowed):
        actions.return_(task, reason="不归我们", by=story.who("neighbour"), at=story.later())


def test_a_ruling_can_change_the_lead_and_add_assists(story: Story) -> None:
    case = story.handling(assists=[story.office("housing")])
    case = actions.rule(
        case, lead=story.office("housing"), assists=[story.office("town_office")], reason="主责在住建",
        by=story.who("dispatcher"), at=story.later(),
    )  # fmt: skip
    owed = {(task.office.name, task.part) for task in case.tasks.filter(state=TaskState.OPEN)}
    assert owed == {("县住房和城乡建设局", Part.LEAD), ("清水镇人民政府", Part.ASSIST)}


def test_a_ruling_names_somebody(story: Story) -> None:
    case = story.handling()
    with pytest.raises(NothingToRule):
        actions.rule(case, reason="想想", by=story.who("dispatcher"), at=story.later())
    actions.return_(story.task(case), reason="不归我们", by=story.who("handler"), at=story.later())
    with pytest.raises(NothingToRule):
        actions.rule(
            case, assists=[story.office("housing")], reason="没人牵头", by=story.who("dispatcher"), at=story.later()
        )
