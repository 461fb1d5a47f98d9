"""One case with everything at hand: what was said, who owes what, what happened, and what this officer may do now."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.desk.deeds import DEEDS, offered, powers_of
from lianxin.desk.forms.deed import DeedForm
from lianxin.desk.views.cases import list_context
from lianxin.desk.views.officer import Request
from lianxin.desk.views.rows import case_light, is_part, task_light
from lianxin.desk.views.timeline import happened
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import mask_name, mask_phone
from lianxin.ledger.actions import open_file
from lianxin.ledger.models import Attachment, Sentence, prefetched
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice
from lianxin.listen.rules import Identity, shows_identity
from lianxin.people.models import User
from lianxin.people.rules import Power, power
from lianxin.resolve.actions.deed import moment
from lianxin.resolve.models import Case, Join, Task
from lianxin.resolve.models.road import Clock, clock_of
from lianxin.resolve.models.timeline import timeline
from lianxin.resolve.rules import MOVES, Deed, verb

VOICES_SHOWN = 5  # the others are one click away: a case may have thousands
VOICES_A_PAGE = 30
ACTS_SHOWN = 5
RELATED = ("subject", "area", "office", "lead", "coordinator", "sponsor", "publication")
BULKY = ("grams", "area__outline")  # never shown on these pages


class Button(NamedTuple):
    """A deed that may be done now."""

    deed: str
    words: str | Promise
    key: str
    href: str


class Spoken(NamedTuple):
    """One point with the voice it came from, and what may be known of who spoke."""

    join: Join
    voice: Voice
    who: str
    may_reveal: bool
    files: list[Attachment]


@require_GET
@never_cache
@power(Power.SEE_CASES)
def case(request: Request, number: str) -> HttpResponse:
    found = load(request, number)
    context = case_context(request, found)
    if is_part(request):
        return render(request, "desk/cases/case_part.html", context)
    return render(request, "desk/cases/case.html", {**list_context(request, current=number, counted=False), **context})


@require_http_methods(["GET", "POST"])
@never_cache
@power(Power.SEE_CASES)
def do(request: Request, number: str, deed: str) -> HttpResponse:
    """Show the form of a deed, or do it: one action, and back to the case."""
    found, which = load(request, number), _deed(deed)
    act, at, user = DEEDS[which], request.at, request.user
    if user.standing.powers.isdisjoint(powers_of(which)):
        raise Http404
    form = act.form(request.POST if request.method == "POST" else None, case=found, user=user, at=at)
    refusal, status = None, 200
    if request.method == "POST":
        if form.is_valid():
            try:
                act.do(form, by=user, at=at)
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, str(act.done))
                return redirect(_address("desk:case", number, request=request))
        else:
            status = 422
    context = {**_head(found, at), **_deed_context(request, found, which, form), "refusal": refusal}
    part = is_part(request) and request.method == "GET"
    return render(request, "desk/cases/deed_part.html" if part else "desk/cases/deed.html", context, status=status)


@require_GET
@never_cache
@power(Power.SEE_CASES)
def voices(request: Request, number: str) -> HttpResponse:
    """Show everybody who told of this case, page by page."""
    found = load(request, number)
    page = Paginator(_joins(found.pk), VOICES_A_PAGE).get_page(request.GET.get("page"))
    spoken = _spoken(list(page.object_list), request.user)
    context = {**_head(found, request.at), "page": page, "spoken": spoken}
    return render(request, "desk/cases/voices.html", context)


@require_GET
@never_cache
@power(Power.SEE_CASES)
def similar(request: Request, number: str) -> HttpResponse:
    """Show open cases that seem to say the same; asked for after the page is there, because it compares many."""
    found = load(request, number)
    alike = Case.objects.visible_to(request.user).similar_open(f"{found.title}\n{found.summary}", limit=6)
    context = {**_head(found, request.at), "similar": [other for other in alike if other.pk != found.pk][:5]}
    part = is_part(request)
    return render(request, "desk/cases/similar_part.html" if part else "desk/cases/similar.html", context)


@require_POST
@never_cache
@power(Power.SEE_CASES)
def reveal(request: Request, number: str, voice: str) -> HttpResponse:
    """Show who spoke, once, on this answer only: the page is not kept and the question is on record."""
    found = load(request, number)
    spoke = get_object_or_404(Voice, number=voice, items__join__case=found)
    context: dict[str, Any] = {**_head(found, request.at), "voice": spoke}
    try:
        context["contact"] = listen.reveal(spoke, reason=request.POST.get("reason", ""), by=request.user, at=request.at)
    except Refusal as refusal:
        context["refusal"] = refusal
    status = context["refusal"].status if "refusal" in context else 200
    return render(request, "desk/cases/reveal.html", context, status=status)


@require_GET
@power(Power.SEE_CASES)
def file(request: Request, number: str, pk: int) -> FileResponse:
    """Give a file that somebody behind this case handed in."""
    found = load(request, number)
    kept = get_object_or_404(Attachment.objects.filter(voice__items__join__case=found).distinct(), pk=pk)
    response = FileResponse(open_file(kept), as_attachment=True, filename=kept.name, content_type=kept.mime)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def load(request: Request, number: str) -> Case:
    """Return the case, if it is one this officer may see; to a stranger it does not exist."""
    found = _LOADED.first(request.user.standing.scope(Power.SEE_CASES), number=number)
    if found is None:
        raise Http404
    prefetched(found, "tasks", _TASKS.ask(case=found.pk))
    return found


def case_context(request: Request, found: Case) -> dict[str, Any]:
    """Return everything the page of a case shows; what it costs does not grow with the number of voices."""
    at, user = request.at, request.user
    tasks = list(found.tasks.all())
    lines = timeline(found)
    # What the ledger does not know of need not be asked for.
    done = {line.event.verb for line in lines}
    extensions, pauses = [], []
    if verb(Deed.EXTEND) in done:
        extensions = list(found.extensions.select_related("asked_by", "decided_by").order_by("id"))
    if verb(Deed.SUSPEND) in done or found.split_from_id:
        pauses = list(found.pauses.select_related("approved_by").order_by("starts"))
    deeds = offered(found, user, at=at, tasks=tasks, extensions=extensions)
    buttons = [_button(found, deed, request) for deed in deeds]
    return {
        **_head(found, at),
        "clock": _clock(clock_of(found, at=at, pauses=pauses, later=extensions), at),
        "tasks": [(task, task_light(task, at)) for task in tasks],
        "extensions": extensions,
        "pauses": pauses,
        "spoken": _spoken(_FIRST_JOINS.ask(case=found.pk), user),
        "more": max(0, found.voices - VOICES_SHOWN),
        "road": happened(lines),
        "acts": buttons[:ACTS_SHOWN],
        "other_acts": buttons[ACTS_SHOWN:],
        "publication": getattr(found, "publication", None),
    }


def _clock(clock: Clock | None, at: datetime) -> dict[str, Any] | None:
    """Return the clock as the face draws it, under words for officers."""
    if clock is None:
        return None
    words = gettext("To be answered by %(time)s") % {"time": moment(clock.due, at=at)} if clock.due else ""
    return {**asdict(clock), "headline": words}


def _head(found: Case, at: datetime) -> dict[str, Any]:
    kind, words = case_light(found.state, found.result, found.due_at, at)
    return {"case": found, "light_kind": kind, "light_words": words}


def _deed_context(request: Request, found: Case, which: Deed, form: DeedForm) -> dict[str, Any]:
    return {
        "form": form,
        "deed": which.value,
        "words": MOVES[which].name,
        "asks": any(not field.is_hidden for field in form),
        "action": _address("desk:do", found.number, which.value, request=request),
        "back": _address("desk:case", found.number, request=request),
        "draft": getattr(found, "publication", None) if which is Deed.PUBLISH else None,
    }


def _deed(word: str) -> Deed:
    try:
        return Deed(word)
    except ValueError:
        raise Http404 from None


def _address(name: str, *args: str, request: Request) -> str:
    """Return an address that keeps the filters of the list beside it."""
    query = request.GET.urlencode()
    return reverse(name, args=args) + (f"?{query}" if query else "")


def _button(found: Case, deed: Deed, request: Request) -> Button:
    move = MOVES[deed]
    return Button(deed.value, move.name, move.key, _address("desk:do", found.number, deed.value, request=request))


def _joins(case: Any) -> Any:
    joins = Join.objects.filter(case=case).select_related("item__voice__area")
    joins = joins.annotate(first_number=F("first_case__number"))
    return joins.defer("item__voice__grams", "item__voice__area__outline").order_by("id")


def _spoken(joins: list[Join], user: User) -> list[Spoken]:
    files = _files([join.item.voice_id for join in joins])
    told: set[int] = set()
    spoken = []
    for join in joins:
        voice = join.item.voice
        first = voice.pk not in told
        told.add(voice.pk)
        hidden = not shows_identity(voice.identity, is_recorder=voice.recorder_id == user.pk)
        may = not hidden and voice.contact is not None and Power.REVEAL in user.standing.powers
        spoken.append(Spoken(join, voice, _who(voice), may, files.get(voice.pk, []) if first else []))
    return spoken


def _who(voice: Voice) -> str:
    """Return who spoke as far as a list may show it."""
    if voice.identity != Identity.SIGNED:
        return ""
    contact = voice.opened_contact()
    return " ".join(part for part in (mask_name(contact.name), mask_phone(contact.phone)) if part) if contact else ""


def _files(voices: list[int]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for link in _FILES.ask(**{f"voice_{place}": pk for place, pk in enumerate(voices)}):
        found.setdefault(link.voice_id, []).append(link.attachment)
    return found


def _links(**voices: Any) -> Any:
    any_of_them = reduce(or_, (Q(voice=voice) for voice in voices.values()), Q(pk__in=[]))
    return Voice.attachments.through.objects.filter(any_of_them).select_related("attachment").order_by("id")


# What the page of a case asks, written once each.
_LOADED = Sentence(
    lambda scope, number: Case.objects.within(scope).filter(number=number).select_related(*RELATED).defer(*BULKY)
)
_TASKS = Sentence(lambda case: Task.objects.filter(case=case).select_related("office", "handler").order_by("id"))
_FIRST_JOINS = Sentence(lambda case: _joins(case)[:VOICES_SHOWN])
_FILES = Sentence(_links)
