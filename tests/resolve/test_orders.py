"""A leader's written order, and the alarm of a major matter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lianxin.kit.clock import ZONE
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.listen.models import Voice
from lianxin.outbox.models import Message
from lianxin.people.actions import substitute
from lianxin.people.actions.words import NothingSaid, TooShort
from lianxin.people.models import Limit, Shift
from lianxin.resolve import actions
from lianxin.resolve.actions.clock import NoLimit
from lianxin.resolve.actions.orders import AlreadyMajor, NothingWaits
from lianxin.resolve.models import Case, Instruction
from lianxin.resolve.rules import State
from tests.resolve.story import Story

NIGHT = datetime(2026, 9, 29, 23, 0, tzinfo=ZONE)


def letter(story: Story) -> Voice:
    return story.voice(channel="letter", addressee=story.cast.posts["secretary"])


def on_duty(story: Story, *, phone: str = "13900000000") -> Shift:
    """Put the secretary on duty that night, to be reached at the phone of the duty, not of an office."""

    return Shift.objects.create(
        duty=Shift.Duty.LEADER, user=story.who("secretary"), office=story.office("leadership"),
        starts=NIGHT - timedelta(hours=3), ends=NIGHT + timedelta(hours=9), phone=phone,
    )  # fmt: skip


def test_who_gives_the_first_order_answers_for_the_case(story: Story) -> None:
    case = story.handling()
    order = actions.instruct(case, text="限三天解决。", by=story.who("secretary"), at=story.later())
    case.refresh_from_db()
    assert (case.sponsor, order.post) == (story.who("secretary"), story.cast.posts["secretary"])
    assert case.state == State.HANDLING
    for key in ("dispatcher", "chief"):
        with pytest.raises(NotAllowed):
            actions.instruct(case, text="限三天解决。", by=story.who(key), at=story.later())
    with pytest.raises(NothingSaid):
        actions.instruct(case, text="", by=story.who("secretary"), at=story.later())


def test_an_order_on_a_letter_opens_a_case_with_the_leader_as_sponsor(story: Story) -> None:
    voice = letter(story)
    case = actions.instruct_letter(voice, text="请水务局今天到现场。", by=story.who("secretary"), at=story.later())
    voice.refresh_from_db()
    assert (case.sponsor, case.state, case.voices) == (story.who("secretary"), State.REGISTERED, 1)
    assert case.office == story.office("leadership")
    assert (voice.read_at, voice.handed_on_at) == (story.at, story.at)
    assert Instruction.objects.get().text == "请水务局今天到现场。"
    assert [event.verb for event in Event.objects.about(case).order_by("id")] == ["case.register", "case.instruct"]
    with pytest.raises(NothingWaits):
        actions.instruct_letter(voice, text="再办一次", by=story.who("secretary"), at=story.later())
    assert story.dispatch(case).state == State.HANDLING


def test_nobody_else_gives_an_order_on_a_letter(story: Story) -> None:
    voice = letter(story)
    for key in ("letter_clerk", "dispatcher", "chief", "neighbour"):
        with pytest.raises(NotAllowed):
            actions.instruct_letter(voice, text="请办", by=story.who(key), at=story.later())
    assert not Case.objects.exists()
    voice.refresh_from_db()
    assert (voice.read_at, voice.handed_on_at) == (None, None)


def test_who_stands_in_gives_the_order_in_the_addressees_place(story: Story) -> None:
    start = story.at - timedelta(days=1)
    substitute(
        absent=story.who("secretary"), substitute=story.who("chief"), starts=start, ends=start + timedelta(days=9),
        reason="出差", by=story.who("it"), at=start,
    )  # fmt: skip
    case = actions.instruct_letter(letter(story), text="请办", by=story.who("chief"), at=story.later())
    assert case.sponsor == story.who("secretary")
    event = Event.objects.about(case).latest("id")
    assert (event.by_name, event.behalf_name) == ("何局", "孙书记")


def test_an_alarm_at_night_calls_the_leader_on_duty_and_counts_hours(story: Story) -> None:
    on_duty(story)
    case = story.registered()
    case = actions.alarm(case, reason="水厂加氯间泄漏", by=story.who("dispatcher"), at=NIGHT)
    assert case.major
    assert case.due_at == NIGHT + timedelta(hours=24), "holidays do not stop it"
    assert (case.limit_value, case.limit_unit) == (24, "hour")
    message = Message.objects.get(template__key="major.duty")
    assert message.urgent
    assert message.not_before <= NIGHT, "it does not wait for the end of quiet hours"
    data = Event.objects.about(case).latest("id").data
    assert (data["duty"], data["reached"]) == (["孙书记"], 1)
    dispatched = story.dispatch(case)
    assert dispatched.due_at == NIGHT + timedelta(hours=24), "the clock ran already and is not started again"


def test_an_alarm_stands_though_nobody_is_on_duty_or_reached(story: Story) -> None:
    case = actions.alarm(story.registered(), reason="群体事件", by=story.who("dispatcher"), at=NIGHT)
    assert Event.objects.about(case).latest("id").data["duty"] == []
    on_duty(story, phone="0816-5221234")
    case = actions.alarm(story.registered(), reason="群体事件", by=story.who("dispatcher"), at=NIGHT)
    assert Event.objects.about(case).latest("id").data["reached"] == 0


def test_an_alarm_on_a_running_case_brings_its_date_forward_and_never_back(story: Story) -> None:
    case = story.handling()
    first = case.first_due_at
    case = actions.alarm(case, reason="学校也停水", by=story.who("secretary"), at=story.later())
    assert case.due_at == story.at + timedelta(hours=24)
    assert case.first_due_at == first
    assert {task.due_at for task in case.tasks.all()} == {case.due_at}
    late = story.handling()
    old = late.due_at
    assert old is not None
    late = actions.alarm(late, reason="学校也停水", by=story.who("dispatcher"), at=old - timedelta(hours=1))
    assert late.due_at == old


def test_a_major_case_dispatched_first_takes_the_limit_in_hours(story: Story) -> None:
    case = story.registered()
    Case.objects.filter(pk=case.pk).update(major=True)
    assert story.dispatch(case).due_at == story.at + timedelta(hours=24)


def test_once_by_who_may_and_with_a_reason(story: Story) -> None:
    case = story.registered()
    with pytest.raises(TooShort):
        actions.alarm(case, reason="", by=story.who("dispatcher"), at=NIGHT)
    with pytest.raises(NotAllowed):
        actions.alarm(case, reason="泄漏", by=story.who("handler"), at=NIGHT)
    actions.alarm(case, reason="泄漏", by=story.who("dispatcher"), at=NIGHT)
    with pytest.raises(AlreadyMajor, match="周明"):
        actions.alarm(case, reason="泄漏", by=story.who("secretary"), at=NIGHT)
    Limit.objects.filter(key="case.major").delete()
    with pytest.raises(NoLimit):
        actions.alarm(story.registered(), reason="泄漏", by=story.who("dispatcher"), at=NIGHT)
