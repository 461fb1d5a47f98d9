"""Bases of villages, their profiles in versions, and files of enterprises, projects and other units."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.deeds.standing import STARS
from lianxin.desk.forms import archives as shapes
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import mask_phone
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record import actions
from lianxin.record.figures.files import standings
from lianxin.record.models import (
    Change,
    Encounter,
    Enterprise,
    Filled,
    Link,
    Survey,
    VillageFile,
    keeper_reach_of,
    reach_of,
)
from lianxin.record.rules import Subject

RECENT = 12


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_safe
def villages(request: Request) -> HttpResponse:
    """Show how the files of each village stand; a town opens its villages, a village its groups."""
    above = _area(request, int(request.GET["in"])) if request.GET.get("in", "").isdecimal() else None
    today = timezone.localdate(request.at)
    reached = Area.objects.on(today).filter(reach_of(request.user).areas()).defer("outline")
    if above:
        rows = list(reached.filter(parent=above).order_by("path"))
    else:
        tops = reached.filter(kind__in=(Area.Kind.TOWN, Area.Kind.VILLAGE)).order_by("path")
        several = tops.filter(kind=Area.Kind.TOWN).count() > 1
        rows = list(tops.filter(kind=Area.Kind.TOWN) if several else tops.filter(kind=Area.Kind.VILLAGE))
    counted = standings(rows, user=request.user, at=request.at)
    context = {"above": above, "rows": counted, "may_keep": request.user.standing.may(Power.ARCHIVE, anywhere=True)}
    return render(request, "desk/archives/villages.html", context)


@power(Power.VISIT)
@never_cache
@require_safe
def village(request: Request, pk: int) -> HttpResponse:
    """Show the base of one village: its profile, its files in numbers, its sheets, its books, what happened."""
    area = _area(request, pk)
    found = VillageFile.objects.filter(area=area).first()
    present = found.filleds.filter(is_last=True).select_related("survey", "answer__sheet") if found else ()
    sheets = [(row, row.answer.lines()) for row in present]
    below = list(area.children.defer("outline").on(timezone.localdate(request.at)).order_by("path"))
    numbers, *counted = standings([area, *below], user=request.user, at=request.at)
    visits = Encounter.objects.visible_to(request.user).done().filter(area=area).select_related("kind", "recorder")
    context = {
        "area": area, "village": found, "sheets": sheets, "numbers": numbers,
        "below": counted,
        "surveys": Survey.objects.filter(of=Subject.VILLAGE, in_use=True).order_by("-is_profile", "name"),
        "links": Link.objects.on(timezone.localdate(request.at)).filter(area=area).select_related("user", "office"),
        "books": area.books.order_by("number"), "visits": visits.order_by("-starts_at")[:RECENT],
        "keeps": keeper_reach_of(request.user).covers(area),
    }  # fmt: skip
    return render(request, "desk/archives/village.html", context)


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_village(request: Request, pk: int, deed: str) -> HttpResponse:
    """Open the base of a village, say that its profile is complete, keep its notes."""
    area = _area(request, pk)
    found = VillageFile.objects.filter(area=area).first()
    back, by, at = reverse("desk:village", args=[area.pk]), request.user, request.at
    if deed == "open":
        form: Any = shapes.NothingForm(posted(request), user=by)
        act: Any = lambda: actions.open_village(area, by=by, at=at)  # noqa: E731
        title = gettext("Open the base of this village")
    elif deed == "complete" and found:
        form = shapes.NothingForm(posted(request), user=by)
        act, title = (lambda: actions.complete_village(found, by=by, at=at)), gettext("The profile is complete")
    elif deed == "notes" and found:
        form = shapes.NotesForm(posted(request), user=by, initial={"notes": found.notes})
        act = lambda: actions.change(found, values=form.cleaned_data, by=by, at=at)  # noqa: E731
        title = gettext("Notes")
    else:
        not_here()
    return ask(
        request, form, act, title=title, submit=gettext("Write it down"), done=gettext("It is in the file."), back=back,
        intro=str(area),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_safe
def profile(request: Request, pk: int) -> HttpResponse:
    """Compare two versions of what was filled in of a village: what is new, what became something else."""
    area = _area(request, pk)
    kept = Survey.objects.filter(of=Subject.VILLAGE, filled__village__area=area).order_by("-is_profile", "pk")
    wanted = request.GET.get("sheet", "")[:60]
    survey = (kept.filter(sheet=wanted) if wanted else kept).first() or not_here()
    called = request.GET.get("of", "")[:120]
    rows = Filled.objects.filter(village__area=area, survey=survey, called=called).select_related("answer__sheet", "by")
    versions = list(rows.order_by("-at", "-id")[:50])
    if not versions:
        not_here()
    chosen = request.GET.get("with", "")
    new = versions[0]
    old = next((row for row in versions if str(row.pk) == chosen), versions[1] if len(versions) > 1 else None)
    context = {
        "area": area, "survey": survey, "called": called, "versions": versions, "new": new, "old": old,
        "lines": _compared(old, new),
    }  # fmt: skip
    return render(request, "desk/archives/profile.html", context)


def _compared(old: Filled | None, new: Filled) -> list[dict[str, Any]]:
    before = {line.key: line for line in old.answer.lines()} if old else {}
    after = {line.key: line for line in new.answer.lines()}
    labels = {key: line.label for key, line in (before | after).items()}
    return [
        {
            "label": label, "before": before[key].text if key in before else "",
            "after": after[key].text if key in after else "",
            "differs": (before[key].text if key in before else "") != (after[key].text if key in after else ""),
        }
        for key, label in labels.items()
    ]  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_safe
def units(request: Request) -> HttpResponse:
    """Show the files of enterprises, projects, schools and other units."""
    rows = Enterprise.objects.visible_to(request.user).open().select_related("area").order_by("-is_key", "name", "id")
    words = request.GET.get("q", "").strip()[:60]
    rows = rows.filter(name__icontains=words) if words else rows
    keeps = request.user.standing.may(Power.ARCHIVE, anywhere=True)
    context = {"page": page_of(rows, request.GET.get("page"), 50), "q": words, "may_keep": keeps}
    return render(request, "desk/archives/units.html", context)


@power(Power.ARCHIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_unit(request: Request) -> HttpResponse:
    """Open the file of a unit."""
    form = shapes.UnitForm(posted(request), user=request.user)
    return ask(
        request, form, lambda: actions.open_enterprise(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Open the file of a unit"), submit=gettext("Open the file"),
        done=gettext("It is in the file."), back=reverse("desk:units"),
    )  # fmt: skip


@power(Power.VISIT)
@never_cache
@require_safe
def unit(request: Request, pk: int) -> HttpResponse:
    """Show the file of a unit."""
    return render(request, "desk/archives/unit.html", _unit_context(request, _unit(request, pk)))


def _unit_context(request: Request, found: Enterprise) -> dict[str, Any]:
    visits = Encounter.objects.visible_to(request.user).done().filter(enterprise=found)
    filled = found.filleds.filter(is_last=True).select_related("survey", "answer__sheet", "by")
    return {
        "unit": found, "phone": mask_phone(actions.value_of(found, "phone")) if found.phone else "", "stars": STARS,
        "changes": Change.objects.filter(enterprise=found).select_related("by").order_by("-at")[:RECENT],
        "visits": visits.select_related("kind", "recorder").order_by("-starts_at")[:RECENT],
        "links": Link.objects.on(timezone.localdate(request.at)).filter(enterprise=found).select_related("user"),
        "sheets": [(row, row.answer.lines()) for row in filled],
        "surveys": Survey.objects.filter(of=Subject.ENTERPRISE, in_use=True).order_by("name"),
        "keeps": keeper_reach_of(request.user).covers(found.area),
    }  # fmt: skip


@power(Power.REVEAL)
@never_cache
@require_POST
def reveal_unit(request: Request, pk: int) -> HttpResponse:
    """Show the phone of who is spoken to at a unit, with a reason, on record."""
    found = _unit(request, pk)
    context = _unit_context(request, found)
    try:
        shown = actions.reveal(found, reason=request.POST.get("reason", ""), by=request.user, at=request.at)
    except Refusal as refusal:
        return render(request, "desk/archives/unit.html", context | {"refusal": refusal}, status=refusal.status)
    return render(request, "desk/archives/unit.html", context | {"shown": shown})


@power(Power.VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_unit(request: Request, pk: int, deed: str) -> HttpResponse:
    """Change the file of a unit, or close it."""
    found = _unit(request, pk)
    by, at = request.user, request.at
    if deed == "edit":
        start = {name: getattr(found, name) for name in shapes.EditUnitForm.base_fields if name != "phone"}
        form: Any = shapes.EditUnitForm(posted(request), user=by, initial=start)
        return ask(
            request, form, lambda: actions.change(found, values=form.values(), by=by, at=at), title=found.name,
            submit=gettext("Write it down"), done=gettext("It is in the file."),
            back=reverse("desk:unit", args=[found.pk]),
        )  # fmt: skip
    if deed != "close" or not keeper_reach_of(by).covers(found.area):
        not_here()
    form = shapes.ReasonForm(posted(request), user=by)
    return ask(
        request, form, lambda: actions.close_enterprise(found, **form.cleaned_data, by=by, at=at), title=found.name,
        submit=gettext("Close the file"), done=gettext("The file is closed."), back=reverse("desk:units"),
    )  # fmt: skip


def _unit(request: Request, pk: int) -> Enterprise:
    rows = Enterprise.objects.visible_to(request.user).select_related("area")
    return rows.filter(pk=pk).first() or not_here()


def _area(request: Request, pk: int) -> Area:
    reached = Area.objects.filter(reach_of(request.user).areas()).defer("outline")
    return reached.filter(pk=pk).first() or not_here()
