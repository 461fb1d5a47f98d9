"""Speaking, and how far it is."""

from __future__ import annotations

import json
from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Header, Query, Router, Status

from lianxin.kit.refusal import Refusal
from lianxin.listen import actions as listen
from lianxin.listen.models import Addition, Voice
from lianxin.listen.rules import Channel
from lianxin.people.actions import allow
from lianxin.people.models import Office, Post
from lianxin.people.rules import public
from lianxin.places.models import Area
from lianxin.portal.api.shapes import (
    AdditionIn,
    AdditionOut,
    ConfirmationIn,
    ConfirmationOut,
    HeardOut,
    Progress,
    VoiceIn,
)
from lianxin.portal.forms import ReceiptForm, find_area
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Join, road_of
from lianxin.resolve.models.road import Road

router = Router()

VOICES_PER_MINUTE = 300
KEY_MAX = 255
PK_DIGITS = 19
Code = Annotated[str, Query(max_length=60, description="The query code of the receipt.")]


class NotFound(Refusal):
    """An unknown receipt and a wrong code are told in the same words."""

    status = 404


class TooManyTries(Refusal):
    """Who tries too often waits."""

    status = 429


class NoSuchPlace(Refusal):
    """The area is not known, or not the only one of its name."""

    status = 422


class NoSuchAddressee(Refusal):
    """The addressee is not known."""

    status = 422


class WrongKey(Refusal):
    """The Idempotency-Key is longer than a key."""

    status = 422


@router.post("", response={201: HeardOut, 200: HeardOut}, auth=None, summary="Say something")
@public
def speak(
    request: HttpRequest,
    body: VoiceIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status[dict[str, str]]:
    """Hear what somebody says and give the receipt; under the same Idempotency-Key the same receipt again."""
    at = _moment(request)
    _brake(request)
    if idempotency_key and len(idempotency_key) > KEY_MAX:
        raise WrongKey(_("The Idempotency-Key is too long: at most 255 characters."))
    heard = listen.hear(
        channel=Channel.API,
        text=body.text,
        identity=body.identity,
        at=at,
        name=body.name or "",
        phone=body.phone or "",
        email=body.email or "",
        kind=body.kind or "",
        area=_area(body.area, at),
        place=body.place or "",
        wants_reply=body.wants_reply,
        **_addressed(body.addressee, at),
        idempotency_key=f"api:{idempotency_key}" if idempotency_key else None,
        body_digest=json.dumps(body.model_dump(), sort_keys=True) if idempotency_key else "",
    )
    number = heard.voice.number
    url = f"{settings.PUBLIC_URL}{reverse('track')}?number={number}"
    return Status(200 if heard.again else 201, {"receipt": number, "code": heard.code, "url": url})


@router.get("/{receipt}", response=Progress, auth=None, summary="How far it is")
@public
def progress(request: HttpRequest, receipt: str, code: Code) -> Road:
    """Return where a voice is, by when and why that day, and what comes next."""
    return road_of(_opened(request, receipt, code), at=_moment(request))


@router.post("/{receipt}/additions", response={201: AdditionOut}, auth=None, summary="Add a sentence")
@public
def add(request: HttpRequest, receipt: str, body: AdditionIn) -> Status[dict[str, object]]:
    """Take one more sentence of who holds the receipt."""
    voice = _opened(request, receipt, body.code)
    addition: Addition = listen.add(voice, text=body.text, at=_moment(request))
    return Status(201, {"receipt": voice.number, "text": addition.text, "at": addition.at})


@router.post("/{receipt}/confirmation", response={201: ConfirmationOut}, auth=None, summary="Say whether it is solved")
@public
def confirm(request: HttpRequest, receipt: str, body: ConfirmationIn) -> Status[dict[str, str]]:
    """Take what the person says of the answer. Not solved, or a bad grade for the result, opens the matter again."""
    voice = _opened(request, receipt, body.code)
    join = Join.objects.select_related("case").filter(item__voice=voice, case__number=body.case).first()
    if join is None:
        raise NotFound(_("This matter is not behind your receipt."))
    said = body.model_dump(exclude={"code", "case"})
    case = resolve.confirm(join.case, join=join, at=_moment(request), **said)
    return Status(201, {"case": case.number, "state": case.state})


def _moment(request: HttpRequest) -> datetime:
    at: datetime = request.at  # type: ignore[attr-defined]
    return at


def _brake(request: HttpRequest) -> None:
    """Refuse a visitor who speaks faster than people do; never the machine itself (see views.visitor.may_go_on)."""
    who: str = request.visitor  # type: ignore[attr-defined]
    if not ip_address(who).is_loopback and not allow(f"api.voices:{who}", VOICES_PER_MINUTE, 60):
        raise TooManyTries(_("Much has just been sent from your network. Please wait a minute and send it again."))


def _area(given: int | str | None, at: datetime) -> Area | None:
    area = find_area(given, timezone.localdate(at))
    if area is None and given not in (None, ""):
        raise NoSuchPlace(
            _("This place is not known. Please give the number or the full name from the list of places.")
        )
    return area


def _addressed(given: int | str | None, at: datetime) -> dict[str, Any]:
    """Return whom a voice is addressed to, in the words of `hear`: a post or an office. Raises NoSuchAddressee."""
    if given is None:
        return {}
    kind, _colon, number = str(given).rpartition(":")
    pk, day = int(number) if number.isdecimal() and len(number) < PK_DIGITS else 0, timezone.localdate(at)
    if kind == "office":
        if office := Office.objects.on(day).to_be_asked().filter(pk=pk).first():
            return {"to_office": office}
        raise NoSuchAddressee(_("This office is not known. Please choose one from the list of offices."))
    post = Post.objects.on(day).addressees().select_related("office").filter(pk=pk).first()
    if post is None or kind not in ("", "post"):
        raise NoSuchAddressee(_("This post does not receive letters at present. Please choose another addressee."))
    return {"addressee": post}


def _opened(request: HttpRequest, receipt: str, code: str) -> Voice:
    """Return the voice that number and code open. Raises NotFound and TooManyTries."""
    form = ReceiptForm({"number": receipt, "code": code}, visitor=request.visitor)  # type: ignore[attr-defined]
    form.is_valid()
    if form.blocked:
        raise TooManyTries(
            _("There were too many tries. Please wait ten minutes, or call us: we will look it up for you.")
        )
    if form.voice is None:
        raise NotFound(_("We have not found this receipt with this code."))
    return form.voice
