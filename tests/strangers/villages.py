"""The village next door: its cadre and the keeper of its files, and everything that is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lianxin.govern import actions as govern
from lianxin.govern.models import Procedure
from lianxin.help import actions as help_actions
from lianxin.help.models import Register
from lianxin.listen import actions as listen
from lianxin.people import actions as people
from lianxin.people.models import Campaign, Office, User
from lianxin.places import actions as places
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.models import EncounterKind, FactKind, Household
from lianxin.record.rules import Tie
from lianxin.resolve import actions as resolve
from tests.desk.road import Road

OWN, OWN_NAME, OWN_PHONE = "杏花开在村口第三棵树上", "司马杏花", "13722223333"
CADRE, KEEPER = "cadre of the next village", "keeper of the next village"


@dataclass
class Next:
    """The village next door, and the numbers of what it has."""

    area: Area
    office: Office
    users: dict[str, User]
    numbers: dict[str, Any] = field(default_factory=dict)

    def officer(self, who: str) -> User:
        """Return the officer as freshly read: with no standing remembered from an earlier moment."""
        return User.objects.get(pk=self.users[who].pk)


def settle(road: Road) -> Next:
    """Open a village in the same town, and let its own people fill it. Its cadre works in the town's own office."""
    cast, at = road.cast, road.at
    town, start = cast.offices["town_office"], at - timedelta(days=30)
    area = places.add_area(name="杏花村", kind=Area.Kind.VILLAGE, parent=cast.areas["qingshui"], by=None, at=at)
    office = people.open_office(name="杏花村村委会", kind="village", parent=town, areas=[area], by=None, at=start)
    users = {}
    for who, role, where in ((CADRE, "cadre", town), (KEEPER, "archivist", office)):
        users[who] = people.make_user(username=f"next_{role}", name=f"杏{role}", by=None, at=at, totp_required=False)
        post = people.open_post(office=where, title=role, role=role, by=None, at=start)
        people.appoint(post, holder=users[who], by=None, at=start)
    by = cast.officer("organiser")
    record.link(tie=Tie.VILLAGE, user=users[CADRE], area=area, starts=start.date(), by=by, at=at)
    beside = Next(area, office, users)
    home = _filed(beside, at)
    _visited(beside, home, at)
    _decided(beside, home, at)
    return beside


def reach_out(road: Road, numbers: dict[str, Any], *, secret: str) -> None:
    """Let the other village be spoken of where the town's own office has a part: a difficulty, a need of the place."""
    cast, at = road.cast, road.at
    told = record.state(
        Household.objects.get(number=numbers["household"]), kind=FactKind.objects.get(key="strangers"), words=secret,
        by=cast.officer("archivist"), at=at,
    )  # fmt: skip
    town, by = cast.offices["town_office"], cast.officer("organiser")
    record.hand_on(told, office=town, consent=True, words=secret, by=cast.officer("archivist"), at=at)
    campaign = Campaign.objects.get(pk=numbers["campaign"])
    for offered in (False, True):
        need = record.note_need(campaign, area=cast.areas["liushu"], text=secret, by=cast.officer("cadre"), at=at)
        if offered:
            record.offer_need(need, office=town, offer=secret, on=at.date(), by=by, at=at)


def _filed(beside: Next, at: datetime) -> Household:
    by, area = beside.officer(KEEPER), beside.area
    home = record.open_household(area=area, door="1号", called=OWN_NAME, by=by, at=at)
    who = record.add_resident(home, name=OWN_NAME, is_head=True, phone=OWN_PHONE, by=by, at=at)
    fact = record.state(home, kind=FactKind.objects.get(key="strangers"), words=OWN, by=by, at=at)
    record.open_village(area, by=by, at=at)
    unit = record.open_enterprise(unit="enterprise", name=OWN, area=area, by=by, at=at)
    book = record.register_book(number="杏花一册", title=OWN, areas=[area], by=by, at=at)
    said = listen.hear(channel="visit", text=OWN, identity="anonymous", at=at, household=home, recorder=by)
    said.voice.items.update(level="household")
    sheet = resolve.compile_feedback(area, starts=at.date(), ends=at.date(), by=by, at=at)
    beside.numbers |= {
        "household": home.number, "door": home.number, "resident": who.pk, "fact": fact.pk, "unit": unit.pk,
        "book": book.pk, "village": area.pk, "doors": area.pk, "feedback": sheet.number,
    }  # fmt: skip
    return home


def _visited(beside: Next, home: Household, at: datetime) -> None:
    cadre, kinds = beside.officer(CADRE), EncounterKind.objects
    given: dict[str, Any] = {"starts_at": at, "by": cadre, "at": at}
    visit = record.visit(kind=kinds.get(key="visit.household"), household=home, notes=OWN, **given)
    draft = record.draft(kind=kinds.get(key="visit.household"), household=home, **given)
    session = record.draft(kind=kinds.get(key="visit.session"), area=beside.area, **given)
    diary = record.write_diary(on=at.date(), text=OWN, place=OWN, by=cadre, at=at)
    beside.numbers |= {
        "visit": visit.number, "draft_visit": draft.number, "session": session.number, "diary": diary.pk
    }  # fmt: skip


def _decided(beside: Next, home: Household, at: datetime) -> None:
    by, register = beside.officer(KEEPER), Register.objects.get(key="strangers")
    entry = help_actions.enter(home, register=register, because=OWN, day=at.date(), by=by, at=at)
    motion = govern.move(
        title=OWN, text=OWN, office=beside.office, procedure=Procedure.objects.get(key="strangers"),
        electorate="household", manner="secret", proposed_by="组长", area=beside.area, by=by, at=at,
    )  # fmt: skip
    beside.numbers |= {"entry": entry.pk, "motion": motion.number}
