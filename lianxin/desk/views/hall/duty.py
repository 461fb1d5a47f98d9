"""A leader's duty in the hall: comes, hears, hands over."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.hall import HeardForm, LeaveForm
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.clock import local
from lianxin.people.models import Shift
from lianxin.people.rules import Power, power
from lianxin.serve.actions import duty as serving
from lianxin.serve.models import DutyLog, duties_of

LOGS_SHOWN = 30
AHEAD = timedelta(days=14)


@power(Power.INSTRUCT, Power.HALL)
@never_cache
@require_safe
def duties(request: Request) -> HttpResponse:
    """Show one's own duties in the hall; to who keeps the hall, everybody's."""
    coming = _shifts(request).filter(ends__gt=request.at, starts__lt=request.at + AHEAD).order_by("starts")
    logs = _logs(request).order_by("-shift__starts")[:LOGS_SHOWN]
    today = local(request.at).date()
    return render(request, "desk/hall/duty.html", {"coming": coming, "logs": logs, "today": today, "at": request.at})


@power(Power.INSTRUCT)
@never_cache
@require_POST
def come_on_duty(request: Request, pk: int) -> HttpResponse:
    """Begin a duty."""
    shift = _shifts(request).filter(pk=pk).first() or not_here()
    done = gettext("Your duty has begun. The public page says that you are here.")
    return press(
        request,
        lambda: serving.come_on_duty(shift, by=request.user, at=request.at),
        back=reverse("desk:duty"),
        done=done,
    )


@power(Power.INSTRUCT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hear_on_duty(request: Request, pk: int) -> HttpResponse:
    """Write down an opinion heard in the hall."""
    log = _logs(request).filter(pk=pk).first() or not_here()
    form = HeardForm(posted(request))
    return ask(
        request, form, lambda: serving.hear_on_duty(log, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Heard in the hall"), submit=gettext("Write it down"),
        done=gettext("It is written down and goes its road like any other voice."), back=reverse("desk:duty"),
    )  # fmt: skip


@power(Power.INSTRUCT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_duty(request: Request, pk: int) -> HttpResponse:
    """End a duty, with what the next one must know."""
    log = _logs(request).filter(pk=pk).first() or not_here()
    form = LeaveForm(posted(request))
    return ask(
        request, form, lambda: serving.leave_duty(log, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("End of the duty"), submit=gettext("End the duty"), done=gettext("Thank you. It is on record."),
        back=reverse("desk:duty"),
    )  # fmt: skip


def _shifts(request: Request) -> QuerySet[Shift]:
    """The leaders' duties in halls that are one's own, of a leader one stands in for, or in a hall one keeps."""
    return duties_of(request.user).select_related("user", "office", "hall_log__leader")


def _logs(request: Request) -> QuerySet[DutyLog]:
    found = DutyLog.objects.filter(shift__in=duties_of(request.user))
    return found.select_related("shift__office", "leader").prefetch_related("entries__voice")
