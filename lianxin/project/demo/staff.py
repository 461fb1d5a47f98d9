"""The offices and officers of the demo county, each power in somebody's hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianxin.listen import actions as listen
from lianxin.outbox import actions as outbox
from lianxin.people import actions as people
from lianxin.people.models import Office, Post, Shift, User
from lianxin.project.demo.accounts import ACCOUNTS, PASSWORD
from lianxin.project.demo.land import Land
from lianxin.project.demo.words import THEMES
from lianxin.serve import actions as serve

K = Office.Kind
BUREAUS = {
    "water": ("县水务局", K.BUREAU),
    "power": ("县供电公司", K.AGENCY),
    "roads": ("县交通运输局", K.BUREAU),
    "housing": ("县住房和城乡建设局", K.BUREAU),
    "urban": ("县城市管理局", K.BUREAU),
    "environment": ("县生态环境分局", K.BUREAU),
    "labour": ("县人力资源和社会保障局", K.BUREAU),
    "medical": ("县医疗保障局", K.BUREAU),
    "education": ("县教育局", K.BUREAU),
    "farming": ("县农业农村局", K.BUREAU),
    "land": ("县自然资源局", K.BUREAU),
}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章苏潘葛范彭鲁韦马苗方俞任袁柳"
SHOWN = {name for name, _ in ACCOUNTS}
GIVEN = "明芳伟静强敏磊艳军霞勇玲平桂林涛丹华建秀"


def name_of(number: int) -> str:
    """Compose the name of an officer: nobody's, and each number another one."""
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number * 7 % len(GIVEN)] + GIVEN[number * 3 % len(GIVEN)]


@dataclass(frozen=True)
class Staff:
    """Who is who."""

    offices: dict[str, Office]
    officers: dict[str, User]
    posts: dict[str, Post]
    handlers: dict[int, User]  # office number -> who handles there

    def handler_of(self, office: Office) -> User:
        return self.handlers[office.pk]


def hire(land: Land, at: datetime) -> Staff:
    """Write offices, officers, posts, and the tables they work by."""
    people.found_county(name="云溪县", prefix="YX", at=at, area=land.county)
    people.seed_calendar(at=at)
    people.seed_limits(at=at)
    outbox.seed_templates(at=at)
    serve.seed_wordings(at=at)
    serve.seed_functions(at=at)
    offices = _offices(land, at)
    listen.seed_subjects(at=at, leads={theme.subject: offices[theme.office] for theme in THEMES})
    clerk = _Clerk(at)
    _leaders(clerk, offices)
    for number, (key, (name, _)) in enumerate(BUREAUS.items()):
        handler = "handler" if key == "water" else f"handler_{key}"
        clerk.engage(handler, "经办人", "handler", offices[key])
        chief = "chief" if key == "water" else f"chief_{key}"
        clerk.engage(chief, "经理" if name.endswith("公司") else "局长", "chief", offices[key])
        clerk.handlers[offices[key].pk] = clerk.officers[handler]
        if number == 0:
            clerk.engage("handler_pipes", "经办人", "handler", offices["water_section"])
            clerk.handlers[offices["water_section"].pk] = clerk.officers["handler_pipes"]
    for number, town in enumerate(land.towns):
        office = offices[f"town{number}"]
        clerk.engage("registrar" if number == 0 else f"registrar{number}", "登记员", "registrar", office)
        clerk.engage(f"handler_town{number}", "经办人", "handler", office)
        clerk.engage(
            f"secretary_town{number}", f"{town.name}党(工)委书记", "local_leader", office, tier=Post.Tier.COMMITTEE
        )
        clerk.handlers[office.pk] = clerk.officers[f"handler_town{number}"]
    branch = clerk.engage("secretary_village", "党支部书记", "local_leader", offices["village"], tier=Post.Tier.BRANCH)
    clerk.handlers[offices["village"].pk] = branch
    return Staff(offices, clerk.officers, clerk.posts, clerk.handlers)


