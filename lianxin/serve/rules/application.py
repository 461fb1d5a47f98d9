"""The road of an application as tables: states, deeds, verdicts, limits. An official can read this page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit.clock import Calendar, Hours, Pause, Term, Unit, due, local
from lianxin.people.rules import Power


class State(models.TextChoices):
    """Where an application is on its road."""

    DRAFT = "draft", _("not sent yet")
    SUBMITTED = "submitted", _("handed in, being checked")  # 收件
    CORRECTION = "correction", _("waits for what is missing")  # 补正
    ACCEPTED = "accepted", _("accepted, being worked on")  # 受理
    SUSPENDED = "suspended", _("special procedure, the clock stands still")  # 特别程序
    DECIDING = "deciding", _("to be decided")
    DECIDED = "decided", _("decided")
    DELIVERED = "delivered", _("delivered")  # 送达
    REFUSED = "refused", _("not accepted")  # 不予受理
    WITHDRAWN = "withdrawn", _("withdrawn")
    CLOSED = "closed", _("closed without a decision")


class Result(models.TextChoices):
    """What came of it. Apart from state: delivered may be granted or denied."""

    GRANTED = "granted", pgettext_lazy("result of an application", "granted")
    DENIED = "denied", pgettext_lazy("result of an application", "denied")


class Channel(models.TextChoices):
    """How an application came in."""

    WEB = "web", pgettext_lazy("way of applying", "online")
    COUNTER = "counter", pgettext_lazy("way of applying", "at a counter")
    PAPER = "paper", pgettext_lazy("way of applying", "on paper, entered later")
    API = "api", pgettext_lazy("way of applying", "through a program")


class Verdict(models.TextChoices):
    """What the clerk found of one material."""

    GIVEN = "given", _("handed in, not looked at")
    GOOD = "good", _("in order")
    WRONG = "wrong", _("must be corrected")
    MISSING = "missing", _("missing")


class Deed(StrEnum):
    """One thing done to an application. The same word in URL, view, action, ledger, API and test."""

    SUBMIT = "submit"
    CORRECT = "correct"
    SUPPLY = "supply"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    REFUSE = "refuse"
    STEP = "step"
    ANSWER_STEP = "answer_step"
    SUSPEND = "suspend"
    RESUME = "resume"
    PROPOSE = "propose"
    DECIDE = "decide"
    REPLACE = "replace"
    REVOKE = "revoke"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    CHANGE_PHONE = "change_phone"
    REASSIGN = "reassign"


class Reach(StrEnum):
    """The office over which the power for a deed must be held."""

    OWN = "own"  # the office that answers for the service, or the counter that took it in
    STEP = "step"  # the office that owes the step


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a deed may be done, by whom, and where it leads (None: the state stays, or others decide)."""

    name: str | Promise
    start: frozenset[State]
    power: Power | None  # None: the applicant with number and code, or the clockwork
    end: State | None = None
    key: str = ""  # on the keyboard of the desk
    reach: Reach = Reach.OWN
    also: frozenset[Power] = frozenset()  # powers that do as well


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


S = State
CHECKING = _from(S.SUBMITTED, S.CORRECTION)
WORKING = _from(S.ACCEPTED, S.DECIDING)
STEPPING = WORKING | _from(S.DECIDED)  # after the decision a card may still be made
BEFORE_DECISION = CHECKING | WORKING | _from(S.SUSPENDED)
FINAL = _from(S.DELIVERED, S.REFUSED, S.WITHDRAWN, S.CLOSED)
OPEN = BEFORE_DECISION | _from(S.DECIDED)
ALL = frozenset(State)

