"""A team: its people, places and days, and what it has done."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.deeds.plans import ON_TEAM, SEES, Deed
from lianxin.desk.forms import campaigns as forms
from lianxin.desk.views.asking import press
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.visits.planning import carry_out, offered_deeds, plans
from lianxin.listen import figures as heard
from lianxin.people.rules import Power, power
from lianxin.record import actions as record
from lianxin.record.figures import visits as counting
from lianxin.record.models import Encounter, Team, TeamArea, TeamMember


@power(*SEES)
@never_cache
@require_safe
def team(request: Request, pk: int) -> HttpResponse:
    """Show a team: its people, places, days and what is still missing."""
    found = _team(request, pk)
    today = timezone.localdate(request.at)
    mine = TeamMember.objects.on(today).filter(team=found, user=request.user).exists()
    deeds = offered_deeds(request, ON_TEAM)
    progress = next((each for each in counting.progress(found.campaign, request.at) if each.team.pk == found.pk), None)
    context = {
        "team": found, "members": found.members.select_related("user").order_by("ends", "user__name"),
        "areas": found.areas.select_related("area", "area__village_file").order_by("ends", "area__path"),
        "outings": found.outings.select_related("area").order_by("-on")[:30], "plans": plans(request), "today": today,
        "deeds": [line for line in deeds if mine or plans(request)], "progress": progress, "mine": mine,
        "done": counting.done(Encounter.objects.filter(team=found)),
        "items": heard.heard_by_team(found.campaign).get(found.pk, 0),
    }  # fmt: skip
    return render(request, "desk/visits/team.html", context)


def _team(request: Request, pk: int) -> Team:
    rows = Team.objects.visible_to(request.user).select_related("campaign", "office", "leader")
    return rows.filter(pk=pk).first() or not_here()


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_team(request: Request, pk: int, deed: str) -> HttpResponse:
    """Give a team people, a leader, places, days; say what it has done."""
    found = _team(request, pk)
    return carry_out(request, ON_TEAM.get(deed), found, back=reverse("desk:team", args=[found.pk]))


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_team(request: Request, pk: int) -> HttpResponse:
    """Let somebody leave a team from a day on."""
    found = TeamMember.objects.select_related("team", "user").filter(pk=pk).first() or not_here()
    deed = Deed(forms.EndForm, record.leave_team, gettext("%(name)s leaves the team") % {"name": found.user.name})
    return carry_out(request, deed, found, back=reverse("desk:team", args=[found.team_id]))


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_area(request: Request, pk: int) -> HttpResponse:
    """Take a place from a team from a day on."""
    found = TeamArea.objects.select_related("team", "area").filter(pk=pk).first() or not_here()
    deed = Deed(forms.EndForm, record.take_area, gettext("Take the place from the team"))
    return carry_out(request, deed, found, back=reverse("desk:team", args=[found.team_id]))


@power(Power.PLAN)
@never_cache
@require_POST
def open_doors(request: Request, pk: int) -> HttpResponse:
    """Give the doors of a place to its team, once the place is known."""
    found = TeamArea.objects.select_related("team", "area").filter(pk=pk).first() or not_here()
    return press(
        request, lambda: record.open_doors(found, by=request.user, at=request.at),
        back=reverse("desk:team", args=[found.team_id]), done=gettext("The doors are given."),
    )  # fmt: skip
