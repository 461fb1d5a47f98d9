"""Which hall it is, and the two ways in which a page of it does a deed: a form, or a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.refusal import Refusal
from lianxin.serve.models import Hall


def kept_hall(request: Request) -> Hall | None:
    """Return the hall that this officer keeps: the one asked for, or the first. Raises Http404 for another's."""
    halls = Hall.objects.kept_by(request.user).select_related("office").order_by("office__path")
    return _chosen(request, halls)


def seen_hall(request: Request) -> Hall | None:
    """Return the hall that this officer keeps or sits in. Raises Http404 for another's."""
    halls = Hall.objects.visible_to(request.user).select_related("office").order_by("office__path").distinct()
    return _chosen(request, halls)


def _chosen(request: Request, halls: Any) -> Hall | None:
    wanted = request.GET.get("hall", "")
    if not wanted:
        found: Hall | None = halls.first()
        return found
    named: Hall | None = halls.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 18 else None
    return named or not_here()


def ask(
    request: Request, form: forms.Form, deed: Callable[[], object], *, title: str, submit: str, done: str, back: str,
    intro: str = "",
) -> HttpResponse:  # fmt: skip
    """Show a form, or do the deed with it and go back; a refusal is shown above the form, with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            deed()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "title": title, "submit": submit, "back": back, "intro": intro}
    return render(request, "desk/hall/ask.html", context, status=422 if form.errors else 200)


def press(request: Request, deed: Callable[[], object], *, back: str, done: str = "") -> HttpResponse:
    """Do the deed of a single button and go back; a refusal is shown there."""
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)


def posted(request: Request) -> Any:
    """Return what was sent with a form, or nothing where it is only asked for."""
    return request.POST if request.method == "POST" else None
