"""Settling elsewhere: a service with form, materials and a process of two departments, and people who apply for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lianxin.flow.models import Process, Step
from lianxin.listen.rules import Contact
from lianxin.outbox.models import Message
from lianxin.people.models import Limit, User
from lianxin.serve import actions
from lianxin.serve.models import Application, Material, Seat, Service
from lianxin.serve.rules.application import Fault
from lianxin.sheets.models import Sheet
from tests.cast import Cast

NUMBER = "YX-MED-003"
PHONE, NAME = "13800001234", "王桂花"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
FIELDS = [
    {"key": "name", "label": "姓名", "kind": "text", "required": True, "known": "name"},
    {"key": "phone", "label": "电话", "kind": "phone", "known": "phone"},
    {
        "key": "why",
        "label": "类型",
        "kind": "choice",
        "required": True,
        "options": [{"key": "retired", "label": "退休安置"}, {"key": "work", "label": "长期驻外"}],
    },
    {"key": "place", "label": "定居地", "kind": "text", "required": True},
]
ANSWERS = {"why": "retired", "place": "西安市雁塔区"}
ENDS = [{"key": "go", "label": "同意", "to": "join"}]
ELSEWHERE: dict[str, Any] = {
    "start": "check",
    "stages": [{"key": "a", "name": "审核"}, {"key": "b", "name": "决定"}],
    "facts": {"why": "choice"},
    "nodes": [
        {
            "key": "check", "kind": "task", "title": "初审", "stage": "a", "office": "own",
            "limit": {"value": 1, "unit": "workday"}, "outcomes": [{"key": "ok", "label": "齐全", "to": "both"}],
        },
        {
            "key": "both", "kind": "block", "title": "并联审核", "stage": "a", "join": "all", "to": "decide",
            "branches": [
                {"key": "m", "title": "医保", "start": "medical"}, {"key": "l", "title": "人社", "start": "labour"},
            ],
        },
        {"key": "medical", "kind": "task", "title": "医保审核", "stage": "a", "office": "medical", "outcomes": ENDS},
        {"key": "labour", "kind": "task", "title": "人社审核", "stage": "a", "office": "labour", "outcomes": ENDS},
        {
            "key": "decide", "kind": "task", "title": "决定", "stage": "b", "office": "own", "decides": True,
            "outcomes": [
                {"key": "grant", "label": "准予", "to": "issue"}, {"key": "deny", "label": "不准予", "to": "denied"},
            ],
        },
        {"key": "issue", "kind": "automatic", "do": "issue", "to": "granted"},
        {"key": "granted", "kind": "end", "result": "granted", "stage": "b"},
        {"key": "denied", "kind": "end", "result": "denied", "stage": "b"},
    ],
}  # fmt: skip


def lay(cast: Cast, at: datetime) -> Service:
    """Write sheet, process, seats, service and materials, and the words of documents."""
    long_ago = at - timedelta(days=100)
    Sheet.objects.create(
        key="apply.elsewhere", title="异地安置备案", fields=FIELDS, made_at=long_ago, published_at=long_ago
    )
    Process.objects.create(
        key="process.elsewhere", title="异地安置", definition=ELSEWHERE, changed_at=long_ago, published_at=long_ago
    )
    Seat.objects.bulk_create(Seat(key=key, office=cast.offices[key], at=long_ago) for key in ("medical", "labour"))
    Limit.objects.get_or_create(
        key="application.tell",
        defaults={"name": "告知", "value": 5, "unit": "workday", "start_fact": "收到", "legal_basis": "行政许可法32"},
    )
    service = Service.objects.create(
        number=NUMBER, state="live", valid_from=long_ago.date(), name="异地安置退休人员备案",
        office=cast.offices["medical"], office_name="县医疗保障局", kind="promised", promised_value=5,
        promised_unit="workday", promised_basis="本县承诺", legal_value=20, legal_unit="workday",
        legal_basis="行政许可法42", conditions="已参保", remedies="六十日内申请行政复议", sheet_key="apply.elsewhere",
        process_key="process.elsewhere", two_person=True, basis="医保条例", at=long_ago,
    )  # fmt: skip
    Material.objects.bulk_create(
        Material(service=service, place=place, key=key, name=name, form="copy", copies=1, necessity=need, when=when,
                 later=later)
        for place, (key, name, need, when, later) in enumerate([
            ("card", "身份证", "required", {}, False),
            ("proof", "居住证明", "required", {}, False),
            ("posting", "驻外证明", "conditional", {"field": "why", "is": "equals", "value": "work"}, False),
            ("photo", "照片", "required", {}, True),
        ])
    )  # fmt: skip
    actions.seed_wordings(at=long_ago)
    return service


def person(**given: Any) -> actions.Person:
    return actions.Person(**{"contact": Contact(NAME, PHONE), **given})


def files(*keys: str, mark: str = "") -> list[actions.Given]:
    return [actions.Given(key, PDF + f"\n%{key}{mark}".encode(), f"{key}.pdf") for key in keys]


@dataclass
class Settling:
    """The service, and time that passes."""

    cast: Cast
    service: Service
    at: datetime

    def who(self, key: str) -> User:
        return self.cast.officer(key)

    def later(self, **span: int) -> datetime:
        self.at += timedelta(**(span or {"minutes": 1}))
        return self.at

    def draft(self) -> Application:
        return actions.begin(self.service, at=self.later()).application

    def submitted(self, *keys: str) -> Application:
        materials = files(*(keys or ("card", "proof")))
        given: dict[str, Any] = {"answers": ANSWERS, "materials": materials, "person": person()}
        return actions.submit(self.draft(), at=self.later(), **given).application

    def corrected(self) -> Application:
        application = self.submitted()
        faults = [Fault("proof", "看不清公章，请重新拍照")]
        actions.correct(application, faults=faults, by=self.who("clerk"), at=self.later())
        return self.fresh(application)

    def accepted(self) -> Application:
        return actions.accept(self.submitted(), by=self.who("clerk"), at=self.later())

    def step(self, application: Application, node: str) -> Step:
        return Step.objects.select_related("run__process", "office").get(run=application.run_id, node=node)

    def reviewed(self) -> Application:
        """With both departments through: only the decision is left."""
        application = self.accepted()
        actions.step(self.step(application, "check"), outcome="ok", by=self.who("clerk"), at=self.later())
        actions.step(self.step(application, "medical"), outcome="go", by=self.who("reviewer"), at=self.later())
        by = self.who("labour_reviewer")
        actions.step(self.step(application, "labour"), outcome="go", by=by, at=self.later())
        return self.fresh(application)

    def proposed(self, result: str = "granted", **more: str) -> Application:
        application = self.reviewed()
        said = actions.Said(result, **more)
        actions.propose(application, said=said, by=self.who("reviewer"), at=self.later())
        return self.fresh(application)

    def decided(self) -> Application:
        application = self.proposed()
        actions.decide(application, by=self.who("approver"), at=self.later())
        return self.fresh(application)

    def fresh(self, application: Application) -> Application:
        return Application.objects.select_related("service", "office", "run").get(pk=application.pk)

    def told(self, application: Application) -> list[str]:
        """The kinds of messages about it, in their order."""
        found = Message.objects.filter(about_kind="serve.application", about_key=application.pk).order_by("id")
        return [key.removeprefix("application.") for key in found.values_list("template__key", flat=True)]
