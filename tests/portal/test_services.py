"""The catalogue as everybody sees it: found, read, taken as a leaflet, checked, asked of a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from lianxin.ledger import actions as ledger
from lianxin.project.demo import processes, sheets
from lianxin.serve import actions as serve
from lianxin.serve.models import DatedList, Service
from tests.cast import Cast
from tests.serve.catalogue import MATERIALS, NUMBER, day, published, values

GUIDE = f"/services/{NUMBER}/"


@pytest.fixture
def live(county: Cast, at: datetime) -> Service:
    sheets.publish(at - timedelta(days=1))
    processes.publish(at - timedelta(days=1))
    more = {"sheet_key": "apply.simple", "process_key": "process.simple", "self_check_key": "check.elsewhere"}
    return published(county.offices["medical"], county.officer("cataloguer"), at, **more)


@pytest.fixture
def hospitals(county: Cast, at: datetime) -> DatedList:
    by = county.officer("cataloguer")
    dated = serve.make_list(
        key="hospitals", title="定点医疗机构", governs="admission", basis="示例1号", by=by, at=at,
        columns=[{"key": "referral", "label": "要转诊", "kind": "yesno"},
                 {"key": "self_pay", "label": "先自付", "kind": "percent"}],
    )  # fmt: skip
    serve.add_line(dated, name="第一中医院", valid_from=date(2026, 9, 1), by=by, at=at)
    serve.add_line(dated, name="", values={"referral": "yes", "self_pay": "10"}, by=by, at=at)
    return dated


def _text(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_it_is_found_by_its_words_and_narrowed(client: Client, live: Service) -> None:
    assert live.name in _text(client, "/services/")
    for asked in (
        {"q": "異地就醫"},
        {"office": "县医疗保障局"},
        {"theme": "医疗卫生"},
        {"way": "apply"},
        {"way": "no_visit"},
    ):
        assert live.name in _text(client, "/services/", **asked)
    for asked in ({"q": "渔业"}, {"way": "on_the_spot"}):
        assert live.name not in _text(client, "/services/", **asked)


@pytest.mark.parametrize(
    "asked", [{"q": "\x00"}, {"q": "%" * 90}, {"office": "nobody"}, {"page": "x"}, {"way": "moon"}]
)
def test_nonsense_is_left_out(client: Client, live: Service, asked: dict[str, str]) -> None:
    assert client.get("/services/", asked).status_code == 200


def test_the_guide_tells_everything_and_leads_on(client: Client, live: Service) -> None:
    page = _text(client, GUIDE)
    told = ("异地就医备案", "身份证", "居住证", "县政务服务大厅二楼", "可申请行政复议", "行政许可法")
    for said in (*told, "<svg", f"{GUIDE}apply/", f"{GUIDE}check/"):
        assert said in page, said
    paper = client.get(f"{GUIDE}leaflet.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")


def test_a_draft_is_hidden(client: Client, county: Cast, at: datetime) -> None:
    draft = serve.draft_service(number=NUMBER, values=values(None), materials=MATERIALS, by=None, at=at)
    file = ledger.keep_file(content=b"a,b\n1,2\n", name="样表.csv", by=None, at=at)
    serve.attach_sample(draft, key="identity", which="sample", file=file, by=None, at=at)
    own = (GUIDE, f"{GUIDE}leaflet.pdf", f"{GUIDE}check/", f"{GUIDE}files/{file.pk}/", f"/api/v1{GUIDE[:-1]}")
    for address in own:
        assert client.get(address).status_code == 404, address
    serve.publish_service(draft, starts=day(at), by=None, at=at)
    assert b"".join(client.get(f"{GUIDE}files/{file.pk}/")) == b"a,b\n1,2\n"
    other = ledger.keep_file(content=b"secret\n1\n", name="x.csv", by=None, at=at)
    assert client.get(f"{GUIDE}files/{other.pk}/").status_code == 404


def test_an_old_version_can_be_read_and_says_that_it_is_over(
    client: Client, live: Service, county: Cast, at: datetime
) -> None:
    by = county.officer("cataloguer")
    draft = serve.revise_service(live, by=by, at=at)
    serve.edit_service(draft, values={"name": "异地就医备案(新)"}, by=by, at=at)
    serve.publish_service(draft, starts=day(at), by=by, at=at)
    assert "(新)" in _text(client, GUIDE)
    old = _text(client, GUIDE, version="1")
    assert "(新)" not in old and "apply/" not in old
    for wrong in ("9", "x", "99999", "-1"):
        assert client.get(GUIDE, {"version": wrong}).status_code == 404


@pytest.mark.parametrize(
    ("here", "why", "months", "paid", "then"),
    [
        ("yes", "retired", "12", "yes", "apply"),
        ("yes", "retired", "12", "no", "need"),
        ("no", "retired", "12", "yes", "go"),
    ],
)
def test_the_self_check_ends_in_one_of_three(
    client: Client, live: Service, here: str, why: str, months: str, paid: str, then: str
) -> None:
    assert client.get(f"{GUIDE}check/").status_code == 200
    answers = {"sheet-here": here, "sheet-why": why, "sheet-months": months, "sheet-paid": paid}
    page = client.post(f"{GUIDE}check/", answers).content.decode()
    assert (f"{GUIDE}apply/" in page) == (then == "apply")
    assert {"apply": "您可以办", "need": "请先把", "go": "不在云溪县"}[then] in page
    assert client.post(f"{GUIDE}check/", {}).status_code == 422


def test_an_abolished_service_can_no_longer_be_applied_for(
    client: Client, live: Service, county: Cast, at: datetime
) -> None:
    by = county.officer("cataloguer")
    serve.review_service(live, verdict="abolished", reason="取消", on=day(at), in_flight="finish", by=by, at=at)
    assert live.name not in _text(client, "/services/")
    assert "apply/" not in _text(client, GUIDE)
    assert client.get(f"{GUIDE}apply/").status_code == 404


def test_the_list_is_another_one_on_each_side_of_the_day(client: Client, hospitals: DatedList) -> None:
    page = "/services/lists/hospitals/"
    assert hospitals.title in _text(client, "/services/lists/")
    assert "2026-09-01 –" not in _text(client, page, day="2026-08-31")
    assert "2026-09-01 –" in _text(client, page, day="2026-09-01")
    before = _text(client, page, name="第一中医院", admission="2026-08-30", discharge="2026-09-05", cost="10000")
    assert "1,000" in before
    after = _text(client, page, name="第一中医院", admission="2026-09-01", cost="10000")
    assert "1,000" not in after
    for wrong in ({"name": "x", "admission": "soon"}, {"name": "", "admission": ""}, {"day": "0000-00-00"}):
        assert client.get(page, wrong).status_code == 200
    assert client.get("/services/lists/none/").status_code == 404


def test_a_list_that_is_not_public_is_hidden(client: Client, hospitals: DatedList, county: Cast, at: datetime) -> None:
    by = county.officer("cataloguer")
    serve.edit_list(hospitals, title="x", governs="event", basis="x", is_public=False, by=by, at=at)
    assert client.get("/services/lists/hospitals/").status_code == 404
    assert client.get("/api/v1/dated-lists/hospitals").status_code == 404


def test_programs_read_the_same(client: Client, live: Service, hospitals: DatedList) -> None:
    found = client.get("/api/v1/services", {"q": "异地就医", "office": "县医疗保障局", "page": "1"}).json()
    assert (found["count"], found["services"][0]["number"]) == (1, NUMBER)
    one = client.get(f"/api/v1/services/{NUMBER}").json()
    assert one["promised"] == {"value": 5, "unit": "workday", "basis": "承诺"}
    assert [(m["name"], m["later"]) for m in one["materials"]] == [("身份证", False), ("居住证", True)]
    assert one["can_be_applied_for"] and one["missing"] == []
    lines = client.get("/api/v1/dated-lists/hospitals", {"day": "2026-08-31"}).json()["lines"]
    assert [each["name"] for each in lines] == [""]
    assert client.get("/api/v1/services", {"q": "\x00"}).status_code == 200
    assert client.get("/api/v1/services/%00").status_code == 404
