"""Visits of the demo county: a campaign with a team, a community's doors, what was heard there, a session, a diary."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from lianxin.kit.clock import local
from lianxin.listen import actions as listen
from lianxin.people import actions as people
from lianxin.people.models import Campaign, Office, User
from lianxin.places.models import Area
from lianxin.project.demo.accounts import PASSWORD
from lianxin.project.demo.land import Land
from lianxin.project.demo.staff import SHOWN, Staff, name_of
from lianxin.record import actions as record
from lianxin.record.models import EncounterKind, Household, Offer, Team
from lianxin.record.rules import Indicator, Mode, Outcome, Tie

DAY = timedelta(days=1)
HOMES = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈"]
SAID = [
    ("problem", "三号楼前的路灯坏了两盏，晚上老人不敢下楼。"), ("problem", "楼道里堆了杂物，电动车也停在门口。"),
    ("suggestion", "小区门口能不能装个快递柜，大家都方便。"), ("consult", "老伴今年退休，养老金去哪里办？"),
    ("problem", "雨天地下车库进水，去年也进过一次。"),
]  # fmt: skip
ENDS = [Outcome.MET, Outcome.MET, Outcome.MET, Outcome.ABSENT, Outcome.MET, Outcome.REFUSED, Outcome.MET, Outcome.MET]
# 济宁经开区的“三知四清楚”；一县的叫法由它自己写。
MARKS = [
    ("know", "知家庭成员", ["members"]), ("know", "知生活状况", ["income"]), ("know", "知生产情况", ["work"]),
    ("clear", "清楚思想状况", []), ("clear", "清楚家庭困难", ["difficulty"]), ("clear", "清楚就业情况", ["work"]),
    ("clear", "清楚诉求愿望", []),
]  # fmt: skip


def set_out(rng: Random, staff: Staff, ground: Land, until: datetime) -> None:
    """Let a team of the first town set out to one of its communities in the last weeks before `until`."""
    begun, office = until - 24 * DAY, staff.offices["town0"]
    organiser = engage(staff, "organiser", "走访办主任", "organiser", staff.offices["hub"], begun)
    cadres = [engage(staff, key, "民情书记", "cadre", office, begun) for key in ("cadre", "cadre2", "cadre3")]
    kinds = _lists(organiser, begun)
    campaign = _campaign(office, organiser, kinds, begun)
    team = _team(campaign, office, cadres, organiser, begun)
    places = ground.villages_of(ground.towns[0])
    record.give_area(team, area=places[1], starts=begun.date(), by=organiser, at=begun)
    record.link(
        tie=Tie.SECRETARY, user=cadres[0], area=places[1], starts=begun.date(), duties="每周二进社区", by=organiser,
        at=begun,
    )  # fmt: skip
    record.plan_outings(team, area=places[1], days=_tuesdays(until), by=organiser, at=until - 7 * DAY)
    _doors(rng, team, kinds, cadres[0], places[1], until)
    _session(kinds["session"], cadres[0], places[1], until)
    record.write_diary(
        on=(until - 2 * DAY).date(), place=places[1].name, by=cadres[0], at=until - 2 * DAY,
        text="跟着老书记走了半天，才知道哪家是独居老人。三号楼前的路灯又坏了。",
    )  # fmt: skip


def engage(staff: Staff, key: str, title: str, role: str, office: Office, at: datetime) -> User:
    """Return the officer of this key; who is not there yet is engaged."""
    if key in staff.officers:
        return staff.officers[key]
    user = people.make_user(username=key, name=name_of(len(staff.officers)), by=None, at=at, totp_required=False)
    if key in SHOWN:
        people.set_password(user, password=PASSWORD, by=user, at=at)
    post = people.open_post(office=office, title=title, role=role, by=None, at=at)
    staff.officers[key], staff.posts[key] = user, people.appoint(post, holder=user, by=None, at=at)
    return user


def _lists(by: User, at: datetime) -> dict[str, EncounterKind]:
    of = EncounterKind.Of
    rows = {
        "household": ("入户走访", of.HOUSEHOLD), "place": ("社区摸底", of.PLACE), "session": ("拉呱说事", of.SESSION),
        "training": ("走访培训", of.SESSION), "enterprise": ("走访单位", of.ENTERPRISE),
    }  # fmt: skip
    for kind, name, text in (
        (Offer.Kind.CARD, "民情联系卡", ""), (Offer.Kind.SERVICE, "免费理发", ""), (Offer.Kind.SERVICE, "手机贴膜", ""),
        (Offer.Kind.LESSON, "防范金融诈骗", ""), (Offer.Kind.LETTER, "致居民朋友的一封信", LETTER),
    ):  # fmt: skip
        record.add_offer(kind=kind, name=name, text=text, starts=at.date(), by=by, at=at)
    for words in ("不吃请、不收礼", "不前呼后拥", "不让村里填报已有的数据"):
        record.add_discipline(words=words, by=by, at=at)
    for side, words, fields in MARKS:
        record.add_mark(side=side, words=words, fields=fields, by=by, at=at)
    record.add_occasion(must="visit", name="家中突发变故", days=1, by=by, at=at)
    record.add_occasion(must="report", name="邻里矛盾激化", days=1, by=by, at=at)
    return {
        key: record.add_kind(key=f"visit.{key}", name=name, of=sort, is_profile=key == "place", by=by, at=at)
        for key, (name, sort) in rows.items()
    }


LETTER = """各位居民朋友：
您好！我们是联系咱们社区的民情书记，每周二来社区，也可以约时间上门。
您家里有什么难处，对社区、对街道有什么意见，请当面告诉我们，或者扫下面的码。
您说的每件事都有编号，办到哪一步，您随时可以查。"""


def _campaign(office: Office, by: User, kinds: dict[str, EncounterKind], at: datetime) -> Campaign:
    campaign = record.open_campaign(
        key="minqing",
        name="民情书记进社区",
        office=office,
        starts=at.date(),
        goal="走村不漏户，户户见干部",
        by=by,
        at=at,
    )
    record.set_target(campaign, name="走进千家", counts="households", target=1000, by=by, at=at)
    for words, indicator in (
        ("串百家门", Indicator.MET), ("知百家情", Indicator.FILED), ("听百家言", Indicator.HEARD),
        ("解百家难", Indicator.SOLVED), ("连百家心", Indicator.LINKED), ("办百家事", Indicator.GIVEN),
    ):  # fmt: skip
        record.set_goal(campaign, words=words, indicator=indicator, by=by, at=at)
    record.set_action(campaign, name="走访培训", kind=kinds["training"], each_member=True, by=by, at=at)
    record.set_action(campaign, name="拉呱说事", kind=kinds["session"], by=by, at=at)
    record.set_team_rule(campaign, asks="leader", rank="科级", by=by, at=at)
    return campaign


def _team(campaign: Campaign, office: Office, cadres: list[User], by: User, at: datetime) -> Team:
    team = record.make_team(campaign, number=1, office=office, by=by, at=at)
    for cadre, rank in zip(cadres, ("科级", "科级", ""), strict=True):
        record.join_team(team, user=cadre, starts=at.date(), rank=rank, by=by, at=at)
    return record.lead_team(team, user=cadres[0], by=by, at=at)


def _tuesdays(until: datetime) -> list[date]:
    first = until.date() + timedelta(days=(1 - until.date().weekday()) % 7)
    return [first + timedelta(weeks=week) for week in range(4)]


def _doors(rng: Random, team: Team, kinds: dict[str, EncounterKind], cadre: User, area: Area, until: datetime) -> None:
    """Open the files of a building, go to most of its doors, and hear what is said there."""
    card = Offer.objects.get(kind=Offer.Kind.CARD)
    opened = until - 20 * DAY
    homes: list[Household] = [
        record.open_household(
            area=area, door=f"{1 + n // 5}号楼{101 + n % 5}室", called=surname + ("大山" if n % 2 else "秀兰"),
            by=cadre, at=opened,
        )
        for n, surname in enumerate(HOMES)
    ]  # fmt: skip
    said = iter(SAID)
    for n, (home, outcome) in enumerate(zip(homes, ENDS, strict=False)):
        at = local(until - (9 - n) * DAY).replace(hour=18, minute=30)  # written down in the evening
        visit = record.visit(
            kind=kinds["household"], household=home, team=team, starts_at=at - timedelta(hours=rng.randrange(2, 6)),
            mode=Mode.FACE, outcome=outcome, notes="" if outcome != Outcome.MET else "看了家里情况，问了收入和身体。",
            given=[(card, 1)] if outcome == Outcome.MET else [], noticed=outcome == Outcome.MET, by=cadre, at=at,
        )  # fmt: skip
        if outcome == Outcome.MET and (heard := next(said, None)):
            listen.hear(
                channel="visit",
                identity="anonymous",
                kind=heard[0],
                text=heard[1],
                encounter=visit,
                recorder=cadre,
                at=at,
            )


def _session(kind: EncounterKind, cadre: User, area: Area, until: datetime) -> None:
    """Hold a session with guests of the roster, two matters on the table."""
    at = local(until - 5 * DAY).replace(hour=17, minute=10)
    guests = [
        record.add_guest(area, name=name, category=category, agreed=True, by=cadre, at=at - DAY)
        for name, category in (("何秀英", "居民代表"), ("田有福", "老党员"), ("罗小军", "商户"))
    ]
    session = record.draft(
        kind=kind, area=area, place="社区活动室", starts_at=at - timedelta(hours=2), headcount=26, by=cadre, at=at - DAY
    )
    record.invite(session, guests=guests, by=cadre, at=at - DAY)
    for text, result, who in (
        ("小区停车难", "东侧空地划线，先试一个月", "社区居委会"), ("广场舞太吵", "约定晚上九点结束", "楼长"),
    ):  # fmt: skip
        topic = record.put_topic(session, text=text, by=cadre, at=at - DAY)
        record.settle_topic(topic, result=result, who=who, by=cadre, at=at)
    record.come(session, guests=guests[:2], by=cadre, at=at)
    record.submit(session, campaigns=list(Campaign.objects.all()), by=cadre, at=at)
