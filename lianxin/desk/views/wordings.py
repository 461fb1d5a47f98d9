"""The words of documents, and which office stands behind a name in the processes: rows, kept by the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.desk.forms.application import SeatForm, WordingForm
from lianxin.desk.forms.deed import choose_offices
from lianxin.desk.views.officer import Request
from lianxin.flow.models import Process
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.serve import actions
from lianxin.serve.models import Seat, Wording
from lianxin.serve.papers.document import PLACES
from lianxin.serve.rules.application import Paper


@require_GET
@power(Power.CATALOGUE)
def wordings(request: Request) -> HttpResponse:
    """Show the documents and the words that are in use."""
    found = [(paper, Wording.objects.filter(paper=paper, service_number="").order_by("-version").first())
             for paper in Paper]  # fmt: skip
    return render(request, "desk/applications/wordings.html", {"wordings": found})


@require_http_methods(["GET", "POST"])
@power(Power.CATALOGUE)
def wording(request: Request, paper: str) -> HttpResponse:
    """Show the words of one document, or put new ones into use."""
    if paper not in Paper.values:
        raise Http404
    newest = Wording.objects.filter(paper=paper, service_number="").order_by("-version").first()
    initial = {"title": newest.title, "body": newest.body} if newest else {"title": Paper(paper).label}
    form = WordingForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"form": form, "paper": Paper(paper), "places": sorted(PLACES), "newest": newest}
    if request.method == "GET":
        return render(request, "desk/applications/wording.html", context)
    if _done(form, request, actions.new_wording, paper=paper):
        messages.success(request, _("In use from now on. What was issued keeps its words."))
        return redirect("desk:wordings")
    return render(request, "desk/applications/wording.html", context, status=422)


@require_http_methods(["GET", "POST"])
@power(Power.CATALOGUE)
def seats(request: Request) -> HttpResponse:
    """Show which office stands behind each name in the processes, or say so for one."""
    form = SeatForm(request.POST if request.method == "POST" else None)
    choose_offices(form, "office", at=request.at)
    if request.method == "POST" and _done(form, request, actions.seat):
        messages.success(request, _("Noted. It counts for what is accepted from now on."))
        return redirect("desk:seats")
    known = list(Seat.objects.select_related("office").order_by("key"))
    named = {key for process in Process.objects.in_force(request.at) for key in process.parsed.offices} - {"own"}
    context = {"form": form, "seats": known, "missing": sorted(named - {row.key for row in known})}
    return render(request, "desk/applications/seats.html", context, status=422 if form.is_bound else 200)


def _done(form: forms.Form, request: Request, action: Any, **more: Any) -> bool:
    """Call the action with what the form holds and tell whether it was done; a refusal stands in the form."""
    if not form.is_valid():
        return False
    try:
        action(**form.cleaned_data, **more, by=request.user, at=request.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
