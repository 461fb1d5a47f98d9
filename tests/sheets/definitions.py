"""Sheets that the tests fill in."""

from __future__ import annotations

from typing import Any

FIELDS: list[dict[str, Any]] = [
    {"key": "name", "label": "姓名", "kind": "text", "required": True, "known": "name"},
    {"key": "card", "label": "身份证号", "kind": "identity", "required": True},
    {"key": "phone", "label": "电话", "kind": "phone", "required": True, "known": "phone"},
    {"key": "born", "label": "出生日期", "kind": "date", "min": "1900-01-01", "max": "today"},
    {"key": "years", "label": "缴费年限", "kind": "number", "required": True, "min": 0, "max": 60},
    {
        "key": "why",
        "label": "为什么",
        "kind": "choice",
        "required": True,
        "options": [{"key": "work", "label": "工作"}, {"key": "settled", "label": "定居"}],
    },
    {
        "key": "firm",
        "label": "用人单位",
        "kind": "text",
        "required": True,
        "when": {"field": "why", "is": "equals", "value": "work"},
    },
    {
        "key": "ills",
        "label": "病",
        "kind": "many",
        "max": 1,
        "options": [{"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}],
    },
    {"key": "alone", "label": "独居", "kind": "yesno"},
    {"key": "place", "label": "村", "kind": "area"},
    {"key": "note", "label": "说明", "kind": "long", "max": 20, "personal": True},
]
OUTCOMES: list[dict[str, Any]] = [
    {
        "when": {"field": "years", "is": "at_least", "value": 15},
        "says": "可以办",
        "then": "apply",
        "link": "/services/",
    },
    {"says": "还差几年", "then": "need"},
]
CARD = "11010519491231002X"
RAW: dict[str, Any] = {
    "name": " 王  桂花 ",
    "card": "11010519491231002x",
    "phone": "138 0000 1234",
    "born": "1949年12月31日",
    "years": "１５.5",
    "why": "settled",
    "firm": "没有问",
    "ills": ["b"],
    "alone": "no",
    "note": "第一行\r\n第二行\x00",
}
VALUES: dict[str, Any] = {
    "name": "王 桂花",
    "card": CARD,
    "phone": "13800001234",
    "born": "1949-12-31",
    "years": 15.5,
    "why": "settled",
    "ills": ["b"],
    "alone": False,
    "note": "第一行\n第二行",
}
