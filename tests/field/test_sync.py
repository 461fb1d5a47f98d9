"""The contact of a telephone with the county."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Attachment, Event
from lianxin.listen.models import Item, Reserved, Voice
from lianxin.record import actions
from lianxin.record.models import Encounter, Handset, Household, Piece, Sent
from tests.cast import Cast
from tests.field.conftest import AtDoor, Phone


def test_it_is_given_its_own_village_and_not_a_byte_of_another(phone: Phone, households: dict[str, Household]) -> None:
    answer = phone.post("pull", {"held": {}})
    told = json.dumps(answer.json(), ensure_ascii=False)
    assert "陈家" in told
    assert "孙家" not in told and "柳树" not in told
    assert {thing["key"] for thing in answer.json()["things"] if thing["key"].startswith("household:")} == {
        f"household:{households[name].pk}" for name in ("陈家", "王家", "赵家")
    }


def test_only_what_differs_comes_back_and_what_is_gone_is_named(phone: Phone, households: dict[str, Household]) -> None:
    held = {thing["key"]: thing["digest"] for thing in phone.pull()["things"]}
    assert phone.pull(held)["things"] == []
    Household.objects.filter(pk=households["陈家"].pk).update(door="17号之一")
    held["household:999999"] = "00"
    again = phone.pull(held)
    assert [thing["value"]["door"] for thing in again["things"]] == ["17号之一"]
    assert again["gone"] == ["household:999999"]


def test_a_stranger_gets_nothing(phone: Phone) -> None:
    for headers in ({}, {"authorization": "Bearer lf_wrong"}):
        client = Client(headers=headers)
        for path in ("pull", "push", "wiped"):
            answer = client.post(f"/api/v1/field/{path}", {}, content_type="application/json")
            assert answer.status_code == 401


def test_a_visit_and_what_was_said_there_arrive_once(phone: Phone, at_door: AtDoor, at: datetime) -> None:
    entries = at_door("陈家", "路灯还没修，娃晚上回来怕。", "水压也够了。", made_at=at - timedelta(hours=5))
    for _each in range(3):
        answers = phone.push(*entries)
    assert [answer["status"] for answer in answers] == ["again"] * 3
    made = Encounter.objects.get()
    assert (made.starts_at, made.recorded_at, made.submitted_at) == (at - timedelta(hours=5), at, at)
    assert {voice.received_at for voice in made.voices.all()} == {at - timedelta(hours=5)}
    assert (Voice.objects.count(), Item.objects.count()) == (2, 2)


def test_a_voice_keeps_the_number_given_at_the_door(phone: Phone, at_door: AtDoor) -> None:
    receipt = phone.pull()["receipts"][0]
    assert Reserved.objects.with_code(receipt["number"], receipt["code"])
    visit, said = at_door("陈家", "路灯还没修，娃晚上回来怕。")
    said["body"]["number"] = receipt["number"]
    answer = phone.push(visit, said)[1]
    assert answer["status"] == "done"
    assert answer["result"] == {"number": receipt["number"], "code": receipt["code"]}
    assert Voice.objects.with_code(receipt["number"], receipt["code"])
    assert not Reserved.objects.with_code(receipt["number"], receipt["code"])
    assert receipt not in phone.pull()["receipts"]


def test_who_holds_a_receipt_of_the_door_is_told_that_it_is_on_its_way(phone: Phone) -> None:
    receipt = phone.pull()["receipts"][0]
    told = Client().post("/track/", receipt).content.decode()
    assert "还没有传到" in told
    wrong = Client().post("/track/", receipt | {"code": "000000"}).content.decode()
    assert "还没有传到" not in wrong


def test_a_number_of_somebody_else_is_refused(phone: Phone, cast: Cast, frozen: datetime, at_door: AtDoor) -> None:
    other = Phone(cast.officer("cadre2"), frozen)
    visit, said = at_door("陈家", "路灯坏了。")
    said["body"]["number"] = other.pull()["receipts"][0]["number"]
    answer = phone.push(visit, said)[1]
    assert answer["status"] == "refused" and answer["words"]
    assert Voice.objects.count() == 0


def test_somebody_elses_door_is_refused(phone: Phone, at_door: AtDoor) -> None:
    answers = phone.push(*at_door("孙家", "路灯坏了。"))
    assert [answer["status"] for answer in answers] == ["refused", "wait"]
    assert Encounter.objects.count() == 0


def test_a_refused_entry_is_kept_and_can_be_mended_under_its_id(phone: Phone, at_door: AtDoor) -> None:
    visit, said = at_door("陈家", "")
    assert phone.push(visit, said)[1]["status"] == "refused"
    kept = Sent.objects.get(kind="voice")
    assert kept.opened["body"]["text"] == ""
    said["body"]["text"] = "路灯坏了。"
    assert phone.push(said)[0]["status"] == "done"
    assert Sent.objects.get(kind="voice").content is None
    said["body"]["text"] = "路灯好了。"
    assert phone.push(said)[0]["status"] == "refused"
    assert Voice.objects.get().text == "路灯坏了。"


def test_what_belongs_before_is_awaited_in_any_order(phone: Phone, at_door: AtDoor) -> None:
    visit, said = at_door("陈家", "路灯坏了。")
    assert phone.push(said)[0]["status"] == "wait"
    assert {answer["status"] for answer in phone.push(said, visit)} == {"done"}
    assert Voice.objects.get().encounter == Encounter.objects.get()


def test_a_fault_in_the_middle_keeps_what_went_before_and_after(
    phone: Phone, at_door: AtDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianxin.listen import actions as listen

    heard = listen.hear

    def breaks(**said: Any) -> Any:
        found = heard(**said)
        if "坏" in said["text"]:
            raise ZeroDivisionError
        return found

    entries = at_door("陈家", "第一句。", "坏了。", "第三句。")
    monkeypatch.setattr(listen, "hear", breaks)
    assert [answer["status"] for answer in phone.push(*entries)] == ["done", "done", "failed", "done"]
    assert Voice.objects.count() == 2
    monkeypatch.setattr(listen, "hear", heard)
    assert [answer["status"] for answer in phone.push(*entries)] == ["again", "again", "done", "again"]
    assert Voice.objects.count() == 3


def test_what_a_revoked_cadre_sends_is_set_aside_for_the_keeper(
    phone: Phone, cast: Cast, at_door: AtDoor, at: datetime
) -> None:
    visit, said = at_door("陈家", "路灯坏了。")
    cast.posts["cadre"].holder = None
    cast.posts["cadre"].save()
    answer = phone.post("push", {"entries": [visit, said]}).json()
    assert answer["wipe"] and {each["status"] for each in answer["entries"]} == {"aside"}
    assert Voice.objects.count() == 0
    told = phone.pull({"household:1": "x"})
    assert told["wipe"] and told["things"] == [] and told["receipts"] == [] and told["gone"] == ["household:1"]
    keeper, other = cast.officer("archivist"), cast.officer("cadre2")
    kept = Sent.objects.visible_to(keeper).open()
    assert {each.opened["kind"] for each in kept} == {"visit", "voice"}
    assert not Sent.objects.visible_to(other).exists()
    assert phone.post("wiped", {}).status_code == 204
    assert phone.post("pull", {"held": {}}).status_code == 401
    assert Event.objects.filter(verb="handset.wiped").count() == 1


def test_a_lost_telephone_learns_of_it_before_its_pin(phone: Phone, cast: Cast, at: datetime) -> None:
    knock = f"/api/v1/field/knock/{phone.handset.client_id}"
    assert Client().get(knock).json() == {"wipe": False}
    with pytest.raises(NotAllowed):
        actions.ask_wipe(phone.handset, reason="丢了手机", by=cast.officer("cadre2"), at=at)
    actions.ask_wipe(phone.handset, reason="丢了手机", by=cast.officer("it"), at=at)
    assert Client().get(knock).json() == {"wipe": True}
    assert Client().get(f"/api/v1/field/knock/{uuid4()}").json() == {"wipe": False}


@pytest.mark.parametrize(
    ("clock", "skew", "told", "doubtful"),
    [
        (timedelta(hours=-3), 0, timedelta(hours=-3), False),  # a right clock
        (timedelta(minutes=57), -3600, timedelta(minutes=-3), False),  # an hour ahead, and known to be
        (timedelta(days=3300), None, timedelta(hours=-3), False),  # the year 2035, found out at this contact
        (timedelta(days=3300), 0, timedelta(hours=-3), False),  # set to 2035 after the last contact
        (timedelta(days=-9000), 0, timedelta(0), True),  # 2002 at the door, right by now: it cannot be told when
    ],
)  # fmt: skip
def test_the_clock_of_the_phone_is_corrected_and_both_are_kept(
    phone: Phone, at_door: AtDoor, at: datetime, clock: timedelta, skew: int | None, told: timedelta, doubtful: bool
) -> None:
    Handset.objects.update(made_at=at - timedelta(days=1))
    made = at + clock
    now = made + timedelta(hours=3) if clock > timedelta(days=1) else at
    (visit,) = at_door("陈家")
    phone.push(visit | {"made_at": made.isoformat(), "skew": skew}, phone_at=now.isoformat())
    sent = Sent.objects.get()
    assert (sent.made_at, sent.deed_at, sent.doubtful) == (made, at + told, doubtful)
    assert (sent.received_at, Encounter.objects.get().starts_at) == (at, at + told)


def test_an_old_app_may_still_send_and_is_told_to_renew(
    phone: Phone, at_door: AtDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianxin.field.api.sync.VERSION", 4)
    (visit,) = at_door("陈家", colour="what only this version knew")
    answer = phone.post("push", {"entries": [visit | {"also": 1}]}).json()
    assert answer["renew"] and answer["entries"][0]["status"] == "done"
    assert phone.row.version == 1


def _put(phone: Phone, uuid: Any, start: int, piece: bytes, whole: bytes) -> Any:
    said = f"offset={start}&size={len(whole)}&sha256={hashlib.sha256(whole).hexdigest()}&name=a.txt"
    path = f"/api/v1/field/files/{uuid}?{said}"
    return phone.client.put(path, piece, content_type="application/octet-stream")


def test_a_file_comes_in_pieces_and_goes_on_where_the_line_broke(phone: Phone, at_door: AtDoor) -> None:
    whole, uuid = "路灯照片".encode() * 10, uuid4()
    assert _put(phone, uuid, 0, whole[:40], whole).json() == {"offset": 40, "whole": False}
    assert _put(phone, uuid, 0, whole[:40], whole).json() == {"offset": 40, "whole": False}
    assert phone.client.get(f"/api/v1/field/files/{uuid}").json() == {"offset": 40, "whole": False}
    skipped = _put(phone, uuid, 80, whole[80:], whole)
    assert skipped.status_code == 409 and skipped.json()["facts"] == {"offset": "40"}
    visit, said = at_door("陈家", "")
    said["body"]["files"] = [str(uuid)]
    assert [answer["status"] for answer in phone.push(visit, said)] == ["done", "wait"]
    assert _put(phone, uuid, 40, whole[40:], whole).json() == {"offset": 120, "whole": True}
    assert _put(phone, uuid, 40, whole[40:], whole).json() == {"offset": 120, "whole": True}
    assert Piece.objects.count() == 0 and Attachment.objects.count() == 1
    assert phone.push(said)[0]["status"] == "done"
    voice = Voice.objects.get()
    assert voice.attachments.count() == 1 and voice.text


def test_a_file_that_broke_on_its_way_is_sent_anew(phone: Phone) -> None:
    whole, uuid = "路灯照片".encode() * 10, uuid4()
    assert _put(phone, uuid, 0, whole[:40], whole).status_code == 200
    assert _put(phone, uuid, 40, b"?" * 80, whole).status_code == 422
    assert phone.client.get(f"/api/v1/field/files/{uuid}").status_code == 404
    assert _put(phone, uuid, 0, whole, whole).json()["whole"]
