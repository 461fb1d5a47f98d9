"""Lists of services: what their columns are called, and how a row becomes a service.

What the file does not tell stays empty and is shown as missing. Nothing is guessed but which column holds what.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.intake.rules import BadRow, CellError, Listing, Read, whole
from lianxin.kit.clock import Unit
from lianxin.kit.text import clean, cut
from lianxin.ledger.rules.table import Table
from lianxin.people.models import County
from lianxin.people.rules import Power
from lianxin.serve import actions
from lianxin.serve.rules.catalogue import LINES, TEXTS, Column, Kind, ListedService

CELL_SHOWN = 60  # characters of a cell kept with a bad row

# The first name that fits wins.
NAMES: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: ("事项编号", "服务编号", "number"),
    Column.NAME: ("业务办理项名称", "task_name", "事项名称", "办理项", "item", "matter_name", "name", "名称"),
    Column.ALSO: ("日常用语", "matter_daily", "事项简称", "matter_short", "俗称"),
    Column.BASE_CODE: ("基本编码", "base_code"),
    Column.CODE: ("实施编码", "task_code", "业务办理项编码", "code"),
    Column.AUTHORITY: ("事项类型", "task_type_text", "matter_type", "权力类型", "authority"),
    Column.LEVEL: ("行使层级", "matter_level", "level"),
    Column.THEME: ("主题分类", "theme_category", "主题", "theme"),
    Column.AUDIENCE: ("服务对象", "service_object_name", "办理对象", "audience"),
    Column.OFFICE: ("实施主体", "实施机关", "dept_name", "department", "办理部门", "部门", "office"),
    Column.PARTNERS: ("联办机构", "co_department", "partners"),
    Column.BASIS: ("设定依据", "法律依据", "实施依据", "basis"),
    Column.KIND: ("办件类型", "kind"),
    Column.LEGAL: ("法定办结时限", "法定时限", "handle_time", "legal"),
    Column.PROMISED: ("承诺办结时限", "承诺时限", "handle_time_limit", "promised"),
    Column.CONDITIONS: ("受理条件", "申请条件", "accept_standard", "conditions"),
    Column.COURSE: ("办理流程", "course"),
    Column.FEES: ("收费标准", "是否收费", "fees"),
    Column.PLACE: ("办理地点", "handle_location", "place"),
    Column.HOURS: ("办理时间", "办公时间", "hours"),
    Column.VISITS: ("到办事现场次数", "到现场次数", "visit_number", "limit_scene_num", "visits"),
    Column.POST: ("快递服务", "courier_service", "是否支持快递"),
    Column.URL: ("在线办理地址", "办理链接", "url", "link"),
    Column.RESULT: ("审批结果名称", "结果名称", "审批结果", "result"),
    Column.REMEDIES: ("行政复议", "救济途径", "复议诉讼", "remedies"),
    Column.CONSULT: ("咨询方式", "咨询电话", "consult_phone"),
    Column.COMPLAINT: ("监督投诉方式", "投诉电话", "complain_phone"),
    Column.MATERIALS: ("申请材料", "材料名称", "material_intro", "materials"),
}

# An empty cell in words: nothing was entered. It is not the same as “none needed”, so it stays a gap.
NOTHING = frozenset({"", "无", "暂无", "/", "-", "--", "—", "null", "none", "未分类"})
YES, NO = frozenset({"是", "支持", "1", "yes", "true"}), frozenset({"否", "不支持", "0", "no", "false"})
KINDS = {"即办件": Kind.ON_THE_SPOT, "即办": Kind.ON_THE_SPOT, "承诺件": Kind.PROMISED, "承诺办结件": Kind.PROMISED}
FREE = frozenset({"不收费", "免费", "否"})
UNITS = {
    "工作日": Unit.WORKDAY,
    "个工作日": Unit.WORKDAY,
    "自然日": Unit.NATURAL_DAY,
    "个自然日": Unit.NATURAL_DAY,
    "日": Unit.NATURAL_DAY,
    "天": Unit.NATURAL_DAY,
    "小时": Unit.HOUR,
    "个小时": Unit.HOUR,
}
_TERM = re.compile(r"(\d{1,4})\s*[(（]?\s*(\D{1,4}?)\s*[)）]?")
_SEVERAL = re.compile(r"[;；\n]+")
_PLACE = "办理地点："


def shape(
    table: Table, place: int, mapping: Mapping[str, str], prefix: str, first: Mapping[str, int] | None = None
) -> ListedService | BadRow:
    """Bring one row into shape; a row that cannot be taken says why.

    `first` tells in which place each number comes first: a second row of one number would undo the first on each run.
    """
    row, number = table.rows[place], table.first + place
    record = table.record(row)
    cells = {column: _cell(record.get(name, "")) for name, column in mapping.items()}
    try:
        whole(row)
        if not cells.get(Column.NAME):
            raise CellError(gettext("The row names no service."))
        name = _number(cells, prefix)
        if first and first[name] != place:
            words = gettext("The list names this service twice; the first time in row %(row)s.")
            raise CellError(words % {"row": table.first + first[name]})
        materials = tuple(_several(cells.get(Column.MATERIALS, "")))
        return ListedService(
            row=number,
            number=name,
            values=_values(cells),
            materials=materials,
            says_materials=bool(materials),
        )
    except CellError as trouble:
        return BadRow(number, str(trouble), {column: cut(cell, CELL_SHOWN) for column, cell in cells.items()})


def _first_places(table: Table, mapping: Mapping[str, str], prefix: str) -> dict[str, int]:
    """Return in which place of the list each number comes first."""
    chosen = {column: name for name, column in mapping.items()}
    columns = [c for c in (Column.NUMBER, Column.CODE, Column.OFFICE, Column.NAME) if c in chosen]
    found: dict[str, int] = {}
    for place, row in enumerate(table.rows):
        record = table.record(row)
        cells: dict[str, str] = {column: _cell(record.get(chosen[column], "")) for column in columns}
        if cells.get(Column.NAME):
            found.setdefault(_number(cells, prefix), place)
    return found


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return what the row says of a service; what it does not say is left out, so that it is not overwritten."""
    values: dict[str, Any] = {}
    for column, cell in cells.items():
        if cell and column in _PLAIN:
            values[column] = _plain(column, cell)
    for column in (Column.THEME, Column.AUDIENCE):
        if cells.get(column):
            values[column.value] = "、".join(_several(cells[column]))
    for limit in (Column.LEGAL, Column.PROMISED):
        if cells.get(limit):
            values[f"{limit.value}_value"], values[f"{limit.value}_unit"] = _term(cells[limit])
    if cells.get(Column.KIND) in KINDS:
        values["kind"] = KINDS[cells[Column.KIND]].value
    if cells.get(Column.VISITS):
        values["visits"] = _count(cells[Column.VISITS])
    if (post := cells.get(Column.POST, "")) in YES | NO:
        values["sends_by_post"] = post in YES
    return values | _fees(cells.get(Column.FEES, "")) | _places(cells)


