"""Files, links, help and decisions by program: read masked, narrowed, in pages; written by the deeds of the pages."""

from __future__ import annotations

from typing import Any

import pytest

from lianxin.ledger.models import Event
from lianxin.record.models import Household, Link
from tests.desk.road import Road
from tests.desk.test_api import Bears, bears, is_problem
from tests.record import making

__all__ = ["bears"]


@pytest.fixture
def number(road: Road, bears: Bears) -> str:
    """Open a file by program, in the village that the keeper keeps."""
    made = bears("archivist").post("/households", home(road))
    assert made.status_code == 201, made.content
    return str(made.json()["number"])


def home(road: Road, **more: Any) -> dict[str, Any]:
    return {"area": road.cast.areas["heping"].pk, "door": "7号", "called": "陈水生家", "presence": "living", **more}


def test_a_household_is_opened_filled_and_read_masked(road: Road, bears: Bears, number: str) -> None:
    program = bears("archivist")
    person = {"name": "陈老大", "phone": "13800138000", "health": "高血压", "is_head": True}
    added = program.post(f"/households/{number}/add", person)
    assert added.status_code == 200 and added.json()["kind"] == "record.resident"
    answer = program.get(f"/households/{number}")
    (read,) = answer.json()["residents"]
    assert (read["name"], read["values"]["phone"], read["values"]["health"]) == ("陈老大", "138****8000", "****")
    assert "高血压" not in str(answer.json()) and Event.objects.filter(verb="household.opened").count() == 1
    changed = program.post(f"/households/{number}/edit", {"called": "陈家", "door": "8号", "presence": "living"})
    assert changed.status_code == 200 and Household.objects.get().door == "8号"
    told = program.post(f"/households/{number}/people/{read['id']}/reveal", {"reason": "核对体检名单"}).json()
    assert told["values"]["phone"] == "13800138000"
    left = program.post(f"/households/{number}/people/{read['id']}/leave", {"because": "moved"})
    assert left.status_code == 200 and program.get(f"/households/{number}").json()["residents"] == []


def test_the_same_file_twice_and_a_body_that_is_none_are_refused(road: Road, bears: Bears, number: str) -> None:
    program = bears("archivist")
    is_problem(program.post("/households", home(road)), 409, "AlreadyOpen")
    is_problem(program.post("/households", {**home(road), "area": road.cast.areas["shiqiao"].pk, "door": "1"}), 422)
    told = is_problem(program.post("/households", {"door": 5}), 422)
    assert {error["field"].split(".")[-1] for error in told["errors"]} == {"area", "called", "presence", "door"}
    is_problem(program.post(f"/households/{number}/nothing", {}), 404)


def test_lists_are_narrowed_and_come_in_pages(road: Road, bears: Bears, number: str) -> None:
    program = bears("archivist")
    other = program.post("/households", home(road, door="9号", called="王大明家")).json()["number"]
    page = program.get("/households", page_size=1).json()
    assert page["more"] is True and [row["number"] for row in page["households"]] == [number]
    assert [row["number"] for row in program.get("/households", q="王大明").json()["households"]] == [other]
    assert program.get("/households", area=road.cast.areas["liushu"].pk).json()["households"] == []
    is_problem(program.get("/households", area=road.cast.areas["shiqiao"].pk), 422)
    is_problem(program.get("/households", late="rubbish"), 422)
    counted = {row["name"]: row["households"] for row in program.get("/villages").json()}
    assert counted["云溪县清水镇和平村"] == counted["云溪县清水镇"] == 2


@pytest.mark.parametrize("who", ["neighbour", "cadre"])
def test_who_is_not_linked_reads_and_writes_nothing(road: Road, bears: Bears, number: str, who: str) -> None:
    program, last = bears(who), Event.objects.count()
    for path in ("", "/add", "/edit", "/verify", "/close"):
        answer = program.post(f"/households/{number}{path}", {}) if path else program.get(f"/households/{number}")
        assert answer.status_code in (403, 404, 422), (path, answer.content)
    person = {"name": "陈老大"}
    assert program.post(f"/households/{number}/add", person).status_code in (403, 404)
    assert program.get("/households").json().get("households", []) == []
    assert Event.objects.count() == last