def roster(staff: Staff, until: datetime) -> None:
    """Put a leader on duty around the clock for the coming fortnight, and let one colleague stand in for another."""
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
    leaders = [staff.officers["secretary"], staff.officers["deputy"]]
    for day in range(-1, 14):
        start = midnight + timedelta(days=day)
        people.roster(
            duty=Shift.Duty.LEADER, user=leaders[day % 2], office=staff.offices["leadership"], starts=start,
            ends=start + timedelta(days=1), by=None, at=until, phone=f"1990000000{day % 2}",
        )  # fmt: skip
    people.substitute(
        absent=staff.officers["handler_pipes"], substitute=staff.officers["handler"], starts=midnight,
        ends=midnight + timedelta(days=10), reason="年休假", by=None, at=until,
    )  # fmt: skip


def _offices(land: Land, at: datetime) -> dict[str, Office]:
    def open_office(name: str, kind: str, parent: Office | None, **more: object) -> Office:
        return people.open_office(name=name, kind=kind, parent=parent, by=None, at=at, **more)  # type: ignore[arg-type]

    top = open_office("云溪县领导", K.COUNTY, None, areas=[land.county])
    offices = {
        "leadership": top,
        "hub": open_office("县群众诉求服务中心", K.HUB, top, areas=[land.county], phone="12345"),
    }
    for key, (name, kind) in BUREAUS.items():
        offices[key] = open_office(name, kind, top, areas=[land.county])
    offices["water_section"] = open_office("县水务局供水股", K.SECTION, offices["water"])
    for number, town in enumerate(land.towns):
        name = f"{town.name}{'办事处' if town.name.endswith('街道') else '人民政府'}"
        offices[f"town{number}"] = open_office(name, K.TOWN, top, areas=[town])
    village = land.villages_of(land.towns[1])[0]
    offices["village"] = open_office(f"{village.name}村民委员会", K.VILLAGE, offices["town1"], areas=[village])
    return offices


def _leaders(clerk: _Clerk, offices: dict[str, Office]) -> None:
    top, hub = offices["leadership"], offices["hub"]
    clerk.engage("secretary", "县委书记", "leader", top, tier=Post.Tier.COUNTY)
    clerk.engage("deputy", "副县长", "leader", top)
    clerk.engage("letter_clerk", "来信登记员", "letter_clerk", top)
    clerk.engage("dispatcher", "派单员", "dispatcher", hub)
    clerk.engage("dispatcher2", "派单员", "dispatcher", hub)
    clerk.engage("examiner", "复核员", "examiner", hub)
    clerk.engage("examiner2", "复核员", "examiner", hub)
    clerk.engage("supervisor", "督办员", "supervisor", hub)
    clerk.engage("editor", "公开审核员", "editor", hub)
    clerk.engage("it", "信息员", "it", hub)
    clerk.engage("cataloguer", "事项管理员", "cataloguer", hub)
    clerk.engage("guarded", "信息员（要动态码）", "it", hub, totp=True)


class _Clerk:
    """Engages officers with composed names, none twice."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.officers: dict[str, User] = {}
        self.posts: dict[str, Post] = {}
        self.handlers: dict[int, User] = {}

    def engage(self, key: str, title: str, role: str, office: Office, *, tier: str = "", totp: bool = False) -> User:
        name = name_of(len(self.officers))
        user = people.make_user(username=key, name=name, by=None, at=self.at, totp_required=totp)
        if key in SHOWN or totp:  # a password hash is slow on purpose; who only fills a post in a story needs none
            people.set_password(user, password=PASSWORD, by=user, at=self.at)
        post = people.open_post(office=office, title=title, role=role, tier=tier, by=None, at=self.at)
        self.officers[key] = user
        self.posts[key] = people.appoint(post, holder=user, by=None, at=self.at)
        return user
