"""The residents' pages of applications: applying, following, supplying, fetching, checking; and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lianxin.ledger.actions import open_file
from lianxin.listen.models import code_of
from lianxin.serve import actions
from lianxin.serve.models import Application, Document
from lianxin.serve.rules.application import State
from tests.serve.settling import NAME, NUMBER, PDF, PHONE, Settling

Opened = Callable[[Application], Client]


def upload(key: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{key}.pdf", PDF + key.encode(), "application/pdf")


def posted(**more: object) -> dict[str, object]:
    return {
        "key": "abc", "name": NAME, "phone": PHONE, "sheet-why": "retired", "sheet-place": "西安",
        "material-card": upload("card"), "material-proof": upload("proof"), "do": "send", **more,
    }  # fmt: skip


@pytest.fixture
def now(settling: Settling, monkeypatch: pytest.MonkeyPatch) -> Settling:
    """Let requests happen when the story has come to."""
    monkeypatch.setattr(timezone, "now", lambda: settling.at + timedelta(seconds=1))
    return settling


@pytest.fixture
def opened(now: Settling, client: Client) -> Opened:
    def enter(application: Application) -> Client:
        answer = client.post("/track/", {"number": application.number, "code": code_of(application.number)})
        assert answer.status_code == 302
        return client

    return enter


def test_one_applies_and_gets_number_and_code_once(now: Settling, client: Client) -> None:
    address = f"/services/{NUMBER}/apply/"
    assert "定居地" in client.get(address).content.decode()
    missing = client.post(address, posted(**{"material-proof": ""}))
    assert missing.status_code == 422 and "居住证明" in missing.content.decode()
    done = client.post(address, posted())
    assert done.status_code == 302, done.content.decode()
    assert client.post(address, posted()).status_code == 302
    application = Application.objects.get(state=State.SUBMITTED)
    receipt = client.get(done["Location"]).content.decode()
    assert application.number in receipt and code_of(application.number) in receipt
    page = client.get(f"/applications/{application.number}/").content.decode()
    assert "异地安置" in page and NAME not in page and PHONE not in page


def test_a_draft_goes_on_elsewhere(now: Settling, client: Client) -> None:
    address = f"/services/{NUMBER}/apply/"
    kept = client.post(address, {"key": "k", "name": NAME, "sheet-place": "成都", "do": "save"}, follow=True)
    draft = Application.objects.get()
    assert draft.number in kept.content.decode()
    other = Client()
    assert "成都" not in other.get(address).content.decode()
    code = {"number": draft.number, "code": code_of(draft.number)}
    assert "成都" in other.post("/track/", code, follow=True).content.decode()
    assert other.post(address, posted()).status_code == 302
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED and draft.draft is None


def test_what_is_missing_is_handed_in_item_by_item(opened: Opened, now: Settling) -> None:
    application = now.corrected()
    client = opened(application)
    assert "看不清公章" in client.get(f"/applications/{application.number}/").content.decode()
    address = f"/applications/{application.number}/supply/"
    assert client.post(address).status_code == 422
    assert client.post(address, {"material-proof": upload("new")}).status_code == 302
    assert now.fresh(application).state == State.SUBMITTED


def test_the_decision_is_fetched_checked_and_rated(opened: Opened, now: Settling) -> None:
    application = now.decided()
    client = opened(application)
    document = Document.objects.decisions().get()
    page = client.get(f"/applications/{application.number}/").content.decode()
    assert document.number in page and document.code in page
    address = f"/applications/{application.number}/documents/{document.pk}/"
    ahead = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch"}
    elsewhere = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
    for says in ({}, ahead, elsewhere, {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}):
        sent: Any = client.get(address, headers=says)
        got = b"".join(sent.streaming_content)
        assert now.fresh(application).state == State.DECIDED, "a browser that fetches in advance has received nothing"
    sent = client.get(address, headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"})
    assert b"".join(sent.streaming_content) == got
    assert now.fresh(application).state == State.DELIVERED
    checked = client.get(f"/verify/{document.code.lower()}/")
    assert checked.status_code == 200 and document.number in checked.content.decode()
    assert NAME not in checked.content.decode()
    genuine = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", got)})
    assert 'id="verdict"' in genuine.content.decode() and document.number in genuine.content.decode()
    forged = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", got + b" "), "code": document.code})
    assert document.number not in forged.content.decode()
    swapped = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", got), "code": "YXV-222-222-222"})
    assert document.number not in swapped.content.decode()
    assert client.get("/verify/YXV-222-222-222/").status_code == 404
    assert client.post("/verify/", {}).status_code == 422
    assert client.post(f"/applications/{application.number}/rate/", {"grade": "9"}).status_code == 422
    assert client.post(f"/applications/{application.number}/rate/", {"grade": "5"}).status_code == 302
    actions.revoke(document, reason="以欺骗手段取得", by=now.who("approver"), at=now.later())
    assert "revoked" in str(client.get(f"/verify/{document.code}/").context["verdict"])


def test_who_says_that_it_arrived_has_received_it(opened: Opened, now: Settling) -> None:
    application = now.decided()
    client = opened(application)
    document = Document.objects.decisions().get()
    address = f"/applications/{application.number}/documents/{document.pk}/received/"
    assert address in client.get(f"/applications/{application.number}/").content.decode()
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302 and now.fresh(application).state == State.DELIVERED
    assert address not in client.get(f"/applications/{application.number}/").content.decode()


def test_without_the_code_nobody_sees_anything(now: Settling, client: Client) -> None:
    application = now.decided()
    document = Document.objects.decisions().get()
    base = f"/applications/{application.number}/"
    assert client.get(base).status_code == 302
    assert client.get(f"{base}documents/{document.pk}/").status_code == 404
    for deed in ("supply", "rate", "withdraw", "phone", "steps/1"):
        assert client.post(f"{base}{deed}/").status_code == 404
    other = now.submitted()
    client.post("/track/", {"number": other.number, "code": code_of(other.number)})
    assert client.get(f"/applications/{other.number}/documents/{document.pk}/").status_code == 404
    assert client.get(base).status_code == 302
    wrong = client.post("/track/", {"number": application.number, "code": "1"})
    assert wrong.status_code == 422


def test_a_real_document_is_a_pdf_with_its_number(now: Settling, monkeypatch: pytest.MonkeyPatch) -> None:
    from lianxin.people.papers import set_on_paper

    seen: list[str] = []

    def real(html: str) -> bytes:
        seen.append(html)
        return set_on_paper(html)

    application = now.proposed()
    monkeypatch.setattr("lianxin.serve.papers.document.set_on_paper", real)
    document = actions.decide(application, by=now.who("approver"), at=now.later())
    with open_file(document.attachment) as file:
        assert file.read(5) == b"%PDF-"
    assert document.number in seen[0] and NAME in seen[0] and document.code in seen[0] and "<svg" in seen[0]


def test_withdrawing_and_the_phone(opened: Opened, now: Settling) -> None:
    application = now.submitted()
    client = opened(application)
    base = f"/applications/{application.number}/"
    assert client.post(f"{base}phone/", {"phone": "12"}).status_code == 422
    assert client.post(f"{base}phone/", {"phone": "13900008888"}).status_code == 302
    assert client.post(f"{base}withdraw/", {"reason": "不办了"}).status_code == 302
    assert now.fresh(application).state == State.WITHDRAWN
    now.later()
    assert client.post(f"{base}withdraw/", follow=True).status_code == 200


def test_the_machine_cannot_guess_documents(now: Settling, client: Client, at: datetime) -> None:
    answers = [client.get(f"/verify/YXV-{n:03d}/", REMOTE_ADDR="203.0.113.9").status_code for n in range(62)]
    assert answers[0] == 404 and answers[-1] == 429


def test_a_form_that_comes_back_keeps_its_files(now: Settling, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    address = f"/services/{NUMBER}/apply/"
    wrong = client.post(address, posted(phone="12"))
    page = wrong.content.decode()
    held = re.search(r'name="held" value="(\w+)"', page)
    assert wrong.status_code == 422 and held and "card.pdf" in page and "proof.pdf" in page
    replaced = SimpleUploadedFile("other.pdf", PDF + b"other", "application/pdf")
    again = {"material-card": "", "material-proof": replaced, "held": held[1]}
    assert client.post(address, posted(**again)).status_code == 302
    application = Application.objects.get(state=State.SUBMITTED)
    handed = {
        one.material.key: one.attachment and one.attachment.name
        for one in application.handed.select_related("attachment")
    }
    assert handed == {"card": "card.pdf", "proof": "other.pdf"}
