"""Decisions of villages and workers for programs: motions, their lists and votes, the work that was decided."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.desk.api.asking import PAGE_MOST, Asker, body_of, filled, form_data, needs
from lianxin.desk.api.formed import Written, offer
from lianxin.desk.deeds.motions import DEEDS, OF_PROJECT, Deed
from lianxin.desk.forms import deciding as shapes
from lianxin.govern import actions
from lianxin.govern.models import Motion
from lianxin.people.rules import Power

router = Router()
Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_MOST)]
BallotBody = body_of(shapes.BallotForm, "GiveBallotIn")


class MotionRow(Schema):
    """A motion as a list shows it."""

    number: str
    title: str
    state: str
    office: int
    area: int | None
    enterprise: int | None
    opened_at: datetime


class VoterOut(Schema):
    """Who has a vote, and whether it was given; never how."""

    id: int
    name: str
    voted: bool


class MotionOut(MotionRow):
    """One motion with its list and its vote."""

    text: str
    electorate: str
    manner: str
    proposed_by: str
    listed: int
    voted: int
    counts: dict[str, int]
    voters: list[VoterOut] = Field(description="The first thousand by name.")
    deeds: list[str] = Field(description="What its state allows: POST /motions/{number}/{deed}.")


class CodeOut(Schema):
    """A code, told this once."""

    code: str


@router.get("/motions", response=list[MotionRow], operation_id="motions", summary="What is being decided, and was")
@needs(Power.GOVERN)
def motions(request: Asker, state: str = "", page: Page = 1, page_size: PageSize = 50) -> list[dict[str, Any]]:
    """List the motions of the offices for which one keeps decisions, the latest first."""
    rows = Motion.objects.visible_to(request.user).order_by("-id")
    rows = rows.filter(state=state) if state else rows
    return [_row(each) for each in rows[(page - 1) * page_size : page * page_size]]


@router.get("/motions/{number}", response=MotionOut, operation_id="motion", summary="One motion")
@needs(Power.GOVERN)
def motion(request: Asker, number: str) -> dict[str, Any]:
    """Read one motion with its list of voters; of a ballot nobody learns how it was cast."""
    found = _mine(request, number=number)
    has_project = hasattr(found, "project")
    voters = found.voters.filter(struck_at=None).order_by("name", "id")[:1000]
    return _row(found) | {
        "text": found.text, "electorate": found.electorate, "manner": found.manner, "proposed_by": found.proposed_by,
        "listed": found.listed, "voted": found.voted, "counts": found.counts(),
        "voters": [{"id": one.pk, "name": one.name, "voted": one.voted} for one in voters],
        "deeds": [
            key for key, deed in DEEDS.items() if found.state in deed.states and (key in OF_PROJECT) <= has_project
        ],
    }  # fmt: skip


@router.post("/motions/{number}/ballot", response=CodeOut, operation_id="give_ballot", summary="A code for one ballot")
@needs(Power.GOVERN)
def give_ballot(request: Asker, number: str, body: BallotBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Give a voter who cannot come a code for one secret ballot; told this once."""
    form = filled(shapes.BallotForm(form_data(body), motion=_mine(request, number=number)))
    return {"code": actions.give_ballot_code(form.cleaned_data["voter"], by=request.user, at=request.at)}


def _mine(request: Asker, number: str) -> Motion:
    rows = Motion.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("area", "enterprise", "procedure", "project"), number=number[:20])


def _built(request: Asker, number: str) -> Motion:
    found = _mine(request, number)
    if not hasattr(found, "project"):
        raise Http404
    return found


def _row(one: Motion) -> dict[str, Any]:
    return {
        "number": one.number, "title": one.title, "state": one.state, "office": one.office_id, "area": one.area_id,
        "enterprise": one.enterprise_id, "opened_at": one.opened_at,
    }  # fmt: skip


def _of_motion(form: Any, data: dict[str, Any], request: Asker, thing: Motion) -> Any:
    return form(data, motion=thing)


def _new(form: Any, data: dict[str, Any], request: Asker, thing: None) -> Any:
    return form(data, user=request.user, at=request.at)


def _done(key: str, deed: Deed) -> Callable[..., Any]:
    def do(motion: Motion, *, by: Any, **given: Any) -> Any:
        deed.do(motion, **given, **({} if key == "object" else {"by": by}))
        motion.refresh_from_db()
        return motion

    do.__doc__ = deed.do.__doc__ or deed.shape.__doc__
    return do


offer(
    router,
    Written("move", "/motions", (Power.GOVERN,), shapes.MotionForm, _new, actions.move, makes=True,
            summary="Bring a motion in"),
    *(Written(f"motion_{key.replace('-', '_')}", f"/motions/{{number}}/{key}", (Power.GOVERN,), deed.shape, _of_motion,
              _done(key, deed), find=_built if key in OF_PROJECT else _mine, summary=deed.title, without=("photo",))
      for key, deed in DEEDS.items()),
)  # fmt: skip
