"""Writing a sheet: a new one, one from a file, and the table of its questions and answers."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.desk.forms.sheets import NewSheetForm, SheetEditor, SheetFileForm, changed
from lianxin.desk.views.officer import Request
from lianxin.desk.views.sheets import found, listed
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.sheets import actions
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import FIELDS_MAX, OUTCOMES_MAX, Kind, Then, faults

NEW_FIELD: dict[str, Any] = {"key": "", "label": "", "kind": Kind.TEXT.value}
NEW_ANSWER: dict[str, Any] = {"says": "", "then": Then.NEED.value}
# add, up:3, down:3, remove:3; the answers of the sheet carry "answer-" before it.
MOVE = re.compile(r"(answer-)?(add|up|down|remove)(?::(\d{1,3}))?")


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft_sheet(request: Request) -> HttpResponse:
    """Begin a sheet that has not been there."""
    form = NewSheetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            draft = actions.draft_sheet(**form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error("key", str(refusal))
        else:
            return redirect("desk:edit_sheet", draft.pk)
    return _new(request, form=form, file_form=SheetFileForm(), status=422 if form.errors else 200)


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring_sheet(request: Request) -> HttpResponse:
    """Make a draft of a sheet that a file holds."""
    form = SheetFileForm(request.POST, request.FILES) if request.method == "POST" else SheetFileForm()
    if form.is_valid():
        try:
            draft = actions.bring_sheet(form.cleaned_data["file"], by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, gettext("The sheet is brought in as a draft. Look through it before publishing."))
            return redirect("desk:sheet", draft.pk)
    return _new(request, form=NewSheetForm(), file_form=form, status=422 if form.errors else 200)


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_sheet(request: Request, pk: int) -> HttpResponse:
    """Change a draft. Every button keeps what was written; some move a row as well."""
    one = found(request, pk)
    if not one.is_draft:
        messages.error(request, gettext("This version is published and stays as it is. Please make a new version."))
        return redirect("desk:sheet", pk)
    if request.method != "POST":
        return _edit(request, one, SheetEditor(one))
    editor = SheetEditor(one, request.POST)
    if not editor.is_valid():
        return _edit(request, one, editor, status=422)
    definition, place = _moved(editor.definition(), request.POST.get("do", ""))
    seen = request.POST.get("edits", "")
    edits = int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else -1
    try:
        actions.edit_sheet(one, **definition, edits=edits, by=request.user, at=request.at)
    except Refusal as refusal:
        editor.head.add_error(None, str(refusal))
        return _edit(request, one, editor, status=refusal.status)
    if place:
        return redirect(f"{reverse('desk:edit_sheet', args=[pk])}?at={place}#{place}")
    messages.success(request, gettext("The draft is kept."))
    return redirect("desk:sheet" if request.POST.get("do") == "look" else "desk:edit_sheet", pk)


def _moved(definition: dict[str, Any], do: str) -> tuple[dict[str, Any], str]:
    """Return the definition after the move that was asked for, and the name of the row to look at then."""
    found = MOVE.fullmatch(do)
    if not found:
        return definition, ""
    is_answer = bool(found[1])
    part, letter = ("outcomes", "o") if is_answer else ("fields", "f")
    new, most = (NEW_ANSWER, OUTCOMES_MAX) if is_answer else (NEW_FIELD, FIELDS_MAX)
    rows = definition[part]
    if found[2] == "add" and len(rows) >= most:
        return definition, ""
    rows, place = changed(rows, found[2], int(found[3] or -1), dict(new))
    return definition | {part: rows}, f"{letter}{place}"


def _edit(request: Request, one: Sheet, editor: SheetEditor, status: int = 200) -> HttpResponse:
    shown: dict[str, list[str]] = {}
    for fault in faults(one.fields, one.outcomes, purpose=one.purpose):
        row = {"field": "f", "outcome": "o"}.get(fault.part, "")
        shown.setdefault(f"{row}{fault.place - 1}" if row else "", []).append(fault.text)
    rows = {
        name: [
            {"form": form, "id": f"{letter}{n}", "n": n, "number": n + 1, "faults": shown.get(f"{letter}{n}", [])}
            for n, form in enumerate(forms)
        ]
        for name, letter, forms in (("questions", "f", editor.questions), ("answers", "o", editor.answers))
    }
    context = {
        **rows, "sheet": one, "head": editor.head, "form": editor.head, "shape": "wide",
        "whole": shown.get("", []), "at": request.GET.get("at", ""), "edits": request.POST.get("edits", one.edits),
    }  # fmt: skip
    return render(request, "desk/sheets/edit.html", context, status=status)


def _new(request: Request, *, form: NewSheetForm, file_form: SheetFileForm, status: int) -> HttpResponse:
    context = listed(request) | {"shape": "open", "form": form, "file_form": file_form}
    return render(request, "desk/sheets/new.html", context, status=status)
