"""A hall that is open late, somebody at its window, somebody expected, a leader on duty, a file lent out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from lianxin.people import actions as people
from lianxin.people.models import Post
from lianxin.serve.actions import appointment, badge, care, duty, hall, line, loan, reception, roster
from lianxin.serve.models import Badge, Function, Hall, Loan, Slot, Ticket
from lianxin.serve.rules.hall import Sitting
from tests.cast import Cast

KEY = "5eeb01da5eeb01da"  # of the number: whoever holds the paper may look at it


def open_late(cast: Cast, at: datetime, *, secret: str, name: str, phone: str) -> dict[str, Any]:
    """Open the hall and return the numbers of everything in it that a page is about."""
    keeper, clerk = cast.officer("keeper"), cast.officers["clerk"]
    made = hall.open_hall(office=cast.offices["hall"], by=keeper, at=at)
    queue = hall.open_line(made, letter="a", name="医保", codes=["YB"], by=keeper, at=at)
    hours: dict[str, Any] = {"opens": time(21), "closes": time(23), "by": keeper, "at": at}
    window = hall.set_window(made, number=1, name="医保窗口", lines=[queue], **hours)
    skill = hall.certify(clerk=clerk, code="YB", assessment="考试", by=keeper, at=at)
    sat = [Sitting(window.pk, clerk.pk, time(21), time(23))]
    roster.plan(made, day=at.date(), sittings=sat, by=keeper, at=at)
    number = line.take_ticket(queue, at=at)
    Ticket.objects.filter(pk=number.pk).update(key=KEY)
    line.call_next(window, by=cast.officer("clerk"), at=at)
    slot = Slot.objects.create(
        line=queue, starts=at + timedelta(days=1), ends=at + timedelta(days=1, hours=1), capacity=9
    )
    booked = appointment.book(slot, name=name, phone=phone, matter=secret, at=at)
    shifts = [
        people.roster(duty="leader", user=cast.officers["mayor"], office=cast.offices["hall"], starts=starts,
                      ends=starts + timedelta(hours=2), by=None, at=at)
        for starts in (at - timedelta(hours=1), at + timedelta(days=2))
    ]  # fmt: skip
    log = duty.come_on_duty(shifts[0], by=cast.officer("mayor"), at=at)
    lent = _lent(cast, at, secret=secret, name=name, phone=phone)
    return {
        **_received(cast, at, secret=secret, name=name, phone=phone),
        "hall_kept": made.pk, "hall_window": window.pk, "hall_line": queue.pk, "hall_skill": skill.pk,
        "hall_ticket": number.pk,
        "hall_deeds": ["attend", "recall", "miss", "conclude"], "appointment": booked.number,
        **_cared(cast, made, at, secret=secret, name=name, phone=phone),
        "hall_shift": shifts[1].pk, "hall_log": log.pk, "loan": lent.number, "loan_deeds": ["sign", "lend", "return"],
    }  # fmt: skip


def _received(cast: Cast, at: datetime, *, secret: str, name: str, phone: str) -> dict[str, Any]:
    reception.seed_functions(at=at)
    function = Function.objects.order_by("place")[0]
    made = reception.receive_person(
        name=name, phone=phone, matters=[(function, secret)], by=cast.officer("clerk"), at=at
    )
    return {"reception": made.number, "matter": made.matters.get().pk, "function": function.pk}


def _cared(cast: Cast, made: Hall, at: datetime, *, secret: str, name: str, phone: str) -> dict[str, Any]:
    clerk = cast.officer("clerk")
    asked = care.be_asked(made, matter=secret, told=secret, by=clerk, at=at)
    phrase = care.add_phrase(kind="never", text="不知道", source="服务规范", by=None, at=at)
    visit = care.ask_home(made, name=name, phone=phone, address=secret, reason="old", matter=secret, at=at)
    return {
        "asked": asked.pk, "asked_deeds": ["hand-over", "answer", "settle"], "phrase": phrase.pk,
        "badge": _badge(cast, at), "home": visit.number, "home_deeds": ["plan", "finish", "decline"],
    }  # fmt: skip


def _badge(cast: Cast, at: datetime) -> int:
    made = badge.print_badge(cast.posts["clerk"], duties="医保报销", by=None, at=at)
    Badge.objects.filter(pk=made.pk).update(key=KEY)
    return made.pk


def _lent(cast: Cast, at: datetime, *, secret: str, name: str, phone: str) -> Loan:
    signer: Post = cast.posts["labour_approver"]
    loan.set_loan_rule(cast.offices["labour"], approver=signer, days=7, basis="借阅办法", by=None, at=at)
    return loan.ask_loan(
        cast.offices["labour"], file_no="D-1", subject=name, unit="县教育局", borrower=name, phone=phone,
        purpose=secret, by=cast.officer("labour_reviewer"), at=at,
    )  # fmt: skip
