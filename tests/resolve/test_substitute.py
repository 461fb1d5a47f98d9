"""A colleague on leave from 1 to 10 May: a substitute has tasks and powers then only, both names on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lianxin.kit.clock import ZONE
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.people.actions import substitute
from lianxin.people.models import User
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Task, deeds_of
from lianxin.resolve.rules import Deed
from tests.resolve.story import Story


def may(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=ZONE)


LAST = may(11, 0) - timedelta(microseconds=1)  # the last instant of 10 May


@pytest.fixture
def case(story: Story) -> Case:
    story.at = datetime(2026, 4, 29, 9, tzinfo=ZONE)
    return story.handling()


@pytest.fixture
def leave(story: Story, case: Case) -> None:
    """The neighbour, of another bureau, stands in for the handler from 1 May 0:00 until 11 May 0:00."""
    substitute(
        absent=story.who("handler"), substitute=story.who("neighbour"), starts=may(1, 0), ends=may(11, 0),
        reason="年休假", by=story.who("it"), at=case.opened_at,
    )  # fmt: skip


def standing_at(user: User, at: datetime) -> User:
    user.stand(at)
    return user


@pytest.mark.usefixtures("leave")
@pytest.mark.parametrize(
    ("at", "has_it"),
    [
        (may(1, 0) - timedelta(microseconds=1), False),
        (may(1, 0), True),
        (may(5), True),
        (LAST, True),
        (may(11, 0), False),
        (may(20), False),
    ],
)
def test_tasks_and_powers_from_the_first_to_the_last_instant_only(
    story: Story, case: Case, at: datetime, has_it: bool
) -> None:
    neighbour = standing_at(story.who("neighbour"), at)
    assert Task.objects.owed_by(neighbour).exists() is has_it
    assert Case.objects.visible_to(neighbour).exists() is has_it
    assert (Deed.FINISH in deeds_of(case, neighbour, at=at)) is has_it
    if has_it:
        actions.progress(case, text="替班在办", by=neighbour, at=at)
    else:
        with pytest.raises(NotAllowed):
            actions.progress(case, text="替班在办", by=neighbour, at=at)


@pytest.mark.usefixtures("leave")
def test_both_names_are_in_the_record_of_every_deed(story: Story, case: Case) -> None:
    neighbour = story.who("neighbour")
    actions.take(story.task(case), by=neighbour, at=may(4))
    actions.progress(case, text="阀门已订", public=True, by=neighbour, at=may(5))
    actions.extend(case, due=may(20), reason="阀门未到", by=neighbour, at=may(6))
    actions.finish(case, result="solved", text="换阀", by=neighbour, at=may(8))
    done = Event.objects.about(case).filter(at__gte=may(1))
    assert [event.verb for event in done.order_by("id")] == ["case.take", "case.progress", "case.extend", "case.finish"]
    assert {(event.by_name, event.behalf_name) for event in done} == {("吴邻", "陈水生")}


@pytest.mark.usefixtures("leave")
def test_before_and_after_the_leave_the_own_name_stands_alone(story: Story, case: Case) -> None:
    actions.progress(case, text="我回来了", by=story.who("handler"), at=may(12))
    event = Event.objects.about(case).latest("id")
    assert (event.by_name, event.behalf_id, event.behalf_name) == ("陈水生", None, "")


@pytest.mark.usefixtures("leave")
def test_a_colleague_who_was_faster_is_named_with_whom_he_stood_in_for(story: Story, case: Case) -> None:
    actions.finish(case, result="solved", text="换阀", by=story.who("neighbour"), at=may(8, 10, 2))
    with pytest.raises(actions.NoSuchMove) as refused:
        actions.finish(case, result="solved", text="换阀", by=story.who("handler"), at=may(8, 10, 3))
    for word in ("吴邻", "陈水生", "10:02"):
        assert word in str(refused.value)
