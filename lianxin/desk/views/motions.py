"""Decisions of villages and of workers: motion, list, vote, project, acceptance."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.deeds.motions import DEEDS, OF_PROJECT
from lianxin.desk.forms import deciding as shapes
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.govern import actions
from lianxin.govern.actions.project import is_done
from lianxin.govern.models import Motion
from lianxin.govern.rules import LIGHTS, Choice, State, StepKind
from lianxin.kit.refusal import Refusal
from lianxin.people.rules import Power, power

ON_A_PAGE = 50


@power(Power.GOVERN)
@never_cache
@require_safe
def motions(request: Request) -> HttpResponse:
    """Show what is being decided, and what was."""
    rows = Motion.objects.visible_to(request.user).select_related("area", "enterprise").order_by("-id")
    page = page_of(rows, request.GET.get("page"), ON_A_PAGE)
    shown = [(motion, LIGHTS.get(State(motion.state), "wait")) for motion in page]
    context = {"page": page, "rows": shown, "public": f"{settings.PUBLIC_URL}/decisions/"}
    return render(request, "desk/motions/motions.html", context)


@power(Power.GOVERN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request) -> HttpResponse:
    """Bring a motion in."""
    form = shapes.MotionForm(posted(request), user=request.user, at=request.at)
    return ask(
        request, form, lambda: actions.move(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Bring a motion in"), submit=pgettext("motion", "Bring it in"),
        done=gettext("It is written down. Next: the list of voters."), back=reverse("desk:motions"),
    )  # fmt: skip


@power(Power.GOVERN)
@never_cache
@require_safe
def motion(request: Request, number: str) -> HttpResponse:
    """Show one motion with its steps, its list, its vote, its work."""
    found = _mine(request, number)
    recorded = set(found.records.values_list("key", flat=True))
    project = getattr(found, "project", None)
    counts = found.counts()
    context = {
        "motion": found, "light": LIGHTS.get(State(found.state), "wait"), "project": project, "listed": found.listed,
        "voted": found.voted, "tally": [(choice.label, counts.get(choice, 0)) for choice in Choice],
        "steps": [(step, is_done(found, step, recorded)) for step in found.procedure.read_steps],
        "records": found.records.select_related("by").order_by("day"),
        "objections": found.objections.order_by("-id"), "deeds": _open_deeds(found, project),
        "progress": project.progress.prefetch_related("photos").order_by("-day", "-id") if project else [],
        "acceptances": project.acceptances.order_by("-id") if project else [],
        "voters": found.voters.select_related("proxy").order_by("name", "id")[:200],
    }  # fmt: skip
    return render(request, "desk/motions/motion.html", context)


@power(Power.GOVERN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_motion(request: Request, number: str, deed: str) -> HttpResponse:
    """Do one deed on a motion."""
    found = _mine(request, number)
    chosen = DEEDS.get(deed) or not_here()
    if deed in OF_PROJECT and not hasattr(found, "project"):
        not_here()
    given: dict[str, Any] = {"motion": found}
    if "day" in chosen.shape.base_fields:
        given["initial"] = {"day": timezone.localdate(request.at)}
    files = request.FILES if request.method == "POST" else None
    form = chosen.shape(posted(request), files, **given)

    def do() -> object:
        extra = {} if deed == "object" else {"by": request.user}
        return chosen.do(found, **form.cleaned_data, **extra, at=request.at)

    return ask(
        request, form, do, title=str(chosen.title), submit=str(chosen.title), done=gettext("It is on record."),
        back=reverse("desk:motion", args=[found.number]), intro=found.title,
    )  # fmt: skip


@power(Power.GOVERN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_ballot(request: Request, number: str) -> HttpResponse:
    """Give a voter who cannot come a code for one secret ballot; shown once."""
    found = _mine(request, number)
    if found.state != State.VOTING:
        return redirect("desk:motion", found.number)
    form = shapes.BallotForm(posted(request), motion=found)
    code = ""
    if request.method == "POST" and form.is_valid():
        try:
            code = actions.give_ballot_code(form.cleaned_data["voter"], by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    there = f"{settings.PUBLIC_URL}/decisions/{found.number}/ballot/"
    context = {"motion": found, "form": form, "code": code, "there": there}
    return render(request, "desk/motions/ballot.html", context, status=422 if form.errors else 200)


def _steps_to_come(motion: Motion) -> bool:
    """Return whether a step of the procedure still waits to be put on record."""
    there = set(motion.records.values_list("key", flat=True))
    return any(step.kind == StepKind.RECORD and step.key not in there for step in motion.procedure.read_steps)


def _open_deeds(motion: Motion, project: Any) -> list[tuple[str, Any]]:
    """Return what can be done now."""
    found = []
    for key, deed in DEEDS.items():
        fits = motion.state in deed.states and (key in OF_PROJECT) <= bool(project)
        if key == "start-project" and project:
            fits = False
        if key == "record-step" and not _steps_to_come(motion):
            fits = False
        if key == "rule" and not motion.objections.filter(ruled_at=None).exists():
            fits = False
        if fits:
            found.append((key, deed.title))
    return found


def _mine(request: Request, number: str) -> Motion:
    rows = Motion.objects.visible_to(request.user).select_related(
        "area", "enterprise", "procedure", "office", "project"
    )
    return rows.filter(number=number[:20]).first() or not_here()
