"""Applications from the first word to the rating: settling elsewhere, and what is refused by name on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from lianxin.flow.actions import AlreadyFinished
from lianxin.flow.models import Run
from lianxin.kit.clock import local
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger import actions as ledger
from lianxin.listen.rules import Contact
from lianxin.outbox.models import Message
from lianxin.people.models import CalendarDay, forget_all
from lianxin.serve import actions, jobs
from lianxin.serve.models import Application, Document, Handed
from lianxin.serve.rules.application import Fault, State, Verified
from tests.house.witness import prove
from tests.serve.settling import ANSWERS, NAME, PHONE, Settling, files, person


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_settling_elsewhere_in_twenty_six_minutes(settling: Settling) -> None:
    """S6: handed in, corrected once, two departments at once, decided by two, fetched, rated; told each time."""
    application = settling.corrected()
    assert application.state == State.CORRECTION and application.accepted_at is None
    actions.supply(application, materials=files("proof", mark="2"), at=settling.later())
    application = actions.accept(settling.fresh(application), by=settling.who("clerk"), at=settling.later())
    assert application.promised_at and application.legal_at and application.promised_at < application.legal_at
    actions.step(settling.step(application, "check"), outcome="ok", by=settling.who("clerk"), at=settling.later())
    labour = settling.step(application, "labour")
    assert application in Application.objects.visible_to(settling.who("labour_reviewer"))
    actions.step(labour, outcome="go", by=settling.who("labour_reviewer"), at=settling.later())
    assert settling.fresh(application).state == State.ACCEPTED
    actions.step(settling.step(application, "medical"), outcome="go", by=settling.who("reviewer"), at=settling.later())
    assert settling.fresh(application).state == State.DECIDING
    said = actions.Said("granted", "材料齐全，符合规定")
    actions.propose(application, said=said, by=settling.who("reviewer"), at=settling.later())
    document = actions.decide(application, by=settling.who("approver"), at=settling.later(minutes=19))
    application = settling.fresh(application)
    assert application.minutes == 26 and application.is_same_day and application.timeliness == "early"
    assert application.run and application.run.result == "granted" and not application.run.steps.open().exists()
    actions.fetch(document, at=settling.later())
    assert settling.fresh(application).state == State.DELIVERED
    actions.rate(application, grade=5, conduct=4, at=settling.later())
    assert settling.told(application) == [
        "submitted", "correction", "supplied", "accepted", "step", "step", "step", "granted", "delivered",
    ]  # fmt: skip
    texts = " ".join(Message.objects.values_list("text", flat=True))
    assert NAME not in texts and PHONE not in texts and "异地" not in texts and application.number in texts


def test_what_is_missing_is_refused_by_name(settling: Settling) -> None:
    given: dict[str, Any] = {"person": person(), "at": settling.later()}
    with pytest.raises(actions.MaterialMissing, match="居住证明"):
        actions.submit(settling.draft(), answers=ANSWERS, materials=files("card"), **given | {"at": settling.later()})
    work = {"why": "work", "place": "北京"}
    with pytest.raises(actions.MaterialMissing, match="驻外证明"):
        actions.submit(
            settling.draft(), answers=work, materials=files("card", "proof"), person=person(), at=settling.later()
        )
    with pytest.raises(actions.NoSuchMaterial):
        actions.attach(settling.draft(), material="nothing", content=b"x", name="x.txt", at=settling.later())
    with pytest.raises(actions.PersonMissing):
        actions.submit(
            settling.draft(), answers=ANSWERS, materials=files("card", "proof"),
            person=actions.Person(Contact(NAME)), at=settling.later(),
        )  # fmt: skip
    with pytest.raises(actions.AuthorisationMissing):
        actions.submit(
            settling.draft(), answers=ANSWERS, materials=files("card", "proof"),
            person=person(agent=Contact("赵代办")), at=settling.later(),
        )  # fmt: skip
    assert not Application.objects.exclude(state=State.DRAFT).exists()


def test_handing_in_twice_is_one_application(settling: Settling) -> None:
    draft = settling.draft()
    given: dict[str, Any] = {
        "answers": ANSWERS,
        "materials": files("card", "proof"),
        "person": person(),
        "idempotency_key": "k1",
    }
    first = actions.submit(draft, at=settling.later(), **given)
    again = actions.submit(draft, at=settling.later(), **given)
    assert again.again and again.code == first.code
    key: dict[str, Any] = {"service": settling.service, "person": person(), "answers": ANSWERS, "idempotency_key": "k2"}
    one = actions.apply(at=settling.later(), materials=files("card", "proof"), **key)
    two = actions.apply(at=settling.later(), materials=files("card", "proof"), **key)
    assert two.application == one.application and two.again and Application.objects.count() == 2
    with pytest.raises(actions.KeyUsed):
        actions.apply(at=settling.later(), materials=files("card", "proof"), **{**key, "answers": {"why": "work"}})
    with pytest.raises(actions.NotPossibleNow):
        actions.submit(draft, at=settling.later(), **{**given, "idempotency_key": "other"})


def test_the_code_opens_the_draft_on_another_device(settling: Settling) -> None:
    begun = actions.begin(settling.service, at=settling.later())
    actions.save(begun.application, answers={"place": "成都"}, person=person(), at=settling.later())
    found = Application.objects.with_code(begun.application.number.lower(), begun.code)
    assert found and found.opened_contact().name == NAME
    assert Application.objects.with_code(begun.application.number, "000000") != found or begun.code == "000000"
    assert not Application.objects.visible_to(settling.who("clerk")).exists()


def test_only_one_correction_and_it_names_everything(settling: Settling) -> None:
    application = settling.submitted()
    clerk = settling.who("clerk")
    with pytest.raises(actions.NothingWrong):
        actions.correct(application, faults=[], by=clerk, at=settling.later())
    with pytest.raises(actions.NothingGiven):
        actions.correct(application, faults=[Fault("card", "错")], by=clerk, at=settling.later())
    at = settling.later()
    actions.correct(application, faults=[Fault("proof", "看不清公章")], by=clerk, at=at)
    with pytest.raises(actions.NotPossibleNow):
        actions.correct(application, faults=[Fault("card", "过期了，换新的")], by=clerk, at=settling.later())
    with pytest.raises(actions.NotAsked):
        actions.supply(application, materials=files("card"), at=settling.later())
    with pytest.raises(actions.NotYetComplete, match="居住证明"):
        actions.supply(application, materials=[], at=settling.later())
    actions.supply(application, materials=files("proof", mark="2"), at=settling.later())
    with pytest.raises(actions.SeenBefore, match="身份证"):
        actions.correct(
            application, faults=[Fault("card", "身份证过期了")], by=settling.who("approver"), at=settling.later()
        )
    again: dict[str, Any] = {"faults": [Fault("proof", "新交的这份缺第二页")], "reason": "第二份材料今天才交"}
    with pytest.raises(NotAllowed):
        actions.correct(application, by=settling.who("reviewer"), at=settling.later(), **again)


def test_a_second_correction_is_for_a_leader_and_counted(settling: Settling) -> None:
    application = settling.corrected()
    actions.supply(application, materials=files("proof", mark="2"), at=settling.later())
    again: dict[str, Any] = {"faults": [Fault("proof", "新交的这份缺第二页")]}
    with pytest.raises(actions.LeaderNeeded):
        actions.correct(application, by=settling.who("clerk"), at=settling.later(), reason="漏看", **again)
    leader = settling.who("approver")
    with pytest.raises(actions.NothingGiven):
        actions.correct(application, by=leader, at=settling.later(), **again)
    actions.correct(application, by=leader, at=settling.later(), reason="第二份材料今天才交", **again)
    assert settling.fresh(application).corrections_count == 2


def test_untold_for_five_workdays_counts_as_accepted_from_receipt(settling: Settling) -> None:
    application = settling.submitted()
    received = application.submitted_at
    assert received and application.tell_by
    jobs.watch(at=application.tell_by - timedelta(seconds=1))
    assert settling.fresh(application).state == State.SUBMITTED
    jobs.watch(at=application.tell_by)
    application = settling.fresh(application)
    assert application.state == State.ACCEPTED and application.deemed and application.accepted_at == received
    assert "accepted" in settling.told(application)
    assert jobs.watch(at=application.touched_at) is False


def test_of_two_who_press_at_once_one_succeeds(settling: Settling) -> None:
    application = settling.accepted()
    step = settling.step(application, "check")
    actions.step(step, outcome="ok", by=settling.who("clerk"), at=settling.later())
    with pytest.raises(AlreadyFinished):
        actions.step(step, outcome="ok", by=settling.who("clerk2"), at=settling.later())
    with pytest.raises(NotAllowed):
        actions.step(settling.step(application, "labour"), outcome="go", by=settling.who("clerk"), at=settling.later())


def test_two_persons_sign_and_a_denial_says_why(settling: Settling) -> None:
    application = settling.reviewed()
    with pytest.raises(actions.NoProposal):
        actions.decide(application, said=actions.Said("granted"), by=settling.who("approver"), at=settling.later())
    with pytest.raises(actions.ReasonNeeded, match="legal basis"):
        actions.propose(
            application, said=actions.Said("denied", "不符合"), by=settling.who("approver"), at=settling.later()
        )
    denial = actions.Said("denied", "参保不满一年，不符合规定", "医保条例第九条", "满一年后可以再来")
    actions.propose(application, said=denial, by=settling.who("approver"), at=settling.later())
    with pytest.raises(actions.SamePerson):
        actions.decide(application, by=settling.who("approver"), at=settling.later())
    actions.propose(application, said=denial, by=settling.who("reviewer"), at=settling.later())
    with pytest.raises(actions.OtherProposal):
        actions.decide(application, said=actions.Said("granted"), by=settling.who("approver"), at=settling.later())
    document = actions.decide(application, by=settling.who("approver"), at=settling.later())
    application = settling.fresh(application)
    assert document.paper == "denial" and application.result == "denied"
    assert application.run and application.run.result == "denied" and settling.told(application)[-1] == "denied"


def test_a_document_is_replaced_and_revoked_with_its_trace(settling: Settling) -> None:
    application = settling.decided()
    first = Document.objects.decisions().get(application=application)
    approver = settling.who("approver")
    second = actions.replace(first, reason="姓名写错一个字", by=approver, at=settling.later())
    first.refresh_from_db()
    assert first.standing == Verified.REPLACED and second.sha256 != first.sha256
    with pytest.raises(actions.NotInForce):
        actions.revoke(first, reason="再撤一次看看", by=approver, at=settling.later())
    actions.revoke(second, reason="以欺骗手段取得", by=approver, at=settling.later())
    second.refresh_from_db()
    assert second.standing == Verified.REVOKED
    with pytest.raises(TypeError):
        second.save()
    assert settling.told(application)[-2:] == ["replaced", "revoked"]


def test_a_special_procedure_moves_the_dates_by_its_days(settling: Settling) -> None:
    application = settling.accepted()
    approver, before = settling.who("approver"), application.promised_at
    with pytest.raises(actions.NotListed):
        actions.suspend(application, kind="waiting", days=3, basis="法", by=approver, at=settling.later())
    actions.suspend(application, kind="experts", days=7, basis="行政许可法四十五条", by=approver, at=settling.later())
    with pytest.raises(actions.NotPossibleNow):
        actions.step(settling.step(application, "check"), outcome="ok", by=settling.who("clerk"), at=settling.later())
    application = actions.resume(application, by=approver, at=settling.later(days=2))
    assert before and application.promised_at and application.promised_at > before
    assert application.first_promised_at == before and application.state == State.ACCEPTED


def test_a_clock_set_back_is_refused_by_name(settling: Settling) -> None:
    application = settling.submitted()
    before = application.touched_at - timedelta(hours=1)
    clerk = settling.who("clerk")
    with pytest.raises(actions.ClockSetBack):
        actions.accept(application, by=clerk, at=before)
    with pytest.raises(actions.ClockSetBack):
        actions.correct(application, faults=[Fault("card", "身份证过期了")], by=clerk, at=before)
    with pytest.raises(actions.ClockSetBack):
        actions.withdraw(application, at=before)
    accepted = actions.accept(application, by=clerk, at=settling.later())
    with pytest.raises(actions.ClockSetBack):
        actions.step(settling.step(accepted, "check"), outcome="ok", by=clerk, at=before)
    handed = Handed.objects.filter(application=settling.submitted()).first()
    assert handed
    with pytest.raises(actions.ClockSetBack):
        actions.look(handed, verdict="good", by=clerk, at=before)


def test_an_abolished_office_hands_its_steps_on(settling: Settling) -> None:
    application = settling.reviewed()
    second = settling.accepted()
    actions.step(settling.step(second, "check"), outcome="ok", by=settling.who("clerk"), at=settling.later())
    labour, water = settling.cast.offices["labour"], settling.cast.offices["water"]
    labour.valid_to, labour.successor = settling.at.date(), water
    labour.save()
    jobs.watch(at=settling.later())
    assert settling.step(second, "labour").office == water and settling.step(application, "labour").office == labour
    housing = settling.cast.offices["housing"]
    step = settling.step(second, "labour")
    approver = settling.who("approver")
    with pytest.raises(actions.OfficeGone):
        actions.reassign(step, office=labour, reason="退回原单位", by=approver, at=settling.later())
    prove(lambda: actions.reassign(step, office=housing, reason="职责划转", by=approver, at=settling.at))
    third = settling.accepted()
    actions.step(settling.step(third, "check"), outcome="ok", by=settling.who("clerk"), at=settling.later())
    assert settling.step(third, "labour").office == water


def test_paper_keeps_both_dates_and_takes_a_number_of_the_outage(settling: Settling) -> None:
    clerk, medical = settling.who("clerk"), settling.cast.offices["medical"]
    kept = actions.spare_numbers(office=medical, count=2, by=clerk, at=settling.later())
    received = settling.later()
    given: dict[str, Any] = {
        "service": settling.service, "answers": ANSWERS, "person": actions.Person(Contact(NAME)), "by": clerk,
        "materials": [actions.Given("card"), actions.Given("proof")],
    }  # fmt: skip
    settling.later(hours=5)
    found = actions.receive(received_at=received, number=kept[0].number, at=settling.at, **given)
    application = found.application
    assert (application.number, found.code) == kept[0] and application.channel == "paper"
    assert application.submitted_at == received and application.recorded_at == settling.at
    with pytest.raises(actions.NumberUsed):
        actions.receive(received_at=received, number=kept[0].number, at=settling.later(), **given)
    with pytest.raises(actions.NotYetDay):
        actions.receive(received_at=settling.at + timedelta(days=1), at=settling.later(), **given)
    with pytest.raises(NotAllowed):
        actions.receive(at=settling.later(), **{**given, "by": settling.who("neighbour")})


def test_leaving_the_road(settling: Settling) -> None:
    one = actions.withdraw(settling.accepted(), at=settling.later(), reason="不想办了")
    assert one.state == State.WITHDRAWN and _run_of(settling, one).result == "cancelled"
    two = settling.submitted()
    actions.close(two, reason="申请人去世", died=True, by=settling.who("clerk"), at=settling.later())
    assert "closed" not in settling.told(two)
    with pytest.raises(actions.NotPossibleNow):
        actions.accept(two, by=settling.who("clerk"), at=settling.later())
    three = settling.submitted()
    refusal: dict[str, Any] = {
        "basis": "职权规定",
        "reason": "不属于本县职权范围",
        "go_to": "西安市医保局",
        "remedy": "六十日内复议",
    }
    refused = actions.refuse(three, by=settling.who("clerk"), at=settling.later(), **refusal)
    assert refused.state == State.REFUSED and Document.objects.filter(application=three, paper="refusal").exists()
    with pytest.raises(actions.NoPhone):
        actions.change_phone(three, phone="12", by=settling.who("clerk"), at=settling.later())
    actions.change_phone(three, phone="13900009999", by=settling.who("clerk"), at=settling.later())
    assert "phone" in settling.told(three) and settling.fresh(three).opened_contact().phone == "13900009999"


def test_ratings_are_one_each_and_bad_ones_are_tasks(settling: Settling) -> None:
    application = settling.submitted()
    with pytest.raises(actions.NotYetOver):
        actions.rate(application, grade=5, at=settling.later())
    contact = actions.rate(application, grade=4, moment="contact", contact="window", at=settling.later())
    assert contact.answer_by is None
    application = actions.withdraw(application, at=settling.later())
    with pytest.raises(actions.NoGrade):
        actions.rate(application, grade=6, at=settling.later())
    bad = actions.rate(application, grade=4, conduct=1, text="态度不好", at=settling.later())
    assert bad.is_bad and bad.answer_by
    with pytest.raises(actions.RatedAlready):
        actions.rate(application, grade=5, at=settling.later())
    with pytest.raises(NotAllowed):
        actions.answer_rating(bad, found="true", answer="已道歉", by=settling.who("clerk"), at=settling.later())
    answer: dict[str, Any] = {"found": "true", "answer": "已当面道歉并培训", "by": settling.who("approver")}
    actions.answer_rating(bad, at=settling.later(), **answer)
    with pytest.raises(actions.NotBad):
        actions.answer_rating(bad, at=settling.later(), **answer)


def test_no_event_no_change(settling: Settling) -> None:
    application, clerk = settling.submitted(), settling.who("clerk")
    at = settling.later()
    prove(lambda: actions.correct(application, faults=[Fault("proof", "看不清公章")], by=clerk, at=at))
    prove(lambda: actions.supply(application, materials=files("proof", mark="2"), at=at))
    prove(lambda: actions.accept(application, by=clerk, at=at))
    prove(lambda: actions.step(settling.step(settling.fresh(application), "check"), outcome="ok", by=clerk, at=at))
    prove(lambda: actions.withdraw(application, at=at))


@pytest.mark.parametrize("who", ["neighbour", "labour_reviewer", "labour_approver", "cataloguer"])
def test_the_neighbour_sees_and_does_nothing(settling: Settling, who: str) -> None:
    application, by = settling.submitted(), settling.who(who)
    assert not Application.objects.visible_to(by).exists()
    deeds: tuple[Callable[[], object], ...] = (
        lambda: actions.accept(application, by=by, at=settling.later()),
        lambda: actions.correct(application, faults=[Fault("card", "身份证过期了")], by=by, at=settling.later()),
        lambda: actions.close(application, reason="没有理由", by=by, at=settling.later()),
        lambda: actions.change_phone(application, phone=PHONE, by=by, at=settling.later()),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert settling.fresh(application).state == State.SUBMITTED


def test_a_new_calendar_moves_the_dates_and_the_person_is_told(settling: Settling) -> None:
    application = settling.accepted()
    before = application.promised_at
    assert before
    CalendarDay.objects.create(date=local(before).date(), is_workday=False, name="新增", source="test")
    forget_all()
    day = CalendarDay.objects.latest("date")
    ledger.note("calendar.imported", day, by=None, at=settling.later())
    jobs.watch(at=settling.later())
    application = settling.fresh(application)
    assert application.promised_at and application.promised_at > before
    assert application.first_promised_at == before and settling.told(application)[-1] == "moved"
    jobs.watch(at=settling.later())
    assert settling.told(application).count("moved") == 1


def _run_of(settling: Settling, application: Application) -> Run:
    run = settling.fresh(application).run
    assert run is not None
    return run
