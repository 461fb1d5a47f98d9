"""Answers told in public: reviewed by a second person, without names."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianxin.listen.models import Subject
from lianxin.people.rules import public
from lianxin.places.models import Area
from lianxin.portal.forms import SearchForm
from lianxin.portal.views.visitor import Request
from lianxin.resolve.models import Publication

ON_A_PAGE = 20


@public
@require_safe
def answers(request: Request) -> HttpResponse:
    """Show what was said and answered, newest first; searched by words, subject and place."""
    form = SearchForm(request.GET, day=timezone.localdate(request.at))
    chosen = form.chosen()
    found = Publication.objects.published().with_facts()
    if words := chosen.get("q"):
        found = found.search(words)
    if "subject" in chosen and (subject := Subject.objects.filter(pk=chosen["subject"]).first()):
        found = found.about(subject)
    if "area" in chosen and (area := Area.objects.defer("outline").filter(pk=chosen["area"]).first()):
        found = found.within(area)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/answers.html", {"form": form, "page": page, "searched": bool(chosen)})


@public
@require_safe
def answer(request: Request, pk: int) -> HttpResponse:
    """Show one matter: what was asked, what was answered, how long it took."""
    published = Publication.objects.published().with_facts()
    return render(request, "portal/answer.html", {"answer": get_object_or_404(published, pk=pk)})
