"""How far an application is, for whoever holds its number and code; and whether a document is genuine."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from lianxin.flow import chart
from lianxin.flow.models import Step
from lianxin.kit.reference import tidy
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import open_file
from lianxin.people.rules import public
from lianxin.portal.forms.application import MaterialsForm, PhoneChangeForm, RateForm, VerifyForm, WithdrawForm
from lianxin.portal.views.held import Basket
from lianxin.portal.views.visitor import Request, is_open, may_go_on, phone_in_hand
from lianxin.serve import actions as serve
from lianxin.serve.models import Application, Document
from lianxin.serve.models.road import Track, track_of
from lianxin.serve.rules.application import VERIFIED, State, Verified

TRIES, TRIES_SECONDS = 60, 600  # codes of documents that one visitor may try
FILE_MOST = 20 * 2**20


@public
@never_cache
@require_safe
def application(request: Request, number: str) -> HttpResponse:
    """Show where it is, by when and why that day, what is missing, and what can be fetched."""
    try:
        found = opened_application(request, number)
    except Http404:
        return redirect(f"{reverse('track')}?number={quote(tidy(number[:60]))}")
    if found.state == State.DRAFT:
        request.session["drafts"] = {**request.session.get("drafts", {}), found.service.number: found.number}
        return redirect("apply", found.service.number)
    return _page(request, found)


@public
@never_cache
@require_POST
def supply(request: Request, number: str) -> HttpResponse:
    """Take what was asked for."""
    found = opened_application(request, number)
    track = track_of(found, at=request.at)
    basket = Basket(request)
    form = _missing(track, request, basket)
    if form is not None and basket.trouble:
        form.add_error(None, basket.trouble)
    if form is not None and form.is_valid():
        try:
            serve.supply(found, materials=form.given(), at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you, it has come in. It goes back to be checked, and you are told."))
            return redirect("application", number)
    return _page(request, found, supply=form, held=basket.hold(), status=422)


@public
@never_cache
@require_POST
def answer_step(request: Request, number: str, pk: int) -> HttpResponse:
    """Take the person's answer to a step that waits for it."""
    found = opened_application(request, number)
    step = get_object_or_404(Step.objects.filter(run=found.run_id, run__isnull=False), pk=pk)
    return _done(
        request, found, lambda: serve.answer_step(step, outcome=request.POST.get("outcome", ""), at=request.at)
    )


@public
@never_cache
@require_POST
def rate(request: Request, number: str) -> HttpResponse:
    """Take how one was served."""
    found = opened_application(request, number)
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            serve.rate(found, at=request.at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. It is on record and counts in the figures."))
            return redirect("application", number)
    return _page(request, found, rating=form, status=422)


@public
@never_cache
@require_POST
def withdraw(request: Request, number: str) -> HttpResponse:
    """End it as its applicant wishes."""
    found = opened_application(request, number)
    form = WithdrawForm(request.POST)
    form.is_valid()
    return _done(
        request, found, lambda: serve.withdraw(found, reason=form.cleaned_data.get("reason", ""), at=request.at)
    )


@public
@never_cache
@require_POST
def change_phone(request: Request, number: str) -> HttpResponse:
    """Write another phone; the old one is told."""
    found = opened_application(request, number)
    form = PhoneChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, phone=form, status=422)
    phone = form.cleaned_data["phone"]
    return _done(request, found, lambda: serve.change_phone(found, phone=phone, by=None, at=request.at))


@public
@never_cache
@require_GET
def document(request: Request, number: str, pk: int) -> HttpResponseBase:
    """Give a document to who has shown number and code; that it was opened on purpose counts as handed over."""
    found = opened_application(request, number)
    kept = get_object_or_404(Document.objects.filter(application=found).select_related("attachment"), pk=pk)
    if _opens_on_purpose(request):
        try:
            serve.fetch(kept, at=request.at)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("application", number)
    return FileResponse(
        open_file(kept.attachment), as_attachment=True, filename=f"{kept.number}.pdf", content_type="application/pdf"
    )


