"""Speaking: the form, the letter to the secretary, and the receipt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.refusal import Refusal
from lianxin.kit.text import TEXT_MAX
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice
from lianxin.listen.rules import Channel
from lianxin.people.models import Post
from lianxin.people.rules import public
from lianxin.portal.forms import LetterForm, SpeakForm, addressees
from lianxin.portal.views.held import Basket, let_all_go
from lianxin.portal.views.paper import pdf_of
from lianxin.portal.views.visitor import BadgeInHand, Request, badge_in_hand, hand_over, may_go_on, receipt_in_hand
from lianxin.resolve.models import Case

PER_TEN_MINUTES = 60  # one village may speak through one address
ALIKE_PER_TEN_MINUTES = 240
PLACE_MOST = 120  # characters
ALIKE_FROM = 8  # characters before it is worth looking


@public
@never_cache
@require_http_methods(["GET", "POST"])
def speak(request: Request) -> HttpResponse:
    """Take in what a resident says."""
    day = timezone.localdate(request.at)
    badge = badge_in_hand(request)
    context = {"badge": badge}
    if request.method == "GET":
        return render(request, "portal/speak.html", {**context, "form": SpeakForm(initial=_fresh(), day=day)})
    basket = Basket(request, "photos")
    form = SpeakForm(request.POST, basket.files, day=day)
    return _hear(request, form, basket, "portal/speak.html", Channel.WEB, context, badge=badge)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def letter(request: Request) -> HttpResponse:
    """Take in a letter to a secretary of one of the three tiers."""
    tier = request.GET.get("tier", "")
    context: dict[str, Any] = {"tiers": Post.Tier, "tier": tier if tier in Post.Tier.values else ""}
    if not context["tier"]:
        return render(request, "portal/letter.html", context)
    context["tier_name"] = Post.Tier(tier).label
    context["offered"] = offered = addressees(request.at, tier)
    only = {"addressee": str(offered[0].post.pk)} if len(offered) == 1 else {}
    if request.method == "GET":
        form = LetterForm(initial={**_fresh(), **only}, at=request.at, offered=offered)
        return render(request, "portal/letter.html", {**context, "form": form})
    basket = Basket(request, "photos")
    form = LetterForm(request.POST, basket.files, at=request.at, offered=offered)
    return _hear(request, form, basket, "portal/letter.html", Channel.LETTER, context)


def _fresh() -> dict[str, object]:
    return {"key": uuid4().hex, "wants_reply": True, "identity": "signed"}


def _hear(
    request: Request,
    form: SpeakForm,
    basket: Basket,
    template: str,
    channel: Channel,
    context: dict[str, Any],
    badge: BadgeInHand | None = None,
) -> HttpResponse:
    """Hear what the form says, or show it again with everything that was entered, files too."""
    status = 422
    if basket.trouble:
        form.add_error("photos", basket.trouble)
    if not may_go_on(request, "speak", PER_TEN_MINUTES, 600):
        form.add_error(
            None,
            _(
                "Much has just been sent from your network. What you wrote is still here: please wait a "
                "few minutes and send it again."
            ),
        )
        status = 429
    if form.is_valid():
        try:
            said = form.said()
            if badge:  # the machine says which moment and window it is about, not the person's memory
                said["place"] = f"{badge.words} {said['place']}".strip()[:PLACE_MOST]
                said["to_office"] = said["to_office"] or badge.office
            heard = listen.hear(channel=channel, at=request.at, **said)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            hand_over(request, heard.voice, heard.code)
            return redirect("receipt")
    entered = request.POST.copy()
    entered["key"] = uuid4().hex
    form.data = entered
    return render(request, template, {**context, "form": form, "held": basket.hold()}, status=status)


@public
@never_cache
@require_POST
def alike(request: Request) -> HttpResponse:
    """Show, while somebody writes, up to three open cases that may be about the same: never a word that others said.

    It is a POST, so that unfinished words stand in no address and no log.
    """
    text = request.POST.get("text", "")[:TEXT_MAX].strip()
    if len(text) < ALIKE_FROM or not may_go_on(request, "alike", ALIKE_PER_TEN_MINUTES, 600):
        return HttpResponse()
    return render(request, "portal/alike.html", {"cases": Case.objects.similar_open(text, limit=3)})


@public
@never_cache
@require_GET
def receipt(request: Request) -> HttpResponse:
    """Show the receipt just handed over."""
    in_hand = receipt_in_hand(request)
    if in_hand is None:
        return redirect("track")
    voice = Voice.objects.get(number=in_hand["number"])
    context = {"voice": voice, "code": in_hand["code"], "qr": qr_of(voice.number)}
    return render(request, "portal/receipt.html", context)


@public
@never_cache
@require_GET
def receipt_pdf(request: Request) -> HttpResponse:
    """Give the receipt as a sheet of paper."""
    in_hand = receipt_in_hand(request)
    if in_hand is None:
        return redirect("track")
    voice = Voice.objects.get(number=in_hand["number"])
    context = {
        "voice": voice,
        "code": in_hand["code"],
        "number": voice.number,
        "qr": qr_of(voice.number),
        "date": timezone.localdate(voice.received_at),
    }
    return pdf_of(request, "portal/receipt_paper.html", context, f"{voice.number}.pdf")


@public
@require_POST
def leave(request: Request) -> HttpResponse:
    """Forget in this browser what was opened: for computers that others use too."""
    let_all_go(request)
    request.session.flush()
    return redirect("home")


def qr_of(number: str) -> SafeString:
    """Draw the address of the tracking page with this number (never the code) as SVG."""
    address = f"{settings.PUBLIC_URL}{reverse('track')}?number={number}"
    drawing = segno.make(address, error="m").svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawing)  # noqa: S308 - drawn by us from a number of ours
