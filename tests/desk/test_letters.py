"""Letters at the desk: opened by the addressee, unedited; instructed, handed on, sent to the right desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.listen.models import Voice
from lianxin.people import actions as people
from lianxin.people.models import Post, User
from lianxin.resolve.models import Case
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]
WORDS = "孙书记，我们村三天没水了，请您管一管。"


@pytest.fixture
def letter(road: Road) -> Voice:
    return road.hear(WORDS, addressee=road.cast.posts["secretary"], ago=30)


def url(letter: Voice, deed: str = "") -> str:
    return f"/desk/letters/{letter.number}/{deed + '/' if deed else ''}"


def test_it_is_an_envelope_until_the_addressee_opens_it(road: Road, letter: Voice, sign_in: SignIn) -> None:
    client = sign_in("secretary")
    for page in (client.get("/desk/letters/"), client.get(url(letter))):
        assert letter.number in page.content.decode()
        assert "三天没水" not in page.content.decode()
    assert Voice.objects.unread().filter(pk=letter.pk).exists()  # looking at the envelope is not reading
    assert WORDS in client.post(url(letter, "read"), follow=True).content.decode()
    letter.refresh_from_db()
    assert (letter.read_at, letter.read_by) == (road.at, road.cast.officers["secretary"])


def test_clerk_opens_it_and_it_stays_unread(road: Road, letter: Voice, sign_in: SignIn) -> None:
    client = sign_in("letter_clerk")
    assert "三天没水" not in client.get(url(letter)).content.decode()
    assert WORDS in client.post(url(letter, "read"), follow=True).content.decode()
    letter.refresh_from_db()
    assert letter.read_at is None
    assert Event.objects.get(verb="letter.opened").by_name == "钱信"
    assert "三天没水" not in sign_in("secretary").get(url(letter)).content.decode()


def test_instruct_opens_a_case_in_the_name_of_the_addressee(road: Road, letter: Voice, sign_in: SignIn) -> None:
    client = sign_in("secretary")
    client.post(url(letter, "read"))
    client.post(url(letter, "instruct"), {"text": "请水务局三日内恢复供水。", "title": "三天没水"})
    case = Case.objects.get()
    assert (case.title, case.sponsor) == ("三天没水", road.cast.officers["secretary"])
    assert case.instructions.get().text == "请水务局三日内恢复供水。"
    page = client.get(url(letter)).content.decode()
    assert case.number in page
    assert "instruct/" not in page  # once it is handed on, instructions are given on the case


def test_instruct_needs_words(road: Road, letter: Voice, sign_in: SignIn) -> None:
    for text in ("", "   ", "批" * 4001):
        assert sign_in("secretary").post(url(letter, "instruct"), {"text": text}).status_code == 422
    assert not Case.objects.exists()


def test_hand_on_lets_others_sort_it(road: Road, letter: Voice, sign_in: SignIn) -> None:
    sign_in("secretary").post(url(letter, "hand-on"))
    letter.refresh_from_db()
    assert letter.handed_on_at == road.at
    assert letter.number in sign_in("dispatcher").get("/desk/triage/").content.decode()
    again = sign_in("secretary").post(url(letter, "hand-on"), follow=True)
    assert again.status_code == 200  # told, not broken


def test_readdress_tells_the_sender_and_leaves_it_unread(road: Road, letter: Voice, sign_in: SignIn) -> None:
    office = road.cast.offices["town_office"]
    other = Post.objects.create(office=office, title="镇党委书记", role="leader", tier=Post.Tier.COMMITTEE)
    client = sign_in("secretary")
    assert (
        client.post(url(letter, "readdress"), {"to": road.cast.posts["handler"].pk, "reason": "镇里"}).status_code
        == 422
    )
    client.post(url(letter, "readdress"), {"to": other.pk, "reason": "是镇里的事"})
    letter.refresh_from_db()
    assert (letter.addressee, letter.read_at) == (other, None)
    assert client.get(url(letter)).status_code == 404  # it is no longer his


def test_substitute_reads_in_his_place(road: Road, letter: Voice, sign_in: SignIn) -> None:
    officers = road.cast.officers
    people.substitute(
        absent=officers["secretary"],
        substitute=officers["chief"],
        starts=road.at - timedelta(days=1),
        ends=road.at + timedelta(days=1),
        reason="开会",
        by=officers["it"],
        at=road.at,
    )
    assert WORDS in sign_in("chief").post(url(letter, "read"), follow=True).content.decode()
    event = Event.objects.get(verb="letter.read")
    assert (event.by_name, event.behalf_name) == ("何局", "孙书记")


@pytest.mark.parametrize("deed", ["", "read", "instruct", "hand-on", "readdress"])
@pytest.mark.parametrize("who", ["neighbour", "dispatcher", "supervisor", "registrar", "editor"])
def test_others_see_nothing(road: Road, letter: Voice, sign_in: SignIn, who: str, deed: str) -> None:
    answer = sign_in(who).post(url(letter, deed), {"text": "x"}) if deed else sign_in(who).get(url(letter))
    assert answer.status_code in (403, 404)
    assert letter.read_at is None


def test_leader_of_another_office_sees_nothing(road: Road, letter: Voice, sign_in: SignIn) -> None:
    other = User.objects.create(username="other", name="钱镇长", totp_required=False, password="!")
    office = road.cast.offices["town_office"]
    Post.objects.create(office=office, title="镇党委书记", role="leader", tier=Post.Tier.COMMITTEE, holder=other)
    for deed in ("", "read", "instruct", "hand-on", "readdress"):
        answer = sign_in(other).post(url(letter, deed), {"text": "x"}) if deed else sign_in(other).get(url(letter))
        assert answer.status_code == 404
    assert letter.number not in sign_in(other).get("/desk/letters/").content.decode()


def test_supervisor_sees_numbers_and_ages_only(road: Road, letter: Voice, sign_in: SignIn) -> None:
    page = sign_in("supervisor").get("/desk/letters/unread/").content.decode()
    assert letter.number in page
    assert "县委书记" in page
    assert "三天没水" not in page
    assert sign_in("neighbour").get("/desk/letters/unread/").status_code == 403
    sign_in("secretary").post(url(letter, "read"))
    assert letter.number not in sign_in("supervisor").get("/desk/letters/unread/").content.decode()


def test_the_register_of_voices_leads_to_the_envelope(road: Road, letter: Voice, sign_in: SignIn) -> None:
    client = sign_in("letter_clerk")
    assert client.get(f"/desk/voices/{letter.number}/")["Location"] == url(letter)
    assert letter.number not in client.get("/desk/voices/").content.decode()
    assert letter.number not in client.get("/desk/voices/?q=没水").content.decode()
