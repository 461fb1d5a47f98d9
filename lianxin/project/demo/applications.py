"""Applications of the demo county, in every state: some handed in today, some decided, one refused, one revoked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lianxin.flow.models import Step
from lianxin.listen.rules import Contact
from lianxin.people import actions as people
from lianxin.people.models import Office, User, calendar_now
from lianxin.project.demo.accounts import PASSWORD
from lianxin.project.demo.staff import GIVEN, SURNAMES, Staff, name_of
from lianxin.serve import actions
from lianxin.serve.models import Application, Service
from lianxin.serve.rules.application import Fault

CARD = "11010519491231002X"  # the number that the standard itself gives as its example: nobody's
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n%"
)
ANSWERS: dict[str, dict[str, Any]] = {
    "apply.elsewhere": {
        "card": CARD, "insurance": "employee", "why": "retired", "place": "省城", "moved": "yes",
        "home": "省城滨河路1号",
        "since": "2024-05-01",
        "get": "download",
    },
    "apply.retirement": {
        "card": CARD, "born": "1966-03-05", "post": "man", "firm": "云溪县第二粮库", "years": "35", "special": "no",
        "when": "normal", "account": "6200000000000000", "get": "download",
    },
    "apply.simple": {"card": CARD, "who": "self", "what": "按要求办理。", "get": "download"},
}  # fmt: skip
ELSEWHERE, RETIREMENT, SIMPLE = "YX-MED-003", "YX-LAB-001", "YX-LAB-007"
# How far each goes, how many days ago it came, and for which service.
ROADS: list[tuple[str, int, str]] = [
    ("draft", 1, ELSEWHERE), ("draft", 0, SIMPLE),
    *[("submitted", 0, number) for number in (ELSEWHERE, ELSEWHERE, RETIREMENT, SIMPLE, SIMPLE, RETIREMENT)],
    ("correction", 1, ELSEWHERE), ("correction", 2, RETIREMENT),
    ("supplied", 2, ELSEWHERE), ("supplied", 3, SIMPLE),
    *[("accepted", days, number) for days, number in ((1, ELSEWHERE), (2, RETIREMENT), (1, SIMPLE), (9, SIMPLE))],
    ("parallel", 2, ELSEWHERE), ("parallel", 3, ELSEWHERE), ("suspended", 4, RETIREMENT),
    ("deciding", 3, ELSEWHERE), ("deciding", 2, SIMPLE),
    ("decided", 5, ELSEWHERE), ("delivered", 8, ELSEWHERE), ("rated", 12, ELSEWHERE), ("bad", 10, SIMPLE),
    ("same_day", 6, RETIREMENT), ("denied", 15, ELSEWHERE), ("revoked", 20, SIMPLE),
    ("refused", 7, ELSEWHERE), ("withdrawn", 6, SIMPLE), ("closed", 11, RETIREMENT),
]  # fmt: skip
BEFORE = {"accepted": 0, "parallel": 1, "suspended": 1}  # steps that are finished on roads that stop on the way


@dataclass
class Road:
    """One application on its way, and the time that passes."""

    staff: Staff
    application: Application
    at: datetime
    until: datetime

    def later(self, minutes: int = 7) -> datetime:
        """Return a later moment, never after the end of the demo."""
        self.at = min(self.at + timedelta(minutes=minutes), self.until)
        return self.at

    def who(self, task: str) -> User:
        """Return the officer of the service's office for a task: clerk, reviewer, approver."""
        home = "medical" if self.application.office_id == self.staff.offices["medical"].pk else "labour"
        return self.staff.officers[f"{task}_{home}"]


def live(rng: Random, staff: Staff, until: datetime) -> None:
    """Let some thirty people apply in the last weeks, each as far as the table above says."""
    begun = until - timedelta(days=40)
    for home in ("medical", "labour"):
        actions.seat(key=home, office=staff.offices[home], by=None, at=begun)
        for task, title, role in (
            ("clerk", "受理员", "clerk"), ("reviewer", "审核员", "reviewer"), ("approver", "分管领导", "approver"),
        ):  # fmt: skip
            _engage(staff, f"{task}_{home}", title, role, staff.offices[home], begun)
    services = {service.number: service for service in Service.objects.filter(state="live")}
    for number, (name, days, wanted) in enumerate(ROADS):
        if wanted in services:
            _walk(rng, staff, services[wanted], name, _morning(until, days, number), until)


def _morning(until: datetime, days: int, number: int) -> datetime:
    """Return a moment of the morning so many days before, on a day on which people work; today, minutes ago."""
    if days == 0:
        return until - timedelta(minutes=20 + 9 * number)
    day, calendar = until - timedelta(days=days), calendar_now()
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return day.replace(hour=9, minute=number % 50, second=0, microsecond=0)


