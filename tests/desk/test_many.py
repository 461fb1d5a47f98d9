"""Sorting many voices at once: each by itself, slice by slice, with a word for each that was refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from lianxin.desk.views import many
from lianxin.intake import actions as intakes
from lianxin.listen import actions as listen
from lianxin.listen.channels.listing import VOICES
from lianxin.listen.models import Item, Subject, Voice
from lianxin.people.models import User
from lianxin.resolve.models import Case, Join
from tests.desk.road import Road
from tests.html import flat

SignIn = Callable[[User | str], Client]
URL = "/desk/triage/many/"
DRY, LAMP, DUMB = "小区晚上停水，四楼以上没水。", "进村那段路的路灯不亮。", "请你们看一看吧，谢谢。"
VOTES = Path(__file__).parents[3] / "shared" / "data" / "messages" / "votes.csv"


@pytest.fixture
def subjects(road: Road) -> dict[str, Subject]:
    listen.seed_subjects(at=road.at)
    return {subject.name: subject for subject in Subject.objects.leaves()}


def carried(page: str) -> dict[str, str]:
    """Return what the page carries from one slice to the next."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', flat(page))
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def run_through(client: Client, told: dict[str, object], *, query: str = "") -> int:
    """Send slice after slice as the page does; return how many requests it took."""
    requests, answer = 1, client.post(URL + query, told)
    while 'name="after"' in (page := answer.content.decode()):
        answer = client.post(URL + query, carried(page), headers={"HX-Request": "true"})
        requests += 1
        assert requests < 200, "it never ends"
    return requests


