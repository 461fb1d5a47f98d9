"""Messages that did not arrive, at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.outbox import actions as outbox
from lianxin.outbox.models import Message
from lianxin.outbox.rules import State
from lianxin.people.models import User
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]


@pytest.fixture
def message(road: Road) -> Message:
    road.hear("没水")
    Message.objects.update(state=State.FAILED, trouble="空号", attempts=6)
    return Message.objects.get()


def test_what_failed_is_shown_and_found(road: Road, message: Message, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    page = client.get("/desk/messages/").content.decode()
    assert "空号" in page
    assert "13800138000" not in page
    assert "空号" in client.get(f"/desk/messages/?q={message.about_label[:6]}").content.decode()
    assert "空号" not in client.get("/desk/messages/?q=nothing").content.decode()


def test_settle_keeps_how(road: Road, message: Message, sign_in: SignIn) -> None:
    client, url = sign_in("dispatcher"), f"/desk/messages/{message.pk}/settle/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"way": "", "note": ""}).status_code == 422
    assert client.post(url, {"way": "magic"}).status_code == 422
    assert client.post(url, {"way": "called", "note": "字" * 151}).status_code == 422
    client.post(url, {"way": "called", "note": "本人接的"})
    message.refresh_from_db()
    assert (message.state, message.settled_by) == (State.SETTLED, road.cast.officers["dispatcher"])
    assert "本人接的" in message.settled_how
    assert client.post(url, {"way": "called"}).status_code == 404  # settled already: no longer in the list


def test_resend(road: Road, message: Message, sign_in: SignIn) -> None:
    sign_in("dispatcher").post(f"/desk/messages/{message.pk}/resend/")
    message.refresh_from_db()
    assert message.state == State.WRITTEN


def test_neighbour_is_refused(road: Road, message: Message, sign_in: SignIn) -> None:
    client = sign_in("neighbour")
    assert client.get("/desk/messages/").status_code == 403
    for deed in ("settle", "resend"):
        assert client.post(f"/desk/messages/{message.pk}/{deed}/", {"way": "called"}).status_code == 403
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_what_became_of_messages_is_counted_and_listed(road: Road, message: Message, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    Message.objects.update(state=State.SENT, not_before=timezone.now(), trouble="")
    assert message.about_label not in client.get("/desk/messages/").content.decode()
    assert outbox.take_receipt(key=message.outer, arrived=True, at=timezone.now())
    assert message.about_label not in client.get("/desk/messages/?fate=sent").content.decode()
    page = client.get("/desk/messages/?fate=arrived").content.decode()
    assert message.about_label in page and "resend" not in page and "已送到" in page
    assert client.get("/desk/messages/?fate=nonsense").status_code == 200


def test_a_message_whose_code_is_erased_offers_no_second_sending(road: Road, message: Message, sign_in: SignIn) -> None:
    assert "******" in message.text
    client = sign_in("dispatcher")
    assert f"/desk/messages/{message.pk}/resend/" in client.get("/desk/messages/").content.decode()
    Message.objects.update(sealed_text=None)
    assert f"/desk/messages/{message.pk}/resend/" not in client.get("/desk/messages/").content.decode()
    client.post(f"/desk/messages/{message.pk}/resend/")
    message.refresh_from_db()
    assert message.state == State.FAILED
