"""The catalogue for programs: services, one service with everything that is said of it, and lists of the day."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.kit.text import clean
from lianxin.people.rules import public
from lianxin.serve.models import DatedList, Service

router = Router()
Words = Annotated[str, Query(max_length=60)]


class TermOut(Schema):
    """A time limit: how many of what, on which basis."""

    value: int
    unit: str = Field(description="hour, workhour, workday or natural_day.")
    basis: str


class ServiceRow(Schema):
    """A service as a list shows it."""

    number: str
    version: int
    name: str
    office: str
    theme: str
    kind: str = Field(description="on_the_spot, promised, or empty where nobody has said.")
    promised: TermOut | None
    visits: int | None
    can_be_applied_for: bool
    missing: list[str] = Field(description="What the office has not said yet.")
    url: str


class Services(Schema):
    """A page of services."""

    count: int
    page: int
    pages: int
    services: list[ServiceRow]


class MaterialOut(Schema):
    """Something that must be brought. What nobody has said is empty or null."""

    key: str
    name: str
    form: str
    copies: int | None
    size: str
    necessity: str
    when: dict[str, Any]
    source: str
    issuer: str
    later: bool
    standard: str
    basis: str


class ServiceOut(ServiceRow):
    """Everything that is said of a service."""

    also_called: str
    base_code: str
    code: str
    authority: str
    level: str
    audience: str
    basis: str
    basis_url: str
    partners: str
    legal: TermOut | None
    conditions: str
    course: str
    special: str
    quota: str
    is_free: bool | None
    fees: list[dict[str, str]]
    places: list[dict[str, str]]
    visits_reason: str
    sends_by_post: bool | None
    online_url: str
    result: str
    remedies: str
    consult_phone: str
    complaint_phone: str
    questions: list[dict[str, str]]
    materials: list[MaterialOut]
    lists: list[str] = Field(description="Keys of the lists of the day that decide.")
    valid_from: date | None
    valid_to: date | None = Field(description="The first day on which it no longer counts.")


class DatedLineOut(Schema):
    """A line of a list; the one without a name says what holds for everybody who is not on it."""

    name: str
    values: dict[str, str]
    valid_from: date | None
    valid_to: date | None
    decision: str


class DatedListOut(Schema):
    """A list as it is on a day."""

    key: str
    title: str
    governs: str = Field(description="The day by which it is decided: application, admission, discharge, birth, event.")
    basis: str
    day: date
    lines: list[DatedLineOut]


@router.get("/services", response=Services, auth=None, summary="The catalogue of services")
@public
def services(
    request: HttpRequest,
    q: Words = "",
    office: Words = "",
    theme: Words = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Return the services that count today; `q` searches their words, `office` is the full name of an office."""
    live = Service.objects.live(_today(request))
    found = live.asked_for(words=clean(q), office=clean(office), theme=clean(theme)).in_order()
    pages = Paginator(found, page_size)
    shown = pages.get_page(page)
    return {
        "count": pages.count,
        "page": shown.number,
        "pages": pages.num_pages,
        "services": [_row(each) for each in shown],
    }


@router.get("/services/{number}", response=ServiceOut, auth=None, summary="One service")
@public
def service(
    request: HttpRequest, number: str, version: Annotated[int | None, Query(ge=1, le=9999)] = None
) -> dict[str, Any]:
    """Return everything that is said of a service: in its version of today, or in the one that is asked for."""
    found = Service.objects.shown(number, _today(request), version)
    if found is None:
        raise Http404
    told = {name: getattr(found, name) for name in ServiceOut.model_fields if name not in _DERIVED}
    return {**told, **_row(found), "legal": _term(found, "legal"), "materials": list(found.materials.all())}


@router.get("/dated-lists/{key}", response=DatedListOut, auth=None, summary="A list as it is on a day")
@public
def dated_list(request: HttpRequest, key: str, day: date | None = None) -> dict[str, Any]:
    """Return the lines that hold on `day` (today, if none is given)."""
    if "\x00" in key:
        raise Http404
    found = get_object_or_404(DatedList, key=key, is_public=True)
    asked = day or _today(request)
    return {
        "key": found.key,
        "title": found.title,
        "governs": found.governs,
        "basis": found.basis,
        "day": asked,
        "lines": list(found.rows.on(asked).order_by("name", "id")),
    }


_DERIVED = {*ServiceRow.model_fields, "legal", "materials"}


def _row(found: Service) -> dict[str, Any]:
    return {
        "number": found.number,
        "version": found.version,
        "name": found.name,
        "office": found.office_name,
        "theme": found.theme,
        "kind": found.kind,
        "promised": _term(found, "promised"),
        "visits": found.visits,
        "can_be_applied_for": found.can_be_applied_for,
        "missing": found.gaps,
        "url": f"{settings.PUBLIC_URL}{reverse('service', args=[found.number])}",
    }


def _term(found: Service, which: str) -> dict[str, Any] | None:
    term = found.promised if which == "promised" else found.legal
    return {"value": term.value, "unit": term.unit, "basis": term.basis} if term else None


def _today(request: HttpRequest) -> date:
    return timezone.localdate(request.at)  # type: ignore[attr-defined]
