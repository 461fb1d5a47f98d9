"""One page for every question: a form, one deed, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise

from lianxin.kit.refusal import Refusal

Words = str | Promise


def ask(
    request: HttpRequest,
    form: forms.Form,
    *,
    deed: Callable[[], object],
    title: Words,
    submit: Words,
    done: Words,
    back: str,
    intro: Words = "",
    here: str = "",
) -> HttpResponse:
    """Show the form, or do the deed with it and go back; a refusal is shown above the form, with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            deed()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(done))
            return HttpResponseRedirect(back)
    status = 422 if form.errors else 200
    context: dict[str, Any] = {
        "form": form, "title": title, "submit": submit, "back": back, "intro": intro, "here": here,
    }  # fmt: skip
    return render(request, "people/ask.html", context, status=status)


def press(request: HttpRequest, deed: Callable[[], object], *, done: Words, back: str) -> HttpResponse:
    """Do the deed of a single button and go back; a refusal is shown there."""
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(done))
    return HttpResponseRedirect(back)
