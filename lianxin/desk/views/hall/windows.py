"""At the window: who waits, who is called, what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.desk.forms.hall import GiveTicketForm, PassOnForm
from lianxin.desk.views.asking import press
from lianxin.desk.views.hall.which import seen_hall
from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.clock import local
from lianxin.people.rules import Power, power
from lianxin.serve.actions import line
from lianxin.serve.figures import hall as counted
from lianxin.serve.models import Hall, Line, Ticket, Turn, Window
from lianxin.serve.rules.line import TicketState

WAITING_SHOWN = 30
RATING_PATH = "/hall/rate/"  # of the residents' pages


class Act(NamedTuple):
    """A button of the window: its words, its key, and from which states it makes sense."""

    deed: Callable[..., Any]
    words: str | Promise
    key: str
    states: tuple[TicketState, ...]


ACTS: dict[str, Act] = {
    "attend": Act(line.attend, _("Has come"), "a", (TicketState.CALLED,)),
    "recall": Act(line.recall, _("Call once more"), "r", (TicketState.CALLED,)),
    "miss": Act(line.miss, _("Nobody comes"), "m", (TicketState.CALLED,)),
    "conclude": Act(line.conclude, _("Served"), "f", (TicketState.SERVING,)),
}


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_safe
def hall(request: Request) -> HttpResponse:
    """Show the hall now: lines, windows with who sits there, and what the keeper must see."""
    found = seen_hall(request)
    if found is None:
        return render(request, "desk/hall/hall.html", {"hall": None})
    keeps = Hall.objects.kept_by(request.user).filter(pk=found.pk).exists()
    alarms = counted.unattended(found, request.at) if keeps else []
    month = local(request.at).date().replace(day=1)
    context = {
        "hall": found, "keeps": keeps, "lines": counted.lines_now(found, request.at),
        "windows": _windows(request, found), "form": GiveTicketForm(hall=found),
        "alarms": [(each, each.minutes(request.at)) for each in alarms],
        "leaders": counted.leaders_today(found, request.at),
        "unserved": counted.unserved_duties(found, month, request.at) if keeps else [],
    }  # fmt: skip
    return render(request, "desk/hall/hall.html", context)


def _windows(request: Request, found: Hall) -> list[dict[str, Any]]:
    seated: dict[int, list[str]] = {}
    for turn in Turn.objects.at(request.at).filter(roster__hall=found).select_related("clerk"):
        seated.setdefault(turn.window_id, []).append(turn.clerk.name)
    mine = set(Window.objects.visible_to(request.user, request.at).values_list("pk", flat=True))
    today = Ticket.objects.on(local(request.at).date()).at_window()
    numbers = dict(today.filter(hall=found).values_list("window", "label"))
    return [
        {"window": w, "clerks": seated.get(w.pk, []), "ticket": numbers.get(w.pk, ""), "mine": w.pk in mine}
        for w in found.windows.open().prefetch_related("lines")
    ]


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_safe
def window(request: Request, pk: int) -> HttpResponse:
    """Show one window: who is there, who waits, and the keys."""
    found = _window(request, pk)
    ticket = found.tickets.at_window().select_related("line").first()
    waiting = _waiting(request, found)
    context = {
        "window": found, "ticket": ticket, "waiting": waiting[:WAITING_SHOWN], "count": waiting.count(),
        "acts": [(name, act) for name, act in ACTS.items() if ticket and ticket.state in act.states],
        "pass_on": PassOnForm(hall=found.hall) if ticket else None, "states": TicketState,
        "absent": _missed(request, found), "rating": f"{RATING_PATH}{ticket.key}/" if ticket else "",
    }  # fmt: skip
    return render(request, "desk/hall/window.html", context)


def _waiting(request: Request, found: Window) -> QuerySet[Ticket]:
    lines = found.lines.open()
    return Ticket.objects.on(local(request.at).date()).filter(line__in=lines).waiting().select_related("line")


def _missed(request: Request, found: Window) -> QuerySet[Ticket]:
    day = local(request.at).date()
    return found.tickets.filter(day=day, state=TicketState.ABSENT).order_by("-id")


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_POST
def call_next(request: Request, pk: int) -> HttpResponse:
    """Call whoever is first."""
    found = _window(request, pk)
    back = reverse("desk:window", args=[found.pk])
    return press(request, lambda: line.call_next(found, by=request.user, at=request.at), back=back)


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_POST
def at_window(request: Request, pk: int, deed: str) -> HttpResponse:
    """Do a deed with the number that is at the window."""
    ticket = _ticket(request, pk)
    act = ACTS.get(deed) or not_here()
    return press(request, lambda: act.deed(ticket, by=request.user, at=request.at), back=_back(ticket))


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_POST
def pass_on(request: Request, pk: int) -> HttpResponse:
    """Hand somebody on to another line."""
    ticket = _ticket(request, pk)
    back, form = _back(ticket), PassOnForm(request.POST, hall=ticket.hall)

    def deed() -> None:
        if not form.is_valid():
            raise line.OtherHall(gettext("Please choose a line."))
        line.pass_on(ticket, line=form.cleaned_data["line"], by=request.user, at=request.at)

    return press(request, deed, back=back, done=gettext("Handed on, with the number and the time already waited."))


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_POST
def stand_again(request: Request, pk: int) -> HttpResponse:
    """Let who missed the call stand in line again."""
    ticket = _ticket(request, pk)
    back = _back(ticket)
    return press(request, lambda: line.come_back(ticket, by=request.user, at=request.at), back=back)


@power(Power.WINDOW, Power.HALL)
@never_cache
@require_POST
def give_ticket(request: Request) -> HttpResponse:
    """Give a number to somebody at the counter."""
    found = seen_hall(request) or not_here()
    form = GiveTicketForm(request.POST, hall=found)
    back = reverse("desk:hall")

    def deed() -> Ticket:
        if not form.is_valid():
            raise line.OtherHall(gettext("Please choose a line."))
        chosen: Line = form.cleaned_data["line"]
        return line.take_ticket(chosen, reason=form.cleaned_data["reason"], by=request.user, at=request.at)

    given: list[Ticket] = []
    answer = press(request, lambda: given.append(deed()), back=back)
    if given:
        messages.success(request, gettext("The number is %(label)s.") % {"label": given[0].label})
    return answer


def _window(request: Request, pk: int) -> Window:
    rows = Window.objects.visible_to(request.user, request.at).select_related("hall__office").distinct()
    return rows.filter(pk=pk).first() or not_here()


def _ticket(request: Request, pk: int) -> Ticket:
    rows = Ticket.objects.visible_to(request.user, request.at).select_related("hall__office", "line", "window")
    return rows.filter(pk=pk).first() or not_here()


def _back(ticket: Ticket) -> str:
    return reverse("desk:window", args=[ticket.window_id]) if ticket.window_id else reverse("desk:hall")
