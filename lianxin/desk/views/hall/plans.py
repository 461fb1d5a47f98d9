"""The plan of a day: entered, looked at, kept only without a fault."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.desk.forms.hall import DayForm, TurnFormSet
from lianxin.desk.views.hall.which import kept_hall
from lianxin.desk.views.officer import Request
from lianxin.kit.refusal import Refusal
from lianxin.people.models import calendar_now
from lianxin.people.rules import Power, power
from lianxin.serve.actions import roster as planning
from lianxin.serve.models import Hall, Roster
from lianxin.serve.rules.hall import Sitting


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request) -> HttpResponse:
    """Show and change who sits where on a day. `Look` says what is wrong with it, `Keep` keeps it if nothing is."""
    hall = kept_hall(request)
    if hall is None:
        return redirect("desk:hall_setup")
    day = _day(request)
    given = {"hall": hall, "on": day}
    if request.method != "POST":
        rows = TurnFormSet(initial=_initial(hall, day), form_kwargs=given)
        return _shown(request, hall, day, rows)
    rows = TurnFormSet(request.POST, form_kwargs=given)
    if not rows.is_valid():
        return _shown(request, hall, day, rows, status=422)
    sittings: list[Sitting] = [form.sitting for form in rows.forms if form.sitting]
    try:
        if "keep" in request.POST:
            planning.plan(hall, day=day, sittings=sittings, by=request.user, at=request.at)
            messages.success(request, gettext("The plan is kept."))
            return redirect(f"{reverse('desk:plan')}?{urlencode({'hall': hall.pk, 'day': day.isoformat()})}")
        faults = planning.words_of(planning.check_plan(hall, day=day, sittings=sittings))
    except planning.RosterFaults as refused:
        return _shown(request, hall, day, rows, faults=refused.lines, status=422)
    except Refusal as refused:
        return _shown(request, hall, day, rows, faults=[str(refused)], status=422)
    return _shown(request, hall, day, rows, faults=faults, looked=True)


def _shown(
    request: Request, hall: Hall, day: date, rows: Any, *, faults: list[str] | None = None, looked: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "hall": hall, "day": day, "rows": rows, "faults": faults or [], "fine": looked and not faults,
        "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        "working": calendar_now().is_workday(day), "is_over": day < timezone.localdate(request.at),
        "kept": Roster.objects.filter(hall=hall, day=day).select_related("made_by").first(),
        "windows": hall.windows.open(),
    }  # fmt: skip
    return render(request, "desk/hall/plan.html", context, status=status)


def _initial(hall: Hall, day: date) -> list[dict[str, Any]]:
    """Return the plan of the day, or of the last day before that has one: most days are like the last."""
    found = Roster.objects.filter(hall=hall, day__lte=day).order_by("-day").first()
    turns = found.turns.in_order() if found else []
    return [{"window": t.window_id, "clerk": t.clerk_id, "starts": t.starts, "ends": t.ends} for t in turns]


def _day(request: Request) -> date:
    form = DayForm(request.GET)
    asked: date | None = form.cleaned_data.get("day") if form.is_valid() else None
    return asked or timezone.localdate(request.at)
