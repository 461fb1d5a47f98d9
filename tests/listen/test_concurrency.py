"""Two at once: one voice, one settlement, one run of a list."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from lianxin.intake import actions as intakes
from lianxin.ledger.models import Event
from lianxin.listen import actions
from lianxin.listen.channels.listing import VOICES
from lianxin.listen.models import Voice
from lianxin.outbox.actions import seed_templates
from lianxin.outbox.models import Message
from tests import cast as people
from tests.cast import AT, Cast

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


@pytest.fixture
def _on_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Let an SQLite database in memory be a file for the while, as it is in a county: in memory nobody waits."""
    if connection.vendor != "sqlite" or not getattr(connection, "is_in_memory_db", bool)():
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    with closing(sqlite3.connect(tmp_path / "county.sqlite3")) as file:
        memory.backup(file)
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "county.sqlite3")
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@pytest.fixture
def town(_on_file: None) -> Cast:
    """The county of the tests, written for good: every thread has its own connection."""
    settled = people.settle()
    seed_templates(at=AT)
    return settled


def _at_once(deed: Callable[[int], Any]) -> list[Any]:
    """Let a crowd do it at the same moment; a refusal counts as an answer."""
    gate = Barrier(CROWD)

    def one(place: int) -> Any:
        gate.wait()
        try:
            return deed(place)
        except actions.AlreadySettled as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def _hear(**said: Any) -> actions.Heard:
    given = {"channel": "web", "text": "停水三天", "identity": "signed", "at": AT, "phone": "13800000001", **said}
    return actions.hear(**given)


def test_a_double_submit_is_one_voice(town: Cast) -> None:
    heard = _at_once(lambda _place: _hear(idempotency_key="same"))
    assert len({one.voice.pk for one in heard}) == 1
    assert len({one.code for one in heard}) == 1
    assert sorted(one.again for one in heard) == [False] + [True] * (CROWD - 1)
    assert Voice.objects.count() == Message.objects.count() == Event.objects.filter(verb="voice.heard").count() == 1


def test_a_form_sent_twice_at_once_is_one_voice(town: Cast) -> None:
    said = {"key": "k" * 32, "text": "村口的路灯坏了三盏。", "identity": "anonymous"}
    assert _at_once(lambda place: Client().post("/speak/", said).status_code) == [302] * CROWD
    assert Voice.objects.count() == 1


def test_many_voices_at_once_are_many(town: Cast) -> None:
    heard = _at_once(lambda place: _hear(idempotency_key=f"key-{place}"))
    assert len({one.voice.number for one in heard}) == CROWD


def test_two_officers_settle_one_point_once(town: Cast) -> None:
    item = _hear().voice.items.get()
    officers = [town.officer("dispatcher") for _ in range(CROWD)]
    results = _at_once(lambda place: actions.answer(item, text="好。", by=officers[place], at=AT))
    assert sum(isinstance(one, actions.AlreadySettled) for one in results) == CROWD - 1
    assert Event.objects.filter(verb="item.answered").count() == 1


def test_officers_at_the_points_of_one_voice_sort_it(town: Cast) -> None:
    officer = town.officer("dispatcher")
    actions.seed_subjects(at=AT)
    from lianxin.listen.models import Subject

    subject = Subject.objects.leaves()[0]
    items = actions.itemize(_hear().voice, texts=[f"第{n}点" for n in range(CROWD)], by=officer, at=AT)
    for item in items:
        actions.classify(item, subject=subject, by=officer, at=AT)
    officers = [town.officer("dispatcher") for _ in range(CROWD)]
    _at_once(lambda place: actions.answer(items[place], text="好。", by=officers[place], at=AT))
    assert Voice.objects.get().sorted_at == AT


def test_workers_share_a_list(town: Cast) -> None:
    content = "编号,内容\n" + "\n".join(f"{n},第{n}条意见" for n in range(50))
    intake, preview = intakes.open_list(VOICES, content=content.encode(), name="x.csv", by=None, at=AT)
    intakes.begin_intake(intake, listing=VOICES, mapping=preview.mapping, dry=False, by=None, at=AT)
    assert sum(_at_once(lambda _place: intakes.take_in(VOICES, at=AT))) == 1
    assert Voice.objects.count() == 50
