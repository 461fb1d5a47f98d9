"""Lists of households as offices keep them: one person a row, what is said of the household beside the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.intake.rules import BadRow, CellError, Listing, Read, parse_moment, whole
from lianxin.kit.identity import check_id
from lianxin.kit.text import clean, cut, mask_id, mask_name, mask_phone
from lianxin.ledger.rules.table import Table
from lianxin.people.rules import Power
from lianxin.record import actions
from lianxin.record.rules import Column, ListedPerson, Sex

CELL_SHOWN = 60
HEADS = frozenset({"户主", "本人", "head", "self"})
BACK_MOST = 60  # rows: nobody has more people under one merged cell
OF_HOUSEHOLD = (Column.VILLAGE, Column.GROUP, Column.DOOR, Column.HEAD, Column.PAGE)
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE, "1": Sex.MALE, "2": Sex.FEMALE}

NAMES: dict[Column, tuple[str, ...]] = {
    Column.VILLAGE: ("自然村", "村名", "村（社区）", "所在村", "行政村", "社区", "村", "village"),
    Column.GROUP: ("村民小组", "小组", "组别", "楼栋", "网格", "组", "group"),
    Column.DOOR: ("门牌号", "门牌", "房号", "住址", "家庭住址", "地址", "door"),
    Column.HEAD: ("户主姓名", "户主", "head"),
    Column.NAME: ("成员姓名", "家庭成员", "姓名", "name"),
    Column.RELATION: ("与户主关系", "户主关系", "关系", "relation"),
    Column.SEX: ("性别", "sex"),
    Column.BORN: ("出生日期", "出生年月", "出生", "born"),
    Column.IDENTITY: ("身份证号码", "身份证号", "公民身份号码", "证件号码", "身份证", "identity"),
    Column.REASON: ("证件说明", "证件备注", "reason"),
    Column.PHONE: ("联系电话", "联系方式", "手机号码", "手机号", "手机", "电话", "phone"),
    Column.POLITICS: ("政治面貌", "politics"),
    Column.HEALTH: ("健康状况", "健康", "health"),
    Column.WORK: ("就业情况", "就业状况", "就业", "work"),
    Column.DIFFICULTY: ("困难类型", "存在困难", "困难", "difficulty"),
    Column.PAGE: ("页码", "页", "page"),
}


def shape(table: Table, place: int, mapping: Mapping[str, str]) -> ListedPerson | BadRow:
    """Bring one row into shape; what a merged cell says of the household is taken from the rows above."""
    row, number = table.rows[place], table.first + place
    record = table.record(row)
    cells = {column: clean(record.get(name, "")).strip() for name, column in mapping.items()}
    try:
        whole(row)
        if not cells.get(Column.NAME) and not cells.get(Column.HEAD):
            raise CellError(gettext("The row names nobody."))
        house = _household(table, place, mapping, cells)
        name = cells.get(Column.NAME) or house[Column.HEAD]
        return ListedPerson(
            row=number, village=house[Column.VILLAGE], group=house[Column.GROUP], door=house[Column.DOOR],
            head=house[Column.HEAD] or name, name=name, relation=cells.get(Column.RELATION, ""),
            sex=SEXES.get(cells.get(Column.SEX, "").lower(), ""), born_on=_day(cells.get(Column.BORN, "")),
            identity=_identity(cells), identity_reason=cells.get(Column.REASON, ""), phone=cells.get(Column.PHONE, ""),
            politics=cells.get(Column.POLITICS, ""), health=cells.get(Column.HEALTH, ""),
            work=cells.get(Column.WORK, ""), difficulty=cells.get(Column.DIFFICULTY, ""),
            page=_page(house[Column.PAGE]), is_head=cells.get(Column.RELATION, "") in HEADS,
        )  # fmt: skip
    except CellError as trouble:
        return BadRow(number, str(trouble), masked(cells))


def _household(table: Table, place: int, mapping: Mapping[str, str], cells: Mapping[str, str]) -> dict[Column, str]:
    """Return what is said of the household, here or above, up to the row in which it begins."""
    found = {column: cells.get(column, "") for column in OF_HOUSEHOLD}
    names = {column: name for name, column in mapping.items()}
    above = place
    while not found[Column.HEAD] and above > 0 and place - above < BACK_MOST and Column.HEAD in names:
        above -= 1
        record = table.record(table.rows[above])
        for column in OF_HOUSEHOLD:
            found[column] = found[column] or clean(record.get(names.get(column, ""), "")).strip()
    return found


def _identity(cells: Mapping[str, str]) -> str:
    number = cells.get(Column.IDENTITY, "")
    if number and not check_id(number).is_valid and not cells.get(Column.REASON):
        raise CellError(
            gettext("This identity number fails its check. Compare it with the card, or say in a column why.")
        )
    return number


def _day(text: str) -> date | None:
    if text.isdecimal() and len(text) == 8:
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if text and len(text.replace("年", "-").replace("月", "").split("-")) == 2:
        text = f"{text.replace('年', '-').replace('月', '')}-1"
    moment = parse_moment(text)
    return moment.date() if moment else None


def _page(text: str) -> int | None:
    digits = "".join(each for each in text if each.isascii() and each.isdecimal())
    return min(int(digits[:5]), 2000) if digits else None


def masked(cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a row as they may be shown to who mends the list."""
    return {str(column): _masked(column, cut(cell, CELL_SHOWN)) for column, cell in cells.items()}


def _masked(column: str, cell: str) -> str:
    if column in (Column.NAME, Column.HEAD):
        return mask_name(cell)
    if column == Column.PHONE:
        return mask_phone(cell)
    if column == Column.IDENTITY:
        return mask_id(cell)
    return "****" if cell and column in (Column.POLITICS, Column.HEALTH) else cell


def _reader(table: Table, mapping: Mapping[str, str]) -> Read:
    return lambda place: shape(table, place, mapping)


HOUSEHOLDS = Listing(
    kind="households",
    power=Power.ARCHIVE,
    columns=dict(Column.choices),
    names=NAMES,
    needed=(
        (frozenset({Column.NAME, Column.HEAD}), _("Please say which column holds the names.")),
        (frozenset({Column.VILLAGE, Column.GROUP}), _("Please say which column holds the village or the group.")),
    ),
    reader=_reader,
    take=actions.take_households,
    batch=500,
    slice=4,
)
