"""The list of cases and the page of one, as officers meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.resolve import actions
from lianxin.resolve.models import Case, SavedFilter
from lianxin.resolve.rules import State
from tests.desk.road import TITLE, Road

Browser = Callable[[str], Client]


def shown(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/desk/cases/{query}")
    assert answer.status_code == 200
    return [row.key for row in answer.context["rows"]]


def test_the_list_shows_what_the_office_has_a_part_in_and_nothing_else(road: Road, sign_in: Browser) -> None:
    case, other = road.handling(), road.registered(road.hear("路灯不亮"), title="路灯不亮")
    assert shown(sign_in("dispatcher")) == [other.number, case.number]
    assert shown(sign_in("handler")) == [case.number]
    assert shown(sign_in("neighbour")) == []


def test_filters_narrow_the_list(road: Road, sign_in: Browser) -> None:
    late, other = road.handling(), road.registered(road.hear("村口路灯坏了"), title="村口路灯坏了")
    Case.objects.filter(pk=late.pk).update(due_at=road.at - timedelta(hours=1))
    client = sign_in("dispatcher")
    town, section = road.cast.areas["qingshui"], road.cast.offices["water"]
    for query, found in {
        "?state=handling": [late],
        "?state=open&sort=old": [late, other],
        "?light=late": [late],
        "?light=near": [],
        "?q=村口路灯": [other],
        "?q=村口路燈": [other],
        f"?q={other.number.lower()}": [other],
        "?q=没有这样的话": [],
        "?mine=dispatch": [other],
        "?mine=handle": [],
        f"?office={section.pk}": [late],
        f"?area={town.pk}": [other, late],
        "?since=2026-09-29&until=2026-09-29": [other, late],
        "?until=2026-09-28": [],
        "?sort=due": [late],
        "?state=rubbish&office=rubbish&since=rubbish": [other, late],
    }.items():
        assert shown(client, query) == [case.number for case in found], query


def test_a_long_list_is_counted_only_so_far_and_paged(road: Road, sign_in: Browser) -> None:
    first = road.registered()
    copies = [Case(**{**_fields(first), "number": f"YXA-{n:03}"}) for n in range(60)]
    Case.objects.bulk_create(copies)
    client = sign_in("dispatcher")
    page = client.get("/desk/cases/?page=2&state=open")
    assert len(page.context["rows"]) == 25
    assert page.context["shown"] == "61"
    assert "page=3" in page.content.decode() and "state=open" in page.content.decode()


def _fields(case: Case) -> dict[str, Any]:
    keep = ("title", "office", "state", "opened_at", "grams")
    return {name: getattr(case, name) for name in keep}


@pytest.mark.parametrize("address", ["/desk/cases/", "/desk/cases/{number}/"])
@pytest.mark.parametrize("who", ["dispatcher", "handler", "secretary", "examiner"])
def test_a_page_costs_no_more_than_fifteen_questions(
    road: Road, sign_in: Browser, django_assert_max_num_queries: Any, who: str, address: str
) -> None:
    voices = [road.hear(f"停水第{n}天", identity="anonymous") for n in range(7)]
    case = road.handling(*voices, assists=("housing",))
    actions.extend(case, due=road.later(case, 3), reason="管件未到", by=road.cast.officer("handler"), at=road.at)
    client = sign_in(who)
    client.get("/desk/cases/")
    with django_assert_max_num_queries(15):
        assert client.get(address.format(number=case.number)).status_code == 200


def test_the_page_of_a_case_has_everything_at_hand(road: Road, sign_in: Browser) -> None:
    case = road.handling(road.hear(), road.hear("又停水了。", identity="anonymous"), assists=("housing",))
    page = sign_in("handler").get(f"/desk/cases/{case.number}/").content.decode()
    for words in (
        "每天晚上六点到九点四楼以上基本没水",
        "又停水了。",
        "请查明水压不足的原因",
        "县住房和城乡建设局",
        "张*三 138****8000",
    ):
        assert words in page
    assert "13800138000" not in page and "张小三" not in page


def test_a_script_gets_only_the_inner_part(road: Road, sign_in: Browser) -> None:
    case = road.handling()
    part = sign_in("handler").get(f"/desk/cases/{case.number}/", headers={"HX-Request": "true"}).content.decode()
    assert TITLE in part
    assert "<html" not in part and "desk-nav" not in part


def test_many_voices_are_shown_page_by_page(road: Road, sign_in: Browser) -> None:
    case = road.registered(*[road.hear(f"停水第{n}天", identity="anonymous") for n in range(33)])
    client = sign_in("dispatcher")
    assert client.get(f"/desk/cases/{case.number}/").context["more"] == 28
    assert len(client.get(f"/desk/cases/{case.number}/voices/?page=2").context["spoken"]) == 3


def test_who_spoke_is_shown_once_with_a_reason_on_record(road: Road, sign_in: Browser) -> None:
    voice, secret = road.hear(), road.hear("不要说是我说的", identity="confidential")
    case = road.handling(voice, secret)
    client = sign_in("handler")
    address = f"/desk/cases/{case.number}/reveal/{voice.number}/"
    told = client.post(address, {"reason": "约上门看水压"})
    assert "13800138000" in told.content.decode()
    assert "no-store" in told["Cache-Control"]
    assert Event.objects.get(verb="voice.revealed").data["reason"] == "约上门看水压"
    assert "13800138000" not in client.get(f"/desk/cases/{case.number}/").content.decode()
    hidden = client.post(f"/desk/cases/{case.number}/reveal/{secret.number}/", {"reason": "想知道是谁"})
    assert hidden.status_code == 403 and "13800138000" not in hidden.content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    other = road.registered(road.hear("另一件"), title="另一件")
    assert client.post(f"/desk/cases/{other.number}/reveal/{voice.number}/", {"reason": "约上门看"}).status_code == 404
    assert sign_in("neighbour").post(address, {"reason": "约上门看水压"}).status_code == 404


@pytest.mark.parametrize("tail", ["", "voices/", "similar/", "progress/", "files/1/"])
def test_to_a_stranger_a_case_does_not_exist(road: Road, sign_in: Browser, tail: str) -> None:
    case = road.handling()
    assert sign_in("neighbour").get(f"/desk/cases/{case.number}/{tail}").status_code == 404
    assert sign_in("it").get(f"/desk/cases/{case.number}/{tail}").status_code == 403


def test_a_way_of_looking_can_be_kept_and_dropped(road: Road, sign_in: Browser) -> None:
    client = sign_in("dispatcher")
    kept = client.post("/desk/cases/filters/save/", {"name": "超期的", "query": "light=late"}, follow=True)
    assert kept.redirect_chain[-1][0] == "/desk/cases/?light=late"
    assert "超期的" in kept.content.decode()
    assert client.post("/desk/cases/filters/save/", {"name": "", "query": "light=late"}).status_code == 422
    saved = SavedFilter.objects.get()
    assert sign_in("handler").post(f"/desk/cases/filters/{saved.pk}/drop/").status_code == 404
    client.post(f"/desk/cases/filters/{saved.pk}/drop/")
    assert not SavedFilter.objects.exists()


def test_many_cases_are_given_out_with_one_order_and_each_refusal_is_told(road: Road, sign_in: Browser) -> None:
    cases = [road.registered(road.hear(f"路灯不亮{n}"), title=f"路灯不亮{n}") for n in range(3)]
    done = road.handling()
    order: dict[str, Any] = {
        "number": [case.number for case in (*cases, done)],
        "lead": road.cast.offices["housing"].pk,
        "coordinator": road.cast.officers["dispatcher"].pk,
        "wish": "请逐盏检查",
    }
    client = sign_in("dispatcher")
    assert client.get("/desk/cases/dispatch/", {"number": order["number"]}).context["chosen"] == [*cases, done]
    told = client.post("/desk/cases/dispatch/", order)
    assert told.context["done"] == 3
    assert done.number in told.content.decode()
    assert set(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("state", flat=True)) == {
        State.HANDLING
    }
    assert client.post("/desk/cases/dispatch/", {"number": order["number"]}).context["form"].errors.keys() == {
        "lead",
        "coordinator",
    }
    assert sign_in("handler").post("/desk/cases/dispatch/", order).status_code == 403


def test_nothing_ticked_is_said_kindly(road: Road, sign_in: Browser) -> None:
    assert sign_in("dispatcher").get("/desk/cases/dispatch/").context["chosen"] == []


def test_open_cases_that_say_the_same_are_found(road: Road, sign_in: Browser) -> None:
    case, twin = road.registered(), road.registered(road.hear("小区晚上又没水了"), title="道喜小区晚上没水供水不足")
    found = sign_in("dispatcher").get(f"/desk/cases/{case.number}/similar/").context["similar"]
    assert found == [twin]
