"""What was done on visits, counted. Different words are different counts and are never added (I-34).

- 户: different households met face to face; a phone call, a closed door and a second visit add none.
- 次: encounters handed in. One that serves two campaigns counts once for each, and once in all (I-35).
- 人次: heads that were met, as written down; small services by the people who had one.
- 张: contact cards; 份: copies of open letters; 场次: sessions.
- What was heard is counted in listen (条), by the encounter at which it was heard.
An encounter belongs to the day on which it was held, not to that on which it was written down (I-30).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from lianxin.people.models import Campaign
from lianxin.record.models import (
    Action,
    ActionDone,
    Encounter,
    EncounterKind,
    Given,
    Household,
    Invitation,
    Link,
    Offer,
    Target,
    Team,
    TeamMember,
    TeamRule,
)
from lianxin.record.models.encounter import EncounterQuerySet
from lianxin.record.rules import Indicator, Mode, Outcome, Remark, Tie, fits, remarks_on


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in a scope and a period."""

    households: int  # 户, met face to face
    encounters: int  # 次
    face_to_face: int  # 次 of them
    planned: int  # 次 of them
    late: int  # 次 of them, written down late
    people: int  # 人次
    sessions: int  # 场次
    enterprises: int  # 家
    given: dict[str, int]  # by kind of offer: 张, 份, 次, 人次


def done(encounters: EncounterQuerySet) -> Done:
    """Count encounters: of a campaign, a team, an office, a period; whatever the rows are narrowed to."""
    rows = Encounter.objects.filter(pk__in=encounters.values("pk")).filter(submitted_at__isnull=False)
    is_met = Q(mode=Mode.FACE, outcome__in=(Outcome.MET, Outcome.REFUSED))
    counts = rows.aggregate(
        households=Count("household", distinct=True, filter=is_met),
        encounters=Count("pk"),
        face_to_face=Count("pk", filter=Q(mode=Mode.FACE)),
        planned=Count("pk", filter=Q(planned=True)),
        people=Sum("headcount", default=0),
        sessions=Count("pk", filter=Q(kind__of=EncounterKind.Of.SESSION)),
        enterprises=Count("enterprise", distinct=True),
    )
    late = sum(each.is_late for each in rows.select_related("kind").only("recorded_at", "starts_at", "kind__late_days"))
    given = Given.objects.filter(encounter__in=rows).values_list("offer__kind").annotate(n=Sum("count")).order_by()
    return Done(**counts, late=late, given=dict(given))


def by_type(encounters: EncounterQuerySet) -> list[tuple[str, int]]:
    """Count encounters by whom they were with: household, place, session, and each kind of unit (VIS-03)."""
    rows = encounters.done().values_list("kind__of", "enterprise__unit").annotate(n=Count("pk")).order_by()
    return sorted(((unit or of, n) for of, unit, n in rows), key=lambda line: (-line[1], line[0]))


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of targets, and how far it is."""

    target: Target
    reached: int

    @property
    def percent(self) -> float:
        return 100 * self.reached / self.target.target


def layers(campaign: Campaign) -> list[Layer]:
    """Return the layers of a campaign with the different people, households or units reached (VIS-01)."""
    return [Layer(target, _reached(target)) for target in campaign.targets.order_by("order", "pk")]


def _reached(target: Target) -> int:
    """Return how many different ones of what the layer counts were reached."""
    held = Encounter.objects.done().for_campaign(target.campaign)
    match target.counts:
        case Target.Counts.HOUSEHOLDS:
            return held.met().filter(household__isnull=False).values("household").distinct().count()
        case Target.Counts.ENTERPRISES:
            return held.filter(enterprise__isnull=False).values("enterprise").distinct().count()
        case Target.Counts.GUESTS:
            came = Invitation.objects.filter(came=True, encounter__in=held.values("pk"))
            if target.only:
                came = came.filter(guest__category=target.only)
            return came.values("guest").distinct().count()
        case _:
            went = Encounter.members.through.objects.filter(encounter__in=held.values("pk"))
            if target.only:
                ranked = TeamMember.objects.filter(campaign=target.campaign, rank=target.only)
                went = went.filter(user__in=ranked.values("user"))
            return went.values("user").distinct().count()


@dataclass(frozen=True, slots=True)
class Composition:
    """Who the teams are made of: by rank, with the remainder said; and where they do not fit the rules."""

    total: int  # 名
    ranks: tuple[tuple[str, int], ...]
    other: int  # of no rank that is named
    misfits: tuple[tuple[str, TeamRule], ...]  # name of the team (empty: all together), rule

    @property
    def adds_up(self) -> bool:
        return sum(n for _rank, n in self.ranks) + self.other == self.total


def composition(campaign: Campaign, at: datetime) -> Composition:
    """Return the teams of a campaign on a day by rank; 24 = 11 + 7 + 6 others (VIS-14)."""
    day = timezone.localdate(at)
    members = list(TeamMember.objects.on(day).filter(campaign=campaign).values_list("team", "user", "rank", "born"))
    ranks: dict[str, int] = {}
    for _team, _user, rank, _born in members:
        ranks[rank] = ranks.get(rank, 0) + 1
    other = ranks.pop("", 0)
    misfits = []
    teams = list(campaign.teams.order_by("number"))
    for rule in campaign.team_rules.order_by("pk"):
        for name, some in _asked(rule, teams, members):
            if not fits(rule.asks, some, rank=rule.rank, age=rule.age, least=rule.least, year=day.year):
                misfits.append((name, rule))
    ordered = tuple(sorted(ranks.items(), key=lambda line: (-line[1], line[0])))
    return Composition(len(members), ordered, other, tuple(misfits))


Member = tuple[int, int, str, int | None]


def _asked(
    rule: TeamRule, teams: Iterable[Team], members: list[Member]
) -> Iterable[tuple[str, list[tuple[str, int | None, bool]]]]:
    """Yield what a rule looks at: each team by name, or all of them; of each person rank, year of birth, leads it."""
    leaders = {team.pk: team.leader_id for team in teams}
    groups = [(team.name, {team.pk}) for team in teams] if rule.each_team else [("", set(leaders))]
    for name, within in groups:
        yield name, [(rank, born, leaders[team] == user) for team, user, rank, born in members if team in within]


@dataclass(frozen=True, slots=True)
class Led:
    """How a team's visits were led."""

    team: Team
    in_person: int  # 次: its leader was there
    by_others: int  # 次

    @property
    def percent(self) -> float | None:
        whole = self.in_person + self.by_others
        return 100 * self.in_person / whole if whole else None


