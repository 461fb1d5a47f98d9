"""What the bench asks about applications: things to apply for, steps to finish, decisions to sign."""

from __future__ import annotations

from base64 import b64encode
from random import Random
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from bench.multiplied import last_told
from lianxin.flow.models import Step
from lianxin.flow.rules import Kind
from lianxin.people.actions import make_token
from lianxin.people.models import Post, User
from lianxin.people.rules import ROLES, Power, who_holds
from lianxin.serve.models import Application, Service
from lianxin.serve.rules.application import State
from lianxin.sheets.models import Sheet

SAMPLE = 2000
SERVICE = "YX-MED-003"  # settling elsewhere, of the demo county
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def prepare(rng: Random) -> dict[str, Any]:
    """This function will give what the driver asks with and for, all of it found in the county."""
    told = Application.objects.filter(pk__lte=last_told(Application)).exclude(state=State.DRAFT)
    numbers = list(told.order_by("pk").values_list("number", flat=True))
    shown = rng.sample(numbers, min(SAMPLE, len(numbers)))
    tokens: dict[int, str] = {}
    return {
        "apply": _apply(),
        "applicants": [[number, session] for number, session in zip(shown, _browsers(shown), strict=True)],
        "steps": _steps(tokens),
        "signatures": _signatures(tokens),
    }


def _apply() -> dict[str, Any]:
    service = Service.objects.live(timezone.localdate()).get(number=SERVICE)
    sheet = Sheet.objects.current(service.sheet_key, timezone.now())
    assert sheet
    content = b64encode(PAGE).decode()
    materials = [
        {"material": one.key, "name": f"{one.key}.pdf", "content": content}
        for one in service.materials.all()
        if one.necessity != "optional"
    ]
    answers = {field["key"]: _answer(field) for field in sheet.fields if field.get("known") not in ("name", "phone")}
    return {"service": SERVICE, "answers": answers, "materials": materials}


def _answer(field: dict[str, Any]) -> Any:
    """This function will answer a question so that it is taken."""
    if field["kind"] in ("choice", "many"):
        first = field["options"][0]["key"]
        return [first] if field["kind"] == "many" else first
    if field["kind"] == "number":
        return int(field.get("min") or 1)
    answers = {"date": "1960-03-01", "yesno": True, "phone": "19900001111", "identity": "11010519491231002X"}
    return answers.get(field["kind"], "城东一组")


def _browsers(numbers: list[str]) -> list[str]:
    """This function will open receipts in a few browsers, as many in each as people of one house would."""
    found, now = [], int(timezone.now().timestamp())
    for start in range(0, len(numbers), 40):
        session = SessionStore()
        part = numbers[start : start + 40]
        session["opened"] = dict.fromkeys(part, now)
        session.create()
        found += [str(session.session_key)] * len(part)
    return found


def _steps(tokens: dict[int, str]) -> list[list[Any]]:
    """This function will give open steps, each with the token of who may finish it and the outcome that leads on."""
    rows = Step.objects.open().filter(kind=Kind.TASK, run__application__state=State.ACCEPTED)
    found = []
    for step in rows.select_related("run__application", "run__process").order_by("id"):
        token = _token_over(step.office_id, Power.PROCESS, tokens)
        if token and step.outcomes and not step.decides:
            found.append([step.run.application.number, token, step.pk, step.outcomes[0].key])
    return found


def _signatures(tokens: dict[int, str]) -> list[list[str]]:
    """This function will give applications whose decision is proposed, with the token of who may sign."""
    rows = Application.objects.filter(state=State.DECIDING, decision__signed_at=None, decision__isnull=False)
    found = []
    for application in rows.select_related("decision"):
        token = _token_over(application.office_id, Power.DECIDE, tokens, but=application.decision.proposed_by_id)
        if token:
            found.append([application.number, token, application.decision.result])
    return found


def _token_over(office: int | None, power: Power, tokens: dict[int, str], *, but: int = 0) -> str:
    key = (office or 0) * 100 + len(power)
    if key not in tokens:
        posts = Post.objects.filter(office=office, role__in=who_holds(ROLES, power), holder__isnull=False)
        user = User.objects.filter(pk__in=posts.values("holder")).exclude(pk=but).first()
        tokens[key] = make_token(user, name="bench", by=None, at=timezone.now())[1] if user else ""
    return tokens[key]
