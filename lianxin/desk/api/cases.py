"""Cases for programs: find, read, register, give out many, see who spoke."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from typing import Annotated, Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from lianxin.desk.api import shapes
from lianxin.desk.api.asking import PAGE_MOST, Asker, Body, Key, body_of, filled, form_data, needs
from lianxin.desk.deeds import open_deeds
from lianxin.desk.forms.many import DispatchMany
from lianxin.desk.forms.narrow import FilterName, Narrow
from lianxin.desk.forms.triage import RegisterForm, RevealForm
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import open_file
from lianxin.ledger.models import Attachment, Sentence
from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Voice
from lianxin.people.rules import Power
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Join, SavedFilter
from lianxin.resolve.models.narrow import narrowed
from lianxin.resolve.models.timeline import timeline

router = Router()

RELATED = ("subject", "area", "office", "lead", "coordinator", "sponsor")
BULKY = ("grams", "area__outline")  # never told
SPOKEN_A_PAGE = 50
MANY_MOST = 200

Page = Annotated[int, Query(ge=1, le=10_000)]
RegisterBody = body_of(RegisterForm, "CaseIn", without=("item",))
ManyBody = body_of(DispatchMany, "DispatchManyIn")
FilterBody = body_of(FilterName, "FilterIn")
RevealBody = body_of(RevealForm, "RevealIn")


class RegisterIn(RegisterBody):  # type: ignore[misc,valid-type] # made from the form
    """A case of its own, on points of one or many voices."""

    items: list[Key]


class JoinIn(Body):
    """Points that are to feed a case."""

    items: list[Key]


class ManyIn(ManyBody):  # type: ignore[misc,valid-type] # made from the form
    """One order for many cases."""

    numbers: list[str]


@router.get("/cases", response=shapes.CasePage, summary="Find cases", operation_id="cases")
@needs(Power.SEE_CASES)
def cases(
    request: Asker,
    q: str = "",
    state: str = "",
    light: str = "",
    mine: str = "",
    office: str = "",
    subject: str = "",
    area: str = "",
    since: str = "",
    until: str = "",
    sort: str = "",
    page: Page = 1,
    page_size: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 25,
) -> dict[str, Any]:
    """List the cases this officer may see. `state` is a state or open, `light` late or near, `mine` a duty."""
    asked = {
        "q": q,
        "state": state,
        "light": light,
        "mine": mine,
        "office": office,
        "subject": subject,
        "area": area,
        "since": since,
        "until": until,
        "sort": sort,
    }
    form = filled(Narrow(asked))
    assert isinstance(form, Narrow)
    found = narrowed(form.wanted(), user=request.user, at=request.at).select_related("lead", "area", "subject")
    start = (page - 1) * page_size
    rows = list(found[start : start + page_size + 1])
    lines = [_line(case, request) for case in rows[:page_size]]
    return {"cases": lines, "page": page, "page_size": page_size, "more": len(rows) > page_size}


@router.post("/cases", response={201: shapes.Done}, summary="Register a case", operation_id="register")
@needs(Power.TRIAGE)
def register(request: Asker, body: RegisterIn) -> Status[dict[str, Any]]:
    """Open a case on points that wait; see GET /items."""
    form = filled(RegisterForm({**form_data(body), "item": 1}, day=request.at.date()))
    given = {name: value for name, value in form.cleaned_data.items() if name != "item"}
    case = actions.register(items=_items(request, body.items), by=request.user, at=request.at, **given)
    return Status(201, done(case, "register"))


@router.post(
    "/cases/dispatch_many",
    response=list[shapes.DispatchedOut],
    summary="Dispatch many cases with one order",
    operation_id="dispatch_many",
)
@needs(Power.DISPATCH)
def dispatch_many(request: Asker, body: ManyIn) -> list[dict[str, Any]]:
    """Give out many cases; each is its own deed and each refusal is told beside its number."""
    order = body.model_copy(update={"numbers": None})
    form = filled(DispatchMany(form_data(order), at=request.at, user=request.user))
    chosen = Case.objects.visible_to(request.user).filter(number__in=body.numbers[:MANY_MOST]).order_by("id")
    return [_dispatched(case, form.cleaned_data, request) for case in chosen]


@router.get("/cases/{number}", response=shapes.CaseOut, summary="One case", operation_id="case")
@needs(Power.SEE_CASES)
def case(request: Asker, number: str) -> dict[str, Any]:
    """Read everything about a case that this officer may see, and what he may do now."""
    found = load(request, number)
    return {**_line(found, request), **_whole(found, request)}


@router.post("/cases/{number}/join", response=shapes.Done, summary="Join points to a case", operation_id="join")
@needs(Power.TRIAGE)
def join(request: Asker, number: str, body: JoinIn) -> dict[str, Any]:
    """Let more points feed an open case; their people will be answered with the others."""
    items = _items(request, body.items)
    return done(actions.join(load(request, number), items=items, by=request.user, at=request.at), "join")


@router.get(
    "/cases/{number}/voices", response=shapes.SpokenPage, summary="What people said", operation_id="case_voices"
)
@needs(Power.SEE_CASES)
def voices(request: Asker, number: str, page: Page = 1) -> dict[str, Any]:
    """Read the words behind a case, page by page."""
    joins = load(request, number).joins.select_related("item__voice__area").order_by("id")
    start = (page - 1) * SPOKEN_A_PAGE
    found = list(joins[start : start + SPOKEN_A_PAGE + 1])
    spoken = [_spoken(join) for join in found[:SPOKEN_A_PAGE]]
    return {"spoken": spoken, "page": page, "more": len(found) > SPOKEN_A_PAGE}


@router.get(
    "/cases/{number}/similar",
    response=list[shapes.CaseLine],
    summary="Open cases that seem to say the same",
    operation_id="similar",
)
@needs(Power.SEE_CASES)
def similar(request: Asker, number: str) -> list[dict[str, Any]]:
    """Compare a case with the open cases this officer may see."""
    found = load(request, number)
    alike = Case.objects.visible_to(request.user).similar_open(f"{found.title}\n{found.summary}", limit=6)
    return [_line(other, request) for other in alike if other.pk != found.pk][:5]


@router.post(
    "/cases/{number}/reveal/{voice}", response=shapes.ContactOut, summary="See who spoke", operation_id="case_reveal"
)
@needs(Power.SEE_CASES)
def case_reveal(request: Asker, number: str, voice: str, body: RevealBody) -> Any:  # type: ignore[valid-type]
    """Learn who is behind a voice of this case; the reason stays on record."""
    spoke = get_object_or_404(Voice.objects.distinct(), number=voice, items__join__case=load(request, number))
    form = filled(RevealForm(form_data(body)))
    return listen.reveal(spoke, reason=form.cleaned_data["reason"], by=request.user, at=request.at)


@router.get("/cases/{number}/files/{pk}", summary="A file that was handed in", operation_id="case_file")
@needs(Power.SEE_CASES)
def case_file(request: Asker, number: str, pk: int) -> FileResponse:
    """Read a file of somebody behind this case, as it was kept."""
    files = Attachment.objects.filter(voice__items__join__case=load(request, number)).distinct()
    kept = get_object_or_404(files, pk=pk)
    return FileResponse(open_file(kept), as_attachment=True, filename=kept.name, content_type=kept.mime)


@router.get("/filters", response=list[shapes.FilterOut], summary="Kept ways of looking", operation_id="filters")
@needs(Power.SEE_CASES)
def filters(request: Asker) -> Any:
    """List the filters this officer has kept."""
    return SavedFilter.objects.filter(user=request.user).order_by("name")


@router.post("/filters", response={201: shapes.FilterOut}, summary="Keep a way of looking", operation_id="save_filter")
@needs(Power.SEE_CASES)
def save_filter(request: Asker, body: FilterBody) -> Status[Any]:  # type: ignore[valid-type]
    """Keep a filter under a name; one of the same name is replaced."""
    form = filled(FilterName(form_data(body)))
    return Status(201, actions.save_filter(**form.cleaned_data, by=request.user, at=request.at))


@router.delete("/filters/{pk}", response={204: None}, summary="Drop a way of looking", operation_id="drop_filter")
@needs(Power.SEE_CASES)
def drop_filter(request: Asker, pk: int) -> Status[None]:
    """Drop a filter this officer has kept."""
    saved = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    actions.drop_filter(saved, by=request.user, at=request.at)
    return Status(204, None)


def load(request: Asker, number: str) -> Case:
    """Return the case, if it is one this officer may see; to a stranger it does not exist."""
    found = _OF_NUMBER.first(request.user.standing.scope(Power.SEE_CASES), number=number)
    if found is None:
        raise Http404
    return found


_OF_NUMBER = Sentence(
    lambda scope, number: Case.objects.within(scope).filter(number=number).select_related(*RELATED).defer(*BULKY)
)


def done(case: Case, deed: str) -> dict[str, Any]:
    """Return a case after a deed, in short."""
    return {"number": case.number, "state": case.state, "result": case.result, "due_at": case.due_at, "deed": deed}


def _items(request: Asker, keys: list[int]) -> list[Item]:
    return list(Item.objects.visible_to(request.user).filter(pk__in=keys).order_by("pk"))


def _dispatched(case: Case, order: dict[str, Any], request: Asker) -> dict[str, Any]:
    try:
        actions.dispatch(case, **order, by=request.user, at=request.at)
    except Refusal as refusal:
        return {"number": case.number, "done": False, "refusal": refusal.title, "detail": str(refusal)}
    return {"number": case.number, "done": True, "refusal": "", "detail": ""}


def _line(case: Case, request: Asker) -> dict[str, Any]:
    plain = ("number", "title", "state", "result", "due_at", "opened_at", "voices", "major", "reopened", "hops")
    return {
        **{name: getattr(case, name) for name in plain},
        "light": case.light(request.at),
        "lead": _name(case.lead),
        "area": _name(case.area),
        "subject": _name(case.subject),
    }


def _whole(case: Case, request: Asker) -> dict[str, Any]:
    plain = (
        "summary",
        "kind",
        "level",
        "place",
        "since",
        "first_due_at",
        "due_provisional",
        "dispatched_at",
        "finished_at",
        "reexamined_at",
        "answered_at",
        "closed_at",
        "effect_on",
        "result_text",
        "root_cause",
    )
    return {
        **{name: getattr(case, name) for name in plain},
        "office": _name(case.office),
        "coordinator": _name(case.coordinator),
        "sponsor": _name(case.sponsor),
        "limit": case.limit_basis,
        "merged_into": _name(case.merged_into),
        "split_from": _name(case.split_from),
        "tasks": [_task(task) for task in case.tasks.select_related("office", "handler").order_by("id")],
        "extensions": [
            _later(each) for each in case.extensions.select_related("asked_by", "decided_by").order_by("id")
        ],
        "pauses": [_pause(pause) for pause in case.pauses.select_related("approved_by").order_by("starts")],
        "steps": [_step(line) for line in timeline(case)],
        "deeds": [deed.value for deed in open_deeds(case, request.user, at=request.at)],
    }


def _task(task: Any) -> dict[str, Any]:
    plain = (
        "id",
        "part",
        "state",
        "wish",
        "report",
        "opened_at",
        "due_at",
        "taken_at",
        "done_at",
        "forced",
    )
    return {
        **{name: getattr(task, name) for name in plain},
        "office": _name(task.office),
        "handler": _name(task.handler),
    }


def _later(each: Any) -> dict[str, Any]:
    plain = ("old_due_at", "new_due_at", "reason", "asked_at", "granted", "decided_at", "decision_note")
    names = {"asked_by": _name(each.asked_by), "decided_by": _name(each.decided_by)}
    return {**{name: getattr(each, name) for name in plain}, **names}


def _pause(pause: Any) -> dict[str, Any]:
    plain = ("starts", "ends", "reason", "review_on")
    return {**{name: getattr(pause, name) for name in plain}, "approved_by": _name(pause.approved_by)}


def _step(line: Any) -> dict[str, Any]:
    event, told = line
    return {
        "verb": event.verb,
        "at": event.at,
        "by": event.by_name,
        "behalf": event.behalf_name,
        "data": event.data,
        "text": told.text if told else "",
    }


def _spoken(join: Join) -> dict[str, Any]:
    voice = join.item.voice
    return {
        "join": join.pk,
        "item": join.item_id,
        "voice": voice.number,
        "words": voice.text,
        "text": join.item.text,
        "channel": voice.channel,
        "identity": voice.identity,
        "received_at": voice.received_at,
        "area": _name(voice.area),
        "files": [file.pk for file in voice.attachments.all()],
    }


def _name(thing: Any) -> str:
    return str(thing) if thing else ""
