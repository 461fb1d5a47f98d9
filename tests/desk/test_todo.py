"""My day: every duty any app raises appears with who has to do it, and with nobody else (PLT-09)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve, reverse

from lianxin.desk.templatetags.desk import PANE, page_of
from lianxin.desk.views.todo import SHOWN
from lianxin.people import actions as people
from lianxin.people.rules import ROLES
from lianxin.resolve import actions
from lianxin.resolve.models.duties import _DUTIES, Duty, count, duties
from tests.cast import OFFICERS
from tests.desk.road import Road

Browser = Callable[[str], Client]


def waits(road: Road, who: str) -> dict[str, int]:
    officer = road.cast.officer(who)
    officer.stand(road.at)
    return {duty.value: number for duty, number in count(duties(officer, road.at), officer).items() if number}


def test_every_duty_has_somebody_whose_powers_open_it_and_a_place_on_the_page() -> None:
    held = {power for role in ROLES.values() for power in role.powers}
    assert set(_DUTIES) == set(Duty) == set(SHOWN)
    assert all(needed & held for needed, _find in _DUTIES.values())


def test_a_case_waits_for_exactly_one_step_after_the_other(road: Road) -> None:
    road.registered()
    assert waits(road, "dispatcher")["dispatch"] == 1
    road.handling()
    assert waits(road, "handler") == {"handle": 1}
    assert waits(road, "neighbour") == {}
    road.finished()
    assert waits(road, "examiner") == {"reexamine": 1}
    road.reexamined()
    assert waits(road, "examiner") == {"reexamine": 1, "reply": 1}
    road.answered()
    assert waits(road, "dispatcher")["confirm"] == 1


def test_who_must_decide_is_told(road: Road) -> None:
    case = road.handling()
    handler = road.cast.officer("handler")
    actions.extend(case, due=road.later(case, 3), reason="管件还没有到货", by=handler, at=road.at)
    assert waits(road, "secretary") == {"decide_extension": 1}
    returned = road.handling(title="不归水务")
    actions.return_(returned.tasks.get(), reason="这是物业的管道", by=handler, at=road.at)
    assert waits(road, "dispatcher")["rule"] == 1


def test_a_suspended_case_comes_back_on_its_day(road: Road) -> None:
    road.suspended()
    assert "resume" not in waits(road, "dispatcher")
    road.at += timedelta(days=21)
    assert waits(road, "dispatcher")["resume"] == 1


def test_drafts_wait_for_the_editor(road: Road) -> None:
    case = road.answered()
    by = road.cast.officer("dispatcher")
    actions.draft_public(case, title="供水", question="为何没水", answer="换了泵", by=by, at=road.at)
    assert waits(road, "editor") == {"publish": 1}


def test_letters_wait_for_their_addressee_and_clerk_alone(road: Road) -> None:
    road.hear("书记您好", channel="letter", addressee=road.cast.posts["secretary"])
    assert waits(road, "secretary") == {"letters": 1}
    assert waits(road, "letter_clerk")["letters"] == 1
    assert "triage" not in waits(road, "dispatcher")


def test_voices_wait_for_who_sorts(road: Road) -> None:
    road.hear()
    assert waits(road, "dispatcher") == {"triage": 1}
    assert waits(road, "registrar") == {"triage": 1}
    assert waits(road, "handler") == {}


def test_a_substitute_finds_the_duties_of_the_absent(road: Road, sign_in: Browser) -> None:
    road.handling()
    absent, substitute = road.cast.officers["handler"], road.cast.officers["neighbour"]
    people.substitute(
        absent=absent, substitute=substitute, starts=road.at - timedelta(hours=1), ends=road.at + timedelta(days=1),
        reason="学习", by=road.cast.officer("chief"), at=road.at - timedelta(hours=2),
    )  # fmt: skip
    page = sign_in("neighbour").get("/desk/")
    assert [section.title for section in page.context["sections"]] == [SHOWN[Duty.HANDLE].title]
    assert absent.name in page.content.decode()


@pytest.mark.parametrize("who", [key for key, *_ in OFFICERS])
def test_my_day_opens_for_everybody(road: Road, sign_in: Browser, who: str) -> None:
    road.hear()
    road.hear("书记您好", channel="letter", addressee=road.cast.posts["secretary"])
    for make in (road.registered, road.handling, road.finished, road.reexamined, road.answered):
        make()
    client = sign_in(who)
    page = client.get("/desk/")
    assert page.status_code == 200
    for section in page.context["sections"]:
        assert client.get(section.href).status_code == 200
        for row in section.rows:
            assert client.get(row.href, follow=True).status_code == 200


def test_an_empty_day_is_kind(road: Road, sign_in: Browser) -> None:
    assert "现在没有要您办的事" in sign_in("handler").get("/desk/").content.decode()


def test_the_pane_shows_only_pages_that_open(road: Road, sign_in: Browser) -> None:
    for who in ("registrar", "dispatcher", "handler", "secretary", "editor", "it", "supervisor"):
        client = sign_in(who)
        page = client.get("/desk/").content.decode()
        for _title, entries in PANE:
            for entry in entries:
                href, powers = page_of(entry.route)
                mine = road.cast.officer(who)
                mine.stand(road.at)
                opens = not powers or not mine.standing.powers.isdisjoint(powers)
                assert opens or f'href="{href}"' not in page
                if opens and not entry.duty:
                    assert client.get(href).status_code == 200, href


def test_every_entry_of_the_pane_is_a_page() -> None:
    for _title, entries in PANE:
        for entry in entries:
            assert resolve(reverse(entry.route))


def test_after_a_deed_the_counts_are_fresh(road: Road, sign_in: Browser) -> None:
    case = road.registered()
    client = sign_in("dispatcher")
    assert "待派单 <em>1</em>" in client.get("/desk/cases/").content.decode()
    order = {"lead": road.cast.offices["housing"].pk, "coordinator": road.cast.officers["dispatcher"].pk}
    page = client.post(f"/desk/cases/{case.number}/dispatch/", order, follow=True).content.decode()
    assert "待派单 <em>1</em>" not in page


def test_leader_on_duty_finds_major_matters_of_the_last_days(road: Road, sign_in: Browser) -> None:
    case = road.handling()
    by, hours = road.cast.officer("dispatcher"), timedelta(hours=1)
    actions.alarm(case, reason="大面积停水", by=by, at=road.at)
    assert "major" not in waits(road, "secretary"), "who is not on duty is not called"
    people.roster(
        duty="leader", user=road.cast.officers["secretary"], office=road.cast.offices["leadership"],
        starts=road.at - hours, ends=road.at + 200 * hours, by=None, at=road.at,
    )  # fmt: skip
    assert waits(road, "secretary")["major"] == 1
    assert "major" not in waits(road, "supervisor")
    assert case.number in sign_in("secretary").get("/desk/").content.decode()
    road.at += timedelta(days=4)
    assert "major" not in waits(road, "secretary")


def test_supervisor_finds_what_others_let_wait(
    road: Road, sign_in: Browser, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    case = road.handling()
    letter = road.hear("书记您好", channel="letter", addressee=road.cast.posts["secretary"])
    assert waits(road, "supervisor") == {"unread": 1}
    assert "unread" not in waits(road, "secretary"), "his own letters are under letters"
    road.at = case.due_at or road.at
    assert waits(road, "supervisor") == {"overdue": 1, "unread": 1}
    assert "overdue" not in waits(road, "handler")
    client = sign_in("supervisor")
    client.get("/desk/")
    with django_assert_max_num_queries(15):
        page = client.get("/desk/").content.decode()
    assert letter.number in page
    assert "书记您好" not in page
