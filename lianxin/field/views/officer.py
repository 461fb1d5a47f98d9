"""What the desk pages of this door share: who asks, and one page for every question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lianxin.kit.refusal import Refusal
from lianxin.people.models import User

ON_A_PAGE = 50

if TYPE_CHECKING:

    class Request(HttpRequest):
        """A request behind the door."""

        at: datetime
        user: User

else:
    Request = HttpRequest


def not_here() -> NoReturn:
    """Say that there is no such thing, to whom it is none of theirs as well."""
    raise Http404


def page_of(request: Request, rows: QuerySet[Any]) -> Page[Any]:
    """Return the page of the rows that was asked for; a number that is none gives the first or last page."""
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))


def posted(request: Request) -> Any:
    """Return what was sent with a form, or nothing where it is only asked for."""
    return request.POST if request.method == "POST" else None


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
    return render(request, "field/ask.html", context, status=422 if form.errors else 200)
