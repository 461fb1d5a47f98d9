"""Files of the demo county: a village of four groups, forty households, twelve units, a book, a sheet, the regulars."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from lianxin.kit.clock import local
from lianxin.places import actions as places
from lianxin.places.models import Area
from lianxin.project.demo.land import Land
from lianxin.project.demo.staff import Staff
from lianxin.project.demo.visits import engage
from lianxin.record import actions as record
from lianxin.record.models import FactKind
from lianxin.record.rules import Need, Of
from lianxin.sheets import actions as sheets

SEED = 20261122  # its own, so that the days of the others stay what they were
GROUPS, HOMES, UNITS = 4, 10, 12
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = ["桂英", "建国", "秀兰", "德福", "玉梅", "长贵", "小满", "春生", "水根", "金凤", "大勇", "月娥"]
KINDS = [
    (Of.HOUSE, "brick", "砖混房", ""), (Of.HOUSE, "earth", "土坯房", Need.HOUSING), (Of.WORK, "farm", "务农", ""),
    (Of.WORK, "away", "外出务工", ""), (Of.INCOME, "crops", "种植收入", ""), (Of.INCOME, "wage", "工资收入", ""),
    (Of.INSURANCE, "medical", "城乡居民医保", ""), (Of.DIFFICULTY, "jobless", "无业", Need.EMPLOYMENT),
    (Of.DIFFICULTY, "ill", "大病", Need.MEDICAL), (Of.DIFFICULTY, "school", "上学困难", Need.SCHOOLING),
    (Of.BENEFIT, "allowance", "低保", ""),
]  # fmt: skip
FIRMS = [
    "砖厂", "茶叶合作社", "竹器厂", "粮油店", "卫生室", "小学", "农机站", "养兔场", "水厂", "纺织厂", "石料厂",
    "农家乐",
]  # fmt: skip
HOUSE: list[dict[str, Any]] = [
    {"key": "structure", "label": "结构", "kind": "choice", "required": True, "options": [
        {"key": "brick", "label": "砖混"}, {"key": "earth", "label": "土木"}]},
    {"key": "area", "label": "面积（平方米）", "kind": "number"},
    {"key": "grade", "label": "危险等级", "kind": "choice", "required": True, "options": [
        {"key": key, "label": f"{key.upper()} 级"} for key in "abcd"]},
    {"key": "illegal", "label": "有无违建", "kind": "yesno"},
]  # fmt: skip


def keep(staff: Staff, ground: Land, until: datetime) -> None:
    """Write the files of one village of the second town, in the weeks before `until`."""
    rng, at = Random(SEED), local(until - timedelta(days=40)).replace(hour=8, minute=40)  # noqa: S311 - a county that is made up
    keeper = engage(staff, "archivist", "档案管理员", "archivist", staff.offices["town1"], at)
    village = ground.villages_of(ground.towns[1])[0]
    groups = [_group(village, number, at) for number in range(1, GROUPS + 1)]
    kinds = {
        key: record.keep_kind(of=of, key=key, name=name, need_for=need, is_private=key == "ill", by=None, at=at)
        for of, key, name, need in KINDS
    }
    for regular, months in (("update", 6), ("revisit", 3), ("assess", 12)):
        record.set_period(regular=regular, months=months, starts=date(2026, 1, 1), by=None, at=at)
    _survey(at)
    record.open_village(village, by=keeper, at=at)
    book = record.register_book(
        number="JT-01", title=f"{village.name}民情档案", areas=[village], pages=60, by=keeper, at=at
    )
    for number in range(GROUPS * HOMES):
        called = f"{rng.choice(SURNAMES)}{rng.choice(GIVEN)}"
        home = record.open_household(
            area=groups[number // HOMES], door=f"{number % HOMES + 1}号", called=called, book=book, page=number + 1,
            by=keeper, at=at + timedelta(minutes=9 * number),
        )  # fmt: skip
        _fill(rng, home, called, kinds, keeper, at + timedelta(minutes=9 * number))
    for name in FIRMS[:UNITS]:
        unit = "school" if name == "小学" else "enterprise"
        record.open_enterprise(
            unit=unit, name=f"{village.name.removesuffix('村')}{name}", area=village, contact=called,
            is_key=name in ("砖厂", "纺织厂"), by=keeper, at=at,
        )  # fmt: skip


def _group(village: Area, number: int, at: datetime) -> Area:
    return places.add_area(
        name=f"{number}组", kind=Area.Kind.GROUP, parent=village, by=None, at=at, source="demo"
    )  # fmt: skip


def _survey(at: datetime) -> None:
    draft = sheets.draft_sheet(
        key="file.house", title="危旧房排查表", fields=HOUSE, purpose="checklist", basis="三改一拆", by=None, at=at
    )
    sheets.publish_sheet(draft, by=None, at=at)
    alarm = {"field": "grade", "is": "equals", "value": "d"}
    record.keep_survey(sheet="file.house", name="危旧房", of="household", alarm=alarm, basis="三改一拆", by=None, at=at)


def _fill(rng: Random, home: Any, called: str, kinds: dict[str, FactKind], by: Any, at: datetime) -> None:
    head = record.add_resident(
        home, name=called, relation="户主", is_head=True, sex=rng.choice(["male", "female"]),
        born_on=date(rng.randint(1945, 1990), rng.randint(1, 12), rng.randint(1, 28)),
        phone=f"1390000{rng.randint(0, 9999):04d}", by=by, at=at,
    )  # fmt: skip
    for relation in ("配偶", "子", "女")[: rng.randint(0, 3)]:
        record.add_resident(home, name=f"{called[0]}{rng.choice(GIVEN)}", relation=relation, by=by, at=at)
    record.state(home, kind=kinds[rng.choice(["farm", "away"])], resident=head, by=by, at=at)
    record.state(home, kind=kinds["crops"], amount=Decimal(rng.randint(3, 30) * 1000), by=by, at=at)
    if rng.random() < 0.2:
        record.state(home, kind=kinds[rng.choice(["jobless", "ill", "school"])], resident=head, by=by, at=at)
    if rng.random() < 0.3:
        grade = rng.choice("abcd")
        record.fill(home, sheet_key="file.house", values={"structure": "earth", "grade": grade}, by=by, at=at)
    if rng.random() < 0.7:
        record.tell(home, by=by, at=at)
        record.verify(home, by=by, at=at + timedelta(hours=1))
