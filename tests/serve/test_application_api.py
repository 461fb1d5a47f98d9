"""Applications for programs: applied for, followed, decided and checked without a page."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.people import actions as people
from lianxin.serve.models import Application, Document
from lianxin.serve.rules.application import State
from tests.serve.settling import ANSWERS, NAME, NUMBER, PDF, PHONE, Settling


@pytest.fixture
def now(settling: Settling, monkeypatch: pytest.MonkeyPatch) -> Settling:
    monkeypatch.setattr(timezone, "now", lambda: settling.at + timedelta(seconds=1))
    return settling


def file(key: str) -> dict[str, str]:
    return {"material": key, "name": f"{key}.pdf", "content": base64.b64encode(PDF + key.encode()).decode()}


def body(**more: Any) -> dict[str, Any]:
    given = {"service": NUMBER, "name": NAME, "phone": PHONE, "answers": ANSWERS}
    return {**given, "materials": [file("card"), file("proof")], **more}


def post(client: Client, path: str, data: Any, **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json", headers=headers)


def token(now: Settling, who: str) -> dict[str, str]:
    by = now.cast.officer("it")
    _row, secret = people.make_token(user=now.who(who), name="程序", by=by, at=now.at)
    return {"Authorization": f"Bearer {secret}"}


def test_a_program_applies_once_and_follows(now: Settling, client: Client) -> None:
    first = post(client, "applications", body(), **{"Idempotency-Key": "k"})
    again = post(client, "applications", body(), **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    changed = post(client, "applications", body(name="别人"), **{"Idempotency-Key": "k"})
    assert changed.status_code == 409 and changed.json()["title"] == "KeyUsed"
    lacking = post(client, "applications", body(materials=[file("card")]))
    assert lacking.status_code == 422 and "居住证明" in lacking.json()["detail"]
    assert post(client, "applications", body(service="NO")).status_code == 422
    broken = body(materials=[{**file("card"), "content": "***"}])
    assert post(client, "applications", broken).json()["title"] == "NotBase64"
    number, code = first.json()["number"], first.json()["code"]
    followed = client.get(f"/api/v1/applications/{number}", {"code": code}).json()
    assert followed["state"] == "submitted" and followed["chart"].startswith("<svg") and followed["chart_lines"]
    assert NAME not in json.dumps(followed, ensure_ascii=False)
    assert client.get(f"/api/v1/applications/{number}", {"code": "1"}).status_code == 404


def test_officers_programs_do_what_pages_do(now: Settling, client: Client) -> None:
    application = now.submitted()
    base, clerk = f"applications/{application.number}", token(now, "clerk")
    assert client.get("/api/v1/inbox?look=receive", headers=clerk).json()["count"] == 1
    done = post(client, f"{base}/correct", {"faults": {"proof": "看不清公章"}}, **clerk)
    assert done.json() == {"number": application.number, "deed": "correct", "state": "correction"}
    assert post(client, f"{base}/supply", {"paper": ["proof"]}, **clerk).json()["state"] == "submitted"
    assert post(client, f"{base}/accept", {}, **clerk).json()["state"] == "accepted"
    record = client.get(f"/api/v1/{base}/record", headers=clerk).json()
    step = record["steps"][0]
    assert step["outcomes"] == ["ok"] and record["promised_at"] < record["legal_at"]
    stepped = post(client, f"{base}/step", {"step": step["id"], "outcome": "ok"}, **clerk)
    assert stepped.status_code == 200
    twice = post(client, f"{base}/step", {"step": step["id"], "outcome": "ok"}, **clerk)
    assert twice.status_code == 409 and twice.json()["title"] == "AlreadyFinished"
    assert post(client, f"{base}/accept", {}, **token(now, "neighbour")).status_code == 403


def test_a_document_is_checked_by_its_code(now: Settling, client: Client) -> None:
    now.decided()
    document = Document.objects.decisions().get()
    told = client.get(f"/api/v1/verify/{document.code}").json()
    assert told["sha256"] == document.sha256 and told["standing"] == "genuine" and NAME not in str(told)
    assert client.get("/api/v1/verify/YXV-222-222-222").status_code == 404
    assert Application.objects.get().state == State.DECIDED
