"""Lists of voices: what their columns are called, and how a row becomes a voice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.intake.rules import BadRow, CellError, Listing, Read, parse_moment, whole
from lianxin.kit.text import clean, cut, mask_email, mask_name, mask_phone, mask_text
from lianxin.ledger.rules.table import Table
from lianxin.listen import actions
from lianxin.listen.rules import Column, Contact, ListedVoice
from lianxin.people.rules import Power

CELL_READ = 400
CELL_SHOWN = 60  # characters of a cell kept with a bad row

# The first name that fits wins, so that 内容 is taken before 描述.
NAMES: dict[Column, tuple[str, ...]] = {
    Column.ID: (
        "留言编号",
        "信件编号",
        "工单编号",
        "工单号",
        "诉求编号",
        "受理编号",
        "流水号",
        "编号",
        "id",
        "messageid",
        "number",
    ),
    Column.TITLE: ("留言主题", "来信标题", "工单标题", "诉求标题", "标题", "主题", "subject", "title"),
    Column.TEXT: (
        "留言详情",
        "留言内容",
        "来信内容",
        "诉求内容",
        "工单内容",
        "反映内容",
        "问题描述",
        "意见建议",
        "内容",
        "详情",
        "描述",
        "detail",
        "text",
        "content",
        "message",
    ),
    Column.RECEIVED_AT: (
        "留言时间",
        "来信时间",
        "来电时间",
        "受理时间",
        "登记时间",
        "反映时间",
        "提交时间",
        "时间",
        "日期",
        "receivedat",
        "time",
        "date",
        "createdat",
    ),
    Column.NAME: ("来信人", "来电人", "反映人", "诉求人", "留言人", "联系人", "姓名", "name"),
    Column.PHONE: ("联系电话", "来电号码", "手机号码", "手机号", "手机", "电话", "phone", "mobile", "tel"),
    Column.EMAIL: ("电子邮箱", "邮箱", "email", "mail"),
    Column.ADDRESS: ("家庭住址", "联系地址", "住址", "通讯地址"),
    Column.AREA: ("所属区域", "所属乡镇", "行政区域", "区域", "乡镇", "镇街", "地区", "area", "district", "town"),
    Column.PLACE: ("事发地址", "事发地点", "发生地点", "详细地址", "地点", "地址", "place", "address", "location"),
    Column.SUBJECT: ("诉求分类", "问题分类", "一级标签", "类别", "分类", "类型", "label", "category"),
}


def shape(table: Table, place: int, mapping: Mapping[str, str]) -> ListedVoice | BadRow:
    """Bring one row into shape; a row that cannot be taken says why, with its cells masked."""
    row, number = table.rows[place], table.first + place
    record = table.record(row)
    cells = {column: clean(record.get(name, "")).strip() for name, column in mapping.items()}
    try:
        if len(row) < len(table.header) and not cells.get(Column.TEXT, "x"):
            raise CellError(gettext("The row has fewer cells than the list has columns."))
        whole(row)
        return ListedVoice(
            row=number,
            source_key=source_key(record, mapping),
            text=_text(cells),
            received_at=parse_moment(cells.get(Column.RECEIVED_AT, "")),
            contact=Contact(*(cells.get(key, "") for key in (Column.NAME, Column.PHONE, Column.EMAIL, Column.ADDRESS))),
            area=cells.get(Column.AREA, ""),
            place=cut(cells.get(Column.PLACE, ""), 100),
            subject=cells.get(Column.SUBJECT, ""),
        )
    except CellError as trouble:
        return BadRow(number, str(trouble), masked(cells))


def source_key(record: Mapping[str, str], mapping: Mapping[str, str]) -> str:
    """Return by what a row is known again in any file: its number and words if it has a number, else all of it.

    The number alone would not do: two lists may both begin with 1.
    """
    chosen = {column: name for name, column in mapping.items()}
    if Column.ID in chosen and record.get(chosen[Column.ID], "").strip():
        names = [chosen[column] for column in (Column.ID, Column.TITLE, Column.TEXT) if column in chosen]
        parts = [record.get(name, "").strip() for name in names]
    else:
        parts = [f"{name}={cell.strip()}" for name, cell in sorted(record.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def masked(cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a row as they may be shown to who mends the list."""
    names = [cells[Column.NAME]] if cells.get(Column.NAME) else []
    return {str(column): _masked(column, cell[:CELL_READ], names) for column, cell in cells.items()}


def _masked(column: str, cell: str, names: list[str]) -> str:
    if column == Column.NAME:
        return mask_name(cut(cell, CELL_SHOWN))
    if column == Column.PHONE:
        return mask_phone(cut(cell, CELL_SHOWN))
    if column == Column.EMAIL:
        return mask_email(cut(cell, CELL_SHOWN))
    if column == Column.ADDRESS:
        return "*" * min(len(cell), 6)
    return cut(mask_text(cell, names=names), CELL_SHOWN)


def _text(cells: Mapping[str, str]) -> str:
    """Return title and words as one text; a title that the words begin with is not said twice."""
    title, words = cells.get(Column.TITLE, ""), cells.get(Column.TEXT, "")
    if not title and not words:
        raise CellError(gettext("The row says nothing."))
    return words if words.startswith(title) else f"{title}\n{words}".strip()


def _reader(table: Table, mapping: Mapping[str, str]) -> Read:
    return lambda place: shape(table, place, mapping)


VOICES = Listing(
    kind="voices",
    power=Power.IMPORT,
    columns=dict(Column.choices),
    names=NAMES,
    needed=((frozenset({Column.TEXT, Column.TITLE}), _("Please say which column holds what was said.")),),
    reader=_reader,
    take=actions.take_voices,
    batch=200,
    slice=5,
)
