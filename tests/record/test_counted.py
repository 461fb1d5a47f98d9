"""Coverage and standings are counted by the database: the same as somebody would count who reads every row."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import pytest

from lianxin.people.models import Campaign
from lianxin.places.models import Area
from lianxin.record import actions
from lianxin.record.figures import coverage
from lianxin.record.figures.files import standings
from lianxin.record.models import Encounter, Fact, Household, Resident
from lianxin.record.rules import Mode, Outcome, Presence
from tests.cast import Cast
from tests.record import making

DAY = timedelta(days=1)
HOMES = 60


@pytest.fixture
def homes(cast: Cast, at: datetime) -> list[Household]:
    """Households of two villages of one town: some moved out, some away, some long not verified."""
    rng = Random(7)
    made = [
        making.household(cast.areas[rng.choice(["heping", "liushu"])], f"户{n}", at - 400 * DAY) for n in range(HOMES)
    ]
    for home in made:
        home.presence = rng.choice(Presence.values)
        home.verified_at = rng.choice([None, at - 10 * DAY, at - 300 * DAY])
        if rng.random() < 0.1:
            home.closed_at, home.ending = at - DAY, "moved"
    Household.objects.bulk_update(made, ["presence", "verified_at", "closed_at", "ending"])
    return made


@pytest.fixture
def campaign(homes: list[Household], cast: Cast, at: datetime) -> Campaign:
    """Hold visits of every kind, drafts and older ones among them; some serve a campaign."""
    rng, kind = Random(11), making.kind("visit.household", "household")
    by, office = cast.officers["cadre"], cast.offices["town_office"]
    campaign = actions.open_campaign(
        key="doors", name="走访", office=office, starts=at.date(), by=cast.officer("organiser"), at=at
    )
    for n in range(150):
        when = at - rng.choice([1, 5, 20, 200]) * DAY
        visit = Encounter.objects.create(
            kind=kind, number=f"V{n:04d}", household=rng.choice(homes[:50]), starts_at=when, recorded_at=when,
            submitted_at=None if rng.random() < 0.1 else when, mode=rng.choice([Mode.FACE, Mode.FACE, *Mode.values]),
            outcome=rng.choice(Outcome.values), office=office, recorder=by,
        )  # fmt: skip
        if rng.random() < 0.4:
            visit.campaigns.add(campaign)
    return campaign


def read(area: Area, start: datetime, end: datetime, campaign: Campaign | None) -> tuple[int, int, dict[str, int]]:
    """Return households, those met, and why not the others, by reading every row."""
    live = [home for home in Household.objects.select_related("area") if home.closed_at is None]
    live = [home for home in live if home.area.path.startswith(area.path)]
    met, gaps = 0, Counter[str]()
    for home in live:
        visits = [
            each for each in home.encounters.order_by("pk") if each.submitted_at and start <= each.starts_at < end
        ]
        visits = [each for each in visits if campaign is None or campaign in each.campaigns.all()]
        if any(each.counts_as_met for each in visits):
            met += 1
        elif visits:
            gaps["phone" if visits[-1].mode != Mode.FACE else visits[-1].outcome] += 1
        else:
            gaps[coverage.NEVER] += 1
    return len(live), met, dict(gaps)


@pytest.mark.parametrize("served", [False, True])
@pytest.mark.parametrize("days", [1, 30, 365])
def test_coverage_is_what_one_counts_by_hand(
    campaign: Campaign, cast: Cast, at: datetime, days: int, served: bool
) -> None:
    start, end, only = at - days * DAY, at, campaign if served else None
    whole, parts = coverage.coverage(cast.areas["qingshui"], start=start, end=end, campaign=only)
    assert {part.area.pk for part in parts} >= {cast.areas["heping"].pk, cast.areas["liushu"].pk}
    for cover in (whole, *parts):
        assert (cover.households, cover.met, cover.gaps) == read(cover.area, start, end, only)
    assert days == 1 or served or len(whole.gaps) > 3  # there is something to tell apart


def test_coverage_takes_two_statements(
    campaign: Campaign, cast: Cast, at: datetime, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        coverage.coverage(cast.areas["qingshui"], start=at - 30 * DAY, end=at)


def test_standings_are_what_one_counts_by_hand(homes: list[Household], cast: Cast, at: datetime) -> None:
    keeper, rng = cast.officer("archivist"), Random(3)
    hard = actions.keep_kind(of="difficulty", key="ill", name="大病", by=None, at=at)
    actions.set_period(regular="update", months=6, starts=date(2025, 1, 1), by=None, at=at)
    for home in homes:
        for n in range(rng.randrange(3)):
            Resident.objects.create(household=home, name=f"人{n}", left_on=rng.choice([None, None, at.date()]))
        if rng.random() < 0.4:
            ends = rng.choice([None, at.date(), at.date() + DAY])
            Fact.objects.create(household=home, kind=hard, ends=ends, at=at)
    areas = [cast.areas[key] for key in ("heping", "liushu", "qingshui")]
    for found in standings(areas, user=keeper, at=at):
        live = [h for h in Household.objects.all() if h.closed_at is None and h.area.path.startswith(found.area.path)]
        lines = [[f for f in home.facts.all() if f.ends is None or f.ends > at.date()] for home in live]
        late = [h for h in live if h.verified_at is None or h.verified_at < at - 200 * DAY]
        assert found.households == len(live)
        assert found.away == len([home for home in live if home.presence != Presence.LIVING])
        assert found.people == sum(home.residents.filter(left_on=None).count() for home in live)
        assert found.in_difficulty == len([some for some in lines if some])
        assert found.to_update == len(late)
        assert found.in_difficulty and found.to_update and found.away
