"""Whether it is so (复诊对账), and what the people say: reexamine, reply, attempt, confirm, close, reopen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Term
from lianxin.kit.text import clean, cut
from lianxin.ledger import actions as ledger
from lianxin.people import actions as people
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import User
from lianxin.people.rules import Holding, Power
from lianxin.resolve import rules
from lianxin.resolve.actions import clock
from lianxin.resolve.actions.course import ROOT_CAUSE_MAX
from lianxin.resolve.actions.deed import Begun, CaseRefusal, begin, iso, lock, moment, no_such_move, note, selves
from lianxin.resolve.actions.notice import tell, voices_behind
from lianxin.resolve.models import Attempt, Case, Confirmation, Join, Reexamination, Reply, Task, hands_on, window_of
from lianxin.resolve.rules import Deed, Part, State

WORDS_MAX = 1000  # of the person, at the confirmation


class OwnWork(CaseRefusal):
    """Who worked on a case does not judge it."""

    status = 403
    words = _("You, or the colleague you stand in for, worked on this case. Somebody else must do this.")


class SameOffice(CaseRefusal):
    """The office that leads does not judge its own work."""

    status = 403
    words = _("Your post belongs to the office that led this case. Somebody from another office must re-examine it.")


class AlreadyReexamined(CaseRefusal):
    """A colleague was faster."""

    words = _("%(name)s re-examined it at %(time)s and found it so. Now the people can be answered.")


class NotReexamined(CaseRefusal):
    """Nobody has looked whether it is so."""

    words = _("Before the people are answered, somebody who did not work on it must re-examine it and find it so.")


class NotBehind(CaseRefusal):
    """The point does not feed this case."""

    status = 404
    words = _("This voice does not belong to case %(number)s.")


class NoSuchGrade(CaseRefusal):
    """An answer that is not in the list."""

    status = 422
    words = _("Please choose one of the answers in the list.")


class AlreadyConfirmed(CaseRefusal):
    """One word per person and answer."""

    words = _("You have told us already, on %(time)s. Thank you.")


class WindowOver(CaseRefusal):
    """The time for objections is over; a new voice is always possible."""

    words = _("This was answered on %(time)s and the time to object is over. If it is not solved, please tell us anew.")


class PeopleNotAsked(CaseRefusal):
    """A case is not closed over the heads of its people."""

    words = _(
        "%(people)s of the people behind it have not confirmed. Ask them, note %(attempts)s attempts in %(ways)s"
        " different ways, or wait until %(until)s."
    )


class RootCauseMissing(CaseRefusal):
    """A problem that repeats is not closed without its cause."""

    status = 422
    words = _("Several people told of this, or it came back. Before it is closed, please name the root cause.")


class MergedAway(CaseRefusal):
    """A merged case lives on in another."""

    words = _("This case was merged into %(number)s. Please reopen that one.")


@transaction.atomic
def reexamine(case: Case, *, matched: bool, finding: str, by: User, at: datetime, on_site: bool = False) -> Case:
    """Look whether it is as the office says (复诊), as somebody without a hand in it and not of the office that led.

    Matched: the people can be answered. Not matched: it goes back to who said it was done, with the finding; the clock
    has never stopped. Raises OwnWork, SameOffice, AlreadyReexamined, NothingSaid, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.REEXAMINE, by=by, at=at)
    case = begun.case
    _refuse_own_work(begun, by=by)
    if begun.holding.office_id == case.lead_id:
        raise SameOffice()
    if case.reexamined_at:
        last = case.reexaminations.select_related("by").latest("id")
        raise AlreadyReexamined(name=last.by.name, time=moment(last.at, at=at))
    Reexamination.objects.create(case=case, matched=matched, on_site=on_site, finding=said(finding), at=at, by=by)
    if matched:
        case.reexamined_at = at
    else:
        _send_back(case, finding, at=at)
    case.save(update_fields=["state", "result", "effect_on", "finished_at", "reexamined_at"])
    note(begun, Deed.REEXAMINE, by=by, at=at, matched=matched, on_site=on_site, due=iso(case.due_at))
    return case


