"""The one-stop centre for programs: receptions, their matters, the functions."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from datetime import datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status

from lianxin.desk.api.asking import Asker, Body, Key, body_of, filled, form_data, needs
from lianxin.desk.forms.reception import AddMatterForm, FunctionForm, LinkMatterForm, SettleMatterForm
from lianxin.listen.models import code_of
from lianxin.people.rules import Power
from lianxin.serve.actions import reception as actions
from lianxin.serve.models import Function, Matter, Reception
from lianxin.serve.models.reception import AT_THE_DESK, WORKING

router = Router()
READERS = (*AT_THE_DESK, *WORKING)
ROWS = 50
Page = Annotated[int, Query(ge=1, le=10_000)]
AddMatterBody = body_of(AddMatterForm, "AddMatterIn")
LinkMatterBody = body_of(LinkMatterForm, "LinkMatterIn")
SettleMatterBody = body_of(SettleMatterForm, "SettleMatterIn")
FunctionBody = body_of(FunctionForm, "FunctionIn")


class MatterIn(Body):
    """One matter: key of the function, and what about."""

    function: str
    words: str


class ReceivePersonIn(Body):
    """Who comes and with what."""

    name: str
    phone: str
    matters: list[MatterIn]


class MatterOut(Schema):
    """A matter; of the person nothing."""

    id: int
    function: str
    words: str
    office: str
    due_at: datetime | None
    goes_on_as: str
    outcome: str
    told: str


class ReceptionOut(Schema):
    """A reception with its matters; the code only when it is made."""

    number: str
    code: str = ""
    at: datetime
    office: str
    matters: list[MatterOut]


class FunctionOut(Schema):
    """A function of the centre."""

    id: int
    key: str
    name: str
    outcomes: list[str]
    days: int | None
    basis: str


@router.get("/receptions", response=list[ReceptionOut], operation_id="receptions", summary="Who was received")
@needs(*READERS)
def receptions(request: Asker, page: Page = 1) -> list[dict[str, Any]]:
    """List the receptions within the officer's reach, newest first."""
    start = (page - 1) * ROWS
    rows = Reception.objects.visible_to(request.user).select_related("office").order_by("-id")
    return [_told(row) for row in rows[start : start + ROWS]]


@router.post("/receptions", response={201: ReceptionOut}, operation_id="receive_person", summary="Receive a person")
@needs(Power.WINDOW)
def receive_person(request: Asker, body: ReceivePersonIn) -> Status[dict[str, Any]]:
    """Receive a person once with all matters: one number, one receipt."""
    keys = {function.key: function for function in Function.objects.filter(ended_on=None)}
    matters = [(keys[one.function], one.words) for one in body.matters if one.function in keys]
    made = actions.receive_person(name=body.name, phone=body.phone, matters=matters, by=request.user, at=request.at)
    return Status(201, {**_told(made), "code": code_of(made.number)})


@router.get("/receptions/{number}", response=ReceptionOut, operation_id="reception", summary="One reception")
@needs(*READERS)
def reception(request: Asker, number: str) -> dict[str, Any]:
    """Read one reception with its matters."""
    return _told(_found(request, number))


@router.post("/receptions/{number}/matters", response=ReceptionOut, operation_id="add_matter", summary="Add a matter")
@needs(Power.WINDOW)
def add_matter(request: Asker, number: str, body: AddMatterBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Add what the person mentions later."""
    found = _found(request, number)
    form = filled(AddMatterForm(form_data(body)))
    actions.add_matter(found, **form.cleaned_data, by=request.user, at=request.at)
    return _told(found)


@router.post("/receptions/matters/{pk}/link", response=MatterOut, operation_id="link_matter", summary="It goes on as")
@needs(*READERS)
def link_matter(request: Asker, pk: Key, body: LinkMatterBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Say as which voice, application or appointment a matter goes on."""
    form = filled(LinkMatterForm(form_data(body)))
    return _line(actions.link_matter(_matter(request, pk), **form.cleaned_data, by=request.user, at=request.at))


@router.post("/receptions/matters/{pk}/settle", response=MatterOut, operation_id="settle_matter", summary="It ended")
@needs(*READERS)
def settle_matter(request: Asker, pk: Key, body: SettleMatterBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Say how a matter ended and what the person was told."""
    matter = _matter(request, pk)
    form = filled(SettleMatterForm(form_data(body), outcomes=matter.function.outcomes))
    return _line(actions.settle_matter(matter, **form.cleaned_data, by=request.user, at=request.at))


@router.get("/functions", response=list[FunctionOut], operation_id="functions", summary="Functions of the centre")
@needs(*READERS, Power.CATALOGUE)
def functions(request: Asker) -> Any:
    """List the functions in force."""
    return Function.objects.filter(ended_on=None).order_by("place")


@router.post("/functions", response={201: FunctionOut}, operation_id="add_function", summary="New function")
@needs(Power.CATALOGUE)
def add_function(request: Asker, body: FunctionBody) -> Any:  # type: ignore[valid-type]
    """Write a new function; outcomes one a line."""
    return Status(201, _kept(request, None, body))


@router.put("/functions/{pk}", response=FunctionOut, operation_id="keep_function", summary="Change a function")
@needs(Power.CATALOGUE)
def keep_function(request: Asker, pk: Key, body: FunctionBody) -> Any:  # type: ignore[valid-type]
    """Change a function."""
    return _kept(request, get_object_or_404(Function, pk=pk), body)


@router.post("/functions/{pk}/end", response=FunctionOut, operation_id="end_function", summary="End a function")
@needs(Power.CATALOGUE)
def end_function(request: Asker, pk: Key) -> Any:
    """Offer a function no longer from today."""
    return actions.end_function(get_object_or_404(Function, pk=pk), by=request.user, at=request.at)


def _kept(request: Asker, function: Function | None, body: Any) -> Function:
    form = filled(FunctionForm(form_data(body)))
    told = {**form.cleaned_data, "outcomes": form.cleaned_data["outcomes"].splitlines()}
    return actions.keep_function(function, **told, by=request.user, at=request.at)


def _found(request: Asker, number: str) -> Reception:
    seen = Reception.objects.visible_to(request.user).select_related("office")
    found: Reception = get_object_or_404(seen, number=number)
    return found


def _matter(request: Asker, pk: int) -> Matter:
    seen = Reception.objects.visible_to(request.user).values("pk")
    found: Matter = get_object_or_404(Matter.objects.filter(reception__in=seen).select_related("function"), pk=pk)
    return found


def _told(row: Reception) -> dict[str, Any]:
    matters = row.matters.select_related("function", "office", "voice", "application", "appointment").order_by("id")
    return {
        "number": row.number,
        "at": row.at,
        "office": row.office.name,
        "matters": [_line(matter) for matter in matters],
    }


def _line(matter: Matter) -> dict[str, Any]:
    plain = ("id", "words", "due_at", "goes_on_as", "outcome", "told")
    told = {name: getattr(matter, name) for name in plain}
    return {**told, "function": matter.function.key, "office": matter.office.name}
