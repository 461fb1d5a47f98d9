"""Two officers, or two hands of one person, at the same moment: one succeeds, the other is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lianxin.kit.refusal import Refusal
from lianxin.ledger.models import Event
from lianxin.outbox.models import Message
from lianxin.resolve import actions
from lianxin.resolve.actions.check import AlreadyConfirmed, AlreadyReexamined
from lianxin.resolve.actions.dispatch import AlreadyTaken
from lianxin.resolve.actions.register import AlreadyJoined
from lianxin.resolve.models import Case, Join, Task
from lianxin.resolve.rules import State, TaskState
from tests import at_once
from tests import cast as people
from tests.resolve.conftest import seed_county
from tests.resolve.story import Story

pytestmark = pytest.mark.django_db(transaction=True)


class Race:
    """Runs deeds of one story at once, and gathers what came of them."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def run(self, *deeds: Callable[[], Any]) -> tuple[list[Any], list[Refusal]]:
        return at_once.run(deeds)


@pytest.fixture
def race(db: None, at: Any, tmp_path: Path) -> Iterator[Race]:
    """The county on a database that threads share."""
    with at_once.shared_database(tmp_path):
        seed_county(at)
        yield Race(Story(people.settle(), at))


def test_two_dispatch_one_case(race: Race) -> None:
    story = race.story
    case = story.registered()
    water, housing = story.office("water_section"), story.office("housing")
    done, refused = race.run(
        lambda: story.dispatch(case, lead=water), lambda: story.dispatch(case, lead=housing),
        lambda: story.dispatch(case, lead=water),
    )  # fmt: skip
    assert (len(done), len(refused)) == (1, 2)
    assert {type(refusal) for refusal in refused} == {actions.NoSuchMove}
    assert all("周明" in str(refusal) for refusal in refused), "told who was faster"
    assert Task.objects.filter(case=case, state=TaskState.OPEN).count() == 1
    assert Event.objects.about(case).filter(verb="case.dispatch").count() == 1
    assert Message.objects.filter(template__key="case.dispatched").count() == 1


def test_one_finishes_while_another_merges(race: Race) -> None:
    story = race.story
    case, other = story.handling(), story.handling()
    dispatcher, at = story.who("dispatcher"), story.later()
    handler = story.who("handler")
    done, refused = race.run(
        lambda: actions.finish(case, result="solved", text="好了", by=handler, at=at),
        lambda: actions.merge(case, into=other, by=dispatcher, at=at),
    )
    now = Case.objects.get(pk=case.pk)
    # Merging is open to a finished case too; to finish a merged one is not.
    assert now.state == State.CLOSED
    assert 1 <= len(done) <= 2
    assert all(isinstance(refusal, actions.NoSuchMove) for refusal in refused)
    assert Join.objects.filter(case=other).count() == Case.objects.get(pk=other.pk).voices == 2
    assert not Task.objects.filter(case=case, state=TaskState.OPEN).exists()


def test_two_cases_merged_into_each_other(race: Race) -> None:
    story = race.story
    first, second = story.handling(), story.handling()
    one, two, at = story.who("dispatcher"), story.who("dispatcher"), story.later()
    done, refused = race.run(
        lambda: actions.merge(first, into=second, by=one, at=at),
        lambda: actions.merge(second, into=first, by=two, at=at),
    )
    assert (len(done), len(refused)) == (1, 1)
    open_one = Case.objects.open().get()
    assert open_one.voices == open_one.joins.count() == 2


def test_a_person_confirms_twice_at_once(race: Race) -> None:
    story = race.story
    case = story.answered()
    join, at = story.join_of(case), story.later()
    done, refused = race.run(*[lambda: actions.confirm(case, join=join, solved="yes", at=at)] * 3)
    assert (len(done), len(refused)) == (1, 2)
    assert {type(refusal) for refusal in refused} == {AlreadyConfirmed}
    assert Case.objects.get(pk=case.pk).confirmations.count() == 1


def test_one_says_yes_and_another_no(race: Race) -> None:
    story = race.story
    case = story.answered(story.voice(), story.voice())
    first, second = case.joins.order_by("id")
    at = story.later()
    race.run(
        lambda: actions.confirm(case, join=first, solved="yes", at=at),
        lambda: actions.confirm(case, join=second, solved="no", at=at),
    )
    assert Case.objects.get(pk=case.pk).state == State.REOPENED, "whoever was first, a no reopens"


def test_one_item_into_two_cases(race: Race) -> None:
    story = race.story
    items, dispatcher, at = story.items(), story.who("dispatcher"), story.at
    other = story.registered()
    done, refused = race.run(
        lambda: actions.register(items=items, title="停水", by=dispatcher, at=at),
        lambda: actions.join(other, items=items, by=story.who("dispatcher"), at=at),
        lambda: actions.register(items=items, title="停水", by=story.who("dispatcher"), at=at),
    )
    assert (len(done), len(refused)) == (1, 2)
    assert {type(refusal) for refusal in refused} == {AlreadyJoined}
    assert Join.objects.filter(item=items[0]).count() == 1


def test_two_take_one_task_and_two_reexamine_one_case(race: Race) -> None:
    story = race.story
    task = story.task(story.handling())
    handler, chief, at = story.who("handler"), story.who("chief"), story.later()
    done, refused = race.run(lambda: actions.take(task, by=handler, at=at), lambda: actions.take(task, by=chief, at=at))
    assert (len(done), [type(each) for each in refused]) == (1, [AlreadyTaken])
    case = story.reexamining()
    looks = [lambda: actions.reexamine(case, matched=True, finding="好了", by=story.who("examiner"), at=story.at)] * 2
    done, refused = race.run(*looks)
    assert (len(done), [type(each) for each in refused]) == (1, [AlreadyReexamined])
