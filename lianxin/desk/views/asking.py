"""The two ways in which a page does a deed: a form, or a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lianxin.desk.views.officer import Request
from lianxin.kit.refusal import Refusal


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
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


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
