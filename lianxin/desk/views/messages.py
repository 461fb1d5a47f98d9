"""Messages: those that did not arrive are a task until somebody has reached the person; the others can be looked up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages as notices
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.voices import MessagesForm, SettleForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.desk.views.voices import light_of, words_of
from lianxin.kit.refusal import Refusal
from lianxin.outbox import actions as outbox
from lianxin.outbox import figures
from lianxin.outbox.models import Message
from lianxin.people.rules import Power, power
from lianxin.resolve.models.duties import Duty, duties

ON_A_PAGE = 30
DAYS = 30  # of which the fates are counted


@power(Power.MESSAGES)
@never_cache
@require_safe
def messages(request: Request) -> HttpResponse:
    """Show what did not arrive, oldest first; or what did, newest first."""
    return render(request, "desk/messages/messages.html", _listed(request))


@power(Power.MESSAGES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: Request, pk: int) -> HttpResponse:
    """Put down how the person was reached another way."""
    message = _mine(request).filter(pk=pk).first() or not_here()
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            outbox.settle(message, how=form.how(), by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            notices.success(request, gettext("Settled. How the person was reached is on record."))
            return redirect("desk:messages")
    context = {**_listed(request), "message": message, "settle_form": form}
    return render(request, "desk/messages/messages.html", context, status=422 if form.errors else 200)


@power(Power.MESSAGES)
@never_cache
@require_POST
def resend(request: Request, pk: int) -> HttpResponse:
    """Send a message once more."""
    message = _mine(request).filter(pk=pk).first() or not_here()
    try:
        outbox.resend(message, by=request.user, at=request.at)
    except Refusal as refusal:
        notices.error(request, str(refusal))
    else:
        notices.success(request, gettext("It will be sent once more."))
    return redirect("desk:messages")


def _mine(request: Request) -> QuerySet[Message]:
    found: QuerySet[Message] = duties(request.user, request.at)[Duty.MESSAGES]
    return found.select_related("template", "office").order_by("id")


def _listed(request: Request) -> dict[str, Any]:
    form = MessagesForm(request.GET)
    chosen = form.chosen()
    fate = chosen.get("fate", MessagesForm.TROUBLE)
    found = _mine(request) if fate == MessagesForm.TROUBLE else _of_fate(request, fate)
    if words := chosen.get("q"):
        found = found.filter(about_label__icontains=words)
    page = page_of(found, request.GET.get("page"), ON_A_PAGE)
    for message in page.object_list:
        message.light, message.words = light_of(message.state), words_of(message.state)
    return {"form": form, "page": page, "fate": fate, "days": DAYS, "fates": _fates(request)}


def _of_fate(request: Request, fate: str) -> QuerySet[Message]:
    states = MessagesForm.FATES[fate][1]
    found = Message.objects.visible_to(request.user).filter(state__in=states)
    return found.select_related("template", "office").newest_first()


def _fates(request: Request) -> list[dict[str, Any]]:
    """Return each fate with how many messages of the last days had it, and where they are shown."""
    lately = Message.objects.visible_to(request.user).due_since(request.at - timedelta(days=DAYS))
    counted = figures.fates(lately)
    return [
        {"key": key, "words": words, "count": getattr(counted, key)} for key, (words, _s) in MessagesForm.FATES.items()
    ]
