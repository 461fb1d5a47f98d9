"""Areas are dated: names change, areas merge, and nothing that was counted in them is lost."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from lianxin.kit.rows import UnreadableRowsError, read_rows
from lianxin.ledger.models import Event
from lianxin.places import actions
from lianxin.places.actions import EndedArea, Imported, UnknownCounty, WrongPlace
from lianxin.places.models import Area
from lianxin.places.rules import KINDS, read_areas
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ON = date(2027, 1, 1)


def _import(text: str, at: datetime, *, dry: bool = False) -> Imported:
    rows, troubles = read_areas(read_rows(text.encode()))
    done = actions.import_areas(rows=rows, source="list", by=None, at=at, dry=dry)
    return Imported(done.added, done.changed, done.known, troubles + done.troubles)


def test_the_kinds_of_the_rules_are_those_of_the_table() -> None:
    assert list(Area.Kind.values) == list(KINDS)


def test_an_area_is_called_as_one_says_it(cast: Cast, at: datetime) -> None:
    village = cast.areas["heping"]
    group = actions.add_area(name="二组", kind="group", parent=village, by=None, at=at)
    assert group.full_name == "云溪县清水镇和平村二组"
    assert group.path == f"{village.path}{group.pk}/"
    assert Event.objects.about(group).get().verb == "area.added"


def test_a_town_does_not_lie_in_a_village(cast: Cast, at: datetime) -> None:
    with pytest.raises(WrongPlace):
        actions.add_area(name="某镇", kind="town", parent=cast.areas["heping"], by=None, at=at)


def test_a_renamed_town_keeps_its_villages_and_its_past(cast: Cast, at: datetime) -> None:
    town = cast.areas["qingshui"]
    street = actions.rename_area(town, name="清水街道", on=ON, by=None, at=at)
    village = Area.objects.get(pk=cast.areas["heping"].pk)
    assert (village.parent, village.full_name) == (street, "云溪县清水街道和平村")
    assert village.path.startswith(street.path)
    town.refresh_from_db()
    assert (town.name, town.full_name, town.valid_to) == ("清水镇", "云溪县清水镇", ON)
    assert town in Area.objects.within(street), "what was counted in the old town is counted in the new"
    assert Area.objects.on(date(2026, 12, 31)).filter(name__startswith="清水").get() == town
    assert Area.objects.on(ON).filter(name__startswith="清水").get() == street


def test_two_towns_become_one(cast: Cast, at: datetime) -> None:
    one, other = cast.areas["qingshui"], cast.areas["baishi"]
    both = actions.merge_areas([one, other], name="清白镇", on=ON, by=None, at=at)
    living = Area.objects.on(ON).within(both).in_tree_order()
    assert living[0].full_name == "云溪县清白镇"
    assert {a.name for a in living} == {"清白镇", "和平村", "柳树村", "石桥村"}
    with pytest.raises(EndedArea):
        actions.rename_area(one, name="再来", on=ON, by=None, at=at)


def test_areas_of_different_kinds_do_not_become_one(cast: Cast, at: datetime) -> None:
    with pytest.raises(WrongPlace):
        actions.merge_areas([cast.areas["qingshui"], cast.areas["heping"]], name="x", on=ON, by=None, at=at)


def test_an_area_ends_only_when_it_is_empty(cast: Cast, at: datetime) -> None:
    with pytest.raises(EndedArea):
        actions.end_area(cast.areas["qingshui"], on=ON, by=None, at=at)
    actions.end_area(cast.areas["heping"], on=ON, by=None, at=at)
    assert cast.areas["heping"] not in Area.objects.on(ON)


LIST = "name,kind,code,parent\n永安镇,town,430001,云溪县\n新村,village,430001201,430001\n老村,village,,永安镇\n"


def test_a_list_is_read_once(cast: Cast, at: datetime) -> None:
    first = _import(LIST, at)
    assert [a.full_name for a in first.added] == ["云溪县永安镇", "云溪县永安镇新村", "云溪县永安镇老村"]
    again = _import(LIST, at)
    assert (again.added, again.changed, again.known, again.troubles) == ([], [], 3, [])


def test_a_known_code_with_another_name_is_a_rename(cast: Cast, at: datetime) -> None:
    _import(LIST, at)
    done = _import("name,kind,code,parent,starts\n永安街道,town,430001,云溪县,2027-01-01\n", at)
    assert [a.name for a in done.changed] == ["永安街道"]
    assert Area.objects.get(name="老村").full_name == "云溪县永安街道老村"


def test_each_bad_row_is_told_and_the_others_are_read(cast: Cast, at: datetime) -> None:
    done = _import("name,kind,parent\n,town,云溪县\n甲镇,市镇,云溪县\n乙村,village,没有的镇\n丙村,village,清水镇\n", at)
    assert [trouble.row for trouble in done.troubles] == [1, 2, 3]
    assert [a.name for a in done.added] == ["丙村"]


def test_a_dry_run_keeps_nothing(cast: Cast, at: datetime) -> None:
    before = Area.objects.count(), Event.objects.count()
    assert len(_import(LIST, at, dry=True).added) == 3
    assert (Area.objects.count(), Event.objects.count()) == before


def test_files_of_offices_are_read_as_they_come() -> None:
    assert read_rows("name,kind\n清水镇,town\n".encode("gb18030")) == [{"name": "清水镇", "kind": "town"}]
    assert read_rows(b"\xef\xbb\xbfName\nA\n") == [{"name": "A"}]
    assert read_rows(json.dumps({"areas": [{"name": "A", "code": 7, "x": None, "y": True}]}).encode()) == [
        {"name": "A", "code": "7", "x": "", "y": "1"}
    ]
    for bad in (b"", b"[1]", b'{"a": 1}', b"[{", b"\xff\xff\xff"):
        with pytest.raises(UnreadableRowsError):
            read_rows(bad)


def test_a_county_is_planted_from_the_shipped_list(db: None, at: datetime) -> None:
    county = actions.plant_county(code="429004", by=None, at=at)
    assert (county.name, county.full_name) == ("仙桃市", "仙桃市")
    assert county.parent is not None and county.parent.parent is not None
    assert county.parent.parent.name == "湖北省"
    assert actions.plant_county(code="429004", by=None, at=at) == county
    for code in ("999999", "", "42", "42900"):
        with pytest.raises(UnknownCounty):
            actions.plant_county(code=code, by=None, at=at)
