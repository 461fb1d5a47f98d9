"""The public half of the API, over HTTP: contract, bad input, repetition, and who must not see what."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianxin.listen.models import Voice
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Publication
from tests.cast import Cast
from tests.portal.conftest import WORDS, Say
from tests.portal.test_track import go_to_the_answer

pytestmark = pytest.mark.usefixtures("county")


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(f"/api/v1{path}", raw, content_type="application/json", headers=headers)


def said(**more: Any) -> dict[str, Any]:
    return {"text": WORDS, "identity": "signed", **more}


def is_problem(answer: Any, status: int) -> bool:
    found = json.loads(answer.content)
    return answer.status_code == status and found["status"] == status and bool(found["title"])


def test_voice_is_heard_and_its_progress_can_be_read(client: Client, cast: Cast) -> None:
    body = said(name="王五", phone="13800138000", area=cast.areas["heping"].pk, wants_reply=True)
    answer = post(client, "/voices", body)
    assert answer.status_code == 201
    found = answer.json()
    assert set(found) == {"receipt", "code", "url"}
    assert found["url"].endswith(f"/track/?number={found['receipt']}")
    assert found["code"] not in found["url"]
    voice = Voice.objects.get()
    assert (voice.channel, voice.area, voice.text) == ("api", cast.areas["heping"], WORDS)
    progress = client.get(f"/api/v1/voices/{found['receipt']}", {"code": found["code"]}).json()
    assert progress["receipt"] == found["receipt"]
    assert progress["state"] == "sorting"
    assert progress["steps"][0]["state"] == "done"
    assert "王五" not in json.dumps(progress, ensure_ascii=False)


def test_progress_explains_the_deadline_day_by_day(client: Client, say: Say, cast: Cast, at: datetime) -> None:
    heard, who = say(), cast.officer
    case = resolve.register(items=list(heard.voice.items.all()), title="供水", by=who("dispatcher"), at=at)
    resolve.dispatch(case, lead=cast.offices["water"], coordinator=who("dispatcher"), by=who("dispatcher"), at=at)
    answer = client.get(f"/api/v1/voices/{heard.voice.number}", {"code": heard.code}).json()
    clock = answer["cases"][0]["clock"]
    assert clock["due"]
    assert clock["days"][0]["kind"] == "start"
    assert clock["days"][-1]["kind"] == "due"
    assert {"rest", "counted"} <= {day["kind"] for day in clock["days"]}


@pytest.mark.parametrize("area", ["heping", "name", "full_name"])
def test_place_may_be_given_by_number_or_name(client: Client, cast: Cast, area: str) -> None:
    village = cast.areas["heping"]
    given = {"heping": village.pk, "name": village.name, "full_name": village.full_name}[area]
    assert post(client, "/voices", said(area=given)).status_code == 201
    assert Voice.objects.get().area == village


def test_letter_goes_to_the_addressee(client: Client, cast: Cast) -> None:
    listed = client.get("/api/v1/addressees").json()
    assert [each["id"] for each in listed] == [cast.posts["secretary"].pk]
    assert post(client, "/voices", said(addressee=listed[0]["id"])).status_code == 201
    assert Voice.objects.get().addressee == cast.posts["secretary"]


def test_post_and_office_are_named_by_their_keys(client: Client, cast: Cast) -> None:
    listed = client.get("/api/v1/addressees").json() + client.get("/api/v1/addressees/offices").json()
    keys = {each["name"]: each["key"] for each in listed}
    assert post(client, "/voices", said(addressee=keys["云溪县领导 县委书记"])).status_code == 201
    assert Voice.objects.latest("id").addressee == cast.posts["secretary"]
    assert post(client, "/voices", said(addressee=keys["县水务局"])).status_code == 201
    asked = Voice.objects.latest("id")
    assert (asked.addressee, asked.to_office) == (None, cast.offices["water"])
    assert "县群众诉求服务中心" not in keys


def test_e_mail_is_a_way_to_be_told(client: Client) -> None:
    assert post(client, "/voices", said(email="wang@example.cn")).status_code == 201
    contact = Voice.objects.get().opened_contact()
    assert contact and contact.ways == [("email", "wang@example.cn")]


def test_repetition_gives_the_same_receipt_and_other_words_do_not(client: Client) -> None:
    key = {"Idempotency-Key": "a-key"}
    first, again = post(client, "/voices", said(), **key), post(client, "/voices", said(), **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert is_problem(post(client, "/voices", said(text="别的话"), **key), 409)
    assert post(client, "/voices", said(), **{"Idempotency-Key": "another"}).status_code == 201
    assert Voice.objects.count() == 2


def test_repetition_without_a_key_is_two_voices(client: Client) -> None:
    post(client, "/voices", said())
    post(client, "/voices", said())
    assert Voice.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": WORDS},
        {"identity": "signed"},
        said(text=""),
        said(text="   "),
        said(text="水" * 4001),
        said(text="a" * 1_000_000),
        said(text=5),
        said(text=None),
        said(text=["x"]),
        said(identity="nobody"),
        said(identity=None),
        said(name=5),
        said(phone=13800138000),
        said(email="wang"),
        said(wants_reply="yes"),
        said(wants_reply=1),
        said(area="没有的地方"),
        said(area=999999999),
        said(area=-1),
        said(area=10**30),
        said(area=1.5),
        said(area=True),
        said(addressee=1),
        said(addressee=10**30),
        said(addressee="county"),
        said(addressee="office:1"),
        said(addressee="office:" + "9" * 30),
        said(addressee="desk:1"),
        said(kind="report"),
        said(unknown="field"),
        said(name="王" * 10_000),
        [],
        "text",
        5,
        None,
    ],
    ids=lambda body: json.dumps(body)[:60],
)
def test_bad_bodies_are_told_and_nothing_is_heard(client: Client, body: Any) -> None:
    answer = post(client, "/voices", body)
    assert answer.status_code == 422
    assert not Voice.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff\xfe", b"null", b'{"text": "\\ud800", "identity": "signed"}', b"[" * 10_000]
)
def test_broken_json_is_no_error_of_ours(client: Client, raw: bytes) -> None:
    assert post(client, "/voices", raw).status_code in (201, 400, 422)


@pytest.mark.parametrize("key", ["k" * 256, "k" * 5000])
def test_too_long_key_is_told(client: Client, key: str) -> None:
    assert is_problem(post(client, "/voices", said(), **{"Idempotency-Key": key}), 422)


@pytest.mark.parametrize(
    "words", ["👨‍👩‍👧‍👦", "<b>x</b>", "'; DROP TABLE listen_voice; --", "\u0000水\u0007", "مرحبا", "𠮷"]
)
def test_odd_words_are_heard(client: Client, words: str) -> None:
    assert post(client, "/voices", said(text=words, name=words, place=words)).status_code == 201


def test_unknown_receipt_and_wrong_code_are_the_same_answer(client: Client, say: Say) -> None:
    heard = say()
    wrong = "000000" if heard.code != "000000" else "000001"
    answers = [
        client.get(f"/api/v1/voices/{number}", {"code": wrong})
        for number in (heard.voice.number, "YX-222-222-222", "x", "%00", "水" * 30)
    ]
    assert {answer.status_code for answer in answers} == {404}
    problems = [{**answer.json(), "instance": ""} for answer in answers]
    assert all(problem == problems[0] for problem in problems)
    assert client.get(f"/api/v1/voices/{heard.voice.number}").status_code == 422


def test_guessing_is_stopped_for_page_and_api_together(client: Client, say: Say) -> None:
    heard = say()
    for guess in range(6):
        client.get(f"/api/v1/voices/{heard.voice.number}", {"code": f"{guess:06d}"})
        client.post("/track/", {"number": heard.voice.number, "code": f"{guess:06d}"})
    assert is_problem(client.get(f"/api/v1/voices/{heard.voice.number}", {"code": heard.code}), 429)


def test_reading_the_own_progress_often_is_no_guessing(client: Client, say: Say) -> None:
    heard = say()
    codes = {client.get(f"/api/v1/voices/{heard.voice.number}", {"code": heard.code}).status_code for _n in range(80)}
    assert codes == {200}


def test_speaking_is_cheap_for_the_database(client: Client) -> None:
    post(client, "/voices", said(phone="13800138000"))
    with CaptureQueriesContext(connection) as queries:
        assert post(client, "/voices", said(text="又一句", phone="13800138000")).status_code == 201
    real = [
        query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert len(real) <= 8, real


def test_sentence_is_added_with_the_code_only(client: Client, say: Say) -> None:
    heard = say()
    path = f"/voices/{heard.voice.number}/additions"
    assert post(client, path, {"code": heard.code, "text": "还有一句"}).status_code == 201
    assert post(client, path, {"code": "000000", "text": "坏人的话"}).status_code == 404
    assert post(client, path, {"code": heard.code, "text": ""}).status_code == 422
    assert heard.voice.additions.count() == 1


def test_confirmation_closes_or_opens_again(client: Client, say: Say, cast: Cast, at: datetime) -> None:
    heard = say()
    case = go_to_the_answer(heard, cast, at)
    path = f"/voices/{heard.voice.number}/confirmation"
    good = {"code": heard.code, "case": case.number, "solved": "no", "words": "没水"}
    for bad in ({"solved": "maybe"}, {"result_grade": 6}, {"result_grade": "5"}, {"words": "水" * 1001}):
        assert post(client, path, {**good, **bad}).status_code == 422
    assert post(client, path, {**good, "case": "YX-1"}).status_code == 404
    assert post(client, path, {**good, "code": "000000"}).status_code == 404
    answer = post(client, path, good)
    assert (answer.status_code, answer.json()["state"]) == (201, "reopened")
    assert is_problem(post(client, path, good), 409)


def test_answers_tell_only_what_was_published(client: Client, say: Say, cast: Cast, at: datetime) -> None:
    case = go_to_the_answer(say(name="王五"), cast, at)
    draft = resolve.draft_public(
        case,
        title="恢复供水",
        question="王五说没水",
        answer="换泵了，电话13800138000",
        by=cast.officer("dispatcher"),
        at=at,
    )
    assert client.get("/api/v1/answers").json()["answers"] == []
    resolve.publish(case, by=cast.officer("editor"), at=at)
    found = client.get("/api/v1/answers", {"q": "换泵"}).json()
    assert [each["id"] for each in found["answers"]] == [draft.pk]
    assert "王五" not in json.dumps(found, ensure_ascii=False)
    assert client.get("/api/v1/answers", {"q": "没有这样的话"}).json()["count"] == 0
    resolve.withdraw(case, reason="说错了", by=cast.officer("editor"), at=at)
    assert client.get("/api/v1/answers").json()["count"] == 0
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    "query",
    [
        "since=2027-01-01",
        "since=2026-05-01&until=2026-04-01",
        "by=person",
        "since=x",
        "until=9999-12-31",
        "since=0001-01-01",
    ],
)
def test_figures_of_no_time_are_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/figures?{query}").status_code == 422


def test_figures_count_and_put_small_lines_together(client: Client, say: Say) -> None:
    for n in range(7):
        say(text=f"第{n}件事")
    found = client.get("/api/v1/figures").json()
    assert found["total"]["received"] == 7
    assert sum(row["received"] for row in found["rows"]) == 7


@pytest.mark.parametrize("query", ["q=和平", "q=%00", "q=%25_", "q="])
def test_places_are_found(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/areas?{query}")
    assert answer.status_code == 200
    if query == "q=和平":
        assert [each["name"] for each in answer.json()] == ["和平村"]


@pytest.mark.parametrize("query", ["page=0", "page=x", "page_size=101", f"q={'水' * 61}"])
def test_odd_pages_are_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/answers?{query}").status_code == 422
