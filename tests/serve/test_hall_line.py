"""Numbers, appointments, duty: each deed with its event, each refusal with its name, the neighbour outside."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.listen.models import Voice
from lianxin.outbox.models import Message
from lianxin.people import actions as people
from lianxin.people.models import Shift
from lianxin.serve.actions import appointment as booking
from lianxin.serve.actions import duty, hall, line, roster
from lianxin.serve.models import Appointment, Hall, Serving, Slot, Ticket, Window
from lianxin.serve.rules.hall import Fault, Sitting
from lianxin.serve.rules.line import Reason
from tests.cast import Cast
from tests.house.witness import prove
from tests.serve.town_hall import CODE, MORNING, PHONE, TownHall, book, build


@pytest.fixture
def town(cast: Cast) -> TownHall:
    return build(cast)


def later(minutes: int) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def test_a_plan_with_a_gap_at_lunch_is_refused_with_the_gap(town: TownHall) -> None:
    by = town.cast.officer("keeper")
    holes = [s for s in town.sittings() if s.starts != time(12)]
    with pytest.raises(roster.RosterFaults) as refused:
        roster.plan(town.hall, day=MORNING.date(), sittings=holes, by=by, at=MORNING)
    gaps = {(t.window, t.starts, t.ends) for t in refused.value.troubles if t.fault is Fault.EMPTY}
    assert gaps == {(town.one.pk, time(12), time(13)), (town.two.pk, time(12), time(14))}
    assert "12:00-13:00" in str(refused.value)
    saturday = MORNING.date() + timedelta(days=11)  # a make-up workday: Saturday 10 October 2026
    assert roster.check_plan(town.hall, day=saturday, sittings=[])
    assert not roster.check_plan(town.hall, day=MORNING.date() + timedelta(days=5), sittings=[])


def test_a_clerk_without_certificate_does_not_sit_alone(town: TownHall) -> None:
    keeper = town.cast.officers["keeper"].pk
    alone = [Sitting(s.window, keeper, s.starts, s.ends) if s.window == town.one.pk and s.starts == time(12) else s
             for s in town.sittings() if not (s.window == town.two.pk and s.clerk == keeper)]  # fmt: skip
    found = roster.check_plan(town.hall, day=MORNING.date(), sittings=alone)
    assert (Fault.UNSKILLED, time(12), time(13)) in {(t.fault, t.starts, t.ends) for t in found}


def test_the_plan_is_kept_with_its_event_and_not_for_yesterday(town: TownHall) -> None:
    by = town.cast.officer("keeper")
    tomorrow = MORNING.date() + timedelta(days=1)
    made = prove(lambda: roster.plan(town.hall, day=tomorrow, sittings=town.sittings(), by=by, at=MORNING))
    assert made.turns.count() == 6
    roster.plan(town.hall, day=tomorrow, sittings=town.sittings(), by=by, at=MORNING)
    assert made.turns.count() == 6
    with pytest.raises(roster.PastDay):
        roster.plan(town.hall, day=MORNING.date() - timedelta(days=1), sittings=[], by=by, at=MORNING)
    with pytest.raises(roster.NotSeated):
        stranger = [Sitting(town.one.pk, town.cast.officers["neighbour"].pk, time(9), time(10))]
        roster.plan(town.hall, day=tomorrow, sittings=stranger, by=by, at=MORNING)


@pytest.mark.parametrize("who", ["neighbour", "clerk", "chief"])
def test_only_the_keeper_plans_and_builds(town: TownHall, who: str) -> None:
    by = town.cast.officer(who)
    with pytest.raises(NotAllowed):
        roster.plan(town.hall, day=MORNING.date(), sittings=[], by=by, at=MORNING)
    with pytest.raises(NotAllowed):
        hall.open_line(town.hall, letter="c", name="x", by=by, at=MORNING)
    with pytest.raises(NotAllowed):
        booking.open_slots(town.medical, first=MORNING.date(), last=MORNING.date(), minutes=30, capacity=2,
                           by=by, at=MORNING)  # fmt: skip
    with pytest.raises(NotAllowed):
        hall.certify(clerk=town.cast.officers["clerk2"], code="X", assessment="x", by=by, at=MORNING)
    by.stand(MORNING)
    assert Hall.objects.visible_to(by).exists() is (who == "clerk")
    assert Window.objects.visible_to(by, MORNING).exists() is (who == "clerk")


def test_a_number_goes_its_way(town: TownHall) -> None:
    clerk = town.cast.officer("clerk")
    young = prove(lambda: line.take_ticket(town.medical, at=MORNING))
    old = line.take_ticket(town.medical, at=later(10), reason=Reason.OLD)
    assert (young.label, old.label) == ("A001", "A002")
    assert (young.before(), old.before()) == (1, 0)
    called = prove(lambda: line.call_next(town.one, by=clerk, at=later(11)))
    assert called.pk == old.pk
    with pytest.raises(line.StillServing):
        line.call_next(town.one, by=clerk, at=later(11))
    prove(lambda: line.recall(called, by=clerk, at=later(12)))
    prove(lambda: line.attend(called, by=clerk, at=later(13)))
    with pytest.raises(line.NoSuchStep):
        line.miss(called, by=clerk, at=later(13))
    prove(lambda: line.pass_on(called, line=town.general, by=clerk, at=later(15)))
    called.refresh_from_db()
    assert (called.label, called.line, called.window) == ("A002", town.general, None)
    nobody = line.call_next(town.one, by=clerk, at=later(16))
    assert nobody.pk == called.pk  # the time already waited goes along
    prove(lambda: line.miss(nobody, by=clerk, at=later(17)))
    last = line.call_next(town.one, by=clerk, at=later(18))
    assert last.pk == young.pk
    line.attend(last, by=clerk, at=later(19))
    prove(lambda: line.conclude(last, by=clerk, at=later(25)))
    prove(lambda: line.come_back(nobody, at=later(26)))
    prove(lambda: line.give_back(nobody, at=later(27)))
    with pytest.raises(line.NobodyWaits):
        line.call_next(town.one, by=clerk, at=later(28))
    ends = Serving.objects.order_by("id").values_list("end", flat=True)
    assert list(ends) == ["passed", "absent", "done"]


def test_who_is_not_on_the_plan_calls_nobody_and_who_stands_in_does(town: TownHall) -> None:
    line.take_ticket(town.medical, at=MORNING)
    for who in ("neighbour", "clerk2"):
        with pytest.raises(NotAllowed):
            line.call_next(town.one, by=town.cast.officer(who), at=later(1))
    people.substitute(
        absent=town.cast.officer("clerk"), substitute=town.cast.officer("clerk2"), starts=MORNING,
        ends=later(300), reason="病假", by=town.cast.officer("it"), at=MORNING,
    )  # fmt: skip
    clerk2 = town.cast.officer("clerk2")
    called = line.call_next(town.one, by=clerk2, at=later(2))
    event = Event.objects.about(called).get(verb="ticket.called")
    assert (event.by_name, event.behalf_name) == (clerk2.name, town.cast.officers["clerk"].name)


def test_the_keeper_without_certificate_does_not_take_in_what_needs_one(town: TownHall) -> None:
    line.take_ticket(town.medical, at=MORNING)
    keeper = town.cast.officer("keeper")
    hall.set_window(
        town.hall, number=2, name="综合窗口", lines=[town.medical], opens=time(9), closes=time(17),
        window=town.two, by=keeper, at=MORNING,
    )  # fmt: skip
    for skill in town.cast.officers["clerk2"].skills.all():
        hall.end_skill(skill, by=keeper, at=MORNING)
    with pytest.raises(line.NotCertified):
        line.call_next(town.two, by=town.cast.officer("clerk2"), at=later(1))


def test_no_number_when_the_hall_is_closed(town: TownHall) -> None:
    for when in (MORNING.replace(hour=8), MORNING.replace(hour=17), MORNING + timedelta(days=5)):
        with pytest.raises(line.HallClosed):
            line.take_ticket(town.general, at=when)
    assert not Ticket.objects.exists()


def test_times_are_opened_on_working_days_within_the_hours(town: TownHall) -> None:
    by = town.cast.officer("keeper")
    first, last = MORNING.date(), MORNING.date() + timedelta(days=9)  # the holidays are in between
    made = prove(lambda: booking.open_slots(
        town.medical, first=first, last=last, minutes=60, capacity=3, by=by, at=MORNING))  # fmt: skip
    days = sorted({slot.starts.astimezone(MORNING.tzinfo).day for slot in Slot.objects.all()})
    assert days == [8, 29, 30]
    assert made == 7 + 8 + 8
    assert booking.open_slots(town.medical, first=first, last=last, minutes=60, capacity=3, by=by, at=MORNING) == 0


def test_an_appointment_is_booked_moved_kept(town: TownHall) -> None:
    slot, other = town.slot(capacity=1), town.slot(capacity=1, hour=11)
    made = prove(lambda: book(town, slot))
    assert (made.number[:2], len(made.code)) == ("YX", 6)
    assert Appointment.objects.with_code(made.number, made.code) == made
    assert Appointment.objects.with_code(made.number, "000000" if made.code != "000000" else "1") is None
    with pytest.raises(booking.Full):
        book(town, slot, "13900000001")
    prove(lambda: booking.move_appointment(made, slot=other, at=MORNING))
    slot.refresh_from_db()
    assert slot.booked == 0
    again = book(town, slot, "13900000001")
    with pytest.raises(booking.Full):
        booking.move_appointment(made, slot=slot, at=MORNING)
    prove(lambda: booking.cancel_appointment(again, at=MORNING))
    slot.refresh_from_db()
    assert slot.booked == 0
    with pytest.raises(booking.TooEarly):
        booking.check_in(made, at=later(10))
    line.take_ticket(town.medical, at=later(65))
    ticket = prove(lambda: booking.check_in(made, at=later(70)))
    assert ticket.before() == 0
    with pytest.raises(booking.TooLate):
        booking.check_in(made, at=later(71))
    texts = " ".join(Message.objects.values_list("text", flat=True))
    assert "2026-09-29 11:00" in texts
    assert made.code not in texts
    known = [str(value) for event in Event.objects.all() for value in (event.label, event.data)]
    assert not any(PHONE in each or "欧阳" in each for each in known)


def test_what_cannot_be_booked(town: TownHall) -> None:
    slot = town.slot()
    for name, phone in (("", PHONE), ("张三", "abc"), ("张三", "")):
        with pytest.raises(booking.WhoIsIt):
            booking.book(slot, name=name, phone=phone, at=MORNING)
    book(town, slot)
    with pytest.raises(booking.AlreadyBooked):
        book(town, slot)
    slot.refresh_from_db()
    assert slot.booked == 1
    with pytest.raises(booking.TooLate):
        booking.book(slot, name="张三", phone="13900000002", at=later(31))
    for hour in (11, 13):
        book(town, town.slot(hour=hour))
    with pytest.raises(booking.AlreadyBooked):
        book(town, town.slot(hour=14))


def test_a_leaders_duty_is_logged_and_its_opinions_are_voices(town: TownHall) -> None:
    cast = town.cast
    shift = people.roster(
        duty=Shift.Duty.LEADER, user=cast.officers["secretary"], office=cast.offices["hall"], starts=MORNING,
        ends=later(240), by=cast.officer("it"), at=MORNING,
    )  # fmt: skip
    for who in ("neighbour", "keeper"):
        with pytest.raises(NotAllowed):
            duty.come_on_duty(shift, by=cast.officer(who), at=later(1))
    leader = cast.officer("secretary")
    log = prove(lambda: duty.come_on_duty(shift, by=leader, at=later(1)))
    with pytest.raises(duty.AlreadyOnDuty):
        duty.come_on_duty(shift, by=leader, at=later(2))
    rule = "大厅管理办法第5条"
    settled = prove(lambda: duty.hear_on_duty(
        log, text="饮水机没水。", decision="当天换好。", competence=rule, by=leader, at=later(3)))  # fmt: skip
    beyond = duty.hear_on_duty(log, text="要求免除费用。", decision="同意免除。", by=leader, at=later(4))
    assert (bool(settled.decision), beyond.decision) == (True, "")
    assert list(Voice.objects.order_by("id").values_list("channel", flat=True)) == ["hall", "hall"]
    prove(lambda: duty.leave_duty(log, handover="费用一事已转。", by=leader, at=later(230)))
    with pytest.raises(duty.NotThen):
        duty.hear_on_duty(log, text="晚了。", by=leader, at=later(231))


def test_certificates_have_an_event_and_an_end(town: TownHall) -> None:
    by, clerk = town.cast.officer("keeper"), town.cast.officers["clerk"]
    with pytest.raises(hall.AlreadyCertified):
        hall.certify(clerk=clerk, code=CODE, assessment="x", by=by, at=MORNING)
    with pytest.raises(hall.NotAClerk):
        hall.certify(clerk=town.cast.officers["neighbour"], code=CODE, assessment="x", by=by, at=MORNING)
    with pytest.raises(hall.NotYourself):
        hall.certify(clerk=by, code=CODE, assessment="x", by=by, at=MORNING)
    prove(lambda: hall.end_skill(clerk.skills.get(), by=by, at=MORNING))
    prove(lambda: hall.certify(clerk=clerk, code=CODE, assessment="复训", by=by, at=MORNING))


def test_who_serves_somebody_finishes_it_when_the_turn_is_over(town: TownHall) -> None:
    clerk, noon = town.cast.officer("clerk"), MORNING.replace(hour=11, minute=58)
    line.take_ticket(town.medical, at=noon)
    called = line.call_next(town.one, by=clerk, at=noon)
    line.attend(called, by=clerk, at=noon)
    over = MORNING.replace(hour=12, minute=5)
    with pytest.raises(NotAllowed):
        line.conclude(called, by=town.cast.officer("neighbour"), at=over)
    assert line.conclude(called, by=clerk, at=over).done_at == over
    with pytest.raises(NotAllowed):
        line.call_next(town.one, by=clerk, at=over)
