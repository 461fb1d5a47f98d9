"""王黄庄 and its kind: a campaign of six teams, doors in villages, things that are brought and asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lianxin.people.models import Campaign, User
from lianxin.record import actions
from lianxin.record.models import Encounter, EncounterKind, Household, Offer, Team, TeamArea, VillageFile
from tests.cast import Cast
from tests.record import making

WEEK = timedelta(days=7)


@dataclass
class Going:
    """A campaign with one team that has the doors of a village, and what it needs to go there."""

    cast: Cast
    at: datetime
    campaign: Campaign
    team: Team
    given: TeamArea
    kinds: dict[str, EncounterKind]
    offers: dict[str, Offer]
    homes: list[Household] = field(default_factory=list)

    @property
    def organiser(self) -> User:
        return self.cast.officer("organiser")

    def go(self, home: Household, *, who: str = "cadre", **details: Any) -> Encounter:
        """Go to a door with the team."""
        told = {
            "kind": self.kinds["household"], "household": home, "team": self.team,
            "starts_at": self.at - timedelta(hours=1), **details,
        }  # fmt: skip
        return actions.visit(by=self.cast.officer(who), at=self.at, **told)


def set_out(cast: Cast, at: datetime, *, doors: int = 3, place: str = "heping", called: str = "户主") -> Going:
    """Let a team of the town set out to a village, 和平村 unless another is named."""
    by, start = cast.officer("organiser"), at - WEEK
    of = EncounterKind.Of
    kinds = {
        key: actions.add_kind(key=f"visit.{key}", name=name, of=sort, is_profile=key == "place", by=by, at=start)
        for key, name, sort in (
            ("household", "入户走访", of.HOUSEHOLD), ("place", "社区摸底", of.PLACE),
            ("session", "拉呱说事", of.SESSION),
            ("training", "培训", of.SESSION), ("enterprise", "走访企业", of.ENTERPRISE),
        )
    }  # fmt: skip
    day = making.day(start)
    offers = {
        key: actions.add_offer(kind=kind, name=name, text=text, starts=day, by=by, at=start)
        for key, kind, name, text in (
            ("card", Offer.Kind.CARD, "民情联系卡", ""),
            ("letter", Offer.Kind.LETTER, "致居民朋友的一封信", "各位居民:\n您好!"),
            ("hair", Offer.Kind.SERVICE, "免费理发", ""), ("film", Offer.Kind.SERVICE, "手机贴膜", ""),
        )
    }  # fmt: skip
    campaign = actions.open_campaign(
        key="mqsj", name="民情书记", office=cast.offices["town_office"], starts=day, by=by, at=start
    )
    team = actions.make_team(campaign, number=1, office=cast.offices["town_office"], by=by, at=start)
    for who in ("cadre", "cadre2"):
        actions.join_team(
            team, user=cast.officers[who], starts=day, rank="科级" if who == "cadre" else "", by=by, at=start
        )
    actions.lead_team(team, user=cast.officers["cadre"], by=by, at=start)
    given = actions.give_area(team, area=cast.areas[place], starts=day, by=by, at=start)
    VillageFile.objects.create(area=cast.areas[place], opened_at=start, completed_at=start)
    given = actions.open_doors(given, by=by, at=start)
    going = Going(cast, at, campaign, team, given, kinds, offers)
    going.homes = [making.household(cast.areas[place], f"{called}{n}", start) for n in range(1, doors + 1)]
    return going
