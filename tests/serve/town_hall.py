"""A hall of two windows for the tests: one line for medical insurance, one for everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from lianxin.kit.clock import ZONE
from lianxin.outbox.actions import seed_templates
from lianxin.serve.actions import appointment, hall, roster
from lianxin.serve.models import Appointment, Hall, Line, Slot, Window
from lianxin.serve.rules.hall import Sitting
from tests import cast as people
from tests.cast import Cast

MORNING = datetime(2026, 9, 29, 9, 30, tzinfo=ZONE)  # a Tuesday
CODE = "YB-01"
PHONE = "13911112222"


@dataclass
class TownHall:
    """The hall, its lines and windows, and the cast."""

    cast: Cast
    hall: Hall
    medical: Line
    general: Line
    one: Window
    two: Window

    def slot(self, capacity: int = 2, hour: int = 10) -> Slot:
        """Return a time of today that may be booked."""
        start = MORNING.replace(hour=hour, minute=0)
        return Slot.objects.create(line=self.medical, starts=start, ends=start.replace(minute=30), capacity=capacity)

    def sittings(self) -> list[Sitting]:
        """Return a plan without a fault: two clerks who relieve each other at lunch, at both windows."""
        clerk, clerk2 = self.cast.officers["clerk"].pk, self.cast.officers["clerk2"].pk
        keeper = self.cast.officers["keeper"].pk
        return [
            Sitting(self.one.pk, clerk, time(9), time(12)),
            Sitting(self.one.pk, clerk2, time(12), time(13)),
            Sitting(self.one.pk, clerk, time(13), time(17)),
            Sitting(self.two.pk, clerk2, time(9), time(12)),
            Sitting(self.two.pk, keeper, time(12), time(14)),
            Sitting(self.two.pk, clerk2, time(14), time(17)),
        ]


def build(cast: Cast, *, planned: bool = True) -> TownHall:
    """Write the hall, its certificates and today's plan."""
    by, at = cast.officer("keeper"), MORNING.replace(hour=7)
    seed_templates(at=at)
    people.seed_calendar()
    made = hall.open_hall(office=cast.offices["hall"], by=by, at=at)
    medical = hall.open_line(made, letter="a", name="医保", codes=[CODE], by=by, at=at)
    general = hall.open_line(made, letter="b", name="综合", by=by, at=at)
    hours = {"opens": time(9), "closes": time(17), "by": by, "at": at}
    one = hall.set_window(made, number=1, name="医保窗口", lines=[medical, general], **hours)  # type: ignore[arg-type]
    two = hall.set_window(made, number=2, name="综合窗口", lines=[general], **hours)  # type: ignore[arg-type]
    for clerk in ("clerk", "clerk2"):
        hall.certify(clerk=cast.officers[clerk], code=CODE, assessment="考试合格", by=by, at=at)
    built = TownHall(cast, made, medical, general, one, two)
    if planned:
        roster.plan(made, day=MORNING.date(), sittings=built.sittings(), by=by, at=at)
    return built


def book(built: TownHall, slot: Slot, phone: str = PHONE) -> Appointment:
    return appointment.book(slot, name="欧阳燕归", phone=phone, at=MORNING)
