"""Writing down what is said at the counter, on the phone, on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lianxin.listen import actions as listen
from lianxin.listen.models import Subject, Voice
from lianxin.people.models import User
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]
URL = "/desk/hear/"
SAID: dict[str, Any] = {
    "channel": "counter",
    "identity": "signed",
    "text": "小区晚上停水。",
    "name": "张小三",
    "phone": "13800138000",
    "wants_reply": "on",
    "key": "k1",
}


def test_hear_hands_out_a_receipt_whose_code_is_shown_once(road: Road, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    answer = client.post(URL, {**SAID, "area": "和平村"})
    voice = Voice.objects.get()
    assert answer["Location"] == f"/desk/hear/{voice.number}/"
    assert (voice.recorder, voice.office, voice.area) == (
        road.cast.officers["registrar"],
        road.cast.offices["town_office"],
        road.cast.areas["heping"],
    )
    paper = client.get(answer["Location"]).content.decode()
    assert voice.number in paper
    assert "小区晚上停水。" in paper
    code = paper.split('<span class="code">')[1][:6]
    assert Voice.objects.with_code(voice.number, code) == voice
    again = client.get(answer["Location"]).content.decode()
    assert code not in again
    assert voice.number in again


def test_receipt_is_for_who_wrote_it_down(road: Road, sign_in: SignIn) -> None:
    sign_in("registrar").post(URL, SAID)
    assert sign_in("dispatcher").get(f"/desk/hear/{Voice.objects.get().number}/").status_code == 404


def test_e_mail_is_kept_and_a_wrong_one_is_told(road: Road, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    assert client.post(URL, {**SAID, "email": "wang@"}).status_code == 422
    client.post(URL, {**SAID, "email": "wang@example.cn"})
    contact = Voice.objects.get().opened_contact()
    assert contact and contact.email == "wang@example.cn"


def test_double_submit_gives_one_voice(road: Road, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    client.post(URL, SAID)
    client.post(URL, SAID)
    assert Voice.objects.count() == 1


def test_answered_on_the_spot_is_counted_and_never_waits(road: Road, sign_in: SignIn) -> None:
    listen.seed_subjects(at=road.at)
    subject = Subject.objects.get(name="停水水压")
    told = {**SAID, "answer": "今天 18 点来水。", "subject": subject.pk, "basis": "停水公告"}
    sign_in("registrar").post(URL, told)
    voice = Voice.objects.get()
    assert (voice.items.get().outcome, voice.items.get().subject) == ("answered", subject)
    assert voice.sorted_at


def test_anonymous_leaves_nothing_of_the_person(road: Road, sign_in: SignIn) -> None:
    sign_in("registrar").post(URL, {**SAID, "identity": "anonymous"})
    assert Voice.objects.get().contact is None


def test_paper_letter_goes_to_its_addressee(road: Road, sign_in: SignIn) -> None:
    post = road.cast.posts["secretary"]
    client = sign_in("letter_clerk")
    assert client.post(URL, {**SAID, "channel": "letter"}).status_code == 422  # to whom?
    client.post(URL, {**SAID, "channel": "letter", "addressee": post.pk, "received_at": "2026-09-28T09:00"})
    voice = Voice.objects.get()
    assert (voice.addressee, voice.is_closed_letter) == (post, True)
    assert voice.received_at < voice.recorded_at


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": " \n "},
        {"text": "水" * 4001},
        {"text": "\x00\x01"},
        {"channel": "web"},
        {"identity": "famous"},
        {"area": "不存在的村"},
        {"received_at": "2027-01-01T00:00"},
        {"received_at": "昨天"},
        {"answer": "好了。"},
        {"name": "长" * 41},
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(road: Road, sign_in: SignIn, wrong: dict[str, Any]) -> None:
    answer = sign_in("registrar").post(URL, {**SAID, **wrong})
    assert answer.status_code == 422
    assert not Voice.objects.exists()
    if "text" not in wrong:
        assert "小区晚上停水。" in answer.content.decode()


def test_markup_in_every_field_comes_back_as_text(road: Road, sign_in: SignIn) -> None:
    evil = "\"><script>alert('x')</script>"
    page = sign_in("registrar").post(URL, {**SAID, "text": evil, "name": evil, "area": evil, "place": evil}).content
    assert b"<script>alert" not in page


def test_earlier_voices_of_a_phone(road: Road, sign_in: SignIn) -> None:
    road.hear("停水", phone="13800138000")
    road.hear("又停水", phone="138 0013 8000")
    road.hear("保密的事", phone="13800138000", identity="confidential")
    url = "/desk/hear/earlier/"
    page = sign_in("dispatcher").post(url, {"phone": "138-0013-8000"}).content.decode()
    assert "停水" in page
    assert "保密的事" not in page  # who wished not to be known is not found by the phone
    assert "停水" not in sign_in("dispatcher").post(url, {"phone": "13900139000"}).content.decode()
    assert sign_in("dispatcher").post(url, {"phone": ""}).status_code == 200
    assert sign_in("letter_clerk").post(url, {"phone": "13800138000"}).status_code == 403


def test_neighbour_is_refused(road: Road, sign_in: SignIn) -> None:
    assert sign_in("neighbour").get(URL).status_code == 403
    assert sign_in("neighbour").post(URL, SAID).status_code == 403
    assert "停水" not in sign_in("neighbour").post("/desk/hear/earlier/", {"phone": "13800138000"}).content.decode()
