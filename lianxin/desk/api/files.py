"""Files for programs: villages, households, their people, units; masked as on the pages, written by the same deeds."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.desk.api.asking import PAGE_MOST, Asker, Body, Key, body_of, filled, form_data, needs
from lianxin.desk.api.formed import Written, by_officer, offer
from lianxin.desk.deeds.files import DEEDS, KEEPERS, narrowed
from lianxin.desk.deeds.standing import shown_value
from lianxin.desk.forms import archives as shapes
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record import actions
from lianxin.record.figures.files import standings
from lianxin.record.models import (
    Enterprise,
    Fact,
    Household,
    Resident,
    Survey,
    VillageFile,
    keeper_reach_of,
    reach_of,
)
from lianxin.record.rules import FIELDS, Subject

router = Router()
Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_MOST)]
Row = Annotated[int | None, Query(ge=1, lt=2**63)]
RevealBody = body_of(shapes.ReasonForm, "RevealResidentIn")


class VillageOut(Schema):
    """How the files of one place stand: households, people, what is late."""

    area: int
    name: str
    households: int
    away: int
    people: int
    in_difficulty: int
    to_update: int
    books: int
    has_file: bool
    is_complete: bool


class HouseholdRow(Schema):
    """A household as a list shows it."""

    number: str
    area: int
    place: str
    door: str
    called: str
    presence: str
    verified_at: datetime | None
    closed_at: datetime | None


class HouseholdPage(Schema):
    """A page of households; `more` tells whether another follows."""

    households: list[HouseholdRow]
    page: int
    page_size: int
    more: bool


class ResidentOut(Schema):
    """Somebody of a household; what lies sealed is masked here as on the page."""

    id: int
    name: str
    is_head: bool
    values: dict[str, str] = Field(description="Each line of the file, masked.")


class FactOut(Schema):
    """One line of a file."""

    id: int
    of: str
    kind: str
    resident: int | None
    words: str
    starts: date | None
    ends: date | None


class HouseholdOut(HouseholdRow):
    """One file with who lives there and what is so today."""

    residents: list[ResidentOut]
    facts: list[FactOut]
    deeds: list[str] = Field(description="What this officer may do: POST /households/{number}/{deed}.")


class UnitOut(Schema):
    """The file of an enterprise, a project, a school or another unit; of the phone nothing."""

    id: int
    unit: str
    name: str
    code: str
    area: int
    address: str
    contact: str
    is_key: bool


class SealedOut(Schema):
    """What lay sealed. That it was asked is on record."""

    values: dict[str, str]


class CodeOut(Schema):
    """A code, told this once."""

    code: str


class FillIn(Body):
    """What is filled in, by field of the sheet."""

    values: dict[str, Any]


class DoneOut(Schema):
    """The file that it was written into."""

    subject: str
    sheet: str


@router.get("/villages", response=list[VillageOut], operation_id="villages", summary="How the files of villages stand")
@needs(Power.VISIT, Power.PLAN)
def villages(request: Asker, within: Row = None, page: Page = 1, page_size: PageSize = 50) -> list[dict[str, Any]]:
    """Count the files of each town and village within reach, or of what lies in the place `within`."""
    reached = Area.objects.on(timezone.localdate(request.at)).filter(reach_of(request.user).areas()).defer("outline")
    rows = reached.filter(parent=within) if within else reached.filter(kind__in=(Area.Kind.TOWN, Area.Kind.VILLAGE))
    start = (page - 1) * page_size
    found = standings(rows.order_by("path")[start : start + page_size], user=request.user, at=request.at)
    return [_village(each) for each in found]


@router.get("/villages/{pk}", response=VillageOut, operation_id="village", summary="One village")
@needs(Power.VISIT)
def village(request: Asker, pk: Key) -> dict[str, Any]:
    """Count the files of one place."""
    (found,) = standings([_area(request, pk=pk)], user=request.user, at=request.at)
    return _village(found)


@router.get("/households", response=HouseholdPage, operation_id="households", summary="Find households")
@needs(Power.VISIT)
def households(
    request: Asker, q: str = "", area: Row = None, presence: str = "", late: str = "", kind: Row = None,
    closed: bool = False, page: Page = 1, page_size: PageSize = 50,
) -> dict[str, Any]:  # fmt: skip
    """List the files within reach by name, door, phone, place, and what is late: `update` or `revisit`."""
    asked = {"q": q, "area": area, "presence": presence, "late": late, "kind": kind, "closed": closed or None}
    given = {name: str(value) for name, value in asked.items() if value}
    form = filled(shapes.HouseholdsForm(given, user=request.user))
    rows = narrowed(form.cleaned_data, user=request.user, at=request.at).select_related("area")
    start = (page - 1) * page_size
    found = list(rows.defer("grams", "area__outline").order_by("area__path", "door", "id")[start:][: page_size + 1])
    return {
        "households": [_row(each) for each in found[:page_size]], "page": page, "page_size": page_size,
        "more": len(found) > page_size,
    }  # fmt: skip


@router.get("/households/{number}", response=HouseholdOut, operation_id="household", summary="One household")
@needs(Power.VISIT)
def household(request: Asker, number: str) -> dict[str, Any]:
    """Read one file, masked; that it was opened is on record, as it is from the page."""
    found = _household(request, number)
    actions.look(found, by=request.user, at=request.at)
    people = found.residents.living().order_by("-is_head", "id")
    facts = Fact.objects.on(timezone.localdate(request.at)).filter(household=found).select_related("kind")
    keeps = keeper_reach_of(request.user).covers(found.area)
    return _row(found) | {
        "residents": [_resident(each) for each in people], "facts": [_fact(each) for each in facts.order_by("id")],
        "deeds": [deed for deed in DEEDS if keeps or deed not in KEEPERS],
    }  # fmt: skip


@router.post(
    "/households/{number}/people/{pk}/reveal", response=SealedOut, operation_id="reveal_resident",
    summary="See what lies sealed of somebody",
)  # fmt: skip
@needs(Power.REVEAL)
def reveal_resident(request: Asker, number: str, pk: Key, body: RevealBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Learn what lies sealed of somebody, if one may; the reason stays on record."""
    reason = filled(shapes.ReasonForm(form_data(body), user=request.user)).cleaned_data["reason"]
    return {"values": actions.reveal(_person(request, number, pk), reason=reason, by=request.user, at=request.at)}


