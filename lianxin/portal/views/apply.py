"""Applying for a service: the form, kept while it is not sent, and the receipt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.kit.refusal import Refusal
from lianxin.people.rules import public
from lianxin.portal.forms.application import MaterialsForm, PersonForm
from lianxin.portal.views.held import Basket
from lianxin.portal.views.paper import pdf_of
from lianxin.portal.views.visitor import RECEIPT_SECONDS, Request, is_open, may_go_on, unlock
from lianxin.portal.views.voices import qr_of
from lianxin.serve import actions as serve
from lianxin.serve.models import Application, Handed, Service, open_draft
from lianxin.serve.rules.application import State
from lianxin.sheets.forms import SheetForm, form_of
from lianxin.sheets.models import Sheet

PER_TEN_MINUTES = 40
NOT_KNOWN_YET = "-"  # stands for what the page asks itself, so that the sheet does not ask it again


@public
@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: Request, number: str) -> HttpResponse:
    """Show the form of a service, keep what was entered, or hand it in."""
    service = get_object_or_404(Service.objects.for_applying(timezone.localdate(request.at)), number=number)
    sheet = Sheet.objects.current(service.sheet_key, request.at)
    if sheet is None:
        return render(request, "portal/apply_closed.html", {"service": service}, status=404)
    draft = _draft(request, service)
    if request.method == "POST":
        return _take(request, service, sheet, draft)
    person, answers = _kept(draft)
    forms = {
        "person": PersonForm(initial={**person, "key": uuid4().hex}),
        "form": form_of(sheet, initial=answers, known=_asked_here()),
        "materials": MaterialsForm(materials=list(service.materials.all())),
    }
    return _page(request, service, draft, forms)


def _take(request: Request, service: Service, sheet: Sheet, draft: Application | None) -> HttpResponse:
    person = PersonForm(request.POST)
    basket = Basket(request)
    materials = MaterialsForm(request.POST, basket.files, materials=list(service.materials.all()))
    if basket.trouble:
        materials.add_error(None, basket.trouble)
    saving = request.POST.get("do") == "save"
    known = _asked_here()
    if person.is_valid():
        known = {"name": person.cleaned_data["name"], "phone": person.cleaned_data["phone"]}
    form = form_of(sheet, request.POST, known=known, today=timezone.localdate(request.at))
    forms: dict[str, Any] = {"person": person, "form": form, "materials": materials}
    status = 422
    if not may_go_on(request, "apply", PER_TEN_MINUTES, 600):
        person.add_error(None, _("Much has just been sent from your network. Please wait a few minutes."))
        status = 429
    elif materials.is_valid() and (saving or (person.is_valid() and form.is_valid())):
        try:
            begun = _save(request, service, sheet, draft, forms) if saving else _send(request, service, draft, forms)
        except Refusal as refusal:
            person.add_error(None, str(refusal))
        else:
            return begun
    return _page(request, service, draft, forms, status=status, held=basket.hold())


def _save(
    request: Request, service: Service, sheet: Sheet, draft: Application | None, forms: dict[str, Any]
) -> HttpResponse:
    """Keep what was entered as it is, and show the number and the code with which one goes on elsewhere."""
    forms["person"].is_valid()
    raw = {key: _raw(request, forms["form"], key) for key in forms["form"].fields}
    begun = serve.keep_draft(
        draft, service=service, answers=raw, person=forms["person"].person(), materials=forms["materials"].given(),
        at=request.at,
    )  # fmt: skip
    unlock(request, begun.application)
    request.session["drafts"] = {**request.session.get("drafts", {}), service.number: begun.application.number}
    messages.success(
        request,
        _("Kept. On another device go on with number %(number)s and code %(code)s under “How far is it?”.")
        % {"number": begun.application.number, "code": begun.code},
    )
    return redirect("apply", service.number)


def _send(request: Request, service: Service, draft: Application | None, forms: dict[str, Any]) -> HttpResponse:
    """Hand it in and go to the receipt."""
    person, key = forms["person"].person(), f"web:{forms['person'].cleaned_data['key']}"
    given: dict[str, Any] = {
        "answers": forms["form"].values, "person": person, "materials": forms["materials"].given(), "at": request.at,
    }  # fmt: skip
    if draft is None:
        begun = serve.apply(service, channel="web", idempotency_key=key, **given)
    else:
        begun = serve.submit(draft, idempotency_key=key, **given)
    until = int(request.at.timestamp()) + RECEIPT_SECONDS
    kept = {"number": begun.application.number, "code": begun.code, "until": until}
    request.session["application_receipt"] = kept
    drafts = request.session.get("drafts", {})
    request.session["drafts"] = {key: value for key, value in drafts.items() if key != service.number}
    unlock(request, begun.application)
    return redirect("application_receipt")


def _raw(request: Request, form: SheetForm, key: str) -> Any:
    name = form.add_prefix(key)
    several = request.POST.getlist(name)
    return several if len(several) > 1 else request.POST.get(name, "")


def _page(
    request: Request,
    service: Service,
    draft: Application | None,
    forms: dict[str, Any],
    *,
    status: int = 200,
    held: dict[str, Any] | None = None,
) -> HttpResponse:
    there = Handed.objects.current().filter(application=draft).select_related("material") if draft else []
    context = {"service": service, "draft": draft, "there": there, "held": held, **forms}
    return render(request, "portal/apply.html", context, status=status)


def _draft(request: Request, service: Service) -> Application | None:
    """Return the draft of this service that this browser has opened with its code."""
    number = request.session.get("drafts", {}).get(service.number, "")
    if not number or not is_open(request, number):
        return None
    return Application.objects.filter(number=number, service=service, state=State.DRAFT).first()


def _kept(draft: Application | None) -> tuple[dict[str, str], dict[str, Any]]:
    if draft is None:
        return {}, {}
    contact, agent = draft.opened_contact(), draft.opened_agent()
    person = {"name": contact.name, "phone": contact.phone, "email": contact.email, "unit": draft.unit}
    if agent:
        person |= {"agent_name": agent.name, "agent_phone": agent.phone}
    return person, open_draft(draft)


def _asked_here() -> dict[str, str]:
    return {"name": NOT_KNOWN_YET, "phone": NOT_KNOWN_YET}


@public
@never_cache
@require_GET
def application_receipt(request: Request) -> HttpResponse:
    """Show number and code of what was just handed in."""
    found = _in_hand(request)
    if found is None:
        return redirect("track")
    application, code = found
    context = {"application": application, "code": code, "qr": qr_of(application.number)}
    return render(request, "portal/application_receipt.html", context)


@public
@never_cache
@require_GET
def application_receipt_pdf(request: Request) -> HttpResponse:
    """Give the receipt for the materials as a sheet of paper."""
    found = _in_hand(request)
    if found is None:
        return redirect("track")
    application, code = found
    handed = Handed.objects.current().filter(application=application).select_related("material")
    context = {
        "application": application, "code": code, "number": application.number, "qr": qr_of(application.number),
        "handed": handed, "office": application.office.name, "date": timezone.localdate(application.submitted_at),
    }  # fmt: skip
    return pdf_of(request, "portal/application_receipt_paper.html", context, f"{application.number}.pdf")


def _in_hand(request: Request) -> tuple[Application, str] | None:
    receipt: dict[str, Any] | None = request.session.get("application_receipt")
    if not receipt or receipt["until"] <= request.at.timestamp():
        return None
    found = Application.objects.select_related("service", "office").filter(number=receipt["number"]).first()
    return (found, str(receipt["code"])) if found else None
