"""At the counter: taking an application in, entering one that came on paper, numbers for an outage, bad ratings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.desk.forms.application import AnswerRating, CounterForm, CounterMaterials, SpareForm
from lianxin.desk.forms.deed import choose_offices
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.listen.rules import Contact
from lianxin.people.models import Office
from lianxin.people.rules import Power, power
from lianxin.serve import actions
from lianxin.serve.models import Rating, Service
from lianxin.sheets.forms import form_of
from lianxin.sheets.models import Sheet

NOT_KNOWN_YET = "-"
RATED = ("application__service", "ticket__line", "ticket__window", "ticket__hall", "home__hall")


@require_GET
@power(Power.RECEIVE)
def counter(request: Request) -> HttpResponse:
    """Show the services that can be taken in at this officer's counter."""
    words = request.GET.get("q", "").strip()[:60]
    found = _services(request)
    found = found.search(words) if words else found
    page = page_of(found.in_order(), request.GET.get("page"))
    return render(request, "desk/applications/counter.html", {"page": page, "q": words})


@require_http_methods(["GET", "POST"])
@never_cache
@power(Power.RECEIVE)
def receive(request: Request, number: str) -> HttpResponse:
    """Take in an application of who stands at the counter, or enter one that came on paper."""
    service = get_object_or_404(_services(request), number=number)
    sheet = Sheet.objects.current(service.sheet_key, request.at)
    if sheet is None:
        not_here()
    materials = list(service.materials.all())
    posted = request.POST if request.method == "POST" else None
    person = CounterForm(posted)
    brought = CounterMaterials(posted, request.FILES if posted is not None else None, materials=materials)
    known = {"name": NOT_KNOWN_YET, "phone": NOT_KNOWN_YET}
    if posted is not None and person.is_valid():
        known = {"name": person.cleaned_data["name"], "phone": person.cleaned_data["phone"]}
    form = form_of(sheet, posted, known={key: value for key, value in known.items() if value})
    context: dict[str, Any] = {"service": service, "person": person, "form": form, "materials": brought}
    if posted is None:
        return render(request, "desk/applications/receive.html", context)
    status = 422
    if person.is_valid() and form.is_valid() and brought.is_valid():
        try:
            begun = _received(request, service, person, form.values, brought)
        except Refusal as refusal:
            context["refusal"], status = refusal, refusal.status
        else:
            context = {"application": begun.application, "code": begun.code}
            return render(request, "desk/applications/received.html", context)
    return render(request, "desk/applications/receive.html", context, status=status)


def _received(
    request: Request, service: Service, person: CounterForm, answers: dict[str, Any], brought: CounterMaterials
) -> Any:
    said = person.cleaned_data
    agent = Contact(said["agent_name"], said["agent_phone"]) if said["agent_name"] else None
    office = _counter_of(request, service)
    return actions.receive(
        service, answers=answers, person=actions.Person(Contact(said["name"], said["phone"]), agent, said["unit"]),
        materials=brought.given(), office=office, received_at=said["received_at"], number=said["number"],
        by=request.user, at=request.at,
    )  # fmt: skip


def _counter_of(request: Request, service: Service) -> Office | None:
    """Return the counter at which the officer sits, where it is not that of the service's own office."""
    own = request.user.standing.offices(Power.RECEIVE)
    if service.office_id in own:
        return None
    return Office.objects.filter(pk__in=own).order_by("path").first()


def _services(request: Request) -> Any:
    """Services of the own offices; at the counter of a hall, all that can be applied for."""
    found = Service.objects.for_applying(timezone.localdate(request.at))
    standing = request.user.standing
    if standing.may(Power.HALL, anywhere=True):
        return found
    return found.filter(office__in=standing.offices(Power.RECEIVE))


@require_http_methods(["GET", "POST"])
@never_cache
@power(Power.RECEIVE)
def spare(request: Request) -> HttpResponse:
    """Keep numbers for an outage and show them once with their codes, to be printed."""
    form = SpareForm(request.POST if request.method == "POST" else None)
    choose_offices(form, "office", at=request.at)
    field: Any = form.fields["office"]
    own = request.user.standing.offices(Power.RECEIVE)
    field.queryset = field.queryset.filter(pk__in=own)
    field.choices = [(office.pk, office.name) for office in field.queryset]
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                context["kept"] = actions.spare_numbers(**form.cleaned_data, by=request.user, at=request.at)
                status = 200
            except Refusal as refusal:
                context["refusal"], status = refusal, refusal.status
    return render(request, "desk/applications/spare.html", context, status=status)


@require_GET
@power(Power.DECIDE, Power.OVERSEE, Power.HALL)
def ratings(request: Request) -> HttpResponse:
    """Show bad ratings of the own offices: first those that nobody has taken care of, by their day."""
    found = Rating.objects.visible_to(request.user).bad().select_related(*RATED, "answered_by")
    page = page_of(found.order_by("answered_at", "answer_by", "id"), request.GET.get("page"))
    return render(request, "desk/applications/ratings.html", {"page": page})


@require_http_methods(["GET", "POST"])
@never_cache
@power(Power.DECIDE, Power.HALL)
def answer_rating(request: Request, pk: int) -> HttpResponse:
    """Say what was found about a bad rating, and done."""
    visible = Rating.objects.visible_to(request.user).bad().select_related(*RATED)
    rating = get_object_or_404(visible, pk=pk)
    form = AnswerRating(
        request.POST if request.method == "POST" else None, day=timezone.localdate(request.at)
    )  # fmt: skip
    context: dict[str, Any] = {"rating": rating, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            found = "true" if form.cleaned_data["found"] else "mistaken"
            try:
                actions.answer_rating(
                    rating, found=found, answer=form.cleaned_data["answer"], by=request.user, at=request.at
                )
            except Refusal as refusal:
                context["refusal"], status = refusal, refusal.status
            else:
                messages.success(request, _("Taken care of. The person is told."))
                return redirect("desk:ratings")
    return render(request, "desk/applications/answer_rating.html", context, status=status)
