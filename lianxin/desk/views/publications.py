"""Answers for the public pages: the draft beside what was said, read by a second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.desk.forms.voices import WithdrawForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import doubts, mask_text
from lianxin.listen.models import Item
from lianxin.people.rules import Power, power
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Case, Publication

ON_A_PAGE = 25
ORIGINALS_SHOWN = 5


@power(Power.PUBLISH)
@never_cache
@require_safe
def publications(request: Request) -> HttpResponse:
    """Show the drafts that wait for a second reader, or what is public."""
    return render(request, "desk/publications/publications.html", {**_listed(request), "shape": "browse"})


@power(Power.PUBLISH)
@never_cache
@require_safe
def publication(request: Request, number: str) -> HttpResponse:
    """Show one draft beside the words it tells of."""
    return _show(request, _draft(request, number), WithdrawForm())


@power(Power.PUBLISH)
@never_cache
@require_POST
def publish(request: Request, number: str) -> HttpResponse:
    """Put a draft on the public pages and open the next one."""
    draft = _draft(request, number)
    try:
        resolve.publish(draft.case, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:publication", number)
    messages.success(request, gettext("“%(title)s” is public now.") % {"title": draft.title})
    return redirect("desk:publications")


@power(Power.PUBLISH)
@never_cache
@require_POST
def withdraw(request: Request, number: str) -> HttpResponse:
    """Take a draft or a publication back, with a reason."""
    draft, form = _draft(request, number), WithdrawForm(request.POST)
    if form.is_valid():
        try:
            resolve.withdraw(draft.case, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, gettext("“%(title)s” was taken back.") % {"title": draft.title})
            return redirect("desk:publications")
    return _show(request, draft, form, status=422)


def _mine(request: Request) -> QuerySet[Publication]:
    cases = Case.objects.visible_to(request.user)
    return Publication.objects.filter(case__in=cases.values("pk")).select_related(
        "case__area", "case__subject", "drafted_by", "published_by"
    )


def _draft(request: Request, number: str) -> Publication:
    return _mine(request).filter(case__number=number).first() or not_here()


def _listed(request: Request) -> dict[str, Any]:
    is_public = request.GET.get("public") == "1"
    found = _mine(request)
    rows = (
        found.filter(pk__in=Publication.objects.published().values("pk")).order_by("-published_at")
        if is_public
        else (found.filter(pk__in=Publication.objects.waiting().values("pk")).order_by("drafted_at"))
    )
    return {"page": page_of(rows, request.GET.get("page"), ON_A_PAGE), "is_public": is_public}


def _show(request: Request, draft: Publication, form: WithdrawForm, *, status: int = 200) -> HttpResponse:
    items = Item.objects.filter(join__case=draft.case).select_related("voice").order_by("join__id")[:ORIGINALS_SHOWN]
    question, answer = checked(draft.question), checked(draft.answer)
    context = {
        **_listed(request),
        "shape": "open",
        "draft": draft,
        "withdraw_form": form,
        "items": list(items),
        "question": question,
        "answer": answer,
        "title": checked(draft.title),
        "reply": draft.case.replies.order_by("-id").first(),
        "is_own": draft.drafted_by_id == request.user.pk,
        "is_left": mask_text(draft.question) != draft.question or mask_text(draft.answer) != draft.answer,
    }
    return render(request, "desk/publications/publications.html", context, status=status)


def checked(text: str) -> SafeString:
    """Return a draft, made safe, with the places marked at which a reader should stop: what may tell who it was."""
    pieces: list[SafeString | str] = []
    end = 0
    for first, last in doubts(text):
        pieces += [text[end:first], format_html("<mark>{}</mark>", text[first:last])]
        end = last
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, text[end:]]))
