"""Appointments of a day: who is expected, who has come; and times opened for booking."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.hall import DayForm, OpenSlotsForm
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.hall.which import kept_hall
from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.text import mask_name, mask_phone
from lianxin.people.rules import Power, power
from lianxin.serve.actions import appointment as booking
from lianxin.serve.models import Appointment, Slot
from lianxin.serve.rules.line import Booking

SHOWN_MOST = 300


@power(Power.HALL)
@never_cache
@require_safe
def appointments(request: Request) -> HttpResponse:
    """Show who is expected on a day, masked, and how full the times are."""
    hall = kept_hall(request)
    day = _day(request)
    context: dict[str, Any] = {
        "hall": hall, "day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        "booked": Booking.BOOKED,
    }  # fmt: skip
    if hall:
        rows = Appointment.objects.visible_to(request.user).filter(slot__line__hall=hall, slot__starts__date=day)
        rows = rows.select_related("slot__line", "ticket").order_by("slot__starts", "id")[:SHOWN_MOST]
        context["rows"] = [(row, *_masked(row)) for row in rows]
        slots = Slot.objects.filter(line__hall=hall, starts__date=day)
        context["room"] = sum(slots.values_list("capacity", flat=True))
        context["taken"] = sum(slots.values_list("booked", flat=True))
    return render(request, "desk/hall/appointments.html", context)


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_slots(request: Request) -> HttpResponse:
    """Open times for booking."""
    hall = kept_hall(request) or not_here()
    tomorrow = timezone.localdate(request.at) + timedelta(days=1)
    initial = {"first": tomorrow, "last": tomorrow + timedelta(days=13)}
    form = OpenSlotsForm(posted(request), hall=hall, initial=initial)
    return ask(
        request, form, lambda: booking.open_slots(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Open times for booking"), submit=gettext("Open the times"),
        done=gettext("The times are open."), back=reverse("desk:appointments"),
        intro=gettext("On working days, within the hours of the windows of the line. What is open already stays."),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_POST
def arrive(request: Request, number: str) -> HttpResponse:
    """Give who has come for an appointment a number."""
    found = _mine(request, number)
    done = gettext("The number is given: it stands beside the appointment.")
    return press(request, lambda: booking.check_in(found, by=request.user, at=request.at), back=_back(found), done=done)


@power(Power.HALL)
@never_cache
@require_POST
def call_off(request: Request, number: str) -> HttpResponse:
    """Cancel an appointment for somebody who has called."""
    found = _mine(request, number)
    done = gettext("It is cancelled. The person is told.")
    return press(
        request, lambda: booking.cancel_appointment(found, by=request.user, at=request.at), back=_back(found), done=done
    )


def _mine(request: Request, number: str) -> Appointment:
    rows = Appointment.objects.visible_to(request.user).select_related("slot__line__hall")
    return rows.filter(number=number[:20]).first() or not_here()


def _back(found: Appointment) -> str:
    return f"{reverse('desk:appointments')}?day={timezone.localdate(found.slot.starts).isoformat()}"


def _masked(row: Appointment) -> tuple[str, str]:
    contact = row.opened_contact()
    return mask_name(contact.name), mask_phone(contact.phone)


def _day(request: Request) -> date:
    form = DayForm(request.GET)
    asked: date | None = form.cleaned_data.get("day") if form.is_valid() else None
    return asked or timezone.localdate(request.at)
