"""Badges: which are outdated, and the paper to print."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.forms.hall import BadgeForm
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.hall.which import kept_hall
from lianxin.desk.views.officer import Request, not_here
from lianxin.people.rules import Power, power
from lianxin.serve.actions import badge as printing
from lianxin.serve.models import Badge

PUBLIC_PATH = "/hall/badge/"


@power(Power.HALL)
@never_cache
@require_safe
def badges(request: Request) -> HttpResponse:
    """Show the badges in use, the outdated first."""
    today = timezone.localdate(request.at)
    rows = Badge.objects.valid().select_related("holder", "post__office", "window", "backup").order_by("holder__name")
    marked = sorted(((row, row.is_outdated(today)) for row in rows), key=lambda pair: not pair[1])
    return render(request, "desk/hall/badges.html", {"rows": marked})


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def print_badge(request: Request) -> HttpResponse:
    """Make a badge."""
    hall = kept_hall(request) or not_here()
    form = BadgeForm(posted(request), hall=hall, at=request.at)
    return ask(
        request, form, lambda: printing.print_badge(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("New badge"), submit=gettext("Make the badge"), done=gettext("The badge is made. Print it now."),
        back=reverse("desk:badges"),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_safe
def badge_paper(request: Request, pk: int) -> HttpResponse:
    """Show a badge as it is printed, with the code that leads to its public page."""
    rows = Badge.objects.valid().select_related("holder", "post__office", "window", "backup")
    found = rows.filter(pk=pk).first() or not_here()
    address = f"{settings.PUBLIC_URL}{PUBLIC_PATH}{found.key}/"
    drawing = segno.make(address, error="m").svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None)
    context = {
        "badge": found, "office": found.post.office.name, "date": timezone.localdate(found.printed_at),
        "qr": mark_safe(drawing),  # noqa: S308 - drawn by us from an address of ours
    }  # fmt: skip
    return render(request, "desk/hall/badge_paper.html", context)
