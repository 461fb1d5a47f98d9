"""The list of cases as a workbook: what the filter chooses, masked, on record."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from lianxin.desk.views import export
from lianxin.ledger.models import Event
from lianxin.people.models import User
from lianxin.resolve.models import Case
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]
URL = "/desk/cases/export.xlsx"


def rows(answer: Any) -> list[tuple[Any, ...]]:
    content = b"".join(answer.streaming_content)
    book = load_workbook(io.BytesIO(content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_export_obeys_the_filter_and_is_on_record(road: Road, sign_in: SignIn) -> None:
    one, _two = road.handling(), road.registered(title="另一件")
    found = rows(sign_in("dispatcher").get(f"{URL}?state=handling&page=3"))
    assert len(found) == 2
    assert one.number in found[1]
    event = Event.objects.get(verb="cases.exported")
    assert (event.by_name, event.data) == ("周明", {"query": "state=handling", "count": 1})


def test_identity_binds_the_export(road: Road, sign_in: SignIn) -> None:
    road.registered(road.hear("没水", name="张小三", phone="13800138000"))
    road.registered(road.hear("没电", identity="confidential", name="李保密", phone="13900139000"))
    road.registered(road.hear("没路", identity="anonymous"))
    text = "\n".join(str(cell) for row in rows(sign_in("dispatcher").get(URL)) for cell in row)
    assert "张*三 138****8000" in text
    for hidden in ("13800138000", "张小三", "李保密", "13900139000", "139****9000"):
        assert hidden not in text


def test_numbers_in_titles_are_masked(road: Road, sign_in: SignIn) -> None:
    road.registered(title="请回电13800138000")
    found = rows(sign_in("dispatcher").get(URL))
    assert found[1][1] == "请回电138****8000"


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)"])
def test_no_cell_is_taken_for_a_formula(road: Road, sign_in: SignIn, evil: str) -> None:
    road.registered(title=evil)
    title = rows(sign_in("dispatcher").get(URL))[1][1]
    assert title == f"'{evil}"


def test_control_characters_break_nothing(road: Road, sign_in: SignIn) -> None:
    case = road.registered()
    Case.objects.filter(pk=case.pk).update(title="停\x0b水\x1f")
    assert rows(sign_in("dispatcher").get(URL))[1][1] == "停水"


def test_too_many_are_refused_with_a_word(road: Road, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "ROWS_MAX", 1)
    road.registered()
    road.registered()
    answer = sign_in("dispatcher").get(f"{URL}?state=open")
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/cases/?state=open"
    assert not Event.objects.filter(verb="cases.exported").exists()


def test_only_what_the_officer_may_see_is_exported(road: Road, sign_in: SignIn) -> None:
    road.handling()
    assert len(rows(sign_in("chief").get(URL))) == 2  # head of the office that leads
    assert sign_in("neighbour").get(URL).status_code == 403
    assert sign_in("handler").get(URL).status_code == 403


def test_the_list_offers_the_workbook_to_who_may_take_it(road: Road, sign_in: SignIn) -> None:
    road.handling()
    assert "/desk/cases/export.xlsx" in sign_in("dispatcher").get("/desk/cases/").content.decode()
    assert "/desk/cases/export.xlsx" not in sign_in("handler").get("/desk/cases/").content.decode()
