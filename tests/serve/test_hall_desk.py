"""The pages of the hall: the window with its keys, the plan that says what is wrong, and the neighbour outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.serve.actions import line
from lianxin.serve.figures import hall as counted
from lianxin.serve.models import Appointment, DutyEntry, DutyLog, Line, Serving, Skill, Slot, Ticket, Turn, Window
from lianxin.serve.rules.line import Booking, TicketState
from tests.cast import Cast
from tests.serve.town_hall import CODE, MORNING, PHONE, TownHall, book, build

SignIn = Callable[[User | str], Client]


@pytest.fixture
def town(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> TownHall:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return build(cast)


@pytest.fixture
def as_(town: TownHall, sign_in: SignIn) -> Callable[[str], Client]:
    def browser(who: str) -> Client:
        client = sign_in(who)
        client.cookies["language"] = "en"
        return client

    return browser


def text(answer: Any) -> str:
    words: str = answer.content.decode()
    return words


def test_a_clerk_calls_serves_and_hands_on(town: TownHall, as_: Callable[[str], Client]) -> None:
    clerk, window = as_("clerk"), f"/desk/hall/window/{town.one.pk}/"
    assert "Nobody waits" in text(clerk.post(f"{window}call/", follow=True))
    assert "The number is A001" in text(clerk.post("/desk/hall/numbers/give/", {"line": town.medical.pk}, follow=True))
    clerk.post("/desk/hall/numbers/give/", {"line": town.general.pk, "reason": "urgent"})
    clerk.post("/desk/hall/numbers/give/", {"line": "9" * 40})
    assert "B001" in text(clerk.post(f"{window}call/", follow=True))
    first = Ticket.objects.get(label="B001")
    for deed, state in (
        ("recall", TicketState.CALLED),
        ("attend", TicketState.SERVING),
        ("conclude", TicketState.DONE),
    ):
        clerk.post(f"/desk/hall/numbers/{first.pk}/{deed}/")
        first.refresh_from_db()
        assert first.state == state
    clerk.post(f"{window}call/")
    second = Ticket.objects.get(label="A001")
    clerk.post(f"/desk/hall/numbers/{second.pk}/miss/")
    assert "A001" in text(clerk.get(window))
    clerk.post(f"/desk/hall/numbers/{second.pk}/stand-again/")
    clerk.post(f"{window}call/")
    clerk.post(f"/desk/hall/numbers/{second.pk}/pass-on/", {"line": town.general.pk})
    second.refresh_from_db()
    assert (second.state, second.line) == (TicketState.WAITING, town.general)
    assert clerk.post(f"/desk/hall/numbers/{second.pk}/explode/").status_code == 404


def test_strangers_find_nothing(town: TownHall, as_: Callable[[str], Client]) -> None:
    line.take_ticket(town.general, at=MORNING)
    ticket = line.call_next(town.two, by=town.cast.officer("clerk2"), at=MORNING)
    made = book(town, town.slot())
    clerk = as_("clerk")  # a clerk, of another window
    assert clerk.get(f"/desk/hall/window/{town.two.pk}/").status_code == 404
    assert clerk.get("/desk/hall/plan/").status_code in (403, 404)
    keys = {
        f"/desk/hall/window/{town.two.pk}/call/", f"/desk/hall/numbers/{ticket.pk}/attend/",
        f"/desk/hall/numbers/{ticket.pk}/pass-on/", f"/desk/hall/appointments/{made.number}/arrive/",
        f"/desk/hall/appointments/{made.number}/call-off/", f"/desk/hall/setup/lines/{town.general.pk}/",
        f"/desk/hall/setup/lines/{town.general.pk}/close/", f"/desk/hall/setup/windows/{town.two.pk}/close/",
        f"/desk/hall/setup/certificates/{Skill.objects.all()[0].pk}/end/", "/desk/hall/plan/",
        "/desk/hall/setup/certify/", "/desk/hall/setup/hours/", "/desk/hall/appointments/open/",
    }  # fmt: skip
    for who in ("neighbour", "chief", "cataloguer"):
        client = as_(who)
        assert {client.post(key).status_code for key in keys} <= {403, 404}
        assert client.get("/desk/hall/").status_code in (403, 404)
    other = people.make_user(username="other_keeper", name="外厅", by=None, at=MORNING, totp_required=False)
    post = people.open_post(office=town.cast.offices["housing"], title="主任", role="hall_keeper", by=None, at=MORNING)
    people.appoint(post, holder=other, by=None, at=MORNING)
    keeper = as_(other)  # type: ignore[arg-type]
    answers = {key: keeper.post(key, follow=True).status_code for key in sorted(keys)}
    assert {status for key, status in answers.items() if key != "/desk/hall/plan/"} == {404}
    assert "县政务服务大厅" not in text(keeper.get("/desk/hall/"))
    assert "欧阳" not in text(keeper.get("/desk/hall/appointments/?day=2026-09-29"))
    assert keeper.get(f"/desk/hall/?hall={town.hall.pk}").status_code == 404


def _rows(town: TownHall, *, without: int | None = None) -> dict[str, str]:
    rows = [s for n, s in enumerate(town.sittings()) if n != without]
    said = {"t-TOTAL_FORMS": str(len(rows) + 1), "t-INITIAL_FORMS": "0", "t-MIN_NUM_FORMS": "0"}
    for n, s in enumerate(rows):
        said |= {f"t-{n}-window": str(s.window), f"t-{n}-clerk": str(s.clerk),
                 f"t-{n}-starts": f"{s.starts:%H:%M}", f"t-{n}-ends": f"{s.ends:%H:%M}"}  # fmt: skip
    return {key.replace("t-", "form-", 1): value for key, value in said.items()}


def test_a_plan_is_looked_at_and_kept_only_whole(town: TownHall, as_: Callable[[str], Client]) -> None:
    keeper, tomorrow = as_("keeper"), "/desk/hall/plan/?day=2026-09-30"
    assert "Not planned yet" in text(keeper.get(tomorrow))
    looked = keeper.post(tomorrow, {**_rows(town, without=1), "look": "1"})
    assert "12:00-13:00" in text(looked)
    refused = keeper.post(tomorrow, {**_rows(town, without=1), "keep": "1"})
    assert (refused.status_code, Turn.objects.on(MORNING.date() + timedelta(days=1)).count()) == (422, 0)
    assert "Every open window is attended" in text(keeper.post(tomorrow, {**_rows(town), "look": "1"}))
    kept = keeper.post(tomorrow, {**_rows(town), "keep": "1"}, follow=True)
    assert "The plan is kept" in text(kept)
    assert Turn.objects.on(MORNING.date() + timedelta(days=1)).count() == 6
    half = {**_rows(town), "form-0-starts": "25:99", "keep": "1"}
    assert keeper.post(tomorrow, half).status_code == 422
    assert keeper.post(tomorrow, {"keep": "1"}).status_code == 422
    assert keeper.get("/desk/hall/plan/?day=0001-01-01").status_code == 200


def test_the_keeper_builds_the_hall(town: TownHall, as_: Callable[[str], Client]) -> None:
    keeper, setup = as_("keeper"), "/desk/hall/setup/"
    assert "医保窗口" in text(keeper.get(setup))
    assert keeper.post(f"{setup}lines/new/", {"letter": "9", "name": "x"}).status_code == 422
    assert keeper.post(f"{setup}lines/new/", {"letter": "A", "name": "x"}).status_code == 422
    assert keeper.post(f"{setup}lines/new/", {"letter": "c", "name": "社保", "codes": "S1，S2"}).status_code == 302
    made = Line.objects.get(letter="C")
    assert made.codes == ["S1", "S2"]
    keeper.post(f"{setup}lines/{made.pk}/", {"name": "社会保险", "codes": "S1"})
    window = {"number": "3", "name": "社保窗口", "lines": [made.pk], "opens": "09:00", "closes": "17:00"}
    assert keeper.post(f"{setup}windows/new/", {**window, "pauses": "12:00"}).status_code == 422
    assert keeper.post(f"{setup}windows/new/", {**window, "number": "1"}).status_code == 422
    assert keeper.post(f"{setup}windows/new/", window).status_code == 302
    third = Window.objects.get(number=3)
    assert keeper.get(f"{setup}windows/{third.pk}/").status_code == 200
    keeper.post(f"{setup}windows/{third.pk}/", {**window, "pauses": "12:00", "resumes": "13:00"})
    third.refresh_from_db()
    assert third.periods == [(time(9), time(12)), (time(13), time(17))]
    assert keeper.post(f"{setup}windows/{third.pk}/close/").status_code == 302
    assert keeper.post(f"{setup}lines/{made.pk}/close/").status_code == 302
    certify = {"clerk": town.cast.officers["clerk"].pk, "code": "S1", "assessment": "考试"}
    assert keeper.post(f"{setup}certify/", {**certify, "code": CODE}).status_code == 422
    assert keeper.post(f"{setup}certify/", certify).status_code == 302
    hours = {"lunch_from": "12:00", "lunch_to": "13:30", "meal_from": "11:00", "meal_to": "14:00",
             "meal_minutes": "45", "unattended_minutes": "10"}  # fmt: skip
    assert keeper.post(f"{setup}hours/", {**hours, "meal_to": "11:20"}).status_code == 422
    assert keeper.post(f"{setup}hours/", hours).status_code == 302
    skill = Skill.objects.filter(code=CODE).first()
    assert skill is not None
    keeper.post(f"{setup}certificates/{skill.pk}/end/")
    skill.refresh_from_db()
    assert skill.ends_on == MORNING.date()


def test_appointments_are_masked_and_kept(town: TownHall, as_: Callable[[str], Client]) -> None:
    keeper, made = as_("keeper"), book(town, town.slot())
    page = text(keeper.get("/desk/hall/appointments/"))
    assert made.number in page
    assert "欧阳燕归" not in page and PHONE not in page
    keeper.post(f"/desk/hall/appointments/{made.number}/arrive/")
    made.refresh_from_db()
    assert made.state == Booking.ARRIVED
    second = book(town, town.slot(hour=11))
    keeper.post(f"/desk/hall/appointments/{second.number}/call-off/")
    assert Appointment.objects.get(pk=second.pk).state == Booking.CANCELLED
    said = {"line": town.general.pk, "first": "2026-09-30", "last": "2026-10-09", "minutes": "60", "capacity": "2"}
    assert keeper.post("/desk/hall/appointments/open/", {**said, "last": "2027-10-09"}).status_code == 422
    assert keeper.post("/desk/hall/appointments/open/", said).status_code == 302
    assert Slot.objects.filter(line=town.general).count() == 3 * 8


def test_figures_come_from_what_was_done(town: TownHall, as_: Callable[[str], Client]) -> None:
    clerk2, keeper = town.cast.officer("clerk2"), town.cast.officer("keeper")
    for taken, called, end in ((100, 160, 170), (150, 165, 180), (225, 255, 260)):
        at = MORNING + timedelta(minutes=taken)
        line.take_ticket(town.general, at=at)
        by = clerk2 if called < 150 else keeper
        ticket = line.call_next(town.two, by=by, at=MORNING + timedelta(minutes=called))
        line.attend(ticket, by=by, at=MORNING + timedelta(minutes=called))
        line.conclude(ticket, by=by, at=MORNING + timedelta(minutes=end)) if taken != 100 else None
        if taken == 100:
            line.conclude(ticket, by=by, at=MORNING + timedelta(minutes=164))
    day = MORNING.date()
    row = counted.by_line_and_day(town.hall, day, day)[0]
    assert (row.served, row.absent, row.median_wait, row.longest_wait) == (3, 0, 30, 60)
    # Begun at 12:10 and 12:15; the third at 13:45. On a Sunday the same would not count.
    assert counted.served_at_lunch(town.hall, day, day) == 2
    Serving.objects.update(started_at=MORNING.replace(hour=12, minute=15) + timedelta(days=5))
    assert counted.served_at_lunch(town.hall, day, day) == 0
    page = as_("keeper").get("/desk/hall/figures/?first=2026-09-01&last=2026-09-30")
    assert "rest that is owed" in text(page)
    assert as_("keeper").get("/desk/hall/figures/?first=x&last=9999-99-99").status_code == 200


def test_an_empty_window_raises_an_alarm(town: TownHall, as_: Callable[[str], Client]) -> None:
    line.take_ticket(town.general, at=MORNING)
    assert counted.unattended(town.hall, MORNING + timedelta(minutes=14)) == []
    late = counted.unattended(town.hall, MORNING + timedelta(minutes=15))
    assert [each.window.number for each in late] == [1, 2]
    ticket = line.call_next(town.one, by=town.cast.officer("clerk"), at=MORNING + timedelta(minutes=16))
    line.attend(ticket, by=town.cast.officer("clerk"), at=MORNING + timedelta(minutes=16))
    line.take_ticket(town.general, at=MORNING + timedelta(minutes=17))
    assert [each.window.number for each in counted.unattended(town.hall, MORNING + timedelta(minutes=40))] == [2]


def test_a_leader_serves_the_duty(town: TownHall, as_: Callable[[str], Client]) -> None:
    shift = people.roster(
        duty="leader", user=town.cast.officers["secretary"], office=town.cast.offices["hall"], starts=MORNING,
        ends=MORNING + timedelta(hours=4), by=town.cast.officer("it"), at=MORNING,
    )  # fmt: skip
    leader, keeper = as_("secretary"), as_("keeper")
    assert "I am here" in text(leader.get("/desk/hall/duty/"))
    assert as_("mayor").post(f"/desk/hall/duty/{shift.pk}/come/").status_code == 404
    leader.post(f"/desk/hall/duty/{shift.pk}/come/")
    log = DutyLog.objects.get()
    assert leader.post(f"/desk/hall/duty/{log.pk}/hear/", {"text": ""}).status_code == 422
    leader.post(f"/desk/hall/duty/{log.pk}/hear/", {"text": "排队太久。"})
    assert DutyEntry.objects.get().voice.channel == "hall"
    assert leader.get(f"/desk/hall/duty/{log.pk}/leave/").status_code == 200
    leader.post(f"/desk/hall/duty/{log.pk}/leave/", {"handover": "加开窗口。"})
    assert "加开窗口" in text(keeper.get("/desk/hall/duty/"))
    visitor = Client()
    visitor.cookies["language"] = "en"
    assert "is here" in text(visitor.get("/hall/"))
    gone = people.roster(
        duty="leader", user=town.cast.officers["secretary"], office=town.cast.offices["hall"],
        starts=MORNING - timedelta(days=3), ends=MORNING - timedelta(days=3, hours=-2), by=None, at=MORNING,
    )  # fmt: skip
    unserved = counted.unserved_duties(town.hall, MORNING.date() - timedelta(days=9), MORNING)
    assert [each.pk for each in unserved] == [gone.pk]
