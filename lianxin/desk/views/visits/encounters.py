"""Visits: mine and those I may see, one recorded at a door, one looked at, put right, heard more at."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.forms.visits import SAID, AmendForm, SaidForm, VisitForm, checklist_of
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice, code_of
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.models import (
    Call,
    Encounter,
    EncounterKind,
    Enterprise,
    Household,
    TeamArea,
    TeamMember,
    marks_of,
    reach_of,
)
from lianxin.record.rules import Mode, Outcome

SEES = (Power.VISIT, Power.ARCHIVE, Power.PLAN)
TOLD = "told_at_the_door"  # the key of the session that carries the codes of what was heard, once
ROWS = 30


@power(*SEES)
@never_cache
@require_safe
def visits(request: Request) -> HttpResponse:
    """Show the visits one may see, the latest first; drafts and occasions that wait stand above them."""
    rows = Encounter.objects.visible_to(request.user)
    mine = request.GET.get("whose") == "mine"
    if mine:
        rows = rows.filter(recorder=request.user)
    rows = rows.select_related("kind", "household", "enterprise", "area", "recorder")
    today, calls = timezone.localdate(request.at), Call.objects.visible_to(request.user).open()
    context = {
        "page": page_of(rows.done().order_by("-starts_at", "-pk"), request.GET.get("page"), ROWS), "mine": mine,
        "drafts": rows.filter(recorder=request.user, submitted_at=None).order_by("starts_at")[:ROWS],
        "calls": calls.select_related("household", "occasion").order_by("due_at")[:ROWS],
        "places": _places(request), "at": request.at, "today": today,
        "kinds": EncounterKind.objects.offered().exclude(of=EncounterKind.Of.HOUSEHOLD),
        "may_visit": request.user.standing.may(Power.VISIT, anywhere=True),
    }  # fmt: skip
    return render(request, "desk/visits/visits.html", context)


def _places(request: Request) -> list[Area]:
    """Return the places whose doors are this officer's: those of links and teams, not all that lies in them."""
    reach = reach_of(request.user, request.at)
    return list(Area.objects.filter(path__in=reach.paths).defer("outline").order_by("path"))


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_visit(request: Request) -> HttpResponse:
    """Write a visit down: whom one met, what was brought and heard, the checklist; hand it in or keep it as a draft."""
    to = _whom(request)
    kinds = _kinds(to)
    kind = next((each for each in kinds if each.key == request.GET.get("kind")), kinds[0] if kinds else None)
    if kind is None:
        return render(request, "desk/visits/no_kind.html")
    first = {"starts_at": timezone.localtime(request.at), "mode": Mode.FACE, "outcome": Outcome.MET, "key": uuid4()}
    form = VisitForm(posted(request), kind=kind, user=request.user, at=request.at, initial=first)
    said = [SaidForm(posted(request), prefix=f"said-{n}") for n in range(SAID)]
    checklist = checklist_of(kind, request.at, data=posted(request))
    context = {"form": form, "said": said, "checklist": checklist, "kind": kind, "kinds": kinds, "to": to}
    if request.method == "POST" and _keep(request, context):
        encounter = context["encounter"]
        assert isinstance(encounter, Encounter)
        return redirect("desk:encounter", encounter.number)
    return _show(request, context)


def _whom(request: Request) -> dict[str, Any]:
    """Return the household, organisation or place named in the address, if one is. Raises Http404 for another's."""
    asked = {name: request.GET.get(name, "") for name in ("household", "enterprise", "area")}
    if asked["household"]:
        found = Household.objects.visible_to(request.user).select_related("area")
        return {"household": found.filter(number=asked["household"][:24]).first() or not_here()}
    if asked["enterprise"].isdecimal() and len(asked["enterprise"]) < 18:
        units = Enterprise.objects.visible_to(request.user).select_related("area")
        return {"enterprise": units.filter(pk=asked["enterprise"]).first() or not_here()}
    if asked["area"].isdecimal() and len(asked["area"]) < 18:
        area = Area.objects.filter(pk=asked["area"]).first() or not_here()
        return {"area": area}
    return {}


def _kinds(to: dict[str, Any]) -> list[EncounterKind]:
    of = EncounterKind.Of
    fitting = {"household": [of.HOUSEHOLD], "enterprise": [of.ENTERPRISE]}
    wanted = fitting.get(next(iter(to), ""), [of.PLACE, of.SESSION])
    return list(EncounterKind.objects.offered().filter(of__in=wanted))


def _keep(request: Request, context: dict[str, Any]) -> bool:
    """Hand the visit in, with what was heard: all of it or nothing; tell whether it was kept."""
    form, said, checklist = context["form"], context["said"], context["checklist"]
    is_draft = "draft" in request.POST
    is_met = form.is_valid() and form.cleaned_data["outcome"] == Outcome.MET
    sound = form.is_valid() and not [each for each in said if not each.is_valid()]  # all look
    if checklist is not None and is_met and not is_draft:
        sound = checklist.is_valid() and sound
    if not sound:
        return False
    values = dict(checklist.data.items()) if checklist is not None else {}
    ticked = {name.removeprefix("sheet-"): value for name, value in values.items() if name.startswith("sheet-")}
    if checklist is not None and is_met and not is_draft:
        ticked = checklist.values
    details = form.given() | context["to"] | {"kind": context["kind"]} | _team(request, context["to"])
    details["checklist"] = ticked if checklist is not None and (is_met or is_draft) else None
    try:
        with transaction.atomic():
            make = record.draft if is_draft else record.visit
            encounter = make(**details, by=request.user, at=request.at, client_id=form.cleaned_data["key"])
            for n, each in enumerate(said):
                if each.is_said:
                    _hear(request, encounter, each, key=f"{form.cleaned_data['key']}-{n}")
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    context["encounter"] = encounter
    return True


