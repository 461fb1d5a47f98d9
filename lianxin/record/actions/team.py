"""Teams: people offer, are chosen and join; each place belongs to one team; its doors are given once it is known."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf, need
from lianxin.people.actions.words import line, why
from lianxin.people.models import Campaign, Office, Post, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import SignUp, Team, TeamArea, TeamMember, TeamRule, VillageFile


class NumberTaken(Refusal):
    """The campaign has a team of this number."""


class InATeam(Refusal):
    """The person is in a team of this campaign already."""


class OwnedPlace(Refusal):
    """Another team of the campaign answers for the place, or for one around or within it."""


class ProfileMissing(Refusal):
    """The place is not known yet: its profile comes before its doors."""


class NotOfTheTeam(Refusal):
    """The leader is one of its people."""

    status = 422


class AlreadySignedUp(Refusal):
    """The person has offered already, or it was decided."""


@transaction.atomic
def make_team(
    campaign: Campaign, *, number: int, office: Office, by: User | None, at: datetime, name: str = ""
) -> Team:
    """Begin a team of a campaign; needs PLAN. Raises NumberTaken, NotAllowed."""
    whose = behalf(by, Power.PLAN, at=at)
    named = line(name, most=60) or str(_("Team %(n)s") % {"n": number})
    try:
        with transaction.atomic():
            made = Team.objects.create(campaign=campaign, number=number, name=named, office=office)
    except IntegrityError as taken:
        raise NumberTaken(_("There is a team of this number already.")) from taken
    note("team.made", made, by=by, at=at, behalf=whose, data={"campaign": campaign.pk, "number": number})
    return made


@transaction.atomic
def set_team_rule(
    campaign: Campaign, *, asks: str, by: User | None, at: datetime, rank: str = "", age: int | None = None,
    least: int = 1, each_team: bool = True, basis: str = "",
) -> TeamRule:  # fmt: skip
    """Say what teams must be made of; needs PLAN. Teams that do not fit are shown, not refused."""
    whose = behalf(by, Power.PLAN, at=at)
    made = TeamRule.objects.create(
        campaign=campaign, asks=asks, rank=line(rank, most=30), age=age, least=least, each_team=each_team,
        basis=line(basis, most=200),
    )  # fmt: skip
    note("team_rule.set", made, by=by, at=at, behalf=whose, data={"asks": asks, "least": least})
    return made


@transaction.atomic
def sign_up(
    campaign: Campaign, *, by: User, at: datetime, rank: str = "", born: int | None = None, skills: str = ""
) -> SignUp:
    """Offer to go; needs VISIT. The rank is that of one's post unless it is said. Raises AlreadySignedUp."""
    whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
    try:
        with transaction.atomic():
            made = SignUp.objects.create(
                campaign=campaign, user=by, rank=line(rank, most=30) or _rank(by, local(at).date()), born=born,
                skills=line(skills), at=at,
            )  # fmt: skip
    except IntegrityError as there:
        raise AlreadySignedUp(_("You have offered to go already.")) from there
    note("sign_up.made", made, by=by, at=at, behalf=whose)
    return made


@transaction.atomic
def choose(offered: SignUp, *, chosen: bool, because: str, by: User, at: datetime) -> SignUp:
    """Say whether somebody who offered is to go, and why; needs PLAN. Raises AlreadySignedUp, TooShort, NotAllowed."""
    whose = behalf(by, Power.PLAN, at=at)
    held = SignUp.objects.select_for_update().get(pk=offered.pk)
    if held.chosen is not None:
        raise AlreadySignedUp(_("This was decided already."))
    held.chosen, held.because, held.decided_by, held.decided_at = chosen, why(because), by, at
    held.save(update_fields=["chosen", "because", "decided_by", "decided_at"])
    note("sign_up.decided", held, by=by, at=at, behalf=whose, data={"chosen": chosen})
    return held


