"""What the tests of the residents' pages share: a county that can hear, and the ways of speaking to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from lianxin.listen import actions as listen
from lianxin.listen.actions import Heard
from lianxin.outbox.actions import seed_templates
from lianxin.people.actions import seed_limits
from tests.cast import Cast

WORDS = "我们小区从上个月起，每天晚上六点到九点四楼以上基本没水。"
Say = Callable[..., Heard]


@pytest.fixture
def county(cast: Cast, calendar: None, at: datetime, frozen: datetime) -> Cast:
    """The county with its calendar, limits and message templates, at the moment of the tests."""
    seed_limits(at=at)
    seed_templates(at=at)
    return cast


@pytest.fixture
def say(county: Cast, at: datetime) -> Say:
    """Let somebody say something, as through the web form."""

    def hear(**given: Any) -> Heard:
        return listen.hear(**{"channel": "web", "text": WORDS, "identity": "signed", "at": at, **given})

    return hear


@pytest.fixture
def holder(client: Client) -> Callable[[Heard], Client]:
    """Give a browser in which the receipt of this voice was opened with its code."""

    def opened(heard: Heard) -> Client:
        answer = client.post("/track/", {"number": heard.voice.number, "code": heard.code})
        assert answer.status_code == 302
        return client

    return opened
