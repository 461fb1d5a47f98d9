"""The land: one county, eight towns of nine villages each, drawn as a mosaic without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from lianxin.places import actions as places
from lianxin.places.models import Area

TOWNS = ["城关街道", "青石镇", "柳河镇", "桃源镇", "双桥镇", "白塔镇", "竹溪乡", "云岭乡"]
FIRST = ["石", "柳", "桃", "梅", "松", "荷", "沙", "枫", "兰", "塘", "湾", "岭", "泉", "桥", "田", "竹", "杨", "槐"]
LAST = ["坪", "湾", "塘", "岗", "沟", "岭", "畈", "冲", "铺", "店", "桥", "垭"]
SIDE = 3  # villages along one side of a town
WEST, SOUTH, STEP = 111.70, 27.80, 0.035  # an invented county; degrees

Ring = list[list[float]]


@dataclass(frozen=True)
class Land:
    """The areas of the demo county."""

    county: Area
    towns: list[Area]
    villages: list[Area]

    def villages_of(self, town: Area) -> list[Area]:
        return [village for village in self.villages if village.parent_id == town.pk]


def lay(rng: Random, at: datetime) -> Land:
    """Write county, towns and villages with their outlines."""
    grid = _corners(rng)
    county = places.add_area(name="云溪县", kind=Area.Kind.COUNTY, parent=None, by=None, at=at, source="demo")
    _draw(county, _ring(grid, 0, 0, 4 * SIDE, 2 * SIDE), at)
    towns, villages = [], []
    names = _village_names(rng)
    for number, name in enumerate(TOWNS):
        left, low = number % 4 * SIDE, number // 4 * SIDE
        town = places.add_area(name=name, kind=Area.Kind.TOWN, parent=county, by=None, at=at, source="demo")
        _draw(town, _ring(grid, left, low, SIDE, SIDE), at)
        towns.append(town)
        for cell in range(SIDE * SIDE):
            suffix = "社区" if number == 0 else "村"
            village = places.add_area(
                name=names.pop() + suffix, kind=Area.Kind.VILLAGE, parent=town, by=None, at=at, source="demo"
            )
            _draw(village, _ring(grid, left + cell % SIDE, low + cell // SIDE, 1, 1), at)
            villages.append(village)
    return Land(county, towns, villages)


def _village_names(rng: Random) -> list[str]:
    names = [first + last for first in FIRST for last in LAST]
    rng.shuffle(names)
    return names


def _corners(rng: Random) -> dict[tuple[int, int], list[float]]:
    """Return the corners of all villages, moved a little so that the map looks like land and still fits together."""
    corners = {}
    for x in range(4 * SIDE + 1):
        for y in range(2 * SIDE + 1):
            corners[x, y] = [
                round(WEST + STEP * (x + rng.uniform(-0.28, 0.28)), 5),
                round(SOUTH + STEP * (y + rng.uniform(-0.28, 0.28)), 5),
            ]
    return corners


def _ring(grid: dict[tuple[int, int], list[float]], x: int, y: int, wide: int, high: int) -> Ring:
    """Walk round a block of cells, anticlockwise as RFC 7946 asks."""
    walk = [(x + i, y) for i in range(wide)] + [(x + wide, y + i) for i in range(high)]
    walk += [(x + wide - i, y + high) for i in range(wide)] + [(x, y + high - i) for i in range(high)]
    return [grid[corner] for corner in [*walk, (x, y)]]


def _draw(area: Area, ring: Ring, at: datetime) -> None:
    places.draw_area(area, outline={"type": "Polygon", "coordinates": [ring]}, by=None, at=at)
