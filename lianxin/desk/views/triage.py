"""Sorting: one point after the other, by the keyboard alone if one likes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.forms.places import area_names
from lianxin.desk.forms.triage import (
    ItemizeForm,
    PointForm,
    RevealForm,
    together,
)
from lianxin.desk.sortings import SORTINGS, settle
from lianxin.desk.views.advice import Advice, advise, marked
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.queue import Asked, address, after, asked, head, queue, queue_row, queue_rows
from lianxin.desk.views.rows import linked
from lianxin.kit.refusal import Refusal
from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Voice
from lianxin.listen.triage import headline, split_points
from lianxin.people.rules import Power, power
from lianxin.resolve.actions.deed import moment
from lianxin.resolve.actions.register import AlreadyJoined
from lianxin.resolve.models import Case
from lianxin.resolve.models.duties import Duty, count, duties
from lianxin.resolve.rules import OUTCOMES

SIMILAR_SHOWN = 2


@power(Power.TRIAGE)
@never_cache
@require_safe
def triage(request: Request) -> HttpResponse:
    """Show the queue, and the voice at its head."""
    wanted = asked(request)
    first = _voices(request).filter(pk__in=queue(request, wanted).values("pk")[:1]).first()
    return _show(request, first, wanted, shape="browse")


@power(Power.TRIAGE)
@never_cache
@require_safe
def sort(request: Request, number: str) -> HttpResponse:
    """Show one voice with all that may be done with its points."""
    return _show(request, _voice(request, number), asked(request))


@power(Power.TRIAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: Request, number: str, deed: str) -> HttpResponse:
    """Show the form of one deed on a point; sent, do it and open what comes next."""
    voice, wanted = _voice(request, number), asked(request)
    if request.method != "POST":
        return _show(request, voice, wanted, deed=deed)
    form = SORTINGS[deed].form(request.POST, day=timezone.localdate(request.at))
    if not form.is_valid():
        return _show(request, voice, wanted, deed=deed, form=form, status=422)
    item = voice.items.filter(number=form.cleaned_data.pop("item")).first() or not_here()
    try:
        told = settle(item, deed, form.cleaned_data, by=request.user, at=request.at)
    except (listen.AlreadySettled, AlreadyJoined) as refusal:
        messages.error(request, _who_was_faster(request, item) or str(refusal))
        return redirect(_next(request, voice, wanted))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        form.data = request.POST
        return _show(request, voice, wanted, deed=deed, form=form, status=refusal.status)
    messages.success(request, told)
    return redirect(_next(request, voice, wanted))


@power(Power.TRIAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def itemize(request: Request, number: str) -> HttpResponse:
    """Show the points a voice may be split into, as text to be changed; sent, split it."""
    voice, wanted = _voice(request, number), asked(request)
    waiting = list(voice.items.waiting().order_by("number"))
    points = split_points(waiting[0].text) if len(waiting) == 1 else [item.text for item in waiting]
    form = ItemizeForm(request.POST if request.method == "POST" else None, initial={"points": together(points)})
    if request.method == "POST" and form.is_valid():
        try:
            items = listen.itemize(voice, texts=form.cleaned_data["points"], by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Split into %(count)s points.") % {"count": len(items)})
            return redirect(address(voice.number, wanted))
    status = 422 if form.is_bound else 200
    return _show(request, voice, wanted, deed="itemize", form=form, status=status)


@power(Power.TRIAGE)
@never_cache
@require_safe
def alike(request: Request, number: str) -> HttpResponse:
    """Show the open cases that may be about the same as a point; the page asks for it after it is shown."""
    voice = _voice(request, number)
    item = _item(request, voice)
    return render(
        request,
        "desk/triage/similar.html",
        {"voice": voice, "item": item, "similar": _similar(request, voice, item), "query": asked(request).query},
    )


def _voices(request: Request) -> Any:
    related = ("area", "addressee__office", "to_office", "office", "recorder")
    found = Voice.objects.visible_to(request.user).select_related(*related)
    return found.prefetch_related("attachments", "additions")


def _voice(request: Request, number: str) -> Voice:
    voice: Voice = _voices(request).filter(number=number).first() or not_here()
    if voice.is_closed_letter or not request.user.standing.may(Power.TRIAGE, voice.office_id):
        not_here()
    return voice


def _item(request: Request, voice: Voice) -> Item:
    """Return the point that the address names, else the first that waits, else the first."""
    items = list(voice.items.select_related("subject__office", "area", "settled_by", "join__case").order_by("number"))
    return _point(request, items)


def _point(request: Request, items: list[Item]) -> Item:
    named = request.POST.get("item") or request.GET.get("item", "")
    chosen = next((item for item in items if str(item.number) == named), None)
    waiting = next((item for item in items if not item.outcome or item.subject_id is None), None)
    return chosen or waiting or items[0]


def _similar(request: Request, voice: Voice, item: Item) -> list[Case]:
    """Return the case that the person called the same matter, then those that are most alike."""
    seen = Case.objects.visible_to(request.user)
    named = list(seen.open().select_related("area").filter(number=voice.same_as)) if voice.same_as else []
    return [*named, *(case for case in seen.similar_open(item.text, limit=SIMILAR_SHOWN) if case not in named)]


def _show(
    request: Request,
    voice: Voice | None,
    wanted: Asked,
    *,
    deed: str = "",
    form: forms.Form | None = None,
    shape: str = "open",
    status: int = 200,
) -> HttpResponse:
    counts = count(duties(request.user, request.at), request.user)
    voices = queue(request, wanted)
    rows = head(voices, current=voice)
    context: dict[str, Any] = {
        "counts": counts,
        "waiting": counts[Duty.TRIAGE],
        "wanted": wanted,
        "query": wanted.query,
        "shape": shape,
        "voice": voice,
        "rows": queue_rows(rows, at=request.at, wanted=wanted),
        "earliest": _waits(rows, request),
    }
    if voice:
        context |= _thing(request, voice, wanted, deed, form)
    return render(request, "desk/triage/triage.html", context, status=status)


def _waits(rows: list[dict[str, Any]], request: Request) -> str:
    """Say how long the voice at the head of the queue has been waiting."""
    return timesince(min(row["received_at"] for row in rows), request.at, depth=1) if rows else ""


def _thing(request: Request, voice: Voice, wanted: Asked, deed: str, form: forms.Form | None) -> dict[str, Any]:
    items = list(voice.items.select_related("subject__office", "area", "settled_by", "join__case").order_by("number"))
    item = _point(request, items)
    advice = advise(item, at=request.at)
    context: dict[str, Any] = {
        "item": item,
        "items": items,
        "linked": linked(items, request.user),
        "advice": advice,
        "title": headline(voice.text),
        "said": marked(voice.text, advice.because),
        "is_waiting": not item.outcome,
        "outcome": OUTCOMES.get(item.outcome, ""),
        "sortings": SORTINGS,
        "deed": deed,
        "is_list": len(split_points(item.text)) > 1,
        "reveal_form": RevealForm(),
        "light": queue_row(_facts(voice), "", request.at),
        "next": address(after(queue(request, wanted), voice), wanted),
    }
    if deed == "itemize":
        context["form"] = form
    elif deed:
        context |= {"sorting": SORTINGS[deed], "form": form or _form(request, deed, item, advice)}
        context["area_names"] = area_names(timezone.localdate(request.at)) if "area" in context["form"].fields else []
    if request.GET.get("similar"):
        context["similar"] = _similar(request, voice, item)
    return context


def _facts(voice: Voice) -> dict[str, Any]:
    area = voice.area.name if voice.area else ""
    return {
        "number": voice.number,
        "text": "",
        "channel": voice.channel,
        "triage_due_at": voice.triage_due_at,
        "area__name": area,
        "kind": voice.kind,
    }


def _form(request: Request, deed: str, item: Item, advice: Advice) -> PointForm:
    """Return the form of a deed, filled in as suggested."""
    initial = {
        "item": item.number,
        "subject": advice.subject,
        "title": advice.title,
        "level": item.level,
        "kind": item.kind,
        "area": item.area,
        "case": request.GET.get("case", ""),
    }
    return SORTINGS[deed].form(initial=initial, day=timezone.localdate(request.at))


def _next(request: Request, voice: Voice, wanted: Asked) -> str:
    """Return what comes next: another point of this voice, else the next voice, else the empty queue."""
    left = voice.items.unsorted().order_by("number").first()
    if left:
        return address(voice.number, wanted, left)
    return address(after(queue(request, wanted), voice), wanted)


def _who_was_faster(request: Request, item: Item) -> str:
    """Say who has settled the point meanwhile, when and how; empty where it still waits."""
    item.refresh_from_db()
    if item.settled_at is None:
        return ""
    facts = {
        "name": item.settled_by.name if item.settled_by else gettext("A colleague"),
        "time": moment(item.settled_at, at=request.at),
        "how": OUTCOMES[item.outcome],
    }
    return (
        gettext("%(name)s was faster (%(time)s): %(how)s. Nothing was changed by you; here is the next voice.") % facts
    )
