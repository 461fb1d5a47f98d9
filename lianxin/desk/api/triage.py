"""Triage for programs: hear, find what waits, split, settle one point or many, see who spoke."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from typing import Annotated, Any

from django.db import transaction
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Status

from lianxin.desk.api import beside
from lianxin.desk.api.asking import PAGE_MOST, Asker, Body, body_of, filled, form_data, needs
from lianxin.desk.api.shapes import ContactOut
from lianxin.desk.forms.hear import HearForm, PhoneForm
from lianxin.desk.forms.triage import ManyForm, PointForm, RevealForm
from lianxin.desk.sortings import SORTINGS, find_case, settle, settle_one_of_many, subject_for
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.actions import open_file
from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Voice
from lianxin.listen.rules import Identity
from lianxin.people.models import Office, phone_index
from lianxin.people.rules import Power
from lianxin.resolve.models.duties import Duty, duties

router = Router()

MANY_MOST = 200
Page = Annotated[int, Query(ge=1, le=10_000)]
PageSize = Annotated[int, Query(ge=1, le=PAGE_MOST)]
HearBody = body_of(HearForm, "HeardIn")
RevealVoiceBody = body_of(RevealForm, "RevealVoiceIn")
EarlierBody = body_of(PhoneForm, "EarlierIn")
ManyBody = body_of(ManyForm, "SortManyIn")


class ItemizeIn(Body):
    """The points a voice is split into, in their order."""

    points: list[str]


class SortManyIn(ManyBody):  # type: ignore[misc,valid-type] # made from the form
    """One deed for many voices that wait."""

    numbers: list[str]


@router.post("/heard", response={201: beside.ReceiptOut}, operation_id="hear", summary="Write down a voice")
@needs(Power.HEAR)
def hear(request: Asker, body: HearBody) -> Status[dict[str, Any]]:  # type: ignore[valid-type]
    """Write down what somebody said at the counter, by phone or on paper, with the answer if it was given at once."""
    form = filled(HearForm(form_data(body), at=request.at))
    assert isinstance(form, HearForm)
    holding = request.user.standing.find(Power.HEAR, anywhere=True)
    office = Office.objects.filter(pk=holding.office_id).first() if holding else None
    with transaction.atomic():
        heard = listen.hear(**form.said(), office=office, recorder=request.user, at=request.at)
        item = heard.voice.items.waiting().first()
        if (answered := form.answered()) and item and not heard.again:
            listen.classify(item, subject=form.cleaned_data["subject"], by=request.user, at=request.at)
            listen.answer(item, **answered, by=request.user, at=request.at)
    return Status(201, {"receipt": heard.voice.number, "code": heard.code, "again": heard.again})


@router.post(
    "/heard/earlier", response=beside.EarlierOut, operation_id="earlier", summary="Has this phone spoken before?"
)
@needs(Power.REVEAL)
def earlier(request: Asker, body: EarlierBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Count the signed voices of a phone within the officer's sight; a POST, so that the phone stands in no log."""
    index = phone_index(filled(PhoneForm(form_data(body))).cleaned_data["phone"])
    found = Voice.objects.visible_to(request.user).filter(phone_index=index, identity=Identity.SIGNED)
    return {"count": found.count() if index else 0, "newest": list(_numbers(found)) if index else []}


@router.get("/items", response=beside.ItemPage, operation_id="items", summary="Points that wait")
@needs(Power.TRIAGE)
def items(request: Asker, q: str = "", channel: str = "", page: Page = 1, page_size: PageSize = 25) -> dict[str, Any]:
    """List the points that wait to be sorted, those that are due first at the head, with the subject suggested."""
    voices: Any = duties(request.user, request.at)[Duty.TRIAGE]
    voices = voices.search(q) if q else voices
    voices = voices.filter(channel=channel) if channel else voices
    found = Item.objects.unsorted().filter(voice__in=voices.values("pk")).select_related("voice__area", "subject")
    start = (page - 1) * page_size
    rows = list(found.order_by("voice__triage_due_at", "voice_id", "number")[start : start + page_size + 1])
    lines = [_line(item, request) for item in rows[:page_size]]
    return {"items": lines, "page": page, "page_size": page_size, "more": len(rows) > page_size}


@router.post("/voices/{number}/items", response=list[beside.ItemOut], operation_id="itemize", summary="Split a voice")
@needs(Power.TRIAGE)
def itemize(request: Asker, number: str, body: ItemizeIn) -> list[dict[str, Any]]:
    """Replace the points of a voice that wait by these; what the person said stays as it is."""
    made = listen.itemize(_voice(request, number), texts=body.points, by=request.user, at=request.at)
    found = Item.objects.filter(pk__in=[item.pk for item in made]).select_related("voice__area", "subject")
    return [_line(item, request) for item in found.order_by("number")]


