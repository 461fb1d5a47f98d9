"""Doors: the list of a place in the order of a walk, how much of it was covered, and what waits at a door."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.forms.visits import CallForm, ReportForm, SpanForm
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.clock import ZONE
from lianxin.people.models import Campaign, County
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.figures import coverage as counting
from lianxin.record.models import Call, Household, Occasion, reach_of
from lianxin.record.rules import Outcome, door_order, walk

DOORS_MOST = 400
REASONS: dict[str, Any] = {
    counting.NEVER: _("not gone to yet"),
    "phone": _("by telephone only"),
    **dict(Outcome.choices),
}
COUNTED_BY = {
    Area.Kind.COUNTY: Area.Kind.TOWN, Area.Kind.TOWN: Area.Kind.VILLAGE, Area.Kind.VILLAGE: Area.Kind.GROUP,
    Area.Kind.COMPOUND: Area.Kind.BUILDING,
}  # fmt: skip


def span(request: Request) -> tuple[SpanForm, datetime, datetime, Campaign | None]:
    """Return the period asked for, by Beijing days: that of the campaign, else this year."""
    form = SpanForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    campaign, today = said.get("campaign"), timezone.localdate(request.at)
    first = said.get("first") or (campaign.starts if campaign else today.replace(month=1, day=1))
    last = said.get("last") or today
    start = datetime.combine(first, time.min, ZONE)
    return form, start, max(start, datetime.combine(last, time.max, ZONE)), campaign


@power(Power.VISIT, Power.ARCHIVE)
@never_cache
@require_safe
def doors(request: Request, pk: int) -> HttpResponse:
    """Show the doors of a place in the order of a walk; those that wait for somebody stand first if one likes."""
    area = _reached(request, pk)
    form, start, end, campaign = span(request)
    homes = Household.objects.visible_to(request.user).open().within(area).select_related("area")
    if request.GET.get("left"):
        homes = counting.unvisited(homes, start=start, end=end, campaign=campaign)
    found = counting.doors(homes.order_by("area__path", "door", "pk")[:DOORS_MOST], start=start, end=end)
    order = walk({door.household.area_id: _middle(door.household.area) for door in found})
    place = {key: n for n, key in enumerate(order)}
    found.sort(key=lambda door: (place[door.household.area_id], door_order(door.household.door)))
    if request.GET.get("needy"):
        found.sort(key=lambda door: (-door.calls, door.is_met))
    whole, _parts = counting.coverage(area, start=start, end=end, campaign=campaign)
    context = {
        "area": area, "doors": found, "whole": whole, "form": form, "gaps": _said(whole), "most": DOORS_MOST,
        "query": request.GET, "parts": Area.objects.filter(parent=area).defer("outline").order_by("path"),
    }  # fmt: skip
    return render(request, "desk/visits/doors.html", context)


def _reached(request: Request, pk: int) -> Area:
    area = Area.objects.filter(pk=pk).first() or not_here()
    return area if reach_of(request.user, request.at).covers(area) else not_here()


def _middle(area: Area) -> tuple[float, float] | None:
    """Return the middle of the corners of a place on the map, if it has been drawn."""
    outline: Any = area.outline or {}
    rings = outline.get("coordinates") or []
    while rings and isinstance(rings[0][0], list):
        rings = rings[0]
    if not rings:
        return None
    return sum(point[0] for point in rings) / len(rings), sum(point[1] for point in rings) / len(rings)


def _said(cover: counting.Cover) -> list[tuple[Any, int]]:
    return [(REASONS[key], n) for key, n in cover.gaps.items()]


@power(Power.VISIT, Power.ARCHIVE, Power.PLAN)
@never_cache
@require_safe
def coverage(request: Request) -> HttpResponse:
    """Show of a place and its parts how many households were met, and why not the others; no names."""
    wanted = request.GET.get("area", "")
    area = Area.objects.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 18 else County.now().area
    area = area or not_here()
    reach = reach_of(request.user, request.at)
    if not (request.user.standing.may(Power.PLAN, anywhere=True) or reach.covers(area)):
        if wanted:
            not_here()
        reached = Area.objects.filter(path__in=reach.paths).order_by("path").first()
        if reached is None:
            return render(request, "desk/visits/coverage.html")  # a leader is linked to enterprises, not to places
        area = reached
    form, start, end, campaign = span(request)
    kind = COUNTED_BY.get(Area.Kind(area.kind), area.kind)
    whole, parts = counting.coverage(area, start=start, end=end, campaign=campaign, kind=kind)
    context = {
        "area": area, "whole": whole, "parts": [(part, _said(part)) for part in parts if part.area.pk != area.pk],
        "gaps": _said(whole), "form": form, "reached": {part.area.pk for part in parts if reach.covers(part.area)},
        "here": reach.covers(area),
    }  # fmt: skip
    return render(request, "desk/visits/coverage.html", context)


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raise_call(request: Request, number: str) -> HttpResponse:
    """Say that an occasion came up at a household: somebody must go, or report."""
    home = Household.objects.visible_to(request.user).filter(number=number[:24]).first() or not_here()
    form = CallForm(posted(request))
    return ask(
        request, form, lambda: record.raise_call(home, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("An occasion came up"), submit=gettext("Put it on the list"), intro=f"{home.called} {home.door}",
        done=gettext("It is on the list until somebody was there, or reported it."), back=reverse("desk:visits"),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_call(request: Request, pk: int) -> HttpResponse:
    """Report what must be reported."""
    rows = Call.objects.visible_to(request.user).select_related("occasion__office", "household")
    found = rows.filter(pk=pk, occasion__must=Occasion.Must.REPORT).first() or not_here()
    form = ReportForm(posted(request))
    to = found.occasion.office.name if found.occasion.office else ""
    return ask(
        request, form, lambda: record.report_call(found, **form.cleaned_data, by=request.user, at=request.at),
        title=f"{found.occasion.name} · {found.household.called}", submit=gettext("Report it"),
        intro=gettext("Goes to %(office)s.") % {"office": to} if to else "", done=gettext("It is reported."),
        back=reverse("desk:visits"),
    )  # fmt: skip
