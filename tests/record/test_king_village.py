"""S8: 王黄庄. Six teams of 24 people, an open letter, visits, items of every channel, a session on 3 July, replies.

And the figures of the seeds 002, 003 and 004 that come from visits, from one data set, with the rows behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lianxin.kit.clock import ZONE
from lianxin.kit.figures import Measure, counted, more_than
from lianxin.listen import actions as listen
from lianxin.listen import figures as heard
from lianxin.listen.models import Item
from lianxin.outbox.actions import seed_templates
from lianxin.people.models import Campaign, Post, User
from lianxin.record import actions
from lianxin.record.figures import coverage, visits
from lianxin.record.models import Encounter, EncounterKind, Given, Household, Offer, TeamMember, VillageFile
from lianxin.record.rules import Mode, Outcome
from tests.cast import FIRST_KEY, Cast
from tests.record import making

JUNE = datetime(2026, 6, 14, 9, 0, tzinfo=ZONE)  # a Sunday: the training of all who go
JULY = datetime(2026, 7, 3, 16, 0, tzinfo=ZONE)
NOW = datetime(2026, 7, 10, 18, 0, tzinfo=ZONE)
DAY = timedelta(days=1)
RANKS = ["县级"] * 11 + ["科级"] * 7 + [""] * 6


@dataclass
class King:
    """王黄庄 and those who go there."""

    cast: Cast
    campaign: Campaign
    people: list[User]
    kinds: dict[str, EncounterKind]
    offers: dict[str, Offer]
    homes: list[Household]


@pytest.fixture
def king(cast: Cast, calendar: None) -> King:
    seed_templates(at=JUNE)
    by, office, start = cast.officer("organiser"), cast.offices["town_office"], JUNE - DAY
    people = [
        User(pk=FIRST_KEY + 500 + n, username=f"p{n}", name=f"成员{n}", totp_required=False, password="!")
        for n in range(24)
    ]
    User.objects.bulk_create(people)
    Post.objects.bulk_create(
        Post(office=office, title="民情书记", role="cadre", rank=rank, holder=user)
        for user, rank in zip(people, RANKS, strict=True)
    )
    of = EncounterKind.Of
    kinds = {
        key: actions.add_kind(key=key, name=key, of=sort, by=by, at=start)
        for key, sort in (("household", of.HOUSEHOLD), ("session", of.SESSION), ("training", of.SESSION))
    }
    offers: dict[str, Offer] = {
        kind: actions.add_offer(kind=kind, name=kind, text="您好", starts=start.date(), by=by, at=start)
        for kind in (Offer.Kind.CARD, Offer.Kind.LETTER, Offer.Kind.SERVICE)
    }
    campaign = actions.open_campaign(key="mqsj", name="民情书记", office=office, starts=start.date(), by=by, at=start)
    area = cast.areas["heping"]
    for number in range(1, 7):
        team = actions.make_team(campaign, number=number, office=office, by=by, at=start)
        leader, *others = people[number - 1 :: 6]
        for user in (leader, *others):
            actions.join_team(team, user=user, starts=start.date(), by=by, at=start)
        actions.lead_team(team, user=leader, by=by, at=start)
    actions.set_action(campaign, name="培训", kind=kinds["training"], each_member=True, by=by, at=start)
    VillageFile.objects.create(area=area, opened_at=start, completed_at=start)
    first = campaign.teams.get(number=1)
    actions.open_doors(actions.give_area(first, area=area, starts=start.date(), by=by, at=start), by=by, at=start)
    homes = Household.objects.bulk_create(
        Household(number=f"K{n:05d}", area=area, door=f"{n}号", called=f"户{n}", opened_at=start) for n in range(80)
    )
    return King(cast, campaign, people, kinds, offers, homes)


def test_six_teams_of_eleven_seven_and_six_others(king: King) -> None:
    made = visits.composition(king.campaign, NOW)
    assert (king.campaign.teams.count(), made.total, made.ranks, made.other) == (6, 24, (("县级", 11), ("科级", 7)), 6)
    assert made.adds_up
    assert not made.misfits
    by = king.cast.officer("organiser")
    actions.set_team_rule(king.campaign, asks="leader", rank="县级", by=by, at=NOW)
    assert not visits.composition(king.campaign, NOW).misfits
    actions.set_team_rule(king.campaign, asks="rank", rank="科级", least=2, by=by, at=NOW)
    assert visits.composition(king.campaign, NOW).misfits
    second = king.campaign.teams.get(number=2)
    with pytest.raises(actions.InATeam):
        actions.join_team(second, user=king.people[0], starts=NOW.date(), by=by, at=NOW)
    with pytest.raises(actions.OwnedPlace):
        actions.give_area(second, area=king.cast.areas["heping"], starts=NOW.date(), by=by, at=NOW)


def test_who_missed_the_training_is_named_until_it_is_made_up(king: King) -> None:
    secretary = User.objects.get(pk=king.people[0].pk)
    told: Any = {"kind": king.kinds["training"], "place": "局会议室", "campaigns": [king.campaign]}
    actions.visit(
        **told, members=king.people[:-1], starts_at=JUNE, ends_at=JUNE + timedelta(hours=2), by=secretary, at=JUNE + DAY
    )
    lines = {line.team.number: line for line in visits.progress(king.campaign, NOW)}
    assert lines[1].is_complete
    assert [*lines[6].untrained.values()] == [("成员23",)]
    actions.visit(**told, members=king.people[-1:], starts_at=JUNE + 3 * DAY, by=secretary, at=JUNE + 3 * DAY)
    assert all(line.is_complete for line in visits.progress(king.campaign, NOW))


def test_a_session_on_the_third_of_july_gives_each_topic_a_result(king: King) -> None:
    secretary, area = User.objects.get(pk=king.people[0].pk), king.cast.areas["heping"]
    session = actions.draft(kind=king.kinds["session"], area=area, starts_at=JULY, by=secretary, at=JULY - DAY)
    guests = [
        actions.add_guest(area, name=f"代表{n}", category="居民代表", agreed=n != 3, by=secretary, at=JULY - DAY)
        for n in range(4)
    ]
    assert len(actions.invite(session, guests=guests, by=secretary, at=JULY - DAY)) == 3
    for n in range(5):
        topic = actions.put_topic(session, text=f"议题{n}", by=secretary, at=JULY - DAY)
        actions.settle_topic(topic, result="当场商定", by=secretary, at=JULY)
    assert actions.come(session, guests=guests[:2], by=secretary, at=JULY) == 2
    given = [(king.offers[Offer.Kind.SERVICE], 52)]
    held = actions.submit(
        session, headcount=60, members=king.people[:6], given=given, campaigns=[king.campaign], by=secretary, at=JULY
    )
    assert held.topics.filter(result="").count() == 0
    done = visits.done(Encounter.objects.for_campaign(king.campaign))
    assert (done.sessions, done.people, done.given) == (1, 60, {Offer.Kind.SERVICE: 52})


def _many(king: King, *, homes: int, cards: int, items: list[tuple[str, int]]) -> None:
    """Go to so many different doors, leave so many cards, hear so many points."""
    team, by = king.campaign.teams.get(number=1), User.objects.get(pk=king.people[0].pk)
    more = Household.objects.bulk_create(
        Household(number=f"L{n:05d}", area=king.cast.areas["heping"], door=f"二{n}", called=f"家{n}", opened_at=JUNE)
        for n in range(max(0, homes - len(king.homes)))
    )
    doors = [*king.homes, *more][:homes]
    office = king.cast.offices["town_office"]
    made = Encounter.objects.bulk_create(
        Encounter(
            kind=king.kinds["household"], number=f"E{n:06d}", starts_at=JUNE + DAY, recorded_at=JUNE + DAY,
            submitted_at=JUNE + DAY, mode=Mode.FACE, outcome=Outcome.MET, household=home, area=home.area,
            office=office, recorder=by, team=team,
        )
        for n, home in enumerate(doors)
    )  # fmt: skip
    Encounter.campaigns.through.objects.bulk_create(
        Encounter.campaigns.through(encounter=each, campaign=king.campaign) for each in made
    )
    share, rest = divmod(cards, len(made))
    Given.objects.bulk_create(
        Given(encounter=each, offer=king.offers[Offer.Kind.CARD], count=share + (n < rest))
        for n, each in enumerate(made)
    )
    for kind, count in items:
        voice = listen.hear(
            channel="visit", identity="anonymous", kind=kind, text=kind, encounter=made[0], recorder=by, at=NOW
        ).voice
        Item.objects.bulk_create(Item(voice=voice, number=n, text=kind, kind=kind) for n in range(2, count + 1))


def test_figures_of_seed_002_come_from_visits(king: King) -> None:
    _many(king, homes=3057, cards=6012, items=[("problem", 81), ("suggestion", 33)])
    held = Encounter.objects.for_campaign(king.campaign)
    done, items = visits.done(held), heard.heard_at(held.done())
    assert counted(done.households, Measure.HOUSEHOLD, approximately=True) == "3050多户"  # F002-41
    assert counted(done.given[Offer.Kind.CARD], Measure.CARD, approximately=True).startswith(
        "6010"
    )  # F002-42, all cards
    assert (items["problem"], items["suggestion"]) == (81, 33)  # F002-43, F002-44
    assert done.given[Offer.Kind.CARD] != done.households, "cards are not households"
    assert held.met().values("household").distinct().count() == done.households, "the rows behind the figure"


def test_figures_of_seed_003_come_from_visits(king: King) -> None:
    _many(king, homes=335, cards=335, items=[("appeal", 95)])
    held = Encounter.objects.for_campaign(king.campaign)
    done = visits.done(held)
    assert counted(done.households, Measure.HOUSEHOLD) == "335户"  # F003-05
    assert counted(sum(heard.heard_at(held.done()).values()), Measure.ITEM) == "95条"  # F003-06
    assert (
        counted(TeamMember.objects.filter(campaign=king.campaign).count(), Measure.LISTED_PERSON) == "24名"
    )  # F003-07
    assert counted(king.campaign.teams.count(), Measure.TEAM) == "6支"  # F003-02, F003-08
    channels = heard.received_by_channel(JUNE, NOW + DAY)
    assert sum(cell.count or 0 for cell in channels.cells) == channels.total == 95  # F003-12: the channels add up


def test_figures_of_seed_004_are_sessions_and_heads(king: King) -> None:
    by, office = king.people[0], king.cast.offices["town_office"]
    Encounter.objects.bulk_create(
        Encounter(
            kind=king.kinds["session"], number=f"S{n:05d}", starts_at=JUNE, recorded_at=JUNE, submitted_at=JUNE,
            office=office, recorder=by, headcount=30, place="村里",
        )
        for n in range(703)
    )  # fmt: skip
    done = visits.done(Encounter.objects.all())
    assert counted(done.sessions, Measure.SESSION, approximately=True) == "700多场次"  # F004-12
    assert counted(done.people, Measure.PERSON_TIME, approximately=True) == "2.1万余人次"  # F004-13
    assert more_than(done.sessions) == "超过700"


def test_no_household_is_omitted_and_two_campaigns_count_once(king: King) -> None:
    team, by = king.campaign.teams.get(number=1), User.objects.get(pk=king.people[0].pk)
    area = king.cast.areas["heping"]
    other = actions.open_campaign(
        key="sbsc", name="双帮双促", office=team.office, starts=JUNE.date(), by=king.cast.officer("organiser"), at=JUNE
    )
    told: Any = {"kind": king.kinds["household"], "team": team, "starts_at": JUNE + DAY, "by": by, "at": JUNE + DAY}
    for n, home in enumerate(king.homes):
        outcome = Outcome.ABSENT if n == 79 else Outcome.MET
        actions.visit(**told, household=home, outcome=outcome, campaigns=[king.campaign, other] if not n else [])
    actions.visit(**told, household=king.homes[0])
    actions.visit(**told, household=king.homes[79], mode=Mode.PHONE)
    whole, _parts = coverage.coverage(area, start=JUNE, end=NOW)
    assert (whole.households, whole.met, whole.percent) == (80, 79, 98.75)  # VIS-05
    assert whole.gaps == {"phone": 1}
    left = coverage.unvisited(Household.objects.within(area), start=JUNE, end=NOW)
    assert [home.pk for home in left] == [king.homes[79].pk]
    first, second = (visits.done(Encounter.objects.for_campaign(each)) for each in (king.campaign, other))
    every = visits.done(Encounter.objects.all())
    assert (first.households, second.households, every.households) == (79, 1, 79)  # VIS-31
    assert (first.encounters, every.encounters) == (82, 82)  # twice the same door: 户 +1, 次 +2
    assert date(2026, 6, 15) == making.day(JUNE + DAY)