@public
@never_cache
@require_POST
def received(request: Request, number: str, pk: int) -> HttpResponse:
    """Take the word of who has shown number and code that the document has arrived."""
    found = opened_application(request, number)
    kept = get_object_or_404(Document.objects.filter(application=found), pk=pk)
    return _done(request, found, lambda: serve.fetch(kept, at=request.at))


def _opens_on_purpose(request: Request) -> bool:
    """Tell whether a person opened this: the browser says that it went there from our own page, and fetches nothing
    in advance. A browser that says nothing proves nothing: there is the button “I have received it”.
    """
    ahead = "".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")).lower()
    if "prefetch" in ahead or "preview" in ahead:
        return False
    came_from = request.headers.get("Sec-Fetch-Site", "")
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and came_from in ("same-origin", "none")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: Request) -> HttpResponse:
    """Ask for the code of a document, or for the document itself, and say whether it is genuine."""
    if request.method == "GET":
        return render(request, "portal/verify.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "portal/verify.html", {"form": form}, status=422)
    if not may_go_on(request, "verify", TRIES, TRIES_SECONDS):
        return _too_many(request, form)
    file, code = form.cleaned_data["file"], form.cleaned_data["code"]
    if file is None:
        return redirect("verified", tidy(code) or "-")
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    same = (
        Document.objects.filter(sha256=digest).select_related("application__service", "office", "replaced_by").first()
    )
    if same is not None and code and same.code != tidy(code):
        same = None
    verdict = same.standing if same else (Verified.ALTERED if code or file else Verified.UNKNOWN)
    return _verified(request, same, verdict, form=form)


@public
@never_cache
@require_GET
def verified(request: Request, code: str) -> HttpResponse:
    """Say what is known of the document with this code: nothing about the person, and no name."""
    if not may_go_on(request, "verify", TRIES, TRIES_SECONDS):
        return _too_many(request, VerifyForm())
    found = Document.objects.with_code(code)
    return _verified(request, found, found.standing if found else Verified.UNKNOWN, form=VerifyForm())


def _verified(request: Request, found: Document | None, verdict: Verified, *, form: VerifyForm) -> HttpResponse:
    context = {"document": found, "verdict": verdict, "words": VERIFIED[verdict], "form": form, "asked": True}
    return render(request, "portal/verify.html", context, status=404 if verdict is Verified.UNKNOWN else 200)


def _too_many(request: Request, form: VerifyForm) -> HttpResponse:
    words = _("There were too many tries. Please wait ten minutes, or call us: we will look it up for you.")
    return render(request, "portal/verify.html", {"form": form, "too_many": words}, status=429)


def opened_application(request: Request, number: str) -> Application:
    """Return the application that this browser has opened with its code, or whose phone is signed in; else Http404."""
    rows = Application.objects.select_related("service", "office", "run__process", "answer__sheet")
    if is_open(request, number):
        return get_object_or_404(rows, number=number)
    phone = phone_in_hand(request)
    found = rows.filter(number=number, phone_index=phone).exclude(state=State.DRAFT).first() if phone else None
    if found is None:
        raise Http404
    return found


def _done(request: Request, found: Application, deed: Any) -> HttpResponse:
    """Do one deed and go back to the page; a refusal is told there."""
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return redirect("application", found.number)


def _missing(track: Track, request: Request | None = None, basket: Basket | None = None) -> MaterialsForm | None:
    if track.correction is None:
        return None
    materials = [fault.material for fault in track.correction.faults.all()]
    if request is None or basket is None:
        return MaterialsForm(materials=materials)
    return MaterialsForm(request.POST, basket.files, materials=materials)


def _page(request: Request, found: Application, *, status: int = 200, **given: Any) -> HttpResponse:
    track = track_of(found, at=request.at)
    context = {
        "application": found, "track": track, "supply": _missing(track), "rating": RateForm(),
        "withdrawal": WithdrawForm(), "phone": PhoneChangeForm(), "lines": found.answer.lines() if found.answer else [],
        **{name: one for name, one in given.items() if one is not None},
    }  # fmt: skip
    if track.definition:
        labels = chart.labels_of(track.definition)
        context["chart"] = chart.svg(track.definition, track.done, track.now, labels)
        context["lines_of_chart"] = chart.text(track.definition, track.done, track.now, labels)
    return render(request, "portal/application.html", context, status=status)
