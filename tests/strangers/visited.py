"""A team that goes from door to door in a village: a visit, a draft, a session, a diary, what waits at a door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lianxin.record import actions
from lianxin.record.models import Occasion
from tests.cast import Cast
from tests.record.county import Going, set_out

LISTS = ["kinds", "offers", "occasions", "marks", "discipline"]


def go(cast: Cast, at: datetime, *, secret: str, name: str) -> dict[str, Any]:
    """Go to the doors, and return the numbers of everything that a page is about."""
    going = set_out(cast, at, place="liushu", called=name)
    cadre, home = cast.officer("cadre"), going.homes[0]
    visit = going.go(home, notes=secret, team=going.team)
    draft = actions.draft(kind=going.kinds["household"], household=home, starts_at=at, notes=secret, by=cadre, at=at)
    actions.add_occasion(must=Occasion.Must.REPORT, name="想就业", days=3, by=going.organiser, at=at)
    call = actions.raise_call(home, occasion=Occasion.objects.get(name="想就业"), because=secret, by=cadre, at=at)
    diary = actions.write_diary(on=at.date(), text=secret, place=secret, by=cadre, at=at)
    offered = actions.sign_up(going.campaign, by=cadre, at=at, skills=secret)
    asked = actions.note_need(going.campaign, area=going.given.area, text="路灯", by=cadre, at=at)
    actions.add_discipline(words="不收礼", by=going.organiser, at=at)
    outing = actions.plan_outings(
        going.team, area=going.given.area, days=[at.date() + timedelta(days=1)], by=going.organiser, at=at
    )[0]  # fmt: skip
    member = going.team.members.get(user=cast.officers["cadre2"])
    return {
        "visit": visit.number, "draft_visit": draft.number, "doors": going.given.area_id, "door": home.number,
        "call": call.pk, "diary": diary.pk, "diary_deeds": ["share", "comment", "promote"], "sign_up": offered.pk,
        "need": asked.pk, "need_deeds": ["offer", "meet"], "outing": outing.pk, "team": going.team.pk,
        "team_deeds": ["join", "lead", "give", "own", "done", "plan"], "member": member.pk, "team_area": going.given.pk,
        "campaign": going.campaign.pk, "brought": going.offers["letter"].pk, "visit_list": ["offers"],
        **_session(going, at, secret=secret, name=name),
    }  # fmt: skip


def _session(going: Going, at: datetime, *, secret: str, name: str) -> dict[str, Any]:
    cadre, area = going.cast.officer("cadre"), going.given.area
    session = actions.draft(kind=going.kinds["session"], area=area, starts_at=at, by=cadre, at=at)
    guest = actions.add_guest(area, name=name, category="居民代表", agreed=True, by=cadre, at=at)
    actions.invite(session, guests=[guest], by=cadre, at=at)
    topic = actions.put_topic(session, text=secret, by=cadre, at=at)
    return {"session": session.number, "guest": guest.pk, "topic": topic.pk}
