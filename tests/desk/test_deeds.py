"""Each deed of the table, done as officers do it: a form, one action, and back to the case."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from lianxin.desk.deeds import DEEDS, offered, open_deeds
from lianxin.ledger.models import Event
from lianxin.people.models import User
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Extension
from lianxin.resolve.rules import MOVES, Deed, State
from tests.desk.road import Road

Browser = Callable[[str], Client]
Given = dict[str, Any]


def local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def asked(road: Road) -> Case:
    """A case on which a later date was asked for."""
    case = road.handling()
    actions.extend(case, due=road.later(case, 4), reason="管件还没有到货", by=road.cast.officer("handler"), at=road.at)
    return case


def assisted(road: Road) -> Case:
    return road.handling(assists=("housing",))


def drafted(road: Road) -> Case:
    case = road.answered()
    by = road.cast.officer("dispatcher")
    actions.draft_public(case, title="供水", question="为何没水", answer="换了泵", by=by, at=road.at)
    return case


def published(road: Road) -> Case:
    case = drafted(road)
    actions.publish(case, by=road.cast.officer("editor"), at=road.at)
    return case


def two_voices(road: Road) -> Case:
    return road.registered(road.hear(), road.hear("路灯也不亮", identity="anonymous"))


def tried(road: Road) -> Case:
    """An answered case whose person could not be reached in three attempts by two ways."""
    case = road.answered()
    for way in ("phone", "phone", "visit"):
        actions.attempt(case, way=way, by=road.cast.officer("dispatcher"), at=road.at)
    return case


# deed: who does it, on which case, with what, and the state in which the case then is
DONE: dict[Deed, tuple[str, Callable[[Road], Case], Callable[[Road, Case], Given], State]] = {
    Deed.DIAGNOSE: ("dispatcher", Road.registered, lambda r, c: {"text": "先去看看水压"}, State.DIAGNOSING),
    Deed.CONSULT: (
        "dispatcher", Road.registered,
        lambda r, c: {"reason": "试过了，要水务一起看", "offices": [r.cast.offices["water"].pk]}, State.CONSULTING,
    ),
    Deed.DISPATCH: (
        "dispatcher", Road.registered,
        lambda r, c: {
            "lead": r.cast.offices["water_section"].pk, "coordinator": r.cast.officers["dispatcher"].pk,
            "assists": [r.cast.offices["housing"].pk], "wish": "查明原因", "handler": r.cast.officers["handler"].pk,
        }, State.HANDLING,
    ),
    Deed.TAKE: ("handler", Road.handling, lambda r, c: {}, State.HANDLING),
    Deed.PROGRESS: ("handler", Road.handling, lambda r, c: {"text": "已装水压表", "public": "on"}, State.HANDLING),
    Deed.RETURN: (
        "handler", Road.handling,
        lambda r, c: {"reason": "这是物业的管道", "suggested": r.cast.offices["housing"].pk}, State.HANDLING,
    ),
    Deed.RULE: (
        "dispatcher", Road.handling,
        lambda r, c: {"lead": r.cast.offices["housing"].pk, "reason": "管道在红线内", "forced": "on"}, State.HANDLING,
    ),
    Deed.EXTEND: (
        "handler", Road.handling,
        lambda r, c: {"due": local(r.later(c, 4)), "reason": "管件还没有到货"}, State.HANDLING,
    ),
    Deed.DECIDE_EXTENSION: ("secretary", asked, lambda r, c: {"granted": "True", "text": "抓紧"}, State.HANDLING),
    Deed.SUSPEND: (
        "secretary", Road.handling,
        lambda r, c: {"reason": "等省里批复资金", "review_on": (r.at + timedelta(days=20)).date()}, State.SUSPENDED,
    ),
    Deed.RESUME: ("dispatcher", Road.suspended, lambda r, c: {}, State.HANDLING),
    Deed.REPORT: ("neighbour", assisted, lambda r, c: {"text": "楼内管道已查，没有问题"}, State.HANDLING),
    Deed.FINISH: (
        "handler", Road.handling,
        lambda r, c: {"result": "solved", "text": "换了加压泵", "effect_on": r.at.date(), "root_cause": "泵老化"},
        State.REEXAMINING,
    ),
    Deed.REEXAMINE: (
        "examiner", Road.finished, lambda r, c: {"matched": "True", "finding": "晚上七点有水", "on_site": "on"},
        State.REEXAMINING,
    ),
    Deed.REPLY: ("dispatcher", Road.reexamined, lambda r, c: {"text": "水泵已换，恢复供水。"}, State.ANSWERED),
    Deed.ATTEMPT: ("dispatcher", Road.answered, lambda r, c: {"way": "phone", "text": "没人接"}, State.ANSWERED),
    Deed.CONFIRM: (
        "examiner", Road.answered,
        lambda r, c: {
            "join": c.joins.get().pk, "solved": "no", "result_grade": "1", "handling_grade": "4", "words": "还是没水",
        },
        State.REOPENED,
    ),
    Deed.CLOSE: ("dispatcher", tried, lambda r, c: {}, State.CLOSED),
    Deed.REOPEN: ("dispatcher", Road.answered, lambda r, c: {"reason": "邻居说又没水了"}, State.REOPENED),
    Deed.MERGE: (
        "dispatcher", Road.registered,
        lambda r, c: {"into": r.registered(r.hear("也没水"), title="别处也没水").number.lower()}, State.CLOSED,
    ),
    Deed.SPLIT: (
        "dispatcher", two_voices,
        lambda r, c: {"joins": [c.joins.latest("id").pk], "title": "路灯不亮"}, State.REGISTERED,
    ),
    Deed.INSTRUCT: ("secretary", Road.handling, lambda r, c: {"text": "三日内查明，结果报我。"}, State.HANDLING),
    Deed.ALARM: ("dispatcher", Road.handling, lambda r, c: {"reason": "有人摔伤，危及安全"}, State.HANDLING),
    Deed.DRAFT_PUBLIC: (
        "dispatcher", Road.answered,
        lambda r, c: {"title": "供水", "question": "为何没水", "answer": "换了泵"}, State.ANSWERED,
    ),
    Deed.PUBLISH: ("editor", drafted, lambda r, c: {}, State.ANSWERED),
    Deed.WITHDRAW: ("editor", published, lambda r, c: {"reason": "照片里有人脸"}, State.ANSWERED),
}  # fmt: skip


def test_the_table_has_every_deed() -> None:
    assert set(DEEDS) == set(Deed) == set(DONE)


@pytest.mark.parametrize("deed", DONE, ids=str)
def test_a_deed_is_done_by_its_form_and_put_on_record(road: Road, sign_in: Browser, deed: Deed) -> None:
    who, make, given, state = DONE[deed]
    case = make(road)
    case.refresh_from_db()
    client, address = sign_in(who), f"/desk/cases/{case.number}/{deed}/"
    assert client.get(address).status_code == 200
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode() and address in part.content.decode()
    before = Event.objects.filter(verb=f"case.{deed}").count()
    answer = client.post(f"{address}?state=open", given(road, case))
    assert answer.status_code == 302, answer.context["refusal"] or answer.context["form"].errors
    assert answer["Location"] == f"/desk/cases/{case.number}/?state=open"
    assert str(DEEDS[deed].done) in client.get(answer["Location"]).content.decode()
    case.refresh_from_db()
    assert case.state == state
    assert Event.objects.filter(verb=f"case.{deed}").count() == before + 1
    assert Event.objects.filter(verb=f"case.{deed}").latest("id").by_id == road.cast.officers[who].pk


@pytest.mark.parametrize("deed", DONE, ids=str)
def test_a_deed_is_offered_to_who_may_do_it(road: Road, deed: Deed) -> None:
    who, make, _given, _state = DONE[deed]
    case = Case.objects.select_related("publication").get(pk=make(road).pk)
    officer = road.cast.officer(who)
    officer.stand(road.at)
    assert deed in open_deeds(case, officer, at=road.at)
    assert deed in offered(
        case, officer, at=road.at, tasks=list(case.tasks.all()), extensions=list(case.extensions.all())
    )


@pytest.mark.parametrize("deed", DONE, ids=str)
def test_a_stranger_can_do_nothing(road: Road, sign_in: Browser, deed: Deed) -> None:
    who, make, given, _state = DONE[deed]
    case = make(road)
    case.refresh_from_db()
    stranger = "registrar" if who == "neighbour" else "neighbour"
    count = Event.objects.count
    data = given(road, case)
    before = count()
    assert sign_in(stranger).post(f"/desk/cases/{case.number}/{deed}/", data).status_code == 404
    assert sign_in("it").post(f"/desk/cases/{case.number}/{deed}/", data).status_code == 403
    assert Client().post(f"/desk/cases/{case.number}/{deed}/", data).status_code == 302
    assert count() == before


@pytest.mark.parametrize(
    "deed", [deed for deed, (_, _, given, _) in DONE.items() if DEEDS[deed].form.base_fields], ids=str
)
def test_a_form_that_lacks_something_says_so_beside_the_field(road: Road, sign_in: Browser, deed: Deed) -> None:
    who, make, _given, _state = DONE[deed]
    case = make(road)
    needed = {name for name, field in DEEDS[deed].form.base_fields.items() if field.required}
    before = Event.objects.count()
    if not needed:
        return
    answer = sign_in(who).post(f"/desk/cases/{case.number}/{deed}/", {})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == needed
    assert Event.objects.count() == before


def test_a_refusal_is_shown_and_what_was_written_is_kept(road: Road, sign_in: Browser) -> None:
    case = road.handling()
    answer = sign_in("handler").post(
        f"/desk/cases/{case.number}/extend/", {"due": local(road.at), "reason": "管件还没有到货"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page and "管件还没有到货" in page
    assert not Extension.objects.exists()


def test_what_the_state_does_not_allow_is_refused_by_name(road: Road, sign_in: Browser) -> None:
    case = road.answered()
    answer = sign_in("dispatcher").post(f"/desk/cases/{case.number}/reply/", {"text": "再答一次"})
    assert answer.status_code == 409
    assert "再答一次" in answer.content.decode()


def test_no_power_no_deed_even_where_the_case_is_seen(road: Road, sign_in: Browser) -> None:
    case = road.handling()
    assert sign_in("handler").get(f"/desk/cases/{case.number}/dispatch/").status_code == 404
    assert sign_in("handler").get(f"/desk/cases/{case.number}/nonsense/").status_code == 404


def test_only_offices_and_people_that_can_be_chosen_are_offered(road: Road, sign_in: Browser) -> None:
    case = road.registered()
    client, address = sign_in("dispatcher"), f"/desk/cases/{case.number}/dispatch/"
    form = client.get(address).context["form"]
    coordinators = set(form.fields["coordinator"].queryset)
    assert road.cast.officers["dispatcher"] in coordinators
    assert road.cast.officers["handler"] not in coordinators and road.cast.officers["it"] not in coordinators
    handlers = set(form.fields["handler"].queryset)
    assert road.cast.officers["handler"] in handlers and road.cast.officers["dispatcher"] not in handlers
    order = {"lead": road.cast.offices["water"].pk, "coordinator": road.cast.officers["handler"].pk}
    assert set(client.post(address, order).context["form"].errors) == {"coordinator"}


def test_the_acts_on_the_page_are_those_that_can_be_done(road: Road, sign_in: Browser) -> None:
    case = road.handling()
    page = sign_in("handler").get(f"/desk/cases/{case.number}/")
    acts = [act.deed for act in (*page.context["acts"], *page.context["other_acts"])]
    assert acts == ["take", "finish", "progress", "extend", "return"]
    keys = [MOVES[Deed(act)].key for act in acts]
    assert len(set(keys)) == len(keys)
    actions.take(case.tasks.get(), by=road.cast.officer("handler"), at=road.at)
    page = sign_in("handler").get(f"/desk/cases/{case.number}/")
    assert "take" not in [act.deed for act in page.context["acts"]]


@pytest.mark.parametrize("state", State)
def test_no_two_deeds_of_one_officer_have_the_same_key(state: State) -> None:
    keys = [(MOVES[deed].key, MOVES[deed].power) for deed in Deed if state in MOVES[deed].start and MOVES[deed].key]
    doubled = {key for key, power in keys if keys.count((key, power)) > 1} - {MOVES[Deed.PUBLISH].key}
    assert not doubled


@pytest.mark.django_db(transaction=True)
def test_two_officers_race_and_the_second_is_told(crowded_road: Road) -> None:
    case = crowded_road.reexamined()
    ready = Barrier(2)

    def reply(officer: User) -> int:
        client = Client()
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        ready.wait(timeout=20)
        try:
            return client.post(f"/desk/cases/{case.number}/reply/", {"text": f"{officer.name}的答复"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as crowd:
        statuses = list(crowd.map(reply, [crowded_road.cast.officers[key] for key in ("dispatcher", "examiner")]))
    assert sorted(statuses) == [302, 409]
    assert Event.objects.filter(verb="case.reply").count() == 1
