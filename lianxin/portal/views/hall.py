"""The hall, seen from outside: who waits, a number, the screen, the leader on duty, appointments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.kit.reference import tidy
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import public
from lianxin.portal.forms.hall import AppointmentForm, BookForm, HomeForm, SlotForm, TakeForm
from lianxin.portal.views.visitor import OPEN_SECONDS, Request, may_go_on, take_badge
from lianxin.serve.actions import appointment as booking
from lianxin.serve.actions import care
from lianxin.serve.actions import line as waiting
from lianxin.serve.figures import hall as counted
from lianxin.serve.models import Appointment, Badge, Hall, Line, Slot, Ticket
from lianxin.serve.rules.line import Booking, TicketState, order_of_the_line

TAKES, BOOKINGS, SPAN = 30, 20, 600  # per visitor within so many seconds; a village may share one address
DAYS_SHOWN = 14
SLOTS_SHOWN = 400


@public
@never_cache
@require_safe
def hall(request: Request) -> HttpResponse:
    """Show each hall: its lines and how many wait, the leader on duty, and the rule of the order."""
    halls = [
        {"hall": each, "lines": counted.lines_now(each, request.at), "leaders": counted.leaders_today(each, request.at)}
        for each in _halls()
    ]
    return render(request, "portal/hall/hall.html", {"halls": halls, "order": order_of_the_line()})


@public
@never_cache
@require_safe
def screen(request: Request) -> HttpResponse:
    """Show the numbers that are called, large, for the wall of the hall; numbers and windows only."""
    wanted = request.GET.get("hall", "")
    found = _halls().filter(pk=int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else _halls()
    shown = found.first()
    if shown is None and wanted:
        raise Http404
    context: dict[str, Any] = {"hall": shown, "called": [], "lines": []}
    if shown:
        context["called"] = counted.called_now(shown, request.at)
        context["lines"] = counted.lines_now(shown, request.at)
        context["leaders"] = counted.leaders_today(shown, request.at)
    return render(request, "portal/hall/screen.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: Request) -> HttpResponse:
    """Give a number for a line."""
    lines = Line.objects.open().select_related("hall__office")
    form = TakeForm(request.POST if request.method == "POST" else None, lines=lines, initial={"reason": ""})
    status = 200
    if request.method == "POST":
        status = 422
        if not may_go_on(request, "ticket", TAKES, SPAN):
            form.add_error(None, _("Many numbers have just been taken from your network. Please wait a few minutes."))
            status = 429
        elif form.is_valid():
            try:
                ticket = waiting.take_ticket(
                    form.cleaned_data["line"], reason=form.cleaned_data["reason"], at=request.at
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("ticket", ticket.key)
    return render(request, "portal/hall/take.html", {"form": form, "order": order_of_the_line()}, status=status)


@public
@never_cache
@require_safe
def ticket(request: Request, key: str) -> HttpResponse:
    """Show a number: how many are before it, and to which window it is called."""
    found = _ticket(key)
    context = {"ticket": found, "before": found.before(), "states": TicketState, "today": _today(request)}
    return render(request, "portal/hall/ticket.html", context)


@public
@never_cache
@require_POST
def give_back(request: Request, key: str) -> HttpResponse:
    """Give a number back, for who cannot wait."""
    return _with_ticket(request, key, waiting.give_back, _("Your number is given back. Thank you for saying so."))


@public
@never_cache
@require_POST
def come_back(request: Request, key: str) -> HttpResponse:
    """Stand in line again with the same number, after a call that was missed."""
    return _with_ticket(request, key, waiting.come_back, _("You stand in line again, with the same number."))


def _with_ticket(request: Request, key: str, deed: Any, done: str) -> HttpResponse:
    found = _ticket(key)
    try:
        deed(found, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("ticket", key)


def _ticket(key: str) -> Ticket:
    found = Ticket.objects.filter(key=key[:16]).select_related("line", "window", "hall__office").first()
    if found is None:
        raise Http404
    return found


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request) -> HttpResponse:
    """Book a time in three steps: the line, the time, who comes."""
    free = Slot.objects.free(request.at).select_related("line__hall__office")
    lines = Line.objects.filter(pk__in=free.values("line")).select_related("hall__office").order_by("hall", "letter")
    chosen = _line(request.GET.get("line", ""), lines)
    context: dict[str, Any] = {"lines": lines, "line": chosen}
    if chosen is None:
        return render(request, "portal/hall/book.html", context)
    of_line = free.filter(line=chosen)
    context["days"] = _by_day(of_line[:SLOTS_SHOWN])
    if request.method != "POST" and not request.GET.get("slot"):
        return render(request, "portal/hall/book.html", context)
    form = BookForm(
        request.POST if request.method == "POST" else None, slots=of_line, initial={"slot": request.GET.get("slot")}
    )
    context |= {"form": form, "slot": _slot(request.POST.get("slot") or request.GET.get("slot", ""), of_line)}
    if request.method != "POST":
        return render(request, "portal/hall/book.html", context)
    status = 422
    if not may_go_on(request, "book", BOOKINGS, SPAN):
        form.add_error(None, _("Much has just been booked from your network. Please wait a few minutes."))
        status = 429
    elif form.is_valid():
        try:
            made = booking.book(**form.cleaned_data, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            context["days"] = _by_day(of_line.all()[:SLOTS_SHOWN])
        else:
            _open(request, made)
            request.session["booked"] = made.number
            return redirect("appointment", made.number)
    return render(request, "portal/hall/book.html", context, status=status)


@public
@never_cache
@require_safe
def badge(request: Request, key: str) -> HttpResponse:
    """Show what somebody at a window is there for, as the code on the badge leads here; and where to praise."""
    found = Badge.objects.filter(key=key[:16]).select_related("holder", "post__office", "window", "backup").first()
    if found is None:
        raise Http404
    take_badge(request, found)
    return render(request, "portal/hall/badge.html", {"badge": found, "outdated": found.is_outdated(_today(request))})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_home(request: Request) -> HttpResponse:
    """Take in that somebody who cannot come is to be served at home."""
    halls = _halls()
    if asked := request.session.pop("home", ""):
        return render(request, "portal/hall/home.html", {"asked": asked})
    form = HomeForm(request.POST if request.method == "POST" else None, halls=halls, initial={"hall": halls.first()})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and not may_go_on(request, "home", BOOKINGS, SPAN):
        form.add_error(None, _("Much has just been booked from your network. Please wait a few minutes."))
        status = 429
    elif request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            visit = care.ask_home(said.pop("hall"), **said, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session["home"] = visit.number
            return redirect("ask_home")
    return render(request, "portal/hall/home.html", {"form": form}, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_appointment(request: Request) -> HttpResponse:
    """Ask for number and code of an appointment."""
    if request.method != "POST":
        number = tidy(request.GET.get("number", "")[:60])
        if number and _is_open(request, number):
            return redirect("appointment", number)
        form = AppointmentForm(initial={"number": number}, visitor=request.visitor)
        return render(request, "portal/hall/find.html", {"form": form})
    form = AppointmentForm(request.POST, visitor=request.visitor)
    if form.is_valid() and form.appointment:
        _open(request, form.appointment)
        return redirect("appointment", form.appointment.number)
    return render(request, "portal/hall/find.html", {"form": form}, status=429 if form.blocked else 422)


@public
@never_cache
@require_safe
def appointment(request: Request, number: str) -> HttpResponse:
    """Show an appointment to who has opened it; everybody else is asked for the code."""
    if not _is_open(request, number):
        return redirect("find_appointment")
    return render(request, "portal/hall/appointment.html", _shown(request, _mine(request, number)))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move_appointment(request: Request, number: str) -> HttpResponse:
    """Choose another time."""
    mine = _mine(request, number)
    free = Slot.objects.free(request.at).filter(line=mine.slot.line_id).exclude(pk=mine.slot_id)
    if request.method == "POST":
        form = SlotForm(request.POST, slots=free)
        if form.is_valid():
            done = _("It is changed. Number and code stay the same.")
            return _deed(
                request,
                number,
                lambda: booking.move_appointment(mine, slot=form.cleaned_data["slot"], at=request.at),
                done,
            )
        messages.error(request, _("All places of this time have just been taken. Please choose another."))
    return render(request, "portal/hall/move.html", {"appointment": mine, "days": _by_day(free[:SLOTS_SHOWN])})


@public
@never_cache
@require_POST
def cancel_appointment(request: Request, number: str) -> HttpResponse:
    """Give the time back."""
    mine = _mine(request, number)
    done = _("It is cancelled. Somebody else can have the time.")
    return _deed(request, number, lambda: booking.cancel_appointment(mine, at=request.at), done)


@public
@never_cache
@require_POST
def check_in(request: Request, number: str) -> HttpResponse:
    """Take a number for an appointment, on arrival."""
    mine = _mine(request, number)
    return _deed(request, number, lambda: booking.check_in(mine, at=request.at), _("Here is your number."))


def _deed(request: Request, number: str, deed: Any, done: str) -> HttpResponse:
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("appointment", number)


def _shown(request: Request, mine: Appointment) -> dict[str, Any]:
    may_change = mine.state == Booking.BOOKED and mine.slot.starts > request.at
    may_check_in = mine.state == Booking.BOOKED and timezone.localdate(mine.slot.starts) == _today(request)
    code = mine.code if request.session.get("booked") == mine.number else ""
    return {"appointment": mine, "may_change": may_change, "may_check_in": may_check_in, "code": code}


def _mine(request: Request, number: str) -> Appointment:
    if not _is_open(request, number):
        raise Http404
    rows = Appointment.objects.select_related("slot__line__hall__office", "ticket")
    found = rows.filter(number=number[:20]).first()
    if found is None:
        raise Http404
    return found


def _open(request: Request, made: Appointment) -> None:
    """Let this browser see the appointment for a while."""
    now = int(request.at.timestamp())
    kept: dict[str, int] = request.session.get("appointments", {})
    fresh = {number: since for number, since in kept.items() if now - since < OPEN_SECONDS}
    request.session["appointments"] = {**fresh, made.number: now}


def _is_open(request: Request, number: str) -> bool:
    since: int | None = request.session.get("appointments", {}).get(number)
    return since is not None and request.at.timestamp() - since < OPEN_SECONDS


def _halls() -> QuerySet[Hall]:
    return Hall.objects.select_related("office").order_by("office__path")


def _line(wanted: str, lines: Iterable[Line]) -> Line | None:
    return next((each for each in lines if str(each.pk) == wanted), None)


def _slot(wanted: str, slots: QuerySet[Slot]) -> Slot | None:
    return slots.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 18 else None


def _by_day(slots: Iterable[Slot]) -> list[tuple[date, list[Slot]]]:
    days = groupby(slots, key=lambda slot: timezone.localdate(slot.starts))
    return [(day, list(of_day)) for day, of_day in days][:DAYS_SHOWN]


def _today(request: Request) -> date:
    return timezone.localdate(request.at)
