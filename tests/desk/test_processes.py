"""The processes at the desk: looked at, written in the table, put into force, taken away as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lianxin.flow.models import Process
from lianxin.people.models import User
from lianxin.project.demo import processes
from tests.cast import Cast
from tests.flow.conftest import publish

SignIn = Callable[[User | str], Client]
URL = "/desk/processes/"


@pytest.fixture
def keeper(sign_in: SignIn) -> Client:
    return sign_in("cataloguer")


@pytest.fixture
def live(cast: Cast, at: datetime, frozen: datetime) -> Process:
    return publish(cast, processes.ELSEWHERE, at)


def draft_of(keeper: Client, live: Process) -> Process:
    assert keeper.post(f"{URL}{live.pk}/version/").status_code == 302
    return Process.objects.get(version=2)


def typed(keeper: Client, draft: Process) -> dict[str, Any]:
    """Return what the table sends when nothing in it is changed."""
    page = keeper.get(f"{URL}{draft.pk}/edit/")
    whole, steps = page.context["whole"], page.context["steps"]
    sent = {name: whole[name].value() or "" for name in whole.fields}
    sent |= {f"nodes-{name}": value for name, value in steps.management_form.initial.items()}
    for form in steps:
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False, ""):
                sent[form.add_prefix(name)] = "on" if value is True else value
    return sent


def test_looked_at(keeper: Client, live: Process) -> None:
    assert "异地就医" in keeper.get(URL).content.decode()
    page = keeper.get(f"{URL}{live.pk}/").content.decode()
    assert "<svg" in page and "两部门并联审核" in page and "医保部门 · 2个工作日" in page
    assert "窗口核对（核对无误） → " in page
    assert "5个工作日" in page


@pytest.mark.parametrize("who", ["neighbour", "clerk", "it"])
def test_nobody_else(sign_in: SignIn, live: Process, who: str) -> None:
    client = sign_in(who)
    pages = ("", "new/", *(f"{live.pk}/{each}" for each in ("", "edit/", "process.bpmn", "process.json", "poster.pdf")))
    assert {client.get(URL + page).status_code for page in pages} <= {403, 404}
    deeds = [client.post(f"{URL}{live.pk}/{deed}/").status_code for deed in ("version", "publish", "retire", "edit")]
    assert set(deeds) <= {403, 404}
    assert Process.objects.count() == 1


@pytest.mark.parametrize("which", range(4))
def test_the_table_says_what_the_json_says(keeper: Client, live: Process, at: datetime, which: int) -> None:
    definition = processes.PROCESSES[which][2]
    draft = draft_of(keeper, live)
    assert keeper.post(f"{URL}{draft.pk}/edit/", {"bring": "1", "json": json.dumps(definition)}).status_code == 302
    answer = keeper.post(f"{URL}{draft.pk}/edit/", typed(keeper, draft) | {"keep": "1"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert slim(draft.definition) == slim(definition)
    assert keeper.post(f"{URL}{draft.pk}/publish/").status_code == 302
    live.refresh_from_db()
    assert live.retired_at == at


def slim(raw: dict[str, Any]) -> Any:
    """Return a definition without the basis of timers and titles left empty, which the table does not keep."""
    slim: dict[str, Any] = json.loads(json.dumps(raw))
    for node in slim["nodes"]:
        node.setdefault("title", "")
        node.setdefault("stage", "")
        for timer in node.get("timers", []):
            timer["after"].pop("basis", None)
        if not node.get("timers"):
            node.pop("timers", None)
        for name in ("decides", "stops_clock"):
            if not node.get(name):
                node.pop(name, None)
    return slim


def test_drawn_while_it_is_written(keeper: Client, live: Process) -> None:
    draft = draft_of(keeper, live)
    sent = typed(keeper, draft) | {"look": "1", "nodes-0-title": "新的第一步", "nodes-0-ways": "pass | 好 | nowhere"}
    page = keeper.post(f"{URL}{draft.pk}/edit/", sent).content.decode()
    assert page.count("新的第一步") >= 3, "in the table, the chart and the list"
    assert "nowhere" in page and 'class="notice near"' in page
    grown = keeper.post(f"{URL}{draft.pk}/edit/", typed(keeper, draft) | {"more": "1"})
    assert len(grown.context["steps"].forms) == len(processes.ELSEWHERE["nodes"]) + 1
    other = typed(keeper, draft) | {"look": "1", "nodes-0-kind": "end"}
    assert "result" in keeper.post(f"{URL}{draft.pk}/edit/", other).context["steps"].forms[0].fields
    draft.refresh_from_db()
    assert draft.definition == processes.ELSEWHERE, "looking keeps nothing"


def test_refused(keeper: Client, live: Process) -> None:
    draft = draft_of(keeper, live)
    url = f"{URL}{draft.pk}/edit/"
    sent = typed(keeper, draft) | {"keep": "1"}
    wrong = [
        {"stages": "only one part"}, {"facts": "age | colour"}, {"nodes-0-ways": "pass"}, {"nodes-0-key": ""},
        {"nodes-0-timers": "warn | many | workday"}, {"title": ""}, {"nodes-TOTAL_FORMS": "x"},
    ]  # fmt: skip
    for each in wrong:
        assert keeper.post(url, sent | each).status_code == 422, each
    for text in ("", "[]", "{", "[" * 5000, '{"a": "\\ud800"}'):
        assert keeper.post(url, {"bring": "1", "json": text}).status_code == 422
    assert keeper.post(url, {"bring": "1", "json": '{"nodes": [5], "stages": 7, "facts": []}'}).status_code == 302
    assert keeper.get(url).status_code == 200, "whatever was brought in can be looked at"
    assert keeper.post(f"{URL}{draft.pk}/publish/", follow=True).context["process"].is_draft
    Process.objects.filter(pk=draft.pk).update(changed_at=live.changed_at + timedelta(seconds=1))
    assert keeper.post(url, sent).status_code == 409, "somebody changed it meanwhile"
    assert keeper.get(f"{URL}{live.pk}/edit/").status_code == 302, "a published one is not written on"
    assert keeper.get(f"{URL}{draft.pk}/poster.pdf").status_code == 404
    assert keeper.get(f"{URL}{draft.pk}/process.bpmn").status_code == 302
    assert keeper.get(f"{URL}999999/").status_code == 404


def test_begun_and_retired(keeper: Client, live: Process) -> None:
    assert keeper.post(f"{URL}new/", {"key": "../x", "title": "新"}).status_code == 422
    assert keeper.post(f"{URL}new/", {"key": "process.test", "title": "新"}).status_code == 422
    answer = keeper.post(f"{URL}new/", {"key": "process.new", "title": "新"})
    assert keeper.get(answer["Location"]).status_code == 200
    assert keeper.get(answer["Location"].replace("edit/", "")).status_code == 200
    keeper.post(f"{URL}{live.pk}/retire/")
    live.refresh_from_db()
    assert live.state == "retired"


def test_files(keeper: Client, live: Process) -> None:
    assert keeper.get(f"{URL}{live.pk}/process.bpmn").content.startswith(b"<?xml")
    assert json.loads(keeper.get(f"{URL}{live.pk}/process.json").content) == processes.ELSEWHERE
    paper = keeper.get(f"{URL}{live.pk}/poster.pdf?size=a3")
    assert paper.content.startswith(b"%PDF")