def _engage(staff: Staff, key: str, title: str, role: str, office: Office, at: datetime) -> None:
    name = name_of(len(staff.officers))
    user = people.make_user(username=key, name=name, by=None, at=at, totp_required=False)
    people.set_password(user, password=PASSWORD, by=user, at=at)
    post = people.open_post(office=office, title=title, role=role, by=None, at=at)
    staff.officers[key], staff.posts[key] = user, people.appoint(post, holder=user, by=None, at=at)


def _walk(rng: Random, staff: Staff, service: Service, name: str, at: datetime, until: datetime) -> None:
    person = actions.Person(
        Contact(rng.choice(SURNAMES) + rng.choice(GIVEN), f"1990000{rng.randrange(10_000):04d}")
    )  # fmt: skip
    answers = ANSWERS[service.sheet_key]
    if name == "draft":
        draft = actions.begin(service, at=at).application
        actions.save(draft, answers=answers, person=person, at=at)
        return
    materials = [
        actions.Given(material.key, PDF + material.key.encode(), f"{material.key}.pdf")
        for material in service.materials.filter(necessity="required")
    ]
    begun = actions.apply(service, answers=answers, person=person, materials=materials, at=at, channel="web")
    road = Road(staff, begun.application, at, until)
    if name == "submitted":
        return
    if name in ENDS:
        ENDS[name](road)
        return
    if name in ("correction", "supplied"):
        _correct(road, name, materials[0].key)
        return
    actions.accept(road.application, by=road.who("clerk"), at=road.later(15))
    _steps(road, BEFORE.get(name, 20))
    if name in BEFORE:
        if name == "suspended":
            actions.suspend(
                road.application, kind="appraisal", days=20, basis="行政许可法第四十五条", reason="病退鉴定",
                by=road.who("approver"), at=road.later(),
            )  # fmt: skip
        return
    _decide(road, name)


def _correct(road: Road, name: str, key: str) -> None:
    faults = [Fault(key, "照片看不清号码，请在亮处重拍一张")]
    actions.correct(road.application, faults=faults, by=road.who("clerk"), at=road.later(30))
    if name == "supplied":
        again = [actions.Given(key, PDF + b"again", f"{key}.pdf")]
        actions.supply(road.application, materials=again, at=road.later(90))


def _steps(road: Road, most: int) -> None:
    """Finish so many steps, each with its first outcome, by an officer of the office that owes it."""
    road.application.refresh_from_db()
    for _number in range(most):
        waiting = Step.objects.open().filter(run=road.application.run_id).select_related("run__process", "office")
        step = next((one for one in waiting.order_by("id") if one.office_id and not one.decides), None)
        if step is None:
            return
        home = "medical" if step.office_id == road.staff.offices["medical"].pk else "labour"
        by = road.staff.officers[f"reviewer_{home}"]
        actions.step(step, outcome=step.outcomes[0].key, by=by, at=road.later(11))


def _decide(road: Road, name: str) -> None:
    application = Application.objects.get(pk=road.application.pk)
    said = actions.Said("granted", "材料齐全，符合规定。", "本县办事指南")
    if name == "denied":
        said = actions.Said(
            "denied",
            "在本地参保不满规定时间。",
            "医疗保障条例",
            "参保满规定时间后再来办。",
            "六十日内可以申请行政复议。",
        )
    actions.propose(application, said=said, by=road.who("reviewer"), at=road.later(9))
    if name == "deciding":
        return
    document = actions.decide(application, by=road.who("approver"), at=road.later(6))
    if name == "decided":
        return
    if name == "revoked":
        actions.revoke(document, reason="发现提交的材料不实", by=road.who("approver"), at=road.later(60 * 24))
        return
    actions.fetch(document, at=road.later(30))
    if name in ("rated", "same_day"):
        actions.rate(application, grade=5, conduct=5, text="没跑一趟就办好了。", at=road.later())
    elif name == "bad":
        actions.rate(application, grade=2, conduct=1, text="打了三次电话才有人接。", at=road.later())


def _refuse(road: Road) -> None:
    actions.refuse(
        road.application, reason="参保地不在本县，不归本县办理。", basis="医疗保障事项管辖规定",
        go_to="参保地的医疗保障局", remedy="六十日内可以申请行政复议。", by=road.who("clerk"), at=road.later(40),
    )  # fmt: skip


def _withdraw(road: Road) -> None:
    actions.withdraw(road.application, reason="先不办了", at=road.later(100))


def _close(road: Road) -> None:
    actions.close(road.application, reason="申请人去世", died=True, by=road.who("clerk"), at=road.later(200))


ENDS: dict[str, Callable[[Road], None]] = {"refused": _refuse, "withdrawn": _withdraw, "closed": _close}