def test_links_are_made_handed_over_and_ended(road: Road, bears: Bears, number: str) -> None:
    program, cast = bears("organiser"), road.cast
    day = making.day(road.at).isoformat()
    body = {"tie": "helper", "user": cast.officers["cadre"].pk, "household": number, "starts": day}
    made = program.post("/links", body)
    assert made.status_code == 201, made.content
    assert [row["household"] for row in bears("cadre").get("/links").json()] == [number]
    assert bears("cadre").get(f"/households/{number}").status_code == 200
    is_problem(program.post("/links", body), 409)
    after = {"to": cast.officers["cadre2"].pk, "starts": "2026-10-09", "because": "换岗了"}
    assert program.post(f"/links/{made.json()['id']}/hand-over", after).status_code == 200
    assert Link.objects.filter(user=cast.officers["cadre2"]).count() == 1
    is_problem(bears("cadre").post("/links", body), 403)


def test_what_is_required_is_written_listed_and_ended(road: Road, bears: Bears) -> None:
    program = bears("organiser")
    rule = {
        "key": "monthly", "name": "每月走访", "basis": "县委办发〔2014〕5号", "who": "post", "role": "cadre",
        "what": "encounter", "kinds": [making.kind("household", of="household").pk], "times": 1, "period": "month",
        "starts": "2026-01-01", "partial": "whole", "holiday": "next", "tolerance": 0, "grace_days": 0,
        "remind_days": 7, "clue_after": 2,
    }  # fmt: skip
    made = program.post("/obligations", rule)
    assert made.status_code == 201, made.content
    assert [row["key"] for row in program.get("/obligations").json()] == ["monthly"]
    assert [row["obligation"] for row in bears("cadre").get("/duties").json()] == ["monthly"]
    assert program.post("/obligations/monthly/end", {"ends": "2026-10-01"}).status_code == 200
    is_problem(program.post("/obligations/monthly/end", {"ends": "2026-10-01"}), 422, "WrongObligation")
    is_problem(bears("cadre").post("/obligations", rule), 403)


def test_help_is_given_and_its_effect_read(road: Road, bears: Bears, number: str) -> None:
    from lianxin.help import actions as helping

    by, program = road.cast.officer("organiser"), bears("archivist")
    register = helping.set_register(key="poor", name="帮扶户", basis="县委办发〔2014〕8号", by=by, at=road.at)
    given = {"register": register.pk, "household": number, "day": "2026-08-01", "because": "因病"}
    made = program.post("/help", given)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    resident = program.post(f"/households/{number}/add", {"name": "陈老大"}).json()["id"]
    earn = {"resident": resident, "source": "合作社", "monthly": 800, "first": "2026-09-10"}
    assert program.post(f"/help/{pk}/earn", earn).status_code == 200
    told = program.get(f"/help/{pk}").json()
    assert (told["before"], told["now"], told["incomes"][0]["monthly"]) == (0, 800, 800)
    assert [row["helped"] for row in program.get("/help", alone=True).json()] == [False]
    is_problem(program.post("/help", given), 409, "AlreadyOn")
    is_problem(bears("cadre").get(f"/help/{pk}"), 404)
    is_problem(bears("cadre").post("/help", given), 422)  # to a cadre of another village there is no such file
    is_problem(bears("neighbour").get("/help"), 403)


def test_a_motion_is_moved_and_noticed_only_where_one_keeps_the_files(road: Road, bears: Bears, number: str) -> None:
    from lianxin.govern import actions as govern

    by = road.cast.officer("archivist")
    steps = [{"key": "vote", "title": "表决", "kind": "vote", "gate": "start"}]
    way = govern.set_procedure(
        key="v", name="议事", basis="镇发〔2014〕3号", steps=steps, notice_days=0, by=by, at=road.at
    )
    program, cast = bears("archivist"), road.cast
    body = {
        "title": "打井", "text": "在三组打一口井。", "proposed_by": "组长", "office": cast.offices["town_office"].pk,
        "procedure": way.pk, "area": cast.areas["heping"].pk, "electorate": "household", "manner": "hands",
    }  # fmt: skip
    made = program.post("/motions", body)
    assert made.status_code == 201, made.content
    motion = made.json()["number"]
    for deed in ("list-voters", "notice", "open-vote"):
        assert program.post(f"/motions/{motion}/{deed}", {}).status_code == 200, deed
    told = program.get(f"/motions/{motion}").json()
    assert (told["state"], told["listed"], told["voters"][0]["name"]) == ("voting", 1, "陈水生家")
    is_problem(program.post(f"/motions/{motion}/notice", {}), 409)
    is_problem(program.post("/motions", {**body, "area": cast.areas["shiqiao"].pk}), 422)
    with pytest.raises(govern.MotionElsewhere):
        govern.move(
            title="打井", text="打井", office=cast.offices["town_office"], procedure=way, electorate="household",
            manner="hands", proposed_by="组长", area=cast.areas["shiqiao"], by=by, at=road.at,
        )  # fmt: skip
    is_problem(bears("cadre").get("/motions"), 403)
