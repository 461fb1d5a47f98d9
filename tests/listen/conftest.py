"""What the tests of listening share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lianxin.listen import actions
from lianxin.listen.models import Item, Subject, Voice
from lianxin.outbox.actions import seed_templates
from lianxin.people.models import User
from tests.cast import Cast

Speak = Callable[..., Voice]


@pytest.fixture
def templates(db: None, at: datetime) -> None:
    """The words of the messages."""
    seed_templates(at=at)


@pytest.fixture
def speak(cast: Cast, templates: None, at: datetime) -> Speak:
    """Let somebody speak; everything may be said otherwise."""

    def spoken(**said: Any) -> Voice:
        given = {"channel": "web", "text": "和平村三组停水三天了", "identity": "signed", "at": at, **said}
        return actions.hear(**given).voice

    return spoken


@pytest.fixture
def subject(db: None, at: datetime) -> Subject:
    actions.seed_subjects(at=at)
    return Subject.objects.get(full_name="供水供电/停水水压")


@pytest.fixture
def item(speak: Speak, subject: Subject, dispatcher: User, at: datetime) -> Item:
    """The one point of a voice, classified and waiting."""
    only = speak(phone="13800000001", name="张三").items.get()
    return actions.classify(only, subject=subject, by=dispatcher, at=at)


@pytest.fixture(autouse=True)
def _own_uploads(tmp_path: Path, settings: Any) -> None:
    """Keep handed-in files out of the data folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def real_list(name: str) -> Path:
    """Return a list of real messages, or skip where this machine has none."""
    path = settings.ROOT.parent / "shared" / "data" / "messages" / name
    if not path.exists():
        pytest.skip(f"the list of real messages {name} lies beside the repository only on the machine it was tried on")
    return path
