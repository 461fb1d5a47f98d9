"""The roads of the demo's voices: heard, sorted, settled, answered, and sometimes not."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from lianxin.kit.clock import local
from lianxin.listen import actions as listen
from lianxin.listen.models import Subject, Voice
from lianxin.listen.rules import Decline
from lianxin.people.models import Office, User
from lianxin.project.demo import words
from lianxin.project.demo.days import Days
from lianxin.project.demo.staff import Staff
from lianxin.project.demo.words import Theme
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Attempt, Case, Confirmation
from lianxin.resolve.rules import Result, State


class Story:
    """One voice on its road, told deed by deed; each deed goes through the same action as a real one."""

    def __init__(self, rng: Random, staff: Staff, days: Days, voice: Voice, theme: Theme, subject: Subject) -> None:
        self.rng, self.staff, self.days, self.voice, self.theme, self.subject = rng, staff, days, voice, theme, subject
        self.dispatcher = self._one_of("dispatcher", "dispatcher2")
        self.examiner = self._one_of("examiner", "examiner2")
        self.lead: Office = staff.offices[theme.office]
        self.case: Case | None = None

    def _one_of(self, *keys: str) -> User:
        return self.staff.officers[self.rng.choice(keys)]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # -- triage ---------------------------------------------------------------------------------------------------

    def sort(self, alike: Case | None) -> Case | None:
        """Sort the voice: answer, decline, transfer, join to a case like it, or register one of its own."""
        if self.voice.addressee_id:
            return self._read_letter()
        at = self.days.on(0.05, 0.9)
        item = self.voice.items.get()
        listen.classify(item, subject=self.subject, level=self.theme.level, by=self.dispatcher, at=at)
        fate = self.rng.random()
        if fate < 0.35 and self.theme.kind == "consult":
            listen.answer(item, text=f"{self.rng.choice(self.theme.done)}。", by=self.dispatcher, at=at)
        elif fate < 0.02:
            reason = self.rng.choice([Decline.LEGAL_ROAD, Decline.REPEATED, Decline.OUTSIDE])
            listen.decline(item, reason=reason, text="已向您说明原因和可以走的路。", by=self.dispatcher, at=at)
        elif fate < 0.05:
            listen.transfer(
                item, to="市公积金管理中心", text="这件事由市里办理，已经转过去。", by=self.dispatcher, at=at
            )
        elif alike is not None and self.chance(0.6):
            resolve.join(alike, items=[item], by=self.dispatcher, at=at)
        else:
            self.case = self._register([item], at)
        return self.case

    def _read_letter(self) -> Case | None:
        at = self.days.on(0.2, 2.0)
        addressee = self.voice.addressee
        if addressee is None or addressee.holder is None:
            return None
        reader = addressee.holder
        listen.read_letter(self.voice, by=reader, at=at)
        at = self.days.on(0.01, 0.3)
        if self.chance(0.55):
            text = "请有关单位当天到现场核实，三天内把结果报我，并直接答复来信人。"
            self.case = resolve.instruct_letter(self.voice, text=text, by=reader, at=at, title=self._title())
            item = self.voice.items.get()
            listen.classify(item, subject=self.subject, by=self.dispatcher, at=self.days.on(0.01, 0.2))
            return self.case
        listen.hand_on(self.voice, by=reader, at=at)
        at = self.days.on(0.1, 0.6)
        item = self.voice.items.get()
        listen.classify(item, subject=self.subject, level=self.theme.level, by=self.dispatcher, at=at)
        self.case = self._register([item], at)
        return self.case

    def _title(self) -> str:
        return self.theme.title.format(village=self.voice.area.name if self.voice.area else "")

    def _register(self, items: list[object], at: datetime) -> Case:
        return resolve.register(
            items=items,  # type: ignore[arg-type]
            title=self._title(), subject=self.subject, area=self.voice.area, level=self.theme.level,
            kind=self.theme.kind, by=self.dispatcher, at=at,
        )  # fmt: skip

    # -- the road of the case -------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Walk the case as far as the time of the demo goes. Raises NotYet at its end."""
        if self.case is None:
            return
        if self.chance(0.03):
            resolve.alarm(self.case, reason="影响面大，有安全隐患", by=self.dispatcher, at=self.days.on(0.01, 0.05))
        if self.chance(0.25):
            resolve.diagnose(self.case, text="先和村里一起看现场", by=self.dispatcher, at=self.days.on(0.05, 0.4))
            if self.chance(0.4):
                reason = "村里和镇里试过，一家解决不了，需要会诊"
                resolve.consult(
                    self.case, reason=reason, by=self.dispatcher, at=self.days.on(0.2, 1.5), offices=[self.lead]
                )
        self._dispatch()
        self._handle()
        self._check()
        self._hear_back()

    def _dispatch(self) -> None:
        at = self.days.on(0.02, 0.7)
        assists = [self._town()] if self.chance(0.2) else []
        self.case = resolve.dispatch(
            self._case(), lead=self.lead, coordinator=self.dispatcher, by=self.dispatcher, at=at, assists=assists,
            handler=self._handler(),
        )  # fmt: skip

    def _town(self) -> Office:
        area = self.voice.area
        number = 0
        if area is not None:
            names = [office.name for key, office in self.staff.offices.items() if key.startswith("town")]
            parent = area.parent.name if area.parent else ""
            number = next((i for i, name in enumerate(names) if name.startswith(parent)), 0)
        return self.staff.offices[f"town{number}"]

    def _case(self) -> Case:
        if self.case is None:
            raise AssertionError("A deed on a case needs a case.")
        self.case.refresh_from_db()
        return self.case

    def _handler(self) -> User:
        return self.staff.handler_of(self.lead)

    def _handle(self) -> None:
        resolve.take(
            self._case().tasks.get(state="open", office=self.lead), by=self._handler(), at=self.days.on(0.02, 0.6)
        )
        if self.chance(0.06):
            self._return()
        if self.chance(0.7):
            text = self.rng.choice(words.PROGRESS)
            resolve.progress(self._case(), text=text, public=True, by=self._handler(), at=self.days.on(0.2, 1.5))
        if self.chance(0.09):
            self._extend()
        if self.chance(0.04):
            self._suspend()
        for task in self._case().tasks.filter(state="open", part="assist"):
            handler = self.staff.handler_of(task.office)
            resolve.report(task, text="已配合到现场，协助做好群众工作。", by=handler, at=self.days.on(0.1, 1.0))
        slow = (3.0, 12.0) if self.chance(0.12) else (0.2, 2.2)
        self._finish(*slow)

    def _return(self) -> None:
        task = self._case().tasks.get(state="open", office=self.lead)
        try:
            resolve.return_(task, reason=self.rng.choice(words.RETURNS), by=self._handler(), at=self.days.on(0.02, 0.3))
        except resolve.TooLateToReturn:
            return
        if self.chance(0.5):
            self.lead = self.staff.offices["housing" if self.lead.pk != self.staff.offices["housing"].pk else "urban"]
        reason = "按职责分工裁定，由该单位牵头，不得再退。"
        resolve.rule(self._case(), reason=reason, lead=self.lead, by=self.dispatcher, at=self.days.on(0.05, 0.5))

    def _extend(self) -> None:
        case = self._case()
        at = self.days.on(0.05, 0.5)
        if case.due_at is None or at >= case.due_at:
            return
        due = case.due_at + timedelta(days=7)
        resolve.extend(case, due=due, reason=self.rng.choice(words.EXTENSIONS), by=self._handler(), at=at)
        at = self.days.on(0.05, 0.5)
        leader = self.staff.officers["deputy"]
        resolve.decide_extension(self._case(), granted=self.chance(0.8), text="情况属实", by=leader, at=at)

    def _suspend(self) -> None:
        at = self.days.on(0.1, 0.5)
        review = local(at).date() + timedelta(days=30)
        leader = self.staff.officers["deputy"]
        resolve.suspend(self._case(), reason=self.rng.choice(words.SUSPENSIONS), review_on=review, by=leader, at=at)
        resolve.resume(self._case(), by=self.dispatcher, at=self.days.on(8, 40))

    def _finish(self, least: float, most: float) -> None:
        at = self.days.on(least, most)
        result = self.rng.choices([Result.SOLVED, Result.RELIEVED, Result.EXPLAINED, Result.REFUSED], [80, 8, 10, 2])[0]
        effect = local(at).date() if result in (Result.SOLVED, Result.RELIEVED) else None
        resolve.finish(
            self._case(), result=result, text=f"{self.rng.choice(self.theme.done)}。", effect_on=effect,
            root_cause=self.rng.choice(self.theme.found), explained="协办的部分前次已经完成。",
            by=self._handler(), at=at,
        )  # fmt: skip

    def _check(self) -> None:
        if self.chance(0.07):
            finding = self.rng.choice(words.MISMATCHES)
            resolve.reexamine(self._case(), matched=False, finding=finding, by=self.examiner, at=self.days.on(0.1, 1.0))
            self._finish(0.5, 2.5)
        finding = self.rng.choice(words.FINDINGS)
        at = self.days.on(0.1, 1.0)
        resolve.reexamine(
            self._case(), matched=True, finding=finding, on_site=self.chance(0.4), by=self.examiner, at=at
        )
        case = self._case()
        text = f"您好，您反映的事已经办了：{case.result_text}经复核情况属实。感谢您说出来。"
        self.case = resolve.reply(case, text=text, by=self.examiner, at=self.days.on(0.02, 0.4))

    # -- what people say of it ------------------------------------------------------------------------------------

    def _hear_back(self) -> None:
        if self.chance(0.3):
            self._publish()
        wanting = self._case().joins.filter(item__voice__wants_reply=True).select_related("item__voice")
        for join in wanting:
            if self.chance(0.72):
                at = self.days.on(0.2, 4.0)
                good = self.chance(0.9)
                self.case = resolve.confirm(
                    self._case(), join=join, at=at,
                    solved=Confirmation.Solved.YES if good else Confirmation.Solved.NO,
                    result_grade=self.rng.choice([5, 5, 4, 4, 3]) if good else self.rng.choice([1, 2]),
                    handling_grade=self.rng.choice([5, 4, 4, 3]), quotable=self.chance(0.4),
                    words=self.rng.choice(words.PRAISE if good else words.BLAME) if self.chance(0.6) else "",
                )  # fmt: skip
                if self._case().state == State.REOPENED:
                    self._again()
                    return
                if self._case().state == State.CLOSED:
                    return
        self._close()

    def _again(self) -> None:
        self._dispatch()
        resolve.take(
            self._case().tasks.get(state="open", office=self.lead), by=self._handler(), at=self.days.on(0.02, 0.4)
        )
        self._finish(0.5, 2.5)
        self._check()
        self._close()

    def _close(self) -> None:
        if self._case().state != State.ANSWERED:
            return
        for way in (Attempt.Way.PHONE, Attempt.Way.PHONE, Attempt.Way.VISIT):
            resolve.attempt(self._case(), way=way, text="没有人接", by=self.examiner, at=self.days.on(0.3, 1.5))
        cause = self.rng.choice(self.theme.found)
        resolve.close(self._case(), root_cause=cause, by=self.examiner, at=self.days.on(0.1, 0.5))

    def _publish(self) -> None:
        case = self._case()
        question = self.voice.text if len(self.voice.text) < 200 else self.voice.text[:200]
        at = self.days.on(0.05, 0.5)
        resolve.draft_public(
            case, title=case.title, question=question, answer=case.result_text, by=self.examiner, at=at
        )
        if self.chance(0.85):
            resolve.publish(self._case(), by=self.staff.officers["editor"], at=self.days.on(0.1, 1.0))
