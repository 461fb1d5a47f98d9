"""Bringing in a list: look, try, take in; the worker does the work, the page shows how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.intake import ColumnsForm, ListForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import is_part, page_of
from lianxin.desk.views.sheet import csv_file
from lianxin.kit.refusal import Refusal
from lianxin.listen import actions as listen
from lianxin.listen.channels import listing
from lianxin.listen.models import Intake
from lianxin.people.rules import Power, power

ON_A_PAGE = 25
ERRORS_SHOWN = 50


@power(Power.IMPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: Request) -> HttpResponse:
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
                return redirect("desk:intake_list", opened.pk)
    lists = Intake.objects.select_related("file", "by").order_by("-id")
    page = page_of(lists, request.GET.get("page"), ON_A_PAGE)
    return render(request, "desk/intake/intake.html", {"form": form, "page": page}, status=status)


@power(Power.IMPORT)
@never_cache
@require_safe
def intake_list(request: Request, pk: int) -> HttpResponse:
    """Show one list: its columns while it waits, how far it is while it runs, what came of it afterwards."""
    found = _found(pk)
    if is_part(request):
        return render(request, "desk/intake/progress.html", _facts(found))
    return _show(request, found)


@power(Power.IMPORT)
@never_cache
@require_POST
def begin_intake(request: Request, pk: int) -> HttpResponse:
    """Begin with a list, or only try it. A list that was tried is opened anew, so that the trial stays on record."""
    found = _found(pk)
    seen = listing.look(found)
    form = ColumnsForm(request.POST, header=seen.header, mapping=seen.mapping)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        if found.dry and found.state == Intake.State.DONE:
            found = listen.open_intake(found.file, total=found.total, by=request.user, at=request.at)
        dry = form.cleaned_data["dry"]
        listing.begin_list(found, mapping=form.mapping(), dry=dry, by=request.user, at=request.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, found, form, status=refusal.status)
    return redirect("desk:intake_list", found.pk)


@power(Power.IMPORT)
@never_cache
@require_POST
def stop_intake(request: Request, pk: int) -> HttpResponse:
    """Stop a list after the rows that are being written."""
    return _turn(request, pk, listen.stop_intake, gettext("Stopped. What was taken in stays."))


@power(Power.IMPORT)
@never_cache
@require_POST
def resume_intake(request: Request, pk: int) -> HttpResponse:
    """Go on with a stopped list."""
    return _turn(request, pk, listen.resume_intake, gettext("It goes on where it stood."))


@power(Power.IMPORT)
@never_cache
@require_safe
def intake_errors(request: Request, pk: int) -> HttpResponse:
    """Give the rows that could not be taken as a CSV, each with its trouble; names and phones are masked."""
    found = _found(pk)
    columns = sorted(set(found.mapping.values()))
    rows = (
        (error.row, error.trouble, *(error.cells.get(column, "") for column in columns))
        for error in found.errors.order_by("row").iterator()
    )
    return csv_file(f"list-{found.pk}-errors.csv", (gettext("row"), gettext("trouble"), *columns), rows)


def _turn(request: Request, pk: int, action: Any, done: str) -> HttpResponse:
    found = _found(pk)
    try:
        action(found, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("desk:intake_list", found.pk)


def _found(pk: int) -> Intake:
    return Intake.objects.select_related("file", "by").filter(pk=pk).first() or not_here()


def _show(request: Request, found: Intake, form: ColumnsForm | None = None, *, status: int = 200) -> HttpResponse:
    is_ready = found.state == Intake.State.MAPPED or (found.dry and found.state == Intake.State.DONE)
    context = _facts(found) | {"is_ready": is_ready}
    if is_ready:
        seen = listing.look(found)
        form = form or ColumnsForm(header=seen.header, mapping=found.mapping or seen.mapping)
        samples = list(zip(*(_wide(row, len(seen.header)) for row in seen.rows), strict=True))
        fields = [form[f"column_{place}"] for place in range(len(seen.header))]
        context |= {"form": form, "seen": seen, "columns": list(zip(fields, samples, strict=True))}
    return render(request, "desk/intake/list.html", context, status=status)


def _wide(row: tuple[str, ...], length: int) -> tuple[str, ...]:
    """Return a row with a cell for each column."""
    return (*row, *[""] * length)[:length]


def _facts(found: Intake) -> dict[str, Any]:
    share = min(1000, round(1000 * found.row / found.total)) if found.total else 0
    errors = list(found.errors.order_by("row")[:ERRORS_SHOWN]) if found.failed else []
    return {
        "intake": found,
        "share": share,
        "percent": share // 10,
        "errors": errors,
        "is_running": found.state == Intake.State.RUNNING,
    }
