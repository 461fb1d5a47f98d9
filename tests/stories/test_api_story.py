"""The same road by programs alone: what a page can do, the API can do, told in the same numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from lianxin.listen import actions as listen
from lianxin.outbox import actions as outbox
from lianxin.people import actions as people
from tests.cast import Cast
from tests.stories.acts import NAME, TELEPHONE, WORDS

API = "/api/v1"
DONE = "更换了加压泵，水压恢复正常。"


class Program:
    """A program with or without an officer's token."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else None)

    def get(self, path: str, **query: str) -> Any:
        """Ask, and return what is told."""
        answer = self.client.get(API + path, query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> Any:
        """Do, and return what came of it."""
        answer = self.client.post(API + path, json.dumps(body), content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


@pytest.fixture
def bears(cast: Cast, calendar: None, frozen: datetime) -> Callable[[str], Program]:
    """Give a program that bears this officer's token."""
    people.seed_limits(at=frozen)
    outbox.seed_templates(at=frozen)
    listen.seed_subjects(at=frozen)

    def program(key: str) -> Program:
        user, by = cast.officer(key), cast.officer("it")
        return Program(people.make_token(user=user, name="story", by=by, at=frozen)[1])

    return program


def test_from_the_first_word_to_the_last(
    cast: Cast, bears: Callable[[str], Program], frozen: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident, key = Program(), {"Idempotency-Key": uuid4().hex}
    said = {"text": WORDS, "identity": "signed", "name": NAME, "phone": TELEPHONE, "area": "和平村"}
    before = resident.get("/figures")["total"]["received"]
    heard = resident.post("/voices", 201, headers=key, **said)
    assert resident.post("/voices", 200, headers=key, **said) == heard, "sent twice is said once"
    number, code = heard["receipt"], heard["code"]
    told = resident.get(f"/voices/{number}", code=code)
    assert told["receipt"] == number and told["cases"] == []

    clerk = bears("dispatcher")
    waiting = [item for item in clerk.get("/items")["items"] if item["voice"] == number]
    assert waiting[0]["text"] == WORDS
    case = clerk.post("/cases", 201, items=[waiting[0]["id"]], title="道喜小区晚上供水不足", subject=_subject(clerk))
    road = f"/cases/{case['number']}"
    owed: dict[str, Any] = {"lead": cast.offices["water_section"].pk, "coordinator": cast.officers["dispatcher"].pk}
    given = clerk.post(f"{road}/dispatch", **owed)
    assert given["state"] == "handling"

    handler = bears("handler")
    assert handler.get("/cases", state="handling")["cases"][0]["number"] == case["number"]
    handler.post(f"{road}/take")
    handler.post(f"{road}/progress", text="已到现场看过，正在备料。", public=True)
    told = resident.get(f"/voices/{number}", code=code)
    clock = told["cases"][0]["clock"]
    assert clock["due"].startswith("2026-10-12"), "29 September and five working days, over the holidays"
    handler.post(f"{road}/finish", result="solved", text=DONE, root_cause="加压泵老化")

    examiner = bears("examiner")
    examiner.post(f"{road}/reexamine", matched=True, finding="晚上七点到现场看过，有水。")
    examiner.post(f"{road}/reply", text="水泵已经更换，恢复正常供水。")
    told = resident.get(f"/voices/{number}", code=code)
    assert told["cases"][0]["may_confirm"]
    said_of_it = {"code": code, "case": case["number"], "solved": "yes", "result_grade": 5, "handling_grade": 5}
    assert resident.post(f"/voices/{number}/confirmation", 201, **said_of_it)["state"] == "closed"
    assert clerk.get(road)["state"] == "closed"
    monkeypatch.setattr(timezone, "now", lambda: frozen + timedelta(minutes=5))
    cache.clear()  # where figures are kept for a minute
    assert resident.get("/figures")["total"]["received"] == before + 1


def _subject(clerk: Program) -> int:
    """Return the number of the subject about water."""
    found = [row for row in clerk.get("/subjects") if "停水" in row["full_name"] or "停水" in row["name"]]
    return int(found[0]["id"])