MOVES: dict[Deed, Move] = {
    Deed.SUBMIT: Move(_("hand in"), _from(S.DRAFT), None, S.SUBMITTED),
    Deed.CORRECT: Move(
        _("ask for what is missing"), _from(S.SUBMITTED), Power.RECEIVE, S.CORRECTION, "c",
        also=frozenset({Power.DECIDE}),
    ),
    Deed.SUPPLY: Move(_("hand in what was missing"), _from(S.CORRECTION), None, S.SUBMITTED),
    Deed.ACCEPT: Move(_("accept"), _from(S.SUBMITTED), Power.RECEIVE, S.ACCEPTED, "a"),
    Deed.DEEM_ACCEPTED: Move(_("deemed accepted"), _from(S.SUBMITTED), None, S.ACCEPTED),
    Deed.REFUSE: Move(_("do not accept"), CHECKING, Power.RECEIVE, S.REFUSED, "x"),
    Deed.STEP: Move(_("finish a step"), STEPPING, Power.PROCESS, None, "s", Reach.STEP),
    Deed.ANSWER_STEP: Move(_("answer a step"), STEPPING, None),
    Deed.SUSPEND: Move(_("begin a special procedure"), WORKING, Power.DECIDE, S.SUSPENDED, "z"),
    Deed.RESUME: Move(_("end the special procedure"), _from(S.SUSPENDED), Power.PROCESS, None, "z"),
    Deed.PROPOSE: Move(_("propose a decision"), WORKING, Power.PROCESS, S.DECIDING, "p"),
    Deed.DECIDE: Move(_("decide"), WORKING, Power.DECIDE, S.DECIDED, "d"),
    Deed.REPLACE: Move(_("replace the document"), _from(S.DECIDED, S.DELIVERED), Power.DECIDE, None, "r"),
    Deed.REVOKE: Move(_("revoke the document"), _from(S.DECIDED, S.DELIVERED), Power.DECIDE, None, "v"),
    Deed.DELIVER: Move(_("deliver"), _from(S.DECIDED), Power.RECEIVE, S.DELIVERED, "l"),
    Deed.WITHDRAW: Move(_("withdraw"), BEFORE_DECISION | _from(S.DRAFT), None, S.WITHDRAWN),
    Deed.CLOSE: Move(_("close without a decision"), BEFORE_DECISION, Power.RECEIVE, S.CLOSED, "o"),
    Deed.CHANGE_PHONE: Move(_("change the phone"), ALL - _from(S.DRAFT), Power.RECEIVE, None, "h"),
    Deed.REASSIGN: Move(_("give a step to another office"), WORKING | _from(S.SUSPENDED), Power.DECIDE, None, "g"),
}  # fmt: skip

# Where a deed can lead beside the state the table names: a run that ends brings it before who decides.
BY_OUTCOME: dict[Deed, frozenset[State]] = {
    Deed.STEP: _from(S.ACCEPTED, S.DECIDING),
    Deed.ANSWER_STEP: _from(S.ACCEPTED, S.DECIDING),
    Deed.RESUME: _from(S.ACCEPTED, S.DECIDING),
}

# What happens to an application beside the deeds of the table.
BESIDE: dict[str, str | Promise] = {
    "application.begin": _("begun"),
    "application.save": _("draft kept"),
    "application.receive": _("taken in at a counter"),
    "application.enter": _("entered from paper"),
    "application.look": _("material looked at"),
    "application.remind": _("deadline of a step passed"),
    "application.reveal": _("name and phone looked at"),
    "application.recount": _("dates counted again"),
    "application.escalate": _("head of the office told"),
    "application.rate": _("rated"),
    "application.answer_rating": _("bad rating taken care of"),
    "application.fetch": _("document fetched"),
}


def may(deed: Deed, state: str) -> bool:
    """Tell whether the table allows the deed in this state."""
    return State(state) in MOVES[deed].start


def verb(deed: Deed) -> str:
    """Return the word of the ledger for a deed."""
    return f"application.{deed}"


def said(verb: str) -> str | Promise:
    """Return the words for a verb of the ledger that is about an application; the verb itself without any."""
    if verb in BESIDE:
        return BESIDE[verb]
    name = verb.removeprefix("application.")
    return MOVES[Deed(name)].name if name in set(Deed) else verb


class Special(models.TextChoices):
    """Procedures during which the clock of a permit stands still (行政许可法 45). There are no others."""

    HEARING = "hearing", _("hearing")  # 听证
    TENDER = "tender", _("tender")  # 招标
    AUCTION = "auction", _("auction")  # 拍卖
    INSPECTION = "inspection", _("inspection")  # 检验
    TESTING = "testing", _("testing")  # 检测
    QUARANTINE = "quarantine", _("quarantine")  # 检疫
    APPRAISAL = "appraisal", _("technical appraisal")  # 鉴定
    EXPERTS = "experts", _("review by experts")  # 专家评审


SPECIAL_BASIS = _("Administrative Licence Law, article 45")

# Whoever is not told within these days that something is missing counts as accepted from the day of receipt.
TELL_WITHIN = Term(5, Unit.WORKDAY)


class Timeliness(StrEnum):
    """How a decision stands to the promised date."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


TIMELINESS: dict[Timeliness, str | Promise] = {
    Timeliness.EARLY: _("before the promised day"),
    Timeliness.ON_TIME: _("on the promised day"),
    Timeliness.LATE: _("after the promised date"),
}


def timeliness(decided: datetime, promised: datetime) -> Timeliness:
    """Tell whether it was early, on time or late, strictly: early is a day before the promised day (APR-12).

    The promised moment itself is still in time; whatever comes after it is late, be it on the same day.
    """
    if decided > promised:
        return Timeliness.LATE
    return Timeliness.EARLY if local(decided).date() < local(promised).date() else Timeliness.ON_TIME


def same_day(submitted: datetime, decided: datetime) -> bool:
    """Tell whether it was done on the day it was handed in (SSI-01)."""
    return local(submitted).date() == local(decided).date()


def minutes_between(submitted: datetime, decided: datetime) -> int:
    """Return whole minutes from handing in to decision, by the clock on the wall (ONL-09); never below zero."""
    return max(0, int((decided - submitted).total_seconds() // 60))


def first_payment(approved: date) -> date:
    """Return the first day of the month after approval, from which a pension is paid (SSI-02)."""
    return date(approved.year + approved.month // 12, approved.month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment a term ends, and whether the calendar of its year may still move it."""

    due: datetime
    provisional: bool