def _fees(cell: str) -> dict[str, Any]:
    if not cell:
        return {}
    if cell in FREE:
        return {"is_free": True}
    return {} if cell in YES else {"is_free": False, "fees": [{"name": cut(cell, 300), "amount": "", "basis": ""}]}


def _places(cells: Mapping[str, str]) -> dict[str, Any]:
    place, hours = cells.get(Column.PLACE, "").removeprefix(_PLACE), cells.get(Column.HOURS, "")
    if not place and not hours:
        return {}
    return {"places": [{"name": "", "address": cut(place, 400), "hours": cut(hours, 400), "phone": ""}]}


_PLAIN = {
    Column.NAME, Column.ALSO, Column.BASE_CODE, Column.CODE, Column.AUTHORITY, Column.LEVEL, Column.OFFICE,
    Column.PARTNERS, Column.BASIS, Column.CONDITIONS, Column.COURSE, Column.URL, Column.RESULT, Column.REMEDIES,
    Column.CONSULT, Column.COMPLAINT,
}  # fmt: skip


def _plain(column: str, cell: str) -> str:
    if column in TEXTS:
        most = TEXTS[column]
    else:
        cell, most = " ".join(cell.split()), LINES.get(column, 400)
    if len(cell) > most:
        words = gettext("“%(column)s” has %(count)s characters; there is room for %(most)s.")
        raise CellError(words % {"column": str(Column(column).label), "count": len(cell), "most": most})
    return cell


def _term(cell: str) -> tuple[int, str]:
    found = _TERM.fullmatch(cell)
    if not found or found[2] not in UNITS:
        raise CellError(gettext("“%(text)s” is no time limit that can be read.") % {"text": cut(cell, 30)})
    return int(found[1]), UNITS[found[2]].value


def _count(cell: str) -> int:
    digits = cell.rstrip("次")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 3):
        raise CellError(gettext("“%(text)s” is no number of visits.") % {"text": cut(cell, 30)})
    return int(digits)


def _several(cell: str) -> list[str]:
    """Return the parts of a cell: a JSON list of words, or words parted by semicolons."""
    parts: list[Any] = []
    if cell.startswith("["):
        try:
            parts = json.loads(cell)
        except ValueError as error:
            raise CellError(gettext("“%(text)s” is no list that can be read.") % {"text": cut(cell, 30)}) from error
    else:
        parts = _SEVERAL.split(cell)
    if not all(isinstance(part, str) for part in parts):
        raise CellError(gettext("“%(text)s” is no list that can be read.") % {"text": cut(cell, 30)})
    return [" ".join(part.split()) for part in parts if part.strip()]


def _number(cells: Mapping[str, str], prefix: str) -> str:
    """Return by which number a row is known again: its own, its code, else one made of office and name."""
    for column in (Column.NUMBER, Column.CODE):
        if number := cells.get(column, ""):
            return number.upper()
    told = json.dumps([cells.get(Column.OFFICE, ""), cells[Column.NAME]])
    return f"{prefix}-{hashlib.sha256(told.encode()).hexdigest()[:10].upper()}"


def _cell(text: str) -> str:
    text = clean(text).strip()
    return "" if text.lower() in NOTHING else text


def _reader(table: Table, mapping: Mapping[str, str]) -> Read:
    prefix = County.now().prefix
    first = _first_places(table, mapping, prefix)
    return lambda place: shape(table, place, mapping, prefix, first)


SERVICES = Listing(
    kind="services",
    power=Power.CATALOGUE,
    columns=dict(Column.choices),
    names=NAMES,
    needed=((frozenset({Column.NAME}), _("Please say which column holds the name of the service.")),),
    reader=_reader,
    take=actions.take_services,
    ways=("", actions.DRAFT),
)
