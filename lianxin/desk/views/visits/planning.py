"""What a page of plans can do: each deed a form, an action, the words of its button, and who may press it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext

from lianxin.desk.forms import campaigns as forms
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.people.rules import Power

SEES = (Power.VISIT, Power.PLAN)


class Deed(NamedTuple):
    """A form and the action it feeds, with the words of both buttons."""

    form: type[forms.PlanForm]
    action: Callable[..., Any]
    title: str | Promise
    powers: tuple[Power, ...] = (Power.PLAN,)


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