@router.post("/households/{number}/code", response=CodeOut, operation_id="give_code", summary="A code for its own file")
@needs(Power.VISIT)
def give_code(request: Asker, number: str) -> dict[str, Any]:
    """Give the household a code for its own file; the one before opens nothing any more."""
    return {"code": actions.give_code(_household(request, number), by=request.user, at=request.at)}


@router.post("/households/{number}/sheets/{key}", response=DoneOut, operation_id="fill", summary="Fill in a sheet")
@needs(Power.VISIT)
def fill(request: Asker, number: str, key: str, body: FillIn) -> dict[str, Any]:
    """Fill in a sheet that is kept on households; raises what the sheet finds missing."""
    return _fill(_household(request, number), Subject.HOUSEHOLD, key, body, request)


@router.post("/villages/{pk}/sheets/{key}", response=DoneOut, operation_id="fill_village", summary="Fill in a sheet")
@needs(Power.VISIT)
def fill_village(request: Asker, pk: Key, key: str, body: FillIn) -> dict[str, Any]:
    """Fill in a sheet that is kept on villages."""
    found = get_object_or_404(VillageFile.objects.visible_to(request.user).select_related("area"), area=pk)
    return _fill(found, Subject.VILLAGE, key, body, request)


@router.get("/units", response=list[UnitOut], operation_id="units", summary="Units within reach")
@needs(Power.VISIT)
def units(request: Asker, q: str = "", page: Page = 1, page_size: PageSize = 50) -> list[dict[str, Any]]:
    """List the enterprises, projects and schools within reach; `q` is part of a name."""
    rows = Enterprise.objects.visible_to(request.user).open().order_by("-is_key", "name", "id")
    rows = rows.filter(name__icontains=q.strip()[:60]) if q.strip() else rows
    return [_unit(each) for each in rows[(page - 1) * page_size : page * page_size]]


@router.get("/units/{pk}", response=UnitOut, operation_id="unit", summary="One unit")
@needs(Power.VISIT)
def unit(request: Asker, pk: Key) -> dict[str, Any]:
    """Read the file of one unit."""
    return _unit(_enterprise(request, pk=pk))


