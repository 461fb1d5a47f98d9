"""What I said: found by the phone that was left, with a code sent to it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.kit.identity import tidy_phone
from lianxin.kit.refusal import Refusal
from lianxin.listen.models import Voice
from lianxin.outbox import actions as outbox
from lianxin.people import actions as people
from lianxin.people.actions.phone import CODE_MINUTES
from lianxin.people.models import phone_index
from lianxin.people.rules import public
from lianxin.portal.forms import PhoneCodeForm, PhoneForm
from lianxin.portal.views.visitor import Request, phone_in_hand
from lianxin.serve.models import Application
from lianxin.serve.rules.application import State

PHONE_SECONDS = 1800
VOICES_ON_A_PAGE = 20


@public
@never_cache
@require_http_methods(["GET", "POST"])
def my(request: Request) -> HttpResponse:
    """Show everything that was said with the phone that is signed in, else ask for the phone and send it a code.

    The answer is the same whether anybody ever spoke with this phone or not; a message goes only to phones we know.
    """
    if request.method == "GET":
        if phone := phone_in_hand(request):
            voices = Voice.objects.filter(phone_index=phone).order_by("-received_at")
            page = Paginator(voices, VOICES_ON_A_PAGE).get_page(request.GET.get("page"))
            applied = Application.objects.filter(phone_index=phone).exclude(state=State.DRAFT).select_related("service")
            context = {"page": page, "applications": applied.newest()[:VOICES_ON_A_PAGE]}
            return render(request, "portal/my.html", context)
        return render(request, "portal/my.html", {"form": PhoneForm()})
    form = PhoneForm(request.POST)
    if form.is_valid():
        phone = tidy_phone(form.cleaned_data["phone"]) or ""
        try:
            code = people.make_phone_code(phone=phone, visitor=request.visitor, at=request.at)
        except Refusal as refusal:
            form.add_error("phone", str(refusal))
        else:
            _send(request, phone, code)
            request.session["asking"] = phone
            return render(request, "portal/my.html", {"form": PhoneCodeForm()})
    return render(request, "portal/my.html", {"form": form}, status=422)


def _send(request: Request, phone: str, code: str) -> None:
    index = phone_index(phone)
    known: Voice | Application | None = Voice.objects.filter(phone_index=index).order_by("-id").first()
    known = known or Application.objects.filter(phone_index=index).exclude(state=State.DRAFT).newest().first()
    if known:
        outbox.write(
            template="phone.code",
            way="sms",
            address=phone,
            about=known,
            event=f"sign_in.{int(request.at.timestamp())}",
            context={"code": code, "minutes": str(CODE_MINUTES)},
            at=request.at,
            urgent=True,
            language=get_language() or "zh-hans",
        )


@public
@never_cache
@require_POST
def my_code(request: Request) -> HttpResponse:
    """Let in who knows the code that was sent to the phone."""
    phone = request.session.get("asking", "")
    if not phone:
        return redirect("my")
    form = PhoneCodeForm(request.POST)
    if form.is_valid():
        if people.check_phone_code(phone=phone, code=form.cleaned_data["code"], at=request.at):
            request.session.cycle_key()
            del request.session["asking"]
            until = int(request.at.timestamp()) + PHONE_SECONDS
            request.session["phone"] = {"index": phone_index(phone), "until": until}
            return redirect("my")
        form.add_error(
            "code",
            _("This code does not fit, or it is too old. Please look at the newest message, or send a new code."),
        )
    return render(request, "portal/my.html", {"form": form}, status=422)
