"""Feedback sheets of villages, and problems that reach further than one household."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.forms import archives as shapes
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.listen.models import Subject
from lianxin.people.models import County
from lianxin.people.papers import set_on_paper
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record.models import keeper_reach_of
from lianxin.resolve import actions
from lianxin.resolve.models import Feedback, FeedbackLine, alike, raised_alike

SEES = (Power.VISIT, Power.HANDLE, Power.PLAN)
LOOKED_BACK = timedelta(days=90)


@power(*SEES)
@never_cache
@require_safe
def feedback(request: Request) -> HttpResponse:
    """Show the feedback sheets one reaches, and what several households of one place raised alike."""
    rows = Feedback.objects.visible_to(request.user).select_related("area")
    if (area := request.GET.get("area", "")).isdecimal() and len(area) < 18:
        rows = rows.filter(area=int(area))
    rows = rows.annotate(of=Count("lines"), open=Count("lines", filter=Q(lines__result="")))
    since = timezone.localdate(request.at) - LOOKED_BACK
    context = {
        "page": page_of(rows.order_by("-id"), request.GET.get("page")), "alike": alike(request.user, since),
        "may_keep": request.user.standing.may(Power.ARCHIVE, anywhere=True),
    }  # fmt: skip
    return render(request, "desk/archives/feedback.html", context)


@power(Power.ARCHIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def compile_feedback(request: Request) -> HttpResponse:
    """Compile the sheet of a village."""
    today = timezone.localdate(request.at)
    start = {"starts": today - LOOKED_BACK, "ends": today, "area": request.GET.get("area")}
    form = shapes.CompileForm(posted(request), user=request.user, initial=start)
    return ask(
        request, form, lambda: actions.compile_feedback(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Compile a feedback sheet"), submit=gettext("Compile it"), done=gettext("The sheet is compiled."),
        back=reverse("desk:feedback"),
        intro=gettext("Points of one case stand in one line, however many households raised them."),
    )  # fmt: skip


@power(*SEES)
@never_cache
@require_safe
def feedback_sheet(request: Request, number: str) -> HttpResponse:
    """Show one sheet."""
    return render(request, "desk/archives/feedback_sheet.html", _context(request, _sheet(request, number)))


@power(*SEES)
@never_cache
@require_safe
def feedback_paper(request: Request, number: str) -> HttpResponse:
    """Give one sheet on paper, to be sent to who must act and hung up in the village."""
    found = _sheet(request, number)
    context = _context(request, found) | {"office": County.now().name, "number": found.number}
    html = render_to_string("desk/archives/feedback_paper.html", context)
    try:
        content = set_on_paper(html)
    except OSError:
        return HttpResponse(html)
    headers = {"Content-Disposition": f'inline; filename="{found.number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_line(request: Request, number: str, line: int, deed: str) -> HttpResponse:
    """Say who answers for a line, or write its result."""
    found = _sheet(request, number)
    row = found.lines.filter(number=line).first() or not_here()
    by, at = request.user, request.at
    if deed == "assign" and keeper_reach_of(by).covers(found.area):
        form: shapes.FileForm = shapes.AssignForm(posted(request), user=by, initial={"owner": row.owner_id})
        act: Callable[..., FeedbackLine] = actions.assign_line
        title = gettext("Who answers for it")
    elif deed == "answer" and (keeper_reach_of(by).covers(found.area) or _owns(row, request)):
        form = shapes.ResultForm(posted(request), user=by)
        act, title = actions.answer_line, gettext("What came of it")
    else:
        not_here()
    return ask(
        request, form, lambda: act(row, **form.cleaned_data, by=by, at=at), title=title, intro=row.text,
        submit=gettext("Write it down"), done=gettext("It stands on the sheet."),
        back=reverse("desk:feedback_sheet", args=[found.number]),
    )  # fmt: skip


@power(Power.ARCHIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: Request, number: str) -> HttpResponse:
    """Write down that a sheet was given back to the villagers."""
    found = _sheet(request, number)
    form = shapes.NothingForm(posted(request), user=request.user)
    return ask(
        request, form, lambda: actions.give_back(found, by=request.user, at=request.at), intro=str(found.area),
        title=gettext("Given back to the villagers"), submit=gettext("Write it down"), done=gettext("Written down."),
        back=reverse("desk:feedback_sheet", args=[found.number]),
    )  # fmt: skip


@power(Power.ARCHIVE, Power.TRIAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promote(request: Request, subject: int, area: int) -> HttpResponse:
    """Say that what several households raised is the problem of their place."""
    about, place = Subject.objects.filter(pk=subject).first(), Area.objects.filter(pk=area).first()
    items = raised_alike(about, place, request.user) if about and place else None
    if not items or about is None or place is None:
        not_here()
    form = shapes.PromoteForm(posted(request), user=request.user, initial={"level": "group"})
    return ask(
        request, form, lambda: actions.promote(items, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("A problem of more than one household"), submit=gettext("Write it down"),
        done=gettext("It counts once now, at its level."), back=reverse("desk:feedback"), intro=f"{place} · {about}",
    )  # fmt: skip


def _context(request: Request, found: Feedback) -> dict[str, object]:
    keeps = keeper_reach_of(request.user).covers(found.area)
    rows = list(found.lines.select_related("owner", "case").order_by("number"))
    groups: dict[str, list[FeedbackLine]] = {}
    for row in rows:
        groups.setdefault(str(row.get_level_display()), []).append(row)
    mine = {row.pk for row in rows if keeps or _owns(row, request)}
    return {
        "sheet": found, "groups": list(groups.items()), "keeps": keeps, "mine": mine, "today": request.at.date(),
        "open": len([row for row in rows if not row.result]), "of": len(rows),
    }  # fmt: skip


def _owns(row: FeedbackLine, request: Request) -> bool:
    return row.owner_id in request.user.standing.offices(Power.HANDLE)


def _sheet(request: Request, number: str) -> Feedback:
    rows = Feedback.objects.visible_to(request.user).select_related("area", "by")
    return rows.filter(number=number[:24]).first() or not_here()
