"""Speaking: from the empty form to the receipt, with everything people and machines may send."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lianxin.listen.models import Voice
from lianxin.outbox.models import Message
from tests.cast import Cast
from tests.desk.road import Road
from tests.portal.conftest import WORDS

pytestmark = pytest.mark.usefixtures("county")


def form(**given: Any) -> dict[str, Any]:
    return {"key": "k" * 32, "text": WORDS, "identity": "signed", "wants_reply": "on", **given}


def picture(name: str = "a.jpg") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/jpeg")


def test_form_says_its_limit_before_anybody_writes(client: Client) -> None:
    page = client.get("/speak/").content.decode()
    assert "4,000" in page
    assert 'maxlength="4000"' in page
    assert 'enctype="multipart/form-data"' in page


def test_words_become_a_voice_and_a_receipt_that_is_shown(client: Client, cast: Cast) -> None:
    answer = client.post(
        "/speak/",
        form(name="王五", phone="138 0013 8000", area=str(cast.areas["heping"].pk), place="三组", kind="problem"),
    )
    assert (answer.status_code, answer["Location"]) == (302, "/receipt/")
    voice = Voice.objects.get()
    assert (voice.text, voice.channel, voice.kind, voice.area, voice.place) == (
        WORDS, "web", "problem", cast.areas["heping"], "三组",
    )  # fmt: skip
    contact = voice.opened_contact()
    assert contact and (contact.name, contact.phone) == ("王五", "138 0013 8000")
    page = client.get("/receipt/").content.decode()
    code = Message.objects.get().full_text
    assert voice.number in page
    shown = re.search(r'id="code">(\d{6})<', page)
    assert shown and shown[1] in code
    assert shown[1] not in re.sub(r'id="code">\d{6}<', "", page), (
        "the code stands nowhere else: not in the QR, not in a link"
    )


def test_receipt_belongs_to_the_browser_that_spoke(client: Client) -> None:
    client.post("/speak/", form())
    assert client.get("/receipt/").status_code == 200
    stranger = Client()
    assert stranger.get("/receipt/")["Location"] == "/track/"
    assert stranger.get("/receipt/paper.pdf")["Location"] == "/track/"


def test_receipt_can_be_printed_while_it_is_in_hand(client: Client) -> None:
    client.post("/speak/", form())
    paper = client.get("/receipt/paper.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")


def test_leaving_takes_everything_out_of_the_browser(client: Client) -> None:
    client.post("/speak/", form())
    number = Voice.objects.get().number
    assert client.get(f"/track/{number}/").status_code == 200
    assert client.post("/leave/")["Location"] == "/"
    assert client.get("/receipt/")["Location"] == "/track/"
    assert client.get(f"/track/{number}/").status_code == 302


def test_pressing_twice_gives_one_voice_and_the_same_receipt(client: Client) -> None:
    client.post("/speak/", form())
    first = client.get("/receipt/").content
    client.post("/speak/", form())
    assert Voice.objects.count() == 1
    number = Voice.objects.get().number.encode()
    assert number in first
    assert number in client.get("/receipt/").content


def test_other_words_under_the_same_key_are_kept_in_the_form_and_can_be_sent(client: Client) -> None:
    client.post("/speak/", form())
    answer = client.post("/speak/", form(text="另外一件事"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "另外一件事" in page
    fresh = re.search(r'name="key" value="(\w+)"', page)
    assert fresh and fresh[1] != "k" * 32
    assert client.post("/speak/", form(text="另外一件事", key=fresh[1])).status_code == 302
    assert Voice.objects.count() == 2


def test_anonymous_words_carry_nothing_of_the_person(client: Client) -> None:
    client.post("/speak/", form(identity="anonymous", name="王五", phone="13800138000"))
    voice = Voice.objects.get()
    assert voice.contact is None
    assert voice.phone_index == ""
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"text": ""},
        {"text": " \n\t "},
        {"text": "\x00\x01\x02"},
        {"text": "水" * 4001},
        {"text": "水" * 300_000},
        {"identity": ""},
        {"identity": "somebody"},
        {"kind": "report"},
        {"area": "999999999"},
        {"area": "'; DROP TABLE listen_voice; --"},
        {"place": "路" * 121},
        {"name": "王" * 61},
        {"phone": "abc"},
        {"phone": "1" * 41},
        {"website": "https://example.org"},
        {"key": ""},
        {"key": "k" * 65},
    ],
    ids=lambda bad: "-".join(f"{key}:{str(value)[:12]!r}" for key, value in bad.items()),
)
def test_bad_input_is_told_and_nothing_entered_is_lost(client: Client, bad: dict[str, str]) -> None:
    given = form(name="王五", place="三组") | bad
    answer = client.post("/speak/", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    if "place" not in bad:
        assert 'value="三组"' in page
    if "text" not in bad:
        assert WORDS in page
    assert not Voice.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "👨‍👩‍👧‍👦没水用🚱", "<script>alert(1)</script>", "' OR 1=1; --", "مرحبا بالعالم", "\u202eabc", "𠮷野家",
        "line\r\nline", "x" * 4000, "\r\n".join("水" * 1300),
    ],
)  # fmt: skip
def test_whatever_people_write_is_kept_and_shown_harmless(client: Client, words: str) -> None:
    assert client.post("/speak/", form(text=words)).status_code == 302
    voice = Voice.objects.get()
    assert voice.text == words.replace("\r\n", "\n").replace("\u202e", "")
    page = client.get(f"/track/{voice.number}/").content.decode()
    assert "<script>alert" not in page


def test_pictures_are_kept_without_their_traces(client: Client) -> None:
    client.post("/speak/", form(photos=[picture("一.jpg"), picture("二.jpg")]))
    assert Voice.objects.get().attachments.count() == 2


@pytest.mark.parametrize(
    "files",
    [
        [SimpleUploadedFile("a.jpg", b"MZ\x90\x00 this is a program")],
        [SimpleUploadedFile("a.pdf", b"")],
        [picture(f"{n}.jpg") for n in range(6)],
    ],
    ids=["program called picture", "empty", "six"],
)
def test_refused_files_leave_the_words_in_the_form(client: Client, files: list[SimpleUploadedFile]) -> None:
    answer = client.post("/speak/", form(photos=files))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert WORDS in page
    assert 'role="alert"' in page
    assert not Voice.objects.exists()


def test_who_speaks_too_often_is_asked_to_wait_and_loses_nothing() -> None:
    client = Client(REMOTE_ADDR="203.0.113.7")
    codes = [client.post("/speak/", form(key=f"{n:032d}", text=f"第{n}句")).status_code for n in range(60)]
    assert set(codes) == {302}
    late = client.post("/speak/", form(key="x" * 32, text="第六十一句"))
    assert late.status_code == 429
    assert "第六十一句" in late.content.decode()
    assert Client(REMOTE_ADDR="203.0.113.8").post("/speak/", form()).status_code == 302


def test_form_without_the_token_of_this_site_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post("/speak/", form()).status_code == 403


def test_letter_begins_with_the_tier_and_goes_to_the_post(client: Client, cast: Cast) -> None:
    first = client.get("/letter/").content.decode()
    assert all(f'href="?tier={tier}"' in first for tier in ("county", "committee", "branch"))
    page = client.get("/letter/?tier=county").content.decode()
    assert "孙书记" in page
    post = cast.posts["secretary"]
    assert client.post("/letter/?tier=county", form(addressee=str(post.pk), kind="opinion")).status_code == 302
    voice = Voice.objects.get()
    assert (voice.channel, voice.addressee) == ("letter", post)
    assert "县委书记" in client.get("/receipt/").content.decode()


def test_letter_goes_to_nobody_who_takes_none(client: Client, cast: Cast) -> None:
    answer = client.post("/letter/?tier=county", form(addressee=str(cast.posts["chief"].pk)))
    assert answer.status_code == 422
    assert not Voice.objects.exists()


def test_tier_without_addressees_leads_elsewhere(client: Client) -> None:
    assert 'href="/letter/"' in client.get("/letter/?tier=branch").content.decode()
    assert client.get("/letter/?tier=emperor").status_code == 200


def test_vacant_post_says_who_receives_the_letters(client: Client, cast: Cast) -> None:
    post = cast.posts["secretary"]
    type(post).objects.filter(pk=post.pk).update(holder=None)
    assert "钱信" in client.get("/letter/?tier=county").content.decode()


def test_every_open_page_works_without_script_and_makes_no_session(client: Client) -> None:
    for page in ("/", "/speak/", "/letter/", "/track/", "/my/", "/answers/", "/about/", "/privacy/", "/accessibility/"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "sessionid" not in answer.cookies, page


def test_mine_too_reaches_the_clerk_as_the_first_case_to_join(client: Client, county: Cast, at: datetime) -> None:
    case = Road(county, at).handling()
    client.post("/speak/", form(same=case.number))
    voice = Voice.objects.latest("id")
    assert voice.same_as == case.number
    desk = Client()
    desk.force_login(county.officers["dispatcher"], backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get(f"/desk/triage/{voice.number}/alike/").content.decode()
    assert page.index(case.number) < page.index("本人说就是这件")


def test_e_mail_is_kept_sealed_and_told_by(client: Client) -> None:
    assert "没有手机，或者想用邮件收消息的，可以填。" in client.get("/speak/").content.decode()
    assert client.post("/speak/", form(email="wang@example.cn")).status_code == 302
    voice = Voice.objects.get()
    contact = voice.opened_contact()
    assert contact and contact.email == "wang@example.cn"
    assert Message.objects.get().way == "email"


def test_anonymous_words_carry_no_e_mail_and_a_wrong_one_is_told(client: Client) -> None:
    assert client.post("/speak/", form(email="wang@")).status_code == 422
    assert not Voice.objects.exists()
    client.post("/speak/", form(identity="anonymous", email="wang@example.cn"))
    assert Voice.objects.get().contact is None
    assert not Message.objects.exists()


def test_office_may_be_asked_for(client: Client, cast: Cast) -> None:
    page = client.get("/speak/").content.decode()
    assert "县水务局</option>" in page
    assert "供水股</option>" not in page, "a section within a bureau is nothing that a resident has to know"
    assert client.post("/speak/", form(to_office=str(cast.offices["hub"].pk))).status_code == 422
    assert client.post("/speak/", form(to_office=str(cast.offices["water"].pk))).status_code == 302
    voice = Voice.objects.get()
    assert (voice.to_office, voice.office) == (cast.offices["water"], None)
    assert "县水务局" in client.get(f"/track/{voice.number}/").content.decode()


def test_letter_asks_for_no_office(client: Client) -> None:
    assert 'name="to_office"' not in client.get("/letter/?tier=county").content.decode()
