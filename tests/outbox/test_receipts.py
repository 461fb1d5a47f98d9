"""Receipts of delivery: taken from whoever signs, once, telling nobody what is known, and never against a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.ledger.models import Event
from lianxin.outbox import figures
from lianxin.outbox.actions import CodeErased, resend, send_ready, settle, take_receipt
from lianxin.outbox.models import Message
from lianxin.outbox.rules import LEASE, State, is_signed, signature
from lianxin.outbox.transports import NotTaken
from tests.cast import Cast
from tests.outbox.conftest import MORNING, Postman
from tests.outbox.gateway import TOKEN, Gateway
from tests.outbox.test_actions import now, verbs

pytestmark = pytest.mark.django_db
Say = Callable[..., Message]
LATER = MORNING + timedelta(minutes=7)


def told(message: Message, arrived: bool = True, **more: Any) -> bool:
    return take_receipt(key=now(message).outer, arrived=arrived, **({"at": LATER} | more))


def sent(say: Say, *events: str) -> list[Message]:
    """Messages that the carrier has taken, together."""
    found = [say(event) for event in events or ("answered",)]
    send_ready(at=MORNING)
    return [now(message) for message in found]


def test_arrival_is_kept_with_its_moment_and_once(say: Say, postman: Postman) -> None:
    (message,) = sent(say)
    assert told(message, told_at=MORNING + timedelta(minutes=2))
    assert now(message).state == State.DELIVERED and message.delivered_at == MORNING + timedelta(minutes=2)
    assert not told(message) and not told(message, arrived=False)
    assert now(message).state == State.DELIVERED and message.trouble == ""
    assert verbs(message) == ["message.written", "message.sent", "message.delivered"]


@pytest.mark.parametrize("told_at", [None, MORNING - timedelta(days=1), LATER + timedelta(days=1)])
def test_a_moment_that_cannot_be_true_gives_way(say: Say, postman: Postman, told_at: datetime | None) -> None:
    (message,) = sent(say)
    told(message, told_at=told_at)
    assert now(message).delivered_at == LATER


def test_failure_becomes_a_task_that_names_nobody(say: Say, postman: Postman) -> None:
    (message,) = sent(say)
    assert told(message, arrived=False, reason="空号\n 13800000001 " + "x" * 300)
    assert now(message).state == State.FAILED and "空号" in message.trouble and len(message.trouble) <= 200
    assert "13800000001" not in message.trouble
    assert "13800000001" not in repr(list(Event.objects.values()))
    assert message in Message.objects.troubled()
    assert told(message) and now(message).state == State.DELIVERED  # the carrier was wrong at first


def test_what_went_together_has_one_fate(say: Say, postman: Postman) -> None:
    first, second = sent(say, "a", "b")
    assert second.carrier == first and len(postman.handed) == 1
    told(first)
    assert now(first).state == now(second).state == State.DELIVERED and second.delivered_at == LATER
    third, fourth = sent(say, "c", "d")
    told(third, arrived=False)
    assert now(third).state == now(fourth).state == State.FAILED and fourth.carrier is None


def test_unknown_key_and_settled_message_change_nothing(say: Say, postman: Postman, cast: Cast) -> None:
    (message,) = sent(say)
    events = Event.objects.count()
    assert not take_receipt(key="0" * 64, arrived=True, at=LATER)
    assert Event.objects.count() == events
    told(message, arrived=False)
    settle(message, how="called", by=cast.officers["it"], at=LATER)
    assert not told(message) and now(message).state == State.SETTLED


def test_nothing_is_believed_of_what_was_not_handed_over(say: Say) -> None:
    message = say()
    assert not told(message) and not told(message, arrived=False)
    assert now(message).state == State.WRITTEN


def test_receipt_may_be_faster_than_the_worker(say: Say, monkeypatch: pytest.MonkeyPatch, postman: Postman) -> None:
    message = say()
    monkeypatch.setattr(postman, "hand_over", lambda parcel: str(told(message)))
    send_ready(at=MORNING)
    assert now(message).state == State.DELIVERED and message.sent_at == LATER and message.lease_until is None
    send_ready(at=MORNING + 2 * LEASE)
    assert verbs(message) == ["message.written", "message.delivered"]


def test_sent_once_more_it_has_a_new_key(say: Say, postman: Postman, cast: Cast) -> None:
    (message,) = sent(say)
    old = message.outer
    told(message, arrived=False)
    resend(message, by=cast.officers["it"], at=LATER)
    send_ready(at=LATER)
    assert [parcel.key for parcel in postman.handed] == [old, now(message).outer] and message.outer != old
    assert not take_receipt(key=old, arrived=False, at=LATER)  # of the first attempt, late
    assert now(message).state == State.SENT
    assert told(message)


def test_what_was_never_taken_keeps_its_key(say: Say, postman: Postman, cast: Cast) -> None:
    message = say()
    postman.answers = [NotTaken("no", permanent=True)]
    send_ready(at=MORNING)
    key = now(message).outer
    resend(message, by=cast.officers["it"], at=LATER)
    assert now(message).outer == key


def test_an_erased_code_is_not_sent_again(say: Say, postman: Postman, cast: Cast) -> None:
    message = say(template="phone.code", context={"code": "704318", "minutes": "5"}, urgent=True)
    send_ready(at=MORNING)
    told(message, arrived=False)
    with pytest.raises(CodeErased):
        resend(message, by=cast.officers["it"], at=LATER)
    assert now(message).state == State.FAILED


def test_counts_add_up(say: Say, postman: Postman) -> None:
    one, two, three = (say(address=f"1380000000{n}") for n in (1, 2, 3))
    send_ready(at=MORNING)
    told(one)
    told(two, arrived=False)
    say("later", at=LATER)
    found = figures.fates(Message.objects.due_since(MORNING))
    assert (found.written, found.arrived, found.trouble, found.sent, found.waiting, found.settled) == (4, 1, 1, 1, 1, 0)
    assert now(three).state == State.SENT
    assert figures.fates(Message.objects.due_since(LATER)).written == 1


# The way in


def send(body: bytes, *, secret: str = TOKEN, stamp: int | None = None, header: str | None = None) -> Any:
    stamp = int(timezone.now().timestamp()) if stamp is None else stamp
    signed = f"t={stamp},v1={signature(body, stamp=stamp, secret=secret)}" if header is None else header
    return Client().post(
        "/api/v1/outbox/receipts", body, content_type="application/json", headers={"X-Lianxin-Signature": signed}
    )


def body_of(*receipts: dict[str, Any]) -> bytes:
    return json.dumps({"receipts": list(receipts)}).encode()


def test_a_gateway_tells_what_became_of_what_it_took(say: Say, gateway: Gateway) -> None:
    (message,) = sent(say)
    key = gateway.bodies[0]["key"]
    answer = send(body_of({"key": key, "state": "delivered", "at": "2026-09-29T10:05:00+08:00"}))
    assert (answer.status_code, answer.json()) == (200, {"read": 1})
    assert now(message).state == State.DELIVERED and message.delivered_at == MORNING + timedelta(minutes=5)


def test_unknown_key_is_answered_like_a_known_one(say: Say, gateway: Gateway) -> None:
    (message,) = sent(say)
    known = send(body_of({"key": message.outer, "state": "failed", "reason": "x"}))
    unknown = send(body_of({"key": "f" * 64, "state": "failed", "reason": "x"}))
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_nobody_else_is_heard(say: Say, gateway: Gateway, settings: Any) -> None:
    (message,) = sent(say)
    body = body_of({"key": message.outer, "state": "delivered"})
    stamp = int(timezone.now().timestamp())
    other = f"t={stamp},v1={signature(b'{}', stamp=stamp, secret=TOKEN)}"
    for answer in (
        send(body, secret="guessed"),
        send(body, stamp=stamp - 3600),
        send(body, stamp=stamp + 3600),
        send(body, header=other),
        *(send(body, header=header) for header in ("", "t=1", "t=é,v1=" + "a" * 64, TOKEN, "t=" + "9" * 12)),
        Client().post("/api/v1/outbox/receipts", body, content_type="application/json"),
    ):
        assert answer.status_code == 401
    settings.SMS_TOKEN = ""
    assert send(body, secret="").status_code == 401
    assert now(message).state == State.SENT


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"\xff", b'{"receipts": []}', b'{"receipts": [{"key": "x", "state": "delivered"}]}',
        body_of({"key": "a" * 64, "state": "read"}), body_of({"key": "a" * 64, "state": "failed", "reason": "x" * 201}),
        body_of({"key": "a" * 64, "state": "delivered", "at": "yesterday"}),
        body_of({"key": "a" * 64, "state": "delivered", "at": "2026-09-29T10:05:00"}),
        body_of(*[{"key": "a" * 64, "state": "delivered"}] * 101),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole(gateway: Gateway, body: bytes) -> None:
    assert send(body).status_code in {400, 422}


def test_signature_is_bound_to_stamp_and_body() -> None:
    stamp = int(MORNING.timestamp())
    good = f"t={stamp},v1={signature(b'a', stamp=stamp, secret='s')}"
    assert is_signed(good, b"a", secret="s", at=MORNING)
    assert not is_signed(good, b"b", secret="s", at=MORNING)
    assert not is_signed(good.replace(f"t={stamp}", f"t={stamp + 1}"), b"a", secret="s", at=MORNING)
    assert not is_signed(good, b"a", secret="", at=MORNING)
    assert not is_signed(good, b"a", secret="s", at=MORNING + timedelta(minutes=11))
