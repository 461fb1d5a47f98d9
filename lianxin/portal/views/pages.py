"""Pages that explain, and addresses for machines that watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_safe

from lianxin.ledger import figures as record
from lianxin.ledger.models import Verification
from lianxin.people.rules import public
from lianxin.portal.views.visitor import Request

STEPS = [
    (_("You speak"), _("Here, by phone, at a window, in a letter. You need no account. You get a receipt at once.")),
    (_("We read and sort it"), _(
        "One voice may hold several points, and several voices may be about one matter. Each point is "
        "answered at once, passed to whoever is responsible with a word to you, or becomes a matter to be "
        "settled."
    )),
    (_("It is decided who takes care of it"), _(
        "What one office cannot settle is talked over by all whom it concerns. One office leads, one person "
        "answers for the whole, and a date is promised to you."
    )),
    (_("It is worked on"), _("You see each step. If it takes longer, you are told why before the date has passed.")),
    (_("Somebody else checks"), _("Not the one who did the work.")),
    (_("You are answered, and you have the last word"), _(
        "Solved or not, satisfied or not: your answer counts in the public figures."
    )),
]  # fmt: skip
SIGN_OF_LIFE = "worker.alive"  # written by `manage.py worker` into the data folder
ROOTS_ON_PAGE, ROOTS_FOR_MACHINES = 30, 100  # days
CLOSED_TO_ROBOTS = ("track", "my", "receipt", "hall/ticket", "hall/appointment", "desk")
ROBOTS = "".join(["User-agent: *\n", *(f"Disallow: /{path}/\n" for path in CLOSED_TO_ROBOTS), "Disallow: /sign-in\n"])


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say how a voice becomes an answer."""
    return render(request, "portal/about.html", {"steps": STEPS})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept of a person, and who sees it."""
    return render(request, "portal/privacy.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say for whom this site is made, and where it falls short."""
    return render(request, "portal/accessibility.html")


@public
@require_safe
def ledger(request: Request) -> HttpResponse:
    """Show the root of each day, and how to check a history against it."""
    return render(
        request,
        "portal/ledger.html",
        {"seals": _seals(request, ROOTS_ON_PAGE), "verified": Verification.objects.last()},
    )


@public
@require_safe
def ledger_json(request: Request) -> HttpResponse:
    """Give the daily roots to machines, so that others can keep them."""
    seals = _seals(request, ROOTS_FOR_MACHINES)
    roots = [{"size": s["size"], "root": s["root"], "at": s["at"].isoformat()} for s in seals]
    return JsonResponse({"roots": roots, "verified": _verified()})


def _verified() -> dict[str, Any] | None:
    last = Verification.objects.last()
    if last is None:
        return None
    root = bytes(last.root).hex()
    return {"at": last.at.isoformat(), "size": last.size, "root": root, "findings": last.findings}


def _seals(request: Request, days: int) -> list[dict[str, Any]]:
    today = timezone.localdate(request.at)
    found = record.daily_roots(today - timedelta(days=back) for back in range(days))
    return [{"size": seal.size, "root": bytes(seal.root).hex(), "at": seal.at} for seal in found]


@public
@never_cache
@require_GET
def healthz(request: Request) -> HttpResponse:
    """Say to a watching machine whether the database answers, and how many seconds ago the worker last gave a sign."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True, "worker_seconds": _since_sign_of_life(request)})


def _since_sign_of_life(request: Request) -> int | None:
    try:
        sign = (settings.DATA / SIGN_OF_LIFE).stat().st_mtime
    except OSError:
        return None
    return max(0, int(request.at.timestamp() - sign))


@public
@require_safe
@cache_control(max_age=86400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Ask search engines to stay away from what belongs to one person."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@public
@require_safe
@cache_control(max_age=86400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for the old address to the mark."""
    return HttpResponseRedirect(staticfiles_storage.url("face/mark.svg"))
