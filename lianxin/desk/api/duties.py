"""Links and duties for programs: who is linked to what, what is due, what was missed and why."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema

from lianxin.desk.api.asking import PAGE_MOST, Asker, Key, needs
from lianxin.desk.api.formed import Written, bare, offer, timed
from lianxin.desk.forms import obliging as shapes
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record import actions as record
from lianxin.record.models import Encounter, Enterprise, Link
from lianxin.record.rules import Tie
from lianxin.supervise import actions
from lianxin.supervise.models import Clue, Due, Obligation, dues
from lianxin.supervise.rules import DAY, Span

router = Router()
SEES = (Power.LINK, Power.VISIT, Power.ARCHIVE, Power.OVERSEE)
KEEPS = (Power.LINK,)
Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_MOST)]


class LinkOut(Schema):
    """Who is linked to one place, household or enterprise, between two dates."""

    id: int
    tie: str
    user: int | None
    name: str
    office: int
    area: int | None
    household: str | None
    enterprise: int | None
    starts: date
    ends: date | None
    duties: str


class DueOut(Schema):
    """One thing that is due, in which days, and what of it is on record."""

    obligation: str
    name: str
    owner: str
    first: date
    until: date
    day: date | None
    need: int
    done: int
    state: str
    reason: str


class ObligationOut(Schema):
    """What is required how often, and on what it rests."""

    key: str
    name: str
    basis: str
    who: str
    what: str
    times: int
    period: str
    starts: date
    ends: date | None


class ClueOut(Schema):
    """An obligation that was missed so often in a row that somebody must ask why."""

    id: int
    obligation: str
    owner: str
    missed: int
    since: date
    until: date


class CodeOut(Schema):
    """A code, told this once."""

    code: str


@router.get("/links", response=list[LinkOut], operation_id="links", summary="Who is linked to what")
@needs(*SEES)
def links(
    request: Asker, tie: str = "", orphaned: bool = False, page: Page = 1, page_size: PageSize = 50
) -> list[dict[str, Any]]:
    """List the links within reach that hold today, or with `orphaned` those whose person is not there any more."""
    mine, today = Link.objects.visible_to(request.user), timezone.localdate(request.at)
    rows = mine.orphaned(today) if orphaned else mine.on(today)
    rows = rows.filter(tie=tie) if tie in Tie else rows
    found = rows.select_related("user", "office", "household").order_by("id")[(page - 1) * page_size :][:page_size]
    return [_link(each) for each in found]


@router.get("/duties", response=list[DueOut], operation_id="duties", summary="What is due from me")
@needs(*SEES)
def duties(request: Asker) -> list[dict[str, Any]]:
    """List what is due from the bearer now, as it stands on record."""
    today = timezone.localdate(request.at)
    now = Span(today, today + DAY)
    found = dues(list(Obligation.objects.within(now).order_by("name")), now, request.at, user=request.user)
    return [_due(each) for each in found]


@router.get("/obligations", response=list[ObligationOut], operation_id="obligations", summary="What is required")
@needs(*SEES)
def obligations(request: Asker, page: Page = 1, page_size: PageSize = 50) -> list[Obligation]:
    """List what is required today, of whom and how often."""
    today = timezone.localdate(request.at)
    rows = Obligation.objects.within(Span(today, today + DAY)).order_by("name", "id")
    return list(rows[(page - 1) * page_size : page * page_size])


@router.get("/clues", response=list[ClueOut], operation_id="clues", summary="What was missed too often")
@needs(*SEES)
def clues(request: Asker, page: Page = 1, page_size: PageSize = 50) -> list[dict[str, Any]]:
    """List the clues that wait for somebody to ask why: one's own, and those of the offices one oversees."""
    rows = Clue.objects.visible_to(request.user).open().select_related("obligation", "user", "office").order_by("id")
    return [_clue(each) for each in rows[(page - 1) * page_size : page * page_size]]


@router.post(
    "/units/{pk}/codes/{user}", response=CodeOut, operation_id="give_rating_code", summary="A code to rate visits"
)
@needs(*KEEPS)
def give_rating_code(request: Asker, pk: Key, user: Key) -> dict[str, Any]:
    """Give an enterprise the code with which it says whether the visits of its leader are of use; told this once."""
    linked = Link.objects.visible_to(request.user).filter(enterprise=pk, user=user)
    firm = get_object_or_404(Enterprise.objects.filter(pk__in=linked.values("enterprise")), pk=pk)
    leader = get_object_or_404(User, pk=user)
    return {"code": actions.give_code(firm, leader=leader, by=request.user, at=request.at)}


def _mine(request: Asker, pk: int) -> Link:
    return get_object_or_404(Link.objects.visible_to(request.user), pk=pk)


def _required(request: Asker, key: str) -> Obligation:
    return get_object_or_404(Obligation, key=key[:40])


def _missed(request: Asker, pk: int) -> Clue:
    return get_object_or_404(Clue.objects.visible_to(request.user), pk=pk)


def _visit(request: Asker, number: str) -> Encounter:
    return get_object_or_404(Encounter.objects.visible_to(request.user).done(), number=number[:24])


def _link(one: Link) -> dict[str, Any]:
    return {
        "id": one.pk, "tie": one.tie, "user": one.user_id, "name": str(one.user or one.office),
        "office": one.office_id, "area": one.area_id, "household": one.household.number if one.household else None,
        "enterprise": one.enterprise_id, "starts": one.starts, "ends": one.ends, "duties": one.duties,
    }  # fmt: skip


def _due(one: Due) -> dict[str, Any]:
    return {
        "obligation": one.obligation.key, "name": one.obligation.name, "owner": one.owner.name,
        "first": one.span.first, "until": one.span.until, "day": one.day, "need": one.need, "done": one.done,
        "state": one.state, "reason": one.reason,
    }  # fmt: skip


def _clue(one: Clue) -> dict[str, Any]:
    return {
        "id": one.pk, "obligation": one.obligation.name, "owner": str(one.user or one.office), "missed": one.missed,
        "since": one.since, "until": one.until,
    }  # fmt: skip


VISITS = (Power.VISIT,)
offer(
    router,
    Written("link", "/links", KEEPS, shapes.LinkForm, timed, record.link, makes=True, summary="Link somebody"),
    Written("unlink", "/links/{pk}/end", KEEPS, shapes.EndLinkForm, bare, record.unlink, find=_mine,
            summary="End a link"),
    Written("hand_over_link", "/links/{pk}/hand-over", KEEPS, shapes.HandOverForm, timed, record.hand_over,
            find=_mine, summary="Hand a link over"),
    Written("set_obligation", "/obligations", KEEPS, shapes.ObligationForm, timed, actions.set_obligation, makes=True,
            summary="Require something"),
    Written("end_obligation", "/obligations/{key}/end", KEEPS, shapes.EndForm, bare, actions.end_obligation,
            find=_required, summary="Require something no more"),
    Written("exempt", "/exemptions", KEEPS, shapes.ExemptForm, timed, actions.exempt, makes=True,
            summary="Let somebody off"),
    Written("settle_clue", "/clues/{pk}/settle", (Power.OVERSEE,), shapes.SettleForm, bare, actions.settle_clue,
            find=_missed, summary="Say what came of a clue"),
    Written("report_visit", "/visits/{number}/report", VISITS, shapes.ReportForm, bare, actions.report, find=_visit,
            makes=True, summary="Report on a visit"),
    Written("declare_visit", "/visits/{number}/received", VISITS, shapes.DeclareForm, bare, actions.declare,
            find=_visit, makes=True, summary="Say what was received"),
)  # fmt: skip