def _team(request: Request, to: dict[str, Any]) -> dict[str, Any]:
    """Return the team of the officer that answers for the place of this door, if there is one."""
    row = to.get("household") or to.get("enterprise")
    area = row.area if row else to.get("area")
    today = timezone.localdate(request.at)
    teams = TeamMember.objects.on(today).filter(user=request.user).values("team")
    given = TeamArea.objects.on(today).filter(team__in=teams).select_related("team__campaign", "area")
    fitting = [each.team for each in given if area and area.path.startswith(each.area.path)]
    return {"team": fitting[0]} if fitting else {}


def _hear(request: Request, encounter: Encounter, form: SaidForm, *, key: str) -> Voice:
    """Take in what was said at an encounter, and the answer that was given at once; its code is shown once."""
    heard = listen.hear(
        **form.said(), channel="visit", encounter=encounter, received_at=encounter.starts_at, recorder=request.user,
        at=request.at, idempotency_key=key,
    )  # fmt: skip
    item = heard.voice.items.waiting().first()
    if form.cleaned_data["answer"].strip() and item and not heard.again:
        listen.answer(item, text=form.cleaned_data["answer"], by=request.user, at=request.at)
    request.session[TOLD] = [*request.session.get(TOLD, []), heard.voice.number]
    return heard.voice


def _show(request: Request, context: dict[str, Any]) -> HttpResponse:
    home = context["to"].get("household")
    if home:
        before = home.encounters.done().select_related("kind", "recorder").order_by("-starts_at")[:3]
        voices = Voice.objects.visible_to(request.user).filter(household=home).prefetch_related("items")
        context |= {"before": before, "marks": marks_of(home), "voices": voices.order_by("-received_at")[:5]}
        context["calls"] = home.calls.open().select_related("occasion").order_by("due_at")
    wrong = context["form"].errors or (context["checklist"] is not None and context["checklist"].errors)
    return render(request, "desk/visits/record.html", context, status=422 if wrong else 200)


@power(*SEES)
@never_cache
@require_safe
def encounter(request: Request, number: str) -> HttpResponse:
    """Show one visit or session: what was done, heard and answered, and every change since."""
    found = _seen(request, number)
    voices = Voice.objects.visible_to(request.user).filter(encounter=found).prefetch_related("items")
    told = set(request.session.pop(TOLD, []))
    context = {
        "encounter": found, "voices": [(voice, code_of(voice.number) if voice.number in told else "") for voice in
                                       voices.order_by("pk")],
        "lines": found.answer.lines() if found.answer else [], "members": found.members.order_by("name"),
        "given": found.given.select_related("offer").order_by("offer__kind", "pk"),
        "amendments": found.amendments.select_related("by").order_by("-pk"), "campaigns": found.campaigns.all(),
        "mine": found.recorder_id == request.user.pk and request.user.standing.may(Power.VISIT, anywhere=True),
        "invitations": found.invitations.select_related("guest").order_by("guest__category", "pk"),
        "topics": found.topics.order_by("number"), "is_session": found.kind.of == EncounterKind.Of.SESSION,
    }  # fmt: skip
    return render(request, "desk/visits/encounter.html", context)


def _seen(request: Request, number: str) -> Encounter:
    rows = Encounter.objects.visible_to(request.user).select_related(
        "kind", "household", "enterprise", "area", "recorder", "team", "office", "answer__sheet"
    )
    return rows.filter(number=number[:20]).first() or not_here()


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: Request, number: str) -> HttpResponse:
    """Put a visit right that was handed in; what stood there stays."""
    found = _seen(request, number)
    first = {name: getattr(found, name) for name in ("mode", "outcome", "notes")}
    form = AmendForm(posted(request), initial=first | {"starts_at": timezone.localtime(found.starts_at)})
    return ask(
        request, form, lambda: record.amend(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Put the visit right"), submit=gettext("Put it right"),
        done=gettext("It is put right. What stood there before can still be read."),
        back=reverse("desk:encounter", args=[found.number]),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request, number: str) -> HttpResponse:
    """Hand a draft in, with its checklist."""
    found = _seen(request, number)
    first = {name: getattr(found, name) for name in ("mode", "outcome", "notes", "come_back_on", "headcount", "place")}
    first["starts_at"] = timezone.localtime(found.starts_at)
    form = VisitForm(posted(request), kind=found.kind, user=request.user, at=request.at, initial=first)
    checklist = checklist_of(found.kind, request.at, data=posted(request), kept=found.kept)
    to = {"household": found.household} if found.household else {}
    context = {"form": form, "said": [], "checklist": checklist, "kind": found.kind, "kinds": [], "to": to}
    if request.method == "POST" and form.is_valid():
        is_met = form.cleaned_data["outcome"] == Outcome.MET
        if checklist is None or not is_met or checklist.is_valid():
            values = checklist.values if checklist is not None and is_met else None
            try:
                record.submit(found, **form.given(), checklist=values, by=request.user, at=request.at)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, gettext("Handed in."))
                return redirect("desk:encounter", found.number)
    return _show(request, context | {"draft": found})


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hear_at_door(request: Request, number: str) -> HttpResponse:
    """Write down one more thing that was said at this visit."""
    found = _seen(request, number)
    form = SaidForm(posted(request), initial={"identity": "anonymous"})
    return ask(
        request, form, lambda: _hear(request, found, form, key=f"{found.number}-{form.cleaned_data['text']}"),
        title=gettext("One more thing that was said"), submit=gettext("Write it down"),
        done=gettext("Written down. The number and the code are below: give them to the person."),
        back=reverse("desk:encounter", args=[found.number]),
    )  # fmt: skip
