"""Outings and sessions: who goes when, who came, what was declared; who is asked and what lies on the table."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms import outings as forms
from lianxin.desk.forms.campaigns import PlanForm
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.officer import Request, not_here
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.models import Discipline, Encounter, EncounterKind, Guest, Outing, Topic, reach_of

SEES = (Power.VISIT, Power.PLAN)
BACK, AHEAD = timedelta(days=14), timedelta(days=60)


@power(*SEES)
@never_cache
@require_safe
def outings(request: Request) -> HttpResponse:
    """Show the days that lie ahead, and those just over that nobody has closed."""
    today = timezone.localdate(request.at)
    rows = Outing.objects.visible_to(request.user).select_related("team", "area").order_by("on", "team__number")
    context = {
        "ahead": rows.filter(on__gte=today, on__lt=today + AHEAD), "today": today,
        "open": rows.filter(on__lt=today, declared_at=None), "closed": rows.filter(
            on__lt=today, on__gte=today - BACK, declared_at__isnull=False
        ).order_by("-on"),
    }  # fmt: skip
    return render(request, "desk/visits/outings.html", context)


def _outing(request: Request, pk: int) -> Outing:
    rows = Outing.objects.visible_to(request.user).select_related("team", "area", "declared_by")
    return rows.filter(pk=pk).first() or not_here()


@power(*SEES)
@never_cache
@require_safe
def outing(request: Request, pk: int) -> HttpResponse:
    """Show one day of a team: who was to go, who came, what was done, and the declaration."""
    found = _outing(request, pk)
    context = {
        "outing": found, "goings": found.goings.select_related("user", "substitute").order_by("user__name"),
        "rules": Discipline.objects.filter(in_use=True).order_by("pk"),
        "encounters": Encounter.objects.visible_to(request.user).done().filter(outing=found).select_related(
            "kind", "household", "enterprise", "area", "recorder"
        ),
    }  # fmt: skip
    return render(request, "desk/visits/outing.html", context)


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: Request, pk: int) -> HttpResponse:
    """Sign somebody in, or say why not and who went instead."""
    found = _outing(request, pk)
    form = forms.AttendForm(posted(request), user=request.user, at=request.at, about=found)
    return ask(
        request, form, lambda: record.attend(found, **form.given(), by=request.user, at=request.at),
        title=gettext("Who came"), submit=gettext("Write it down"), done=gettext("Written down."),
        back=reverse("desk:outing", args=[found.pk]), intro=str(found),
    )  # fmt: skip


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: Request, pk: int) -> HttpResponse:
    """Close a day with the declaration of discipline."""
    found = _outing(request, pk)
    form = forms.DeclareForm(posted(request), user=request.user, at=request.at, about=found)
    rules = "；".join(Discipline.objects.filter(in_use=True).order_by("pk").values_list("words", flat=True))
    return ask(
        request, form, lambda: record.declare(found, **form.given(), by=request.user, at=request.at),
        title=gettext("Close the day"), submit=gettext("Declare it"), done=gettext("The day is closed."),
        back=reverse("desk:outing", args=[found.pk]), intro=rules,
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_safe
def guests(request: Request, pk: int) -> HttpResponse:
    """Show who may be asked at a place."""
    area = _area(request, pk)
    rows = Guest.objects.visible_to(request.user).filter(area__path__startswith=area.path, left_at=None)
    context = {"area": area, "rows": rows.select_related("area").order_by("category", "name")}
    return render(request, "desk/visits/guests.html", context)


def _area(request: Request, pk: int) -> Area:
    area = Area.objects.filter(pk=pk).first() or not_here()
    return area if reach_of(request.user, request.at).covers(area) else not_here()


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_guest(request: Request, pk: int) -> HttpResponse:
    """Put somebody on the roster of a place."""
    area = _area(request, pk)
    form = forms.GuestForm(posted(request), user=request.user, at=request.at)
    return ask(
        request, form, lambda: record.add_guest(area, **form.given(), by=request.user, at=request.at),
        title=gettext("Somebody to ask"), submit=gettext("Put on the roster"), done=gettext("On the roster."),
        back=reverse("desk:guests", args=[area.pk]), intro=str(area),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_POST
def release_guest(request: Request, pk: int) -> HttpResponse:
    """Take somebody off the roster who would rather not be asked."""
    found = Guest.objects.visible_to(request.user).filter(pk=pk).first() or not_here()
    return press(
        request, lambda: record.release_guest(found, by=request.user, at=request.at),
        back=reverse("desk:guests", args=[found.area_id]), done=gettext("Taken off; the phone is deleted."),
    )  # fmt: skip


def _session(request: Request, number: str) -> Encounter:
    rows = Encounter.objects.visible_to(request.user).filter(kind__of=EncounterKind.Of.SESSION)
    return rows.select_related("kind", "area").filter(number=number[:20]).first() or not_here()


def _at_session(request: Request, number: str, shape: type[PlanForm], action: object, title: str) -> HttpResponse:
    found = _session(request, number)
    form = shape(posted(request), user=request.user, at=request.at, about=found)
    return ask(
        request, form, lambda: action(found, **form.given(), by=request.user, at=request.at),  # type: ignore[operator]
        title=title, submit=gettext("Write it down"), done=gettext("Written down."),
        back=reverse("desk:encounter", args=[found.number]),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, number: str) -> HttpResponse:
    """Ask people of the roster to a session."""
    return _at_session(request, number, forms.InviteForm, record.invite, gettext("Ask people to come"))


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def came(request: Request, number: str) -> HttpResponse:
    """Say who of those asked came."""
    return _at_session(request, number, forms.CameForm, record.come, gettext("Who came"))


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def put_topic(request: Request, number: str) -> HttpResponse:
    """Put an issue on the table."""
    return _at_session(request, number, forms.TopicForm, record.put_topic, gettext("Put something on the table"))


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle_topic(request: Request, pk: int) -> HttpResponse:
    """Say what came of an issue."""
    rows = Topic.objects.filter(encounter__in=Encounter.objects.visible_to(request.user))
    found = rows.select_related("encounter__kind").filter(pk=pk).first() or not_here()
    form = forms.SettleTopicForm(posted(request), user=request.user, at=request.at, about=found)
    return ask(
        request, form, lambda: record.settle_topic(found, **form.given(), by=request.user, at=request.at),
        title=gettext("What came of it"), submit=gettext("Write it down"), done=gettext("Written down."),
        back=reverse("desk:encounter", args=[found.encounter.number]), intro=found.text,
    )  # fmt: skip
