"""金塔村 and its group 4, which has had no water for years: households on the list, a motion, a vote."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lianxin.govern import actions
from lianxin.govern.models import Motion, Procedure, Voter
from lianxin.people.models import User
from lianxin.places.models import Area
from tests.cast import Cast
from tests.record import making

STEPS = [
    {"key": "branch", "title": "支部提议", "kind": "record", "gate": "start"},
    {"key": "notice", "title": "议题公告", "kind": "notice", "gate": "start"},
    {"key": "list", "title": "公布名单", "kind": "list", "gate": "start"},
    {"key": "vote", "title": "村民表决", "kind": "vote", "gate": "start"},
    {"key": "matters", "title": "评议事项", "kind": "record", "gate": "acceptance"},
    {"key": "cadres", "title": "评议干部", "kind": "record", "gate": "acceptance"},
]
HOMES = 9


def group_four(cast: Cast) -> Area:
    """Write 金塔村 with its group 4."""
    made = cast.areas["qingshui"]
    for name, kind in (("金塔村", Area.Kind.VILLAGE), ("4组", Area.Kind.GROUP)):
        parent = made
        made = Area.objects.create(
            name=name, kind=kind, parent=parent, path="", full_name=parent.full_name + name, source="test"
        )
        made.path = f"{parent.path}{made.pk}/"
        made.save(update_fields=["path"])
    return made


class Village:
    """The keeper of the files puts it to the nine households of the group."""

    def __init__(self, cast: Cast, at: datetime, **values: Any) -> None:
        self.cast, self.at = cast, at
        self.area = group_four(cast)
        for number in range(HOMES):
            making.household(self.area, f"住户{number + 1}", at)
        said: dict[str, Any] = {"steps": STEPS, "notice_days": 5, "proxies_most": 2, **values}
        self.procedure: Procedure = actions.set_procedure(
            key="three", name="三制两评议", basis="镇党委〔2014〕3号", by=None, at=at, **said
        )  # fmt: skip
        self.motion = self.moved()

    @property
    def by(self) -> User:
        return self.cast.officer("archivist")

    def moved(self, **values: Any) -> Motion:
        said: dict[str, Any] = {
            "title": "4组打井通水", "text": "打一口井，铺两公里管，每户出工三天。", "area": self.area,
            "electorate": "household", "manner": "secret", "proposed_by": "村民小组长", **values,
        }  # fmt: skip
        return actions.move(
            **said,
            office=self.cast.offices["town_office"],
            procedure=self.procedure,
            by=self.by,
            at=self.at,
        )

    def known(self) -> Motion:
        """List the voters, post the notice."""
        actions.list_voters(self.motion, by=self.by, at=self.at)
        self.motion = actions.notice(self.motion, by=self.by, at=self.at)
        return self.motion

    def voting(self, after: int = 6) -> list[Voter]:
        """Open the vote when the notice has been up, and return the list."""
        self.known()
        self.at += timedelta(days=after)
        self.motion = actions.open_vote(self.motion, by=self.by, at=self.at)
        return list(self.motion.voters.filter(struck_at=None).order_by("id"))

    def came(self, voters: list[Voter], **counts: int) -> Motion:
        """Check those off who came, count their papers, close."""
        for voter in voters:
            actions.check_off(voter, by=self.by, at=self.at)
        actions.count_votes(self.motion, counts=counts, by=self.by, at=self.at)
        self.motion = actions.close_vote(self.motion, by=self.by, at=self.at)
        return self.motion

    def decided(self) -> Motion:
        """Let all of it go well, with the step that is on record."""
        voters = self.voting()
        actions.record_step(
            self.motion, key="branch", day=making.day(self.at), words="同意提交", by=self.by, at=self.at
        )
        return self.came(voters[:7], yes=6, no=1)
