"""What the machine owes by itself: receipts for what was handed in, and a word to the officers when a step is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lianxin.flow.models import Process, Step
from lianxin.outbox.models import Message
from lianxin.serve import actions, jobs
from lianxin.serve.models import Document, OwedPaper
from lianxin.serve.models.duties import Duty, duties
from lianxin.serve.papers.document import made as paper
from lianxin.serve.rules.application import Paper
from tests.serve.settling import ELSEWHERE, Settling, files


def test_a_receipt_is_issued_for_what_was_handed_in_and_for_what_was_supplied(
    settling: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def made(sheet: Any) -> bytes:
        seen.append(sheet)
        return paper(sheet)

    monkeypatch.setattr("lianxin.serve.actions.documents.made", made)
    application = settling.corrected()
    came = application.submitted_at
    assert not Document.objects.filter(paper=Paper.RECEIPT).exists()
    while jobs.issue_owed(at=settling.later(days=1)):
        pass
    receipt = Document.objects.get(paper=Paper.RECEIPT)
    assert receipt.at == came, "the day on it is that of handing in"
    assert ("身份证", "电子文件") in seen[-1].rows
    actions.supply(application, materials=files("proof", mark="2"), at=settling.later())
    jobs.issue_owed(at=settling.later())
    assert [name for name, _how in seen[-1].rows] == ["居住证明"]
    assert Document.objects.filter(paper=Paper.SUPPLY).count() == 1
    assert not jobs.issue_owed(at=settling.later()) and Document.objects.count() == 3  # with the correction


def test_handing_in_does_not_wait_for_a_printer(settling: Settling, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_html: str) -> bytes:
        raise OSError("no library")

    monkeypatch.setattr("lianxin.serve.papers.document.set_on_paper", broken)
    settling.submitted()
    with pytest.raises(actions.NoPrinter):
        jobs.issue_owed(at=settling.later())
    assert OwedPaper.objects.get().issued_at is None


def test_who_owes_a_step_is_reminded_and_the_heads_are_told_once_each(settling: Settling) -> None:
    nodes = [dict(node) for node in ELSEWHERE["nodes"]]
    nodes[0]["timers"] = [
        {"after": {"value": 4, "unit": "hour"}, "do": "warn"},
        {"after": {"value": 8, "unit": "hour"}, "do": "escalate"},
    ]  # fmt: skip
    Process.objects.filter(key="process.elsewhere").update(definition={**ELSEWHERE, "nodes": nodes})
    office = settling.cast.offices["medical"]
    type(office).objects.filter(pk=office.pk).update(phone="13900005555")
    application = settling.accepted()
    assert not Message.objects.filter(template__key__startswith="step.").exists()
    jobs.watch(at=settling.at + timedelta(hours=5))
    jobs.watch(at=settling.at + timedelta(hours=6))
    warned = Message.objects.get(template__key="step.warned")
    assert application.number in warned.text and office.name in warned.text
    head = settling.who("approver")
    head.stand(settling.at)
    assert not duties(head)[Duty.ESCALATED].exists()
    for hours in (30, 31):
        jobs.watch(at=settling.at + timedelta(hours=hours))
    assert Message.objects.filter(template__key="step.escalated").count() == 1, "one office, one word"
    step = duties(head)[Duty.ESCALATED].get()
    assert isinstance(step, Step) and step.node == "check" and step.escalated_at
    actions.step(step, outcome="ok", by=settling.who("clerk"), at=settling.later(hours=40))
    assert not duties(head)[Duty.ESCALATED].exists()
