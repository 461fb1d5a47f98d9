"""Triage, letters, lists and messages by programs: through the same actions as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.intake.models import Intake
from lianxin.listen import actions as listen
from lianxin.listen.jobs import take_in
from lianxin.listen.models import Subject, Voice
from lianxin.outbox.models import Message
from lianxin.outbox.rules import State
from lianxin.people import actions as people
from lianxin.resolve.models import Case
from tests.desk.road import Road

API = "/api/v1"


class Program:
    """A program that bears the token of an officer."""

    def __init__(self, road: Road, who: str) -> None:
        by = road.cast.officers["it"]
        _token, secret = people.make_token(road.cast.officers[who], name="test", by=by, at=road.at)
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{API}{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"{API}{path}", body or {}, content_type="application/json", headers=self.headers)

    def hand_in(self, path: str, content: bytes) -> Any:
        file = SimpleUploadedFile("list.csv", content)
        return self.client.post(f"{API}{path}", {"file": file}, headers=self.headers)


Bears = Callable[[str], Program]


@pytest.fixture
def bears(road: Road) -> Bears:
    listen.seed_subjects(at=road.at)
    return lambda who: Program(road, who)


def subject() -> int:
    return Subject.objects.get(name="停水水压").pk


def test_hear_and_settle_a_point(road: Road, bears: Bears) -> None:
    program = bears("registrar")
    told = {"channel": "phone", "identity": "signed", "text": "晚上停水", "phone": "13800138000", "key": "a"}
    told["email"] = "wang@example.cn"
    made = program.post("/heard", told)
    assert made.status_code == 201, made.content
    receipt, code = made.json()["receipt"], made.json()["code"]
    voice = Voice.objects.with_code(receipt, code)
    contact = voice and voice.opened_contact()
    assert contact and contact.email == "wang@example.cn"
    assert program.post("/heard", told).json()["again"] is True
    assert program.post("/heard/earlier", {"phone": "138 0013 8000"}).json() == {"count": 1, "newest": [receipt]}
    line = program.get("/items").json()["items"][0]
    assert (line["voice"], line["suggested"], line["because"]) == (receipt, subject(), ["停水"])
    done = program.post(f"/items/{line['id']}/answer", {"subject": subject(), "text": "今晚来水。"})
    assert done.json()["outcome"] == "answered"
    again = program.post(f"/items/{line['id']}/answer", {"subject": subject(), "text": "今晚来水。"})
    assert (again.status_code, again.json()["title"]) == (409, "AlreadySettled")


@pytest.mark.parametrize(
    ("deed", "body", "outcome"),
    [
        ("register", {"title": "停水"}, "joined"),
        ("decline", {"reason": "outside", "text": "请找物业。"}, "declined"),
        ("transfer", {"to": "市供电公司", "text": "已转。"}, "transferred"),
        ("classify", {"level": "village"}, ""),
    ],
)
def test_each_way_of_sorting(road: Road, bears: Bears, deed: str, body: dict[str, Any], outcome: str) -> None:
    item = road.hear().items.get()
    done = bears("dispatcher").post(f"/items/{item.pk}/{deed}", {"subject": subject(), **body})
    assert done.status_code == 200, done.content
    assert done.json()["outcome"] == outcome
    item.refresh_from_db()
    assert (item.outcome, item.subject_id) == (outcome, subject())


def test_join_split_and_many(road: Road, bears: Bears) -> None:
    program, case = bears("dispatcher"), road.registered()
    voice = road.hear("1、停水 2、路灯不亮")
    points = program.post(f"/voices/{voice.number}/items", {"points": ["停水", "路灯不亮"]}).json()
    assert [point["text"] for point in points] == ["停水", "路灯不亮"]
    assert program.post(f"/items/{points[0]['id']}/join", {"case": case.number}).json()["outcome"] == "joined"
    assert program.post(f"/items/{points[1]['id']}/join", {"case": "YXA-NN"}).status_code == 404
    more = [road.hear("停水"), road.hear("请看看")]
    told = program.post("/sort_many", {"deed": "register", "numbers": [each.number for each in more]}).json()
    assert [each["done"] for each in told] == [True, False]
    assert Case.objects.count() == 2


def test_reveal_and_files(road: Road, bears: Bears) -> None:
    voice = road.hear(files=[SimpleUploadedFile("a.txt", b"abc")])
    shown = bears("dispatcher").post(f"/voices/{voice.number}/reveal", {"reason": "问楼号"})
    assert shown.json()["phone"] == "13800138000"
    assert bears("dispatcher").post(f"/voices/{voice.number}/reveal", {"reason": ""}).status_code == 422
    answer = bears("dispatcher").get(f"/voices/{voice.number}/files/{voice.attachments.get().pk}")
    assert b"".join(answer.streaming_content) == b"abc"


def test_letters(road: Road, bears: Bears) -> None:
    letter = road.hear("孙书记，没水。", addressee=road.cast.posts["secretary"])
    program = bears("secretary")
    assert "没水" not in program.get("/letters").content.decode()
    assert program.post(f"/letters/{letter.number}/read").json()["words"] == "孙书记，没水。"
    done = program.post(f"/letters/{letter.number}/instruct", {"text": "请水务局办。"})
    assert Case.objects.get(number=done.json()["case"]).sponsor == road.cast.officers["secretary"]
    other = road.hear("再写一封", addressee=road.cast.posts["secretary"])
    assert program.post(f"/letters/{other.number}/hand_on").json()["handed_on_at"]
    third = road.hear("第三封", addressee=road.cast.posts["secretary"])
    refused = program.post(
        f"/letters/{third.number}/readdress", {"to": road.cast.posts["handler"].pk, "reason": "错了"}
    )
    assert refused.status_code == 422
    for deed in ("read", "hand_on", "instruct", "readdress"):
        body = {"text": "x"} if deed == "instruct" else {"to": 1, "reason": "xx"} if deed == "readdress" else {}
        assert bears("neighbour").post(f"/letters/{third.number}/{deed}", body).status_code in (403, 404)
    third.refresh_from_db()
    assert third.read_at is None


def test_lists(road: Road, bears: Bears) -> None:
    program = bears("dispatcher")
    opened = program.hand_in("/lists", "内容,时间\n没水,2026-09-01\n路灯,昨天\n".encode())
    assert opened.status_code == 201, opened.content
    pk = opened.json()["id"]
    assert opened.json()["mapping"] == {"内容": "text", "时间": "received_at"}
    assert program.post(f"/lists/{pk}/begin", {"mapping": {"内容": "moon"}}).status_code == 422
    assert (
        program.post(f"/lists/{pk}/begin", {"mapping": {"内容": "text", "时间": "received_at"}}).json()["state"]
        == "running"
    )
    assert program.post(f"/lists/{pk}/stop").json()["state"] == "stopped"
    assert program.post(f"/lists/{pk}/resume").json()["state"] == "running"
    while take_in(at=road.at):
        pass
    done = program.get(f"/lists/{pk}").json()
    assert (done["state"], done["added"], done["failed"], done["errors"][0]["row"]) == ("done", 1, 1, 3)
    assert program.hand_in("/lists", b"").status_code == 422
    assert bears("neighbour").hand_in("/lists", b"a,b\n1,2\n").status_code == 403
    assert bears("neighbour").post(f"/lists/{pk}/stop").status_code == 403
    assert Intake.objects.count() == 1


def test_messages(road: Road, bears: Bears) -> None:
    road.hear()
    Message.objects.update(state=State.FAILED)
    message, program = Message.objects.get(), bears("dispatcher")
    assert [each["id"] for each in program.get("/messages").json()] == [message.pk]
    assert program.post(f"/messages/{message.pk}/settle", {"way": "magic"}).status_code == 422
    assert bears("neighbour").post(f"/messages/{message.pk}/settle", {"way": "called"}).status_code == 403
    assert program.post(f"/messages/{message.pk}/resend").json()["state"] == "written"
    Message.objects.update(state=State.FAILED)
    assert program.post(f"/messages/{message.pk}/settle", {"way": "called"}).json()["state"] == "settled"


def test_strangers_find_nothing(road: Road, bears: Bears) -> None:
    voice = road.hear()
    item = voice.items.get()
    stranger = bears("neighbour")
    clerk = bears("registrar")
    type(voice).objects.update(office=road.cast.offices["other_town_office"])
    for program, expected in ((stranger, (403,)), (clerk, (403, 404))):
        body = {"subject": subject(), "text": "x"}
        assert program.post(f"/items/{item.pk}/answer", body).status_code in expected
        assert program.post(f"/voices/{voice.number}/items", {"points": ["x"]}).status_code in expected
    assert clerk.get("/items").json()["items"] == []
    assert clerk.post("/sort_many", {"deed": "register", "numbers": [voice.number]}).json() == []
    item.refresh_from_db()
    assert item.outcome == ""
    assert Client().get(f"{API}/items").status_code == 401
