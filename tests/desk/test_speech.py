"""What is never said to people is pointed out before a person reads it (HAL-13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from lianxin.listen.models import Subject
from lianxin.resolve.models import Reply
from lianxin.serve.models import Phrase
from tests.desk.road import Road
from tests.desk.test_api import Bears, bears
from tests.desk.test_triage import SignIn, sort_url, subjects

__all__ = ["bears", "subjects"]

RUDE, FINE = "这事我不 知道，你们村自己解决。", "水管已经修好，有问题请打水务局电话。"


@pytest.fixture(autouse=True)
def phrases(road: Road) -> None:
    for text, kind in (("不知道", Phrase.Kind.NEVER), ("已经修好", Phrase.Kind.SAY)):
        Phrase.objects.create(
            kind=kind, text=text, instead="我帮您问清楚", source="服务忌语五十条", valid_from=road.at.date()
        )  # fmt: skip


def send(client: Client, address: str, **told: Any) -> str:
    return client.post(address, told).content.decode()


def test_a_reply_is_warned_of_once_and_sent_if_it_is_meant(road: Road, sign_in: SignIn) -> None:
    address = f"/desk/cases/{road.reexamined().number}/reply/"
    client = sign_in("dispatcher")
    page = send(client, address, text=RUDE)
    for words in ("“不知道”", "服务忌语五十条", "我帮您问清楚", "不 知道，你们村", 'type="checkbox" name="as_written"'):
        assert words in page, words
    assert not Reply.objects.exists()
    send(client, address, text=RUDE, as_written="on")
    assert Reply.objects.get().text == RUDE


def test_what_is_said_well_is_sent_at_once(road: Road, sign_in: SignIn) -> None:
    send(sign_in("dispatcher"), f"/desk/cases/{road.reexamined().number}/reply/", text=FINE)
    assert Reply.objects.get().text == FINE


def test_a_phrase_that_is_off_the_list_warns_nobody(road: Road, sign_in: SignIn) -> None:
    Phrase.objects.update(valid_to=road.at.date())
    send(sign_in("dispatcher"), f"/desk/cases/{road.reexamined().number}/reply/", text=RUDE)
    assert Reply.objects.exists()


def test_who_is_turned_down_is_spoken_to_well(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice = road.hear()
    told = {"item": 1, "subject": subjects["停水水压"].pk, "reason": "emergency", "text": RUDE}
    assert "服务忌语五十条" in send(sign_in("dispatcher"), sort_url(voice, "decline"), **told)
    assert voice.items.get().outcome == ""
    send(sign_in("dispatcher"), sort_url(voice, "decline"), **told, as_written="on")
    assert voice.items.get().outcome == "declined"


def test_a_program_is_told_the_same(road: Road, bears: Bears) -> None:
    program, path = bears("dispatcher"), f"/cases/{road.reexamined().number}/reply"
    refused = program.post(path, {"text": RUDE})
    assert refused.status_code == 422
    assert "服务忌语五十条" in str(refused.json())
    sent = program.post(path, {"text": RUDE, "as_written": True})
    assert sent.status_code == 200, sent.content.decode()
