"""Where it is: open and overdue cases by area, as a map drawn here and as a table of the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.desk.views.officer import Request
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.resolve.models import Case
from lianxin.resolve.rules import RUNNING

WIDTH, MARGIN = 1000.0, 20.0
SHADES = 4  # beside none: more could not be told apart
Point = tuple[float, float]


@dataclass(slots=True)
class Place:
    """One area with its numbers, and how it is drawn if its outline is known."""

    pk: int
    name: str
    open: int = 0
    late: int = 0
    shade: int = 0
    path: str = ""
    x: float = 0.0
    y: float = 0.0

    @property
    def href(self) -> str:
        """Where the cases of this area are listed."""
        return f"{reverse('desk:cases')}?area={self.pk}&state=open"


@power(Power.SEE_CASES)
@never_cache
@require_safe
def map_(request: Request) -> HttpResponse:
    """Show how many cases are open and overdue in each town, in numbers, shades and words."""
    areas = list(Area.objects.on(timezone.localdate(request.at)).filter(kind=Area.Kind.TOWN).order_by("path"))
    places = {str(area.pk): Place(area.pk, area.name) for area in areas}
    elsewhere = Place(0, "")
    counted = (
        Case.objects.visible_to(request.user)
        .open()
        .values("area__path")
        .annotate(
            open=Count("id"),
            late=Count("id", filter=Q(due_at__lte=request.at, state__in=[state.value for state in RUNNING])),
        )
    )
    for row in counted.order_by():
        place = next((places[step] for step in (row["area__path"] or "").split("/") if step in places), elsewhere)
        place.open, place.late = place.open + row["open"], place.late + row["late"]
    most = max((place.open for place in places.values()), default=0)
    for place in places.values():
        place.shade = shade(place.open, most)
    height = draw(areas, places)
    ordered = sorted(places.values(), key=lambda place: (-place.late, -place.open, place.name))
    context: dict[str, Any] = {
        "places": ordered,
        "drawn": [place for place in places.values() if place.path],
        "elsewhere": elsewhere,
        "width": round(WIDTH),
        "height": height,
        "most": most,
        "steps": _steps(most),
    }
    return render(request, "desk/map/map.html", context)


def shade(value: int, most: int) -> int:
    """Return how dark an area is drawn: 0 for none, else 1 to SHADES in even steps up to the most."""
    return 0 if not value or not most else max(1, -(-value * SHADES // most))


def _steps(most: int) -> list[tuple[int, int, int]]:
    """Return each shade with the first and last number it stands for; shades that no number has are left out."""
    bounds = [(step, most * (step - 1) // SHADES + 1, most * step // SHADES) for step in range(1, SHADES + 1)]
    return [(0, 0, 0), *((step, first, last) for step, first, last in bounds if first <= last)]


def draw(areas: Iterable[Area], places: dict[str, Place]) -> int:
    """Give each place whose outline is known its path and the point of its number; return the height of the sheet."""
    outlines = {str(area.pk): rings for area in areas if (rings := list(_rings(area.outline)))}
    points = [point for rings in outlines.values() for ring in rings for point in ring]
    if not points:
        return 0
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    squeeze = cos(radians((south + north) / 2))  # a degree of longitude is that much shorter than one of latitude
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-9)

    def at(point: Point) -> Point:
        return MARGIN + (point[0] - west) * squeeze * scale, MARGIN + (north - point[1]) * scale

    for key, rings in outlines.items():
        drawn = [[at(point) for point in ring] for ring in rings]
        place = places[key]
        place.path = " ".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring) + "Z" for ring in drawn)
        place.x, place.y = middle(max(drawn, key=len))
    return round(2 * MARGIN + (north - south) * scale)


def middle(ring: list[Point]) -> Point:
    """Return the centre of gravity of a ring, where its number stands."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(area) < 1e-9:
        return ring[0]
    return round(x / (3 * area), 1), round(y / (3 * area), 1)


def _rings(outline: Any) -> Iterator[list[Point]]:
    """Yield the rings of a GeoJSON polygon, multipolygon or feature; what is none of these is not drawn."""
    if not isinstance(outline, dict):
        return
    if outline.get("type") == "Feature":
        yield from _rings(outline.get("geometry"))
        return
    shapes = {"Polygon": [outline.get("coordinates")], "MultiPolygon": outline.get("coordinates")}.get(
        str(outline.get("type"))
    )
    for polygon in shapes or ():
        for ring in polygon or ():
            points = [(float(point[0]), float(point[1])) for point in ring]
            if len(points) >= 3:
                yield points
