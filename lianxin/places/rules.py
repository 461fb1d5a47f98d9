"""What a row of an area list must say, and what an outline on the map must be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# From the widest to the narrowest: an area lies in one of a wider kind.
KINDS = ("province", "city", "county", "town", "village", "natural", "group", "grid", "compound", "building")
MOST_POINTS = 20_000  # of one outline: a finer one would only make the page with the map heavy
FOLD = KINDS.index("county")  # full names begin here: nobody says the province at the counter


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one row; rows are counted from 1, the heading not among them."""

    row: int
    text: str | Promise


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of a list: its parent is named by code or by name."""

    row: int
    name: str
    kind: str
    code: str
    parent: str
    starts: date | None


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One outline of a file: its area is named by code, or else by name and the area in which it lies."""

    row: int
    code: str
    name: str
    parent: str
    outline: Mapping[str, Any]


class UnreadableOutlinesError(ValueError):
    """The file is no GeoJSON FeatureCollection in UTF-8."""


def may_lie_in(kind: str, parent_kind: str | None) -> bool:
    """Tell whether an area of one kind may lie in an area of another; only what is widest lies in nothing."""
    return parent_kind is None or KINDS.index(parent_kind) < KINDS.index(kind)


def full_name(name: str, kind: str, parent: str, parent_kind: str | None) -> str:
    """Return the name as one would say it, from the county down, without spaces."""
    if parent_kind is None or KINDS.index(kind) <= FOLD or KINDS.index(parent_kind) < FOLD:
        return name
    return f"{parent}{name}"


def read_areas(rows: Iterable[Mapping[str, str]]) -> tuple[list[AreaRow], list[Trouble]]:
    """Return the rows that can be understood, and the trouble with the others.

    Columns: name, kind; code, parent (code or name), starts (YYYY-MM-DD) where known.
    """
    good: list[AreaRow] = []
    troubles: list[Trouble] = []
    for number, row in enumerate(rows, start=1):
        trouble = _trouble(row)
        if trouble:
            troubles.append(Trouble(number, trouble))
            continue
        starts = row.get("starts", "")
        good.append(
            AreaRow(
                number,
                row["name"],
                row["kind"],
                row.get("code", ""),
                row.get("parent", ""),
                date.fromisoformat(starts) if starts else None,
            )
        )
    return good, troubles


def _trouble(row: Mapping[str, str]) -> str | Promise:
    if not row.get("name"):
        return _("The name is missing.")
    if row.get("kind") not in KINDS:
        return _(
            "The kind is not one of: province, city, county, town, village, natural, group, grid, compound, building."
        )
    if not row.get("code", "").isalnum() and row.get("code"):
        return _("The code may hold only letters and digits.")
    try:
        date.fromisoformat(row.get("starts") or "2000-01-01")
    except ValueError:
        return _("The date is not written as 2027-01-31.")
    return ""


def read_outlines(content: bytes) -> tuple[list[OutlineRow], list[Trouble]]:
    """Return the outlines of a GeoJSON FeatureCollection (RFC 7946), and the trouble with its other features.

    Properties: code; or name, and parent (code or name) where several areas have that name. Raises
    UnreadableOutlinesError.
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableOutlinesError(str(error)) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise UnreadableOutlinesError("no FeatureCollection")
    good: list[OutlineRow] = []
    troubles: list[Trouble] = []
    for number, feature in enumerate(features, start=1):
        read = _read_feature(number, feature)
        if isinstance(read, OutlineRow):
            good.append(read)
        else:
            troubles.append(Trouble(number, read))
    return good, troubles


def outline_trouble(outline: object) -> str | Promise:
    """Tell what is wrong with an outline for the map; nothing if it is a GeoJSON Polygon or MultiPolygon."""
    if not isinstance(outline, Mapping) or outline.get("type") not in ("Polygon", "MultiPolygon"):
        return _("An outline is a GeoJSON Polygon or MultiPolygon.")
    said: Any = outline.get("coordinates")
    polygons: Any = [said] if outline["type"] == "Polygon" else said
    if not _is_filled(polygons) or not all(_is_filled(polygon) for polygon in polygons):
        return _("The outline has no rings.")
    rings: list[Any] = [ring for polygon in polygons for ring in polygon]
    if not all(isinstance(ring, list) and len(ring) >= 4 and ring[0] == ring[-1] for ring in rings):
        return _("A ring needs at least four points, and ends where it began.")
    if sum(len(ring) for ring in rings) > MOST_POINTS:
        return _("The outline is too fine: it has more than %(most)s points. Simplify it first.") % {
            "most": MOST_POINTS
        }
    if not all(_is_point(point) for ring in rings for point in ring):
        return _("A point is longitude and latitude in degrees, two numbers, longitude first.")
    return ""


def _read_feature(number: int, feature: object) -> OutlineRow | str | Promise:
    said = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(said, dict):
        return _("This is no GeoJSON feature with properties.")
    code, name, parent = (_word(said.get(key)) for key in ("code", "name", "parent"))
    if not code and not name:
        return _("The properties name no area: code or name is missing.")
    geometry = feature.get("geometry")
    return outline_trouble(geometry) or OutlineRow(number, code, name, parent, geometry)  # type: ignore[arg-type]


def _word(value: object) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    return str(value).replace("\0", "").strip()


def _is_filled(value: object) -> bool:
    return isinstance(value, list) and bool(value)


def _is_point(point: Any) -> bool:
    """Tell whether it is a longitude and a latitude, with or without a height."""
    if not isinstance(point, list) or len(point) not in (2, 3):
        return False
    if any(isinstance(n, bool) or not isinstance(n, int | float) or not isfinite(n) for n in point):
        return False
    return bool(abs(point[0]) <= 180 and abs(point[1]) <= 90)