@router.post("/units/{pk}/reveal", response=SealedOut, operation_id="reveal_unit", summary="See the phone of a unit")
@needs(Power.REVEAL)
def reveal_unit(request: Asker, pk: Key, body: RevealBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Learn the phone of who is spoken to at a unit; the reason stays on record."""
    reason = filled(shapes.ReasonForm(form_data(body), user=request.user)).cleaned_data["reason"]
    return {"values": actions.reveal(_enterprise(request, pk=pk), reason=reason, by=request.user, at=request.at)}


def _household(request: Asker, number: str) -> Household:
    rows = Household.objects.visible_to(request.user).select_related("area", "book", "verified_by")
    return get_object_or_404(rows, number=number[:24])


def _kept(request: Asker, number: str) -> Household:
    found = _household(request, number)
    if not keeper_reach_of(request.user).covers(found.area):
        raise Http404
    return found


def _person(request: Asker, number: str, pk: int) -> Resident:
    rows = Resident.objects.living().select_related("household__area")
    return get_object_or_404(rows, household=_household(request, number), pk=pk)


def _line(request: Asker, number: str, pk: int) -> Fact:
    rows = Fact.objects.filter(ends=None).select_related("kind", "household__area")
    return get_object_or_404(rows, household=_household(request, number), pk=pk)


def _area(request: Asker, pk: int) -> Area:
    return get_object_or_404(Area.objects.filter(reach_of(request.user).areas()).defer("outline"), pk=pk)


def _base(request: Asker, pk: int) -> VillageFile:
    return get_object_or_404(VillageFile.objects.visible_to(request.user).select_related("area"), area=pk)


def _enterprise(request: Asker, pk: int) -> Enterprise:
    return get_object_or_404(Enterprise.objects.visible_to(request.user).select_related("area"), pk=pk)


def _fill(subject: Household | VillageFile, of: Subject, key: str, body: FillIn, request: Asker) -> dict[str, Any]:
    survey = get_object_or_404(Survey, sheet=key[:60], of=of, in_use=True)
    actions.fill(subject, sheet_key=survey.sheet, values=body.values, by=request.user, at=request.at)
    return {"subject": str(subject), "sheet": survey.sheet}


def _village(each: Any) -> dict[str, Any]:
    counted = ("households", "away", "people", "in_difficulty", "to_update", "books", "has_file", "is_complete")
    return {"area": each.area.pk, "name": each.area.full_name} | {name: getattr(each, name) for name in counted}


def _row(one: Household) -> dict[str, Any]:
    return {
        "number": one.number, "area": one.area_id, "place": one.area.full_name, "door": one.door, "called": one.called,
        "presence": one.presence, "verified_at": one.verified_at, "closed_at": one.closed_at,
    }  # fmt: skip


def _resident(one: Resident) -> dict[str, Any]:
    values = {name: shown_value(one, name) for name in FIELDS[Subject.RESIDENT]}
    return {"id": one.pk, "name": one.name, "is_head": one.is_head, "values": values}


def _fact(one: Fact) -> dict[str, Any]:
    hidden = one.kind.is_private
    return {
        "id": one.pk, "of": one.kind.of, "kind": one.kind.name, "resident": one.resident_id,
        "words": "****" if hidden and one.words else one.words, "starts": one.starts, "ends": one.ends,
    }  # fmt: skip


def _unit(one: Enterprise) -> dict[str, Any]:
    return {
        "id": one.pk, "unit": one.unit, "name": one.name, "code": one.code, "area": one.area_id,
        "address": one.address, "contact": one.contact, "is_key": one.is_key,
    }  # fmt: skip


def _of_household(form: Any, data: dict[str, Any], request: Asker, thing: Household) -> Any:
    return form(data, user=request.user, household=thing)


def _change_person(person: Resident, *, identity_reason: str = "", by: Any, at: Any, **values: Any) -> Any:
    """Change what the file says of somebody; what is hidden stays as it is where nothing is written."""
    hidden = ("identity", "phone", "politics", "health")
    said = {name: value for name, value in values.items() if name not in hidden or value}
    actions.change(person, values=said, identity_reason=identity_reason, by=by, at=at)
    return person


def _change_unit(unit: Enterprise, *, by: Any, at: Any, **values: Any) -> Any:
    """Change the file of a unit; the phone stays as it is where nothing is written."""
    actions.change(
        unit, values={name: value for name, value in values.items() if name != "phone" or value}, by=by, at=at
    )
    return unit


def _write_notes(village: VillageFile, *, notes: str, by: Any, at: Any) -> Any:
    """Keep what is worth remembering of a village."""
    actions.change(village, values={"notes": notes}, by=by, at=at)
    return village


PERSON, LINE, VISITS = "/households/{number}/people/{pk}", "/households/{number}/lines/{pk}", (Power.VISIT,)
offer(
    router,
    Written("open_household", "/households", VISITS, shapes.OpenHouseholdForm, by_officer, actions.open_household,
            makes=True, summary="Open the file of a household"),
    *(Written(f"household_{deed}", f"/households/{{number}}/{deed}", VISITS, act.form, _of_household, act.act,
              find=_kept if deed in KEEPERS else _household, summary=act.title)
      for deed, act in DEEDS.items()),
    Written("resident_edit", f"{PERSON}/edit", VISITS, shapes.EditResidentForm, by_officer, _change_person,
            find=_person),
    Written("resident_leave", f"{PERSON}/leave", VISITS, shapes.LeaveForm, by_officer, actions.leave, find=_person),
    Written("fact_end", f"{LINE}/end", VISITS, shapes.EndForm, by_officer, actions.end_fact, find=_line),
    Written("fact_hand_on", f"{LINE}/hand-on", VISITS, shapes.HandOnForm, by_officer, actions.hand_on, find=_line),
    Written("village_open", "/villages/{pk}/open", VISITS, shapes.NothingForm, by_officer, actions.open_village,
            find=_area),
    Written("village_complete", "/villages/{pk}/complete", VISITS, shapes.NothingForm, by_officer,
            actions.complete_village, find=_base),
    Written("village_notes", "/villages/{pk}/notes", VISITS, shapes.NotesForm, by_officer, _write_notes, find=_base),
    Written("open_unit", "/units", (Power.ARCHIVE,), shapes.UnitForm, by_officer, actions.open_enterprise, makes=True),
    Written("unit_edit", "/units/{pk}/edit", VISITS, shapes.EditUnitForm, by_officer, _change_unit, find=_enterprise),
    Written("unit_close", "/units/{pk}/close", (Power.ARCHIVE,), shapes.ReasonForm, by_officer,
            actions.close_enterprise, find=_enterprise),
)  # fmt: skip