@transaction.atomic
def reply(case: Case, *, text: str, by: User, at: datetime) -> Case:
    """Answer everybody behind a case with one reply, after a re-examination that found it so.

    Each person who wants a reply and can be reached gets one message; who wants none gets none. Raises NotReexamined,
    NothingSaid, TooLong, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.REPLY, by=by, at=at)
    case = begun.case
    if case.reexamined_at is None:
        raise NotReexamined()
    answer = Reply.objects.create(case=case, text=said(text), at=at, by=by)
    case.state, case.answered_at = State.ANSWERED, at
    case.save(update_fields=["state", "answered_at"])
    told = tell(case, "case.answered", event=f"reply:{answer.pk}", at=at)
    note(begun, Deed.REPLY, by=by, at=at, reply=answer.pk, told=told, due=iso(case.due_at))
    return case


@transaction.atomic
def attempt(case: Case, *, way: str, by: User, at: datetime, text: str = "", join: Join | None = None) -> Attempt:
    """Note an attempt to reach a person for confirmation; without `join` it was made to all who are behind the case.

    Raises NoSuchGrade for an unknown way, NotBehind, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.ATTEMPT, by=by, at=at)
    if way not in Attempt.Way.values:
        raise NoSuchGrade()
    if join and not Join.objects.filter(pk=join.pk, case=begun.case).exists():
        raise NotBehind(number=begun.case.number)
    tried = Attempt.objects.create(case=begun.case, join=join, way=way, note=line(text, most=200), at=at, by=by)
    note(begun, Deed.ATTEMPT, by=by, at=at, way=way, attempt=tried.pk)
    return tried


@transaction.atomic
def confirm(
    case: Case, *, join: Join, solved: str, at: datetime, result_grade: int | None = None,
    handling_grade: int | None = None, words: str = "", quotable: bool = False, asked_by: User | None = None,
) -> Case:  # fmt: skip
    """Take what one person behind the case says of it; the caller has checked receipt and code, or `asked_by` asked.

    Not solved, or a bad grade for the result: the case is reopened by rule, also after it was closed, until the window
    after the reply is over. When everybody who wants a reply has spoken well it is closed; if the problem repeats and
    nobody has named its root cause, it waits for an officer to close it. Each voice speaks once to each reply.
    `asked_by` needs the power to reply and may have no hand in the case. Raises NotBehind, NoSuchGrade,
    AlreadyConfirmed, WindowOver, OwnWork, NoSuchMove, NotAllowed.
    """
    case = lock(case)
    holding = _asker(case, asked_by, at=at) if asked_by else None
    fed = Join.objects.filter(pk=join.pk, case=case).select_related("item__voice").first()
    if fed is None:
        raise NotBehind(number=case.number)
    if not rules.may(Deed.CONFIRM, case.state) or case.answered_at is None:
        raise no_such_move(case, Deed.CONFIRM, at=at)
    _refuse_odd_word(case, fed, solved, [result_grade, handling_grade], at=at)
    own = cut(clean(words).strip(), WORDS_MAX)
    Confirmation.objects.create(
        case=case, join=fed, life=case.reopened, solved=solved, result_grade=result_grade,
        handling_grade=handling_grade, words=own, quotable=quotable and bool(own), at=at, asked_by=asked_by,
    )  # fmt: skip
    life, old = case.reopened, case.state
    if rules.reopens(solved, result_grade):
        _open_again(case, at=at)
    elif case.state == State.ANSWERED and not _silent(case) and not _lacks_cause(case):
        _shut(case, at=at)
    data = {
        "item": str(fed.item), "solved": solved, "result_grade": result_grade, "handling_grade": handling_grade,
        "life": life, "from": old, "to": case.state, "due": iso(case.due_at), "first_due": iso(case.first_due_at),
    }  # fmt: skip
    ledger.note(
        rules.verb(Deed.CONFIRM), case, by=asked_by, at=at, behalf=holding.behalf if holding else None, data=data
    )
    return case


@transaction.atomic
def close(case: Case, *, by: User, at: datetime, root_cause: str = "") -> Case:
    """Close an answered case without the word of everybody: who is silent was tried often enough, or had the time.

    Enough are rules.ATTEMPTS_NEEDED documented attempts in rules.CHANNELS_NEEDED ways for each of them (I-52), or the
    end of the window. A problem that repeats needs its root cause, given now or before (CAS-12). Raises PeopleNotAsked,
    RootCauseMissing, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.CLOSE, by=by, at=at)
    case = begun.case
    until, untried = window_of(case), _untried(case)
    if untried and until and at < until:
        raise PeopleNotAsked(
            people=len(untried), attempts=rules.ATTEMPTS_NEEDED, ways=rules.CHANNELS_NEEDED, until=moment(until, at=at)
        )
    case.root_cause = line(root_cause, most=ROOT_CAUSE_MAX) or case.root_cause
    if _lacks_cause(case):
        raise RootCauseMissing()
    _shut(case, at=at)
    note(begun, Deed.CLOSE, by=by, at=at, silent=len(_silent(case)), result=case.result, root_cause=case.root_cause)
    return case


@transaction.atomic
def reopen(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """Take up an answered or closed case again, with a reason; the people are told.

    A new term of the same limit begins at this moment, whenever it will be dispatched; the date first promised stays on
    the case and both dates in the ledger. Raises MergedAway, TooShort, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.REOPEN, by=by, at=at)
    case, given, old = begun.case, why(reason), begun.case.due_at
    if case.merged_into:
        raise MergedAway(number=case.merged_into.number)
    _open_again(case, at=at)
    note(
        begun, Deed.REOPEN, by=by, at=at, reason=given, life=case.reopened, old_due=iso(old), due=iso(case.due_at),
        first_due=iso(case.first_due_at),
    )  # fmt: skip
    return case


