"""What the tests of the outbox share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lianxin.kit.clock import ZONE
from lianxin.outbox import transports
from lianxin.outbox.actions import seed_templates, write
from lianxin.outbox.models import Message
from lianxin.outbox.transports import Parcel
from lianxin.places.models import Area
from tests.outbox.gateway import TOKEN, Gateway

MORNING = datetime(2026, 9, 29, 10, 0, tzinfo=ZONE)


class Postman:
    """A transport that answers what it is told and keeps what it was handed."""

    keeps_list = True

    def __init__(self) -> None:
        self.handed: list[Parcel] = []
        self.answers: list[Exception] = []
        self.knows: Any = None

    def hand_over(self, parcel: Parcel) -> str:
        self.handed.append(parcel)
        if self.answers:
            raise self.answers.pop(0)
        return "ref"

    def known(self, key: str) -> bool | None:
        if isinstance(self.knows, Exception):
            raise self.knows
        return self.knows  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    settings.SMS_URL = settings.SMTP_URL = ""


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> Postman:
    """Stand in for the spool."""
    found = Postman()
    monkeypatch.setitem(transports.TRANSPORTS, "spool", found)
    return found


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    found = Gateway()
    settings.SMS_URL, settings.SMS_TOKEN = found.url, TOKEN
    yield found
    found.close()


@pytest.fixture
def area(db: None) -> Area:
    seed_templates(at=MORNING)
    return Area.objects.create(name="和平村", kind="village", path="/1/", full_name="清水镇和平村")


@pytest.fixture
def say(area: Area) -> Callable[..., Message]:
    """Write a message; what is not given is as usual."""

    def written(event: str = "answered", **more: Any) -> Message:
        usual: dict[str, Any] = {
            "template": "case.answered", "way": "sms", "address": "13800000001", "about": area, "event": event,
            "context": {"number": "YX-1", "url": "http://x/track"}, "at": MORNING,
        }  # fmt: skip
        return write(**usual | more)

    return written
