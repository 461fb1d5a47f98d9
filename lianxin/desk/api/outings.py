"""Going out, for programs: campaigns and their teams, days, sessions, what waits at doors, the diary."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from lianxin.desk.api.asking import PAGE_MOST, Asker, body_of, filled, form_data, needs
from lianxin.desk.api.formed import Written, bare, offer, planned
from lianxin.desk.deeds.plans import LISTS, NEEDS, ON_CAMPAIGN, ON_ENTRY, ON_TEAM, SEES, Deed
from lianxin.desk.forms import campaigns as plans
from lianxin.desk.forms import outings as shapes
from lianxin.desk.forms.visits import AmendForm, CallForm, ReportForm, SaidForm
from lianxin.listen import actions as listen
from lianxin.people.models import Campaign
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.models import (
    Call,
    Diary,
    Encounter,
    EncounterKind,
    Guest,
    Household,
    Need,
    Occasion,
    Outing,
    SignUp,
    Team,
    TeamArea,
    TeamMember,
    Topic,
    reach_of,
)

router = Router()
VISITS, PLANS = (Power.VISIT,), (Power.PLAN,)
Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_MOST)]
SaidBody = body_of(SaidForm, "SaidIn")


class CallOut(Schema):
    """An occasion at one household: somebody must go, or report."""

    id: int
    household: str
    occasion: str
    must: str
    because: str
    due_at: datetime


class EntryOut(Schema):
    """An entry of the diary: one's own, or one that was handed in."""

    id: int
    on: date
    author: str
    place: str
    text: str
    shared: bool
    comment: str


class OutingOut(Schema):
    """A day of a team."""

    id: int
    team: int
    area: int
    on: date
    declared: bool


class HeardOut(Schema):
    """What is handed to the person who spoke; the code is told this once."""

    receipt: str
    code: str
    again: bool


@router.get("/calls", response=list[CallOut], operation_id="calls", summary="What waits at doors")
@needs(*VISITS)
def calls(request: Asker, page: Page = 1, page_size: PageSize = 50) -> list[dict[str, Any]]:
    """List the occasions at one's households that wait for somebody to go or to report."""
    rows = Call.objects.visible_to(request.user).open().select_related("household", "occasion").order_by("due_at", "id")
    return [_call(each) for each in rows[(page - 1) * page_size : page * page_size]]


@router.get("/diary", response=list[EntryOut], operation_id="diary", summary="The diary")
@needs(*SEES)
def diary(request: Asker, page: Page = 1, page_size: PageSize = 20) -> list[dict[str, Any]]:
    """List one's own entries, and to who plans visits those that were handed in."""
    rows = Diary.objects.visible_to(request.user).select_related("author").order_by("-on", "-pk")
    return [_entry_out(each) for each in rows[(page - 1) * page_size : page * page_size]]


@router.get("/outings", response=list[OutingOut], operation_id="outings", summary="The days of one's teams")
@needs(*SEES)
def outings(
    request: Asker, since: date | None = None, page: Page = 1, page_size: PageSize = 50
) -> list[dict[str, Any]]:
    """List the days of one's teams, the latest first; to who plans those of all."""
    rows = Outing.objects.visible_to(request.user).order_by("-on", "id")
    rows = rows.filter(on__gte=since) if since else rows
    return [_outing_out(each) for each in rows[(page - 1) * page_size : page * page_size]]


@router.post("/visits/{number}/hear", response={201: HeardOut}, operation_id="hear_at_door", summary="Heard at a visit")
@needs(*VISITS)
def hear_at_door(request: Asker, number: str, body: SaidBody) -> tuple[int, dict[str, Any]]:  # type: ignore[valid-type]
    """Write down what was said at a visit, with the answer if it was given at once."""
    found = _visit(request, number)
    form = filled(SaidForm(form_data(body)))
    assert isinstance(form, SaidForm)
    heard = listen.hear(
        **form.said(), channel="visit", encounter=found, received_at=found.starts_at, recorder=request.user,
        at=request.at, idempotency_key=f"{found.number}-{form.cleaned_data['text']}",
    )  # fmt: skip
    item = heard.voice.items.waiting().first()
    if form.cleaned_data["answer"].strip() and item and not heard.again:
        listen.answer(item, text=form.cleaned_data["answer"], by=request.user, at=request.at)
    return 201, {"receipt": heard.voice.number, "code": heard.code, "again": heard.again}


def _call(one: Call) -> dict[str, Any]:
    return {
        "id": one.pk, "household": one.household.number, "occasion": one.occasion.name, "must": one.occasion.must,
        "because": one.because, "due_at": one.due_at,
    }  # fmt: skip


def _entry_out(one: Diary) -> dict[str, Any]:
    return {
        "id": one.pk, "on": one.on, "author": one.author.name, "place": one.place, "text": one.text,
        "shared": one.shared_at is not None, "comment": one.comment,
    }  # fmt: skip


def _outing_out(one: Outing) -> dict[str, Any]:
    declared = one.declared_at is not None
    return {"id": one.pk, "team": one.team_id, "area": one.area_id, "on": one.on, "declared": declared}


def _visit(request: Asker, number: str) -> Encounter:
    rows = Encounter.objects.visible_to(request.user).select_related("kind", "household", "enterprise", "area", "team")
    return get_object_or_404(rows, number=number[:20])


def _session(request: Asker, number: str) -> Encounter:
    rows = Encounter.objects.visible_to(request.user).filter(kind__of=EncounterKind.Of.SESSION)
    return get_object_or_404(rows.select_related("kind", "area"), number=number[:20])


def _home(request: Asker, number: str) -> Household:
    return get_object_or_404(Household.objects.visible_to(request.user).select_related("area"), number=number[:24])


