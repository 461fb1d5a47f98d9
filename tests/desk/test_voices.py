"""The register of voices, and the files that came with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.listen import actions as listen
from lianxin.people.models import User
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]


def test_register_finds_by_words_number_and_filters(road: Road, sign_in: SignIn) -> None:
    dry, lamp = road.hear("晚上没水"), road.hear("路灯坏了", identity="anonymous")
    client = sign_in("dispatcher")

    def shown(query: str) -> set[str]:
        page = client.get(f"/desk/voices/?{query}").content.decode()
        return {voice.number for voice in (dry, lamp) if f"/desk/voices/{voice.number}/" in page}

    assert shown("") == {dry.number, lamp.number}
    assert shown("q=沒水") == {dry.number}  # traditional characters find simplified ones
    assert shown(f"q={lamp.number.lower()}") == {lamp.number}
    assert shown("identity=anonymous") == {lamp.number}
    assert shown("waiting=no") == set()
    assert shown(f"area={road.cast.areas['qingshui'].pk}") == {dry.number, lamp.number}
    assert shown("since=2026-09-30") == set()
    assert shown("since=broken&channel=moon&area=x&page=zz") == {dry.number, lamp.number}


def test_page_shows_what_became_of_each_point(road: Road, sign_in: SignIn) -> None:
    case = road.registered(road.hear("没水"))
    voice = case.joins.get().item.voice
    page = sign_in("dispatcher").get(f"/desk/voices/{voice.number}/").content.decode()
    assert case.number in page
    assert "13800138000" not in page
    assert "138****8000" in page  # to whom the message went, masked


def test_what_the_person_added_is_shown(road: Road, sign_in: SignIn) -> None:
    voice = road.hear("没水")
    listen.add(voice, text="今天又<i>停</i>了", at=road.at)
    page = sign_in("dispatcher").get(f"/desk/voices/{voice.number}/").content.decode()
    assert "今天又&lt;i&gt;停&lt;/i&gt;了" in page


def test_file_is_saved_and_never_opened_in_our_pages(road: Road, sign_in: SignIn) -> None:
    file = SimpleUploadedFile("说明.txt", "水表照片说明".encode())
    voice = road.hear("没水", files=[file])
    kept = voice.attachments.get()
    url = f"/desk/voices/{voice.number}/files/{kept.pk}/"
    answer = sign_in("dispatcher").get(url)
    assert b"".join(answer.streaming_content) == "水表照片说明".encode()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    other = road.hear("别的")
    assert sign_in("dispatcher").get(f"/desk/voices/{other.number}/files/{kept.pk}/").status_code == 404
    assert sign_in("neighbour").get(url).status_code == 403
    theirs = road.hear(
        "没水", office=road.cast.offices["other_town_office"], files=[SimpleUploadedFile("a.txt", b"abc")]
    )
    elsewhere = f"/desk/voices/{theirs.number}/files/{theirs.attachments.get().pk}/"
    assert sign_in("registrar").get(elsewhere).status_code == 404


def test_file_of_an_unopened_letter_stays_inside(road: Road, sign_in: SignIn) -> None:
    letter = road.hear("信", addressee=road.cast.posts["secretary"], files=[SimpleUploadedFile("a.txt", b"abc")])
    url = f"/desk/voices/{letter.number}/files/{letter.attachments.get().pk}/"
    assert sign_in("letter_clerk").get(url).status_code == 404
    sign_in("letter_clerk").post(f"/desk/letters/{letter.number}/read/")
    answer = sign_in("letter_clerk").get(url)
    assert b"".join(answer.streaming_content) == b"abc"  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["neighbour", "supervisor", "editor", "it"])
def test_strangers_are_refused(road: Road, sign_in: SignIn, who: str) -> None:
    voice = road.hear("没水")
    assert sign_in(who).get("/desk/voices/").status_code == 403
    assert sign_in(who).get(f"/desk/voices/{voice.number}/").status_code == 403


def test_clerk_of_another_town_finds_nothing(road: Road, sign_in: SignIn) -> None:
    voice = road.hear("没水", office=road.cast.offices["other_town_office"])
    assert sign_in("registrar").get(f"/desk/voices/{voice.number}/").status_code == 404
    assert voice.number not in sign_in("registrar").get("/desk/voices/?q=没水").content.decode()


def test_case_is_linked_only_for_who_may_open_it(road: Road, sign_in: SignIn) -> None:
    voice = road.hear()
    case = road.registered(voice)
    for who in ("registrar", "dispatcher"):
        client = sign_in(who)
        page = client.get(f"/desk/voices/{voice.number}/").content.decode()
        address = f"/desk/cases/{case.number}/"
        assert case.number in page
        assert (address in page) == (client.get(address).status_code == 200), who
    assert address in page, "who dispatches may open it"
