"""Who is linked to whom: both directions, what stands empty, what must be handed over, one table per enterprise."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.obliging import EndLinkForm, HandOverForm, LinkForm
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import page_of
from lianxin.kit.refusal import Refusal
from lianxin.listen.models import Voice
from lianxin.people.models import User
from lianxin.people.rules import Power, power
from lianxin.record import actions
from lianxin.record.models import Encounter, Enterprise, Link, VillageFile
from lianxin.record.rules import Tie
from lianxin.supervise import actions as supervise
from lianxin.supervise.models import Obligation, Usefulness, dues, quarter_of
from lianxin.supervise.rules import DAY, Span

SEES = (Power.LINK, Power.VISIT, Power.ARCHIVE, Power.OVERSEE)
ON_A_PAGE = 50
RATED_LEAST = 5  # fewer grades than this would tell who gave them


@power(*SEES)
@never_cache
@require_safe
def links(request: Request) -> HttpResponse:
    """Show who is linked to what, or what has whom; places that stand empty and links to hand over come first."""
    today = timezone.localdate(request.at)
    mine = Link.objects.visible_to(request.user)
    tie = request.GET.get("tie", "")
    by_person = request.GET.get("by") == "person"
    rows = mine.on(today).filter(tie=tie) if tie in Tie else mine.on(today)
    order = ("user__name", "tie", "id") if by_person else ("area__path", "household", "enterprise__name", "id")
    rows = rows.select_related("user", "office", "area", "household", "enterprise").order_by(*order)
    orphaned = mine.orphaned(today).select_related("user", "office", "area", "household", "enterprise")
    keeps = request.user.standing.may(Power.LINK, anywhere=True)
    context = {
        "page": page_of(rows, request.GET.get("page"), ON_A_PAGE), "ties": Tie.choices, "tie": tie,
        "by_person": by_person, "orphaned": orphaned.order_by("id")[:ON_A_PAGE], "keeps": keeps,
        "vacant": _vacant(today) if keeps else [], "workload": _workload(mine, today), "last": _last_visits(rows),
    }  # fmt: skip
    return render(request, "desk/links/links.html", context)


@power(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request) -> HttpResponse:
    """Link somebody."""
    form = LinkForm(
        posted(request), at=request.at, initial={"starts": timezone.localdate(request.at), **_wanted(request)}
    )
    return ask(
        request, form, lambda: actions.link(**form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Link somebody"), submit=gettext("Link"), done=gettext("The link holds from that day on."),
        back=reverse("desk:links"),
        intro=gettext("One place, one household or one enterprise. The person sees it at once."),
    )  # fmt: skip


@power(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: Request, pk: int) -> HttpResponse:
    """End a link."""
    found = _mine(request, pk)
    form = EndLinkForm(posted(request), initial={"ends": timezone.localdate(request.at)})
    return ask(
        request, form, lambda: actions.unlink(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("End the link"), submit=gettext("End it"), done=gettext("The link has ended."),
        back=reverse("desk:links"), intro=f"{found.user or found.office} · {found.get_tie_display()} · {_named(found)}",
    )  # fmt: skip


@power(Power.LINK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Hand a link over to somebody else, without a day in between."""
    found = _mine(request, pk)
    form = HandOverForm(posted(request), at=request.at, initial={"starts": timezone.localdate(request.at)})
    return ask(
        request, form, lambda: actions.hand_over(found, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Hand it over"), submit=gettext("Hand over"), done=gettext("Handed over. Nothing stays open."),
        back=reverse("desk:links"), intro=f"{found.user or found.office} · {found.get_tie_display()} · {_named(found)}",
    )  # fmt: skip


@power(*SEES)
@never_cache
@require_safe
def table(request: Request, pk: int) -> HttpResponse:
    """Show the one table of an enterprise: what it is, what it asks for, what is done, how far, the next visit."""
    return render(request, "desk/links/table.html", _table(request, _enterprise(request, pk)))


@power(*SEES)
@never_cache
@require_safe
def table_paper(request: Request, pk: int) -> HttpResponse:
    """Show the one table of an enterprise, to be printed."""
    context = _table(request, _enterprise(request, pk))
    return render(request, "desk/links/table_paper.html", {**context, "date": timezone.localdate(request.at)})


@power(Power.LINK)
@never_cache
@require_POST
def give_code(request: Request, pk: int, user: int) -> HttpResponse:
    """Give an enterprise the code with which it says whether the visits are of use; shown once."""
    firm = _enterprise(request, pk)
    leader = User.objects.filter(links__enterprise=firm, pk=user).first() or not_here()
    try:
        code, refusal = supervise.give_code(firm, leader=leader, by=request.user, at=request.at), ""
    except Refusal as refused:
        code, refusal = "", str(refused)
    there = f"{settings.PUBLIC_URL}/visits/of-use/"
    context = {"firm": firm, "leader": leader, "code": code, "refusal": refusal, "there": there}
    return render(request, "desk/links/code.html", context)


def _table(request: Request, firm: Enterprise) -> dict[str, Any]:
    today = timezone.localdate(request.at)
    held = list(firm.links.on(today).select_related("user", "office").order_by("starts"))
    month = Span(today, today + DAY)
    rows = Obligation.objects.within(month).filter(who="link")
    visits = (
        Encounter.objects.visible_to(request.user).done().filter(enterprise=firm).select_related("kind", "recorder")
    )
    voices = Voice.objects.visible_to(request.user).filter(encounter__enterprise=firm).order_by("-id")
    items = [
        item for voice in voices.prefetch_related("items__join__case__tasks__office") for item in voice.items.all()
    ]
    quarter = quarter_of(today)
    grades = Usefulness.objects.filter(leader__in=[one.user_id for one in held], quarter=quarter)
    counted = sum(row.count for row in grades)
    return {
        "firm": firm, "links": held, "due": dues(rows, month, request.at, links=[one.pk for one in held]),
        "visits": visits.prefetch_related("report", "declarations").order_by("-starts_at")[:12], "items": items[:50],
        "grades": grades.order_by("-grade") if counted >= RATED_LEAST else [], "today": today, "quarter": quarter,
        "gives": request.user.standing.may(Power.LINK, anywhere=True), "rated_least": RATED_LEAST,
        "former": firm.links.filter(ends__lte=today).select_related("user", "office").order_by("-ends")[:12],
    }  # fmt: skip


def _vacant(today: date) -> list[VillageFile]:
    """Return the villages that nobody is linked to who is still there."""
    held = Link.objects.held(today).filter(tie__in=(Tie.VILLAGE, Tie.SECRETARY)).values("area")
    rows = VillageFile.objects.filter(area__valid_to=None).exclude(area__in=held).select_related("area")
    return list(rows.order_by("area__path")[:ON_A_PAGE])


def _workload(mine: Any, today: date) -> list[dict[str, Any]]:
    rows = mine.on(today).filter(user__isnull=False).values("user", "user__name").order_by()
    return list(rows.annotate(count=Count("id", distinct=True)).order_by("-count", "user__name")[:12])


def _last_visits(rows: Any) -> dict[int, Any]:
    """Return when each enterprise among the links was last visited."""
    firms = rows.filter(enterprise__isnull=False).values("enterprise")
    found = Encounter.objects.done().filter(enterprise__in=firms).values("enterprise").order_by()
    return {row["enterprise"]: row["last"] for row in found.annotate(last=Max("starts_at"))}


def _wanted(request: Request) -> dict[str, str]:
    """Return what a link of the page of vacancies has already chosen."""
    return {name: request.GET[name] for name in ("tie", "area", "enterprise", "household") if name in request.GET}


def _mine(request: Request, pk: int) -> Link:
    rows = Link.objects.visible_to(request.user).select_related("user", "office", "area", "household", "enterprise")
    found: Link | None = rows.filter(pk=pk).first()
    return found or not_here()


def _enterprise(request: Request, pk: int) -> Enterprise:
    seen = Q(pk__in=Enterprise.objects.visible_to(request.user).values("pk"))
    linked = Q(pk__in=Link.objects.visible_to(request.user).filter(enterprise__isnull=False).values("enterprise"))
    return Enterprise.objects.filter(seen | linked, pk=pk).select_related("area").first() or not_here()


def _named(link: Link) -> str:
    return link.household.called if link.household else str(link.to)
