"""Bringing in a list: look, try, take in, mend; the worker does the work, the page shows how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.intake import ColumnsForm, ListForm, RowForm
from lianxin.desk.listings import POWERS, SHOWN, Shown, offered
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import is_part, page_of
from lianxin.desk.views.sheet import csv_file
from lianxin.intake import actions
from lianxin.intake.models import Intake, IntakeError
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import power

ON_A_PAGE = 25
ERRORS_SHOWN = 50


@power(*POWERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: Request) -> HttpResponse:
    """Show the lists that were brought in; a file sent here is kept and shown before anything is taken from it."""
    may = offered(request.user)
    kinds = [(kind, shown.title) for kind, shown in may.items()]
    asked = {"kind": request.GET.get("kind", "")}
    form = ListForm(request.POST, request.FILES, kinds=kinds) if request.method == "POST" else None
    status = 200
    if form:
        status = 422
        if form.is_valid():
            file, listing = form.cleaned_data["file"], may[form.cleaned_data["kind"]].listing
            try:
                opened, _seen = actions.open_list(
                    listing, content=file.read(), name=file.name, by=request.user, at=request.at
                )
            except Refusal as refusal:
                form.add_error("file", str(refusal))
                status = refusal.status
            else:
                return redirect("desk:intake_list", opened.pk)
    page = page_of(_lists(request).order_by("-id"), request.GET.get("page"), ON_A_PAGE)
    for each in page:
        each.title = SHOWN[each.kind].title
    context = {"form": form or ListForm(initial=asked, kinds=kinds), "page": page, "kinds": may.values()}
    return render(request, "desk/intake/intake.html", context, status=status)


@power(*POWERS)
@never_cache
@require_safe
def intake_list(request: Request, pk: int) -> HttpResponse:
    """Show one list: its columns while it waits, how far it is while it runs, what came of it afterwards."""
    found = _found(request, pk)
    if is_part(request):
        return render(request, "desk/intake/progress.html", _facts(found))
    return _show(request, found)


@power(*POWERS)
@never_cache
@require_POST
def begin_intake(request: Request, pk: int) -> HttpResponse:
    """Begin with a list, or only try it. A list that was tried is opened anew, so that the trial stays on record."""
    found = _found(request, pk)
    if not _is_ready(found):
        messages.error(request, gettext("This list has been begun already."))
        return redirect("desk:intake_list", found.pk)
    shown = SHOWN[found.kind]
    form = _columns(shown, actions.look(found, listing=shown.listing), request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    told = {"mapping": form.mapping(), "way": form.cleaned_data["way"], "dry": form.cleaned_data["dry"]}
    try:
        if found.dry and found.state == Intake.State.DONE:
            found = actions.open_again(found, listing=shown.listing, by=request.user, at=request.at)
        actions.begin_intake(found, listing=shown.listing, **told, by=request.user, at=request.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, found, form, status=refusal.status)
    return redirect("desk:intake_list", found.pk)


@power(*POWERS)
@never_cache
@require_POST
def stop_intake(request: Request, pk: int) -> HttpResponse:
    """Stop a list after the rows that are being written."""
    return _turn(request, pk, actions.stop_intake, gettext("Stopped. What was taken in stays."))


@power(*POWERS)
@never_cache
@require_POST
def resume_intake(request: Request, pk: int) -> HttpResponse:
    """Go on with a stopped list."""
    return _turn(request, pk, actions.resume_intake, gettext("It goes on where it stood."))


@power(*POWERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mend_row(request: Request, pk: int, row: int) -> HttpResponse:
    """Show a row that could not be taken as it stands in the file; take it in as it is sent back."""
    found = _found(request, pk)
    error = found.errors.filter(row=row, mended_at=None).first() or not_here()
    listing = SHOWN[found.kind].listing
    cells = actions.cells_of(error, listing=listing)
    form = RowForm(request.POST if request.method == "POST" else None, cells=cells)
    status, trouble = 200, error.trouble
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.mend_row(error, listing=listing, cells=form.cells(), by=request.user, at=request.at)
            except Refusal as refusal:
                status, trouble = refusal.status, str(refusal)
            else:
                messages.success(request, gettext("The row is taken in."))
                return redirect("desk:intake_list", found.pk)
    context = {"intake": found, "error": error, "form": form, "trouble": trouble}
    return render(request, "desk/intake/row.html", context, status=status)


@power(*POWERS)
@never_cache
@require_safe
def intake_errors(request: Request, pk: int) -> HttpResponse:
    """Give the rows that could not be taken as a CSV, each with its trouble; names and phones are masked."""
    found = _found(request, pk)
    columns = sorted(set(found.mapping.values()))
    rows = (
        (error.row, error.trouble, *(error.cells.get(column, "") for column in columns))
        for error in _open_errors(found).iterator()
    )
    return csv_file(f"list-{found.pk}-errors.csv", (gettext("row"), gettext("trouble"), *columns), rows)


def _turn(request: Request, pk: int, action: Any, done: str) -> HttpResponse:
    found = _found(request, pk)
    try:
        action(found, listing=SHOWN[found.kind].listing, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("desk:intake_list", found.pk)


def _lists(request: Request) -> QuerySet[Intake]:
    return Intake.objects.of(offered(request.user)).select_related("file", "by")


def _found(request: Request, pk: int) -> Intake:
    return _lists(request).filter(pk=pk).first() or not_here()


def _columns(
    shown: Shown, seen: actions.Preview, sent: Any = None, mapping: dict[str, str] | None = None
) -> ColumnsForm:
    return ColumnsForm(
        sent,
        header=seen.header,
        mapping=mapping or seen.mapping,
        columns=shown.listing.columns,
        ways=[way.key for way in shown.ways],
    )


def _show(request: Request, found: Intake, form: ColumnsForm | None = None, *, status: int = 200) -> HttpResponse:
    context = _facts(found) | {"is_ready": _is_ready(found)}
    if context["is_ready"]:
        shown = SHOWN[found.kind]
        seen = actions.look(found, listing=shown.listing)
        form = form or _columns(shown, seen, mapping=found.mapping)
        samples = list(zip(*(_wide(row, len(seen.header)) for row in seen.rows), strict=True))
        fields = [form[f"column_{place}"] for place in range(len(seen.header))]
        context |= {"form": form, "seen": seen, "columns": list(zip(fields, samples, strict=True))}
    return render(request, "desk/intake/list.html", context, status=status)


def _is_ready(found: Intake) -> bool:
    return found.state == Intake.State.MAPPED or (found.dry and found.state == Intake.State.DONE)


def _wide(row: tuple[str, ...], length: int) -> tuple[str, ...]:
    """Return a row with a cell for each column."""
    return (*row, *[""] * length)[:length]


def _open_errors(found: Intake) -> QuerySet[IntakeError]:
    return found.errors.filter(mended_at=None).order_by("row")


def _facts(found: Intake) -> dict[str, Any]:
    shown = SHOWN[found.kind]
    share = min(1000, round(1000 * found.row / found.total)) if found.total else 0
    tallies = sorted(found.tally.items(), key=lambda pair: -pair[1])
    return {
        "intake": found,
        "shown": shown,
        "share": share,
        "percent": share // 10,
        "errors": list(_open_errors(found)[:ERRORS_SHOWN]) if found.failed else [],
        "tallies": [(key, shown.tallies.get(key, key), count) for key, count in tallies],
        "is_running": found.state == Intake.State.RUNNING,
    }
