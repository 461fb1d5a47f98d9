"""The diary, and the lists that an office keeps for its visits."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.deeds.plans import LISTS, ON_ENTRY
from lianxin.desk.forms import outings as forms
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice
from lianxin.people.rules import Power, power
from lianxin.record import actions as record
from lianxin.record.models import Diary, Offer

ENTRIES = 20


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_safe
def diary(request: Request) -> HttpResponse:
    """Show one's own entries; who plans visits sees those that were handed in."""
    rows = Diary.objects.visible_to(request.user).select_related("author").order_by("-on", "-pk")
    growth = request.GET.get("growth") == "1"
    if growth:
        rows = rows.filter(author=request.user, is_growth=True)
    context = {
        "page": page_of(rows, request.GET.get("page"), ENTRIES), "growth": growth,
        "may_write": request.user.standing.may(Power.VISIT, anywhere=True), "today": timezone.localdate(request.at),
    }  # fmt: skip
    return render(request, "desk/visits/diary.html", context)


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_diary(request: Request) -> HttpResponse:
    """Write an entry, for one's own eyes."""
    first = {"on": timezone.localdate(request.at)}
    form = forms.DiaryForm(posted(request), user=request.user, at=request.at, initial=first)
    return ask(
        request, form, lambda: record.write_diary(**form.given(), by=request.user, at=request.at),
        title=gettext("Diary"), submit=gettext("Keep it"), done=gettext("Kept. Only you can read it."),
        back=reverse("desk:diary"), intro=gettext("Private, until you hand it in yourself."),
    )  # fmt: skip


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_safe
def entry(request: Request, pk: int) -> HttpResponse:
    """Show one entry, with the comment it had and the sentences that became voices."""
    found = _entry(request, pk)
    told = Voice.objects.filter(source_key__startswith=listen.source_key(found)) if _is_mine(request, found) else []
    context = {"entry": found, "mine": _is_mine(request, found), "told": told, "plans": _may_comment(request, found)}
    return render(request, "desk/visits/entry.html", context)


def _entry(request: Request, pk: int) -> Diary:
    rows = Diary.objects.visible_to(request.user).select_related("author", "commented_by", "office", "encounter")
    return rows.filter(pk=pk).first() or not_here()


def _is_mine(request: Request, found: Diary) -> bool:
    return found.author_id == request.user.pk


def _may_comment(request: Request, found: Diary) -> bool:
    return bool(found.shared_at) and not _is_mine(request, found)


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_entry(request: Request, pk: int, deed: str) -> HttpResponse:
    """Hand an entry in, comment it, let a sentence of it become a voice."""
    found = _entry(request, pk)
    shape, action, title = ON_ENTRY.get(deed) or not_here()
    form = shape(posted(request), user=request.user, at=request.at, about=found)
    return ask(
        request, form, lambda: action(found, **form.given(), by=request.user, at=request.at), title=str(title),
        submit=gettext("Do it"), done=gettext("Done."), back=reverse("desk:entry", args=[found.pk]),
    )  # fmt: skip


@power(Power.PLAN)
@never_cache
@require_safe
def visit_lists(request: Request) -> HttpResponse:
    """Show the lists that an office keeps for its visits; all of them are rows, none is written into the program."""
    lists = [
        (name, title, list(model.objects.order_by(*order))) for name, (title, _f, _a, model, order) in LISTS.items()
    ]
    return render(request, "desk/visits/lists.html", {"lists": lists, "today": timezone.localdate(request.at)})


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_to_list(request: Request, name: str) -> HttpResponse:
    """Add a line to one of the lists."""
    title, shape, add, _model, _order = LISTS.get(name) or not_here()
    form = shape(posted(request), user=request.user, at=request.at)
    return ask(
        request, form, lambda: add(**form.given(), by=request.user, at=request.at), title=str(title),
        submit=gettext("Add it"), done=gettext("Added."), back=reverse("desk:visit_lists"),
    )  # fmt: skip


@power(Power.PLAN)
@never_cache
@require_POST
def retire_from_list(request: Request, name: str, pk: int) -> HttpResponse:
    """Take a line out of use; what was recorded by it stays."""
    _title, _shape, _add, model, _order = LISTS.get(name) or not_here()
    found = model.objects.filter(pk=pk).first() or not_here()
    today = timezone.localdate(request.at)

    def deed() -> Any:
        if isinstance(found, Offer):
            return record.end_offer(found, ends=today, by=request.user, at=request.at)
        return record.retire(found, by=request.user, at=request.at)

    return press(request, deed, back=reverse("desk:visit_lists"), done=gettext("Out of use."))
