"""Dated lists at the desk: begun, and their lines added and ended by days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.dated import EditListForm, EndLineForm, LineForm, NewListForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power
from lianxin.serve import actions as serve
from lianxin.serve.models import DatedList, DatedRow
from lianxin.serve.rules.catalogue import holds_on

LINES_SHOWN = 1000


@power(Power.CATALOGUE)
@never_cache
@require_safe
def lists(request: Request) -> HttpResponse:
    """Show the dated lists."""
    return render(request, "desk/lists/lists.html", _listed() | {"shape": "browse"})


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_list(request: Request) -> HttpResponse:
    """Begin a list."""
    form = NewListForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = serve.make_list(**form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The list is begun. Add its lines."))
            return redirect("desk:dated_list", made.pk)
    context = _listed() | {"shape": "open", "form": form, "back": reverse("desk:lists")}
    return render(request, "desk/lists/add.html", context, status=422 if form.errors else 200)


@power(Power.CATALOGUE)
@never_cache
@require_safe
def dated_list(request: Request, pk: int) -> HttpResponse:
    """Show one list with all its lines, and what can be done with it."""
    return _show(request, _found(pk))


@power(Power.CATALOGUE)
@never_cache
@require_POST
def edit_list(request: Request, pk: int) -> HttpResponse:
    """Change what a list is called, and which day governs."""
    found = _found(pk)
    form = EditListForm(request.POST)
    if form.is_valid():
        try:
            serve.edit_list(found, **form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("It is kept."))
            return redirect("desk:dated_list", pk)
    return _show(request, _found(pk), edit_form=form)


@power(Power.CATALOGUE)
@never_cache
@require_POST
def add_line(request: Request, pk: int) -> HttpResponse:
    """Add a line that holds from a day on."""
    found = _found(pk)
    form = LineForm(request.POST, dated=found)
    if form.is_valid():
        try:
            serve.add_line(found, **form.given(), by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The line is added."))
            return redirect("desk:dated_list", pk)
    return _show(request, found, line_form=form)


@power(Power.CATALOGUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_line(request: Request, pk: int) -> HttpResponse:
    """Let a line hold no more from a day on."""
    row = DatedRow.objects.select_related("list").filter(pk=pk).first() or not_here()
    today = timezone.localdate(request.at)
    form = EndLineForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_bound and form.is_valid():
        try:
            serve.end_line(row, **form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The line ends on that day."))
            return redirect("desk:dated_list", row.list_id)
    context = _listed() | {
        "shape": "open",
        "row": row,
        "list": row.list,
        "form": form,
        "back": reverse("desk:dated_list", args=[row.list_id]),
    }
    return render(request, "desk/lists/end.html", context, status=422 if form.errors else 200)


def _found(pk: int) -> DatedList:
    return DatedList.objects.filter(pk=pk).first() or not_here()


def _listed() -> dict[str, Any]:
    return {"lists": DatedList.objects.order_by("title")}


def _show(request: Request, found: DatedList, **bound: forms.Form) -> HttpResponse:
    today = timezone.localdate(request.at)
    given: dict[str, forms.Form] = {
        "edit_form": EditListForm(dated=found), "line_form": LineForm(dated=found), **bound,
    }  # fmt: skip
    for name, form in given.items():
        form.auto_id = f"{name}_%s"
    rows = found.rows.select_related("by").order_by("name", "valid_from", "id")[:LINES_SHOWN]
    lines = [
        {
            "row": row,
            "cells": [row.values.get(column["key"], "") for column in found.columns],
            "holds": holds_on(row.valid_from, row.valid_to, today),
        }
        for row in rows
    ]
    context = _listed() | given | {"shape": "open", "list": found, "lines": lines, "today": today}
    context["public_to"] = f"/services/lists/{found.key}/" if found.is_public else ""
    return render(request, "desk/lists/list.html", context, status=422 if bound else 200)
