"""A case brought to any state by the usual people, hour by hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Voice
from lianxin.people.models import Office, User
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Join, Task
from lianxin.resolve.rules import Part, State
from tests.cast import Cast

PHONES = ("13800000001", "13800000002", "13800000003", "13800000004")


class Story:
    """The county at work: each deed happens an hour after the one before."""

    def __init__(self, cast: Cast, at: datetime) -> None:
        self.cast, self.at = cast, at
        self.spoken = 0

    def later(self, **span: float) -> datetime:
        """Let time pass: an hour, or as said."""
        self.at += timedelta(**(span or {"hours": 1}))
        return self.at

    def who(self, key: str) -> User:
        return self.cast.officer(key)

    def office(self, key: str) -> Office:
        return self.cast.offices[key]

    def voice(self, **said: Any) -> Voice:
        """Let somebody else speak each time."""
        phone = PHONES[self.spoken % len(PHONES)]
        self.spoken += 1
        given = {
            "channel": "web", "text": f"和平村三组停水三天了，第{self.spoken}个人说", "identity": "signed",
            "name": "张三丰", "phone": phone, "area": self.cast.areas["heping"], "at": self.at, **said,
        }  # fmt: skip
        return listen.hear(**given).voice

    def items(self, *voices: Voice) -> list[Item]:
        return list(Item.objects.filter(voice__in=voices or [self.voice()]).order_by("pk"))

    def registered(self, *voices: Voice, **said: Any) -> Case:
        items = self.items(*voices)
        return actions.register(items=items, title="和平村三组停水", by=self.who("dispatcher"), at=self.later(), **said)

    def diagnosing(self, *voices: Voice) -> Case:
        return actions.diagnose(self.registered(*voices), by=self.who("dispatcher"), at=self.later())

    def consulting(self, *voices: Voice) -> Case:
        case = self.registered(*voices)
        return actions.consult(case, reason="镇里修不了", by=self.who("dispatcher"), at=self.later())

    def dispatch(self, case: Case, **said: Any) -> Case:
        dispatcher = self.who("dispatcher")
        given = {"lead": self.office("water_section"), "coordinator": dispatcher, **said}
        return actions.dispatch(case, by=dispatcher, at=self.later(), **given)

    def handling(self, *voices: Voice, **said: Any) -> Case:
        return self.dispatch(self.registered(*voices), **said)

    def task(self, case: Case, part: str = Part.LEAD) -> Task:
        return case.tasks.filter(part=part).latest("id")

    def finish(self, case: Case, **said: Any) -> Case:
        given = {"result": "solved", "text": "水管已换，水来了。", **said}
        return actions.finish(case, by=self.who("handler"), at=self.later(), **given)

    def reexamining(self, *voices: Voice) -> Case:
        return self.finish(self.handling(*voices))

    def matched(self, *voices: Voice) -> Case:
        return self.match(self.reexamining(*voices))

    def match(self, case: Case) -> Case:
        return actions.reexamine(
            case, matched=True, finding="去看了，有水。", on_site=True, by=self.who("examiner"), at=self.later()
        )

    def reply(self, case: Case) -> Case:
        return actions.reply(case, text="水管已换好，请放心用水。", by=self.who("dispatcher"), at=self.later())

    def answered(self, *voices: Voice) -> Case:
        return self.reply(self.matched(*voices))

    def join_of(self, case: Case) -> Join:
        return case.joins.order_by("id")[0]

    def confirm(self, case: Case, *, join: Join | None = None, solved: str = "yes", **said: Any) -> Case:
        return actions.confirm(case, join=join or self.join_of(case), solved=solved, at=self.later(), **said)

    def closed(self, *voices: Voice) -> Case:
        return self.confirm(self.answered(*voices))

    def suspended(self, *voices: Voice) -> Case:
        case = self.handling(*voices)
        review = (self.at + timedelta(days=20)).date()
        return actions.suspend(case, reason="等配件到货", review_on=review, by=self.who("secretary"), at=self.later())

    def reopened(self, *voices: Voice) -> Case:
        return self.confirm(self.answered(*voices), solved="no")

    def in_state(self, state: State) -> Case:
        """Bring a new case into a state."""
        roads: dict[State, Callable[[], Case]] = {
            State.REGISTERED: self.registered,
            State.DIAGNOSING: self.diagnosing,
            State.CONSULTING: self.consulting,
            State.HANDLING: self.handling,
            State.REEXAMINING: self.reexamining,
            State.ANSWERED: self.answered,
            State.CLOSED: self.closed,
            State.SUSPENDED: self.suspended,
            State.REOPENED: self.reopened,
        }
        return roads[state]()
