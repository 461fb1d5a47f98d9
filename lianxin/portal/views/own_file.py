"""A household's own file: seen with number and code, and objected to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.kit.refusal import Refusal
from lianxin.people.rules import public
from lianxin.portal.forms.own_file import ObjectForm, OwnFileForm
from lianxin.portal.views.visitor import Request, is_open, may_go_on, unlock
from lianxin.record import actions
from lianxin.record.models import Household

TRIES, TRIES_SECONDS = 12, 600
OBJECTIONS, OBJECTIONS_SECONDS = 10, 3600


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_file(request: Request) -> HttpResponse:
    """Ask for the number of the file and its code, and open it."""
    form = OwnFileForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "portal/own_file.html", {"form": form})
    if not may_go_on(request, "own_file", TRIES, TRIES_SECONDS):
        form.add_error(None, _("There were too many tries. Please wait ten minutes, or call us."))
        return render(request, "portal/own_file.html", {"form": form}, status=429)
    found = actions.with_code(form.cleaned_data["number"], form.cleaned_data["code"]) if form.is_valid() else None
    if found is None:
        form.add_error(None, _("Number and code do not belong together. Please compare them with your card."))
        return render(request, "portal/own_file.html", {"form": form}, status=422)
    unlock(request, found)
    return redirect("own_file_open", found.number)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_file_open(request: Request, number: str) -> HttpResponse:
    """Show the household what its file says, and take down what it says is wrong."""
    household = Household.objects.open().filter(number=number[:24]).select_related("area").first()
    if household is None or not is_open(request, household.number):
        return redirect("own_file")
    form = ObjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not may_go_on(request, "object", OBJECTIONS, OBJECTIONS_SECONDS):
            form.add_error(None, _("There were too many tries. Please wait ten minutes, or call us."))
        else:
            try:
                actions.object_to(household, words=form.cleaned_data["words"], at=request.at)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Written down. You read here what becomes of it."))
                return redirect("own_file_open", household.number)
    context = {
        "household": household, "form": form,
        "people": household.residents.living().order_by("-is_head", "id"),
        "facts": household.facts.filter(ends=None).select_related("kind", "resident").order_by("kind__of", "id"),
        "objections": household.objections.order_by("-id"),
    }  # fmt: skip
    return render(request, "portal/own_file_open.html", context, status=422 if form.errors else 200)
