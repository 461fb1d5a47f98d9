"""Who was asked first, how one speaks, and visits to homes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.care import (
    AnswerHandOverForm,
    BeAskedForm,
    DeclineHomeForm,
    FinishHomeForm,
    HandOverForm,
    PhraseForm,
    PlanHomeForm,
    SettleAskedForm,
    SpeechForm,
)
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.hall.which import seen_hall
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.people.rules import Power, power
from lianxin.serve.actions import care
from lianxin.serve.models import Asked, HomeVisit, Phrase
from lianxin.serve.rules.speech import forbidden_in

ON_A_PAGE = 50
CLERKS = (Power.WINDOW, Power.HALL, Power.PROCESS)


@power(*CLERKS)
@never_cache
@require_safe
def asked(request: Request) -> HttpResponse:
    """Show what one was asked first, what is offered, and what came of it."""
    rows = Asked.objects.visible_to(request.user).select_related("hall__office", "first", "owner")
    page = page_of(rows.prefetch_related("hand_overs__to").order_by("-id"), request.GET.get("page"), ON_A_PAGE)
    return render(request, "desk/hall/asked.html", {"page": page, "hall": seen_hall(request)})


@power(Power.WINDOW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def be_asked(request: Request) -> HttpResponse:
    """Note that one was asked first."""
    hall = seen_hall(request) or not_here()
    form = BeAskedForm(posted(request))
    return ask(
        request, form, lambda: care.be_asked(hall, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Asked first"), submit=gettext("Note it"),
        done=gettext("Noted. It is yours until another takes it on."), back=reverse("desk:asked"),
    )  # fmt: skip


@power(*CLERKS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_asked(request: Request, pk: int, deed: str) -> HttpResponse:
    """Offer it to a colleague, answer an offer, settle it."""
    found = Asked.objects.visible_to(request.user).filter(pk=pk).first() or not_here()
    forms_of: dict[str, tuple[forms.Form, Callable[..., Any], str]] = {
        "hand-over": (
            HandOverForm(posted(request), user=request.user, at=request.at), care.hand_over,
            gettext("Offer it to a colleague"),
        ),
        "answer": (AnswerHandOverForm(posted(request)), care.answer_hand_over, gettext("Answer the offer")),
        "settle": (SettleAskedForm(posted(request)), care.settle_asked, gettext("Say what came of it")),
    }  # fmt: skip
    form, action, words = forms_of.get(deed) or not_here()
    return ask(
        request, form, lambda: action(found, **form.cleaned_data, by=request.user, at=request.at), title=words,
        submit=words, done=gettext("It is noted."), back=reverse("desk:asked"), intro=found.matter,
    )  # fmt: skip


@power(*CLERKS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: Request) -> HttpResponse:
    """Show what is said at windows and what never is, and look a text through."""
    rows = list(Phrase.objects.on(timezone.localdate(request.at)))
    form = SpeechForm(posted(request))
    hits: list[Phrase] = []
    if request.method == "POST" and form.is_valid():
        never = {row.text: row for row in rows if row.kind == Phrase.Kind.NEVER}
        hits = [never[text] for text in forbidden_in(form.cleaned_data["text"], never)]
    context = {
        "rows": rows, "form": form, "hits": hits, "looked": request.method == "POST" and form.is_valid(),
        "may_keep": request.user.standing.may(Power.HALL, anywhere=True), "never": Phrase.Kind.NEVER,
    }  # fmt: skip
    return render(request, "desk/hall/phrases.html", context, status=422 if form.errors else 200)


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_phrase(request: Request) -> HttpResponse:
    """Put a phrase on the list."""
    form = PhraseForm(posted(request))
    return ask(
        request, form, lambda: care.add_phrase(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("New phrase"), submit=gettext("Put it on the list"), done=gettext("It is on the list."),
        back=reverse("desk:phrases"),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_POST
def end_phrase(request: Request, pk: int) -> HttpResponse:
    """Take a phrase off the list."""
    found = Phrase.objects.on(timezone.localdate(request.at)).filter(pk=pk).first() or not_here()
    done = gettext("It is off the list.")
    return press(
        request, lambda: care.end_phrase(found, by=request.user, at=request.at), back=reverse("desk:phrases"), done=done
    )


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_safe
def home_visits(request: Request) -> HttpResponse:
    """Show visits to homes: those that wait first."""
    rows = HomeVisit.objects.visible_to(request.user).select_related("hall__office").order_by("-id")
    return render(request, "desk/hall/homes.html", {"page": page_of(rows, request.GET.get("page"), ON_A_PAGE)})


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_safe
def home_visit(request: Request, number: str) -> HttpResponse:
    """Show one visit, with who it is and where, to who goes there."""
    found = _visit(request, number)
    keeps = request.user.standing.may(Power.HALL, found.hall.office_id)
    context = {
        "visit": found,
        "person": found.opened(),
        "keeps": keeps,
        "is_over": bool(found.done_at or found.declined_at),
    }
    return render(request, "desk/hall/home.html", context)


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_home(request: Request, number: str, deed: str) -> HttpResponse:
    """Plan a visit, say what was done, or why nobody comes."""
    found = _visit(request, number)
    forms_of: dict[str, tuple[forms.Form, Callable[..., Any], str]] = {
        "plan": (PlanHomeForm(posted(request), at=request.at), care.plan_home, gettext("Plan the visit")),
        "finish": (FinishHomeForm(posted(request)), care.finish_home, gettext("Say what was done")),
        "decline": (DeclineHomeForm(posted(request)), care.decline_home, gettext("Nobody comes")),
    }
    form, action, words = forms_of.get(deed) or not_here()
    return ask(
        request, form, lambda: action(found, **form.cleaned_data, by=request.user, at=request.at), title=words,
        submit=words, done=gettext("It is noted."), back=reverse("desk:home_visit", args=[found.number]),
        intro=found.matter,
    )  # fmt: skip


def _visit(request: Request, number: str) -> HomeVisit:
    rows = HomeVisit.objects.visible_to(request.user).select_related("hall__office").prefetch_related("team")
    return rows.filter(number=number[:20]).first() or not_here()
