"""The first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.people.rules import public
from lianxin.portal.views.figures import headline
from lianxin.portal.views.visitor import Request
from lianxin.resolve.models import Publication

ANSWERS_SHOWN = 3


@public
@require_safe
def home(request: Request) -> HttpResponse:
    """Show the doors: what a person may want here, and what came of what others said."""
    latest = Publication.objects.published().with_facts()
    return render(request, "portal/home.html", {"answers": latest[:ANSWERS_SHOWN], "figures": headline(request)})
