"""Writing places. Who may do so is asked above, in people.actions, for places know no officers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import Named, note
from lianxin.places.models import Area
from lianxin.places.rules import AreaRow, OutlineRow, Trouble, full_name, may_lie_in, outline_trouble


class WrongPlace(Refusal):
    """An area cannot lie there."""


class EndedArea(Refusal):
    """The area has ended, or would end before it began."""


class UnknownCounty(Refusal):
    """No county of the shipped list has this code."""


@dataclass(slots=True)
class Imported:
    """What a list of areas did, or in a dry run would do."""

    added: list[Area] = field(default_factory=list)
    changed: list[Area] = field(default_factory=list)
    known: int = 0
    troubles: list[Trouble] = field(default_factory=list)


@dataclass(slots=True)
class Drawn:
    """What a file of outlines did, or in a dry run would do."""

    drawn: list[Area] = field(default_factory=list)
    known: int = 0
    troubles: list[Trouble] = field(default_factory=list)


@transaction.atomic
def add_area(
    *,
    name: str,
    kind: str,
    parent: Area | None,
    by: Named | None,
    at: datetime,
    code: str = "",
    starts: date | None = None,
    source: str = "",
    behalf: Named | None = None,
) -> Area:
    """Write a new area; its path and full name follow from its parent. Raises WrongPlace."""
    area = _add(name=name, kind=kind, parent=parent, code=code, starts=starts, source=source)
    note("area.added", area, by=by, at=at, behalf=behalf, data={"parent": parent.pk if parent else None, "code": code})
    return area


@transaction.atomic
def rename_area(
    area: Area, *, name: str, on: date, by: Named | None, at: datetime, code: str = "", behalf: Named | None = None
) -> Area:
    """End the area on a day and begin its successor, to which all that lies in it goes over. Raises EndedArea."""
    return merge_areas([area], name=name, on=on, code=code, by=by, at=at, behalf=behalf)


@transaction.atomic
def merge_areas(
    areas: Sequence[Area],
    *,
    name: str,
    on: date,
    by: Named | None,
    at: datetime,
    code: str = "",
    behalf: Named | None = None,
) -> Area:
    """End several areas of one kind on a day and begin the one that they become.

    The ended areas are kept below their successor, so that whatever was counted in them is counted in it. The first of
    them says where the successor lies. Raises EndedArea, WrongPlace.
    """
    first = areas[0]
    if len({area.kind for area in areas}) > 1:
        raise WrongPlace(_("Only areas of the same kind can become one."))
    for area in areas:
        if area.valid_to or (area.valid_from and area.valid_from >= on):
            raise EndedArea(_("This area has already ended, or begins only after that day."))
    heir = _add(name=name, kind=first.kind, parent=first.parent, code=code, starts=on, source=first.source)
    for area in areas:
        Area.objects.filter(parent=area).update(parent=heir)
        area.valid_to = on
        area.save(update_fields=["valid_to"])
        _move_below(area, heir)
        note("area.ended", area, by=by, at=at, behalf=behalf, data={"on": on.isoformat(), "successor": heir.pk})
    note("area.added", heir, by=by, at=at, behalf=behalf, data={"from": [a.pk for a in areas], "code": code})
    return heir


@transaction.atomic
def end_area(area: Area, *, on: date, by: Named | None, at: datetime, behalf: Named | None = None) -> None:
    """End an area in which nothing lies any more. Raises EndedArea."""
    if area.valid_to or (area.valid_from and area.valid_from >= on):
        raise EndedArea(_("This area has already ended, or begins only after that day."))
    if Area.objects.filter(parent=area).on(on).exists():
        raise EndedArea(_("Other areas still lie in it. End or move them first."))
    area.valid_to = on
    area.save(update_fields=["valid_to"])
    note("area.ended", area, by=by, at=at, behalf=behalf, data={"on": on.isoformat()})


@transaction.atomic
def import_areas(
    *,
    rows: Iterable[AreaRow],
    source: str,
    by: Named | None,
    at: datetime,
    behalf: Named | None = None,
    dry: bool = False,
) -> Imported:
    """Write the areas of a list; reading the same list again changes nothing.

    An area is known by its code, else by name and kind within its parent. A known code with another name is a rename on
    the row's `starts` (or the day of `at`). A row whose parent is not known, neither from the table nor from a row
    before it, is trouble and is left out; so are those below it. With `dry`, nothing is kept.
    """
    done = Imported()
    for row in rows:
        _import_row(row, done, source=source, by=by, at=at, behalf=behalf)
    if dry:
        transaction.set_rollback(True)
    return done


@transaction.atomic
def plant_county(*, code: str, by: Named | None, at: datetime) -> Area:
    """Write a county of the shipped list with its city and province. Raises UnknownCounty."""
    chain = _shipped_chain(code)
    parent: Area | None = None
    for kind, its_code, name in chain:
        known = Area.objects.filter(code=its_code, kind=kind, valid_to=None).first()
        parent = known or add_area(
            name=name, kind=kind, parent=parent, code=its_code, source=_shipped()["source"], by=by, at=at
        )
    assert parent is not None
    return parent


@transaction.atomic
def draw_area(
    area: Area, *, outline: Mapping[str, Any], by: Named | None, at: datetime, behalf: Named | None = None
) -> None:
    """Keep the outline of an area, a GeoJSON Polygon or MultiPolygon (RFC 7946), for the map. Raises WrongPlace."""
    if trouble := outline_trouble(outline):
        raise WrongPlace(trouble)
    area.outline = {"type": outline["type"], "coordinates": outline["coordinates"]}
    area.save(update_fields=["outline"])
    note("area.drawn", area, by=by, at=at, behalf=behalf, data={"kind": outline["type"]})


@transaction.atomic
def import_outlines(
    *, rows: Iterable[OutlineRow], by: Named | None, at: datetime, behalf: Named | None = None, dry: bool = False
) -> Drawn:
    """Keep the outlines of a file; reading the same file again changes nothing; with `dry`, nothing is kept.

    An area is found by its code, else by its name, short or full, within its parent where that is said. A row whose
    area is not known, not the only one of its name, or drawn by a row before it, is trouble and is left out.
    """
    done = Drawn()
    seen: set[int] = set()
    for row in rows:
        area = _find_drawn(row)
        if area is None:
            text = _("The area is not known, or there are several of its name. Give its code, or in what it lies.")
            done.troubles.append(Trouble(row.row, text))
        elif area.pk in seen:
            done.troubles.append(Trouble(row.row, _("Another outline before it is of the same area.")))
        elif area.outline == {"type": row.outline["type"], "coordinates": row.outline["coordinates"]}:
            done.known += 1
        else:
            draw_area(area, outline=row.outline, by=by, at=at, behalf=behalf)
            done.drawn.append(area)
        if area is not None:
            seen.add(area.pk)
    if dry:
        transaction.set_rollback(True)
    return done


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("lianxin.places") / "data" / "counties.json").read_text("utf-8"))
    return found


def _shipped_chain(code: str) -> list[tuple[str, str, str]]:
    province, cities = _shipped()["provinces"].get(code[:2], ("", {}))
    for city_code, (city, counties) in cities.items():
        if code in counties:
            return [
                (Area.Kind.PROVINCE, f"{code[:2]}0000", province),
                (Area.Kind.CITY, f"{city_code}00", city),
                (Area.Kind.COUNTY, code, counties[code]),
            ]
    raise UnknownCounty(_("No county has this code. It has six digits and begins with those of its province."))


def _add(*, name: str, kind: str, parent: Area | None, code: str, starts: date | None, source: str) -> Area:
    if not may_lie_in(kind, parent.kind if parent else None):
        raise WrongPlace(_("An area of this kind cannot lie in the other one."))
    full = full_name(name, kind, parent.full_name if parent else "", parent.kind if parent else None)
    area = Area.objects.create(
        name=name, kind=kind, parent=parent, code=code, path="", full_name=full, valid_from=starts, source=source
    )
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    area.save(update_fields=["path"])
    return area


def _move_below(area: Area, heir: Area) -> None:
    """Carry the whole branch of an ended area over to its successor: paths of all, full names of what still exists."""
    branch = list(Area.objects.within(area).exclude(pk=area.pk))
    old_path, old_name = area.path, area.full_name
    area.parent, area.path = heir, f"{heir.path}{area.pk}/"
    area.save(update_fields=["parent", "path"])
    for below in branch:
        below.path = heir.path + below.path.removeprefix(old_path)
        if below.valid_to is None and old_name:
            below.full_name = heir.full_name + below.full_name.removeprefix(old_name)
    Area.objects.bulk_update(branch, ["path", "full_name"], batch_size=500)


def _import_row(
    row: AreaRow, done: Imported, *, source: str, by: Named | None, at: datetime, behalf: Named | None
) -> None:
    parent = _find_parent(row)
    if row.parent and parent is None:
        done.troubles.append(
            Trouble(row.row, _("The area in which it lies is not known, or there are several of its name."))
        )
        return
    known = _find_known(row, parent)
    try:
        if known is None:
            done.added.append(
                add_area(
                    name=row.name, kind=row.kind, parent=parent, code=row.code, starts=row.starts, source=source,
                    by=by, at=at, behalf=behalf,
                )
            )  # fmt: skip
        elif known.name != row.name:
            on = row.starts or local(at).date()
            done.changed.append(rename_area(known, name=row.name, on=on, code=row.code, by=by, at=at, behalf=behalf))
        else:
            done.known += 1
    except Refusal as refusal:
        done.troubles.append(Trouble(row.row, refusal.args[0]))


def _find_parent(row: AreaRow) -> Area | None:
    if not row.parent:
        return None
    living = Area.objects.filter(valid_to=None)
    by_code = list(living.filter(code=row.parent)[:2])
    found = by_code or [area for area in living.filter(name=row.parent)[:9] if may_lie_in(row.kind, area.kind)]
    return found[0] if len(found) == 1 else None


def _find_known(row: AreaRow, parent: Area | None) -> Area | None:
    living = Area.objects.filter(valid_to=None, kind=row.kind)
    if row.code:
        return living.filter(code=row.code).first()
    return living.filter(name=row.name, parent=parent).first()


def _find_drawn(row: OutlineRow) -> Area | None:
    living = Area.objects.filter(valid_to=None)
    if row.code and (coded := list(living.filter(code=row.code)[:2])):
        return coded[0] if len(coded) == 1 else None
    if not row.name:
        return None
    named = living.filter(Q(name=row.name) | Q(full_name=row.name))
    if row.code:
        named = named.filter(code="")  # one of another code is another area, whatever its name
    if row.parent:
        named = named.filter(Q(parent__code=row.parent) | Q(parent__name=row.parent))
    found = list(named[:2])
    return found[0] if len(found) == 1 else None
