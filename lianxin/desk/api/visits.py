"""Visits for programs: those within reach listed and read, one recorded."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from lianxin.desk.api.asking import Asker, Body, needs
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.models import Encounter, EncounterKind, Household
from lianxin.record.rules import Mode, Outcome

router = Router()

SEES = (Power.VISIT, Power.ARCHIVE, Power.PLAN)
ROWS = 50
Page = Annotated[int, Query(ge=1, le=10_000)]


class VisitLine(Schema):
    """One visit in a list: nothing of what was said."""

    number: str
    kind: str
    starts_at: datetime
    recorded_at: datetime
    mode: str
    outcome: str
    household: str | None
    area: int | None
    is_late: bool
    is_draft: bool


class VisitOut(VisitLine):
    """One visit as who may see it reads it."""

    notes: str
    members: list[str]
    campaigns: list[str]


class VisitIn(Body):
    """One visit that was held, to a household or to a place as a whole."""

    kind: Annotated[str, Field(max_length=40)]
    household: Annotated[str, Field(max_length=24)] | None = None
    area: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    starts_at: Annotated[AwareDatetime, Field(strict=False)]
    mode: Annotated[Mode, Field(strict=False)] = Mode.FACE
    outcome: Annotated[Outcome, Field(strict=False)] = Outcome.MET
    notes: Annotated[str, Field(max_length=5000)] = ""
    checklist: dict[str, Any] | None = None
    client_id: Annotated[UUID, Field(strict=False)] | None = None


@router.get("/visits", response=list[VisitLine], operation_id="visits", summary="Visits within reach")
@needs(*SEES)
def visits(request: Asker, page: Page = 1) -> list[dict[str, Any]]:
    """List the visits that the desk would show, the latest first, fifty a page."""
    rows = Encounter.objects.visible_to(request.user).select_related("kind", "household").order_by("-starts_at", "-pk")
    return [_line(each) for each in rows[(page - 1) * ROWS : page * ROWS]]


@router.get("/visits/{number}", response=VisitOut, operation_id="visit", summary="One visit")
@needs(*SEES)
def visit(request: Asker, number: str) -> dict[str, Any]:
    """Read one visit."""
    rows = Encounter.objects.visible_to(request.user).select_related("kind", "household")
    return _out(get_object_or_404(rows, number=number[:20]))


@router.post("/visits", response={201: VisitOut}, operation_id="record_visit", summary="Record a visit")
@needs(Power.VISIT)
def record_visit(request: Asker, body: VisitIn) -> Status[dict[str, Any]]:
    """Record a visit and hand it in; the same `client_id` gives the first one again."""
    kind = get_object_or_404(EncounterKind.objects.offered(), key=body.kind)
    whom: dict[str, Any] = {}
    if body.household:
        homes = Household.objects.visible_to(request.user).select_related("area")
        whom["household"] = get_object_or_404(homes, number=body.household)
    elif body.area:
        whom["area"] = get_object_or_404(Area, pk=body.area)
    made = record.visit(
        kind=kind, starts_at=body.starts_at, mode=body.mode, outcome=body.outcome, notes=body.notes,
        checklist=body.checklist, by=request.user, at=request.at, client_id=body.client_id, **whom,
    )  # fmt: skip
    return Status(201, _out(made))


def _line(row: Encounter) -> dict[str, Any]:
    return {
        "number": row.number, "kind": row.kind.key, "starts_at": row.starts_at, "recorded_at": row.recorded_at,
        "mode": row.mode, "outcome": row.outcome, "household": row.household.number if row.household else None,
        "area": row.area_id, "is_late": row.is_late, "is_draft": row.is_draft,
    }  # fmt: skip


def _out(row: Encounter) -> dict[str, Any]:
    members = list(row.members.order_by("name").values_list("name", flat=True))
    campaigns = list(row.campaigns.order_by("key").values_list("key", flat=True))
    return _line(row) | {"notes": row.notes, "members": members, "campaigns": campaigns}