def _waiting(request: Asker, pk: int) -> Call:
    rows = Call.objects.visible_to(request.user).select_related("occasion__office", "household")
    return get_object_or_404(rows, pk=pk, occasion__must=Occasion.Must.REPORT)


def _topic(request: Asker, pk: int) -> Topic:
    rows = Topic.objects.filter(encounter__in=Encounter.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("encounter__kind"), pk=pk)


def _place(request: Asker, pk: int) -> Area:
    return get_object_or_404(Area.objects.filter(reach_of(request.user, request.at).areas()), pk=pk)


def _seen(rows: Callable[[Asker], Any]) -> Callable[..., Any]:
    """Return what finds one of these rows by its number."""

    def find(request: Asker, pk: int) -> Any:
        return get_object_or_404(rows(request), pk=pk)

    return find


_ENTRY = _seen(lambda request: Diary.objects.visible_to(request.user).select_related("author", "office", "encounter"))
_OUTING = _seen(lambda request: Outing.objects.visible_to(request.user).select_related("team", "area"))
_TEAM = _seen(lambda request: Team.objects.visible_to(request.user).select_related("campaign", "office"))
_NEED = _seen(lambda request: Need.objects.visible_to(request.user))
_GUEST = _seen(lambda request: Guest.objects.visible_to(request.user))
_CAMPAIGN = _seen(lambda request: Campaign.objects.all())
_SIGN_UP = _seen(lambda request: SignUp.objects.select_related("user", "campaign"))
_MEMBER = _seen(lambda request: TeamMember.objects.select_related("team", "user"))
_GIVEN = _seen(lambda request: TeamArea.objects.select_related("team", "area"))


def _of(noun: str, path: str, table: dict[str, Deed], find: Callable[..., Any]) -> list[Written]:
    return [
        Written(
            f"{noun}_{key.replace('-', '_')}", f"{path}/{key}", deed.powers, deed.form, planned, deed.action,
            find=find, summary=deed.title,
        )
        for key, deed in table.items()
    ]  # fmt: skip


CAMPAIGN, TEAM, NEED, DIARY = "/campaigns/{pk}", "/teams/{pk}", "/needs/{pk}", "/diary/{pk}"
VISIT, OUTING = "/visits/{number}", "/outings/{pk}"
offer(
    router,
    Written("amend", f"{VISIT}/amend", VISITS, AmendForm, bare, record.amend, find=_visit, summary="Put a visit right"),
    Written("raise_call", "/households/{number}/occasion", VISITS, CallForm, bare, record.raise_call, find=_home,
            makes=True, summary="An occasion came up"),
    Written("report_call", "/calls/{pk}/report", VISITS, ReportForm, bare, record.report_call, find=_waiting,
            summary="Report what must be reported"),
    Written("invite", f"{VISIT}/invite", VISITS, shapes.InviteForm, planned, record.invite, find=_session,
            summary="Ask people to a session"),
    Written("came", f"{VISIT}/came", VISITS, shapes.CameForm, planned, record.come, find=_session,
            summary="Say who came to a session"),
    Written("put_topic", f"{VISIT}/table", VISITS, shapes.TopicForm, planned, record.put_topic, find=_session,
            makes=True, summary="Put an issue on the table"),
    Written("settle_topic", "/topics/{pk}/settle", VISITS, shapes.SettleTopicForm, planned, record.settle_topic,
            find=_topic, summary="Say what came of an issue"),
    Written("add_guest", "/rosters/{pk}", VISITS, shapes.GuestForm, planned, record.add_guest, find=_place,
            makes=True, summary="Put somebody on the roster of a place"),
    Written("release_guest", "/guests/{pk}/release", VISITS, plans.PlanForm, planned, record.release_guest,
            find=_GUEST, summary="Take somebody off the roster"),
    Written("write_diary", "/diary", VISITS, shapes.DiaryForm, planned, record.write_diary, makes=True,
            summary="Write into the diary"),
    *(Written(f"entry_{key}", f"{DIARY}/{key}", SEES, form, planned, act, find=_ENTRY, summary=title)
      for key, (form, act, title) in ON_ENTRY.items()),
    Written("attend", f"{OUTING}/attend", SEES, shapes.AttendForm, planned, record.attend, find=_OUTING,
            summary="Say who went"),
    Written("declare", f"{OUTING}/declare", SEES, shapes.DeclareForm, planned, record.declare, find=_OUTING,
            summary="Close a day with the declaration"),
    Written("open_campaign", "/campaigns", PLANS, plans.CampaignForm, planned, record.open_campaign, makes=True,
            summary="Begin a campaign"),
    *_of("campaign", CAMPAIGN, ON_CAMPAIGN, _CAMPAIGN),
    *_of("team", TEAM, ON_TEAM, _TEAM),
    *_of("need", NEED, NEEDS, _NEED),
    Written("choose", "/offers-to-go/{pk}", PLANS, plans.ChooseForm, planned, record.choose, find=_SIGN_UP,
            summary="Say whether somebody goes"),
    Written("leave_team", "/members/{pk}/leave", PLANS, plans.EndForm, planned, record.leave_team, find=_MEMBER,
            summary="Let somebody leave a team"),
    Written("take_area", "/places/{pk}/take", PLANS, plans.EndForm, planned, record.take_area, find=_GIVEN,
            summary="Take a place from a team"),
    Written("open_doors", "/places/{pk}/doors", PLANS, plans.PlanForm, planned, record.open_doors, find=_GIVEN,
            summary="Give a team the doors of its place"),
    *(Written(f"add_to_list_{name}", f"/visit-lists/{name}", PLANS, form, planned, act, makes=True, summary=title)
      for name, (title, form, act, _model, _order) in LISTS.items()),
)  # fmt: skip
