"""What officers do on pages, done by programs: the same deeds, refused in the same words, told as problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.desk.deeds.plans import LISTS
from lianxin.desk.urls import urlpatterns
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.project.api import api
from lianxin.resolve.models import Case
from lianxin.resolve.rules import Deed, State
from tests.desk.road import Road
from tests.desk.test_deeds import DONE

API = "/api/v1"
Call = Callable[..., Any]


class Program:
    """A program that bears an officer's token."""

    def __init__(self, road: Road, who: str) -> None:
        _token, secret = people.make_token(road.cast.officers[who], name="test", by=road.cast.officer("it"), at=road.at)
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{API}{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"{API}{path}", body or {}, content_type="application/json", headers=self.headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"{API}{path}", headers=self.headers)


@pytest.fixture
def bears(road: Road) -> Callable[[str], Program]:
    """Give a program that acts for this officer."""
    return lambda who: Program(road, who)


Bears = Callable[[str], Program]


def is_problem(answer: Any, status: int, title: str = "") -> Any:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status and told["instance"].startswith(API)
    assert {"type", "title", "detail"} <= told.keys()
    assert not title or told["title"] == title
    return told


def as_json(given: dict[str, Any], deed: Deed) -> dict[str, Any]:
    """Return what a browser would send as a program sends it."""
    whole = {"join", "result_grade", "handling_grade"}
    yes = {"on": True, "True": True, "False": False}
    return {
        name: int(value) if name in whole else yes.get(value, value) if isinstance(value, str) else _plain(value)
        for name, value in given.items()
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("deed", DONE, ids=str)
def test_every_deed_is_an_operation(road: Road, bears: Bears, deed: Deed) -> None:
    who, make, given, state = DONE[deed]
    case = make(road)
    case.refresh_from_db()
    answer = bears(who).post(f"/cases/{case.number}/{deed}", as_json(given(road, case), deed))
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == state
    event = Event.objects.filter(verb=f"case.{deed}").latest("id")
    assert event.by_id == road.cast.officers[who].pk


@pytest.mark.parametrize("deed", DONE, ids=str)
def test_no_operation_opens_to_a_stranger(road: Road, bears: Bears, deed: Deed) -> None:
    who, make, given, _state = DONE[deed]
    case = make(road)
    case.refresh_from_db()
    body = as_json(given(road, case), deed)
    before = Event.objects.count()
    stranger = bears("registrar" if who == "neighbour" else "neighbour")
    assert stranger.post(f"/cases/{case.number}/{deed}", body).status_code in (403, 404)
    assert Client().post(f"{API}/cases/{case.number}/{deed}", body, "application/json").status_code == 401
    assert Event.objects.count() == before + 1  # the token that was made


def test_cases_are_listed_and_read(road: Road, bears: Bears) -> None:
    case, other = road.handling(assists=("housing",)), road.registered(road.hear("路灯不亮"), title="路灯不亮")
    program = bears("dispatcher")
    page = program.get("/cases", page_size=1).json()
    assert [line["number"] for line in page["cases"]] == [other.number] and page["more"] is True
    assert [line["number"] for line in program.get("/cases", page_size=1, page=2).json()["cases"]] == [case.number]
    assert [line["number"] for line in program.get("/cases", q="路灯").json()["cases"]] == [other.number]
    assert [line["light"] for line in program.get("/cases", state="handling").json()["cases"]] == ["ok"]
    whole = program.get(f"/cases/{case.number}").json()
    assert whole["lead"] == "县水务局供水股" and len(whole["tasks"]) == 2
    assert [step["verb"] for step in whole["steps"]] == ["case.dispatch", "case.register"]
    assert "rule" in whole["deeds"] and "finish" not in whole["deeds"]
    spoken = program.get(f"/cases/{case.number}/voices").json()["spoken"]
    assert "每天晚上六点" in spoken[0]["words"]
    assert "13800138000" not in str(spoken)


def test_to_a_stranger_a_case_does_not_exist(road: Road, bears: Bears) -> None:
    case = road.handling()
    program = bears("neighbour")
    assert program.get("/cases").json()["cases"] == []
    for tail in ("", "/voices", "/similar", "/files/1"):
        is_problem(program.get(f"/cases/{case.number}{tail}"), 404)
    is_problem(bears("it").get("/cases"), 403, "NotAllowed")


def test_points_become_a_case_and_more_of_them_join(road: Road, bears: Bears) -> None:
    first, second = road.hear(), road.hear("又停水了", identity="anonymous")
    program = bears("dispatcher")
    subject = _subject(road)
    body = {
        "items": [item.pk for item in road.items(first)],
        "title": "供水不足",
        "subject": subject,
        "level": "village",
    }
    made = program.post("/cases", body)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    joined = program.post(f"/cases/{number}/join", {"items": [item.pk for item in road.items(second)]})
    assert joined.status_code == 200
    assert Case.objects.get(number=number).voices == 2
    is_problem(program.post("/cases", body), 409, "AlreadyJoined")
    is_problem(program.post("/cases", {**body, "items": []}), 422, "NothingToJoin")
    is_problem(bears("neighbour").post("/cases", body), 403)


def _subject(road: Road) -> int:
    from lianxin.listen.models import Subject

    return Subject.objects.create(name="供水", full_name="供水", path="/1/").pk


def test_many_are_dispatched_and_each_refusal_is_told(road: Road, bears: Bears) -> None:
    case, done = road.registered(), road.handling()
    order = {"lead": road.cast.offices["housing"].pk, "coordinator": road.cast.officers["dispatcher"].pk}
    told = bears("dispatcher").post("/cases/dispatch_many", {"numbers": [case.number, done.number], **order}).json()
    assert [(each["done"], each["refusal"]) for each in told] == [(True, ""), (False, "NoSuchMove")]


def test_who_spoke_is_told_with_a_reason_on_record(road: Road, bears: Bears) -> None:
    voice = road.hear()
    case = road.handling(voice)
    program = bears("handler")
    told = program.post(f"/cases/{case.number}/reveal/{voice.number}", {"reason": "约上门看水压"})
    assert told.json()["phone"] == "13800138000"
    assert Event.objects.filter(verb="voice.revealed").count() == 1
    is_problem(program.post(f"/cases/{case.number}/reveal/{voice.number}", {}), 422)
    is_problem(bears("neighbour").post(f"/cases/{case.number}/reveal/{voice.number}", {"reason": "想知道"}), 404)


def test_filters_are_kept(road: Road, bears: Bears) -> None:
    program, other = bears("dispatcher"), bears("handler")
    kept = program.post("/filters", {"name": "超期的", "query": "light=late"})
    assert kept.status_code == 201
    assert program.get("/filters").json() == [kept.json()]
    assert other.get("/filters").json() == []
    is_problem(other.delete(f"/filters/{kept.json()['id']}"), 404)
    assert program.delete(f"/filters/{kept.json()['id']}").status_code == 204


def test_a_refusal_names_itself_and_its_facts(road: Road, bears: Bears) -> None:
    case = road.answered()
    told = is_problem(bears("dispatcher").post(f"/cases/{case.number}/reply", {"text": "再答一次"}), 409, "NoSuchMove")
    assert told["type"] == "urn:lianxin:problem:NoSuchMove"
    assert told["facts"]["number"] == case.number
    assert str(State.ANSWERED.label) in told["detail"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"due", "reason"}),
        ({"due": "2026-10-20T12:00:00+08:00"}, {"reason"}),
        ({"due": "soon", "reason": "管件没到"}, {"due"}),
        ({"due": 5, "reason": "管件没到"}, {"due"}),
        ({"due": "2026-10-20T12:00:00+08:00", "reason": "管件没到", "more": 1}, {"more"}),
        ({"due": None, "reason": None}, {"due", "reason"}),
    ],
)  # fmt: skip
def test_a_bad_body_is_told_field_by_field(road: Road, bears: Bears, body: Any, fields: set[str]) -> None:
    case = road.handling()
    told = is_problem(bears("handler").post(f"/cases/{case.number}/extend", body), 422)
    assert {error["field"].split(".")[-1] for error in told["errors"]} == fields
    assert all(error["message"] for error in told["errors"])


