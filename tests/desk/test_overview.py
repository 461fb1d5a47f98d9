"""The ledger, the map, the leader's page: what those see who watch over it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lianxin.desk.views import maps
from lianxin.ledger.actions import seal_events
from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen.models import Subject
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.resolve.models import Task
from tests.desk.road import Road
from tests.html import flat

SignIn = Callable[[User | str], Client]
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[109.0, 33.0], [109.2, 33.0], [109.2, 33.2], [109.0, 33.2], [109.0, 33.0]]],
}


class TestLedger:
    def test_filters_by_thing_person_verb_and_day(self, road: Road, sign_in: SignIn) -> None:
        case = road.handling()
        voice = case.joins.get().item.voice
        client = sign_in("supervisor")

        def verbs(query: str) -> set[str]:
            page = client.get(f"/desk/ledger/?{query}").content.decode()
            return {verb for verb in ("voice.heard", "case.register", "case.dispatch") if f">{verb}</code>" in page}

        assert verbs("") == {"voice.heard", "case.register", "case.dispatch"}
        assert verbs(f"thing={case.number.lower()}") == {"case.register", "case.dispatch"}
        assert verbs(f"thing={voice.number}") == {"voice.heard"}
        assert verbs("who=周明") == {"case.register", "case.dispatch"}
        assert verbs("who=dispatcher") == {"case.register", "case.dispatch"}
        assert verbs("who=nobody") == set()
        assert verbs("verb=case.dispatch") == {"case.dispatch"}
        assert verbs("verb=case.") == {"case.register", "case.dispatch"}
        assert verbs("day=2026-09-28") == set()
        assert verbs("day=2026-09-29") == {"voice.heard", "case.register", "case.dispatch"}
        assert verbs("day=broken&before=-3&verb='") == set()

    def test_older_ones_follow_without_counting(self, road: Road, sign_in: SignIn) -> None:
        for _n in range(70):
            road.hear("没水")
        client = sign_in("supervisor")
        first = client.get("/desk/ledger/?verb=voice.heard").content.decode()
        oldest = Event.objects.filter(verb="voice.heard").order_by("-id")[59].pk
        assert f"before={oldest}" in first
        second = client.get(f"/desk/ledger/?verb=voice.heard&before={oldest}").content.decode()
        assert second.count(">voice.heard</code>") == 10

    def test_seals_are_told(self, road: Road, sign_in: SignIn) -> None:
        road.hear("没水")
        seal_events(at=road.at + timedelta(days=3650))  # the events were written down by the clock of this machine
        page = sign_in("supervisor").get("/desk/ledger/").content.decode()
        assert "ledger verify" in page

    def test_facts_are_told_in_words_where_there_are_any(self, road: Road, sign_in: SignIn) -> None:
        road.hear(identity="confidential")
        page = sign_in("supervisor").get("/desk/ledger/?verb=voice.heard").content.decode()
        assert "留名方式</span> 保密" in page
        assert '<code class="soft">identity</code>' not in page

    @pytest.mark.parametrize("who", ["neighbour", "dispatcher", "secretary"])
    def test_others_are_refused(self, road: Road, sign_in: SignIn, who: str) -> None:
        assert sign_in(who).get("/desk/ledger/").status_code == 403


class TestMap:
    def test_counts_stand_in_map_and_table(self, road: Road, sign_in: SignIn) -> None:
        Area.objects.filter(name="清水镇").update(outline=SQUARE)
        road.handling()
        road.registered(road.hear("别处", area=None))
        Task.objects.update(due_at=road.at)
        page = flat(sign_in("dispatcher").get("/desk/map/").content.decode())
        town = road.cast.areas["qingshui"]
        assert f"area={town.pk}&amp;state=open" in page
        assert page.count("<path class=") == 1  # towns without an outline stand in the table only
        assert "白石镇" in page

    def test_only_what_the_officer_may_see_is_counted(self, road: Road, sign_in: SignIn) -> None:
        road.handling()
        mine = sign_in("handler").get("/desk/map/").content.decode()
        theirs = sign_in("neighbour").get("/desk/map/").content.decode()
        assert '<td class="n">1</td>' in mine
        assert '<td class="n">1</td>' not in theirs

    @pytest.mark.parametrize(
        "outline",
        [
            None,
            {},
            [],
            {"type": "Point", "coordinates": [1, 2]},
            {"type": "Polygon"},
            {"type": "Polygon", "coordinates": [[]]},
            {"type": "MultiPolygon", "coordinates": [[[[1, 1], [1, 1]]]]},
            {"type": "Feature", "geometry": None},
        ],
    )
    def test_outlines_that_are_none_are_not_drawn(self, road: Road, sign_in: SignIn, outline: object) -> None:
        Area.objects.filter(name="清水镇").update(outline=outline)
        page = sign_in("dispatcher").get("/desk/map/")
        assert page.status_code == 200
        assert "<path class=" not in page.content.decode()

    def test_shades_grow_with_the_number(self) -> None:
        assert [maps.shade(value, 7) for value in range(8)] == [0, 1, 2, 2, 3, 3, 4, 4]
        assert maps.shade(0, 0) == 0
        assert maps._steps(7) == [(0, 0, 0), (1, 1, 1), (2, 2, 3), (3, 4, 5), (4, 6, 7)]
        assert maps._steps(2) == [(0, 0, 0), (2, 1, 1), (4, 2, 2)]
        for most in range(1, 200):  # the legend says of every number the shade in which it is drawn
            told = {value: step for step, first, last in maps._steps(most) for value in range(first, last + 1)}
            assert told == {value: maps.shade(value, most) for value in range(most + 1)}

    def test_middle_of_a_square(self) -> None:
        assert maps.middle([(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]) == (1.0, 1.0)


class TestLeader:
    def test_numbers_lead_to_what_stands_behind(self, road: Road, sign_in: SignIn) -> None:
        road.hear("孙书记，没水", addressee=road.cast.posts["secretary"])
        case = road.handling()
        Task.objects.update(due_at=road.at - timedelta(days=1))
        type(case).objects.update(due_at=road.at - timedelta(days=1), first_due_at=road.at - timedelta(days=1))
        page = sign_in("secretary").get("/desk/leader/").content.decode()
        assert "县水务局供水股" in page
        assert f"office={road.cast.offices['water_section'].pk}&amp;light=late" in page
        assert "/desk/letters/?unread=1" in page

    def test_period_is_counted_by_town_and_subject(self, road: Road, sign_in: SignIn) -> None:
        listen.seed_subjects(at=road.at)
        road.answered()
        client = sign_in("secretary")
        for by in ("area", "subject"):
            page = client.get(f"/desk/leader/period/?by={by}&period=month").content.decode()
            assert "since=2026-09-01" in page
        assert "清水镇" in client.get("/desk/leader/period/").content.decode()
        assert "清水镇" in client.get("/desk/leader/?all=1").content.decode()  # the same without scripts
        own = client.get("/desk/leader/period/?period=own&start=2026-01-01&end=2026-01-31").content.decode()
        assert "清水镇" not in own

    @pytest.mark.parametrize(
        "query", ["period=moon&by=moon", "period=own&start=x&end=y", "period=own&start=2027-01-01&end=2026-01-01"]
    )
    def test_periods_that_make_no_sense_are_the_last_ninety_days(self, road: Road, sign_in: SignIn, query: str) -> None:
        road.hear("没水")
        page = sign_in("secretary").get(f"/desk/leader/period/?{query}")
        assert page.status_code == 200
        assert "since=2026-07-02" in page.content.decode()

    def test_last_month_and_year(self, road: Road, sign_in: SignIn) -> None:
        client = sign_in("secretary")
        assert (
            "since=2026-08-01&amp;until=2026-08-31"
            in client.get("/desk/leader/period/?period=last_month").content.decode()
        )
        assert (
            "since=2026-01-01&amp;until=2026-09-29" in client.get("/desk/leader/period/?period=year").content.decode()
        )

    def test_hot_subjects_with_their_growth(self, road: Road, sign_in: SignIn) -> None:
        listen.seed_subjects(at=road.at)
        for n in range(12):
            voice = road.hear(f"停水{n}", ago=n + 1)
            subject = Subject.objects.get(name="停水水压")
            listen.classify(voice.items.get(), subject=subject, by=road.cast.officer("dispatcher"), at=road.at)
        page = sign_in("secretary").get("/desk/leader/").content.decode()
        assert "供水供电" in page
        assert "▲ 12" in page

    @pytest.mark.parametrize("url", ["/desk/leader/", "/desk/leader/period/"])
    def test_neighbour_is_refused(self, road: Road, sign_in: SignIn, url: str) -> None:
        assert sign_in("neighbour").get(url).status_code == 403


def test_overviews_ask_little_of_the_database(
    road: Road, sign_in: SignIn, django_assert_max_num_queries: object
) -> None:
    road.answered()
    for who, urls in {
        "secretary": ["/desk/leader/", "/desk/leader/period/"],
        "supervisor": ["/desk/ledger/", "/desk/letters/unread/"],
        "dispatcher": ["/desk/map/", "/desk/voices/", "/desk/messages/"],
    }.items():
        client = sign_in(who)
        for url in urls:
            client.get(url)
            with django_assert_max_num_queries(15):  # type: ignore[operator]
                assert client.get(url).status_code == 200
