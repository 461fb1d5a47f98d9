"""Subjects and the words of messages by programs: through the same actions as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen.models import Subject
from lianxin.outbox.models import Template
from tests.desk.road import Road
from tests.desk.test_api_beside import Program

Bears = Callable[[str], Program]
WORDS = {"language": "zh-hans", "subject": "", "body": "收到了：{{number}}，{{code}}，{{url}}"}


@pytest.fixture
def bears(road: Road) -> Bears:
    listen.seed_subjects(at=road.at, leads={"停水水压": road.cast.offices["water"]})
    return lambda who: Program(road, who)


def _hand_in(program: Program, content: str, **more: Any) -> Any:
    file = SimpleUploadedFile("list.csv", content.encode())
    return Client().post("/api/v1/subjects/list", {"file": file, **more}, headers=program.headers)


def test_the_life_of_a_subject(road: Road, bears: Bears) -> None:
    program = bears("it")
    listed = program.get("/subjects").json()
    pk = next(line["id"] for line in listed if line["name"] == "停水水压")
    assert len(listed) == Subject.objects.count()
    line = program.get(f"/subjects/{pk}").json()
    assert (line["office_name"], line["items"], line["valid_to"]) == ("县水务局", 0, None)
    edited = {"keywords": "停水", "office": None, "limit_key": "case.complex"}
    assert program.post(f"/subjects/{pk}/edit", edited).json()["office"] is None
    event = Event.objects.get(verb="subject.edited")
    assert set(event.data["before"]) == set(event.data["after"]) == {"keywords", "office", "limit"}
    fresh = program.post(f"/subjects/{pk}/replace", {"name": "供水", "on": "2027-01-01"})
    assert (fresh.status_code, fresh.json()["valid_from"]) == (201, "2027-01-01")
    again = program.post(f"/subjects/{pk}/end", {"on": "2027-02-01"})
    assert (again.status_code, again.json()["title"]) == (409, "AlreadyEnded")
    below = {"name": "水表", "parent": line["parent"], "scheme": "county", "limit_key": "case.ordinary"}
    made = program.post("/subjects", below)
    assert (made.status_code, made.json()["full_name"]) == (201, "供水供电/水表")
    assert (program.post("/subjects", below).json()["title"]) == "AlreadyThere"


def test_what_a_subject_refuses(road: Road, bears: Bears) -> None:
    program = bears("it")
    pk = Subject.objects.get(name="停水水压").pk
    good = {"keywords": "停水", "office": None, "limit_key": "case.ordinary"}
    for wrong in ({"limit_key": "x"}, {"office": 1}, {"office": "县水务局"}, {"keywords": None}, {"more": 1}):
        assert program.post(f"/subjects/{pk}/edit", {**good, **wrong}).status_code == 422, wrong
    assert program.post(f"/subjects/{pk}/edit", {"keywords": "停水"}).status_code == 422  # not half a subject
    assert program.post(f"/subjects/{pk}/end", {"on": "2026-09-28"}).json()["title"] == "BadSubject"
    assert program.post(f"/subjects/{pk}/end", {"on": "tomorrow"}).status_code == 422
    assert program.post("/subjects", {"name": "", "scheme": "county", "limit_key": "case.ordinary"}).status_code == 422
    assert program.get("/subjects/999999").status_code == program.get("/subjects/x").status_code == 404
    assert not Event.objects.filter(verb__in=["subject.edited", "subject.ended"]).exists()


def test_a_list_is_tried_then_taken(road: Road, bears: Bears) -> None:
    program, before = bears("it"), Subject.objects.count()
    content = "level1,level2,keywords,office\n供水供电,水表,水表,县水务局\n"
    assert _hand_in(program, content, dry="true").json()["added"] == ["供水供电/水表"]
    assert Subject.objects.count() == before
    assert _hand_in(program, content).json()["added"] == ["供水供电/水表"]
    assert Subject.objects.count() == before + 1
    wrong = f"{content}a,,,没有这个局\n"
    assert "2" in _hand_in(program, wrong, dry="true").json()["troubles"][0]
    assert _hand_in(program, wrong).json()["title"] == "BadSubject"
    assert _hand_in(program, content, scheme="not a name").json()["title"] == "BadSubject"
    assert _hand_in(program, "").status_code == 422
    assert _hand_in(program, "x" * 1_100_000).status_code == 422


def test_words_are_read_then_put_into_use(road: Road, bears: Bears) -> None:
    program = bears("it")
    kinds = {line["key"] for line in program.get("/templates").json()}
    assert kinds == set(Template.objects.values_list("key", flat=True))
    one = program.get("/templates/voice.heard").json()
    assert [value["name"] for value in one["placeholders"]] == ["code", "number", "url"]
    read = program.post("/templates/voice.heard/read", WORDS).json()
    assert (read["characters"], read["sms_parts"], read["left_out"]) == (len(read["text"]), 2, [])
    assert Template.objects.filter(version=2).count() == 0
    made = program.post("/templates/voice.heard/versions", WORDS)
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert program.get("/templates/voice.heard").json()["versions"][0]["body"] == WORDS["body"]


@pytest.mark.parametrize("deed", ["read", "versions"])
def test_words_that_cannot_be_sent(road: Road, bears: Bears, deed: str) -> None:
    program = bears("it")
    for wrong, status in (
        ({"body": "{{name}}"}, 409),
        ({"body": "{{Number}}"}, 422),
        ({"body": ""}, 422),
        ({"language": "xx"}, 422),
    ):
        assert program.post(f"/templates/voice.heard/{deed}", {**WORDS, **wrong}).status_code == status, wrong
    assert program.post(f"/templates/no.such/{deed}", WORDS).status_code == 404
    assert not Template.objects.filter(version=2).exists()


def test_neighbour_is_refused(road: Road, bears: Bears) -> None:
    program, pk = bears("neighbour"), Subject.objects.get(name="停水水压").pk
    for path in ("/subjects", f"/subjects/{pk}", "/templates", "/templates/voice.heard"):
        assert program.get(path).status_code == 403
    assert program.post(f"/subjects/{pk}/end", {"on": "2027-01-01"}).status_code == 403
    assert program.post("/templates/voice.heard/versions", WORDS).status_code == 403
    assert _hand_in(program, "subject\nx\n").status_code == 403