def test_what_is_no_request_of_ours_is_told_as_a_problem_too(road: Road, bears: Bears) -> None:
    case, program = road.handling(), bears("handler")
    address = f"{API}/cases/{case.number}/extend"
    broken = program.client.post(address, "{", content_type="application/json", headers=program.headers)
    is_problem(broken, 400)
    wrong = program.client.put(f"{API}/cases", headers=program.headers)
    assert "GET" in wrong["Allow"]
    assert wrong.status_code == 405 and wrong["Content-Type"] == "application/problem+json"
    assert wrong.json()["status"] == 405
    is_problem(program.get("/nothing/here"), 404)
    is_problem(program.get("/"), 404)
    nobody = Client().get(f"{API}/cases")
    is_problem(nobody, 401)
    assert nobody["WWW-Authenticate"].startswith("Bearer")
    is_problem(Client().get(f"{API}/cases", headers={"Authorization": "Bearer lx_nonsense"}), 401)
    is_problem(program.get("/cases", page_size=101), 422)
    is_problem(program.get("/cases", state="rubbish"), 422)
    is_problem(program.get("/cases", office="999999"), 422)


def test_a_bug_is_told_without_its_insides(
    road: Road, bears: Bears, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a secret path")

    monkeypatch.setattr("lianxin.desk.api.cases.narrowed", broken)
    told = is_problem(bears("dispatcher").get("/cases"), 500)
    assert "secret" not in str(told)
    assert "RuntimeError" in caplog.text


def test_a_session_opens_nothing(road: Road, sign_in: Callable[[str], Client]) -> None:
    is_problem(sign_in("dispatcher").get(f"{API}/cases"), 401)


def test_the_description_is_whole(db: None) -> None:
    answer = Client().get(f"{API}/openapi.json")
    assert answer.status_code == 200
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    assert all(operation.get("summary") and operation.get("description") for operation in operations)
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))


