"""Links and what is due by them, a household that is helped, and group 4 of a village, which decides about water."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lianxin.govern import actions as govern
from lianxin.help import actions as helping
from lianxin.kit.clock import local
from lianxin.people.models import Office, User
from lianxin.places import actions as places
from lianxin.places.models import Area
from lianxin.project.demo.land import Land
from lianxin.project.demo.staff import Staff, name_of
from lianxin.project.demo.visits import engage
from lianxin.record import actions as record
from lianxin.record.models import EncounterKind, Enterprise, Household, Resident
from lianxin.record.rules import Tie
from lianxin.supervise import actions as supervise

BASIS = "云办发〔2026〕5号"
FIRMS = [
    *("云溪纸业", "青石建材", "柳河食品", "桃源茶业", "双桥机械", "白塔电子"),
    *("竹溪竹器", "云岭药材", "城关物流", "溪口水泥", "石湾磷肥", "梅岭酒业"),
]
CHIEFS = [
    "chief", "chief_labour", "chief_roads", "chief_housing", "chief_farming", "chief_education", "chief_land",
    "chief_medical", "chief_urban", "secretary", "deputy", "chief_environment",
]  # fmt: skip
HOMES = 9
STEPS = [
    {"key": "branch", "title": "支部提议", "kind": "record", "gate": "start"},
    {"key": "committees", "title": "两委商议", "kind": "record", "gate": "start"},
    {"key": "notice", "title": "议题公告", "kind": "notice", "gate": "start"},
    {"key": "vote", "title": "村民表决", "kind": "vote", "gate": "start"},
    {"key": "matters", "title": "评议事项", "kind": "record", "gate": "acceptance"},
    {"key": "cadres", "title": "评议干部", "kind": "record", "gate": "acceptance"},
]
PROGRAMMES = [
    ("living", "生活救助", "money"), ("illness", "大病救助", "money"), ("study", "助学", "money"),
    ("training", "技能培训", "training"), ("work", "就业帮扶", "job"), ("law", "法律援助", "other"),
    ("farm", "产业帮扶", "goods"),
]  # fmt: skip


def tie(staff: Staff, land: Land, until: datetime) -> None:
    """Link leaders and cadres, oblige them, help one household, let group 4 decide, build and accept."""
    begun = local(until - timedelta(days=150)).replace(hour=9, minute=20)
    town = staff.offices["town1"]
    engage(staff, "village_keeper", "档案管理员", "archivist", town, begun)
    engage(staff, "cadre", "民情书记", "cadre", town, begun)
    kind = EncounterKind.objects.filter(key="enterprise").first() or record.add_kind(
        key="enterprise", name="企业走访", of=EncounterKind.Of.ENTERPRISE, by=None, at=begun
    )
    _oblige(staff, kind, begun)
    _firms(staff, land, kind, begun, until)
    group = _group(land.villages_of(land.towns[1])[0], begun)
    homes = _homes(staff, group, begun)
    _help(staff, homes[0], begun, until)
    _decide(staff, group, begun)


def _oblige(staff: Staff, kind: EncounterKind, at: datetime) -> None:
    day = local(at).date().replace(day=1)
    given: dict[str, Any] = {"basis": BASIS, "starts": day, "by": None, "at": at}
    supervise.set_obligation(
        key="visit-monthly", name="每月走访联系企业不少于1次", who="link", tie=Tie.LEADER, what="encounter",
        kinds=[kind], period="month", remind_days=5, clue_after=2, **given,
    )  # fmt: skip
    supervise.set_obligation(
        key="link-one", name="县级领导和部门主要负责人联系1户以上企业", who="post", role="chief", tie=Tie.LEADER,
        what="link", period="month", grace_days=30, **given,
    )  # fmt: skip
    supervise.set_obligation(
        key="survey-yearly", name="每年到联系点调研不少于3次（要有报告）", who="link", tie=Tie.LEADER, what="encounter",
        kinds=[kind], period="year", times=3, with_report=True, **given,
    )  # fmt: skip
    supervise.set_obligation(
        key="learning-day", name="学习日", who="office", office=staff.offices["labour"], what="deed",
        verbs=["learning.held"], period="dates", recurrence="FREQ=MONTHLY;BYDAY=3FR", hour="下午", **given,
    )  # fmt: skip
    supervise.set_obligation(
        key="fair-day", name="每月20日招聘日", who="office", office=staff.offices["labour"], what="deed",
        verbs=["fair.held"], period="dates", recurrence="FREQ=MONTHLY;BYMONTHDAY=20", hour="9:00-12:00", **given,
    )  # fmt: skip
    supervise.set_obligation(
        key="box-weekly", name="每周一开意见箱", who="office", office_kind=Office.Kind.TOWN, what="deed",
        verbs=["box.opened"], period="dates", recurrence="FREQ=WEEKLY;BYDAY=MO", tolerance=2, **given,
    )  # fmt: skip


def _firms(staff: Staff, land: Land, kind: EncounterKind, begun: datetime, until: datetime) -> None:
    keeper = staff.officers["village_keeper"]
    for number, name in enumerate(FIRMS):
        area = land.villages_of(land.towns[1])[number % 9]
        firm = Enterprise.objects.filter(name=name).first() or record.open_enterprise(
            unit="enterprise", name=name, area=area, is_key=True, by=keeper, at=begun
        )
        leader = staff.officers[CHIEFS[number]]
        record.link(tie=Tie.LEADER, user=leader, enterprise=firm, starts=local(begun).date(), by=None, at=begun)
        for month in range(4 if number % 4 else 2):  # some have fallen behind
            at = begun + timedelta(days=9 + 30 * month, hours=number % 5)  # in the hours of a working day
            if at < until:
                met = User.objects.get(pk=leader.pk)
                record.visit(kind=kind, starts_at=at, enterprise=firm, notes="看生产，问用工和资金。", by=met, at=at)


def _group(village: Area, at: datetime) -> Area:
    return Area.objects.filter(name="4组", parent=village).first() or places.add_area(
        name="4组", kind=Area.Kind.GROUP, parent=village, by=None, at=at, source="demo"
    )


def _homes(staff: Staff, group: Area, at: datetime) -> list[Household]:
    there = list(Household.objects.open().within(group).order_by("id"))
    by = staff.officers["village_keeper"]
    for number in range(len(there), HOMES):
        home = record.open_household(area=group, door=f"{number + 1}号", called=name_of(60 + number), by=by, at=at)
        record.add_resident(home, name=home.called, is_head=True, by=by, at=at)
        there.append(home)
    return there


def _help(staff: Staff, home: Household, begun: datetime, until: datetime) -> None:
    """Let a couple learn to keep rabbits, and earn 1200 yuan each from the third month on."""
    day, cadre = local(begun).date(), staff.officers["cadre"]
    register = helping.set_register(key="hardship", name="困难户", basis=BASIS, by=None, at=begun)
    for key, name, form in PROGRAMMES:
        helping.set_programme(key=key, name=name, basis="云工发〔2026〕2号", form=form, by=None, at=begun)
    entry = helping.enter(home, register=register, because="缺技术，没门路", day=day, by=None, at=begun)
    record.link(tie=Tie.HELPER, user=cadre, household=home, starts=day, by=None, at=begun)
    helper = User.objects.get(pk=cadre.pk)
    helping.plan(entry, part="skill", words="獭兔养殖培训，十天", by=helper, at=begun)
    helping.plan(entry, part="project", words="到村里兔场务工，年底自养", by=helper, at=begun)
    if Resident.objects.living().filter(household=home).count() < 2:
        record.add_resident(home, name=name_of(80), relation="妻", by=staff.officers["village_keeper"], at=begun)
    for person in Resident.objects.living().filter(household=home).order_by("id")[:2]:
        helping.earn(
            person, source="兔场务工", monthly=1200, first=day + timedelta(days=70), by=helper, at=begun
        )  # fmt: skip
    helping.quote(
        home, words="以前一年到头没个准，现在两个人每月都有工资，日子好过多了。", may_publish=True, by=helper, at=until
    )


def _decide(staff: Staff, group: Area, begun: datetime) -> None:
    by, at = User.objects.get(pk=staff.officers["village_keeper"].pk), begun
    procedure = govern.set_procedure(
        key="three-two", name="三制两评议", basis="青办发〔2026〕3号", steps=STEPS, notice_days=5, by=None, at=at
    )
    motion = govern.move(
        title="4组打井通水", text="在村后山脚打一口深井，铺两公里水管到户，每户出工三天。",
        office=staff.offices["town1"],
        procedure=procedure, electorate="household", manner="secret", proposed_by="4组村民小组长", area=group, by=by,
        at=at,
    )  # fmt: skip
    for key, words in (("branch", "支部会同意提交。"), ("committees", "两委商议：先打井，后铺管。")):
        govern.record_step(motion, key=key, day=local(at).date(), words=words, by=by, at=at)
    govern.list_voters(motion, by=by, at=at)
    govern.notice(motion, by=by, at=at)
    at += timedelta(days=6)
    govern.open_vote(motion, by=by, at=at)
    voters = list(motion.voters.order_by("id"))
    for voter in voters[:-1]:
        govern.check_off(voter, by=by, at=at)
    govern.count_votes(motion, counts={"yes": len(voters) - 2, "no": 1}, by=by, at=at)
    motion = govern.close_vote(motion, by=by, at=at)
    day = local(at).date()
    project = govern.start_project(
        motion, title="4组通水工程", budget=186_000, sources="一事一议奖补12万元，群众筹工", builder="县水务工程队",
        starts=day, until=day + timedelta(days=90), by=by, at=at,
    )  # fmt: skip
    for days, percent, words in (
        (20, 35, "井打到八十米，出水了。"),
        (60, 80, "主管铺完，正在接户。"),
        (85, 100, "九户全部通水。"),
    ):
        then = at + timedelta(days=days)
        govern.progress(
            project, day=local(then).date(), percent=percent, words=words, spent=1860 * percent, by=by, at=then
        )
    at += timedelta(days=90)
    for key in ("matters", "cadres"):
        govern.record_step(motion, key=key, day=local(at).date(), words="满意。", by=by, at=at)
    govern.accept_work(
        project, accepted=True, words="水清，压力够，家家都通了。", voters=voters[:4], day=local(at).date(), by=by,
        at=at,
    )  # fmt: skip
