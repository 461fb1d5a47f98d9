"""Processes of the demo county: configured, not programmed. Limits are the county's own promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lianxin.flow import actions

Json = dict[str, Any]

STAGES = [
    {"key": "receive", "name": "受理"},
    {"key": "review", "name": "审核"},
    {"key": "decide", "name": "决定"},
    {"key": "deliver", "name": "送达"},
]


def _days(number: int, unit: str = "workday") -> Json:
    return {"value": number, "unit": unit, "basis": "本县公开承诺"}


def _out(key: str, label: str, to: str) -> Json:
    return {"key": key, "label": label, "to": to}


def _warn(days: int) -> Json:
    return {"after": _days(days), "do": "warn"}


def _task(key: str, title: str, stage: str, office: str, days: int, *outcomes: Json, **more: Any) -> Json:
    return {
        "key": key, "kind": "task", "title": title, "stage": stage, "office": office, "limit": _days(days),
        "outcomes": list(outcomes), **more,
    }  # fmt: skip


def _ending() -> list[Json]:
    """Return how every one of them ends: the document issued and told, or the refusal told."""
    return [
        {"key": "record", "kind": "automatic", "do": "decide", "to": "issue"},
        {"key": "issue", "kind": "automatic", "do": "issue", "to": "tell"},
        {"key": "tell", "kind": "automatic", "do": "notify", "to": "granted"},
        {"key": "record_no", "kind": "automatic", "do": "decide", "to": "tell_no"},
        {"key": "tell_no", "kind": "automatic", "do": "notify", "to": "denied"},
        {"key": "granted", "kind": "end", "title": "办结", "stage": "deliver", "result": "granted"},
        {"key": "denied", "kind": "end", "title": "不予办理", "stage": "deliver", "result": "denied"},
    ]


def _supply(back: str) -> Json:
    return {
        "key": "supply", "kind": "applicant", "title": "请申请人说明情况", "stage": "review", "stops_clock": True,
        "limit": _days(15, "natural_day"),
        "outcomes": [_out("supplied", "已说明", back), _out("missing", "未说明", "decide")],
        "timers": [{"after": _days(10, "natural_day"), "do": "warn"},
                   {"after": _days(15, "natural_day"), "do": "default", "outcome": "missing"}],
    }  # fmt: skip


def _decide(days: int, office: str = "own", title: str = "作出决定") -> Json:
    return _task(
        "decide", title, "decide", office, days,
        _out("grant", "同意", "record"), _out("deny", "不同意", "record_no"), decides=True,
    )  # fmt: skip


SIMPLE: Json = {
    "stages": STAGES,
    "start": "check",
    "nodes": [
        _task("check", "核对材料", "receive", "own", 1, _out("pass", "材料属实", "decide"),
              _out("ask", "需要说明", "supply"), timers=[_warn(1)]),
        _supply("check"),
        _decide(2),
        *_ending(),
    ],
}  # fmt: skip

ELSEWHERE: Json = {
    "stages": STAGES,
    "offices": {"medical": "医保部门", "labour": "人社部门"},
    "start": "check",
    "nodes": [
        _task("check", "窗口核对", "receive", "own", 1, _out("pass", "核对无误", "both"),
              _out("ask", "需要说明", "supply"), timers=[_warn(1)]),
        _supply("check"),
        {"key": "both", "kind": "block", "title": "两部门并联审核", "stage": "review", "join": "all", "to": "agreed",
         "branches": [{"key": "medical", "title": "医保", "start": "insured"},
                      {"key": "labour", "title": "人社", "start": "employed"}]},
        _task("insured", "核对参保状态", "review", "medical", 2, _out("agree", "同意", "join"),
              _out("object", "有异议", "join"),
              timers=[_warn(1), {"after": _days(2), "do": "escalate"}]),
        _task("employed", "核对退休和就业状态", "review", "labour", 2, _out("agree", "同意", "join"),
              _out("object", "有异议", "join"),
              timers=[_warn(1), {"after": _days(2), "do": "escalate"}]),
        {"key": "agreed", "kind": "choice", "title": "都同意吗", "else": "weigh", "cases": [
            {"label": "都同意", "to": "decide", "when": {"all": [
                {"field": "insured", "is": "equals", "value": "agree"},
                {"field": "employed", "is": "equals", "value": "agree"}]}}]},
        _task("weigh", "研究不同意见", "review", "own", 1, _out("done", "意见已写明", "decide")),
        _decide(1),
        *_ending(),
    ],
}  # fmt: skip

RETIREMENT: Json = {
    "stages": STAGES,
    "start": "check",
    "facts": {"special_work": "yesno"},
    "nodes": [
        _task("check", "核对档案", "receive", "own", 1, _out("pass", "档案齐全", "special"),
              _out("ask", "需要说明", "supply")),
        _supply("check"),
        {"key": "special", "kind": "choice", "title": "是否特殊工种", "else": "reckon", "cases": [
            {"label": "特殊工种", "to": "show", "when": {"field": "special_work", "is": "equals", "value": True}}]},
        {"key": "show", "kind": "automatic", "do": "publish", "to": "wait"},
        {"key": "wait", "kind": "timer", "title": "公示", "stage": "review", "limit": _days(5), "to": "reckon"},
        _task("reckon", "核定待遇", "review", "own", 1, _out("done", "核定完成", "decide"),
              _out("back", "退回核对", "check")),
        _decide(1),
        *_ending(),
    ],
}  # fmt: skip

FILE_LOAN: Json = {
    "stages": STAGES,
    "start": "check",
    "nodes": [
        _task("check", "核对身份和用途", "receive", "own", 1, _out("pass", "用途正当", "decide"),
              _out("ask", "需要说明", "supply")),
        _supply("check"),
        _decide(1, title="人才中心主任签字"),
        *_ending(),
    ],
}  # fmt: skip

PROCESSES: list[tuple[str, str, Json]] = [
    ("process.simple", "一般事项", SIMPLE),
    ("process.elsewhere", "异地居住就医备案", ELSEWHERE),
    ("process.retirement", "退休申报", RETIREMENT),
    ("process.file_loan", "档案借阅", FILE_LOAN),
]


def publish(at: datetime) -> None:
    """Write and publish the processes of the demo county."""
    for key, title, definition in PROCESSES:
        draft = actions.add_process(key=key, title=title, basis="演示用流程", definition=definition, by=None, at=at)
        actions.publish_process(draft, by=None, at=at)