def test_every_officers_operation_names_the_powers_it_needs() -> None:
    for path, operation in officers_operations():
        # A telephone knocks with its own key: what it may carry, and keep aside, is asked of the handset's officer.
        # So does a carrier of messages, who tells what became of them and is no officer.
        keyed = str(operation.operation_id).startswith("field_") or operation.operation_id == "take_receipts"
        assert getattr(operation.view_func, "powers", ()) or keyed, path


# Said openly, each kind with its reason. What a person must look at while doing it stays with the person:
NOT_MEANT = {
    # papers that are held up to a screen: a window clerk ticks that he has seen them; a scanned page wants second eyes
    "look", "check_scan", "scan",
    # a person stands at a window, or a leader sits on duty: the deed says that he is there, which no program can know
    "arrive", "at_window", "call_next", "call_off", "come_on_duty", "give_ticket", "hear_on_duty", "leave_duty",
    "pass_on", "stand_again", "be_asked", "print_badge", "receive", "spare",
    # drawn and tried on a page before the whole county uses it; they travel as files (sheet.json, process.bpmn)
    "add_process", "bring_sheet", "draft_sheet", "drop_draft", "edit_process", "edit_sheet", "new_process_version",
    "new_sheet_version", "publish_process", "publish_sheet", "retire_process", "retire_sheet", "try_sheet",
}  # fmt: skip
# Keepers' tables and what is left of the hall, of files and of visits: on pages only so far.
NOT_YET = {
    "add_phrase", "add_service", "answer_rating", "ask_loan", "attach_sample", "close_line", "close_window",
    "drop_service", "edit_service", "end_phrase", "end_skill", "materials", "open_slots", "phrases", "plan", "promote",
    "publish_service", "retire_from_list", "reveal_application", "review_loans", "review_service", "revise_service",
    "seats", "submit_visit", "wording",
}  # fmt: skip


def test_whatever_a_page_can_do_an_operation_can_do() -> None:
    known = {operation.operation_id for _path, operation in officers_operations()}
    deeds = {f"case_{deed}" for deed in Deed}
    assert deeds <= known
    for name in sorted(pages_that_do()):
        twins = {name, f"item_{name}", f"case_{name}"} | {f"{name}_{which}" for which in LISTS}
        assert name in NOT_YET | NOT_MEANT or name.startswith("do") or twins & known, f"desk:{name} has no operation"
    assert not (NOT_YET | NOT_MEANT) & known, "what has an operation by now is still said to have none"


def officers_operations() -> Iterator[tuple[str, Any]]:
    for router in api._get_bound_routers():
        for path, place in router.path_operations.items():
            for operation in place.operations:
                if operation.auth_callbacks:
                    yield path, operation


def pages_that_do() -> set[str]:
    """The route names of the desk whose views take a POST."""
    return {str(pattern.name) for pattern in urlpatterns if "POST" in _methods(pattern.callback)}


def _methods(view: Any) -> set[str]:
    found: set[str] = set()
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            if isinstance(cell.cell_contents, list) and all(isinstance(each, str) for each in cell.cell_contents):
                found |= set(cell.cell_contents)
        view = getattr(view, "__wrapped__", None)
    return found


def test_pages_that_do_are_found() -> None:
    assert {"do", "save_filter", "case_reveal", "dispatch_many", "settle"} <= pages_that_do()
    assert not {"cases", "case", "todo"} & pages_that_do()


def test_a_token_that_ended_opens_nothing(road: Road) -> None:
    _token, secret = people.make_token(
        road.cast.officers["dispatcher"], name="t", by=road.cast.officer("it"), at=road.at - timedelta(days=2),
        expires_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    is_problem(Client().get(f"{API}/cases", headers={"Authorization": f"Bearer {secret}"}), 401)
