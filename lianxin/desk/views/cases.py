"""The list of cases: find, narrow, keep a way of looking, give out many at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.desk.forms.many import DispatchMany
from lianxin.desk.forms.narrow import FilterName, Narrow
from lianxin.desk.views.officer import Request
from lianxin.desk.views.rows import CASE_COLUMNS, PAGE, case_rows, drawn, page_of
from lianxin.kit.refusal import Refusal
from lianxin.ledger.models import Sentence
from lianxin.people.rules import Power, power
from lianxin.resolve import actions
from lianxin.resolve.models import Case, SavedFilter
from lianxin.resolve.models.narrow import Wanted, narrowed

LOOKS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("all")),
    ("state=open", _("open")),
    ("light=late", _("late")),
    ("light=near", _("near")),
)
ALL = Wanted()
MANY_MOST = 200  # cases given out at once


@require_GET
@power(Power.SEE_CASES)
def cases(request: Request) -> HttpResponse:
    return render(request, "desk/cases/cases.html", list_context(request))


@require_GET
@power(Power.SEE_CASES)
def narrow(request: Request) -> HttpResponse:
    name = FilterName(initial={"query": asked(request)})
    return render(request, "desk/cases/narrow.html", _narrow_context(request, name))


@require_POST
@power(Power.SEE_CASES)
def save_filter(request: Request) -> HttpResponse:
    form = FilterName(request.POST)
    if not form.is_valid():
        return render(request, "desk/cases/narrow.html", _narrow_context(request, form), status=422)
    try:
        saved = actions.save_filter(**form.cleaned_data, by=request.user, at=request.at)
    except Refusal as refusal:
        context = {**_narrow_context(request, form), "refusal": refusal}
        return render(request, "desk/cases/narrow.html", context, status=refusal.status)
    messages.success(request, _("Kept. You find it above the list."))
    return redirect(f"{reverse('desk:cases')}?{saved.query}")


@require_POST
@power(Power.SEE_CASES)
def drop_filter(request: Request, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    actions.drop_filter(saved, by=request.user, at=request.at)
    messages.success(request, _("Dropped."))
    return redirect("desk:cases")


@require_http_methods(["GET", "POST"])
@power(Power.DISPATCH)
def dispatch_many(request: Request) -> HttpResponse:
    """Give out many cases with one order; each is its own deed, and each refusal is shown beside its case."""
    numbers = (request.POST if request.method == "POST" else request.GET).getlist("number")[:MANY_MOST]
    chosen = list(
        Case.objects.visible_to(request.user).filter(number__in=numbers).select_related("subject").order_by("id")
    )
    form = DispatchMany(request.POST or None, at=request.at, user=request.user)
    context: dict[str, Any] = {"form": form, "chosen": chosen}
    if request.method == "POST" and chosen and form.is_valid():
        context["told"] = [_dispatch_one(case, form, request) for case in chosen]
        context["done"] = sum(1 for _case, refusal in context["told"] if refusal is None)
    return render(request, "desk/cases/dispatch_many.html", context)


def _dispatch_one(case: Case, form: DispatchMany, request: Request) -> tuple[Case, Refusal | None]:
    try:
        actions.dispatch(case, **form.cleaned_data, by=request.user, at=request.at)
    except Refusal as refusal:
        return case, refusal
    return case, None


def list_context(request: Request, *, current: str = "", counted: bool = True) -> dict[str, Any]:
    """Return what the list pane shows for the filters of the address; beside an open case it need not be counted."""
    wanted = Narrow(request.GET).wanted() if request.GET else ALL
    page, rows = _read(request, wanted, counted=counted)
    query, may_dispatch = asked(request), Power.DISPATCH in request.user.standing.powers
    lines = case_rows(rows, at=request.at, query=request.GET.urlencode())
    return {
        "page": page,
        "counted": counted,
        "rows": lines,
        "drawn": drawn(lines, current=current, ticks=may_dispatch),
        "shown": "" if page is None else str(getattr(page.paginator, "shown", "")),
        "wanted": wanted,
        "query": query,
        "looks": [(look, words, look == query) for look, words in LOOKS],
        "saved": _saved(request),
        "may_dispatch": may_dispatch,
    }


def asked(request: Request) -> str:
    """Return the filters of the address without the page, as they are kept and passed on."""
    given = request.GET.copy()
    given.pop("page", None)
    for name in [name for name, value in given.items() if not value]:
        del given[name]
    return given.urlencode()


def _narrow_context(request: Request, name_form: FilterName) -> dict[str, Any]:
    return {
        "form": Narrow(initial=request.GET.dict()),
        "name_form": name_form,
        "query": asked(request),
        "saved": _saved(request),
    }


def _saved(request: Request) -> list[SavedFilter]:
    return _SAVED.ask(user=request.user.pk)


def _read(request: Request, wanted: Wanted, *, counted: bool) -> tuple[Page[Any] | None, Any]:
    """Return the page asked for, if it is counted, and the columns of its rows."""
    scope = request.user.standing.scope(Power.SEE_CASES)
    if wanted == ALL and not counted:
        return None, _NEWEST.rows(scope)
    found: Any = narrowed(wanted, user=request.user, at=request.at)
    if not counted:
        return None, found.values_list(*CASE_COLUMNS)[:PAGE]
    page = page_of(found, request.GET.get("page"))
    if wanted == ALL and page.number == 1:
        return page, _NEWEST.rows(scope)
    shown: Any = page.object_list
    return page, shown.values_list(*CASE_COLUMNS)


def _newest(scope: frozenset[int] | None) -> Any:
    return Case.objects.within(scope).newest().values_list(*CASE_COLUMNS)[:PAGE]


_NEWEST: Sentence[Case] = Sentence(_newest)  # the list as it opens, and beside every case
_SAVED = Sentence(lambda user: SavedFilter.objects.filter(user=user).order_by("name"))
