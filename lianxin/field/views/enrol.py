"""Setting up a telephone: the one page of the app for which one signs in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.field.views.officer import Request
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.record import actions


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: Request) -> HttpResponse:
    """Ask for a PIN, which never leaves the telephone, and give the telephone its key, as JSON to its own script."""
    if request.method != "POST":
        return render(request, "field/enrol.html")
    try:
        client_id = UUID(request.POST.get("client_id", ""))
        name = request.POST.get("name", "")
        handset, key = actions.enrol(user=request.user, client_id=client_id, name=name, by=request.user, at=request.at)
    except (ValueError, Refusal) as trouble:
        return JsonResponse({"words": str(trouble)}, status=422)
    return JsonResponse({"key": key, "officer": request.user.name, "at": request.at, "name": handset.name})
