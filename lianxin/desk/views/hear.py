"""Writing down what is said at the counter, on the phone, in a paper letter."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.hear import HearForm, PhoneForm
from lianxin.desk.forms.places import area_names
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.listen import actions as listen
from lianxin.listen.actions import Heard
from lianxin.listen.models import Voice
from lianxin.listen.rules import TRACK_PATH, Identity
from lianxin.people.models import Office, phone_index
from lianxin.people.rules import Power, power

HEARD = "heard"  # the key of the session that carries number and code to the receipt, once
EARLIER_SHOWN = 5


@power(Power.HEAR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hear(request: Request) -> HttpResponse:
    """Write a voice down, with the answer if it was given at once, and hand out the receipt."""
    if request.method != "POST":
        first = {"channel": "counter", "identity": "signed", "wants_reply": True, "key": uuid4().hex}
        return _show(request, HearForm(initial=first, at=request.at))
    form = HearForm(request.POST, at=request.at)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        heard = _hear(request, form)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form, status=refusal.status)
    request.session[HEARD] = {"number": heard.voice.number, "code": heard.code}
    return redirect("desk:heard", heard.voice.number)


@power(Power.HEAR)
@never_cache
@require_safe
def heard(request: Request, number: str) -> HttpResponse:
    """Print the receipt of a voice just heard; its code is shown this once."""
    voice = Voice.objects.filter(number=number, recorder=request.user).prefetch_related("items").first() or not_here()
    in_hand = request.session.pop(HEARD, None) or {}
    code = in_hand.get("code", "") if in_hand.get("number") == number else ""
    link = f"{settings.PUBLIC_URL}{TRACK_PATH}?number={number}"
    context = {"voice": voice, "code": code, "link": link, "qr": _qr(link), "office": voice.office, "number": number}
    return render(request, "desk/hear/heard.html", context)


@power(Power.REVEAL)
@never_cache
@require_POST
def earlier(request: Request) -> HttpResponse:
    """Show how often this phone has spoken before, signed and within the officer's sight; it stands in no address."""
    form = PhoneForm(request.POST)
    index = phone_index(form.cleaned_data["phone"]) if form.is_valid() else ""
    voices = Voice.objects.visible_to(request.user).filter(phone_index=index, identity=Identity.SIGNED).order_by("-id")
    page = page_of(voices, "1", EARLIER_SHOWN) if index else None
    return render(request, "desk/hear/earlier.html", {"page": page})


def _hear(request: Request, form: HearForm) -> Heard:
    answered = form.answered()
    with transaction.atomic():  # the voice and its answer: both or neither
        found = listen.hear(**form.said(), office=_office(request), recorder=request.user, at=request.at)
        item = found.voice.items.waiting().first()
        if answered and item and not found.again:
            listen.classify(item, subject=form.cleaned_data["subject"], by=request.user, at=request.at)
            listen.answer(item, **answered, by=request.user, at=request.at)
    return found


def _office(request: Request) -> Office | None:
    """Return the office for which this officer hears."""
    holding = request.user.standing.find(Power.HEAR, anywhere=True)
    return Office.objects.filter(pk=holding.office_id).first() if holding else None


def _show(request: Request, form: HearForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "area_names": area_names(timezone.localdate(request.at)),
        "may_look": request.user.standing.may(Power.REVEAL, anywhere=True),
    }
    return render(request, "desk/hear/hear.html", context, status=status)


def _qr(link: str) -> SafeString:
    return mark_safe(segno.make(link, micro=False).svg_inline(scale=4, border=2, omitsize=True))  # noqa: S308 - drawn by us
