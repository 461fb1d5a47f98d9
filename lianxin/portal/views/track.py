"""How far it is: for whoever holds receipt and code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from lianxin.kit.reference import tidy
from lianxin.kit.refusal import Refusal
from lianxin.ledger import figures as record
from lianxin.ledger.models import Attachment, Event
from lianxin.ledger.models.sentence import Sentence
from lianxin.listen import actions as listen
from lianxin.listen.models import Addition, Voice
from lianxin.people.rules import public
from lianxin.portal.forms import AddForm, ConfirmForm, ReceiptForm
from lianxin.portal.views.paper import pdf_of
from lianxin.portal.views.visitor import Request, is_open, opened_voice, unlock
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Case, Join, road_of
from lianxin.resolve.models.road import CaseRoad, Road
from lianxin.serve.models import Application, Reception

ADDITIONS_PER_HOUR = 20


@public
@never_cache
@require_http_methods(["GET", "POST"])
def track(request: Request) -> HttpResponse:
    """Ask for receipt number and code, and open what they open."""
    if request.method == "GET":
        number = tidy(request.GET.get("number", "")[:60])
        if number and is_open(request, number):
            return redirect(_page_of(number), number)
        form = ReceiptForm(initial={"number": number}, visitor=request.visitor)
        return render(request, "portal/track.html", {"form": form})
    form = ReceiptForm(request.POST, visitor=request.visitor)
    if form.is_valid() and form.application:
        unlock(request, form.application)
        return redirect("application", form.application.number)
    if form.is_valid() and form.reception:
        unlock(request, form.reception)
        return redirect("reception", form.reception.number)
    if form.is_valid() and form.voice:
        unlock(request, form.voice)
        return redirect("progress", form.voice.number)
    return render(request, "portal/track.html", {"form": form}, status=429 if form.blocked else 422)


def _page_of(number: str) -> str:
    """Return the page that tells of this number."""
    if Application.objects.filter(number=number).exists():
        return "application"
    return "reception" if Reception.objects.filter(number=number).exists() else "progress"


@public
@never_cache
@require_safe
def reception(request: Request, number: str) -> HttpResponse:
    """Show what somebody came with at once, and how far each matter is."""
    found = (
        Reception.objects.select_related("office").filter(number=number).first() if is_open(request, number) else None
    )
    if found is None:
        return redirect(f"{reverse('track')}?number={quote(tidy(number[:60]))}")
    matters = found.matters.select_related("function", "office", "voice", "application", "appointment").order_by("id")
    return render(request, "portal/reception.html", {"reception": found, "matters": matters})


@public
@never_cache
@require_safe
def progress(request: Request, number: str) -> HttpResponse:
    """Show where it is, by when, what was done and what comes next; whoever has not opened it is asked for the code."""
    try:
        voice = opened_voice(request, number)
    except Http404:
        return redirect(f"{reverse('track')}?number={quote(tidy(number[:60]))}")
    return render(request, "portal/progress.html", _progress(request, voice, AddForm()))


_ADDITIONS = Sentence(lambda voice: Addition.objects.filter(voice=voice).order_by("at"))
_ATTACHMENTS = Sentence(lambda voice: Attachment.objects.filter(voice=voice).order_by("id"))


def _progress(request: Request, voice: Voice, form: AddForm) -> dict[str, Any]:
    return {
        "voice": voice,
        "road": _without_echo(road_of(voice, at=request.at)),
        "additions": _ADDITIONS.ask(voice=voice.pk),
        "attachments": _ATTACHMENTS.ask(voice=voice.pk),
        "form": form,
    }


def _without_echo(road: Road) -> Road:
    """Leave out of the steps the answers that stand above them in full."""
    ways = []
    for way in road.cases:
        told = {reply.text for reply in way.replies}
        ways.append(replace(way, steps=tuple(replace(s, text="") if s.text in told else s for s in way.steps)))
    return replace(road, cases=tuple(ways))


@public
@never_cache
@require_safe
def progress_paper(request: Request, number: str) -> HttpResponse:
    """Give the progress as a sheet of paper."""
    voice = opened_voice(request, number)
    context = {**_progress(request, voice, AddForm()), "number": voice.number, "date": timezone.localdate(request.at)}
    return pdf_of(request, "portal/progress_paper.html", context, f"{voice.number}.pdf")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: Request, number: str) -> HttpResponse:
    """Take one more sentence of the person."""
    voice = opened_voice(request, number)
    if request.method == "GET":
        return redirect("progress", number)
    form = AddForm(request.POST)
    if form.is_valid():
        try:
            listen.add(voice, text=form.cleaned_data["text"], at=request.at)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Added. Those who deal with it see it now."))
            return redirect("progress", number)
    return render(request, "portal/progress.html", _progress(request, voice, form), status=422)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: Request, number: str, case: str) -> HttpResponse:
    """Take what the person says of the answer: solved or not, satisfied or not, in own words."""
    voice = opened_voice(request, number)
    way = _way(road_of(voice, at=request.at), case)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None, initial={"solved": request.GET.get("solved")}
    )
    status = 200
    if request.method == "POST":
        if form.is_valid() and (done := _confirmed(request, voice, way, form)):
            messages.success(request, done)
            return redirect("progress", number)
        status = 422
    return render(request, "portal/confirm.html", {"voice": voice, "way": way, "form": form}, status=status)


def _way(road: Road, case: str) -> CaseRoad:
    for way in road.cases:
        if way.number == case:
            return way
    raise Http404


def _confirmed(request: Request, voice: Voice, way: CaseRoad, form: ConfirmForm) -> str:
    """Confirm, and return the words of thanks; empty when it was refused, with the reason in the form."""
    join = Join.objects.select_related("case").get(pk=way.join, item__voice=voice)
    try:
        case = resolve.confirm(join.case, join=join, at=request.at, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return ""
    if case.state == "reopened":
        return _("Thank you for saying so. It is opened again: somebody takes care of it anew, and you see it here.")
    return _("Thank you. Your answer is on record and counts in the public figures.")


@public
@never_cache
@require_GET
def proof(request: Request, number: str) -> HttpResponse:
    """Give the proofs that the history of this voice is in the sealed record.

    What the person did is given in full; of what officers did only the fingerprints, for no officer is named here.
    """
    voice = opened_voice(request, number)
    mine = list(Event.objects.about(voice).filter(by_id=None).in_order())
    others = list(Event.objects.about(voice).exclude(by_id=None).in_order())
    for case in Case.objects.filter(joins__item__voice=voice).distinct():
        others += Event.objects.about(case).in_order()
    own, rest = record.history_file(mine), record.history_file(others, with_facts=False)
    answer = {"receipt": voice.number, "at": request.at.isoformat(), "events": [*own["events"], *rest["events"]]}
    headers = {"Content-Disposition": f'attachment; filename="{voice.number}-proof.json"'}
    return JsonResponse(answer, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})