@transaction.atomic
def join_team(
    team: Team, *, user: User, starts: date, by: User | None, at: datetime, rank: str = "", born: int | None = None
) -> TeamMember:
    """Put somebody into a team from a day on; needs PLAN. Rank and year of birth are those of the offer or the post.

    Raises InATeam where the person is in one of the campaign already in these days, NotAllowed.
    """
    whose = behalf(by, Power.PLAN, at=at)
    User.objects.select_for_update().get(pk=user.pk)  # two teams do not take one person at the same moment
    theirs = TeamMember.objects.filter(campaign=team.campaign, user=user).select_related("team")
    if there := theirs.filter(Q(ends=None) | Q(ends__gt=starts)).first():
        raise InATeam(_("%(name)s is in “%(team)s” already.") % {"name": user.name, "team": there.team.name})
    offered = SignUp.objects.filter(campaign=team.campaign, user=user).first()
    made = TeamMember.objects.create(
        campaign=team.campaign, team=team, user=user, starts=starts,
        rank=line(rank, most=30) or (offered.rank if offered else _rank(user, starts)),
        born=born or (offered.born if offered else None),
    )  # fmt: skip
    note("team.joined", made, by=by, at=at, behalf=whose, data={"user": user.pk, "starts": starts.isoformat()})
    return made


@transaction.atomic
def leave_team(member: TeamMember, *, ends: date, by: User | None, at: datetime) -> TeamMember:
    """Let somebody leave a team; from that day on its doors are closed to the person. Needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    held = TeamMember.objects.select_for_update(of=("self",)).select_related("team").get(pk=member.pk)
    held.ends = max(ends, held.starts)
    held.save(update_fields=["ends"])
    Team.objects.filter(pk=held.team_id, leader=held.user_id).update(leader=None)
    note("team.left", held, by=by, at=at, behalf=whose, data={"user": held.user_id, "ends": held.ends.isoformat()})
    return held


@transaction.atomic
def lead_team(team: Team, *, user: User, by: User | None, at: datetime) -> Team:
    """Make one of its people the leader of a team; needs PLAN. Raises NotOfTheTeam, NotAllowed."""
    whose = behalf(by, Power.PLAN, at=at)
    if not TeamMember.objects.on(local(at).date()).filter(team=team, user=user).exists():
        raise NotOfTheTeam(_("The leader of a team is one of its people. Please put the person into it first."))
    team.leader = user
    team.save(update_fields=["leader"])
    note("team.led", team, by=by, at=at, behalf=whose, data={"user": user.pk})
    return team


@transaction.atomic
def give_area(team: Team, *, area: Area, starts: date, by: User | None, at: datetime) -> TeamArea:
    """Let a team answer for a place from a day on; each place belongs to one team. Needs PLAN.

    Its doors are not given yet (see open_doors). Raises OwnedPlace, NotAllowed.
    """
    whose = behalf(by, Power.PLAN, at=at)
    Campaign.objects.select_for_update().get(pk=team.campaign_id)
    taken = TeamArea.objects.filter(campaign=team.campaign).filter(Q(ends=None) | Q(ends__gt=starts))
    for other in taken.select_related("team", "area"):
        if area.path.startswith(other.area.path) or other.area.path.startswith(area.path):
            words = _("“%(team)s” answers for %(area)s. Each place belongs to one team.")
            raise OwnedPlace(words % {"team": other.team.name, "area": other.area})
    made = TeamArea.objects.create(campaign=team.campaign, team=team, area=area, starts=starts)
    note("team.given_area", made, by=by, at=at, behalf=whose, data={"area": area.pk, "starts": starts.isoformat()})
    return made


@transaction.atomic
def take_area(given: TeamArea, *, ends: date, by: User | None, at: datetime) -> TeamArea:
    """Take a place from a team; from that day on its doors are closed to the team. Needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    given.ends = max(ends, given.starts)
    given.save(update_fields=["ends"])
    note("team.area_taken", given, by=by, at=at, behalf=whose, data={"ends": given.ends.isoformat()})
    return given


@transaction.atomic
def open_doors(given: TeamArea, *, by: User | None, at: datetime) -> TeamArea:
    """Give the doors of a place to the team that answers for it, once its profile is complete (VIS-36). Needs PLAN.

    Raises ProfileMissing, NotAllowed.
    """
    whose = behalf(by, Power.PLAN, at=at)
    if not VillageFile.objects.filter(area=given.area, completed_at__isnull=False).exists():
        raise ProfileMissing(_("The profile of this place is not complete yet. It is looked at before its doors."))
    if given.doors_at is None:
        given.doors_at = at
        given.save(update_fields=["doors_at"])
        note("team.doors_opened", given, by=by, at=at, behalf=whose, data={"area": given.area_id})
    return given


def _rank(user: User, day: date) -> str:
    """Return the rank of a post of that day; none is “other”."""
    ranks = Post.objects.on(day).filter(holder=user).exclude(rank="").order_by("pk").values_list("rank", flat=True)
    return ranks.first() or ""
