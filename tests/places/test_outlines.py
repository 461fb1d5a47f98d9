"""Outlines for the map: read from GeoJSON, told what is wrong, kept once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.places import actions
from lianxin.places.models import Area
from lianxin.places.rules import MOST_POINTS, UnreadableOutlinesError, read_outlines
from tests.cast import Cast

pytestmark = pytest.mark.django_db
RING = [[104.5, 32.5], [104.6, 32.5], [104.6, 32.6], [104.5, 32.5]]
SQUARE: dict[str, Any] = {"type": "Polygon", "coordinates": [RING]}


def _feature(geometry: object = SQUARE, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _file(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _draw(at: datetime, *features: object, dry: bool = False) -> actions.Drawn:
    rows, troubles = read_outlines(_file(*features))
    assert not troubles
    return people.import_outlines(rows=rows, by=None, at=at, dry=dry)


def test_an_area_is_found_by_code_else_by_name(cast: Cast, at: datetime) -> None:
    Area.objects.filter(name="清水镇").update(code="430001")
    people.add_area(name="和平村", kind="village", parent=cast.areas["baishi"], by=None, at=at)
    done = _draw(
        at, _feature(code=430001, name="whatever"), _feature(name="云溪县白石镇"),
        _feature(name="和平村", parent="清水镇"),
    )  # fmt: skip
    assert [area.full_name for area in done.drawn] == ["云溪县清水镇", "云溪县白石镇", "云溪县清水镇和平村"]
    assert Area.objects.get(code="430001").outline == SQUARE
    assert Event.objects.filter(verb="area.drawn").count() == 3


def test_the_same_file_again_changes_nothing(cast: Cast, at: datetime) -> None:
    _draw(at, _feature(name="清水镇"))
    before = Event.objects.count()
    again = _draw(at, _feature(name="清水镇"))
    assert (again.drawn, again.known, Event.objects.count()) == ([], 1, before)


def test_what_names_no_single_area_is_trouble(cast: Cast, at: datetime) -> None:
    Area.objects.filter(name="白石镇").update(code="430002")
    people.add_area(name="和平村", kind="village", parent=cast.areas["baishi"], by=None, at=at)
    done = _draw(
        at, _feature(name="没有的镇"), _feature(name="和平村"), _feature(code="1", name="白石镇"),
        _feature(name="竹林乡"), _feature(name="竹林乡"), _feature(name="和平村", parent="竹林乡"),
    )  # fmt: skip
    assert [trouble.row for trouble in done.troubles] == [1, 2, 3, 5, 6]
    assert [area.name for area in done.drawn] == ["竹林乡"]


def test_a_dry_run_draws_nothing(cast: Cast, at: datetime) -> None:
    before = Event.objects.count()
    assert len(_draw(at, _feature(name="清水镇"), dry=True).drawn) == 1
    assert Event.objects.count() == before and Area.objects.get(name="清水镇").outline is None


UNREADABLE = [
    b"", b"{", b"[]", b"7", b"null", b"\xff\xfe", b'{"type": "FeatureCollection"}', b'{"features": []}',
    b'{"type": "FeatureCollection", "features": {}}', b"[" * 200_000, "清水镇".encode("gb18030"),
]  # fmt: skip


@pytest.mark.parametrize("content", UNREADABLE, ids=lambda content: str(content[:20]))
def test_a_file_that_is_no_collection_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableOutlinesError):
        read_outlines(content)


def _polygon(*rings: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


FINE = [[104, 32]] * (MOST_POINTS + 1)
BAD: list[Any] = [
    None, [], "x", {}, _feature(), {"type": "Feature", "properties": 7, "geometry": SQUARE}, _feature(code=""),
    _feature(code=True), _feature(name=["清水镇"]), _feature(name="\0"),
    *(_feature(geometry, name="清水镇") for geometry in [
        None, 7, {}, {"type": "Point", "coordinates": [104, 32]}, {"type": "Polygon"}, _polygon(),
        {"type": "Polygon", "coordinates": "x"}, _polygon("abcd"), _polygon([]), _polygon(RING[:3]),
        _polygon([*RING[:3], [0, 0]]), _polygon([["1", "2"]] * 4), _polygon([[1]] * 4), _polygon([7] * 4),
        _polygon([[True, False]] * 4), _polygon([[500_000.0, 3_600_000.0]] * 4), _polygon([[32.5, 104.5]] * 4),
        _polygon([[float("nan"), 1]] * 4), _polygon([[1, 2, float("inf")]] * 4), _polygon(FINE),
        {"type": "MultiPolygon", "coordinates": [RING]}, {"type": "MultiPolygon", "coordinates": [None]},
        {"type": ["Polygon"], "coordinates": [RING]},
    ]),
]  # fmt: skip


@pytest.mark.parametrize("feature", BAD, ids=lambda feature: str(feature)[:60])
def test_a_feature_that_cannot_be_drawn_is_told_and_the_others_are_read(feature: object) -> None:
    rows, troubles = read_outlines(_file(feature, _feature({"type": "MultiPolygon", "coordinates": [[RING]]}, code=7)))
    assert [(row.row, row.code) for row in rows] == [(2, "7")]
    assert [trouble.row for trouble in troubles] == [1] and str(troubles[0].text)


def test_no_other_outline_is_kept_by_any_road(cast: Cast, at: datetime) -> None:
    with pytest.raises(actions.WrongPlace):
        actions.draw_area(cast.areas["qingshui"], outline=_polygon(RING[:2]), by=None, at=at)


def test_only_who_keeps_the_tables_draws(cast: Cast, at: datetime, handler: User) -> None:
    with pytest.raises(people.NotAllowed):
        people.import_outlines(rows=[], by=handler, at=at)


def test_the_page_shows_first_and_draws_then(sign_in: Callable[[str], Client], cast: Cast) -> None:
    browser, page = sign_in("it"), reverse("import_outlines")
    content = _file(_feature(name="清水镇"), _feature(name="没有的镇"), _feature(None, name="白石镇"))
    shown = browser.post(page, {"file": SimpleUploadedFile("map.geojson", content)})
    text = shown.content.decode()
    assert shown.status_code == 200 and text.index("第 2 行") < text.index("第 3 行")
    assert Area.objects.get(name="清水镇").outline is None
    assert browser.post(page, {"source": "map.geojson", "text": content.decode(), "keep": "1"}).status_code == 302
    assert Area.objects.get(name="清水镇").outline == SQUARE
    event = Event.objects.get(verb="area.drawn")
    assert event.by_id == cast.officers["it"].pk


@pytest.mark.parametrize("content", [b"{", b"a,b\n1,2\n", b"\xff\xfe{", b"x" * (1024 * 1024 + 1)])
def test_the_page_says_what_cannot_be_read(sign_in: Callable[[str], Client], content: bytes) -> None:
    answer = sign_in("it").post(reverse("import_outlines"), {"file": SimpleUploadedFile("map.geojson", content)})
    assert answer.status_code == 422


def test_the_command_does_the_same(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "map.geojson"
    file.write_bytes(_file(_feature(name="清水镇")))
    call_command("import_outlines", str(file), "--dry-run")
    assert Area.objects.get(name="清水镇").outline is None
    call_command("import_outlines", str(file))
    assert Area.objects.get(name="清水镇").outline == SQUARE
    file.write_bytes(_file(_feature(name="没有的镇")))
    with pytest.raises(SystemExit):
        call_command("import_outlines", str(file))
    with pytest.raises(CommandError):
        call_command("import_outlines", str(tmp_path / "none.geojson"))
