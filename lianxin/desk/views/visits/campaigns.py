"""Campaigns and their teams: targets, goals, what must be done, who goes where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms import campaigns as forms
from lianxin.desk.forms.outings import RhythmForm
from lianxin.desk.views.hall.asking import ask, posted, press
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.visits.doors import span
from lianxin.listen import figures as heard
from lianxin.people.models import Campaign, Post
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record import actions as record
from lianxin.record.figures import visits as counting
from lianxin.record.models import Encounter, Need, Offer, SignUp, Team, TeamArea, TeamMember
from lianxin.resolve.figures import solved_at

SEES = (Power.VISIT, Power.PLAN)
FEW_ITEMS_FROM = 100  # visits of a team after which no point at all is a reason to look (VIS-40)


class Deed(NamedTuple):
    """A form and the action it feeds, with the words of both buttons."""

    form: type[forms.PlanForm]
    action: Callable[..., Any]
    title: str | Promise
    powers: tuple[Power, ...] = (Power.PLAN,)


ON_CAMPAIGN: dict[str, Deed] = {
    "target": Deed(forms.TargetForm, record.set_target, _("Add a target")),
    "goal": Deed(forms.GoalForm, record.set_goal, _("Add a goal")),
    "action": Deed(forms.ActionForm, record.set_action, _("Add what all must do")),
    "team": Deed(forms.TeamForm, record.make_team, _("Add a team")),
    "rule": Deed(forms.RuleForm, record.set_team_rule, _("Say what teams are made of")),
    "seat": Deed(forms.SeatForm, record.seat, _("Seat of the leading group")),
    "need": Deed(forms.NeedForm, record.note_need, _("Note what a place needs"), SEES),
    "sign-up": Deed(forms.SignUpForm, record.sign_up, _("Offer to go"), (Power.VISIT,)),
}
ON_TEAM: dict[str, Deed] = {
    "join": Deed(forms.JoinForm, record.join_team, _("Put somebody into the team")),
    "lead": Deed(forms.LeadForm, record.lead_team, _("Say who leads it")),
    "give": Deed(forms.GiveAreaForm, record.give_area, _("Give it a place")),
    "own": Deed(forms.OwnActionForm, record.set_action, _("Add an idea of your own"), (Power.VISIT,)),
    "done": Deed(forms.DoneForm, record.report_action, _("Say that something is done"), (Power.VISIT,)),
    "plan": Deed(RhythmForm, record.plan_outings, _("Plan days"), SEES),
}


@power(*SEES)
@never_cache
@require_safe
def campaigns(request: Request) -> HttpResponse:
    """Show the campaigns, those of today first."""
    today = timezone.localdate(request.at)
    rows = Campaign.objects.select_related("office").order_by("-starts", "name")
    context = {"now": rows.on(today), "before": rows.exclude(pk__in=rows.on(today)), "plans": _plans(request)}
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
        "services": counting.services(held), "needs": found.needs.select_related("area", "office"),
        "sign_ups": SignUp.objects.filter(campaign=found).select_related("user").order_by("chosen", "at"),
        "chairs": [(chair, _holder(chair.office_id, chair.title, today)) for chair in found.chairs.all()],
        "unowned": _unowned(found, given), "deeds": _deeds(request, ON_CAMPAIGN), "plans": _plans(request),
        "cards": done.given.get(Offer.Kind.CARD, 0), "letters": done.given.get(Offer.Kind.LETTER, 0),
    }  # fmt: skip
    return render(request, "desk/visits/campaign.html", context)


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


def _plans(request: Request) -> bool:
    return request.user.standing.may(Power.PLAN, anywhere=True)


def _deeds(request: Request, table: dict[str, Deed]) -> list[tuple[str, Any]]:
    held = request.user.standing.powers
    return [(name, deed.title) for name, deed in table.items() if held & set(deed.powers)]


def _do(request: Request, deed: Deed, about: Any, *, back: str) -> HttpResponse:
    if not request.user.standing.powers & set(deed.powers):
        not_here()
    form = deed.form(posted(request), user=request.user, at=request.at, about=about)
    return ask(
        request, form, lambda: deed.action(about, **form.given(), by=request.user, at=request.at),
        title=str(deed.title), submit=gettext("Do it"), done=gettext("Done."), back=back, intro=str(about),
    )  # fmt: skip


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_campaign(request: Request, pk: int, deed: str) -> HttpResponse:
    """Plan a campaign: targets, goals, actions, teams, rules, seats, needs, offers to go."""
    found = Campaign.objects.filter(pk=pk).first() or not_here()
    return _do(request, ON_CAMPAIGN.get(deed) or not_here(), found, back=reverse("desk:campaign", args=[found.pk]))


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, pk: int) -> HttpResponse:
    """Say whether somebody who offered goes."""
    found = SignUp.objects.select_related("user", "campaign").filter(pk=pk).first() or not_here()
    deed = Deed(forms.ChooseForm, record.choose, found.user.name)
    return _do(request, deed, found, back=reverse("desk:campaign", args=[found.campaign_id]))


NEEDS: dict[str, Deed] = {
    "offer": Deed(forms.OfferNeedForm, record.offer_need, _("Who offers what")),
    "meet": Deed(forms.MeetNeedForm, record.meet_need, _("What came of it"), SEES),
}


@power(*SEES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do_need(request: Request, pk: int, deed: str) -> HttpResponse:
    """Say who offers what for a need, and what came of it."""
    found = Need.objects.visible_to(request.user).filter(pk=pk).first() or not_here()
    return _do(request, NEEDS.get(deed) or not_here(), found, back=reverse("desk:campaign", args=[found.campaign_id]))


@power(*SEES)
@never_cache
@require_safe
def team(request: Request, pk: int) -> HttpResponse:
    """Show a team: its people, places, days and what is still missing."""
    found = _team(request, pk)
    today = timezone.localdate(request.at)
    mine = TeamMember.objects.on(today).filter(team=found, user=request.user).exists()
    deeds = _deeds(request, ON_TEAM)
    progress = next((each for each in counting.progress(found.campaign, request.at) if each.team.pk == found.pk), None)
    context = {
        "team": found, "members": found.members.select_related("user").order_by("ends", "user__name"),
        "areas": found.areas.select_related("area", "area__village_file").order_by("ends", "area__path"),
        "outings": found.outings.select_related("area").order_by("-on")[:30], "plans": _plans(request), "today": today,
        "deeds": [line for line in deeds if mine or _plans(request)], "progress": progress, "mine": mine,
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
    chosen, back = ON_TEAM.get(deed) or not_here(), reverse("desk:team", args=[found.pk])
    if deed == "own":
        chosen = chosen._replace(action=lambda team, **said: record.set_action(team.campaign, **said))
    if deed == "done":
        chosen = chosen._replace(action=lambda team, action, **said: record.report_action(action, team=team, **said))
    return _do(request, chosen, found, back=back)


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_team(request: Request, pk: int) -> HttpResponse:
    """Let somebody leave a team from a day on."""
    found = TeamMember.objects.select_related("team", "user").filter(pk=pk).first() or not_here()
    deed = Deed(forms.EndForm, record.leave_team, gettext("%(name)s leaves the team") % {"name": found.user.name})
    return _do(request, deed, found, back=reverse("desk:team", args=[found.team_id]))


@power(Power.PLAN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_area(request: Request, pk: int) -> HttpResponse:
    """Take a place from a team from a day on."""
    found = TeamArea.objects.select_related("team", "area").filter(pk=pk).first() or not_here()
    deed = Deed(forms.EndForm, record.take_area, gettext("Take the place from the team"))
    return _do(request, deed, found, back=reverse("desk:team", args=[found.team_id]))


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
