"""What a page of plans offers, and how it carries it out."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from lianxin.desk.deeds.plans import Deed
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.people.rules import Power


def plans(request: Request) -> bool:
    """Tell whether this officer plans visits."""
    return request.user.standing.may(Power.PLAN, anywhere=True)


def offered_deeds(request: Request, table: dict[str, Deed]) -> list[tuple[str, Any]]:
    """Return the names of the deeds that this officer may do, each with the words of its button."""
    held = request.user.standing.powers
    return [(name, deed.title) for name, deed in table.items() if held & set(deed.powers)]


def carry_out(request: Request, deed: Deed | None, about: Any, *, back: str) -> HttpResponse:
    """Ask for what a deed needs, or do it. Raises Http404 where there is no such deed for this officer."""
    if deed is None or not request.user.standing.powers & set(deed.powers):
        return not_here()
    form = deed.form(posted(request), user=request.user, at=request.at, about=about)
    return ask(
        request, form, lambda: deed.action(about, **form.given(), by=request.user, at=request.at),
        title=str(deed.title), submit=gettext("Do it"), done=gettext("Done."), back=back, intro=str(about),
    )  # fmt: skip
