"""The people of the tests: a small county, built by a handful of statements.

Every test knows them by name. The neighbour works in another bureau and has nothing to do with the matter at hand:
where something is shown or done, the neighbour must be refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from lianxin.kit.clock import ZONE, Calendar
from lianxin.people.models import CalendarDay, County, Jurisdiction, Office, Post, User
from lianxin.places.models import Area

AT = datetime(2026, 9, 29, 21, 14, tzinfo=ZONE)
FIRST_KEY = 900_000  # far from what the database's own counters give

AREAS = [
    # key, name, kind, parent
    ("county", "云溪县", Area.Kind.COUNTY, None),
    ("qingshui", "清水镇", Area.Kind.TOWN, "county"),
    ("baishi", "白石镇", Area.Kind.TOWN, "county"),
    ("zhulin", "竹林乡", Area.Kind.TOWN, "county"),
    ("heping", "和平村", Area.Kind.VILLAGE, "qingshui"),
    ("liushu", "柳树村", Area.Kind.VILLAGE, "qingshui"),
    ("shiqiao", "石桥村", Area.Kind.VILLAGE, "baishi"),
]
OFFICES = [
    # key, name, kind, parent, area it answers for
    ("leadership", "云溪县领导", Office.Kind.COUNTY, None, "county"),
    ("hub", "县群众诉求服务中心", Office.Kind.HUB, "leadership", "county"),
    ("water", "县水务局", Office.Kind.BUREAU, "leadership", "county"),
    ("water_section", "县水务局供水股", Office.Kind.SECTION, "water", "county"),
    ("housing", "县住房和城乡建设局", Office.Kind.BUREAU, "leadership", "county"),
    ("town_office", "清水镇人民政府", Office.Kind.TOWN, "leadership", "qingshui"),
    ("other_town_office", "白石镇人民政府", Office.Kind.TOWN, "leadership", "baishi"),
    ("hall", "县政务服务大厅", Office.Kind.AGENCY, "leadership", "county"),
    ("medical", "县医疗保障局", Office.Kind.BUREAU, "leadership", "county"),
    ("labour", "县人力资源和社会保障局", Office.Kind.BUREAU, "leadership", "county"),
]
OFFICERS = [
    # key, name, role, title, office, tier
    ("registrar", "李清", "registrar", "登记员", "town_office", ""),
    ("dispatcher", "周明", "dispatcher", "派单员", "hub", ""),
    ("handler", "陈水生", "handler", "经办人", "water_section", ""),
    ("neighbour", "吴邻", "handler", "经办人", "housing", ""),
    ("chief", "何局", "chief", "局长", "water", ""),
    ("examiner", "郑核", "examiner", "复核员", "hub", ""),
    ("secretary", "孙书记", "leader", "县委书记", "leadership", Post.Tier.COUNTY),
    ("letter_clerk", "钱信", "letter_clerk", "信件登记员", "leadership", ""),
    ("supervisor", "冯督", "supervisor", "督办员", "hub", ""),
    ("mayor", "魏镇", "local_leader", "镇长", "town_office", ""),
    ("editor", "褚文", "editor", "公开审核员", "hub", ""),
    ("it", "卫工", "it", "信息员", "hub", ""),
    ("cataloguer", "蒋录", "cataloguer", "事项管理员", "hub", ""),
    ("keeper", "沈厅", "hall_keeper", "大厅主任", "hall", ""),
    ("clerk", "韩窗", "clerk", "窗口人员", "medical", ""),
    ("clerk2", "杨窗", "clerk", "窗口人员", "medical", ""),
    ("reviewer", "朱审", "reviewer", "审核员", "medical", ""),
    ("approver", "秦批", "approver", "负责人", "medical", ""),
    ("labour_reviewer", "许审", "reviewer", "审核员", "labour", ""),
    ("labour_approver", "何批", "approver", "负责人", "labour", ""),
    ("cadre", "林走", "cadre", "驻村干部", "town_office", ""),
    ("cadre2", "高走", "cadre", "驻村干部", "town_office", ""),
    ("archivist", "罗档", "archivist", "档案管理员", "town_office", ""),
    ("organiser", "宋办", "organiser", "走访办主任", "hub", ""),
]


@dataclass(frozen=True)
class Cast:
    """The county and everybody in it, by key."""

    county: County
    areas: dict[str, Area]
    offices: dict[str, Office]
    officers: dict[str, User]
    posts: dict[str, Post]

    def officer(self, key: str) -> User:
        """Return the officer as freshly read: with no standing remembered from an earlier moment."""
        return User.objects.get(pk=self.officers[key].pk)


def settle() -> Cast:
    """Write the county, its areas, offices, officers and posts: seven statements."""
    areas = _areas()
    offices = _offices()
    Area.objects.bulk_create(areas.values())
    Office.objects.bulk_create(offices.values())
    Jurisdiction.objects.bulk_create(
        Jurisdiction(office=offices[key], area=areas[area]) for key, _, _, _, area in OFFICES
    )
    county = County.objects.create(pk=1, name="云溪县", prefix="YX", hotline="12345", area=areas["county"])
    # No second factor, so that client.force_login is enough; what asks for it is tested by people who have it.
    officers = {
        key: User(pk=FIRST_KEY + n, username=key, name=name, totp_required=False, password="!")
        for n, (key, name, *_) in enumerate(OFFICERS)
    }
    posts = {
        key: Post(pk=FIRST_KEY + n, office=offices[office], title=title, role=role, tier=tier, holder=officers[key])
        for n, (key, _, role, title, office, tier) in enumerate(OFFICERS)
    }
    User.objects.bulk_create(officers.values())
    Post.objects.bulk_create(posts.values())
    return Cast(county, areas, offices, officers, posts)


def seed_calendar() -> None:
    """Write the announced days of 2024 to 2026; 2027 stays unannounced."""
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=is_workday, name=name, source="chinesecalendar")
        for day, is_workday, name in _announced()
    )


@cache
def _announced() -> list[tuple[date, bool, str]]:
    return [(d.date, d.is_workday, d.name) for d in Calendar.seeded().days if 2024 <= d.date.year <= 2026]


def _areas() -> dict[str, Area]:
    made: dict[str, Area] = {}
    for n, (key, name, kind, parent_key) in enumerate(AREAS):
        parent = made[parent_key] if parent_key else None
        made[key] = Area(
            pk=FIRST_KEY + n,
            name=name,
            kind=kind,
            parent=parent,
            path=f"{parent.path if parent else '/'}{FIRST_KEY + n}/",
            full_name=f"{parent.full_name if parent else ''}{name}",
            source="cast",
        )
    return made


def _offices() -> dict[str, Office]:
    made: dict[str, Office] = {}
    for n, (key, name, kind, parent_key, _) in enumerate(OFFICES):
        parent = made[parent_key] if parent_key else None
        path = f"{parent.path if parent else '/'}{FIRST_KEY + n}/"
        made[key] = Office(pk=FIRST_KEY + n, name=name, kind=kind, parent=parent, path=path)
    return made
