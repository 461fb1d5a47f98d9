"""Messages: written once, handed over once, never dropped, and a person told when they cannot arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from lianxin.ledger.models import Event
from lianxin.outbox import actions
from lianxin.outbox.actions import recover, resend, send_ready, sending, settle
from lianxin.outbox.models import Message, Template
from lianxin.outbox.rules import ASK_AFTER, ASK_UNTIL, KINDS, LEASE, RETRIES, VALUES, State
from lianxin.outbox.transports import NotNow, NotTaken, Parcel, Unclear
from lianxin.people.actions import NotAllowed
from lianxin.places.models import Area
from tests.cast import Cast
from tests.outbox.conftest import MORNING, Postman
from tests.outbox.test_rules import SEEDS

pytestmark = pytest.mark.django_db
Say = Callable[..., Message]

AFTER_LEASE = MORNING + LEASE + timedelta(seconds=1)


def verbs(message: Message) -> list[str]:
    return list(Event.objects.about(message).in_order().values_list("verb", flat=True))


def now(message: Message) -> Message:
    message.refresh_from_db()
    return message


# Writing


def test_message_is_written_once(say: Say) -> None:
    first = say()
    again = say(context={"number": "YX-2", "url": "http://y"}, at=MORNING + timedelta(hours=1))
    assert again.pk == first.pk and "YX-1" in now(first).text and first.written_at == MORNING
    assert verbs(first) == ["message.written"]
    others = [
        say("other"),
        say(address="13800000002"),
        say(template="case.reopened"),
        say(way="email", address="a@b.cn"),
    ]
    assert len({first.pk, *(other.pk for other in others)}) == 5
    assert say(address="138 0000-0001").pk == first.pk


def test_no_address_is_kept_readable(say: Say) -> None:
    message = say(address="13812345678")
    assert message.to == "13812345678" and message.address_hint == "138****5678"
    row = Message.objects.filter(pk=message.pk).values().get()
    assert "13812345678" not in repr(row) and b"13812345678" not in bytes(message.address)
    assert "13812345678" not in repr(list(Event.objects.values()))


def test_codes_are_sent_but_not_kept(say: Say, postman: Postman) -> None:
    message = say(template="phone.code", context={"code": "704318", "minutes": "5"}, urgent=True)
    assert "704318" not in message.text and "******" in message.text
    send_ready(at=MORNING)
    assert "704318" in postman.handed[0].text
    assert now(message).sealed_text is None and "704318" not in message.full_text


def test_missing_value_is_refused(say: Say) -> None:
    with pytest.raises(actions.MissingValue) as refused:
        say(context={"number": "YX-1"})
    assert "url" in str(refused.value)
    assert not Message.objects.exists()


def test_no_address_is_refused(say: Say) -> None:
    with pytest.raises(actions.NoAddress):
        say(address="  ")


def test_night_waits_for_the_morning_but_not_what_is_urgent(say: Say) -> None:
    night = MORNING.replace(hour=22)
    calm, urgent = say("a", at=night), say("b", at=night, urgent=True)
    assert calm.not_before == MORNING.replace(day=30, hour=8)
    assert urgent.not_before == night
    assert say("c", at=MORNING, not_before=MORNING + timedelta(hours=1)).not_before == MORNING + timedelta(hours=1)


def test_message_and_deed_have_one_fate(say: Say) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        say()
        raise RuntimeError
    assert not Message.objects.exists() and not Event.objects.filter(verb="message.written").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant", "fr"])
def test_language_falls_back_to_simplified_chinese(say: Say, language: str) -> None:
    assert say(language=language).template.language == ("en" if language == "en" else "zh-hans")


# Handing over


def test_ready_messages_are_handed_over(say: Say, postman: Postman) -> None:
    message, later = say(), say("later", address="13800000002", not_before=MORNING + timedelta(hours=2))
    assert send_ready(at=MORNING) == 1
    assert now(message).state == State.SENT and message.sent_at == MORNING and message.transport_ref == "ref"
    assert now(later).state == State.WRITTEN
    assert send_ready(at=MORNING) == 0 and len(postman.handed) == 1
    assert verbs(message) == ["message.written", "message.sent"]


def test_claimed_message_is_left_alone(say: Say, postman: Postman) -> None:
    message = say()
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, lease_until=MORNING + LEASE, transport="spool")
    assert send_ready(at=MORNING) == recover(at=MORNING) == 0 and not postman.handed


@pytest.mark.django_db(transaction=True)
def test_transport_is_called_outside_any_transaction(
    say: Say, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    say()
    seen: list[Any] = []

    def watched(parcel: Parcel) -> str:
        seen.append((connection.in_atomic_block, Message.objects.get().state))
        return ""

    monkeypatch.setattr(postman, "hand_over", watched)
    send_ready(at=MORNING)
    assert seen == [(False, State.SENDING)]


def test_refused_for_now_is_tried_again_for_two_days_and_then_a_person_sees_it(say: Say, postman: Postman) -> None:
    message = say(urgent=True)
    at, moments = MORNING, []
    postman.answers = [NotTaken("sms: 503") for _ in range(50)]
    while now(message).state == State.WRITTEN:
        at = max(at, message.not_before)
        moments.append(at)
        assert send_ready(at=at) == 1
    assert message.state == State.FAILED and message.trouble == "sms: 503" and message.lease_until is None
    assert len(moments) == len(RETRIES) + 1
    assert [b - a for a, b in pairwise(moments)] == list(RETRIES)
    assert list(Message.objects.troubled()) == [message]


def test_refused_for_good_is_a_visible_task_at_once(say: Say, postman: Postman) -> None:
    message = say()
    postman.answers = [NotTaken("smtp: 550", permanent=True)]
    send_ready(at=MORNING)
    assert now(message).state == State.FAILED and verbs(message)[-1] == "message.failed"


@pytest.mark.parametrize("problem", [Unclear("sms: TimeoutError"), KeyError("13800000001")])
@pytest.mark.parametrize(
    ("knows", "state"),
    [(True, State.SENT), (False, State.WRITTEN), (None, State.UNSURE), (NotNow("down"), State.SENDING)],
)
def test_unclear_answer_is_asked_about_and_never_guessed(
    say: Say, postman: Postman, caplog: pytest.LogCaptureFixture, problem: Exception, knows: Any, state: State
) -> None:
    message = say()
    postman.answers, postman.knows = [problem], knows
    send_ready(at=MORNING)
    assert now(message).state == State.SENDING
    assert recover(at=MORNING + ASK_AFTER - timedelta(seconds=1)) == 0
    assert recover(at=MORNING + ASK_AFTER) == 1
    assert now(message).state == state and len(postman.handed) == 1
    assert "13800000001" not in caplog.text + message.trouble
    if state == State.WRITTEN:
        send_ready(at=message.not_before)
        assert now(message).state == State.SENT and len(postman.handed) == 2


def test_transport_that_cannot_be_asked_for_two_days_is_a_visible_task(say: Say, postman: Postman) -> None:
    message = say()
    postman.answers, postman.knows = [Unclear("x")], NotNow("down")
    send_ready(at=MORNING)
    recover(at=MORNING + ASK_UNTIL)
    assert now(message).state == State.SENDING
    recover(at=MORNING + ASK_UNTIL + ASK_AFTER)
    assert now(message).state == State.UNSURE


def test_message_of_a_dead_worker_goes_out_at_once(say: Say, postman: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    message = say()
    postman.knows = False
    monkeypatch.setattr(sending, "_hand_over", lambda *args, **more: None)  # killed between the claim and the hand-over
    send_ready(at=MORNING)
    monkeypatch.undo()
    recover(at=AFTER_LEASE)
    assert now(message).state == State.WRITTEN and message.not_before == AFTER_LEASE


def test_last_of_a_slice_has_its_whole_lease(say: Say, postman: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = say(), say(address="13800000002")
    postman.keeps_list = False
    clock = iter([0.0, 0.0, 9.0])
    monkeypatch.setattr("lianxin.outbox.actions.sending.time.monotonic", lambda: next(clock, 9.0))
    monkeypatch.setattr(sending, "_hand_over", lambda *args, **more: None)
    send_ready(at=MORNING)
    assert now(first).lease_until == MORNING + LEASE
    assert now(last).lease_until == MORNING + LEASE + timedelta(seconds=9)


@pytest.mark.parametrize(("keeps_list", "others"), [(True, State.SENDING), (False, State.WRITTEN)])
def test_only_what_can_be_asked_about_is_claimed_together(
    say: Say, postman: Postman, monkeypatch: pytest.MonkeyPatch, keeps_list: bool, others: State
) -> None:
    first, last = say(), say(address="13800000002")
    postman.keeps_list, seen = keeps_list, list[str]()
    take = postman.hand_over

    def look(parcel: Any) -> str:
        seen.append(now(last).state)
        return take(parcel)

    monkeypatch.setattr(postman, "hand_over", look)
    assert send_ready(at=MORNING) == 2
    assert seen == [others, State.SENDING]
    assert now(first).state == now(last).state == State.SENT


def test_what_a_slow_transport_leaves_over_is_put_back(
    say: Say, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = say(), say(address="13800000002")
    clock = iter([0.0, 0.0])
    monkeypatch.setattr("lianxin.outbox.actions.sending.time.monotonic", lambda: next(clock, 60.0))
    assert send_ready(at=MORNING) == 1
    assert now(first).state == State.SENT
    assert (now(last).state, last.attempts, last.lease_until) == (State.WRITTEN, 0, None)
    monkeypatch.undo()


def test_message_that_kills_every_worker_ends_with_a_person(say: Say, postman: Postman) -> None:
    message = say()
    postman.knows = False
    Message.objects.update(attempts=len(RETRIES) + 1, state=State.SENDING, transport="spool", lease_until=MORNING)
    recover(at=MORNING)
    assert now(message).state == State.FAILED


def test_late_answer_of_a_worker_changes_nothing(say: Say, postman: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    message = say()

    def slow(parcel: Any) -> str:
        recover(at=AFTER_LEASE)  # another worker finds out meanwhile
        return "late"

    postman.knows = True
    monkeypatch.setattr(postman, "hand_over", slow)
    send_ready(at=MORNING)
    assert now(message).state == State.SENT and message.transport_ref == ""
    assert verbs(message) == ["message.written", "message.sent"]


# Together


def test_messages_that_wait_for_one_person_go_together(say: Say, postman: Postman) -> None:
    night = MORNING - timedelta(hours=11)
    first, second = say("a", at=night), say("b", at=night, template="case.reopened", context={"number": "YX-9"})
    other, urgent = say("c", at=night, address="13800000002"), say("d", at=MORNING, urgent=True)
    assert send_ready(at=MORNING) == 3
    texts = [parcel.text for parcel in postman.handed]
    assert f"{first.text}\n{second.text}" in texts and other.text in texts and urgent.text in texts
    assert now(second).carrier == first and second.state == State.SENT and verbs(second)[-1] == "message.sent"
    assert len({parcel.key for parcel in postman.handed}) == 3


def test_together_only_while_it_stays_short(say: Say, postman: Postman) -> None:
    for number in range(20):
        say(str(number))
    while send_ready(at=MORNING):
        pass
    assert 1 < len(postman.handed) < 20
    assert all(len(parcel.text) <= 500 for parcel in postman.handed)
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}


@pytest.mark.parametrize(
    ("answer", "knows", "state"),
    [(NotTaken("later"), None, State.WRITTEN), (NotTaken("never", permanent=True), None, State.FAILED),
     (Unclear("?"), True, State.SENT), (Unclear("?"), False, State.WRITTEN), (Unclear("?"), None, State.UNSURE)],
)  # fmt: skip
def test_none_is_dropped_with_its_carrier(
    say: Say, postman: Postman, answer: Exception, knows: bool | None, state: State
) -> None:
    first, second = say("a"), say("b")
    postman.answers, postman.knows = [answer], knows
    send_ready(at=MORNING)
    recover(at=MORNING + ASK_AFTER)
    assert now(first).state == now(second).state == state
    assert second.lease_until is None and first.attempts == second.attempts == 1
    if state in {State.WRITTEN, State.FAILED}:
        assert second.carrier is None


# A person


def failed(say: Say, postman: Postman, **more: Any) -> Message:
    message = say(**more)
    postman.answers = [NotTaken("no such number", permanent=True)]
    send_ready(at=MORNING)
    return now(message)


def test_person_settles_what_did_not_arrive(say: Say, postman: Postman, cast: Cast) -> None:
    message = failed(say, postman)
    by = cast.officers["dispatcher"]
    settle(message, how=" 打了座机,本人知道了 ", by=by, at=MORNING)
    assert message.state == State.SETTLED and message.settled_how == "打了座机,本人知道了" and message.settled_by == by
    assert verbs(message)[-1] == "message.settled"
    with pytest.raises(actions.NotInTrouble):
        settle(message, how="again", by=by, at=MORNING)
    with pytest.raises(actions.NotInTrouble):
        resend(message, by=by, at=MORNING)


def test_person_has_it_sent_anew(say: Say, postman: Postman, cast: Cast) -> None:
    message = failed(say, postman)
    resend(message, by=cast.officers["dispatcher"], at=MORNING.replace(hour=23))
    assert message.state == State.WRITTEN and message.attempts == 0
    assert message.not_before == MORNING.replace(day=30, hour=8)
    send_ready(at=message.not_before)
    assert now(message).state == State.SENT
    assert verbs(message) == ["message.written", "message.failed", "message.resent", "message.sent"]


@pytest.mark.parametrize("who", ["handler", "neighbour", "editor", "supervisor"])
def test_strangers_cannot_touch_or_see_messages(say: Say, postman: Postman, cast: Cast, who: str) -> None:
    message, officer = failed(say, postman), cast.officers[who]
    with pytest.raises(NotAllowed):
        settle(message, how="x", by=officer, at=MORNING)
    with pytest.raises(NotAllowed):
        resend(message, by=officer, at=MORNING)
    officer.stand(MORNING)
    assert not Message.objects.visible_to(officer).exists()
    assert now(message).state == State.FAILED


def test_who_may_sees_them(say: Say, postman: Postman, cast: Cast, area: Area) -> None:
    message, officer = failed(say, postman), cast.officers["dispatcher"]
    officer.stand(MORNING)
    assert list(Message.objects.visible_to(officer).troubled().about(area)) == [message]


# Words


def test_seeds_are_added_once(area: Area) -> None:
    assert actions.seed_templates(at=MORNING) == 0
    assert Template.objects.count() == Event.objects.filter(verb="template.seeded").count() == len(SEEDS)


def test_new_words_serve_new_messages_only(say: Say, cast: Cast) -> None:
    old = say("a")
    actions.new_template_version(
        key="case.answered",
        language="zh-hans",
        subject="好了",
        body="{{number}}好了,看{{url}}",
        by=cast.officers["it"],
        at=MORNING,
    )
    assert say("b").text == "YX-1好了,看http://x/track"
    assert now(old).template.version == 1 and "YX-1好了" not in old.text
    assert [t.version for t in Template.objects.newest() if t.key == "case.answered" and t.language == "zh-hans"] == [2]


def test_words_that_ask_for_the_unknown_are_refused(area: Area, cast: Cast) -> None:
    with pytest.raises(actions.UnknownPlaceholder) as refused:
        actions.new_template_version(
            key="case.answered", language="en", subject="", body="{{name}}", by=cast.officers["it"], at=MORNING
        )
    assert "name" in str(refused.value) and "number" in str(refused.value)
    with pytest.raises(NotAllowed):
        actions.new_template_version(
            key="case.answered", language="en", subject="", body="x", by=cast.officers["handler"], at=MORNING
        )


@pytest.mark.parametrize("body", ["{{number}", "{{ Number }}", "{number}}", "{{number}} {{"])
def test_braces_that_stand_for_nothing_are_refused(body: str, area: Area, cast: Cast) -> None:
    with pytest.raises(actions.BrokenPlaceholder):
        actions.new_template_version(
            key="case.answered", language="en", subject="", body=body, by=cast.officers["it"], at=MORNING
        )


def test_every_kind_and_every_placeholder_is_explained(area: Area) -> None:
    keys = set(Template.objects.values_list("key", flat=True))
    assert keys == set(KINDS)
    assert frozenset.union(*(actions.possible(key) for key in keys)) == set(VALUES)


def test_command_shows_nothing_readable(say: Say, postman: Postman, capsys: pytest.CaptureFixture[str]) -> None:
    failed(say, postman, address="13812345678")
    call_command("outbox")
    call_command("outbox", "seed")
    call_command("outbox", "send")
    shown = capsys.readouterr().out
    assert "138****5678" in shown and "13812345678" not in shown and "failed" in shown
