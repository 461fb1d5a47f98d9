"""Telephones that carry files: who carries which, when it was last heard of, what waits on it, how it is emptied."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.field.deeds import VERSION
from lianxin.field.forms import WipeForm
from lianxin.field.views.officer import Request, ask, not_here, page_of, posted
from lianxin.people.rules import Power, power
from lianxin.record import actions
from lianxin.record.models import Handset

CARRIES = (Power.VISIT, Power.ACCOUNTS, Power.SUBSTITUTE)  # one's own, and those that one may look after


@power(*CARRIES)
@never_cache
@require_safe
def handsets(request: Request) -> HttpResponse:
    """List the telephones, those that were not heard of for longest first and those that are empty last."""
    rows = Handset.objects.visible_to(request.user).select_related("user", "wipe_asked_by")
    page = page_of(request, rows.order_by("wiped_at", "seen_at", "id"))
    may_carry = request.user.standing.may(Power.VISIT, anywhere=True)
    return render(request, "field/handsets.html", {"page": page, "version": VERSION, "may_carry": may_carry})


@power(*CARRIES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wipe(request: Request, pk: int) -> HttpResponse:
    """Ask that a telephone forget everything when it is next heard of."""
    handset = Handset.objects.visible_to(request.user).select_related("user").filter(pk=pk).first() or not_here()
    form = WipeForm(posted(request))
    intro = gettext(
        "%(name)s, carried by %(user)s. Entries that waited on it when it was last heard of: %(count)s. They are sent"
        " first if its officer opens it with the PIN, and set aside for the keeper of the files; otherwise they are"
        " lost."
    )
    return ask(
        request, form, lambda: actions.ask_wipe(handset, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Empty a telephone"), submit=gettext("Empty it at the next contact"),
        done=gettext("It forgets everything as soon as it finds a network."), back=reverse("field:handsets"),
        intro=intro % {"name": handset.name, "user": handset.user, "count": handset.waiting},
    )  # fmt: skip
