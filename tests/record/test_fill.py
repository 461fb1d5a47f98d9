"""Sheets kept on files: asked by version, remembered with their history, counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lianxin.record import actions
from lianxin.record.models import Filled, VillageFile
from lianxin.sheets import actions as sheets
from tests.cast import Cast

RIVER: list[dict[str, Any]] = [
    {"key": "reach", "label": "河段", "kind": "text", "required": True},
    {"key": "grade", "label": "水质", "kind": "choice", "required": True,
     "options": [{"key": "clear", "label": "清"}, {"key": "black", "label": "黑臭"}]},
    {"key": "keeper", "label": "河长电话", "kind": "phone"},
]  # fmt: skip


@pytest.fixture
def village(cast: Cast, at: datetime) -> VillageFile:
    by = cast.officers["cataloguer"]
    sheets.publish_sheet(
        sheets.draft_sheet(key="rivers", title="五水共治河段", fields=RIVER, purpose="checklist", by=by, at=at),
        by=by, at=at,
    )  # fmt: skip
    alarm = {"field": "grade", "is": "equals", "value": "black"}
    actions.keep_survey(
        sheet="rivers", name="河段", of="village", named_by="reach", alarm=alarm,
        by=cast.officers["organiser"], at=at,
    )  # fmt: skip
    return actions.open_village(cast.areas["heping"], by=cast.officers["archivist"], at=at)


def test_a_reach_recorded_twice_shows_the_change(village: VillageFile, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    values = {"reach": "金溪上段", "grade": "black", "keeper": "13800001234"}
    first = actions.fill(village, sheet_key="rivers", values=values, by=by, at=at)
    assert first.alarms
    second = actions.fill(village, sheet_key="rivers", values=values | {"grade": "clear"}, by=by, at=at + timedelta(9))
    other = actions.fill(village, sheet_key="rivers", values=values | {"reach": "金溪下段"}, by=by, at=at)
    assert set(Filled.objects.now()) == {second, other}
    history = Filled.objects.about(village).filter(called="金溪上段").order_by("at")
    assert [row.answer.open["grade"] for row in history] == ["black", "clear"]
    assert Filled.objects.now().saying("grade", "black").get() == other
    assert "keeper" not in second.answer.open


def test_what_is_keyed_in_late_becomes_history_at_once(village: VillageFile, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    now = actions.fill(village, sheet_key="rivers", values={"reach": "金溪", "grade": "clear"}, by=by, at=at)
    actions.fill(
        village,
        sheet_key="rivers",
        values={"reach": "金溪", "grade": "black"},
        by=by,
        at=at,
        said_at=at - timedelta(1),
    )
    assert Filled.objects.now().get() == now


def test_a_sheet_that_is_not_kept_there_is_refused(village: VillageFile, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    household = actions.open_household(area=village.area, door="1", called="甲", by=by, at=at)
    with pytest.raises(actions.NotAsked):
        actions.fill(household, sheet_key="rivers", values={}, by=by, at=at)
    with pytest.raises(sheets.NotFilledIn):
        actions.fill(village, sheet_key="rivers", values={"grade": "clear"}, by=by, at=at)
