"""One stop: six functions under one reception with one file, one number, one receipt, and figures that add up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from lianxin.kit.refusal import NotAllowed
from lianxin.listen.models import code_of
from lianxin.outbox.actions import seed_templates
from lianxin.serve.actions import reception as actions
from lianxin.serve.figures.reception import receptions
from lianxin.serve.models import Function, PersonFile, Reception
from lianxin.serve.models.reception import AT_THE_DESK
from tests.cast import Cast
from tests.house.witness import prove

WHO: dict[str, Any] = {"name": "王桂花", "phone": "13800001234"}


@pytest.fixture
def six(cast: Cast, at: datetime) -> dict[str, Function]:
    seed_templates(at=at)
    assert actions.seed_functions(at=at) == 6 and actions.seed_functions(at=at) == 0
    return {function.key: function for function in Function.objects.all()}


def _receive(cast: Cast, six: dict[str, Function], at: datetime, *keys: str) -> Reception:
    matters = [(six[key], "问了一件事") for key in keys]
    return actions.receive_person(**WHO, matters=matters, by=cast.officer("clerk"), at=at)


def test_one_coming_opens_two_services_under_one_file(cast: Cast, six: dict[str, Function], at: datetime) -> None:
    first = _receive(cast, six, at, "advice", "legal_aid")
    second = _receive(cast, six, at, "job")
    assert PersonFile.objects.count() == 1 and first.file == second.file and first.number != second.number
    assert "王桂花" not in str(first.file.contact) and first.file.opened_contact().name == "王桂花"
    advice, aid = first.matters.order_by("id")
    clerk = cast.officer("clerk")
    with pytest.raises(actions.NoSuchOutcome):
        actions.settle_matter(advice, outcome="已上岗", told="说清楚了", by=clerk, at=at)
    actions.settle_matter(advice, outcome="已当场解答", told="说清楚了", by=clerk, at=at)
    with pytest.raises(actions.SettledAlready):
        actions.settle_matter(advice, outcome="已当场解答", told="说清楚了", by=clerk, at=at)
    with pytest.raises(actions.NothingOfThatNumber):
        actions.link_matter(aid, number="YX-222-222-222", by=clerk, at=at)
    for stranger in ("neighbour", "handler"):
        with pytest.raises(NotAllowed):
            actions.settle_matter(aid, outcome="已指派律师", told="请等电话", by=cast.officer(stranger), at=at)
    with pytest.raises(NotAllowed):
        actions.receive_person(**WHO, matters=[(six["job"], "找工作")], by=cast.officer("handler"), at=at)
    for wrong in ({"name": "", "phone": "13800001234"}, {"name": "王", "phone": "x"}):
        with pytest.raises(actions.WhoComes):
            actions.receive_person(**wrong, matters=[(six["job"], "找工作")], by=clerk, at=at)
    with pytest.raises(actions.NothingAsked):
        actions.receive_person(**WHO, matters=[], by=clerk, at=at)


def test_the_table_of_six_rows_adds_up(cast: Cast, six: dict[str, Function], at: datetime) -> None:
    _receive(cast, six, at, "advice", "legal_aid")
    _receive(cast, six, at, "job", "advice")
    clerk = cast.officer("clerk")
    clerk.stand(at)
    offices = clerk.standing.offices(*AT_THE_DESK)
    counted = receptions(offices, at.date(), at.date())
    assert len(counted.rows) == 6 and counted.received == sum(row.received for row in counted.rows) == 4
    assert {row.name: row.received for row in counted.rows}["政策咨询"] == 2
    assert (counted.comings, counted.people, counted.settled) == (2, 1, 0)
    assert receptions(offices, date(2020, 1, 1), date(2020, 1, 31)).received == 0


def test_a_function_is_a_row(cast: Cast, six: dict[str, Function], at: datetime) -> None:
    by = cast.officer("cataloguer")
    office = cast.offices["labour"]
    made = actions.keep_function(None, name="心理关爱", outcomes=["已约谈"], days=3, office=office, by=by, at=at)
    reception = _receive(cast, {**six, "care": made}, at, "care")
    matter = reception.matters.get()
    assert matter.due_at and matter.due_at > at and matter.office == office
    actions.end_function(made, by=by, at=at)
    assert made not in Function.objects.on(at.date())
    with pytest.raises(NotAllowed):
        actions.keep_function(made, name="x心", outcomes=["a"], by=cast.officer("clerk"), at=at)
    with pytest.raises(actions.NoSuchOutcome):
        actions.keep_function(made, name="心理", outcomes=[" "], by=by, at=at)


def test_no_reception_without_its_event(cast: Cast, six: dict[str, Function], at: datetime) -> None:
    prove(lambda: _receive(cast, six, at, "job"))


def test_at_the_desk_and_by_number_and_code(
    cast: Cast, six: dict[str, Function], at: datetime, frozen: datetime, client: Client, sign_in: Any
) -> None:
    clerk = sign_in("clerk")
    asked = {**WHO, f"words_{six['advice'].pk}": "退休年龄怎么算", f"words_{six['job'].pk}": "想找份近的活"}
    page = clerk.post("/desk/hall/one-stop/new/", asked)["Location"]
    html = clerk.get(page).content.decode()
    assert "退休年龄怎么算" in html and "13800001234" not in html and "王桂花" not in html
    made = Reception.objects.get()
    assert code_of(made.number) in clerk.get(f"{page}paper/").content.decode()
    matter = made.matters.get(function=six["advice"])
    told = {"outcome": "已当场解答", "told": "按新表，六十三岁"}
    assert clerk.post(f"/desk/hall/one-stop/matters/{matter.pk}/settle/", told)["Location"] == page
    assert clerk.post(f"{page}add/", {"function": six["petition"].pk, "words": "问一下来信"})["Location"] == page
    assert made.number in clerk.get("/desk/hall/one-stop/?q=13800001234").content.decode()
    assert clerk.get("/desk/hall/one-stop/figures/").status_code == 200
    assert clerk.post("/desk/hall/one-stop/new/", WHO).status_code == 422
    client.post("/track/", {"number": made.number, "code": code_of(made.number)})
    seen = client.get(f"/track/received/{made.number}/").content.decode()
    assert "按新表，六十三岁" in seen and "王桂花" not in seen
    assert Client().get(f"/track/received/{made.number}/").status_code == 302


def test_functions_are_kept_on_their_page(cast: Cast, six: dict[str, Function], frozen: datetime, sign_in: Any) -> None:
    keeper = sign_in("cataloguer")
    assert "困难帮扶" in keeper.get("/desk/hall/one-stop/functions/").content.decode()
    told = {"name": "心理关爱", "outcomes": "已约谈\n已转介", "days": "2"}
    keeper.post("/desk/hall/one-stop/functions/new/", told)
    made = Function.objects.get(name="心理关爱")
    assert made.outcomes == ["已约谈", "已转介"] and made.days == 2
    page = f"/desk/hall/one-stop/functions/{made.pk}/"
    assert "已转介" in keeper.get(page).content.decode()
    keeper.post(page, {**told, "name": "心理服务"})
    keeper.post(f"{page}end/")
    made.refresh_from_db()
    assert made.name == "心理服务" and made.ended_on
