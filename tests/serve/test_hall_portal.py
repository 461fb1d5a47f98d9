"""The hall as residents see it: numbers, the screen, appointments; and that nothing shows who anybody is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from lianxin.kit.clock import local
from lianxin.listen.models import Voice
from lianxin.people import actions as people
from lianxin.serve.actions import badge, line
from lianxin.serve.models import Appointment, Ticket
from lianxin.serve.rules.line import Booking, TicketState
from tests.cast import Cast
from tests.serve.town_hall import MORNING, PHONE, TownHall, book, build


@pytest.fixture
def town(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> TownHall:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return build(cast)


@pytest.fixture
def client(town: TownHall) -> Client:
    browser = Client()
    browser.cookies["language"] = "en"
    return browser


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def move_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_the_hall_shows_lines_leader_and_rule(client: Client, town: TownHall) -> None:
    people.roster(
        duty="leader", user=town.cast.officers["secretary"], office=town.cast.offices["hall"], starts=MORNING,
        ends=MORNING + timedelta(hours=4), by=town.cast.officer("it"), at=MORNING,
    )  # fmt: skip
    line.take_ticket(town.medical, at=MORNING)
    page = text(client.get("/hall/"))
    assert "A 医保" in page
    assert "孙书记" in page
    assert "65 years or older" in page
    assert "/hall/" in text(client.get("/"))


def test_a_number_is_taken_called_missed_and_given_back(client: Client, town: TownHall) -> None:
    taken = client.post("/hall/take/", {"line": town.general.pk, "reason": "old"})
    ticket = Ticket.objects.get()
    assert taken["Location"] == f"/hall/ticket/{ticket.key}/"
    assert "0 people are before you" in text(client.get(taken["Location"]))
    clerk = town.cast.officer("clerk")
    line.call_next(town.one, by=clerk, at=MORNING)
    assert "window 1" in text(client.get(taken["Location"]))
    wall = text(client.get("/hall/screen/"))
    assert "B001" in wall
    line.miss(ticket, by=clerk, at=MORNING)
    client.post(f"/hall/ticket/{ticket.key}/come-back/")
    client.post(f"/hall/ticket/{ticket.key}/give-back/")
    ticket.refresh_from_db()
    assert ticket.state == TicketState.LEFT
    answer = client.post(f"/hall/ticket/{ticket.key}/give-back/", follow=True)
    assert "stands elsewhere" in text(answer)


@pytest.mark.parametrize("given", [{}, {"line": "9" * 30}, {"line": "x", "reason": "king"}, {"line": "\x00"}])
def test_a_number_is_not_taken_for_nothing(client: Client, town: TownHall, given: dict[str, str]) -> None:
    assert client.post("/hall/take/", given).status_code == 422
    assert not Ticket.objects.exists()


def test_no_number_outside_the_hours(client: Client, town: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    move_clock(monkeypatch, MORNING.replace(hour=20))
    answer = client.post("/hall/take/", {"line": town.general.pk})
    assert answer.status_code == 422
    assert "No window of this line is open" in text(answer)


def test_a_time_is_booked_moved_cancelled(client: Client, town: TownHall) -> None:
    slot, other = town.slot(capacity=1), town.slot(capacity=1, hour=11)
    assert str(town.medical.name) in text(client.get("/hall/book/"))
    assert "10:00" in text(client.get(f"/hall/book/?line={town.medical.pk}"))
    step = f"/hall/book/?line={town.medical.pk}"
    assert client.get(f"{step}&slot={slot.pk}").status_code == 200
    said = {"slot": slot.pk, "name": "欧阳燕归", "phone": PHONE, "matter": "报销"}
    assert client.post(step, {**said, "phone": "abc"}).status_code == 422
    answer = client.post(step, said)
    made = Appointment.objects.get()
    assert answer["Location"] == f"/hall/appointment/{made.number}/"
    page = text(client.get(answer["Location"]))
    assert made.code in page
    assert client.post(step, said).status_code == 422  # the only place is taken
    assert client.get(f"{answer['Location']}move/").status_code == 200
    client.post(f"{answer['Location']}move/", {"slot": other.pk})
    made.refresh_from_db()
    assert made.slot_id == other.pk
    client.post(f"{answer['Location']}cancel/")
    made.refresh_from_db()
    assert made.state == Booking.CANCELLED


def test_who_has_not_the_code_sees_and_does_nothing(client: Client, town: TownHall) -> None:
    made = book(town, town.slot())
    stranger = Client()
    assert stranger.get(f"/hall/appointment/{made.number}/").status_code == 302
    for deed in ("move", "cancel", "check-in"):
        assert stranger.post(f"/hall/appointment/{made.number}/{deed}/").status_code == 404
    for code in ("", "abc", "999999" if made.code != "999999" else "111111"):
        answer = stranger.post("/hall/appointment/", {"number": made.number, "code": code})
        assert answer.status_code == 422
    pages = [stranger.get(path) for path in ("/hall/", "/hall/screen/", "/hall/book/")]
    assert not any("欧阳" in text(page) or PHONE in text(page) for page in pages)
    opened = client.post("/hall/appointment/", {"number": made.number.lower(), "code": f" {made.code} "})
    assert opened["Location"] == f"/hall/appointment/{made.number}/"
    assert "欧阳" not in text(client.get(opened["Location"]))


def test_too_many_tries_must_wait(town: TownHall) -> None:
    made = book(town, town.slot())
    stranger = Client()
    wrong = "999999" if made.code != "999999" else "111111"
    answers = [
        stranger.post("/hall/appointment/", {"number": made.number, "code": wrong}).status_code for _ in range(13)
    ]
    assert answers[-1] == 429
    assert stranger.post("/hall/appointment/", {"number": made.number, "code": made.code}).status_code == 429


def test_who_comes_in_time_gets_a_number(client: Client, town: TownHall) -> None:
    made = book(town, town.slot())
    client.post("/hall/appointment/", {"number": made.number, "code": made.code})
    answer = client.post(f"/hall/appointment/{made.number}/check-in/", follow=True)
    with translation.override("en"):
        assert "A001" in text(answer)
    assert Ticket.objects.get().rank_at < MORNING.replace(hour=10)


@pytest.mark.parametrize("path", [
    "/hall/ticket/nothing/", "/hall/screen/?hall=999999", "/hall/appointment/YX-1/move/",
])  # fmt: skip
def test_what_is_not_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_programs_read_lines_calls_and_free_times(client: Client, town: TownHall) -> None:
    slot = town.slot()
    line.take_ticket(town.general, at=MORNING - timedelta(minutes=7))
    line.take_ticket(town.general, at=MORNING)
    line.call_next(town.one, by=town.cast.officer("clerk"), at=MORNING)
    lines = client.get("/api/v1/hall/lines").json()
    assert [(row["letter"], row["waiting"], row["windows"]) for row in lines] == [("A", 0, [1]), ("B", 1, [1, 2])]
    assert [row["number"] for row in client.get("/api/v1/hall/called").json()] == ["B001"]
    free = client.get(f"/api/v1/hall/slots?line={town.medical.pk}").json()
    assert [(row["slot"], row["free"]) for row in free] == [(slot.pk, 2)]
    assert client.get("/api/v1/hall/slots?line=x").status_code == 422


def test_a_complaint_from_a_badge_is_bound_to_window_and_moment(cast: Cast, client: Client) -> None:
    post = cast.posts["clerk"]
    made = badge.print_badge(post, duties="医保报销", by=None, at=MORNING)
    page = client.get(f"/hall/badge/{made.key}/")
    assert page.status_code == 200
    form = client.get("/speak/").content.decode()
    assert made.title in form and "?badge=no" in form
    said = {"key": "k" * 32, "text": "窗口的人很耐心，谢谢。", "identity": "anonymous", "place": "一楼"}
    client.post("/speak/", said)
    client.post("/speak/", said)  # pressed twice
    voice = Voice.objects.get()
    assert voice.place == f"{made.title} · {local(MORNING):%Y-%m-%d %H:%M} 一楼" and voice.to_office == post.office
    assert made.title not in client.get("/speak/?badge=no").content.decode()
    client.post("/speak/", {**said, "key": "j" * 32})
    assert Voice.objects.latest("pk").place == "一楼"
