"""The pages of visits, as the people who use them walk through them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from lianxin.listen.models import Voice
from lianxin.outbox.actions import seed_templates
from lianxin.people import actions as people
from lianxin.record import actions as record
from lianxin.record.models import Discipline, Encounter, Guest, Occasion, Outing
from tests.cast import Cast
from tests.record import making
from tests.record.county import Going, set_out

Browser = Callable[[str], Client]


@pytest.fixture
def going(cast: Cast, calendar: None, frozen: datetime) -> Going:
    seed_templates(at=frozen)
    return set_out(cast, frozen)


@pytest.fixture
def cadre(sign_in: Browser) -> Client:
    return sign_in("cadre")


@pytest.fixture
def organiser(sign_in: Browser) -> Client:
    return sign_in("organiser")


def _told(going: Going, **said: Any) -> dict[str, Any]:
    return {
        "starts_at": "2026-09-29T20:00", "mode": "face", "outcome": "met", "notes": "家里三口人",
        "key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "said-0-text": "水泵坏了半个月",
        "said-0-identity": "anonymous", "said-0-kind": "problem",
        f"offer-{going.offers['card'].pk}": "2", **said,
    }  # fmt: skip


def test_a_visit_is_written_down_at_the_door(going: Going, cadre: Client) -> None:
    home = going.homes[0]
    page = cadre.get("/desk/visits/")
    assert "和平村" in page.content.decode()
    doors = cadre.get(f"/desk/visits/doors/{going.given.area_id}/").content.decode()
    assert "户主1" in doors
    address = f"/desk/visits/new/?household={home.number}"
    assert cadre.get(address).status_code == 200
    for _again in range(2):
        answer = cadre.post(address, _told(going))
        assert answer.status_code == 302, answer.content.decode()
    made = Encounter.objects.get()
    assert (made.team, list(made.campaigns.all())) == (going.team, [going.campaign])
    assert [(each.offer.name, each.count) for each in made.given.all()] == [("民情联系卡", 2)]
    voice = Voice.objects.get()
    assert (voice.household, voice.encounter) == (home, made)
    shown = cadre.get(answer["Location"]).content.decode()
    assert "水泵坏了半个月" in shown
    assert voice.number in shown
    assert "水泵坏了半个月" in cadre.get(address).content.decode()


def test_a_draft_is_completed_later(going: Going, cadre: Client, cast: Cast, at: datetime) -> None:
    making.checklist(cast, "visit.list", at)
    kind = going.kinds["household"]
    kind.sheet = "visit.list"
    kind.save()
    address = f"/desk/visits/new/?household={going.homes[0].number}"
    assert cadre.post(address, _told(going)).status_code == 422
    answer = cadre.post(address, _told(going, draft="1"))
    made = Encounter.objects.get()
    assert made.is_draft
    hand_in = f"/desk/visits/{made.number}/submit/"
    assert cadre.get(hand_in).status_code == 200
    answer = cadre.post(hand_in, _told(going, **{"sheet-canteen": "yes"}))
    assert answer.status_code == 302, answer.content.decode()
    made.refresh_from_db()
    assert made.answer
    amended = cadre.post(
        f"/desk/visits/{made.number}/amend/",
        {"starts_at": "2026-09-29T20:00", "mode": "phone", "outcome": "met", "notes": "", "because": "是打的电话"},
    )
    assert amended.status_code == 302
    assert "是打的电话" in cadre.get(f"/desk/visits/{made.number}/").content.decode()


def test_another_villages_doors_are_shut(going: Going, sign_in: Browser, cast: Cast, at: datetime) -> None:
    record.leave_team(
        going.team.members.get(user=cast.officers["cadre2"]), ends=making.day(at), by=going.organiser, at=at
    )
    made, stranger = going.go(going.homes[0]), sign_in("cadre2")
    for address in (
        f"/desk/visits/doors/{going.given.area_id}/", f"/desk/visits/new/?household={going.homes[0].number}",
        f"/desk/visits/{made.number}/", f"/desk/visits/{made.number}/amend/",
        f"/desk/visits/roster/{going.given.area_id}/",
        f"/desk/visits/coverage/?area={going.given.area_id}",
    ):  # fmt: skip
        assert stranger.get(address).status_code == 404, address


def test_who_plans_sees_numbers_and_no_doors(going: Going, organiser: Client) -> None:
    going.go(going.homes[0], given=[(going.offers["card"], 2)], headcount=3)
    page = organiser.get(f"/desk/visits/campaigns/{going.campaign.pk}/").content.decode()
    assert "科级 1" in page
    covered = organiser.get(f"/desk/visits/coverage/?area={going.given.area_id}").content.decode()
    assert "33.33%" in covered
    assert "户主1" not in covered
    assert organiser.get(f"/desk/visits/doors/{going.given.area_id}/").status_code == 403
    assert organiser.get(f"/desk/visits/teams/{going.team.pk}/").status_code == 200
    assert organiser.get("/desk/visits/review/").status_code == 200


def test_a_campaign_is_planned_on_its_page(going: Going, organiser: Client, cadre: Client) -> None:
    base = f"/desk/visits/campaigns/{going.campaign.pk}"
    steps: list[tuple[str, dict[str, Any]]] = [
        (f"{base}/target/", {"name": "万家", "counts": "households", "target": "10000"}),
        (f"{base}/goal/", {"words": "串百家门", "indicator": "met"}),
        (f"{base}/action/", {"name": "培训", "kind": going.kinds["training"].pk, "each_member": "on"}),
        (f"{base}/rule/", {"asks": "leader", "rank": "县级", "least": "1", "each_team": "True"}),
        (f"{base}/seat/", {"office": going.team.office_id, "title": "镇长", "place": "组长"}),
        (f"{base}/need/", {"area": "和平村", "text": "路灯"}),
        (f"{base}/team/", {"number": "2", "office": going.team.office_id}),
        (
            f"/desk/visits/teams/{going.team.pk}/plan/",
            {"area": "和平村", "first": "2026-09-29", "last": "2026-10-20", "weekday": "1", "shift": "on"},
        ),
    ]  # fmt: skip
    for address, told in steps:
        assert organiser.get(address).status_code == 200, address
        answer = organiser.post(address, told)
        assert answer.status_code == 302, (address, answer.content.decode())
    page = organiser.get(f"{base}/").content.decode()
    for words in ("万家", "串百家门", "培训", "魏镇", "路灯"):
        assert words in page
    moved = Outing.objects.get(instead_of__isnull=False)
    assert (moved.instead_of, moved.on) == (date(2026, 10, 6), date(2026, 10, 8))
    assert "培训" in cadre.get(f"/desk/visits/teams/{going.team.pk}/").content.decode()


def test_a_team_is_made_on_its_page(
    going: Going, organiser: Client, cadre: Client, sign_in: Browser, at: datetime
) -> None:
    base, officers = f"/desk/visits/teams/{going.team.pk}", going.cast.officers
    must = record.set_action(going.campaign, name="张榜", by=going.organiser, at=at)
    steps: list[tuple[Client, str, dict[str, Any]]] = [
        (organiser, "join", {"user": officers["archivist"].pk, "starts": "2026-09-29", "rank": "股级"}),
        (organiser, "lead", {"user": officers["cadre2"].pk}),
        (organiser, "give", {"area": "柳树村", "starts": "2026-09-29"}),
        (cadre, "own", {"name": "开个夜校"}),
        (cadre, "done", {"action": must.pk, "words": "贴在村口"}),
    ]
    for who, deed, told in steps:
        assert who.get(f"{base}/{deed}/").status_code == 200, deed
        answer = who.post(f"{base}/{deed}/", told)
        assert answer.status_code == 302, (deed, answer.content.decode())
    page = organiser.get(f"{base}/").content.decode()
    for words in ("柳树村", "开个夜校", "股级", "张榜"):
        assert words in page, words
    assert organiser.post(f"{base}/own/", {"name": "替别人想"}).status_code == 404
    assert organiser.get(f"{base}/no-such-deed/").status_code == 404


def test_a_day_is_closed_with_its_declaration(going: Going, cadre: Client, at: datetime) -> None:
    record.add_discipline(words="不吃请、不收礼", by=going.organiser, at=at)
    outing = record.plan_outings(
        going.team, area=going.given.area, days=[making.day(at)], by=going.organiser, at=at
    )[0]  # fmt: skip
    base = f"/desk/visits/outings/{outing.pk}"
    assert cadre.get("/desk/visits/outings/").status_code == 200
    who = going.cast.officers["cadre2"].pk
    assert cadre.post(f"{base}/attend/", {"user": who, "came": "False"}).status_code == 422
    assert cadre.post(f"{base}/attend/", {"user": who, "came": "False", "because": "生病"}).status_code == 302
    assert cadre.post(f"{base}/declare/", {"kept": "True"}).status_code == 302
    page = cadre.get(f"{base}/").content.decode()
    assert "生病" in page
    assert Discipline.objects.get().words in page


def test_a_session_has_guests_topics_and_minutes(going: Going, cadre: Client) -> None:
    roster = f"/desk/visits/roster/{going.given.area_id}/"
    for name, agreed in (("张三", "on"), ("李四", "")):
        cadre.post(f"{roster}new/", {"name": name, "category": "居民代表", "agreed": agreed, "phone": "13900001111"})
    answer = cadre.post(
        f"/desk/visits/new/?kind=visit.session&area={going.given.area_id}",
        _told(going, draft="1", **{"said-0-text": "", "headcount": "12", "place": "村委会"}),
    )
    base = answer["Location"]
    assert "李四" not in cadre.get(f"{base}invite/").content.decode()
    guest = Guest.objects.get(name="张三")
    assert cadre.post(f"{base}invite/", {"guests": [guest.pk]}).status_code == 302
    assert cadre.post(f"{base}table/", {"text": "停车难"}).status_code == 302
    topic = Encounter.objects.get().topics.get()
    assert cadre.post(f"/desk/visits/topics/{topic.pk}/settle/", {"result": "画线", "who": "社区"}).status_code == 302
    assert cadre.post(f"{base}came/", {"guests": [guest.pk]}).status_code == 302
    page = cadre.get(base).content.decode()
    for words in ("停车难", "画线", "张三"):
        assert words in page
    assert cadre.post(f"/desk/visits/guests/{guest.pk}/release/").status_code == 302
    assert "张三" not in cadre.get(roster).content.decode()


def test_a_diary_is_private_until_it_is_handed_in(
    going: Going, cadre: Client, organiser: Client, sign_in: Browser
) -> None:
    cadre.post(
        "/desk/visits/diary/new/", {"on": "2026-09-29", "text": "学会了看墒情。三组的路灯坏了。", "is_growth": "on"}
    )
    entry = f"/desk/visits/diary/{going.cast.officers['cadre'].diary.get().pk}/"
    assert organiser.get(entry).status_code == 404
    assert cadre.post(f"{entry}promote/", {"sentence": "没写过的话"}).status_code == 422
    assert cadre.post(f"{entry}promote/", {"sentence": "三组的路灯坏了。"}).status_code == 302
    assert cadre.post(f"{entry}promote/", {"sentence": "三组的路灯坏了。"}).status_code == 302
    assert Voice.objects.get().text == "三组的路灯坏了。"
    assert cadre.post(f"{entry}share/").status_code == 302
    assert organiser.post(f"{entry}comment/", {"words": "好。"}).status_code == 302
    assert "好。" in cadre.get(entry).content.decode()
    assert sign_in("cadre2").get(entry).status_code == 404
    assert cadre.get("/desk/visits/diary/?growth=1").status_code == 200


def test_lists_are_kept_on_the_desk(going: Going, organiser: Client, cadre: Client) -> None:
    told: dict[str, dict[str, Any]] = {
        "kinds": {"key": "talk", "name": "谈心", "of": "household", "late_days": "3", "asks": ["phone"]},
        "offers": {"kind": "policy", "name": "惠农补贴", "starts": "2026-09-01"},
        "occasions": {"must": "visit", "name": "家人住院", "days": "2"},
        "marks": {"side": "know", "words": "知家庭成员", "fields_": ["members"]},
        "discipline": {"words": "不收礼"},
    }
    for name, fields in told.items():
        assert organiser.get(f"/desk/visits/lists/{name}/new/").status_code == 200
        answer = organiser.post(f"/desk/visits/lists/{name}/new/", fields)
        assert answer.status_code == 302, answer.content.decode()
    page = organiser.get("/desk/visits/lists/").content.decode()
    for words in ("谈心", "惠农补贴", "家人住院", "知家庭成员", "不收礼"):
        assert words in page
    assert cadre.get("/desk/visits/lists/").status_code == 403
    occasion = Occasion.objects.get()
    home = going.homes[0]
    assert cadre.post(f"/desk/visits/household/{home.number}/occasion/", {"occasion": occasion.pk}).status_code == 302
    assert "家人住院" in cadre.get("/desk/visits/").content.decode()
    assert organiser.post(f"/desk/visits/lists/occasions/{occasion.pk}/retire/").status_code == 302
    occasion.refresh_from_db()
    assert not occasion.in_use


def test_papers_bear_the_right_names(going: Going, cadre: Client, organiser: Client, monkeypatch: Any) -> None:
    def no_library(html: str) -> bytes:
        raise OSError

    monkeypatch.setattr("lianxin.desk.views.visits.papers.set_on_paper", no_library)
    letter = cadre.get(f"/desk/visits/letters/{going.offers['letter'].pk}/paper/").content.decode()
    for words in ("林走", "高走", "清水镇人民政府", "<svg"):
        assert words in letter
    assert "林走" in cadre.get("/desk/visits/card/").content.decode()
    assert "科级" in organiser.get(f"/desk/visits/teams/{going.team.pk}/paper/").content.decode()
    going.go(going.homes[0], notes="问了低保")
    assert "问了低保" in cadre.get("/desk/visits/diary/notebook/?month=2026-09").content.decode()


def test_a_program_records_a_visit_as_the_desk_does(going: Going, cast: Cast, at: datetime) -> None:
    def program(who: str) -> Client:
        _token, secret = people.make_token(user=cast.officers[who], name="走访", by=cast.officer("it"), at=at)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    body = {
        "kind": "visit.household", "household": going.homes[0].number, "starts_at": "2026-09-29T20:00:00+08:00",
        "outcome": "absent", "client_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    }  # fmt: skip
    mine = program("cadre")
    first, again = (mine.post("/api/v1/visits", body, content_type="application/json") for _ in range(2))
    assert first.status_code == 201, first.content
    assert first.json()["number"] == again.json()["number"]
    assert [row["outcome"] for row in mine.get("/api/v1/visits").json()] == ["absent"]
    assert mine.get(f"/api/v1/visits/{first.json()['number']}").json()["members"] == ["林走"]
    stranger = program("neighbour")
    assert stranger.get("/api/v1/visits").status_code == 403
    assert stranger.post("/api/v1/visits", body, content_type="application/json").status_code == 403