def led_in_person(campaign: Campaign) -> list[Led]:
    """Return for each team how many of its visits its leader led in person, and how many others did (VIS-15)."""
    rows = Encounter.objects.done().for_campaign(campaign).filter(team__leader__isnull=False)
    was_there = Encounter.members.through.objects.filter(user=F("encounter__team__leader"))
    present = dict(
        rows.filter(pk__in=was_there.values("encounter")).values_list("team").annotate(n=Count("pk")).order_by()
    )
    all_ = dict(rows.values_list("team").annotate(n=Count("pk")).order_by())
    teams = campaign.teams.filter(leader__isnull=False).select_related("leader").order_by("number")
    return [Led(team, present.get(team.pk, 0), all_.get(team.pk, 0) - present.get(team.pk, 0)) for team in teams]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a team is with what all must do; what it does on top is named beside it."""

    team: Team
    done: tuple[Action, ...]
    missing: tuple[Action, ...]
    untrained: dict[Action, tuple[str, ...]]  # who still owes an action that each member must do
    own: tuple[Action, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def progress(campaign: Campaign, at: datetime) -> list[Progress]:
    """Return for each team of a campaign which prescribed actions are done and which are missing (VIS-29, VIS-37)."""
    actions = list(campaign.actions.select_related("kind").order_by("order", "pk"))
    said: set[tuple[int | None, int]] = set(ActionDone.objects.filter(action__in=actions).values_list("action", "team"))
    held = Encounter.objects.done().for_campaign(campaign)
    kinds: set[tuple[int | None, int | None]] = {(kind, team) for kind, team in held.values_list("kind", "team")}
    went = set(
        Encounter.members.through.objects.filter(encounter__in=held.values("pk")).values_list("encounter__kind", "user")
    )
    day = timezone.localdate(at)
    members: dict[int, list[tuple[int, str]]] = {}
    for belongs, user, name in (
        TeamMember.objects.on(day).filter(campaign=campaign).order_by("pk").values_list("team", "user", "user__name")
    ):
        members.setdefault(belongs, []).append((user, name))
    found = []
    for team in campaign.teams.order_by("number"):
        done_: list[Action] = []
        missing: list[Action] = []
        owing: dict[Action, tuple[str, ...]] = {}
        for action in actions:
            if not action.mandatory:
                continue
            lacking = [n for user, n in members.get(team.pk, []) if (action.kind_id, user) not in went]
            if action.each_member and action.kind_id:
                is_done = not lacking
                if lacking:
                    owing[action] = tuple(lacking)
            else:
                is_done = (action.pk, team.pk) in said or (action.kind_id, team.pk) in kinds
            (done_ if is_done else missing).append(action)
        own = tuple(action for action in actions if action.team_id == team.pk)
        found.append(Progress(team, tuple(done_), tuple(missing), owing, own))
    return found


def remarks(encounters: EncounterQuerySet) -> list[tuple[Remark, list[Encounter]]]:
    """Return signals in these encounters that a person should look at: overlaps, identical notes, thirty in an hour."""
    rows = list(
        encounters.done()
        .filter(household__isnull=False)
        .select_related("household", "recorder", "kind", "team")
        .order_by("recorder", "starts_at", "pk")
    )
    found = remarks_on([(row.recorder_id, row.starts_at, row.ends_at, row.notes, row.area_id) for row in rows])
    return [(remark, [rows[place] for place in places]) for remark, places in found]


def services(encounters: EncounterQuerySet) -> list[tuple[Offer, int, int]]:
    """Return what was brought, how much of it, and at how many encounters (VIS-22, VIS-23)."""
    rows = Given.objects.filter(encounter__in=encounters.done().values("pk"))
    counted = rows.values_list("offer").annotate(n=Sum("count"), at=Count("encounter")).order_by()
    offers = Offer.objects.in_bulk([offer for offer, _n, _at in counted])
    lines = [(offers[offer], n, at) for offer, n, at in counted]
    return sorted(lines, key=lambda line: (line[0].kind, -line[1], line[0].name))


def indicators(campaign: Campaign, done: Done) -> dict[str, int]:
    """Return the numbers that stand for goals of a campaign, as far as this floor can count them (VIS-35)."""
    homes = Encounter.objects.met().for_campaign(campaign).filter(household__isnull=False).values("household")
    since = Household.objects.filter(pk__in=homes, verified_at__date__gte=campaign.starts)
    helped = Link.objects.filter(household__in=homes, tie=Tie.HELPER, ends=None)
    return {
        Indicator.MET: done.households, Indicator.FILED: since.count(),
        Indicator.LINKED: helped.values("household").distinct().count(),
        Indicator.GIVEN: done.given.get(Offer.Kind.SERVICE, 0),
    }  # fmt: skip
