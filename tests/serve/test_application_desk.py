"""The officers' pages of applications: taken in, checked, stepped, decided, rated; the neighbour finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.flow.models import Step
from lianxin.ledger.models import Event
from lianxin.serve import actions
from lianxin.serve.models import Application, Handed, Rating
from lianxin.serve.rules.application import Deed, State
from tests.serve.settling import NAME, NUMBER, PHONE, Settling

SignIn = Callable[[str], Client]


@pytest.fixture
def now(settling: Settling, monkeypatch: pytest.MonkeyPatch) -> Settling:
    """Let requests happen when the story has come to."""
    monkeypatch.setattr(timezone, "now", lambda: settling.at + timedelta(seconds=1))
    return settling


def page(client: Client, application: Application, tail: str = "") -> str:
    answer = client.get(f"/desk/applications/{application.number}/{tail}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_from_the_counter_to_the_decision(now: Settling, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    assert NUMBER in clerk.get("/desk/applications/new/").content.decode()
    said = {"name": NAME, "phone": PHONE, "sheet-why": "retired", "sheet-place": "西安"}
    missing = clerk.post(f"/desk/applications/new/{NUMBER}/", {**said, "material-paper-card": "on"})
    assert missing.status_code == 422 and "居住证明" in missing.content.decode()
    brought = {"material-paper-card": "on", "material-paper-proof": "on"}
    taken = clerk.post(f"/desk/applications/new/{NUMBER}/", {**said, **brought})
    application = Application.objects.get(state=State.SUBMITTED)
    assert application.number in taken.content.decode()
    base = f"/desk/applications/{application.number}/"
    shown = page(clerk, application)
    assert NAME not in shown and PHONE not in shown and f"{base}accept/" in shown
    handed = Handed.objects.get(application=application, material__key="card")
    assert clerk.post(f"{base}materials/{handed.pk}/look/", {"verdict": "good"}).status_code == 302
    assert clerk.post(f"{base}correct/", {}).status_code == 422
    assert clerk.post(f"{base}correct/", {"fault-proof": "看不清公章"}).status_code == 302
    assert clerk.post(f"{base}supply/", {"paper-proof": "on"}).status_code == 302
    assert clerk.post(f"{base}accept/").status_code == 302
    for who, node, outcome in (
        ("clerk", "check", "ok"),
        ("labour_reviewer", "labour", "go"),
        ("reviewer", "medical", "go"),
    ):
        step = Step.objects.get(node=node)
        client = sign_in(who)
        assert step.title in page(client, application) and step.title in client.get("/desk/").content.decode()
        assert client.post(f"{base}step/", {"step": step.pk, "outcome": outcome, "remark": "已核"}).status_code == 302
    again = sign_in("reviewer").post(f"{base}step/", {"step": step.pk, "outcome": "go"})
    assert again.status_code == 409
    assert sign_in("reviewer").post(f"{base}propose/", {"result": "denied"}).status_code == 422
    assert sign_in("reviewer").post(f"{base}propose/", {"result": "granted"}).status_code == 302
    assert sign_in("approver").post(f"{base}decide/", {"result": "granted"}).status_code == 302
    document = application.documents.decisions().get()
    got: Any = sign_in("clerk").get(f"{base}documents/{document.pk}/")
    assert b"".join(got.streaming_content).startswith(b"%PDF")
    assert clerk.post(f"{base}deliver/", {"way": "本人领取"}).status_code == 302
    assert now.fresh(application).state == State.DELIVERED
    assert "已核" in page(sign_in("approver"), application)


def test_who_asks_is_shown_once_with_a_reason(now: Settling, sign_in: SignIn) -> None:
    application = now.submitted()
    base = f"/desk/applications/{application.number}/reveal/"
    assert sign_in("clerk").post(base, {"reason": ""}).status_code == 422
    shown = sign_in("clerk").post(base, {"reason": "电话核对地址"})
    assert NAME in shown.content.decode() and PHONE in shown.content.decode()
    assert Event.objects.filter(verb="application.reveal", data__reason="电话核对地址").exists()


def test_lists_and_ways_of_looking(now: Settling, sign_in: SignIn) -> None:
    first, second = now.submitted(), now.accepted()
    clerk = sign_in("clerk")
    for look, there in (("", 2), ("receive", 1), ("steps", 1), ("decide", 2), ("late", 0), ("near", 0), ("open", 2)):
        listed = clerk.get("/desk/applications/", {"look": look}).content.decode()
        assert listed.count('class="row-item"') == there, look
    found = clerk.get("/desk/applications/", {"q": second.number}).content.decode()
    assert second.number in found and first.number not in found
    now.later(days=20)
    assert second.number in sign_in("clerk").get("/desk/applications/", {"look": "late"}).content.decode()


def test_a_bad_rating_is_a_task_of_who_decides(now: Settling, sign_in: SignIn) -> None:
    application = actions.withdraw(now.submitted(), at=now.later())
    rating = actions.rate(application, grade=1, text="等了一上午", at=now.later())
    approver = sign_in("approver")
    assert "等了一上午" in approver.get("/desk/ratings/").content.decode()
    assert f"/desk/ratings/{rating.pk}/" in approver.get("/desk/").content.decode()
    assert approver.post(f"/desk/ratings/{rating.pk}/", {"found": "True"}).status_code == 422
    answered = approver.post(f"/desk/ratings/{rating.pk}/", {"found": "True", "answer": "已道歉，增开窗口"})
    assert answered.status_code == 302 and Rating.objects.get().answered_by == now.cast.officers["approver"]
    assert sign_in("labour_approver").get(f"/desk/ratings/{rating.pk}/").status_code == 404


def test_numbers_for_an_outage_are_shown_once(now: Settling, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    assert clerk.get("/desk/applications/spare/").status_code == 200
    medical = now.cast.offices["medical"].pk
    assert "YXB-" in clerk.post("/desk/applications/spare/", {"office": medical, "count": 3}).content.decode()
    water = now.cast.offices["water"].pk
    assert clerk.post("/desk/applications/spare/", {"office": water, "count": 3}).status_code == 422


@pytest.mark.parametrize("who", ["neighbour", "labour_reviewer", "labour_approver", "cataloguer", "registrar"])
def test_the_neighbour_finds_nothing(now: Settling, sign_in: SignIn, who: str) -> None:
    application = now.submitted()
    client, base = sign_in(who), f"/desk/applications/{application.number}/"
    handed = Handed.objects.filter(application=application).first()
    assert handed
    for tail in ("", "accept/", f"files/{handed.pk}/", "documents/1/"):
        assert client.get(f"{base}{tail}").status_code in (403, 404)
    for deed in Deed:
        assert client.post(f"{base}{deed}/").status_code in (403, 404)
    assert client.post(f"{base}reveal/", {"reason": "想看看"}).status_code in (403, 404)
    assert application.number not in client.get("/desk/applications/").content.decode()
    assert now.fresh(application).state == State.SUBMITTED


def test_words_of_documents_and_offices_behind_names_are_rows(now: Settling, sign_in: SignIn) -> None:
    keeper = sign_in("cataloguer")
    assert keeper.get("/desk/wordings/").status_code == 200
    words = {"title": "准予通知书", "body": "{{name}}：\n准予办理{{service}}。"}
    assert keeper.post("/desk/wordings/grant/", {**words, "body": "{{secret}}"}).status_code == 422
    assert keeper.post("/desk/wordings/grant/", words).status_code == 302
    application = now.decided()
    assert application.documents.decisions().get().title == "准予通知书"
    assert keeper.get("/desk/wordings/nothing/").status_code == 404
    water = now.cast.offices["water"]
    assert keeper.post("/desk/seats/", {"key": "labour", "office": water.pk}).status_code == 302
    second = now.accepted()
    actions.step(now.step(second, "check"), outcome="ok", by=now.who("clerk"), at=now.later())
    assert now.step(second, "labour").office == water
    assert sign_in("clerk").get("/desk/seats/").status_code == 403


def test_whoever_signs_in_with_the_phone_sees_the_applications(now: Settling, client: Client) -> None:
    application = now.submitted()
    session = client.session
    session["phone"] = {"index": application.phone_index, "until": int(now.at.timestamp()) + 900}
    session.save()
    assert application.number in client.get("/my/").content.decode()
    assert client.get(f"/applications/{application.number}/").status_code == 200