def test_register_each_that_is_ticked(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    dry, lamp, dumb = road.hear(DRY), road.hear(LAMP), road.hear(DUMB)
    told = {"deed": "register", "number": [dry.number, lamp.number, dumb.number]}
    page = sign_in("dispatcher").post(URL, told).content.decode()
    assert Case.objects.count() == 2
    assert {case.subject for case in Case.objects.all()} == {subjects["停水水压"], subjects["路灯照明"]}
    assert dumb.number in page  # told beside the others, and still waiting
    assert Voice.objects.waiting().get() == dumb


def test_subject_where_none_is_suggested(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    dumb = road.hear(DUMB)
    told = {"deed": "register", "number": dumb.number, "subject": subjects["物业管理"].pk}
    sign_in("dispatcher").post(URL, told)
    assert Case.objects.get().subject == subjects["物业管理"]


def test_join_all_to_one_case(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    case = road.registered()
    voices = [road.hear(f"{DRY}{n}") for n in range(3)]
    told = {"deed": "join", "case": case.number, "number": [voice.number for voice in voices]}
    sign_in("dispatcher").post(URL, told)
    case.refresh_from_db()
    assert case.voices == 4
    assert not Voice.objects.waiting().filter(pk__in=[voice.pk for voice in voices]).exists()


def test_join_to_a_case_that_takes_no_more_tells_each(
    road: Road, subjects: dict[str, Subject], sign_in: SignIn
) -> None:
    case, voice = road.answered(), road.hear(DRY)
    told = {"deed": "join", "case": case.number, "number": voice.number}
    page = sign_in("dispatcher").post(URL, told).content.decode()
    assert case.number in page
    assert Join.objects.count() == 1


def test_repeated_ones_are_told_why(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voices = [road.hear(DRY), road.hear(LAMP)]
    told = {"deed": "decline", "number": [voice.number for voice in voices], "text": "正在办，请凭回执号看进展。"}
    sign_in("dispatcher").post(URL, told)
    assert set(Item.objects.values_list("outcome", "decline")) == {("declined", "repeated")}


@pytest.mark.parametrize(
    "told",
    [
        {"deed": "register"},
        {"deed": "burn", "number": "x"},
        {"deed": "join", "number": "x"},
        {"deed": "decline", "number": "x", "text": " "},
        {},
    ],
)
def test_bad_input_is_told(road: Road, sign_in: SignIn, told: dict[str, object]) -> None:
    road.hear(DRY)
    assert sign_in("dispatcher").post(URL, told).status_code == 422
    assert Voice.objects.waiting().count() == 1


def test_join_to_no_case_is_told(road: Road, sign_in: SignIn) -> None:
    told = {"deed": "join", "case": "YXA-NNN-NNN-NNN", "number": road.hear(DRY).number}
    assert sign_in("dispatcher").post(URL, told).status_code == 404


def test_neighbour_is_refused(road: Road, sign_in: SignIn) -> None:
    voice = road.hear(DRY)
    assert sign_in("neighbour").get(URL).status_code == 403
    assert sign_in("neighbour").post(URL, {"deed": "register", "number": voice.number}).status_code == 403


def test_voices_of_others_are_not_swept_along(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    theirs = road.hear(DRY, office=road.cast.offices["other_town_office"])
    letter = road.hear(DRY, addressee=road.cast.posts["secretary"])
    client = sign_in("registrar")
    client.post(URL, {"deed": "register", "number": [theirs.number, letter.number]})
    run_through(client, {"deed": "register", "all": "1"})
    assert not Case.objects.exists()


def test_all_that_fit_are_sorted_slice_by_slice(
    road: Road, subjects: dict[str, Subject], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "SLICE", 4)
    for n in range(9):
        road.hear(f"{DRY}{n}")
    road.hear(LAMP)
    dumb = road.hear(f"停水的事{DUMB}".replace("停水", "停 水"))
    client = sign_in("dispatcher")
    assert run_through(client, {"deed": "register", "all": "1"}, query="?q=停水") == 3
    assert Case.objects.count() == 9
    assert Voice.objects.waiting().count() == 2  # what does not fit the words was left alone
    assert Voice.objects.waiting().filter(pk=dumb.pk).exists()


def test_who_speaks_meanwhile_is_not_swept_along(
    road: Road, subjects: dict[str, Subject], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "SLICE", 2)
    for n in range(3):
        road.hear(f"{DRY}{n}")
    client = sign_in("dispatcher")
    first = client.post(URL, {"deed": "register", "all": "1"}).content.decode()
    later = road.hear(DRY)
    second = client.post(URL, carried(first))
    assert 'name="after"' not in second.content.decode()
    assert Voice.objects.waiting().get() == later


def test_broken_progress_begins_anew(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    road.hear(DRY)
    told = {"deed": "register", "all": "1", "after": "x" * 30, "last": "-1", "total": "9" * 40, "done": "NaN"}
    assert sign_in("dispatcher").post(URL, told).status_code == 200
    assert Case.objects.count() == 1


@pytest.mark.skipif(not VOTES.exists(), reason="the real list votes.csv is not on this machine")
def test_real_messages(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    """The first 400 of the real list are taken in and sorted: every voice is either a case or still in the queue."""
    by = road.cast.officers["dispatcher"]
    rows = list(csv.reader(io.StringIO(VOTES.read_text(encoding="utf-8"))))[:401]
    sheet = io.StringIO()
    csv.writer(sheet).writerows(rows)
    intake, seen = intakes.open_list(VOICES, content=sheet.getvalue().encode(), name="votes.csv", by=by, at=road.at)
    intakes.begin_intake(intake, listing=VOICES, mapping=seen.mapping, dry=False, by=by, at=road.at)
    while intakes.take_in(VOICES, at=road.at):
        pass
    assert Voice.objects.waiting().count() == 400
    assert run_through(sign_in("dispatcher"), {"deed": "register", "all": "1"}) == 400 // many.SLICE + 1
    cases, left = Case.objects.count(), Voice.objects.waiting().count()
    assert cases + left == 400
    assert cases > 250  # most say a word that is known
    assert Join.objects.count() == cases
    assert not Case.objects.filter(subject=None).exists()
