"""First asked, first responsible; forbidden phrases; visits to the homes of who cannot come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.serve.actions import badge as badges
from lianxin.serve.actions import care
from lianxin.serve.models import Asked, Badge, HomeVisit, Phrase
from lianxin.serve.rules.speech import forbidden_in
from tests.cast import Cast
from tests.house.witness import prove
from tests.serve.town_hall import MORNING, PHONE, TownHall, build


@pytest.fixture
def town(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> TownHall:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return build(cast)


def asked(town: TownHall) -> Asked:
    by = town.cast.officer("clerk")
    return care.be_asked(town.hall, matter="档案能不能外借", told="二楼人才中心，朱审，8000", by=by, at=MORNING)


def test_a_hand_over_without_acceptance_leaves_the_first_as_owner(town: TownHall) -> None:
    first, second = town.cast.officer("clerk"), town.cast.officer("clerk2")
    one = prove(lambda: asked(town))
    prove(lambda: care.hand_over(one, to=second, by=first, at=MORNING))
    one.refresh_from_db()
    assert one.owner == first
    with pytest.raises(care.AlreadyOffered):
        care.hand_over(one, to=town.cast.officer("reviewer"), by=first, at=MORNING)
    with pytest.raises(care.AlreadyOffered):
        care.settle_asked(one, outcome="办好了", by=first, at=MORNING)
    for who in ("neighbour", "clerk"):
        with pytest.raises(care.NotYours):
            care.answer_hand_over(one, accepted=True, by=town.cast.officer(who), at=MORNING)
    prove(lambda: care.answer_hand_over(one, accepted=False, reason="不归我管", by=second, at=MORNING))
    one.refresh_from_db()
    assert one.owner == first
    care.hand_over(one, to=second, by=first, at=MORNING)
    assert prove(lambda: care.answer_hand_over(one, accepted=True, by=second, at=MORNING)).owner == second
    with pytest.raises(care.NotYours):
        care.settle_asked(one, outcome="办好了", by=first, at=MORNING)
    assert prove(lambda: care.settle_asked(one, outcome="办好了", by=second, at=MORNING)).closed_at
    with pytest.raises(care.NotAClerk):
        care.hand_over(asked(town), to=town.cast.officer("neighbour"), by=first, at=MORNING)
    with pytest.raises(NotAllowed):
        care.be_asked(town.hall, matter="问路", told="二楼", by=town.cast.officer("neighbour"), at=MORNING)


def test_forbidden_phrases_are_found_in_either_script() -> None:
    phrases = ["不知道", "你问我我问谁", "没看见我正忙着吗"]
    assert forbidden_in("這個我不 知 道，你再去問問。", phrases) == ["不知道"]
    assert forbidden_in("请您稍等，我问一下。", phrases) == []
    assert forbidden_in("", phrases) == []


@given(st.text(max_size=20), st.text(min_size=1, max_size=5), st.text(max_size=20))
def test_a_phrase_is_found_wherever_it_stands(before: str, phrase: str, after: str) -> None:
    if any(character.isalnum() for character in phrase) and phrase.isascii():
        assert forbidden_in(f"{before} {phrase} {after}", [phrase]) == [phrase]


def test_a_visit_to_a_home_goes_its_way(town: TownHall) -> None:
    keeper, clerk, clerk2 = (town.cast.officer(key) for key in ("keeper", "clerk", "clerk2"))
    said: dict[str, Any] = {
        "name": "欧阳燕归", "phone": PHONE, "address": "和平村三组", "reason": "old", "matter": "资格认证",
    }  # fmt: skip
    for wrong in ({"name": ""}, {"phone": "x"}, {"address": ""}, {"reason": ""}, {"reason": "king"}):
        with pytest.raises(care.WhoAndWhere):
            care.ask_home(town.hall, **{**said, **wrong}, at=MORNING)
    visit = prove(lambda: care.ask_home(town.hall, **said, relation="女儿", at=MORNING))
    when = MORNING + timedelta(days=1)
    with pytest.raises(care.WhoAndWhere):
        care.plan_home(visit, planned_for=when, team=[clerk], by=keeper, at=MORNING)
    with pytest.raises(NotAllowed):
        care.plan_home(visit, planned_for=when, team=[clerk, clerk2], by=clerk, at=MORNING)
    prove(lambda: care.plan_home(visit, planned_for=when, team=[clerk, clerk2], by=keeper, at=MORNING))
    with pytest.raises(care.VisitElsewhere):
        care.finish_home(visit, done="认证好了", signed=True, by=clerk, at=MORNING)
    with pytest.raises(NotAllowed):
        care.finish_home(visit, done="认证好了", signed=True, by=town.cast.officer("neighbour"), at=when)
    prove(lambda: care.finish_home(visit, done="认证好了", signed=True, by=clerk, at=when))
    assert Event.objects.about(visit).get(verb="home_visit.finished").data["channel"] == "door"
    with pytest.raises(care.VisitElsewhere):
        care.decline_home(visit, reason="太远", by=keeper, at=when)
    other = care.ask_home(town.hall, **said, at=MORNING)
    prove(lambda: care.decline_home(other, reason="可在村里代办", by=keeper, at=MORNING))
    known = " ".join(f"{event.label} {event.data}" for event in Event.objects.all())
    assert "欧阳" not in known and PHONE not in known and "和平村" not in known


def test_the_pages_of_care(town: TownHall, sign_in: object) -> None:
    def browser(who: str) -> Client:
        client: Client = sign_in(who)  # type: ignore[operator]
        client.cookies["language"] = "en"
        return client

    clerk, clerk2, keeper, neighbour = (browser(key) for key in ("clerk", "clerk2", "keeper", "neighbour"))
    assert clerk.post("/desk/hall/asked/new/", {"matter": "", "told": ""}).status_code == 422
    clerk.post("/desk/hall/asked/new/", {"matter": "问路", "told": "二楼"})
    one = Asked.objects.get()
    place = f"/desk/hall/asked/{one.pk}/"
    assert clerk.post(f"{place}hand-over/", {"to": "9" * 30}).status_code == 422
    clerk.post(f"{place}hand-over/", {"to": town.cast.officers["clerk2"].pk})
    for deed in ("hand-over", "answer", "settle"):
        assert neighbour.post(f"{place}{deed}/").status_code in (403, 404)
        assert browser("registrar").post(f"{place}{deed}/").status_code in (403, 404)
    clerk2.post(f"{place}answer/", {"accepted": "True"})
    assert "问路" in clerk2.get("/desk/hall/asked/").content.decode()
    clerk2.post(f"{place}settle/", {"outcome": "办好了"})
    one.refresh_from_db()
    assert one.outcome == "办好了"
    said = {"kind": "never", "text": "不知道", "instead": "我帮您问", "source": "服务规范"}
    assert clerk.post("/desk/hall/phrases/new/", said).status_code in (403, 404)
    assert keeper.post("/desk/hall/phrases/new/", said).status_code == 302
    assert keeper.post("/desk/hall/phrases/new/", said).status_code == 422
    assert "我帮您问" in clerk.post("/desk/hall/phrases/", {"text": "这个我不知道"}).content.decode()
    keeper.post(f"/desk/hall/phrases/{Phrase.objects.get().pk}/end/")
    assert not Phrase.objects.on(MORNING.date()).exists()
    home = {"hall": town.hall.pk, "name": "欧阳燕归", "phone": PHONE, "address": "和平村", "reason": "old",
            "matter": "资格认证"}  # fmt: skip
    resident = Client()
    assert resident.post("/hall/home/", {**home, "phone": "x"}).status_code == 422
    assert resident.post("/hall/home/", home).status_code == 302
    visit = HomeVisit.objects.get()
    assert "欧阳燕归" not in keeper.get("/desk/hall/home/").content.decode()
    team = [town.cast.officers[key].pk for key in ("clerk", "clerk2")]
    place = f"/desk/hall/home/{visit.number}/"
    assert clerk.get(place).status_code == 404
    keeper.post(f"{place}plan/", {"planned_for": "2026-09-30T09:00", "team": team})
    assert "欧阳燕归" in clerk.get(place).content.decode()
    assert clerk.post(f"{place}finish/", {"done": "好", "signed": "on"}).status_code == 422
    assert keeper.post(f"{place}decline/", {"reason": "住院了"}).status_code == 302
    assert neighbour.get(place).status_code in (403, 404)


def test_a_badge_is_outdated_once_the_post_changes(town: TownHall, sign_in: object) -> None:
    cast, keeper = town.cast, town.cast.officer("keeper")
    said: dict[str, Any] = {"duties": "医保报销", "window": town.one, "backup": cast.officers["clerk2"]}
    first = prove(lambda: badges.print_badge(cast.posts["clerk"], **said, by=keeper, at=MORNING))
    assert not first.is_outdated(MORNING.date())
    assert "医保报销" in Client().get(f"/hall/badge/{first.key}/").content.decode()
    client: Client = sign_in("keeper")  # type: ignore[operator]
    assert client.get(f"/desk/hall/badges/{first.pk}/paper/").status_code == 200
    asked = {"post": cast.posts["clerk"].pk, "duties": "医保、社保", "window": town.two.pk}
    assert client.post("/desk/hall/badges/new/", {**asked, "duties": ""}).status_code == 422
    assert client.post("/desk/hall/badges/new/", asked).status_code == 302
    assert Badge.objects.valid().get().duties == "医保、社保"
    people.appoint(cast.posts["clerk"], holder=cast.officers["neighbour"], starts=MORNING.date(), by=None, at=MORNING)
    assert Badge.objects.valid().select_related("post").get().is_outdated(MORNING.date())
    client.cookies["language"] = "en"
    assert "outdated" in client.get("/desk/hall/badges/").content.decode()
    with pytest.raises(NotAllowed):
        badges.print_badge(cast.posts["clerk2"], duties="xx", by=cast.officer("clerk"), at=MORNING)
    stranger: Client = sign_in("neighbour")  # type: ignore[operator]
    assert stranger.get(f"/desk/hall/badges/{first.pk}/paper/").status_code in (403, 404)
    assert Client().get("/hall/badge/nothing/").status_code == 404
