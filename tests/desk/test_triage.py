"""Sorting at the desk: one voice after the other, and the same through two clerks at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Subject, Voice
from lianxin.outbox.models import Message
from lianxin.people.models import User
from lianxin.resolve.models import Case
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]
DRY = "我们小区从上个月起晚上停水，做饭都成问题。希望有人管一管。"
LAMP = "进村那段路的路灯不亮，晚上太黑。"
LIST = "1、小区晚上停水，四楼以上没水。\n2、进村那段路的路灯不亮。"


@pytest.fixture
def subjects(road: Road) -> dict[str, Subject]:
    listen.seed_subjects(at=road.at)
    return {subject.name: subject for subject in Subject.objects.leaves()}


def sort_url(voice: Voice, deed: str = "") -> str:
    return f"/desk/triage/{voice.number}/{deed + '/' if deed else ''}"


def test_queue_shows_what_waits_with_the_head_opened(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    first, second = road.hear(DRY, ago=2), road.hear(LAMP, ago=1)
    page = sign_in("dispatcher").get("/desk/triage/").content.decode()
    assert f"/desk/triage/{first.number}/" in page
    assert f"/desk/triage/{second.number}/" in page
    assert "<mark>停水</mark>" in page  # the head is open, its keyword marked
    assert "停水水压" in page  # and its subject suggested


def test_what_people_wrote_is_shown_as_text(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice = road.hear("停水<script>alert(1)</script>停水 & <b>没水</b>")
    page = sign_in("dispatcher").get(sort_url(voice)).content.decode()
    assert "<script>alert" not in page
    assert "<b>没水" not in page
    assert "<mark>停水</mark>&lt;script&gt;" in page


def test_traditional_words_are_marked_too(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice = road.hear("村裏的路燈壞了，路燈不亮。")
    page = sign_in("dispatcher").get(sort_url(voice)).content.decode()
    assert "<mark>路燈</mark>" in page


def test_register_as_suggested_opens_the_next_voice(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    first, second = road.hear(DRY, ago=2), road.hear(LAMP, ago=1)
    told = {"item": 1, "title": "小区晚上停水", "subject": subjects["停水水压"].pk}
    answer = sign_in("dispatcher").post(sort_url(first, "register"), told)
    assert answer.status_code == 302
    assert answer["Location"].startswith(sort_url(second))
    case = Case.objects.get()
    assert (case.title, case.subject, case.joins.get().item.voice) == ("小区晚上停水", subjects["停水水压"], first)
    assert Voice.objects.get(pk=first.pk).sorted_at


def test_the_last_voice_leads_to_the_empty_queue(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice = road.hear(DRY)
    client = sign_in("dispatcher")
    told = {"item": 1, "title": "停水", "subject": subjects["停水水压"].pk}
    page = client.post(sort_url(voice, "register"), told, follow=True).content.decode()
    assert Case.objects.get().number in page  # the message of what was done
    assert "/desk/triage/" in page


def test_filters_stay_while_sorting(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    first, _other, second = road.hear(DRY, ago=3), road.hear(LAMP, ago=2), road.hear(DRY, ago=1)
    told = {"item": 1, "title": "停水", "subject": subjects["停水水压"].pk}
    answer = sign_in("dispatcher").post(sort_url(first, "register") + "?q=停水", told)
    assert answer["Location"].startswith(sort_url(second))
    assert "q=%E5%81%9C%E6%B0%B4" in answer["Location"]


def test_answer_on_the_spot_counts_and_is_told(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice = road.hear(DRY)
    told = {"item": 1, "subject": subjects["停水水压"].pk, "text": "水泵今天换好了。", "basis": "供水条例"}
    sign_in("dispatcher").post(sort_url(voice, "answer"), told)
    item = voice.items.get()
    assert (item.outcome, item.answer, item.subject) == ("answered", "水泵今天换好了。", subjects["停水水压"])
    assert Message.objects.filter(template__key="voice.answered").count() == 1
    assert not Case.objects.exists()


def test_decline_names_a_legal_reason(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice, client = road.hear(DRY), sign_in("dispatcher")
    told = {"item": 1, "subject": subjects["停水水压"].pk, "text": "请打 120。"}
    assert client.post(sort_url(voice, "decline"), {**told, "reason": "tired"}).status_code == 422
    assert client.post(sort_url(voice, "decline"), told).status_code == 422
    assert voice.items.get().outcome == ""
    client.post(sort_url(voice, "decline"), {**told, "reason": "emergency"})
    assert (voice.items.get().outcome, voice.items.get().decline) == ("declined", "emergency")


def test_transfer_names_who_takes_over(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice, client = road.hear(DRY), sign_in("dispatcher")
    told = {"item": 1, "subject": subjects["停水水压"].pk, "to": "市供电公司", "text": "已转市供电公司。"}
    client.post(sort_url(voice, "transfer"), told)
    assert (voice.items.get().outcome, voice.items.get().transferred_to) == ("transferred", "市供电公司")


def test_join_a_case_that_is_alike(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    case, client = road.registered(road.hear(DRY)), sign_in("dispatcher")
    voice = road.hear(DRY + "又停了。")
    assert case.number in client.get(sort_url(voice, "alike")).content.decode()
    assert case.number in client.get(sort_url(voice) + "?similar=1").content.decode()  # the same without scripts
    client.post(sort_url(voice, "join"), {"item": 1, "case": case.number.lower()})
    case.refresh_from_db()
    assert case.voices == 2


def test_join_keeps_the_form_for_a_number_that_is_none(
    road: Road, subjects: dict[str, Subject], sign_in: SignIn
) -> None:
    voice = road.hear(DRY)
    answer = sign_in("dispatcher").post(sort_url(voice, "join"), {"item": 1, "case": "YXA-NNN-NNN-NNN"})
    assert answer.status_code == 404
    assert "YXA-NNN-NNN-NNN" in answer.content.decode()


def test_split_proposes_the_points_and_each_is_sorted(
    road: Road, subjects: dict[str, Subject], sign_in: SignIn
) -> None:
    voice, client = road.hear(LIST), sign_in("dispatcher")
    page = client.get(sort_url(voice, "split")).content.decode()
    assert "小区晚上停水，四楼以上没水。\n\n进村那段路的路灯不亮。" in page
    client.post(sort_url(voice, "split"), {"points": "小区晚上停水\r\n\r\n路灯不亮\r\n \r\n"})
    assert list(voice.items.order_by("number").values_list("text", flat=True)) == ["小区晚上停水", "路灯不亮"]
    told = {"item": 1, "title": "停水", "subject": subjects["停水水压"].pk}
    answer = client.post(sort_url(voice, "register"), told)
    assert answer["Location"] == sort_url(voice) + "?item=2"  # the other point of the same voice comes next
    assert Voice.objects.get(pk=voice.pk).text == LIST


def test_split_refuses_nothing(road: Road, sign_in: SignIn) -> None:
    voice, client = road.hear(DRY), sign_in("dispatcher")
    assert client.post(sort_url(voice, "split"), {"points": " \n\n "}).status_code == 422
    assert client.post(sort_url(voice, "split"), {}).status_code == 422
    assert voice.items.count() == 1


def test_second_clerk_is_told_who_was_faster(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice = road.hear(DRY)
    told = {"item": 1, "title": "停水", "subject": subjects["停水水压"].pk}
    sign_in("registrar").post(sort_url(voice, "register"), told)
    for deed, more in (
        ("register", {}),
        ("answer", {"text": "好了。"}),
        ("decline", {"text": "请", "reason": "outside"}),
    ):
        answer = sign_in("dispatcher").post(sort_url(voice, deed), {**told, **more}, follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200, deed
        assert "李清" in page, deed
        assert "21:14" in page, deed
    assert Case.objects.count() == 1
    assert voice.items.get().outcome == "joined"


def test_subject_and_outcome_are_set_together_or_not_at_all(
    road: Road, subjects: dict[str, Subject], sign_in: SignIn
) -> None:
    voice = road.hear(DRY)
    told = {"item": 1, "subject": subjects["停水水压"].pk, "to": " " * 3, "text": "去了。"}
    assert sign_in("dispatcher").post(sort_url(voice, "transfer"), told).status_code == 422
    assert voice.items.get().subject is None


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"item": "x", "title": "停水"},
        {"item": 1, "title": "", "subject": ""},
        {"item": 1, "title": "停" * 121, "subject": 1},
        {"item": 1, "title": "停水", "subject": 999_999_999},
        {"item": 1, "title": "停水", "subject": "'; DROP TABLE", "level": "moon", "kind": "\x00", "area": "没有这里"},
        {"item": 1, "title": "停水", "subject": 1, "since": "昨天"},
    ],
)
def test_bad_input_is_told_and_changes_nothing(road: Road, sign_in: SignIn, told: dict[str, object]) -> None:
    voice = road.hear(DRY)
    assert sign_in("dispatcher").post(sort_url(voice, "register"), told).status_code == 422
    assert not Case.objects.exists()


def test_a_point_that_does_not_exist_is_not_found(road: Road, subjects: dict[str, Subject], sign_in: SignIn) -> None:
    voice = road.hear(DRY)
    told = {"item": 7, "title": "停水", "subject": subjects["停水水压"].pk}
    assert sign_in("dispatcher").post(sort_url(voice, "register"), told).status_code == 404


DEEDS = ["register", "join", "answer", "decline", "transfer", "classify", "split", "alike"]


@pytest.mark.parametrize("deed", ["", *DEEDS])
def test_neighbour_is_refused(road: Road, sign_in: SignIn, deed: str) -> None:
    voice = road.hear(DRY)
    client = sign_in("neighbour")
    assert client.get(sort_url(voice, deed)).status_code == 403
    if deed not in ("", "alike"):
        assert client.post(sort_url(voice, deed), {"item": 1}).status_code == 403


@pytest.mark.parametrize("deed", ["", *DEEDS])
def test_clerk_of_another_town_finds_nothing(road: Road, sign_in: SignIn, deed: str) -> None:
    voice = road.hear(DRY, office=road.cast.offices["other_town_office"])
    client = sign_in("registrar")
    assert client.get(sort_url(voice, deed)).status_code == 404
    assert voice.number not in client.get("/desk/triage/").content.decode()


def test_closed_letter_is_not_sorted(road: Road, sign_in: SignIn) -> None:
    letter = road.hear("孙书记，村里没水。", addressee=road.cast.posts["secretary"])
    for who in ("dispatcher", "letter_clerk"):
        client = sign_in(who)
        assert client.get(sort_url(letter)).status_code == 404
        assert client.get(sort_url(letter, "register")).status_code == 404
        assert letter.number not in client.get("/desk/triage/").content.decode()


def test_reveal_shows_the_contact_once_and_keeps_the_reason(road: Road, sign_in: SignIn) -> None:
    voice, client = road.hear(DRY), sign_in("dispatcher")
    url = f"/desk/voices/{voice.number}/reveal/"
    assert "13800138000" not in client.get(sort_url(voice)).content.decode()
    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert "13800138000" not in refused.content.decode()
    shown = client.post(url, {"reason": "打电话问楼号"})
    assert shown.status_code == 200
    assert "13800138000" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.get(verb="voice.revealed")
    assert (event.by_name, event.data["reason"]) == ("周明", "打电话问楼号")
    assert "13800138000" not in client.get(sort_url(voice)).content.decode()


def test_confidential_and_anonymous_stay_hidden(road: Road, sign_in: SignIn) -> None:
    for identity in ("confidential", "anonymous"):
        voice = road.hear(DRY, identity=identity)
        shown = sign_in("dispatcher").post(f"/desk/voices/{voice.number}/reveal/", {"reason": "想知道"})
        assert shown.status_code == 403
        assert "13800138000" not in shown.content.decode()
    assert not Event.objects.filter(verb="voice.revealed").exists()


def test_neighbour_reveals_nothing(road: Road, sign_in: SignIn) -> None:
    voice = road.hear(DRY)
    assert sign_in("neighbour").post(f"/desk/voices/{voice.number}/reveal/", {"reason": "好奇"}).status_code == 404


def test_pages_of_triage_ask_little_of_the_database(
    road: Road, subjects: dict[str, Subject], sign_in: SignIn, django_assert_max_num_queries: object
) -> None:
    for _n in range(30):
        road.hear(DRY)
    voice = road.hear(LIST)
    client = sign_in("dispatcher")
    client.get("/desk/triage/")  # what is remembered for some seconds is asked once
    for url in ("/desk/triage/", sort_url(voice), sort_url(voice, "alike"), "/desk/triage/many/"):
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert client.get(url).status_code == 200
    assert Item.objects.waiting().count() == 31


def test_office_asked_for_is_told_and_offered_as_lead(road: Road, sign_in: SignIn) -> None:
    asked = road.cast.offices["housing"]
    voice = road.hear(DRY, to_office=asked)
    client = sign_in("dispatcher")
    assert f"本人希望由{asked.name}办" in client.get(sort_url(voice)).content.decode()
    case = road.registered(voice)
    page = client.get(f"/desk/cases/{case.number}/dispatch/").content.decode()
    assert f'<option value="{asked.pk}" selected>' in page
    assert f"本人希望由{asked.name}办" in page


def test_where_people_ask_for_different_offices_none_is_offered(road: Road, sign_in: SignIn) -> None:
    both = [road.hear(DRY, to_office=road.cast.offices[key]) for key in ("housing", "water")]
    case = road.registered(*both)
    page = sign_in("dispatcher").get(f"/desk/cases/{case.number}/dispatch/").content.decode()
    assert "本人希望由" not in page
