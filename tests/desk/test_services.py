"""The catalogue at the desk: every deed through its page, and the neighbour who is refused each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.intake.models import Intake
from lianxin.people.models import User
from lianxin.serve import actions as serve
from lianxin.serve import jobs
from lianxin.serve.models import DatedList, DatedRow, Review, Service
from lianxin.serve.rules.catalogue import State
from tests.cast import Cast
from tests.serve.catalogue import NUMBER, day, published

FACTS = {
    "name": "异地就医备案", "kind": "promised", "promised_value": "5", "promised_unit": "workday", "visits": "0",
    "is_free": "yes", "fees": "", "places": "医保窗口 | 大厅二楼 | 9:00-17:00", "conditions": "已参保",
    "questions": "要钱吗 | 不要", "office_name": "",
}  # fmt: skip


@pytest.fixture
def keeper(cast: Cast, frozen: datetime, sign_in: Callable[[User | str], Client]) -> Client:
    return sign_in("cataloguer")


@pytest.fixture
def live(cast: Cast, at: datetime) -> Service:
    return published(cast.offices["medical"], cast.officer("cataloguer"), at)


def _facts(cast: Cast, **more: Any) -> dict[str, Any]:
    return {**FACTS, "office": cast.offices["medical"].pk, **more}


def test_from_an_empty_page_to_the_public_guide(keeper: Client, cast: Cast, client: Client, at: datetime) -> None:
    answer = keeper.post("/desk/services/new/", _facts(cast, number="yx-med-003"))
    draft = Service.objects.get()
    assert answer["Location"] == f"/desk/services/{draft.pk}/materials/"
    lines = {
        "count": "2", "m0-name": "身份证", "m0-form": "copy", "m0-copies": "1", "m0-necessity": "required",
        "m0-source": "self", "m1-name": "驻外证明", "m1-when_field": "why", "m1-when_is": "equals",
        "m1-when_value": "work", "m1-later": "on",
    }  # fmt: skip
    keeper.post(f"/desk/services/{draft.pk}/materials/", lines)
    first, second = draft.materials.all()
    assert (first.name, first.copies, first.when) == ("身份证", 1, {})
    assert (second.when, second.later) == ({"field": "why", "is": "equals", "value": "work"}, True)
    assert b'value="work"' in keeper.get(f"/desk/services/{draft.pk}/materials/").content
    file = SimpleUploadedFile("表.csv", b"a,b\n1,2\n")
    keeper.post(f"/desk/services/{draft.pk}/sample/", {"key": first.key, "which": "blank_form", "file": file})
    assert draft.materials.get(key=first.key).blank_form is not None
    keeper.post(f"/desk/services/{draft.pk}/edit/", _facts(cast, result="回执", is_free=""))
    draft.refresh_from_db()
    assert (draft.result, draft.is_free, draft.places[0]["hours"]) == ("回执", None, "9:00-17:00")
    keeper.post(f"/desk/services/{draft.pk}/publish/", {"starts": day(at).isoformat()})
    assert client.get(f"/services/{NUMBER}/").status_code == 200


def test_what_is_wrong_is_said_and_what_was_typed_stays(keeper: Client, cast: Cast) -> None:
    for wrong in (
        {"number": "no digits"}, {"number": "X1", "promised_unit": ""}, {"number": "X1", "visits": "many"},
        {"number": "X1", "basis_url": "javascript:x"}, {"number": "X1", "places": "a | b | c | d | e"},
        {"number": "X1", "office": "9" * 30}, {"number": "X1", "name": ""},
    ):  # fmt: skip
        answer = keeper.post("/desk/services/new/", _facts(cast, **wrong))
        assert answer.status_code == 422, wrong
        assert "已参保".encode() in answer.content
    assert not Service.objects.exists()


def test_materials_with_one_bad_line_are_not_kept(keeper: Client, cast: Cast, at: datetime) -> None:
    draft = serve.draft_service(number="X1", values={"name": "x"}, by=None, at=at)
    for bad in ({"m0-copies": "-1"}, {"m0-form": "stone"}, {"m0-key": "A B"}):
        lines = {"count": "1", "m0-name": "证", **bad}
        assert keeper.post(f"/desk/services/{draft.pk}/materials/", lines).status_code == 422, bad
    assert keeper.post(f"/desk/services/{draft.pk}/materials/", {"count": "x" * 9}).status_code == 302
    assert not draft.materials.exists()


def test_a_version_follows_and_a_draft_is_thrown_away(keeper: Client, live: Service) -> None:
    answer = keeper.post(f"/desk/services/{live.pk}/revise/")
    draft = Service.objects.drafts().get()
    assert answer["Location"] == f"/desk/services/{draft.pk}/"
    assert keeper.get(f"/desk/services/{live.pk}/edit/").status_code == 404
    keeper.post(f"/desk/services/{draft.pk}/drop/")
    assert not Service.objects.drafts().exists()


def test_a_service_is_abolished_and_the_clean_up_counts_it(keeper: Client, live: Service, at: datetime) -> None:
    ends = day(at) + timedelta(days=2)
    asked = {"verdict": "abolished", "reason": "取消", "on": ends.isoformat()}
    assert keeper.post(f"/desk/services/{live.pk}/review/", asked).status_code == 422
    keeper.post(f"/desk/services/{live.pk}/review/", {**asked, "in_flight": "finish"})
    live.refresh_from_db()
    assert (live.state, Review.objects.count()) == (State.ABOLISHED, 1)
    span = f"since={day(at).isoformat()}&until={ends.isoformat()}"
    assert live.name.encode() in keeper.get(f"/desk/services/cleanup/?{span}").content
    table = keeper.get(f"/desk/services/cleanup.csv?{span}").content.decode()
    assert ",1,0,-1" in table.replace("'", "") and NUMBER in table
    assert keeper.get("/desk/services/cleanup/?since=x&until=9999-99-99").status_code == 200


@pytest.mark.parametrize(
    "query", ["", "?q=异地", "?look=gaps", "?look=draft", "?look=apply", "?look=over", "?gap=fees", "?gap=x"]
)
def test_the_list_is_narrowed(keeper: Client, live: Service, query: str) -> None:
    found = live.name.encode() in keeper.get(f"/desk/services/{query}").content
    assert found == (query in ("", "?q=异地", "?gap=x"))


def test_a_file_is_looked_at_and_taken_in(keeper: Client, cast: Cast, at: datetime) -> None:
    rows = "事项名称,实施主体,说明\n社保卡申领,县人力资源和社会保障局,x\n"
    sent = {"kind": "services", "file": SimpleUploadedFile("事项.csv", rows.encode())}
    page = keeper.post("/desk/intake/", sent)["Location"]
    assert "社保卡申领".encode() in keeper.get(page).content
    intake = Intake.objects.get()
    assert keeper.post(f"{page}begin/", {"column_0": ""}).status_code == 422
    keeper.post(f"{page}begin/", {"column_0": "name", "column_1": "office_name"})
    while jobs.take_in(at=at):
        pass
    intake.refresh_from_db()
    assert (intake.state, intake.added) == (Intake.State.DONE, 1)
    assert keeper.get(page, headers={"HX-Request": "true"}).status_code == 200
    assert keeper.post(f"{page}begin/", {"column_0": "name"}).status_code == 302
    assert (
        keeper.post("/desk/intake/", {"kind": "services", "file": SimpleUploadedFile("x.csv", b"\x00\xff")}).status_code
        >= 400
    )


def test_a_list_of_the_day_is_kept(keeper: Client, at: datetime) -> None:
    told = {"title": "定点医院", "governs": "admission", "basis": "示例1号", "is_public": "on"}
    wrong = keeper.post("/desk/lists/new/", {**told, "key": "hospitals", "columns": "pay | 自付 | stone"})
    assert wrong.status_code == 422
    keeper.post("/desk/lists/new/", {**told, "key": "hospitals", "columns": "pay | 自付 | percent"})
    dated = DatedList.objects.get()
    page = f"/desk/lists/{dated.pk}/"
    assert keeper.post(f"{page}add/", {"name": "甲", "column_pay": "101"}).status_code == 422
    keeper.post(f"{page}add/", {"name": "甲", "column_pay": "10", "valid_from": "2026-09-01"})
    row = DatedRow.objects.get()
    assert row.values == {"pay": "10"}
    keeper.post(f"/desk/lists/lines/{row.pk}/end/", {"on": "2026-12-01"})
    row.refresh_from_db()
    assert row.valid_to is not None and row.valid_to.isoformat() == "2026-12-01"
    assert keeper.post(f"/desk/lists/lines/{row.pk}/end/", {"on": "2026-12-02"}).status_code == 422
    keeper.post(f"{page}edit/", {**told, "governs": "discharge"})
    dated.refresh_from_db()
    assert dated.governs == "discharge"
    for address in ("/desk/lists/", page, "/desk/lists/new/"):
        assert keeper.get(address).status_code == 200


def test_the_neighbour_is_refused_everywhere(sign_in: Any, live: Service, frozen: datetime) -> None:
    neighbour = sign_in("neighbour")
    for address in (
        "/desk/services/", f"/desk/services/{live.pk}/", "/desk/services/new/", "/desk/intake/",
        "/desk/services/cleanup/", "/desk/services/cleanup.csv", "/desk/lists/", "/desk/lists/new/",
    ):  # fmt: skip
        assert neighbour.get(address).status_code == 403, address
    for deed in ("publish", "revise", "drop", "review", "sample"):
        assert neighbour.post(f"/desk/services/{live.pk}/{deed}/").status_code in (403, 404), deed
