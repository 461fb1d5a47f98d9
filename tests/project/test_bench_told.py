"""The bench tells the stories of the demo county again; what it copies holds together, whenever that was made."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from bench.load import Cases
from lianxin.listen import actions
from lianxin.listen.models import Voice
from lianxin.outbox.actions import seed_templates
from lianxin.outbox.models import Message
from tests.cast import Cast


class Voices(Cases):
    """The same stories; voices are counted, so that none needs a case."""

    counted = Voice


@pytest.fixture
def letters(cast: Cast, at: datetime) -> list[Message]:
    """Two messages to one telephone: about a voice that was sorted, and about one that waits."""
    seed_templates(at=at)
    for text in ("和平村三组停水三天了", "村口的路灯不亮"):
        actions.hear(channel="web", text=text, identity="signed", name="张三", phone="13800000001", at=at)
    first = Voice.objects.order_by("pk").first()
    assert first
    Voice.objects.filter(pk=first.pk).update(sorted_at=at)
    return list(Message.objects.order_by("pk"))


def test_a_message_is_told_without_one_that_is_left_out(letters: list[Message]) -> None:
    closed, waiting = letters
    Message.objects.filter(pk=closed.pk).update(carrier=waiting)  # sent in one; which story it was is chance
    Voices().until(3)
    connection.check_constraints()
    told = Message.objects.filter(pk__gt=waiting.pk)
    assert told.filter(carrier=None).exists()
    assert told.exclude(carrier=None).exists()  # every fourth time both stories are told


def test_a_message_is_told_without_one_of_another_thing(letters: list[Message], cast: Cast) -> None:
    closed, other = letters
    Message.objects.filter(pk=other.pk).update(about_kind="serve.application", about_key=1)
    Message.objects.filter(pk=closed.pk).update(carrier=other)
    Voices().until(3)
    connection.check_constraints()
    assert not Message.objects.filter(pk__gt=other.pk).exclude(carrier=None).exists()
