"""Sheets for programs: what is asked, and how an answer would be read."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.project.demo import sheets as demo
from lianxin.sheets import actions
from lianxin.sheets.models import Answer
from tests.cast import Cast
from tests.sheets.definitions import FIELDS, OUTCOMES, RAW

URL = "/api/v1/sheets/"


@pytest.fixture(autouse=True)
def _sheets(cast: Cast, frozen: datetime) -> None:
    for definition in demo.definitions():
        if definition["key"] == "check.elsewhere":
            actions.publish_sheet(actions.bring_sheet(definition, by=None, at=frozen), by=None, at=frozen)
    for key, purpose in (("visit.list", "checklist"), ("apply.a", "application"), ("apply.draft", "application")):
        draft = actions.draft_sheet(
            key=key, title=key, purpose=purpose, fields=FIELDS, outcomes=OUTCOMES, by=None, at=frozen
        )
        if key != "apply.draft":
            actions.publish_sheet(draft, by=None, at=frozen)


def check(client: Client, key: str, values: Any) -> Any:
    return client.post(f"{URL}{key}/check", json.dumps({"values": values}), content_type="application/json")


def test_what_a_sheet_asks(client: Client) -> None:
    found = client.get(f"{URL}apply.a").json()
    assert [field["key"] for field in found["fields"]] == [field["key"] for field in FIELDS]
    assert found["fields"][6]["when"] == {"field": "why", "is": "equals", "value": "work"}
    assert found["fields"][5]["options"][0] == {"key": "work", "label": "工作"}


def test_an_answer_is_read_and_not_kept(client: Client) -> None:
    before = Event.objects.count()
    found = check(client, "apply.a", RAW).json()
    assert found["troubles"] == {}
    assert (found["values"]["born"], found["outcome"]["then"]) == ("1949-12-31", "apply")
    wrong = check(client, "apply.a", RAW | {"years": [1], "place": "٣", "why": {"x": None}}).json()
    assert wrong["troubles"].keys() == {"years", "place", "why"}
    assert wrong["outcome"] is None
    assert not Answer.objects.exists() and Event.objects.count() == before


def test_a_self_check_leads_somewhere(client: Client) -> None:
    said = {"here": True, "why": "retired", "months": 24, "paid": "yes"}
    assert check(client, "check.elsewhere", said).json()["outcome"]["link"] == "/services/YX-MED-003/"
    assert check(client, "check.elsewhere", said | {"here": "no"}).json()["outcome"]["then"] == "elsewhere"


@pytest.mark.parametrize("key", ["visit.list", "apply.draft", "apply.none", "a%00b", "x" * 61])
def test_what_is_not_for_everybody(client: Client, key: str) -> None:
    assert client.get(f"{URL}{key}").status_code in (404, 422)
    assert check(client, key, {}).status_code in (404, 422)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"values": []}', b'{"values": {"a": NaN}}'])
def test_a_broken_body(client: Client, body: bytes) -> None:
    answer = client.post(f"{URL}apply.a/check", body, content_type="application/json")
    assert answer.status_code in (200, 400, 422)
