"""Ways to bring a case to any point of its road, by the actions alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Voice
from lianxin.people import actions as people
from lianxin.resolve import actions
from lianxin.resolve.models import Case
from tests.cast import Cast

WORDS = "我们小区从上个月起，每天晚上六点到九点四楼以上基本没水，做饭洗澡都成问题。打物业电话说是水厂的事。"
TITLE = "道喜小区晚上供水不足"


class Road:
    """The town hears, the centre dispatches, the water section works, the examiner looks, the centre answers."""

    def __init__(self, cast: Cast, at: datetime) -> None:
        self.cast, self.at = cast, at
        people.seed_limits(at=at)

    def hear(self, text: str = WORDS, *, identity: str = "signed", ago: int = 0, **given: Any) -> Voice:
        at = self.at - timedelta(hours=ago)
        contact: dict[str, Any] = {} if identity == "anonymous" else {"name": "张小三", "phone": "13800138000"}
        facts: dict[str, Any] = {
            "area": self.cast.areas["heping"],
            "office": self.cast.offices["town_office"],
            "channel": "web",
            **contact,
            **given,
        }
        return listen.hear(text=text, identity=identity, at=at, **facts).voice

    def items(self, *voices: Voice) -> list[Item]:
        return [item for voice in voices for item in voice.items.all()]

    def later(self, case: Case, days: int) -> datetime:
        """A date some days after the one in force."""
        assert case.due_at
        return case.due_at + timedelta(days=days)

    def registered(self, *voices: Voice, title: str = TITLE) -> Case:
        heard = voices or (self.hear(),)
        by = self.cast.officer("dispatcher")
        return actions.register(items=self.items(*heard), title=title, by=by, at=self.at)

    def handling(self, *voices: Voice, assists: tuple[str, ...] = (), title: str = TITLE) -> Case:
        by = self.cast.officer("dispatcher")
        offices = self.cast.offices
        return actions.dispatch(
            self.registered(*voices, title=title),
            lead=offices["water_section"],
            coordinator=by,
            assists=[offices[key] for key in assists],
            wish="请查明水压不足的原因",
            by=by,
            at=self.at,
        )

    def finished(self, *voices: Voice) -> Case:
        by = self.cast.officer("handler")
        return actions.finish(
            self.handling(*voices),
            result="solved",
            text="更换了加压泵，水压恢复正常。",
            root_cause="加压泵老化",
            by=by,
            at=self.at,
        )

    def reexamined(self, *voices: Voice) -> Case:
        by = self.cast.officer("examiner")
        return actions.reexamine(
            self.finished(*voices), matched=True, finding="晚上七点到现场看过，有水。", by=by, at=self.at
        )

    def answered(self, *voices: Voice) -> Case:
        by = self.cast.officer("dispatcher")
        return actions.reply(self.reexamined(*voices), text="水泵已经更换，9月28日起恢复正常供水。", by=by, at=self.at)

    def suspended(self) -> Case:
        by = self.cast.officer("secretary")
        review = (self.at + timedelta(days=20)).date()
        return actions.suspend(self.handling(), reason="等待省里批复管网改造资金", review_on=review, by=by, at=self.at)
