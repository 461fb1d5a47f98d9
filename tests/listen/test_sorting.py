"""Sorting: points, classes, answers, reasons; each point settled once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.listen import actions
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import Decline, Outcome
from lianxin.outbox.models import Message
from lianxin.people.models import User
from tests.cast import Cast
from tests.listen.conftest import Speak


def _told(template: str) -> int:
    return Message.objects.filter(template__key=template).count()


def test_a_voice_is_split_and_the_words_stay(speak: Speak, dispatcher: User, at: datetime) -> None:
    voice = speak(text="1、停水 2、路灯不亮 3、垃圾没人收")
    items = actions.itemize(voice, texts=["停水", "路灯不亮", "垃圾没人收"], by=dispatcher, at=at)
    assert [(item.number, item.text) for item in items] == [(1, "停水"), (2, "路灯不亮"), (3, "垃圾没人收")]
    assert [str(item) for item in items][2] == f"{voice.number}-3"
    voice.refresh_from_db()
    assert voice.text == "1、停水 2、路灯不亮 3、垃圾没人收"


def test_splitting_again_replaces_only_what_waits(item: Item, dispatcher: User, at: datetime) -> None:
    voice = item.voice
    first, second, _third = actions.itemize(voice, texts=["停水", "路灯", "垃圾"], by=dispatcher, at=at)
    actions.answer(second, text="已报修。", by=dispatcher, at=at)
    again = actions.itemize(voice, texts=["停水三天"], by=dispatcher, at=at)
    assert [one.pk for one in again] == [first.pk]
    assert again[0].subject == item.subject
    assert sorted(voice.items.values_list("text", flat=True)) == sorted(["停水三天", "路灯"])


def test_splitting_into_nothing_is_refused(item: Item, dispatcher: User, at: datetime) -> None:
    with pytest.raises(actions.NothingToSort):
        actions.itemize(item.voice, texts=[], by=dispatcher, at=at)
    with pytest.raises(actions.NothingSaid):
        actions.itemize(item.voice, texts=["停水", " "], by=dispatcher, at=at)
    with pytest.raises(actions.TooManyPoints):
        actions.itemize(item.voice, texts=["点"] * 51, by=dispatcher, at=at)
    actions.answer(item, text="已通水。", by=dispatcher, at=at)
    with pytest.raises(actions.NothingToSort):
        actions.itemize(item.voice, texts=["再来"], by=dispatcher, at=at)


def test_reclassifying_keeps_the_history(item: Item, dispatcher: User, at: datetime) -> None:
    other = Subject.objects.get(full_name="供水供电/饮水水质")
    actions.classify(item, subject=other, level="village", by=dispatcher, at=at, reason="水是浑的")
    changes = [event.data for event in Event.objects.filter(verb="item.classified", key=item.pk).order_by("pk")]
    assert changes[0]["subject"] == ["", "供水供电/停水水压"]
    assert changes[1]["subject"] == ["供水供电/停水水压", "供水供电/饮水水质"]
    assert changes[1]["level"] == ["", "village"]
    assert changes[1]["reason"] == "水是浑的"
    actions.classify(item, subject=other, by=dispatcher, at=at)
    assert Event.objects.filter(verb="item.classified", key=item.pk).count() == 2


def test_an_unknown_class_is_refused(item: Item, dispatcher: User, at: datetime) -> None:
    with pytest.raises(actions.NotOffered):
        actions.classify(item, by=dispatcher, at=at, kind="x")
    with pytest.raises(actions.NotOffered):
        actions.classify(item, by=dispatcher, at=at, level="x")


def test_an_answer_on_the_spot_settles_and_tells(item: Item, dispatcher: User, at: datetime) -> None:
    done = actions.answer(item, text="下午三点恢复供水。", basis="供水条例", by=dispatcher, at=at)
    assert (done.outcome, done.answer, done.settled_by, done.settled_at) == (
        Outcome.ANSWERED,
        "下午三点恢复供水。",
        dispatcher,
        at,
    )
    assert Voice.objects.get(pk=item.voice_id).sorted_at == at
    assert _told("voice.answered") == 1
    assert Event.objects.get(verb="item.answered", key=item.pk).data["basis"] == "供水条例"


@pytest.mark.parametrize("reason", Decline.values)
def test_declining_needs_a_legal_reason(reason: str, item: Item, dispatcher: User, at: datetime) -> None:
    with pytest.raises(actions.NotOffered):
        actions.decline(item, reason="too_busy", text="不办", by=dispatcher, at=at)
    done = actions.decline(item, reason=reason, text="请打 110。", by=dispatcher, at=at)
    assert (done.outcome, done.decline) == (Outcome.DECLINED, reason)
    assert _told("voice.declined") == 1


def test_a_transfer_names_the_goal_and_tells(item: Item, dispatcher: User, at: datetime) -> None:
    with pytest.raises(actions.NothingSaid):
        actions.transfer(item, to=" ", text="已转", by=dispatcher, at=at)
    done = actions.transfer(item, to="市住房公积金中心", text="已转去，请等电话。", by=dispatcher, at=at)
    assert (done.outcome, done.transferred_to) == (Outcome.TRANSFERRED, "市住房公积金中心")
    assert _told("voice.transferred") == 1


def test_who_wants_no_reply_is_not_told(speak: Speak, subject: Subject, dispatcher: User, at: datetime) -> None:
    item = speak(phone="13800000001", wants_reply=False).items.get()
    actions.answer(item, text="好。", by=dispatcher, at=at)
    assert _told("voice.answered") == 0


def test_a_point_is_settled_once(item: Item, dispatcher: User, at: datetime) -> None:
    actions.answer(item, text="好。", by=dispatcher, at=at)
    deeds: list[Callable[[], object]] = [
        lambda: actions.answer(item, text="好。", by=dispatcher, at=at),
        lambda: actions.decline(item, reason="secret", text="不便", by=dispatcher, at=at),
        lambda: actions.transfer(item, to="市里", text="已转", by=dispatcher, at=at),
        lambda: actions.mark_joined(item, by=dispatcher, at=at),
    ]
    for again in deeds:
        with pytest.raises(actions.AlreadySettled):
            again()
    assert _told("voice.answered") == 1


def test_a_voice_leaves_the_queue_with_its_last_point_settled_and_classified(
    speak: Speak, subject: Subject, dispatcher: User, at: datetime
) -> None:
    voice = speak()
    first, second = actions.itemize(voice, texts=["停水", "路灯"], by=dispatcher, at=at)
    actions.mark_joined(first, by=dispatcher, at=at, subject=subject)
    actions.answer(second, text="已报修。", by=dispatcher, at=at)
    assert Voice.objects.waiting().filter(pk=voice.pk).exists()
    actions.classify(second, subject=subject, by=dispatcher, at=at)
    assert not Voice.objects.waiting().filter(pk=voice.pk).exists()
    first.refresh_from_db()
    assert first.subject == subject


def test_joining_keeps_the_subject_the_clerk_chose(item: Item, dispatcher: User, at: datetime) -> None:
    other = Subject.objects.get(full_name="供水供电/饮水水质")
    assert actions.mark_joined(item, by=dispatcher, at=at, subject=other).subject == item.subject


def test_the_neighbour_sorts_nothing(item: Item, neighbour: User, handler: User, it: User, at: datetime) -> None:
    for stranger in (neighbour, handler, it):
        for deed in (
            lambda who=stranger: actions.itemize(item.voice, texts=["停水"], by=who, at=at),
            lambda who=stranger: actions.classify(item, kind="problem", by=who, at=at),
            lambda who=stranger: actions.answer(item, text="好。", by=who, at=at),
        ):
            with pytest.raises(NotAllowed):
                deed()


def test_a_town_sorts_its_own_and_not_the_next_ones(
    speak: Speak, cast: Cast, subject: Subject, registrar: User, at: datetime
) -> None:
    own = speak(office=cast.offices["town_office"]).items.get()
    other = speak(office=cast.offices["other_town_office"]).items.get()
    actions.answer(own, text="好。", by=registrar, at=at)
    with pytest.raises(NotAllowed):
        actions.answer(other, text="好。", by=registrar, at=at)


def test_late_ones_are_late(item: Item, at: datetime) -> None:
    Voice.objects.filter(pk=item.voice_id).update(triage_due_at=at)
    assert Voice.objects.overdue(at).filter(pk=item.voice_id).exists()
