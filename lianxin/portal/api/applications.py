"""Applying, how far it is, what is missing, how one was served; and whether a document is genuine."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
import base64
import binascii
from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field

from lianxin.flow import chart
from lianxin.kit.refusal import Refusal
from lianxin.listen.rules import Contact
from lianxin.people.actions import allow
from lianxin.people.rules import public
from lianxin.portal.api.shapes import Body
from lianxin.portal.forms import ReceiptForm
from lianxin.serve import actions as serve
from lianxin.serve.models import Application, Document, Service
from lianxin.serve.models.road import Clock, track_of
from lianxin.serve.rules.application import VERIFIED

router = Router()

PER_MINUTE = 120
TRIES, TRIES_SECONDS = 60, 600
KEY_MAX = 255
_TOO_MANY = _("There were too many tries. Please wait ten minutes, or call us: we will look it up for you.")
MATERIALS_MOST = 60
Code = Annotated[str, Query(max_length=60, description="The query code of the receipt.")]


class NotFound(Refusal):
    """An unknown number and a wrong code are told in the same words."""

    status = 404


class TooManyTries(Refusal):
    """Who tries too often waits."""

    status = 429


class NoSuchService(Refusal):
    """The service is not known, or cannot be applied for on this day."""

    status = 422


class NotBase64(Refusal):
    """The content of a file is not written in base64."""

    status = 422


class WrongKey(Refusal):
    """The Idempotency-Key is longer than a key."""

    status = 422


class FileIn(Body):
    """A file for one material of the service."""

    material: str = Field(max_length=40, description="Its key; see GET /services/{number}.")
    name: str = Field(max_length=200)
    content: str = Field(description="In base64; all of a request together at most 2 MB.")


class ApplicationIn(Body):
    """What is applied for, by whom, with which answers and materials."""

    service: str = Field(max_length=40)
    name: str = Field(max_length=60)
    phone: str = Field(max_length=40)
    email: str | None = Field(None, max_length=120, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    unit: str | None = Field(None, max_length=120)
    answers: dict[str, str | int | float | bool | list[str]] = Field(description="By the keys of the form.")
    materials: list[FileIn] = Field(max_length=MATERIALS_MOST)


class AppliedOut(Schema):
    """Number, code, and where both are asked for."""

    number: str
    code: str
    url: str


class DayOut(Schema):
    """One day that was counted or skipped."""

    date: str
    kind: str
    number: int | None
    name: str


class ClockOut(Schema):
    """A date with the reason for every day."""

    due: datetime | None
    first_due: datetime | None
    left: int | None
    unit: str
    line: str
    provisional: bool
    days: list[DayOut]
    notes: list[str]


class PointOut(Schema):
    """One step of the road: done, now or next."""

    title: str
    at: datetime | None
    text: str
    state: str
    by: str


class FaultOut(Schema):
    """A material that is asked for, and what exactly is wrong."""

    material: str
    name: str
    what: str


class DocumentOut(Schema):
    """A document that was issued."""

    title: str
    number: str
    code: str
    sha256: str
    standing: str
    at: datetime


class ProgressOut(Schema):
    """How far an application is."""

    number: str
    service: str
    office: str
    state: str
    state_words: str
    result: str
    stage: str
    next_words: str
    points: list[PointOut]
    promised: ClockOut | None
    legal: ClockOut | None
    missing: list[FaultOut]
    documents: list[DocumentOut]
    chart: str = Field(description="The process as SVG, with what is done and where it is.")
    chart_lines: list[str] = Field(description="The same in words.")


class SupplyIn(Body):
    """What was asked for."""

    code: str = Field(max_length=60)
    materials: list[FileIn] = Field(max_length=MATERIALS_MOST)


class RatingIn(Body):
    """How one was served; conduct apart from what came of it."""

    code: str = Field(max_length=60)
    grade: int = Field(ge=1, le=5)
    conduct: int | None = Field(None, ge=1, le=5)
    text: str = Field("", max_length=1000)


class StateOut(Schema):
    """Where it is now."""

    number: str
    state: str


class VerifiedOut(Schema):
    """What is known of a document: nothing of the person."""

    standing: str
    words: str
    title: str
    number: str
    office: str
    at: datetime
    sha256: str


@router.post("/applications", response={201: AppliedOut, 200: AppliedOut}, auth=None, summary="Apply")
@public
def apply(
    request: HttpRequest,
    body: ApplicationIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status[dict[str, str]]:
    """Apply for a service at once; under the same Idempotency-Key the same application again."""
    at = _moment(request)
    _brake(request, "api.applications", PER_MINUTE, 60)
    if idempotency_key and len(idempotency_key) > KEY_MAX:
        raise WrongKey(_("The Idempotency-Key is too long: at most 255 characters."))
    service = Service.objects.for_applying(timezone.localdate(at)).filter(number=body.service).first()
    if service is None:
        raise NoSuchService(_("There is no such service that can be applied for on this day."))
    begun = serve.apply(
        service, answers=body.answers, person=serve.Person(Contact(body.name, body.phone, body.email or ""),
                                                           unit=body.unit or ""),
        materials=_files(body.materials), at=at,
        idempotency_key=f"api:{idempotency_key}" if idempotency_key else None,
    )  # fmt: skip
    number = begun.application.number
    url = f"{settings.PUBLIC_URL}{reverse('track')}?number={number}"
    return Status(200 if begun.again else 201, {"number": number, "code": begun.code, "url": url})


@router.get("/applications/{number}", response=ProgressOut, auth=None, summary="How far an application is")
@public
def application(request: HttpRequest, number: str, code: Code) -> dict[str, Any]:
    """Return where an application is, by when and why that day, what is missing, and its chart."""
    track = track_of(_opened(request, number, code), at=_moment(request))
    labels = chart.labels_of(track.definition) if track.definition else {}
    return {
        "number": track.number, "service": track.service, "office": track.office, "state": track.state,
        "state_words": track.state_words, "result": track.result_words, "stage": track.stage,
        "next_words": track.next_words,
        "points": [{"title": one.title, "at": one.at, "text": one.text, "state": one.state, "by": one.by}
                   for one in track.points],
        "promised": _clock(track.clock), "legal": _clock(track.legal),
        "missing": [{"material": fault.material.key, "name": fault.material.name, "what": fault.what}
                    for fault in (track.correction.faults.all() if track.correction else [])],
        "documents": [
            {"title": one.title, "number": one.number, "code": one.code, "sha256": one.sha256,
             "standing": one.standing, "at": one.at}
            for one in track.documents
        ],
        "chart": str(chart.svg(track.definition, track.done, track.now, labels)) if track.definition else "",
        "chart_lines": [
            " · ".join(filter(None, [line.stage, line.title, line.said, line.note]))
            for line in (chart.text(track.definition, track.done, track.now, labels) if track.definition else [])
        ],
    }  # fmt: skip


@router.post("/applications/{number}/corrections", response=StateOut, auth=None, summary="Hand in what was missing")
@public
def supply(request: HttpRequest, number: str, body: SupplyIn) -> dict[str, str]:
    """Take what was asked for; when all of it is there it goes back to be checked."""
    found = serve.supply(_opened(request, number, body.code), materials=_files(body.materials), at=_moment(request))
    return {"number": found.number, "state": found.state}


@router.post("/applications/{number}/ratings", response={201: StateOut}, auth=None, summary="Rate an application")
@public
def rate(request: HttpRequest, number: str, body: RatingIn) -> Status[dict[str, str]]:
    """Take how one was served."""
    found = _opened(request, number, body.code)
    serve.rate(found, grade=body.grade, conduct=body.conduct, text=body.text, at=_moment(request))
    return Status(201, {"number": found.number, "state": found.state})


@router.get("/verify/{code}", response=VerifiedOut, auth=None, summary="Is this document genuine?")
@public
def verify(request: HttpRequest, code: str) -> dict[str, Any]:
    """Say what is known of the document with this code. Compare `sha256` with that of the file."""
    _brake(request, "verify", TRIES, TRIES_SECONDS)
    found = Document.objects.with_code(code)
    if found is None:
        raise NotFound(_("We have issued no document with this code."))
    return {
        "standing": found.standing, "words": str(VERIFIED[found.standing]), "title": found.title,
        "number": found.number, "office": found.office.name, "at": found.at, "sha256": found.sha256,
    }  # fmt: skip


def _clock(clock: Clock | None) -> dict[str, Any] | None:
    if clock is None:
        return None
    return {
        "due": clock.due, "first_due": clock.first_due, "left": clock.left, "unit": clock.unit, "line": clock.line,
        "provisional": clock.provisional, "notes": list(clock.notes),
        "days": [{"date": day.date.isoformat(), "kind": day.kind, "number": day.number, "name": day.name}
                 for day in clock.days],
    }  # fmt: skip


def _files(given: list[FileIn]) -> list[serve.Given]:
    """Return the files of a body. Raises NotBase64."""
    try:
        return [serve.Given(one.material, base64.b64decode(one.content, validate=True), one.name) for one in given]
    except (binascii.Error, ValueError) as error:
        raise NotBase64(_("The content of a file has to be written in base64.")) from error


def _moment(request: HttpRequest) -> datetime:
    at: datetime = request.at  # type: ignore[attr-defined]
    return at


def _brake(request: HttpRequest, deed: str, limit: int, seconds: int) -> None:
    """Refuse a visitor who is faster than people are; never the machine itself."""
    who: str = request.visitor  # type: ignore[attr-defined]
    if not ip_address(who).is_loopback and not allow(f"{deed}:{who}", limit, seconds):
        raise TooManyTries(_TOO_MANY)


def _opened(request: HttpRequest, number: str, code: str) -> Application:
    """Return the application that number and code open. Raises NotFound and TooManyTries."""
    form = ReceiptForm({"number": number, "code": code}, visitor=request.visitor)  # type: ignore[attr-defined]
    form.is_valid()
    if form.blocked:
        raise TooManyTries(_TOO_MANY)
    if form.application is None:
        raise NotFound(_("We have not found this number with this code."))
    rows = Application.objects.select_related("service", "office", "run__process")
    return rows.get(pk=form.application.pk)
