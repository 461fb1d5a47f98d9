"""Letters and messages for programs."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from typing import Annotated, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from lianxin.desk.api import beside
from lianxin.desk.api.asking import Asker, body_of, filled, form_data, needs
from lianxin.desk.forms.letters import InstructForm, ReaddressForm
from lianxin.desk.forms.voices import SettleForm
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice, clerk_of
from lianxin.outbox import actions as outbox
from lianxin.outbox.models import Message
from lianxin.people.rules import Power
from lianxin.resolve import actions as resolve
from lianxin.resolve.models.duties import Duty, duties

router = Router()

LETTERS = (Power.READ_LETTERS, Power.INSTRUCT)
ROWS = 50
Page = Annotated[int, Query(ge=1, le=10_000)]
InstructBody = body_of(InstructForm, "InstructLetterIn")
ReaddressBody = body_of(ReaddressForm, "ReaddressIn")
SettleBody = body_of(SettleForm, "SettleMessageIn")


@router.get("/letters", response=list[beside.LetterOut], operation_id="letters", summary="Letters to me")
@needs(*LETTERS)
def letters(request: Asker, unread: bool = False, page: Page = 1) -> list[dict[str, Any]]:
    """List the letters to this officer, or to the office whose letters he registers; never their words."""
    found = _mine(request).filter(read_at=None) if unread else _mine(request)
    start = (page - 1) * ROWS
    return [_letter_line(voice) for voice in found.select_related("addressee").order_by("-id")[start : start + ROWS]]


@router.post("/letters/{number}/read", response=beside.OpenedOut, operation_id="read_letter", summary="Open a letter")
@needs(*LETTERS)
def read_letter(request: Asker, number: str) -> dict[str, Any]:
    """Open a letter and read it, word for word; that and when it was opened is on record."""
    voice = listen.read_letter(_letter(request, number), by=request.user, at=request.at)
    return {**_letter_line(voice), "words": voice.text, "identity": voice.identity}


@router.post("/letters/{number}/hand_on", response=beside.LetterOut, operation_id="hand_on", summary="Hand a letter on")
@needs(*LETTERS)
def hand_on(request: Asker, number: str) -> dict[str, Any]:
    """Let others work on a letter."""
    return _letter_line(listen.hand_on(_letter(request, number), by=request.user, at=request.at))


@router.post(
    "/letters/{number}/instruct",
    response=beside.CaseOpenedOut,
    operation_id="instruct_letter",
    summary="Instruct on a letter",
)
@needs(Power.INSTRUCT)
def instruct_letter(request: Asker, number: str, body: InstructBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Give a written order on a letter; it opens a case for which the addressee answers."""
    form = filled(InstructForm(form_data(body)))
    case = resolve.instruct_letter(_letter(request, number), **form.cleaned_data, by=request.user, at=request.at)
    return {"case": case.number, "state": case.state}


@router.post(
    "/letters/{number}/readdress", response=beside.LetterOut, operation_id="readdress", summary="Readdress a letter"
)
@needs(*LETTERS)
def readdress(request: Asker, number: str, body: ReaddressBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Send a letter to the addressee it should have gone to; the sender is told."""
    voice = _letter(request, number)
    form = filled(ReaddressForm(form_data(body), voice=voice, at=request.at))
    return _letter_line(listen.readdress(voice, **form.cleaned_data, by=request.user, at=request.at))


@router.get("/messages", response=list[beside.MessageOut], operation_id="messages", summary="What did not arrive")
@needs(Power.MESSAGES)
def messages(request: Asker, page: Page = 1) -> Any:
    """List the messages that did not arrive, oldest first."""
    start = (page - 1) * ROWS
    return _troubled(request).order_by("id")[start : start + ROWS]


@router.post("/messages/{pk}/settle", response=beside.MessageOut, operation_id="settle", summary="Settle a message")
@needs(Power.MESSAGES)
def settle(request: Asker, pk: int, body: SettleBody) -> Any:  # type: ignore[valid-type]
    """Put down how the person was reached another way."""
    form = filled(SettleForm(form_data(body)))
    assert isinstance(form, SettleForm)
    return outbox.settle(get_object_or_404(_troubled(request), pk=pk), how=form.how(), by=request.user, at=request.at)


@router.post(
    "/messages/{pk}/resend", response=beside.MessageOut, operation_id="resend", summary="Send a message once more"
)
@needs(Power.MESSAGES)
def resend(request: Asker, pk: int) -> Any:
    """Send a message once more."""
    return outbox.resend(get_object_or_404(_troubled(request), pk=pk), by=request.user, at=request.at)


def _mine(request: Asker) -> Any:
    standing = request.user.standing
    own = Q(addressee__in=standing.posts()) | Q(addressee__office__in=clerk_of(standing))
    return Voice.objects.letters().filter(own)


def _letter(request: Asker, number: str) -> Voice:
    voice: Voice = get_object_or_404(_mine(request).select_related("addressee"), number=number)
    return voice


def _troubled(request: Asker) -> Any:
    found = duties(request.user, request.at)[Duty.MESSAGES]
    assert found.model is Message
    return found


def _letter_line(voice: Voice) -> dict[str, Any]:
    plain = ("number", "received_at", "read_at", "handed_on_at")
    return {**{name: getattr(voice, name) for name in plain}, "addressee": str(voice.addressee or "")}
