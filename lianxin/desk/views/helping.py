"""Households that are helped: who has a helper, what the plan lacks, what was given, what it brought."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.deeds.help import DEEDS
from lianxin.desk.forms.helping import EnterForm
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.help import actions
from lianxin.help.figures import coverage, effect
from lianxin.help.models import Entry, Income, Measure, Programme, Register, Statement
from lianxin.people.rules import Power, power
from lianxin.record.models import Link
from lianxin.record.rules import Tie
from lianxin.sheets.forms import form_of
from lianxin.sheets.models import Sheet

ON_A_PAGE = 50
CHART, HEAD, BAR = (640, 150), 24, 56  # of the small picture of incomes: its bars, the room above them, the widest bar


@power(Power.HELP)
@never_cache
@require_safe
def helped(request: Request) -> HttpResponse:
    """Show the households on the registers that I may see; those without a helper first."""
    today = timezone.localdate(request.at)
    rows = Entry.objects.visible_to(request.user).on(today).select_related("register", "household__area")
    alone = rows.exclude(pk__in=Entry.objects.helped(today).values("pk"))
    only = request.GET.get("only", "")
    shown = alone if only == "alone" else rows
    everywhere = request.user.standing.everywhere(Power.HELP)
    registers = Register.objects.order_by("name") if everywhere else Register.objects.none()
    context = {
        "page": page_of(shown.order_by("household__area__path", "id"), request.GET.get("page"), ON_A_PAGE),
        "alone": alone.order_by("id")[:20], "only": only, "today": today,
        "coverages": [coverage(register, today) for register in registers],
        "public": settings.PUBLIC_URL,
        "programmes": Programme.objects.filter(ended_on=None).order_by("name"),
    }  # fmt: skip
    return render(request, "desk/help/helped.html", context)


@power(Power.HELP)
@never_cache
@require_safe
def help_entry(request: Request, pk: int) -> HttpResponse:
    """Show one household: helper, plan, help given, income month by month, own words, ticks."""
    entry = _mine(request, pk)
    today, home = timezone.localdate(request.at), entry.household
    found = effect(entry.household, entry.entered_on, entry.left_on or today)
    links = Link.objects.held(today).filter(household=entry.household, tie=Tie.HELPER).select_related("user")
    context = {
        "entry": entry, "links": links, "lacks": entry.lacks, "today": today, "effect": found,
        "parts": entry.parts.select_related("by").order_by("-id"), "chart": _chart(found.months),
        "measures": Measure.objects.filter(household=home).select_related("programme", "resident").order_by("-day"),
        "incomes": Income.objects.filter(resident__household=home).select_related("resident").order_by("first"),
        "statements": Statement.objects.filter(household=home).order_by("-id"),
        "ticks": entry.ticks.order_by("-id").first(),
        "others": Entry.objects.filter(household=entry.household, register=entry.register).exclude(pk=entry.pk),
        "ticking": Sheet.objects.current(entry.register.sheet, request.at) if entry.register.sheet else None,
    }  # fmt: skip
    return render(request, "desk/help/entry.html", context)


@power(Power.HELP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request) -> HttpResponse:
    """Put a household on a register."""
    form = EnterForm(posted(request), user=request.user, initial={"day": timezone.localdate(request.at)})

    def do() -> object:
        given = dict(form.cleaned_data)
        return actions.enter(given.pop("household"), **given, by=request.user, at=request.at)

    return ask(
        request, form, do, title=gettext("Put a household on a register"), submit=gettext("Put it on"),
        done=gettext("It is on the register."), back=reverse("desk:helped"),
        intro=gettext("Only who helps sees it; no public page ever shows it with a name."),
    )  # fmt: skip


@power(Power.HELP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_help(request: Request, pk: int, deed: str) -> HttpResponse:
    """Write a part of the plan, help that was given, an income, their own words; or take it off the register."""
    entry = _mine(request, pk)
    if deed == "tick":
        return _tick(request, entry)
    shape, action, of = DEEDS.get(deed) or not_here()
    form = shape(posted(request), entry=entry)  # type: ignore[call-arg]
    words = {
        "leave": gettext("It leaves the register"), "plan": gettext("Part of the plan"), "give": gettext("Help given"),
        "earn": gettext("What they earn"), "no-longer-earn": gettext("An income ends"),
        "quote": gettext("In their words"),
    }  # fmt: skip

    def do() -> object:
        given = dict(form.cleaned_data)
        things = {"entry": entry, "household": entry.household}
        thing = things[of] if of in things else given.pop(of)
        return action(thing, **given, by=request.user, at=request.at)

    return ask(
        request, form, do, title=words[deed], submit=gettext("Write it down"), done=gettext("It is on record."),
        back=reverse("desk:help_entry", args=[entry.pk]), intro=entry.household.called,
    )  # fmt: skip


def _tick(request: Request, entry: Entry) -> HttpResponse:
    sheet = Sheet.objects.current(entry.register.sheet, request.at) if entry.register.sheet else None
    if sheet is None:
        not_here()
    form = form_of(sheet, posted(request), today=timezone.localdate(request.at))
    return ask(
        request, form,
        lambda: actions.tick(entry, sheet=sheet, values=form.values, by=request.user, at=request.at),
        title=sheet.title, submit=gettext("Write it down"), done=gettext("It is on record."),
        back=reverse("desk:help_entry", args=[entry.pk]), intro=entry.household.called,
    )  # fmt: skip


def _chart(months: Any) -> list[dict[str, Any]]:
    """Return the bars of the picture: the same numbers as the table beside it."""
    wide, high = CHART
    most = max((value for _, value in months), default=0) or 1
    step = wide / max(len(months), 1)
    bar = min(step * 0.7, BAR)
    return [
        {
            "x": f"{(n + 0.5) * step - bar / 2:.1f}", "wide": f"{bar:.1f}", "middle": f"{(n + 0.5) * step:.1f}",
            "y": f"{HEAD + high - high * value / most:.1f}", "high": f"{high * value / most:.1f}",
            "above": f"{HEAD + high - high * value / most - 6:.1f}", "month": month, "value": value,
        }
        for n, (month, value) in enumerate(months)
    ]  # fmt: skip


def _mine(request: Request, pk: int) -> Entry:
    rows = Entry.objects.visible_to(request.user).select_related("register", "household__area")
    return rows.filter(pk=pk).first() or not_here()