@router.post("/voices/{number}/reveal", response=ContactOut, operation_id="reveal", summary="See who spoke")
@needs(Power.REVEAL, Power.HEAR, Power.TRIAGE)
def reveal(request: Asker, number: str, body: RevealVoiceBody) -> Any:  # type: ignore[valid-type]
    """Learn who spoke, if one may; the reason stays on record."""
    form = filled(RevealForm(form_data(body)))
    return listen.reveal(_seen(request, number), reason=form.cleaned_data["reason"], by=request.user, at=request.at)


@router.get("/voices/{number}/files/{pk}", operation_id="attachment", summary="A file that came with a voice")
@needs(Power.TRIAGE)
def attachment(request: Asker, number: str, pk: int) -> FileResponse:
    """Read a file that came with a voice, as it was kept."""
    kept = get_object_or_404(_voice(request, number).attachments, pk=pk)
    return FileResponse(open_file(kept), as_attachment=True, filename=kept.name, content_type=kept.mime)


@router.post("/sort_many", response=list[beside.ToldOut], operation_id="sort_many", summary="Sort many voices at once")
@needs(Power.TRIAGE)
def sort_many(request: Asker, body: SortManyIn) -> list[dict[str, Any]]:
    """Register each, join all to one case, or decline as repeated; what came of each is told beside its number."""
    form = filled(ManyForm(form_data(body.model_copy(update={"numbers": None}))))
    given = form.cleaned_data
    case = find_case(given["case"], by=request.user) if given["deed"] == ManyForm.JOIN else None
    voices = duties(request.user, request.at)[Duty.TRIAGE].filter(number__in=body.numbers[:MANY_MOST]).order_by("id")
    told = [settle_one_of_many(voice, given, case=case, by=request.user, at=request.at) for voice in voices]
    return [{"number": each.number, "done": each.is_done, "detail": each.words} for each in told]


def _operation(deed: str, form_type: type[PointForm]) -> Any:
    body_type = body_of(form_type, f"Point{deed.title()}In", without=("item",))

    def operation(request: Asker, pk: int, body: body_type) -> dict[str, Any]:  # type: ignore[valid-type]
        item = get_object_or_404(Item.objects.visible_to(request.user).select_related("voice"), pk=pk)
        form = filled(form_type({**form_data(body), "item": item.number}, day=timezone.localdate(request.at)))
        given = {name: value for name, value in form.cleaned_data.items() if name != "item"}
        words = settle(item, deed, given, by=request.user, at=request.at)
        item.refresh_from_db()
        return {"item": item.pk, "outcome": item.outcome, "detail": words}

    operation.__name__ = operation.__qualname__ = deed
    operation.__doc__ = form_type.__doc__
    return operation


for _deed, _sorting in SORTINGS.items():
    _describe = router.post(
        f"/items/{{pk}}/{_deed}",
        response=beside.SettledOut,
        operation_id=f"item_{_deed}",
        summary=f"{_deed.title()} a point",
    )
    _describe(needs(Power.TRIAGE)(_operation(_deed, _sorting.form)))


def _seen(request: Asker, number: str) -> Voice:
    return get_object_or_404(Voice.objects.visible_to(request.user), number=number)


def _voice(request: Asker, number: str) -> Voice:
    """Return a voice that this officer may sort; a letter that is not handed on does not exist here."""
    voice = _seen(request, number)
    if voice.is_closed_letter or not request.user.standing.may(Power.TRIAGE, voice.office_id):
        raise NotAllowed(_("This is not a matter of your office, or your post does not include it."))
    return voice


def _numbers(found: Any) -> Any:
    return found.order_by("-id").values_list("number", flat=True)[:5]


def _line(item: Item, request: Asker) -> dict[str, Any]:
    voice, (subject, because, percent) = item.voice, subject_for(item, at=request.at)
    return {
        "id": item.pk,
        "voice": voice.number,
        "number": item.number,
        "text": item.text,
        "words": voice.text,
        "channel": voice.channel,
        "identity": voice.identity,
        "received_at": voice.received_at,
        "due_at": voice.triage_due_at,
        "area": str(voice.area or ""),
        "outcome": item.outcome,
        "subject": item.subject_id,
        "suggested": subject.pk if subject else None,
        "because": list(because),
        "percent": percent,
    }
