"""Campaigns and their teams: targets, goals, what must be done, who goes where."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.desk.deeds.plans import NEEDS, ON_CAMPAIGN, SEES, Deed
from lianxin.desk.forms import campaigns as forms
from lianxin.desk.views.asking import ask, posted
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.visits.doors import span
from lianxin.desk.views.visits.planning import carry_out, offered_deeds, plans
from lianxin.listen import figures as heard
from lianxin.people.models import Campaign, Post
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.figures import visits as counting
from lianxin.record.models import Encounter, Need, Offer, SignUp, TeamArea
from lianxin.resolve.figures import solved_at

FEW_ITEMS_FROM = 100  # visits of a team after which no point at all is a reason to look (VIS-40)


@power(*SEES)
@never_cache
@require_safe
def campaigns(request: Request) -> HttpResponse:
    """Show the campaigns, those of today first."""
    today = timezone.localdate(request.at)
    rows = Campaign.objects.select_related("office").order_by("-starts", "name")
    context = {"now": rows.on(today), "before": rows.exclude(pk__in=rows.on(today)), "plans": plans(request)}
    return render(request, "desk/visits/campaigns.html", context)


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_campaign(request: Request) -> HttpResponse:
    """Begin a campaign."""
    form = forms.CampaignForm(posted(request), user=request.user, at=request.at)
    return ask(
        request, form, lambda: record.open_campaign(**form.given(), by=request.user, at=request.at),
        title=gettext("New campaign"), submit=gettext("Begin it"), done=gettext("The campaign is there."),
        back=reverse("desk:campaigns"),
    )  # fmt: skip


@power(*SEES)
@never_cache
@require_safe
def campaign(request: Request, pk: int) -> HttpResponse:
    """Show a campaign: how far it is, who goes, what is missing; every number with its own measure word."""
    found = Campaign.objects.select_related("office").filter(pk=pk).first() or not_here()
    held = Encounter.objects.for_campaign(found)
    done, today = counting.done(held), timezone.localdate(request.at)
    items, by_team = heard.heard_at(held.done()), heard.heard_by_team(found)
    led = {line.team.pk: line for line in counting.led_in_person(found)}
    visits = dict(_by_team(found))
    teams = [
        (line, visits.get(line.team.pk, 0), by_team.get(line.team.pk, 0), led.get(line.team.pk))
        for line in counting.progress(found, request.at)
    ]
    given = set(TeamArea.objects.on(today).filter(campaign=found).values_list("area", flat=True))
    context = {
        "campaign": found, "done": done, "items": sum(items.values()), "by_kind": items, "teams": teams,
        "layers": counting.layers(found), "made_of": counting.composition(found, request.at),
        "score": _score(found, done, sum(items.values())), "types": counting.by_type(held),
        "services": counting.services(held),
        "needs": Need.objects.visible_to(request.user).filter(campaign=found).select_related("area", "office"),
        "sign_ups": _offered(request, found),
        "chairs": [(chair, _holder(chair.office_id, chair.title, today)) for chair in found.chairs.all()],
        "unowned": _unowned(found, given), "deeds": offered_deeds(request, ON_CAMPAIGN), "plans": plans(request),
        "cards": done.given.get(Offer.Kind.CARD, 0), "letters": done.given.get(Offer.Kind.LETTER, 0),
    }  # fmt: skip
    return render(request, "desk/visits/campaign.html", context)


def _offered(request: Request, campaign: Campaign) -> Any:
    """Return who offered to go: to who plans all of them, to anybody else what became of his own offer."""
    rows = SignUp.objects.filter(campaign=campaign).select_related("user").order_by("chosen", "at")
    return rows if plans(request) else rows.filter(user=request.user)


def _by_team(campaign: Campaign) -> list[tuple[int, int]]:
    rows = Encounter.objects.done().for_campaign(campaign).filter(team__isnull=False)
    return list(rows.values_list("team").annotate(n=Count("pk")).order_by())


def _score(campaign: Campaign, done: counting.Done, items: int) -> list[tuple[Any, int]]:
    """Return the goals of a campaign, each with its live number (VIS-35)."""
    numbers = counting.indicators(campaign, done) | {
        "heard": items, "solved": solved_at(Encounter.objects.done().for_campaign(campaign))
    }  # fmt: skip
    return [(goal, numbers[goal.indicator]) for goal in campaign.goals.order_by("order", "pk")]


def _holder(office_id: int, title: str, day: Any) -> Any:
    """Return who holds the post on that day; the seat follows the post (VIS-07)."""
    posts = Post.objects.on(day).filter(office=office_id, title=title, holder__isnull=False).select_related("holder")
    first = posts.first()
    return first.holder if first else None


def _unowned(campaign: Campaign, given: set[int]) -> list[Area]:
    """Return the places beside those that were given for which no team answers (VIS-02)."""
    parents = set(Area.objects.filter(pk__in=given).values_list("parent", flat=True))
    rows = Area.objects.filter(parent__in=parents, valid_to=None).exclude(pk__in=given).defer("outline")
    return list(rows.order_by("path")[:50]) if campaign.teams.exists() else []


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_campaign(request: Request, pk: int, deed: str) -> HttpResponse:
    """Plan a campaign: targets, goals, actions, teams, rules, seats, needs, offers to go."""
    found = Campaign.objects.filter(pk=pk).first() or not_here()
    return carry_out(request, ON_CAMPAIGN.get(deed), found, back=reverse("desk:campaign", args=[found.pk]))


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, pk: int) -> HttpResponse:
    """Say whether somebody who offered goes."""
    found = SignUp.objects.select_related("user", "campaign").filter(pk=pk).first() or not_here()
    deed = Deed(forms.ChooseForm, record.choose, found.user.name)
    return carry_out(request, deed, found, back=reverse("desk:campaign", args=[found.campaign_id]))


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_need(request: Request, pk: int, deed: str) -> HttpResponse:
    """Say who offers what for a need, and what came of it."""
    found = Need.objects.visible_to(request.user).filter(pk=pk).first() or not_here()
    return carry_out(request, NEEDS.get(deed), found, back=reverse("desk:campaign", args=[found.campaign_id]))


@power(Power.PLAN)
@never_cache
@require_safe
def review(request: Request) -> HttpResponse:
    """Show what a person should look at by sampling: signals in the visits, teams that bring nothing. No verdicts."""
    form, start, end, found = span(request)
    rows = Encounter.objects.between(start, end)
    if found:
        rows = rows.for_campaign(found)
    silent = []
    for each in [found] if found else Campaign.objects.on(timezone.localdate(request.at)):
        items = heard.heard_by_team(each)
        names = {team.pk: team for team in each.teams.all()}
        silent += [(names[team], n) for team, n in _by_team(each) if n >= FEW_ITEMS_FROM and not items.get(team)]
    context = {"form": form, "remarks": counting.remarks(rows), "silent": silent}
    return render(request, "desk/visits/review.html", context)
