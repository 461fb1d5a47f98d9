"""Offices: opened, renamed, closed; and the areas they answer for. Areas themselves are written by places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.need import behalf
from lianxin.people.models import Jurisdiction, Office, Post, User, forget_all
from lianxin.people.rules import Power
from lianxin.places import actions as places
from lianxin.places.models import Area
from lianxin.places.rules import AreaRow, OutlineRow, Trouble


class ClosedOffice(Refusal):
    """The office has closed, or would close before it opened."""


class StillInUse(Refusal):
    """Something in the office goes on after that day."""


class WrongOffice(Refusal):
    """The row does not name an office that can be found or made."""


@dataclass(slots=True)
class OfficesImported:
    """What a list of offices did, or in a dry run would do."""

    added: list[Office] = field(default_factory=list)
    known: int = 0
    troubles: list[Trouble] = field(default_factory=list)


@transaction.atomic
def open_office(
    *,
    name: str,
    kind: str,
    parent: Office | None,
    by: User | None,
    at: datetime,
    phone: str = "",
    address: str = "",
    areas: Sequence[Area] = (),
    starts: date | None = None,
) -> Office:
    """Write a new office below another one, and the areas it answers for; needs REFERENCE. Raises NotAllowed."""
    whose = behalf(by, Power.REFERENCE, at=at)
    office = Office.objects.create(
        name=name, kind=kind, parent=parent, path="", phone=phone, address=address, valid_from=starts
    )
    office.path = f"{parent.path if parent else '/'}{office.pk}/"
    office.save(update_fields=["path"])
    forget_all()
    Jurisdiction.objects.bulk_create(Jurisdiction(office=office, area=area, valid_from=starts) for area in areas)
    data = {"kind": kind, "parent": parent.pk if parent else None, "areas": [area.pk for area in areas]}
    note("office.opened", office, by=by, at=at, behalf=whose, data=data)
    return office


@transaction.atomic
def edit_office(
    office: Office, *, name: str, phone: str, address: str, areas: Sequence[Area], by: User | None, at: datetime
) -> None:
    """Write what an office is called, where it can be reached, and from today on for which areas it answers.

    Needs REFERENCE. The ledger keeps what was said before. Raises NotAllowed.
    """
    whose = behalf(by, Power.REFERENCE, at=at)
    before = _facts(office)
    office.name, office.phone, office.address = name, phone, address
    office.save(update_fields=["name", "phone", "address"])
    _answer_for(office, areas, local(at).date())
    after = _facts(office)
    if after != before:
        note("office.edited", office, by=by, at=at, behalf=whose, data={"before": before, "after": after})


@transaction.atomic
def close_office(office: Office, *, ends: date, by: User | None, at: datetime, successor: Office | None = None) -> None:
    """End an office on a day, and name the one that takes over; needs REFERENCE.

    Posts and offices below must have ended by then, so that nobody is left in an office that is no more. Raises
    ClosedOffice, StillInUse, NotAllowed.
    """
    whose = behalf(by, Power.REFERENCE, at=at)
    if office.valid_to or (office.valid_from and office.valid_from >= ends) or successor == office:
        raise ClosedOffice(_("This office has closed already, or would close before it opened."))
    if Office.objects.on(ends).filter(parent=office).exists():
        raise StillInUse(_("Other offices below it go on after that day. Close them first."))
    if Post.objects.on(ends).filter(office=office).exclude(holder=None).exists():
        raise StillInUse(_("Somebody holds a post in it after that day. End those posts first."))
    office.valid_to, office.successor = ends, successor
    office.save(update_fields=["valid_to", "successor"])
    Jurisdiction.objects.filter(office=office, valid_to=None).update(valid_to=ends)
    data = {"ends": ends.isoformat(), "successor": successor.pk if successor else None}
    note("office.closed", office, by=by, at=at, behalf=whose, data=data)


@transaction.atomic
def import_offices(
    *, rows: Iterable[Mapping[str, str]], by: User | None, at: datetime, dry: bool = False
) -> OfficesImported:
    """Write the offices of a list; reading it again changes nothing; with `dry`, nothing is kept; needs REFERENCE.

    Columns: name, kind, parent (name), phone, address, areas (codes or full names, separated by ;). A row that cannot
    be read is trouble and is left out. Raises NotAllowed.
    """
    behalf(by, Power.REFERENCE, at=at)
    done = OfficesImported()
    for number, row in enumerate(rows, start=1):
        try:
            _import_office(row, done, by=by, at=at)
        except WrongOffice as refusal:
            done.troubles.append(Trouble(number, refusal.args[0]))
    if dry:
        transaction.set_rollback(True)
    return done


def add_area(
    *,
    name: str,
    kind: str,
    parent: Area | None,
    by: User | None,
    at: datetime,
    code: str = "",
    starts: date | None = None,
) -> Area:
    """Write a new area; needs REFERENCE. Raises WrongPlace, NotAllowed."""
    whose = behalf(by, Power.REFERENCE, at=at)
    return places.add_area(name=name, kind=kind, parent=parent, code=code, starts=starts, by=by, at=at, behalf=whose)


def rename_area(area: Area, *, name: str, on: date, by: User | None, at: datetime, code: str = "") -> Area:
    """Give an area another name from a day on; needs REFERENCE. Raises EndedArea, NotAllowed."""
    return merge_areas([area], name=name, on=on, code=code, by=by, at=at)


@transaction.atomic
def merge_areas(areas: Sequence[Area], *, name: str, on: date, by: User | None, at: datetime, code: str = "") -> Area:
    """Make one area of several from a day on; needs REFERENCE. Raises EndedArea, WrongPlace, NotAllowed.

    Who answered for one of them answers for the new one from that day; who answered before it is still on record.
    """
    whose = behalf(by, Power.REFERENCE, at=at)
    heir = places.merge_areas(areas, name=name, on=on, code=code, by=by, at=at, behalf=whose)
    running = Jurisdiction.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), area__in=areas)
    for office in Office.objects.filter(pk__in=list(running.values_list("office", flat=True))).order_by("pk"):
        before, own = _facts(office), running.filter(office=office)
        own.filter(valid_from__gte=on).update(area=heir)  # had not begun by then
        if own.update(valid_to=on):
            Jurisdiction.objects.get_or_create(office=office, area=heir, valid_to=None, defaults={"valid_from": on})
        data = {"before": before, "after": _facts(office)}
        note("office.edited", office, by=by, at=at, behalf=whose, data=data)
    forget_all()
    return heir


def end_area(area: Area, *, on: date, by: User | None, at: datetime) -> None:
    """End an empty area; needs REFERENCE. Raises EndedArea, NotAllowed."""
    places.end_area(area, on=on, by=by, at=at, behalf=behalf(by, Power.REFERENCE, at=at))


def import_areas(
    *, rows: Iterable[AreaRow], source: str, by: User | None, at: datetime, dry: bool = False
) -> places.Imported:
    """Write the areas of a list (see places.actions.import_areas); needs REFERENCE. Raises NotAllowed."""
    whose = behalf(by, Power.REFERENCE, at=at)
    return places.import_areas(rows=rows, source=source, by=by, at=at, behalf=whose, dry=dry)


def import_outlines(*, rows: Iterable[OutlineRow], by: User | None, at: datetime, dry: bool = False) -> places.Drawn:
    """Keep the outlines of a file (see places.actions.import_outlines); needs REFERENCE. Raises NotAllowed."""
    return places.import_outlines(rows=rows, by=by, at=at, behalf=behalf(by, Power.REFERENCE, at=at), dry=dry)


def _facts(office: Office) -> dict[str, str | list[int]]:
    areas = list(office.jurisdictions.filter(valid_to=None).order_by("area_id").values_list("area_id", flat=True))
    return {"name": office.name, "phone": office.phone, "address": office.address, "areas": areas}


def _answer_for(office: Office, areas: Sequence[Area], day: date) -> None:
    """End the jurisdictions that are not among the areas, and begin those that are missing."""
    running = office.jurisdictions.filter(valid_to=None)
    running.exclude(area__in=areas).update(valid_to=day)
    kept = set(running.values_list("area_id", flat=True))
    Jurisdiction.objects.bulk_create(
        Jurisdiction(office=office, area=area, valid_from=day) for area in areas if area.pk not in kept
    )


def _import_office(row: Mapping[str, str], done: OfficesImported, *, by: User | None, at: datetime) -> None:
    name, kind, parent_name = row.get("name", ""), row.get("kind", ""), row.get("parent", "")
    day = local(at).date()
    if not name:
        raise WrongOffice(_("The name is missing."))
    if kind not in Office.Kind.values:
        raise WrongOffice(_join(_("The kind is not one of:"), Office.Kind.values))
    parents = list(Office.objects.on(day).filter(name=parent_name)[:2]) if parent_name else []
    if parent_name and len(parents) != 1:
        raise WrongOffice(_("The office above it is not known, or there are several of its name."))
    parent = parents[0] if parents else None
    if Office.objects.on(day).filter(name=name, parent=parent).exists():
        done.known += 1
        return
    areas = [
        _area_named(word.strip(), day) for word in row.get("areas", "").replace("；", ";").split(";") if word.strip()
    ]
    done.added.append(
        open_office(
            name=name, kind=kind, parent=parent, phone=row.get("phone", ""), address=row.get("address", ""),
            areas=areas, by=by, at=at,
        )
    )  # fmt: skip


def _area_named(word: str, day: date) -> Area:
    living = Area.objects.on(day)
    found = list(living.filter(code=word)[:2]) or list(living.filter(full_name=word)[:2])
    if len(found) != 1:
        raise WrongOffice(_("An area it answers for is not known. Name it by its code or its full name."))
    return found[0]


def _join(text: str | Promise, words: Iterable[str]) -> str:
    return f"{text} {', '.join(words)}"
