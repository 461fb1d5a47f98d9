"""May I? A few questions before applying; nothing of them is kept."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.people.rules import public
from lianxin.portal.views.visitor import Request
from lianxin.serve.models import Service
from lianxin.sheets.forms import form_of
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import Then

LIGHTS = {Then.APPLY: "ok", Then.NEED: "near", Then.ELSEWHERE: "wait"}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: Request, number: str) -> HttpResponse:
    """Ask what decides about a service, and say: you may apply, you need this first, or not you, but there."""
    if "\x00" in number:
        raise Http404
    today = timezone.localdate(request.at)
    service = get_object_or_404(Service.objects.live(today).exclude(self_check_key=""), number=number)
    sheet = Sheet.objects.current(service.self_check_key, request.at)
    if sheet is None:
        raise Http404
    form = form_of(sheet, request.POST if request.method == "POST" else None, today=today)
    context = {"service": service, "sheet": sheet, "form": form}
    if form.is_valid():
        found = form.outcome
        context |= {"outcome": found, "asked": True, "light": LIGHTS[found.then] if found else "wait"}
    return render(request, "portal/services/check.html", context, status=422 if form.errors else 200)
