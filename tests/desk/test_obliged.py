"""The pages of links, of what is due, of help and of decisions: what each shows, and that a form does its deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from lianxin.govern.models import Motion, Voter
from lianxin.help.models import Entry, Income, Measure
from lianxin.people.models import User
from lianxin.people.templatetags.face import THIN
from lianxin.record.models import Encounter, Link, Resident
from lianxin.supervise.models import Clue, Declaration, Exemption, Obligation, Report
from tests.cast import Cast
from tests.record import making
from tests.strangers import obliged

Browse = Callable[[User | str], Client]


@pytest.fixture
def world(cast: Cast, frozen: datetime, calendar: None) -> dict[str, object]:
    return obliged.settle(cast, frozen, secret="清水纸业", name="王大山")


def _shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _done(client: Client, address: str, **data: object) -> None:
    answer = client.post(address, data)
    assert answer.status_code == 302, (address, answer.context["form"].errors if answer.context else answer.status_code)


def test_links_both_ways_with_vacancy_and_hand_over(
    cast: Cast, world: dict[str, object], sign_in: Browse, frozen: datetime
) -> None:
    organiser = sign_in("organiser")
    making.village(cast.areas["liushu"], frozen)
    assert "清水镇柳树村" in _shown(organiser, "/desk/links/")
    assert "魏镇" in _shown(organiser, "/desk/links/?by=person&tie=leader")
    assert "清水纸业" in _shown(sign_in("mayor"), "/desk/links/")
    cadre = cast.officers["cadre"].pk
    _done(organiser, "/desk/links/new/", tie="village", user=cadre, area=cast.areas["liushu"].pk, starts="2026-09-01")
    link = Link.objects.get(area=cast.areas["liushu"])
    _done(
        organiser,
        f"/desk/links/{link.pk}/hand-over/",
        to=cast.officers["cadre2"].pk,
        starts="2026-09-29",
        because="调离",
    )
    new = Link.objects.get(follows=link)
    _done(organiser, f"/desk/links/{new.pk}/end/", ends="2026-09-30", because="试完了")


def test_one_table_of_an_enterprise(world: dict[str, object], sign_in: Browse) -> None:
    for who in ("organiser", "mayor"):
        for tail in ("", "paper/"):
            text = _shown(sign_in(who), f"/desk/links/enterprises/{world['firm']}/{tail}")
            assert "清水纸业" in text
            assert "strangers.enterprise" in text or who == "organiser"
    organiser = sign_in("organiser")
    answer = organiser.post(f"/desk/links/enterprises/{world['firm']}/code/{world['leader']}/")
    code = answer.context["code"]
    assert code in answer.content.decode()
    _done(Client(), "/visits/of-use/", code=code, grade="3")
    assert Client().post("/visits/of-use/", {"code": code, "grade": "3"}).status_code == 422


def test_what_is_due_and_from_whom(cast: Cast, world: dict[str, object], sign_in: Browse) -> None:
    organiser, mayor = sign_in("organiser"), sign_in("mayor")
    assert "每月走访企业" in _shown(mayor, "/desk/duties/")
    assert "魏镇" in _shown(organiser, "/desk/duties/strangers/")
    assert "魏镇" in _shown(organiser, "/desk/duties/strangers/?day=2026-07-05&only=missed")
    assert "魏镇" not in _shown(organiser, "/desk/duties/strangers/?day=2026-09-05&only=missed")
    _done(
        organiser, "/desk/duties/new/", key="fair", name="每月20日招聘日", basis="县人社发〔2014〕1号", who="office",
        what="deed", verbs="fair.held", period="dates", recurrence="FREQ=MONTHLY;BYMONTHDAY=20", times="1",
        office=cast.offices["labour"].pk, tolerance="0", holiday="next", partial="share", grace_days="0",
        remind_days="7", clue_after="0", starts="2026-01-01",
    )  # fmt: skip
    page = _shown(organiser, "/desk/duties/calendar/?year=2026")
    assert "每月20日招聘日" in page
    text = organiser.get("/desk/duties/calendar.ics?year=2026").content.decode()
    assert "BEGIN:VCALENDAR" in text
    assert "20260224" in text  # the Spring Festival moves the 20th of February
    _done(
        organiser, "/desk/duties/let-off/", user=cast.officers["mayor"].pk, starts="2026-08-01", ends="2026-09-01",
        reason="病假",
    )  # fmt: skip
    assert Exemption.objects.get().reason == "病假"
    assert "病假" in _shown(organiser, "/desk/duties/strangers/?day=2026-08-05")
    _done(organiser, "/desk/duties/fair/end/", ends="2026-12-31")
    assert Obligation.objects.get(key="fair").ends
    _done(sign_in("supervisor"), f"/desk/duties/clues/{world['clue']}/", words="已谈话")
    assert Clue.objects.get().settled_at


def test_report_and_what_was_received(world: dict[str, object], sign_in: Browse) -> None:
    mayor, number = sign_in("mayor"), world["firm_visit"]
    assert "清水纸业" in _shown(mayor, "/desk/duties/reports/")
    _done(mayor, f"/desk/duties/reports/{number}/", title="用工调研", text="缺熟练工三十人。")
    _done(mayor, f"/desk/duties/reports/{number}/received/", received="", handed_in="")
    assert (Report.objects.count(), Declaration.objects.get().received) == (1, "")
    assert "缺熟练工" in _shown(mayor, "/desk/duties/reports/")


def test_help_for_a_household(cast: Cast, world: dict[str, object], sign_in: Browse, frozen: datetime) -> None:
    cadre, entry = sign_in("cadre"), Entry.objects.get()
    page = f"/desk/help/{entry.pk}/"
    assert "王大山" in _shown(cadre, "/desk/help/")
    assert "1 / 1" in _shown(sign_in("organiser"), "/desk/help/")
    person = Resident.objects.get()
    _done(cadre, f"{page}plan/", part="skill", words="养兔培训")
    _done(cadre, f"{page}earn/", resident=person.pk, source="兔场务工", monthly="1200", first="2026-09-01")
    _done(cadre, f"{page}no-longer-earn/", income=Income.objects.get().pk, until="2027-01-01")
    _done(cadre, f"{page}quote/", words="日子好过多了", may_publish="on")
    from lianxin.help import actions

    given = actions.set_programme(key="study", name="助学", basis="县工发1号", form="money", by=None, at=frozen)
    _done(cadre, f"{page}give/", programme=given.pk, day="2026-09-10", amount="2000", words="学费")
    assert Measure.objects.get().amount == 2000
    text = _shown(cadre, page)
    assert f"+1{THIN}200" in text
    assert "日子好过多了" in text
    home = making.household(cast.areas["heping"], "李二河", frozen)
    _done(
        sign_in("organiser"), "/desk/help/new/", register=entry.register_id, household=home.number, day="2026-09-01",
        because="因病",
    )  # fmt: skip
    assert "李二河" in _shown(sign_in("organiser"), "/desk/help/?only=alone")
    _done(cadre, f"{page}leave/", day="2026-09-20", because="稳定脱贫")


def test_decision_from_motion_to_ballot(cast: Cast, world: dict[str, object], sign_in: Browse) -> None:
    keeper = sign_in("archivist")
    assert "4组打井" in _shown(keeper, "/desk/motions/")
    _done(
        keeper, "/desk/motions/new/", title="修路", text="修两里路。", proposed_by="组长",
        office=cast.offices["town_office"].pk,
        procedure=Motion.objects.all()[0].procedure_id, area=cast.areas["heping"].pk, electorate="household",
        manner="secret",
    )  # fmt: skip
    motion = Motion.objects.get(title="修路")
    page = f"/desk/motions/{motion.number}/"
    _done(keeper, f"{page}list-voters/", names="")
    _done(keeper, f"{page}notice/")
    _done(Client(), f"/decisions/{motion.number}/list/", wants="add", name="新来户", words="去年迁入")
    assert "新来户" in _shown(keeper, page)
    _done(keeper, f"{page}rule/", objection=motion.objections.get().pk, upheld="True", ruling="查实")
    _done(keeper, f"{page}open-vote/")
    voters = list(Voter.objects.filter(motion=motion).order_by("id"))
    code = keeper.post(f"{page}ballot/", {"voter": voters[0].pk}).context["code"]
    _done(Client(), f"/decisions/{motion.number}/ballot/", code=code, choice="yes")
    _done(keeper, f"{page}check-off/", voters=[voters[1].pk])
    _done(keeper, f"{page}count-votes/", yes="1", no="0", abstain="0", invalid="0")
    _done(keeper, f"{page}close-vote/")
    _done(
        keeper, f"{page}start-project/", title="修路", budget="9000", sources="奖补", builder="工程队",
        starts="2026-09-29", until="2026-12-01",
    )  # fmt: skip
    _done(keeper, f"{page}progress/", day="2026-09-29", percent="10", spent="0", words="开工")
    for address in (page, "/decisions/", f"/decisions/{motion.number}/", f"/decisions/?area={cast.areas['heping'].pk}"):
        client = keeper if "desk" in address else Client()
        assert "修路" in _shown(client, address)
    built = world["motion_built"]
    photo = f"/decisions/{built}/photos/{world['photo']}/"
    answer = Client().get(photo)
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer).startswith(b"\x89PNG")
    assert Client().get(f"/decisions/{motion.number}/photos/{world['photo']}/").status_code == 404
    assert Client().get(f"/decisions/{world['motion']}/").status_code == 404


def test_nobody_is_named_in_public(cast: Cast, world: dict[str, object], sign_in: Browse) -> None:
    """POV-09, I-86: no name of a voter or of who is helped on a public page."""
    for address in ("/decisions/", f"/decisions/{world['motion_built']}/", "/", "/figures/"):
        assert "王大山" not in _shown(Client(), address)
    assert Encounter.objects.exists()
