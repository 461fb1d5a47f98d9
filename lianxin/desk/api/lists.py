"""Lists that are brought in, for programs."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from lianxin.desk.api import beside
from lianxin.desk.api.asking import NOT_YOURS, Asker, Body, Key, needs
from lianxin.desk.listings import POWERS, SHOWN, offered
from lianxin.intake import actions
from lianxin.intake.models import Intake
from lianxin.intake.rules import Listing
from lianxin.kit.refusal import NotAllowed

router = Router()
ERRORS_MOST = 1000


class BeginIn(Body):
    """What the columns of a list hold: name of the column to what it is; those left out are not taken in."""

    mapping: dict[str, str]
    way: str = ""
    dry: bool = False


class MendIn(Body):
    """The cells of a row as they should have been: name of the column to text; those left out stay."""

    cells: dict[str, str]


@router.post("/lists", response={201: beside.ListOut}, operation_id="intake", summary="Hand in a list")
@needs(*POWERS)
def intake(request: HttpRequest, file: File[UploadedFile], kind: Form[str] = "voices") -> Status[dict[str, Any]]:
    """Keep a list and say what its columns seem to hold; nothing is taken in yet. `kind`: voices, services …"""
    asker: Asker = request  # type: ignore[assignment]
    if kind not in offered(asker.user):
        raise NotAllowed(NOT_YOURS)
    opened, seen = actions.open_list(
        SHOWN[kind].listing, content=file.read(), name=file.name or "list", by=asker.user, at=asker.at
    )
    return Status(201, {**_line(opened), "mapping": seen.mapping, "header": list(seen.header)})


@router.get("/lists/{pk}", response=beside.ListOut, operation_id="intake_list", summary="How far a list is")
@needs(*POWERS)
def intake_list(request: Asker, pk: Key) -> dict[str, Any]:
    """Read how far a list is, and which rows were not taken and wait to be mended."""
    found = _found(request, pk)
    errors = found.errors.filter(mended_at=None).order_by("row").values("row", "trouble")[:ERRORS_MOST]
    return {**_line(found), "errors": list(errors)}


@router.post("/lists/{pk}/begin", response=beside.ListOut, operation_id="begin_intake", summary="Take a list in")
@needs(*POWERS)
def begin_intake(request: Asker, pk: Key, body: BeginIn) -> dict[str, Any]:
    """Let the worker take a list in with these columns, or only try it (`dry`); one that was tried is opened anew."""
    found = _found(request, pk)
    listing = _listing(found)
    if found.dry and found.state == Intake.State.DONE:
        found = actions.open_again(found, listing=listing, by=request.user, at=request.at)
    return _line(
        actions.begin_intake(
            found, listing=listing, mapping=body.mapping, way=body.way, dry=body.dry, by=request.user, at=request.at
        )
    )


@router.post("/lists/{pk}/stop", response=beside.ListOut, operation_id="stop_intake", summary="Stop a list")
@needs(*POWERS)
def stop_intake(request: Asker, pk: Key) -> dict[str, Any]:
    """Stop a list after the rows that are being written."""
    found = _found(request, pk)
    return _line(actions.stop_intake(found, listing=_listing(found), by=request.user, at=request.at))


@router.post("/lists/{pk}/resume", response=beside.ListOut, operation_id="resume_intake", summary="Go on with a list")
@needs(*POWERS)
def resume_intake(request: Asker, pk: Key) -> dict[str, Any]:
    """Go on with a stopped list where it stood."""
    found = _found(request, pk)
    return _line(actions.resume_intake(found, listing=_listing(found), by=request.user, at=request.at))


@router.post("/lists/{pk}/rows/{row}", response=beside.ListOut, operation_id="mend_row", summary="Mend a row")
@needs(*POWERS)
def mend_row(request: Asker, pk: Key, row: Key, body: MendIn) -> dict[str, Any]:
    """Take in a row that could not be taken, with these cells in place of those in the file."""
    found = _found(request, pk)
    error = get_object_or_404(found.errors, row=row)
    actions.mend_row(error, listing=_listing(found), cells=body.cells, by=request.user, at=request.at)
    found.refresh_from_db()
    return _line(found)


def _found(request: Asker, pk: int) -> Intake:
    found: Intake = get_object_or_404(Intake.objects.of(offered(request.user)), pk=pk)
    return found


def _listing(found: Intake) -> Listing:
    return SHOWN[found.kind].listing


def _line(found: Intake) -> dict[str, Any]:
    plain = ("id", "kind", "state", "way", "dry", "total", "row", "added", "changed", "known", "failed", "mapping")
    return {name: getattr(found, name) for name in plain}
