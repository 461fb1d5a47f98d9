"""What villages decide, and the work that comes of it; a ballot by code; what enterprises think of visits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.govern import actions
from lianxin.govern.actions.project import is_done
from lianxin.govern.models import Motion, Progress
from lianxin.govern.rules import LIGHTS, PUBLIC, Choice, State
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import open_file
from lianxin.people.rules import public
from lianxin.places.models import Area
from lianxin.portal.forms.decision import BallotForm, ListForm, UsefulnessForm
from lianxin.portal.views.visitor import Request, may_go_on
from lianxin.supervise import actions as supervise

ON_A_PAGE = 20
TRIES, SPAN = 20, 600  # of a code by one visitor within so many seconds


@public
@require_safe
def decisions(request: Request) -> HttpResponse:
    """Show what was put to the people, newest first; of one village or group, or of all."""
    rows = Motion.objects.public().select_related("area", "enterprise", "project")
    areas = Area.objects.filter(pk__in=rows.values("area")).defer("outline").order_by("path")
    wanted = request.GET.get("area", "")
    chosen = next((area for area in areas if str(area.pk) == wanted), None)
    if chosen:
        rows = rows.filter(area__path__startswith=chosen.path)
    page = Paginator(rows.order_by("-id"), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(motion, LIGHTS.get(State(motion.state), "wait")) for motion in page]
    return render(
        request, "portal/decisions/decisions.html", {"page": page, "rows": shown, "areas": areas, "chosen": chosen}
    )


@public
@require_safe
def decision(request: Request, number: str) -> HttpResponse:
    """Show one decision: what was asked, who could vote, what it came to, how far the work is, who accepted it."""
    motion = _public(number)
    project = getattr(motion, "project", None)
    recorded = set(motion.records.values_list("key", flat=True))
    counts = motion.counts()
    context: dict[str, Any] = {
        "motion": motion, "light": LIGHTS.get(State(motion.state), "wait"), "listed": motion.listed,
        "voted": motion.voted, "counts": [(choice.label, counts.get(choice, 0)) for choice in Choice],
        "most": max(counts.values(), default=0), "project": project,
        "steps": [(step, is_done(motion, step, recorded)) for step in motion.procedure.read_steps],
        "progress": project.progress.prefetch_related("photos").order_by("-day", "-id") if project else [],
        "acceptances": project.acceptances.order_by("-id") if project else [],
        "may_object": motion.state == State.NOTICED, "may_cast": motion.state == State.VOTING,
    }  # fmt: skip
    return render(request, "portal/decisions/decision.html", context)


@public
@require_safe
def decision_photo(request: Request, number: str, pk: int) -> FileResponse:
    """Give a photograph of the work."""
    shown = Progress.objects.filter(project__motion=_public(number), photos=pk).first()
    photo = shown.photos.filter(pk=pk, mime__startswith="image/").first() if shown else None
    if photo is None:
        raise Http404
    response = FileResponse(open_file(photo), content_type=photo.mime)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cast(request: Request, number: str) -> HttpResponse:
    """Let somebody who cannot come cast the ballot by the code of the envelope."""
    motion = _public(number)
    form = BallotForm(request.POST if request.method == "POST" else None)
    return _do(
        request, form, lambda: actions.cast(motion, **form.cleaned_data, at=request.at), deed="ballot",
        back=reverse("decision", args=[motion.number]), title=_("Cast your ballot"), submit=_("Cast it"),
        intro=_("It is counted, and nobody can find out how you voted: only that this code was used."),
        done=_("Your ballot is in. Throw the code away; it is worth nothing now."),
    )  # fmt: skip


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to_list(request: Request, number: str) -> HttpResponse:
    """Let somebody say that the list of voters is wrong."""
    motion = _public(number)
    form = ListForm(request.POST if request.method == "POST" else None)
    return _do(
        request, form, lambda: actions.object_to_list(motion, **form.cleaned_data, at=request.at), deed="objection",
        back=reverse("decision", args=[motion.number]), title=_("The list of voters is wrong"), submit=_("Say so"),
        intro=_("Somebody rules on it before the vote begins. The list hangs at the village office."),
        done=_("It is noted. The vote cannot begin before it is ruled on."),
    )  # fmt: skip


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def usefulness(request: Request) -> HttpResponse:
    """Let an enterprise say, without its name, whether the visits of its leader are of use."""
    form = UsefulnessForm(request.POST if request.method == "POST" else None)

    def rate() -> object:
        return supervise.rate_visits(form.cleaned_data["code"], grade=form.cleaned_data["grade"], at=request.at)

    return _do(
        request, form, rate, deed="usefulness", back=reverse("usefulness"), title=_("Are the visits of use?"),
        submit=_("Say so"),
        intro=_("For enterprises that were given a code. Only a count is kept: nobody can find out who said what."),
        done=_("Thank you. It is counted, without your name."),
    )  # fmt: skip


def _do(
    request: Request, form: forms.Form, deed_done: Callable[[], object], *, deed: str, back: str, title: str,
    submit: str, intro: str, done: str,
) -> HttpResponse:  # fmt: skip
    """Show a form, or do what it asks and go back; a refusal is shown above it."""
    status = 422 if form.is_bound else 200
    if form.is_bound and not may_go_on(request, deed, TRIES, SPAN):
        form.add_error(None, _("Many tries came from your network. Please wait a few minutes."))
        status = 429
    elif form.is_valid():
        try:
            deed_done()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "title": title, "submit": submit, "intro": intro, "back": back}
    return render(request, "portal/decisions/ask.html", context, status=status)


def _public(number: str) -> Motion:
    rows = Motion.objects.filter(state__in=PUBLIC).select_related("area", "enterprise", "procedure", "project")
    return get_object_or_404(rows, number=number[:20])
