"""The date of a case moves only as the rules allow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lianxin.kit.clock import ZONE
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.outbox.models import Message
from lianxin.people.actions import substitute
from lianxin.resolve import actions
from lianxin.resolve.actions.clock import NotLater
from lianxin.resolve.actions.term import AskedBefore, AskedTooLate, NothingAsked, ReviewInThePast, SamePerson
from lianxin.resolve.models import Case, Extension
from lianxin.resolve.rules import State
from tests.resolve.story import Story

LATER = datetime(2026, 10, 20, 17, 30, tzinfo=ZONE)
DUE = datetime(2026, 10, 12, 17, 30, tzinfo=ZONE)


def asked(story: Story, due: datetime = LATER) -> Case:
    case = story.handling()
    actions.extend(case, due=due, reason="配件未到", by=story.who("handler"), at=story.later())
    return case


def test_a_later_date_is_asked_by_one_and_granted_by_another(story: Story) -> None:
    case = asked(story)
    case.refresh_from_db()
    assert case.due_at == DUE, "nothing moves until somebody decides"
    case = actions.decide_extension(case, granted=True, text="同意", by=story.who("secretary"), at=story.later())
    assert (case.due_at, case.first_due_at) == (LATER, DUE)
    assert {task.due_at for task in case.tasks.all()} == {LATER}
    later = Extension.objects.get()
    assert (later.old_due_at, later.new_due_at, later.decision_note) == (DUE, LATER, "同意")
    message = Message.objects.get(template__key="case.extended")
    assert "2026-10-12" in message.text
    assert "2026-10-20" in message.text
    data = Event.objects.about(case).latest("id").data
    assert (data["first_due"][:10], data["old_due"][:10], data["due"][:10]) == (
        "2026-10-12",
        "2026-10-12",
        "2026-10-20",
    )


def test_a_later_date_can_be_refused(story: Story) -> None:
    case = actions.decide_extension(asked(story), granted=False, by=story.who("secretary"), at=story.later())
    assert case.due_at == DUE
    assert not Message.objects.filter(template__key="case.extended").exists()
    with pytest.raises(NothingAsked):
        actions.decide_extension(case, granted=True, by=story.who("secretary"), at=story.later())


def test_not_after_the_date_has_come(story: Story) -> None:
    case = story.handling()
    with pytest.raises(AskedTooLate, match="2026-10-12"):
        actions.extend(case, due=LATER, reason="忘了", by=story.who("handler"), at=DUE)
    actions.extend(case, due=LATER, reason="配件未到", by=story.who("handler"), at=DUE - timedelta(seconds=1))


def test_once_in_a_life(story: Story) -> None:
    case = asked(story)
    with pytest.raises(AskedBefore):
        actions.extend(case, due=LATER, reason="再求", by=story.who("handler"), at=story.later())
    case = actions.decide_extension(case, granted=True, by=story.who("secretary"), at=story.later())
    with pytest.raises(AskedBefore):
        actions.extend(case, due=LATER + timedelta(days=1), reason="再求", by=story.who("handler"), at=story.later())
    reopened = story.confirm(story.reply(story.match(story.finish(case))), solved="no")
    again = story.dispatch(reopened)
    assert again.due_at is not None
    actions.extend(
        again, due=again.due_at + timedelta(days=1), reason="再求", by=story.who("handler"), at=story.later()
    )


def test_later_means_later(story: Story) -> None:
    with pytest.raises(NotLater):
        asked(story, due=DUE)


def test_only_the_lead_asks_and_only_a_leader_decides(story: Story) -> None:
    case = story.handling(assists=[story.office("housing")])
    with pytest.raises(NotAllowed):
        actions.extend(case, due=LATER, reason="路没挖", by=story.who("neighbour"), at=story.later())
    actions.extend(case, due=LATER, reason="配件未到", by=story.who("handler"), at=story.later())
    for key in ("handler", "dispatcher", "chief"):
        with pytest.raises(NotAllowed):
            actions.decide_extension(case, granted=True, by=story.who(key), at=story.later())


def test_who_asked_does_not_decide_not_even_in_the_leaders_place(story: Story) -> None:
    start = story.at - timedelta(days=1)
    substitute(
        absent=story.who("secretary"), substitute=story.who("handler"), starts=start, ends=start + timedelta(days=30),
        reason="出差", by=story.who("it"), at=start,
    )  # fmt: skip
    case = asked(story)
    with pytest.raises(SamePerson):
        actions.decide_extension(case, granted=True, by=story.who("handler"), at=story.later())


def test_a_suspended_clock_stands_still_and_the_date_moves_by_as_long(story: Story) -> None:
    case = story.handling()  # due 12 October, counted 30 September, 8, 9, 10 and 12 October
    at = datetime(2026, 10, 8, 10, tzinfo=ZONE)
    case = actions.suspend(case, reason="等配件", review_on=date(2026, 10, 20), by=story.who("secretary"), at=at)
    assert case.state == State.SUSPENDED
    assert case.light(DUE + timedelta(days=9)) == "wait"
    assert not Case.objects.overdue(DUE + timedelta(days=9)).exists()
    assert Message.objects.filter(template__key="case.suspended").count() == 1
    case = actions.resume(case, by=story.who("dispatcher"), at=datetime(2026, 10, 13, 9, tzinfo=ZONE))
    # 8, 9, 10 and 12 October stood still; 13, 14, 15 and 16 are counted in their place.
    assert case.due_at == datetime(2026, 10, 16, 17, 30, tzinfo=ZONE)
    assert (case.first_due_at, case.state) == (DUE, State.HANDLING)
    assert {task.due_at for task in case.tasks.all()} == {case.due_at}
    assert Message.objects.filter(template__key="case.extended").count() == 1


def test_who_was_late_before_the_pause_stays_late(story: Story) -> None:
    case = story.handling()
    at = DUE + timedelta(days=1)
    actions.suspend(case, reason="等配件", review_on=date(2026, 10, 30), by=story.who("secretary"), at=at)
    case = actions.resume(case, by=story.who("dispatcher"), at=at + timedelta(days=5))
    assert case.due_at == DUE


def test_a_granted_date_moves_on_with_a_pause_too(story: Story) -> None:
    case = actions.decide_extension(asked(story), granted=True, by=story.who("secretary"), at=story.later())
    at = datetime(2026, 10, 8, 10, tzinfo=ZONE)
    actions.suspend(case, reason="等配件", review_on=date(2026, 10, 20), by=story.who("secretary"), at=at)
    case = actions.resume(case, by=story.who("dispatcher"), at=at + timedelta(days=2))
    assert case.due_at == LATER + timedelta(days=2)


def test_a_suspension_is_approved_with_a_day_of_review_to_come(story: Story) -> None:
    case = story.handling()
    for key in ("dispatcher", "handler"):
        with pytest.raises(NotAllowed):
            actions.suspend(case, reason="等配件", review_on=date(2027, 1, 1), by=story.who(key), at=story.later())
    with pytest.raises(ReviewInThePast):
        actions.suspend(case, reason="等配件", review_on=story.at.date(), by=story.who("secretary"), at=story.at)
    with pytest.raises(NotAllowed):
        actions.resume(story.suspended(), by=story.who("secretary"), at=story.later())
