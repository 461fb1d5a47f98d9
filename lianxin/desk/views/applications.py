"""Applications at the desk: the inbox, one application with everything at hand, and every deed on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.desk.deeds.application import DEEDS, POWERS, open_deeds
from lianxin.desk.views.officer import Request
from lianxin.desk.views.rows import Row, due_words, page_of
from lianxin.flow import chart
from lianxin.flow.models import Step
from lianxin.flow.rules import Kind, Outcome
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import mask_name, mask_phone
from lianxin.ledger.actions import open_file
from lianxin.ledger.models import Attachment, Event
from lianxin.people.models import User
from lianxin.people.rules import Power, power
from lianxin.people.templatetags.face import moment
from lianxin.serve import actions
from lianxin.serve.models import Application, Document, Handed
from lianxin.serve.models.duties import narrowed
from lianxin.serve.models.road import clock_of, track_of
from lianxin.serve.models.trips import trips_of
from lianxin.serve.rules.application import MOVES, Deed, State, said

LOOKS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("all")),
    ("receive", _("to check")),
    ("steps", _("my steps")),
    ("decide", _("to decide")),
    ("deliver", _("to hand out")),
    ("near", _("near")),
    ("late", _("late")),
    ("open", _("open")),
)


class Button(NamedTuple):
    """A deed that may be done now."""

    deed: str
    words: str | Promise
    key: str
    href: str


class Owed(NamedTuple):
    """An open step, and how this officer may let it come out."""

    step: Step
    light: str
    due: str
    outcomes: tuple[Outcome, ...]


class Happened(NamedTuple):
    """One line of what was done, for officers."""

    what: str | Promise
    line: str
    why: str


@require_GET
@power(*POWERS)
def applications(request: Request) -> HttpResponse:
    """Show the applications that the officer may see, the newest first, or those that wait."""
    look, words = request.GET.get("look", ""), request.GET.get("q", "").strip()[:60]
    page = page_of(narrowed(request.user, look=look, words=words, at=request.at), request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(page.object_list, at=request.at),
        "looks": [(key, name, key == look) for key, name in LOOKS],
        "look": look,
        "q": words,
    }
    return render(request, "desk/applications/applications.html", context)


def rows_of(found: Any, *, at: datetime) -> list[Row]:
    """Return applications as rows of a list: number, service and light; no name."""
    return [
        Row(
            reverse("desk:application", args=[one.number]), one.number, one.service.name, one.light(at),
            " · ".join(filter(None, [str(State(one.state).label), due_words(_due(one), at)])),
            " · ".join(filter(None, [one.number, one.stage, one.office.name])),
        )
        for one in found
    ]  # fmt: skip


def _due(application: Application) -> datetime | None:
    if application.state == State.SUBMITTED:
        return application.tell_by
    return application.promised_at if application.state in (State.ACCEPTED, State.DECIDING) else None


@require_GET
@never_cache
@power(*POWERS)
def application(request: Request, number: str) -> HttpResponse:
    """Show one application with materials, steps, dates, deeds and what happened."""
    found = load(request, number)
    return render(request, "desk/applications/application.html", {**_context(request, found), "trips": trips_of(found)})


@require_http_methods(["GET", "POST"])
@never_cache
@power(*POWERS)
def do(request: Request, number: str, deed: str) -> HttpResponse:
    """Show the form of a deed, or do it: one action, and back to the application."""
    found, which = load(request, number), _deed(deed)
    act, at, user = DEEDS[which], request.at, request.user
    if not user.standing.powers & {MOVES[which].power or Power.RECEIVE, *MOVES[which].also}:
        raise Http404
    posted = request.method == "POST"
    if which is Deed.STEP and not posted:
        return redirect("desk:application", found.number)  # its buttons stand beside the step
    form = act.form(
        request.POST if posted else None, request.FILES if posted else None, application=found, user=user, at=at
    )
    refusal, status = None, 200
    if posted and form.is_valid():
        try:
            if form.thing() is None:
                raise actions.NoDocument()
            act.do(form, by=user, at=at)
        except Refusal as refused:
            refusal, status = refused, refused.status
        else:
            messages.success(request, str(act.done))
            return redirect("desk:application", found.number)
    elif posted:
        status = 422
    context = {
        **_head(found, at), "form": form, "refusal": refusal, "words": MOVES[which].name,
        "action": reverse("desk:do_application", args=[found.number, which]), "correcting": which is Deed.CORRECT,
    }  # fmt: skip
    return render(request, "desk/applications/deed.html", context, status=status)


@require_POST
@never_cache
@power(Power.RECEIVE)
def look(request: Request, number: str, pk: int) -> HttpResponse:
    """Say whether one material is in order."""
    found = load(request, number)
    handed = get_object_or_404(Handed.objects.current().filter(application=found), pk=pk)
    verdict = "good" if request.POST.get("verdict") == "good" else "given"
    try:
        actions.look(handed, verdict=verdict, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:application", number)


@require_POST
@never_cache
@power(*POWERS)
def reveal(request: Request, number: str) -> HttpResponse:
    """Show who asks, once, on this answer only; the question is on record."""
    found = load(request, number)
    context: dict[str, Any] = _head(found, request.at)
    status = 200
    try:
        reason = request.POST.get("reason", "")
        context["contact"] = actions.reveal(found, reason=reason, by=request.user, at=request.at)
        context["lines"] = found.answer.lines(masked=False) if found.answer else []
    except Refusal as refusal:
        context["refusal"], status = refusal, refusal.status
    return render(request, "desk/applications/reveal.html", context, status=status)


@require_GET
@power(*POWERS)
def file(request: Request, number: str, pk: int) -> FileResponse:
    """Give a file that was handed in with this application."""
    found = load(request, number)
    handed = get_object_or_404(Handed.objects.filter(application=found, attachment__isnull=False), pk=pk)
    assert handed.attachment is not None
    return _file(handed.attachment, handed.attachment.name)


@require_GET
@power(*POWERS)
def document(request: Request, number: str, pk: int) -> FileResponse:
    """Give a document that was issued."""
    found = load(request, number)
    kept = get_object_or_404(Document.objects.filter(application=found).select_related("attachment"), pk=pk)
    return _file(kept.attachment, f"{kept.number}.pdf")


def _file(kept: Attachment, name: str) -> FileResponse:
    response = FileResponse(open_file(kept), as_attachment=True, filename=name, content_type=kept.mime)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def load(request: Request, number: str) -> Application:
    """Return the application, if it is one this officer may see; to a stranger it does not exist."""
    visible = Application.objects.visible_to(request.user)
    related = visible.select_related("service", "office", "taken_in", "run__process", "answer__sheet", "decision")
    return get_object_or_404(related, number=number)


def _deed(name: str) -> Deed:
    if name not in set(Deed) or Deed(name) not in DEEDS:
        raise Http404
    return Deed(name)


def _head(found: Application, at: datetime) -> dict[str, Any]:
    contact = found.opened_contact()
    return {
        "application": found,
        "light": found.light(at),
        "light_words": " · ".join(filter(None, [str(State(found.state).label), due_words(_due(found), at)])),
        "who": " ".join(filter(None, [mask_name(contact.name), mask_phone(contact.phone)])),
    }


def _context(request: Request, found: Application) -> dict[str, Any]:
    at, user = request.at, request.user
    base = "desk:do_application"
    track = track_of(found, at=at)
    acts = [
        Button(deed, MOVES[deed].name, MOVES[deed].key, reverse(base, args=[found.number, deed]))
        for deed in open_deeds(found, user, at=at)
    ]
    labels = chart.labels_of(track.definition) if track.definition else {}
    drawn = chart.svg(track.definition, track.done, track.now, labels) if track.definition else ""
    told = chart.text(track.definition, track.done, track.now, labels) if track.definition else []
    return {
        **_head(found, at),
        "track": track,
        "chart": drawn,
        "lines_of_chart": told,
        "clock": clock_of(found, at=at),
        "legal": clock_of(found, at=at, legal=True),
        "handed": found.handed.current().select_related("material", "attachment").order_by("material__place"),
        "checking": found.state == State.SUBMITTED and any(act.deed == Deed.ACCEPT for act in acts),
        "corrections": found.corrections.prefetch_related("faults__material").order_by("number"),
        "owed": _owed(found, user, at=at),
        "remarks": found.remarks.select_related("by", "step").order_by("id"),
        "standstills": found.standstills.order_by("id"),
        "documents": track.documents,
        "ratings": found.ratings.order_by("id"),
        "lines": found.answer.lines() if found.answer else [],
        "acts": acts,
        "happened": _happened(found),
    }


def _owed(found: Application, user: User, *, at: datetime) -> list[Owed]:
    """Return the open steps; outcomes only where this officer may choose one."""
    if found.run_id is None:
        return []
    owed = []
    for step in Step.objects.open().filter(run=found.run_id).select_related("run__process", "office").order_by("id"):
        mine = (
            step.kind == Kind.TASK
            and found.state in MOVES[Deed.STEP].start
            and not step.decides
            and user.stand(at).find(Power.PROCESS, step.office_id) is not None
        )
        light = "late" if step.due_at and step.due_at <= at else "wait"
        owed.append(Owed(step, light, due_words(step.due_at, at), step.outcomes if mine else ()))
    return owed


def _happened(found: Application) -> list[Happened]:
    events = Event.objects.about(found).in_order().reverse()
    return [
        Happened(
            said(event.verb),
            " · ".join(filter(None, [moment(event.at), event.by_name or str(_("the person or the clock")),
                                     str(event.data.get("title", ""))])),
            str(event.data.get("reason", "")),
        )
        for event in events[:100]
    ]  # fmt: skip
