"""Rating a single contact: at a window by the key of the number, at a home by the number of the visit and its code."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.kit.crypto import same
from lianxin.kit.reference import tidy, tidy_code
from lianxin.kit.refusal import Refusal
from lianxin.listen.models import code_of
from lianxin.people.rules import public
from lianxin.portal.forms.application import RateForm
from lianxin.portal.forms.receipt import code_field
from lianxin.portal.views.visitor import Request, may_go_on
from lianxin.serve import actions as serve
from lianxin.serve.models import HomeVisit, Rating, Ticket

TRIES, TRIES_SECONDS = 20, 600


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate_contact(request: Request, key: str) -> HttpResponse:
    """Ask how somebody was served, and take it; the key is on the paper, on the screen, or in the message."""
    ticket = Ticket.objects.filter(key=key[:16]).select_related("line", "window", "hall").first()
    home = None if ticket else HomeVisit.objects.filter(number=tidy(key[:60])).select_related("hall").first()
    if ticket is None and home is None:
        raise Http404
    about = (
        " · ".join(str(part) for part in (ticket.window, ticket.line, ticket.label) if part) if ticket else str(home)
    )
    is_rated = Rating.objects.filter(ticket=ticket, home=home).exists()
    form = RateForm(request.POST if request.method == "POST" else None)
    if home:
        form.fields["code"] = code_field(_("The six digits in the message."))
    status = 200
    if request.method == "POST" and not is_rated:
        status = 422
        if not may_go_on(request, "rate", TRIES, TRIES_SECONDS):
            form.add_error(None, _("There were too many tries. Please wait ten minutes, or call us."))
            status = 429
        elif form.is_valid():
            said = dict(form.cleaned_data)
            code = said.pop("code", "")
            if home and not same(tidy_code(code[:60]), code_of(home.number)):
                form.add_error("code", _("This is not the code of this visit."))
            else:
                try:
                    serve.rate_contact(ticket=ticket, home=home, **said, at=request.at)
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                    status = refusal.status
                else:
                    return redirect("rate_contact", key)
    context = {"form": form, "about": about, "rated": is_rated}
    return render(request, "portal/hall/rate.html", context, status=status)