def deadline(
    start: datetime, term: Term, calendar: Calendar, *, hours: Hours, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Count a term from its start, leaving out the pauses.

    Raises kit.clock.ClockStopped when an open pause holds the clock.
    """
    end = due(start, term, calendar, hours=hours, pauses=pauses)
    leans = term.unit in (Unit.WORKDAY, Unit.WORKHOUR) or (term.unit is Unit.NATURAL_DAY and term.rolls)
    years = range(local(start).year, end.year + 1)
    return Deadline(end, leans and any(year not in calendar.known_years for year in years))


NEAR_SHARE = 5  # a fifth of the time left, or a day, is near (domain rules 3.4; no law sets it)


def light(due: datetime | None, now: datetime, *, start: datetime | None = None, done: bool = False) -> str:
    """Return ok, near, late or wait: near when a fifth of the time or one day is left, late from the due moment on."""
    if done:
        return "ok"
    if due is None:
        return "wait"
    if now >= due:
        return "late"
    left = (due - now).total_seconds()
    whole = (due - start).total_seconds() if start else 0.0
    return "near" if left <= max(24 * 3600.0, whole / NEAR_SHARE) else "ok"


@dataclass(frozen=True, slots=True)
class Fault:
    """One material and what exactly is wrong with it."""

    material: str
    what: str


WHAT_LEAST, WHAT_MOST = 4, 300  # characters that say what is wrong; “wrong” alone helps nobody
FAULTS_MOST = 60


def seen_before(named: Iterable[str], *, renewed: Collection[str]) -> list[str]:
    """Return the materials that a second correction may not name: what lay there the first time and did not change.

    `renewed` are the materials handed in since the first correction was asked.
    """
    return sorted({key for key in named if key not in renewed})


class Grade(models.IntegerChoices):
    """Five grades; the lowest two are bad (好差评)."""

    VERY_GOOD = 5, _("very satisfied")
    GOOD = 4, _("satisfied")
    FAIR = 3, _("fairly satisfied")
    BAD = 2, _("dissatisfied")
    VERY_BAD = 1, _("very dissatisfied")


BAD_GRADE = 2  # this grade and those below are bad
RATING_LIMIT = "rating.answer"  # the key of the limit within which a bad rating is taken care of
RATING_DEFAULT = "rating.default"  # the key of the limit after which who said nothing counts as satisfied
RATING_TERM = Term(5, Unit.WORKDAY)  # where the county has set no limit of its own; no national rule says how long


class Moment(models.TextChoices):
    """What a rating is about: one contact, or the application as a whole."""

    CONTACT = "contact", _("a contact")
    WHOLE = "whole", _("the application as a whole")


class Paper(models.TextChoices):
    """The documents of the process, by the names that offices use; their words are rows, kept by the county."""

    RECEIPT = "receipt", _("receipt for materials")  # 申请材料接收凭证
    ACCEPTANCE = "acceptance", _("notice of acceptance")  # 受理通知书
    CORRECTION = "correction", _("notice of what must be corrected")  # 补正材料通知书
    SUPPLY = "supply", _("receipt for corrected materials")  # 补正材料接收凭证
    REFUSAL = "refusal", _("notice that it is not accepted")  # 不予受理告知书
    SPECIAL = "special", _("notice of a special procedure")  # 特别程序告知书
    GRANT = "grant", _("decision granting it")  # 准予决定书
    DENIAL = "denial", _("decision denying it")  # 不予许可决定书
    DELIVERY = "delivery", _("certificate of delivery")  # 送达回证


DECISIONS = (Paper.GRANT, Paper.DENIAL)


class Verified(StrEnum):
    """What the checking page finds of a document."""

    GENUINE = "genuine"
    REPLACED = "replaced"
    REVOKED = "revoked"
    ALTERED = "altered"
    UNKNOWN = "unknown"


VERIFIED: dict[Verified, str | Promise] = {
    Verified.GENUINE: _("Genuine and in force"),
    Verified.REPLACED: _("Replaced by a newer document: it is not in force any more"),
    Verified.REVOKED: _("Revoked: it is not in force any more"),
    Verified.ALTERED: _("This file is not the one we issued: it was altered, or it is another document"),
    Verified.UNKNOWN: _("We have issued no document with this code"),
}