def _refuse_own_work(begun: Begun, *, by: User) -> None:
    if hands_on(begun.case) & selves(begun, by):
        raise OwnWork()


def _asker(case: Case, asked_by: User, *, at: datetime) -> Holding:
    holding = people.need(asked_by, Power.REPLY, office_id=case.office_id, at=at)
    _refuse_own_work(Begun(case, holding), by=asked_by)
    return holding


def _send_back(case: Case, finding: str, *, at: datetime) -> None:
    """Give a case back to who said it was done: the office that leads, or before dispatch the first diagnosis."""
    case.state = State.HANDLING if case.lead_id else State.DIAGNOSING
    case.result, case.effect_on, case.finished_at = "", None, None
    if case.lead_id:
        last = case.tasks.filter(part=Part.LEAD).order_by("-id").first()
        Task.objects.create(
            case=case, office_id=case.lead_id, part=Part.LEAD, wish=finding, opened_at=at, due_at=case.due_at,
            handler=last.handler if last else None, taken_at=at if last and last.handler_id else None, forced=True,
        )  # fmt: skip


def _refuse_odd_word(case: Case, join: Join, solved: str, grades: list[int | None], *, at: datetime) -> None:
    if solved not in Confirmation.Solved.values or not {*grades} <= {None, *Confirmation.Grade.values}:
        raise NoSuchGrade()
    voice = join.item.voice_id
    said_before = Confirmation.objects.filter(case=case, join__item__voice=voice, life=case.reopened).first()
    if said_before:
        raise AlreadyConfirmed(time=moment(said_before.at, at=at))
    until = window_of(case)
    if case.answered_at and until and at >= until:
        raise WindowOver(time=moment(case.answered_at, at=at))


def _silent(case: Case) -> set[int]:
    """Return the voices that want a reply and have said nothing of this one."""
    spoken = Confirmation.objects.filter(case=case, life=case.reopened).values("join__item__voice")
    return set(voices_behind(case).filter(wants_reply=True).exclude(pk__in=spoken).values_list("pk", flat=True))


def _untried(case: Case) -> list[int]:
    """Return the silent voices that nobody has tried often enough to reach since the reply."""
    tried = case.attempts.filter(at__gte=case.answered_at).values_list("way", "join__item__voice")
    return [
        voice for voice in _silent(case)
        if not rules.attempts_suffice(way for way, whom in tried if whom is None or whom == voice)
    ]  # fmt: skip


def _lacks_cause(case: Case) -> bool:
    """Tell whether the problem repeats, in a second life or told by several people, and its root cause is not named."""
    if case.root_cause:
        return False
    if case.reopened + 1 >= rules.REPEATED_FROM:
        return True
    if case.voices < rules.REPEATED_FROM:
        return False
    people = {index or f"voice {pk}" for pk, index in voices_behind(case).values_list("pk", "phone_index")}
    return len(people) >= rules.REPEATED_FROM


def _shut(case: Case, *, at: datetime) -> None:
    case.state, case.closed_at = State.CLOSED, at
    case.save(update_fields=["state", "closed_at", "root_cause"])


def _open_again(case: Case, *, at: datetime) -> None:
    """Begin a new life of a case, with a new term of the same limit, and tell the people."""
    case.state, case.result, case.effect_on = State.REOPENED, "", None
    case.finished_at = case.reexamined_at = case.answered_at = case.closed_at = None
    case.reopened += 1
    if case.dispatched_at:
        term = case.term or _usual_term(case, at=at)
        if term:
            end = clock.counted(at, term, office=case.lead_id)
            clock.start(case, term=term, end=end, at=at, office=case.lead_id)
    case.save(
        update_fields=[
            "state", "result", "effect_on", "finished_at", "reexamined_at", "answered_at", "closed_at", "reopened",
            *clock.CLOCK,
        ]
    )  # fmt: skip
    tell(case, "case.reopened", event=f"reopen:{case.reopened}", at=at)


def _usual_term(case: Case, *, at: datetime) -> Term | None:
    """Return the limit of a case whose date was set by hand; without one the old date stands until it is dispatched."""
    try:
        return clock.limit_term(clock.limit_key(case), at=at)
    except clock.NoLimit:
        return None
