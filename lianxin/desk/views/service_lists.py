"""Lists of services brought in: look, map, take in; the worker does the work, the page shows how far it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.intake import ColumnsForm, ListForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import is_part, page_of
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.serve.channels import listing
from lianxin.serve.models import CatalogueIntake
from lianxin.serve.rules.catalogue import Column, Gap

ON_A_PAGE = 25


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_services(request: Request) -> HttpResponse:
    """Show the lists that were brought in; a file sent here is kept and shown before anything is taken from it."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                opened, _seen = listing.open_list(content=file.read(), name=file.name, by=request.user, at=request.at)
            except Refusal as refusal:
                form.add_error("file", str(refusal))
                status = refusal.status
            else:
                return redirect("desk:service_list", opened.pk)
    lists = CatalogueIntake.objects.select_related("file", "by").order_by("-id")
    page = page_of(lists, request.GET.get("page"), ON_A_PAGE)
    return render(request, "desk/services/import.html", {"form": form, "page": page}, status=status)


@power(Power.CATALOGUE)
@never_cache
@require_safe
def service_list(request: Request, pk: int) -> HttpResponse:
    """Show one list: its columns while it waits, how far it is while it runs, the gaps that are left afterwards."""
    found = _found(pk)
    if is_part(request):
        return render(request, "desk/services/progress.html", _facts(found))
    return _show(request, found)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def begin_services(request: Request, pk: int) -> HttpResponse:
    """Begin with a list: as drafts, or before everybody's eyes with the gaps marked."""
    found = _found(pk)
    if found.state != CatalogueIntake.State.MAPPED:
        return redirect("desk:service_list", pk)
    seen = listing.look(found)
    form = ColumnsForm(request.POST, header=seen.header, mapping=seen.mapping, kinds=Column.choices)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        publishes = "draft" not in request.POST
        listing.begin_list(found, mapping=form.mapping(), publishes=publishes, by=request.user, at=request.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, found, form, status=refusal.status)
    return redirect("desk:service_list", found.pk)


def _found(pk: int) -> CatalogueIntake:
    return CatalogueIntake.objects.select_related("file", "by").filter(pk=pk).first() or not_here()


def _show(
    request: Request, found: CatalogueIntake, form: ColumnsForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = _facts(found) | {"is_ready": found.state == CatalogueIntake.State.MAPPED}
    if context["is_ready"]:
        seen = listing.look(found)
        form = form or ColumnsForm(header=seen.header, mapping=seen.mapping, kinds=Column.choices)
        samples = list(zip(*((*row, *[""] * len(seen.header))[: len(seen.header)] for row in seen.rows), strict=True))
        fields = [form[f"column_{place}"] for place in range(len(seen.header))]
        context |= {"form": form, "seen": seen, "columns": list(zip(fields, samples, strict=True))}
    return render(request, "desk/services/list.html", context, status=status)


def _facts(found: CatalogueIntake) -> dict[str, Any]:
    share = min(1000, round(1000 * found.row / found.total)) if found.total else 0
    gaps = [(Gap(key), count) for key, count in sorted(found.gaps.items(), key=lambda pair: -pair[1])]
    return {
        "intake": found,
        "share": share,
        "percent": share // 10,
        "gaps": gaps,
        "is_running": found.state == CatalogueIntake.State.RUNNING,
    }
