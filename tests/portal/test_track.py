"""Tracking: who holds receipt and code sees everything about it, and nobody else sees anything."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianxin.ledger.actions import seal_events
from lianxin.listen.actions import Heard
from lianxin.outbox.models import Message
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Case, Confirmation
from tests.cast import Cast
from tests.portal.conftest import WORDS, Say

pytestmark = pytest.mark.usefixtures("county")
Holder = Callable[[Heard], Client]


@pytest.fixture
def answered(say: Say, cast: Cast, at: datetime) -> tuple[Heard, Case]:
    """A matter that went all the way to the answer."""
    heard = say(phone="13800138000", name="王五")
    return heard, go_to_the_answer(heard, cast, at)


def go_to_the_answer(heard: Heard, cast: Cast, at: datetime) -> Case:
    who = cast.officer
    case = resolve.register(items=list(heard.voice.items.all()), title="小区晚上供水不足", by=who("dispatcher"), at=at)
    resolve.dispatch(case, lead=cast.offices["water"], coordinator=who("dispatcher"), by=who("dispatcher"), at=at)
    resolve.progress(case, text="已下单换泵。", public=True, by=who("chief"), at=at)
    resolve.finish(case, result="solved", text="换泵后恢复。", by=who("chief"), at=at)
    resolve.reexamine(case, matched=True, finding="看过了，有水。", by=who("examiner"), at=at)
    resolve.reply(case, text="加压泵损坏，已经换好。", by=who("examiner"), at=at)
    return Case.objects.get(pk=case.pk)


def test_number_is_taken_however_it_is_written(client: Client, say: Say) -> None:
    heard = say()
    loose = heard.voice.number.lower().replace("-", " ")
    answer = client.post("/track/", {"number": loose, "code": f" {heard.code[:3]} {heard.code[3:]}"})
    assert answer["Location"] == f"/track/{heard.voice.number}/"
    assert WORDS in client.get(answer["Location"]).content.decode()


def test_unknown_receipt_and_wrong_code_are_answered_in_the_same_words(client: Client, say: Say) -> None:
    heard = say()
    wrong = "000000" if heard.code != "000000" else "000001"
    pages = []
    for number, code in ((heard.voice.number, wrong), ("YX-222-222-222", wrong), ("!?", wrong), ("水" * 60, "١٢٣")):
        answer = client.post("/track/", {"number": number, "code": code})
        assert answer.status_code == 422
        pages.append(answer.content.decode().split('role="alert"')[1].split("</div>")[0])
    assert len(set(pages)) == 1


@pytest.mark.parametrize("bad", [{}, {"number": "x" * 61, "code": "1"}, {"number": "\x00", "code": "\x00"}])
def test_half_a_form_is_told_what_is_missing(client: Client, bad: dict[str, str]) -> None:
    assert client.post("/track/", bad).status_code == 422


def test_guessing_is_stopped_also_with_the_right_code(client: Client, say: Say) -> None:
    heard = say()
    for guess in range(11):
        client.post("/track/", {"number": heard.voice.number, "code": f"{guess:06d}"})
    late = client.post("/track/", {"number": heard.voice.number, "code": heard.code})
    assert late.status_code == 429
    other = say(text="别的事")
    assert client.post("/track/", {"number": other.voice.number, "code": other.code}).status_code == 302


def test_guessing_many_numbers_stops_the_visitor(say: Say) -> None:
    client, heard = Client(REMOTE_ADDR="203.0.113.9"), say()
    for guess in range(61):
        client.post("/track/", {"number": f"YX-{guess}", "code": "000000"})
    assert client.post("/track/", {"number": heard.voice.number, "code": heard.code}).status_code == 429


def test_stranger_is_asked_for_the_code_whether_it_exists_or_not(say: Say) -> None:
    heard, stranger = say(), Client()
    for number in (heard.voice.number, "YX-222-222-222"):
        assert stranger.get(f"/track/{number}/")["Location"] == f"/track/?number={number}"
        for path in ("add/", "proof.json", "paper/", "confirm/YX-1/"):
            assert stranger.get(f"/track/{number}/{path}").status_code == 404


def test_own_receipt_does_not_open_another(holder: Holder, say: Say) -> None:
    client, other = holder(say()), say(text="别人的事")
    assert client.get(f"/track/{other.voice.number}/").status_code == 302
    assert client.post(f"/track/{other.voice.number}/add/", {"text": "我也"}).status_code == 404
    assert other.voice.additions.count() == 0


def test_progress_shows_road_clock_answer_and_own_words(holder: Holder, answered: tuple[Heard, Case]) -> None:
    heard, case = answered
    page = holder(heard).get(f"/track/{heard.voice.number}/").content.decode()
    for said in (WORDS, case.title, "已下单换泵。", "加压泵损坏，已经换好。", "县水务局"):
        assert said in page
    for hidden in ("13800138000", "看过了，有水。", "陈水生", "郑核"):
        assert hidden not in page


def test_clock_explains_its_days_while_it_runs(holder: Holder, say: Say, cast: Cast, at: datetime) -> None:
    heard = say()
    who = cast.officer
    case = resolve.register(items=list(heard.voice.items.all()), title="供水", by=who("dispatcher"), at=at)
    resolve.dispatch(case, lead=cast.offices["water"], coordinator=who("dispatcher"), by=who("dispatcher"), at=at)
    page = holder(heard).get(f"/track/{heard.voice.number}/").content.decode()
    assert 'class="days"' in page
    assert "10/1" in page


def test_progress_asks_little_of_the_database(holder: Holder, answered: tuple[Heard, Case]) -> None:
    heard, _case = answered
    client = holder(heard)
    client.get(f"/track/{heard.voice.number}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/track/{heard.voice.number}/")
    assert len(queries) <= 15, [query["sql"] for query in queries]


def test_sentence_is_added_and_shown(holder: Holder, say: Say) -> None:
    heard = say()
    client = holder(heard)
    answer = client.post(f"/track/{heard.voice.number}/add/", {"text": "今天又停了"}, follow=True)
    assert "今天又停了" in answer.content.decode()
    for bad in ("", "  ", "水" * 4001):
        again = client.post(f"/track/{heard.voice.number}/add/", {"text": bad})
        assert again.status_code == 422
    assert heard.voice.additions.count() == 1


def test_yes_it_is_solved_closes_it(holder: Holder, answered: tuple[Heard, Case]) -> None:
    heard, case = answered
    client = holder(heard)
    address = f"/track/{heard.voice.number}/confirm/{case.number}/"
    assert "加压泵损坏" in client.get(address).content.decode()
    said = {"solved": "yes", "result_grade": "5", "handling_grade": "4", "words": "很快", "quotable": "on"}
    assert client.post(address, said).status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"
    word = Confirmation.objects.get()
    assert (word.result_grade, word.handling_grade, word.words, word.quotable) == (5, 4, "很快", True)
    again = client.post(address, said)
    assert again.status_code == 422
    assert Confirmation.objects.count() == 1


def test_not_solved_opens_it_again(holder: Holder, answered: tuple[Heard, Case]) -> None:
    heard, case = answered
    client = holder(heard)
    address = f"/track/{heard.voice.number}/confirm/{case.number}/"
    answer = client.post(address, {"solved": "no", "words": "还是没水"}, follow=True)
    assert answer.status_code == 200
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("reopened", 1)


@pytest.mark.parametrize(
    "bad", [{}, {"solved": "maybe"}, {"solved": "yes", "result_grade": "6"}, {"solved": "yes", "words": "水" * 1001}]
)
def test_unclear_answers_are_asked_again(holder: Holder, answered: tuple[Heard, Case], bad: dict[str, str]) -> None:
    heard, case = answered
    assert holder(heard).post(f"/track/{heard.voice.number}/confirm/{case.number}/", bad).status_code == 422
    assert not Confirmation.objects.exists()


def test_nobody_confirms_what_is_not_behind_the_own_receipt(
    holder: Holder, say: Say, answered: tuple[Heard, Case]
) -> None:
    _heard, case = answered
    own = say(text="我的事")
    assert holder(own).post(f"/track/{own.voice.number}/confirm/{case.number}/", {"solved": "no"}).status_code == 404


def test_proof_is_of_the_own_history_and_names_no_officer(
    holder: Holder, answered: tuple[Heard, Case], at: datetime, tmp_path: Path
) -> None:
    heard, _case = answered
    seal_events(at=at + timedelta(minutes=10))
    answer = holder(heard).get(f"/track/{heard.voice.number}/proof.json")
    found = answer.json()
    assert found["receipt"] == heard.voice.number
    assert len(found["events"]) >= 5
    file = tmp_path / "proof.json"
    file.write_bytes(answer.content)
    checker = settings.ROOT / "docs/check_proof.py"
    assert subprocess.run([sys.executable, str(checker), str(file)], capture_output=True).returncode == 0
    file.write_text(answer.content.decode().replace("voice.heard", "voice.lost"))
    assert subprocess.run([sys.executable, str(checker), str(file)], capture_output=True).returncode == 1
    for officer in ("李清", "周明", "陈水生", "郑核", "何局"):
        assert officer not in answer.content.decode()


def test_progress_prints(holder: Holder, answered: tuple[Heard, Case]) -> None:
    heard, _case = answered
    paper = holder(heard).get(f"/track/{heard.voice.number}/paper/")
    assert paper.content.startswith(b"%PDF-")


def test_opening_ends_by_itself(holder: Holder, say: Say, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = say()
    client = holder(heard)
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=61))
    assert client.get(f"/track/{heard.voice.number}/").status_code == 302


def test_phone_finds_what_was_said_with_it_and_nothing_else(client: Client, say: Say) -> None:
    mine, other = say(phone="138 0013 8000"), say(text="别人的事", phone="13900139000")
    page = client.post("/my/", {"phone": "13800138000"}).content.decode()
    code = Message.objects.filter(template__key="phone.code").get().full_text
    digits = re.search(r"\d{6}", code)
    assert digits
    assert digits[0] not in page
    assert client.post("/my/code/", {"code": digits[0]})["Location"] == "/my/"
    listed = client.get("/my/").content.decode()
    assert mine.voice.number in listed
    assert other.voice.number not in listed
    assert client.get(f"/track/{mine.voice.number}/").status_code == 200
    assert client.get(f"/track/{other.voice.number}/").status_code == 302


def test_unknown_phone_is_answered_like_a_known_one_and_gets_no_message(client: Client, say: Say) -> None:
    say(phone="13800138000")
    known = client.post("/my/", {"phone": "13800138000"})
    unknown = Client().post("/my/", {"phone": "13700137000"})
    assert known.status_code == unknown.status_code == 200
    assert Message.objects.filter(template__key="phone.code").count() == 1
    assert (
        known.content.decode().split("<main")[1].split("csrf")[0]
        == unknown.content.decode().split("<main")[1].split("csrf")[0]
    )


@pytest.mark.parametrize("bad", ["", "12345", "0914-1234567", "abc", "1" * 41])
def test_what_is_no_mobile_gets_no_code(client: Client, bad: str) -> None:
    assert client.post("/my/", {"phone": bad}).status_code == 422


def test_wrong_codes_open_nothing(client: Client, say: Say) -> None:
    say(phone="13800138000")
    assert client.post("/my/code/", {"code": "123456"})["Location"] == "/my/"
    client.post("/my/", {"phone": "13800138000"})
    for _try in range(6):
        assert client.post("/my/code/", {"code": "xxxxxx"}).status_code == 422
    assert client.get("/my/").content.decode().count("YX-") == 0
