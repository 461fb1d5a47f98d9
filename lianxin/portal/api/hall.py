"""The hall for programs: its lines, how many wait, which numbers are called, which times are free."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from lianxin.people.rules import public
from lianxin.serve.figures import hall as counted
from lianxin.serve.models import Hall, Slot

router = Router()
SLOTS_MOST = 200


class LineOut(Schema):
    """A line as it stands now."""

    hall: str
    line: int
    letter: str
    name: str
    services: list[str]
    windows: list[int]
    waiting: int
    first_waits_minutes: int


class CalledOut(Schema):
    """A number at a window."""

    hall: str
    number: str
    window: int
    called_at: datetime
    being_served: bool


class SlotOut(Schema):
    """A time that may be booked."""

    slot: int
    line: int
    starts: datetime
    ends: datetime
    free: int


@router.get("/lines", response=list[LineOut], auth=None, summary="The lines of the halls and how many wait")
@public
def lines(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every open line of every hall, with how many people wait and for how long the first of them has."""
    at: datetime = request.at  # type: ignore[attr-defined]
    return [
        {
            "hall": str(hall), "line": now.line.pk, "letter": now.line.letter, "name": now.line.name,
            "services": now.line.codes, "windows": list(now.windows), "waiting": now.waiting,
            "first_waits_minutes": now.minutes(at),
        }
        for hall in Hall.objects.select_related("office").order_by("office__path")
        for now in counted.lines_now(hall, at)
    ]  # fmt: skip


@router.get("/called", response=list[CalledOut], auth=None, summary="The numbers that are called")
@public
def called(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the numbers at the windows, the last called first."""
    at: datetime = request.at  # type: ignore[attr-defined]
    return [
        {
            "hall": str(hall), "number": now.label, "window": now.window, "called_at": now.called_at,
            "being_served": now.serving,
        }
        for hall in Hall.objects.select_related("office").order_by("office__path")
        for now in counted.called_now(hall, at)
    ]  # fmt: skip


@router.get("/slots", response=list[SlotOut], auth=None, summary="Times that may be booked")
@public
def slots(request: HttpRequest, line: Annotated[int, Query(ge=1, le=2**62)]) -> list[dict[str, Any]]:
    """Return the next free times of a line, at most 200; they are booked on the page /hall/book/."""
    at: datetime = request.at  # type: ignore[attr-defined]
    found = Slot.objects.free(at).filter(line=line)[:SLOTS_MOST]
    return [
        {"slot": s.pk, "line": s.line_id, "starts": s.starts, "ends": s.ends, "free": s.capacity - s.booked}
        for s in found
    ]
