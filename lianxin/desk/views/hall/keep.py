"""Keeping a hall: its hours, lines, windows, and who is certified for what."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.hall import CertifyForm, HallForm, LineForm, OpenLineForm, WindowForm, skills_of
from lianxin.desk.views.asking import ask, posted, press
from lianxin.desk.views.hall.which import kept_hall
from lianxin.desk.views.officer import Request, not_here
from lianxin.people.rules import Power, power
from lianxin.serve.actions import hall as keeping
from lianxin.serve.models import Hall, Line, Skill, Window


@power(Power.HALL)
@never_cache
@require_safe
def hall_setup(request: Request) -> HttpResponse:
    """Show what the hall consists of, and what can be changed."""
    found = kept_hall(request)
    context: dict[str, Any] = {"hall": found}
    if found:
        context |= {
            "lines": found.lines.open(), "windows": found.windows.open().prefetch_related("lines"),
            "skills": skills_of(found, timezone.localdate(request.at)),
        }  # fmt: skip
    return render(request, "desk/hall/setup.html", context)


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_hall(request: Request) -> HttpResponse:
    """Change the hours of lunch and meals."""
    found = kept_hall(request) or not_here()
    initial = {name: getattr(found, name) for name in HallForm.base_fields}
    form = HallForm(posted(request), initial=initial)
    return ask(
        request, form, lambda: keeping.set_hall(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Hours of the hall"), submit=gettext("Keep it"), done=gettext("It is kept."), back=_back(found),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_line(request: Request) -> HttpResponse:
    """Open a line."""
    found = kept_hall(request) or not_here()
    form = OpenLineForm(posted(request))
    return ask(
        request, form, lambda: keeping.open_line(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("New line"), submit=gettext("Open the line"), done=gettext("The line is open."),
        back=_back(found),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_line(request: Request, pk: int) -> HttpResponse:
    """Change a line."""
    line = _line(request, pk)
    form = LineForm(posted(request), initial={"name": line.name, "codes": " ".join(line.codes)})
    return ask(
        request, form, lambda: keeping.set_line(line, **form.cleaned_data, by=request.user, at=request.at),
        title=str(line), submit=gettext("Keep it"), done=gettext("It is kept."), back=_back(line.hall),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_POST
def close_line(request: Request, pk: int) -> HttpResponse:
    """Close a line for good."""
    line = _line(request, pk)
    done = gettext("The line is closed.")
    return press(
        request, lambda: keeping.close_line(line, by=request.user, at=request.at), back=_back(line.hall), done=done
    )


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_window(request: Request) -> HttpResponse:
    """Open a window."""
    found = kept_hall(request) or not_here()
    initial = {"opens": "09:00", "closes": "17:00"}
    form = WindowForm(posted(request), hall=found, initial=initial)
    return ask(
        request, form, lambda: keeping.set_window(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("New window"), submit=gettext("Open the window"), done=gettext("The window is open."),
        back=_back(found),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_window(request: Request, pk: int) -> HttpResponse:
    """Change a window."""
    window = _window(request, pk)
    plain = ("number", "name", "place", "opens", "closes", "pauses", "resumes")
    initial = {**{name: getattr(window, name) for name in plain}, "lines": window.lines.all()}
    form = WindowForm(posted(request), hall=window.hall, initial=initial)

    def deed() -> Window:
        return keeping.set_window(window.hall, **form.cleaned_data, window=window, by=request.user, at=request.at)

    return ask(
        request, form, deed, title=gettext("Window %(number)s") % {"number": window.number}, submit=gettext("Keep it"),
        done=gettext("It is kept."), back=_back(window.hall),
        intro=gettext("Hours that change here count for plans made from now on."),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_POST
def close_window(request: Request, pk: int) -> HttpResponse:
    """Close a window for good."""
    window = _window(request, pk)
    done = gettext("The window is closed.")
    return press(
        request,
        lambda: keeping.close_window(window, by=request.user, at=request.at),
        back=_back(window.hall),
        done=done,
    )


@power(Power.HALL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certify(request: Request) -> HttpResponse:
    """Certify that a clerk may take in a service alone."""
    found = kept_hall(request) or not_here()
    form = CertifyForm(posted(request), at=request.at)
    return ask(
        request, form, lambda: keeping.certify(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Certify a clerk"), submit=gettext("Certify"), done=gettext("The clerk is certified."),
        back=_back(found), intro=gettext("Without it, a clerk is never alone at a window with this service."),
    )  # fmt: skip


@power(Power.HALL)
@never_cache
@require_POST
def end_skill(request: Request, pk: int) -> HttpResponse:
    """Take a certificate back."""
    found = kept_hall(request) or not_here()
    skill = next((each for each in skills_of(found, timezone.localdate(request.at)) if each.pk == pk), None)
    taken: Skill = skill or not_here()
    done = gettext("The certificate ends today.")
    return press(
        request, lambda: keeping.end_skill(taken, by=request.user, at=request.at), back=_back(found), done=done
    )


def _line(request: Request, pk: int) -> Line:
    rows = Line.objects.filter(hall__in=Hall.objects.kept_by(request.user)).open().select_related("hall__office")
    return rows.filter(pk=pk).first() or not_here()


def _window(request: Request, pk: int) -> Window:
    rows = Window.objects.filter(hall__in=Hall.objects.kept_by(request.user)).open().select_related("hall__office")
    return rows.filter(pk=pk).first() or not_here()


def _back(hall: Hall) -> str:
    return f"{reverse('desk:hall_setup')}?hall={hall.pk}"
