"""Campaigns: opened, given targets, goals and actions; what a community needs, who offers it, what came of it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf, need
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import Campaign, Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.actions.reached import as_writer_at
from lianxin.record.models import Action, ActionDone, Chair, EncounterKind, Goal, Need, Target, Team, TeamMember


class CampaignTaken(Refusal):
    """There is a campaign of this key already."""


class WrongDays(Refusal):
    """The end lies before the beginning."""

    status = 422


class NotTheirAction(Refusal):
    """An action of another campaign, or of another team."""

    status = 422


class AlreadyDone(Refusal):
    """The team has said so already."""


@transaction.atomic
def open_campaign(
    *, key: str, name: str, office: Office, starts: date, by: User | None, at: datetime, ends: date | None = None,
    goal: str = "", basis: str = "",
) -> Campaign:  # fmt: skip
    """Begin a campaign; needs PLAN. Raises CampaignTaken, WrongDays, TooLong, NotAllowed."""
    whose = behalf(by, Power.PLAN, at=at)
    if ends and ends <= starts:
        raise WrongDays(_("The end lies before the beginning."))
    try:
        with transaction.atomic():
            made = Campaign.objects.create(
                key=line(key, most=40), name=line(name, most=60), office=office, starts=starts, ends=ends,
                goal=line(goal, most=200), basis=line(basis, most=200),
            )  # fmt: skip
    except IntegrityError as taken:
        raise CampaignTaken(_("There is a campaign of this key already.")) from taken
    note("campaign.opened", made, by=by, at=at, behalf=whose, data={"key": made.key})
    return made


@transaction.atomic
def set_target(
    campaign: Campaign, *, name: str, counts: str, target: int, by: User | None, at: datetime, only: str = ""
) -> Target:
    """Add one layer of targets: how many different people or households are to be reached; needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    made = Target.objects.create(
        campaign=campaign, name=line(name, most=60), counts=counts, only=line(only, most=40), target=target,
        order=campaign.targets.count(),
    )  # fmt: skip
    note("target.set", made, by=by, at=at, behalf=whose, data={"counts": counts, "target": target})
    return made


@transaction.atomic
def set_goal(campaign: Campaign, *, words: str, indicator: str, by: User | None, at: datetime) -> Goal:
    """Add one line of the scorecard, with the number that stands for it; needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    made = Goal.objects.create(
        campaign=campaign, words=line(words, most=60), indicator=indicator, order=campaign.goals.count()
    )
    note("goal.set", made, by=by, at=at, behalf=whose, data={"indicator": indicator})
    return made


@transaction.atomic
def set_action(
    campaign: Campaign, *, name: str, by: User, at: datetime, kind: EncounterKind | None = None,
    each_member: bool = False, team: Team | None = None,
) -> Action:  # fmt: skip
    """Add an action: one that all teams must do, with PLAN; or of a `team` that it does on top, by one of its people.

    Raises NotTheirAction, NotAllowed.
    """
    if team is None:
        whose = behalf(by, Power.PLAN, at=at)
    else:
        whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
        if team.campaign_id != campaign.pk or not _belongs(by, team):
            raise NotTheirAction(_("This is not your team."))
    made = Action.objects.create(
        campaign=campaign, name=line(name, most=60), kind=kind, each_member=each_member, mandatory=team is None,
        team=team, order=campaign.actions.count(),
    )  # fmt: skip
    note("action.set", made, by=by, at=at, behalf=whose, data={"mandatory": made.mandatory})
    return made


@transaction.atomic
def report_action(action: Action, *, team: Team, words: str, by: User, at: datetime) -> ActionDone:
    """Say that a team has done an action that no encounter shows. Raises NotTheirAction, AlreadyDone, NotAllowed."""
    whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
    if action.campaign_id != team.campaign_id or (action.team_id and action.team_id != team.pk):
        raise NotTheirAction(_("This action belongs to another team."))
    if not _belongs(by, team):
        raise NotTheirAction(_("This is not your team."))
    try:
        with transaction.atomic():
            done = ActionDone.objects.create(action=action, team=team, words=why(words), by=by, at=at)
    except IntegrityError as there:
        raise AlreadyDone(_("This was said to be done already.")) from there
    note("action.done", done, by=by, at=at, behalf=whose, data={"action": action.pk, "team": team.pk})
    return done


@transaction.atomic
def seat(campaign: Campaign, *, office: Office, title: str, place: str, by: User | None, at: datetime) -> Chair:
    """Give a post a seat in the leading group; whoever holds the post on a day sits there that day. Needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    made = Chair.objects.create(campaign=campaign, office=office, title=line(title, most=60), seat=line(place, most=20))
    note("chair.seated", made, by=by, at=at, behalf=whose, data={"office": office.pk})
    return made


def _who_knows(area: Area, *, by: User, at: datetime) -> User | None:
    if by.stand(at).may(Power.PLAN, anywhere=True):
        return behalf(by, Power.PLAN, at=at)
    return as_writer_at(area, by=by, at=at)


@transaction.atomic
def note_need(campaign: Campaign, *, area: Area, text: str, by: User, at: datetime) -> Need:
    """Write down what a community needs; needs PLAN, or VISIT and the place within reach.

    Raises NothingSaid, NotAllowed.
    """
    whose = _who_knows(area, by=by, at=at)
    made = Need.objects.create(campaign=campaign, area=area, text=said(text, most=200))
    note("need.noted", made, by=by, at=at, behalf=whose, data={"area": area.pk})
    return made


@transaction.atomic
def offer_need(asked: Need, *, office: Office, offer: str, on: date, by: User, at: datetime) -> Need:
    """Say which office offers what for a need, and when; needs PLAN. Raises NothingSaid, NotAllowed."""
    whose = behalf(by, Power.PLAN, at=at)
    asked.office, asked.offer, asked.on = office, said(offer, most=200), on
    asked.save(update_fields=["office", "offer", "on"])
    note("need.offered", asked, by=by, at=at, behalf=whose, data={"office": office.pk, "on": on.isoformat()})
    return asked


@transaction.atomic
def meet_need(asked: Need, *, result: str, by: User, at: datetime) -> Need:
    """Say what came of a need; needs PLAN, or VISIT and the place within reach. Raises NothingSaid, NotAllowed."""
    whose = _who_knows(asked.area, by=by, at=at)
    asked.result, asked.done_at = said(result, most=300), at
    asked.save(update_fields=["result", "done_at"])
    note("need.met", asked, by=by, at=at, behalf=whose)
    return asked


def _belongs(user: User, team: Team) -> bool:
    return TeamMember.objects.filter(team=team, user=user).exists()
