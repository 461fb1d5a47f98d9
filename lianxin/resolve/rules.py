"""The road of a case as tables: states, deeds, results. An official can read this page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit.clock import OFFICE, Calendar, Hours, Pause, Term, Unit, due, local
from lianxin.listen.rules import Outcome
from lianxin.people.rules import Power


class State(models.TextChoices):
    """Where a case is on its road."""

    REGISTERED = "registered", _("registered")  # 挂号
    DIAGNOSING = "diagnosing", _("first diagnosis")  # 初诊
    CONSULTING = "consulting", _("consultation")  # 会诊
    HANDLING = "handling", _("being handled")  # 派账 done, the clock runs
    REEXAMINING = "reexamining", _("re-examination")  # 复诊对账
    ANSWERED = "answered", _("answered")  # waits for the person's word
    CLOSED = "closed", _("closed")
    SUSPENDED = "suspended", _("suspended")  # 挂账
    REOPENED = "reopened", _("reopened")


class Result(models.TextChoices):
    """What came of it. Apart from state: a case can be closed unsolved and the figures show it."""

    SOLVED = "solved", _("solved")
    RELIEVED = "relieved", _("relieved, cause remains")
    EXPLAINED = "explained", _("explained")
    REFUSED = "refused", _("refused with reasons")
    TRANSFERRED = "transferred", _("transferred")
    MERGED = "merged", _("merged into another case")


class Part(models.TextChoices):
    """An office's part in a case."""

    LEAD = "lead", _("lead")
    ASSIST = "assist", _("assist")


class TaskState(models.TextChoices):
    """Where a task is."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    RETURNED = "returned", _("returned")
    CANCELLED = "cancelled", _("cancelled")


class Deed(StrEnum):
    """One thing done to a case. The same word in URL, view, action, ledger, API and test."""

    DIAGNOSE = "diagnose"
    CONSULT = "consult"
    DISPATCH = "dispatch"
    TAKE = "take"
    PROGRESS = "progress"
    RETURN = "return"
    RULE = "rule"
    EXTEND = "extend"
    DECIDE_EXTENSION = "decide_extension"
    SUSPEND = "suspend"
    RESUME = "resume"
    REPORT = "report"
    FINISH = "finish"
    REEXAMINE = "reexamine"
    REPLY = "reply"
    ATTEMPT = "attempt"
    CONFIRM = "confirm"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    SPLIT = "split"
    INSTRUCT = "instruct"
    ALARM = "alarm"
    DRAFT_PUBLIC = "draft_public"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class Reach(StrEnum):
    """The office over which the power for a deed must be held."""

    OWNER = "owner"  # the office that registered the case
    LEAD = "lead"  # the office that leads it
    PART = "part"  # an office with a task on it: the task at hand, or any open one


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a deed may be done, by whom, and where it leads (None: the state stays)."""

    name: str | Promise
    start: frozenset[State]
    power: Power | None  # None: the person who spoke, with receipt and code
    end: State | None = None
    key: str = ""  # on the keyboard of the desk
    reach: Reach = Reach.OWNER
    also: frozenset[Power] = frozenset()  # powers that do as well


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


S = State
UNDISPATCHED = _from(S.REGISTERED, S.DIAGNOSING, S.CONSULTING, S.REOPENED)
OPEN = UNDISPATCHED | _from(S.HANDLING, S.REEXAMINING, S.SUSPENDED)
ALL = frozenset(State)

RUNNING = OPEN - _from(S.SUSPENDED)  # states in which a clock, once started, runs

MOVES: dict[Deed, Move] = {
    Deed.DIAGNOSE: Move(_("diagnose"), _from(S.REGISTERED, S.REOPENED), Power.DIAGNOSE, S.DIAGNOSING, "d"),
    Deed.CONSULT: Move(
        _("call a consultation"), _from(S.REGISTERED, S.DIAGNOSING, S.REOPENED), Power.DIAGNOSE, S.CONSULTING, "c",
        also=frozenset({Power.INSTRUCT}),
    ),
    Deed.DISPATCH: Move(_("dispatch"), UNDISPATCHED, Power.DISPATCH, S.HANDLING, "p"),
    Deed.TAKE: Move(_("take on"), _from(S.HANDLING), Power.HANDLE, None, "t", Reach.PART),
    Deed.PROGRESS: Move(
        _("tell the progress"), _from(S.DIAGNOSING, S.CONSULTING, S.HANDLING), Power.HANDLE, None, "g", Reach.PART
    ),
    Deed.RETURN: Move(_("return: not ours"), _from(S.HANDLING), Power.HANDLE, None, "x", Reach.PART),
    Deed.RULE: Move(_("rule who leads"), _from(S.HANDLING), Power.DISPATCH, None, "u"),
    Deed.EXTEND: Move(_("ask for a later date"), _from(S.HANDLING), Power.HANDLE, None, "l", Reach.LEAD),
    Deed.DECIDE_EXTENSION: Move(_("decide on the later date"), _from(S.HANDLING), Power.APPROVE, None, "e"),
    Deed.SUSPEND: Move(_("suspend"), _from(S.HANDLING), Power.APPROVE, S.SUSPENDED, "z"),
    Deed.RESUME: Move(_("resume"), _from(S.SUSPENDED), Power.DISPATCH, S.HANDLING, "z"),
    Deed.REPORT: Move(_("report the own part done"), _from(S.HANDLING), Power.HANDLE, None, "b", Reach.PART),
    Deed.FINISH: Move(
        _("done: ask for re-examination"), _from(S.DIAGNOSING, S.HANDLING), Power.HANDLE, S.REEXAMINING, "f", Reach.LEAD
    ),
    Deed.REEXAMINE: Move(_("re-examine"), _from(S.REEXAMINING), Power.REEXAMINE, None, "r"),
    Deed.REPLY: Move(_("reply"), _from(S.REEXAMINING), Power.REPLY, S.ANSWERED, "a"),
    Deed.ATTEMPT: Move(_("note an attempt to reach the person"), _from(S.ANSWERED), Power.REPLY, None, "n"),
    Deed.CONFIRM: Move(_("confirm"), _from(S.ANSWERED, S.CLOSED), None, S.CLOSED),
    Deed.CLOSE: Move(_("close"), _from(S.ANSWERED), Power.REPLY, S.CLOSED, "s"),
    Deed.REOPEN: Move(_("reopen"), _from(S.ANSWERED, S.CLOSED), Power.DISPATCH, S.REOPENED, "o"),
    Deed.MERGE: Move(_("merge into another case"), OPEN, Power.DISPATCH, S.CLOSED, "m"),
    Deed.SPLIT: Move(_("split"), RUNNING, Power.DISPATCH, None, "v"),
    Deed.INSTRUCT: Move(_("give an instruction"), ALL - _from(S.CLOSED), Power.INSTRUCT, None, "i"),
    Deed.ALARM: Move(
        _("mark as a major matter"), RUNNING, Power.DIAGNOSE, None, "w", also=frozenset({Power.INSTRUCT})
    ),
    Deed.DRAFT_PUBLIC: Move(_("propose for publication"), _from(S.ANSWERED, S.CLOSED), Power.REPLY, None, "h"),
    Deed.PUBLISH: Move(_("publish"), _from(S.ANSWERED, S.CLOSED), Power.PUBLISH, None, "y"),
    Deed.WITHDRAW: Move(_("withdraw from publication"), ALL, Power.PUBLISH, None, "y"),
}  # fmt: skip

# Before anybody owes anything on a case, the office that registered it tries by itself (初诊): it tells and finishes.
BEFORE_DISPATCH: dict[Deed, Move] = {
    Deed.PROGRESS: Move(MOVES[Deed.PROGRESS].name, _from(S.DIAGNOSING, S.CONSULTING), Power.DIAGNOSE, None, "g"),
    Deed.FINISH: Move(MOVES[Deed.FINISH].name, _from(S.DIAGNOSING), Power.DIAGNOSE, S.REEXAMINING, "f"),
}

# Moves that follow from an outcome inside a deed, beside the one the table above names.
BY_OUTCOME: dict[Deed, frozenset[State]] = {
    Deed.REEXAMINE: _from(S.HANDLING, S.DIAGNOSING),  # not matched: back to who said it was done
    Deed.CONFIRM: _from(S.REOPENED, S.ANSWERED),  # not satisfied: reopened by rule; others still to speak: it waits
}
FINAL = _from(S.CLOSED)

# What happens to a case beside the deeds of the table: it is made, it is fed, its date is counted again.
BESIDE: dict[str, str | Promise] = {
    "case.register": _("register"),
    "case.join": _("join to a case"),
    "case.recount": _("count the date again"),
}

# The people may say “not solved” so long after the reply, unless the county's limit “confirm” says otherwise.
WINDOW = Term(30, Unit.NATURAL_DAY)
ATTEMPTS_NEEDED = 3  # before a case may be closed without the person's word (requirements I-52)
CHANNELS_NEEDED = 2  # in as many ways
REPEATED_FROM = 2  # people behind it, or lives of it, from which the root cause must be named (CAS-12)
EXTENSIONS_MAX = 1  # later dates that may be granted in one life of a case
BAD_GRADE = 2  # this grade and those below are bad (好差评: the lowest two of five)


def may(deed: Deed, state: str) -> bool:
    """Tell whether the table allows the deed in this state."""
    return State(state) in MOVES[deed].start


def move_of(deed: Deed, state: str) -> Move:
    """Return the line of the table that governs the deed in this state; it need not allow it."""
    before = BEFORE_DISPATCH.get(deed)
    return before if before and State(state) in before.start else MOVES[deed]


def verb(deed: Deed) -> str:
    """Return the word of the ledger for a deed."""
    return f"case.{deed}"


# Who has done one of these has a hand in the case and may neither re-examine it nor ask the people about it.
HANDS = frozenset(verb(deed) for deed in (Deed.TAKE, Deed.PROGRESS, Deed.REPORT, Deed.FINISH))


def said(verb: str) -> str | Promise:
    """Return the words for a verb of the ledger that is about a case; the verb itself where there are none."""
    if verb in BESIDE:
        return BESIDE[verb]
    name = verb.removeprefix("case.")
    return MOVES[Deed(name)].name if name in set(Deed) else verb


# What became of a point that no case was needed for, and of one that joined a case.
OUTCOMES: dict[str, str | Promise] = {
    Outcome.JOINED: _("being worked on as a case"),
    Outcome.ANSWERED: _("answered on the spot"),
    Outcome.DECLINED: _("not taken on, with the reason"),
    Outcome.TRANSFERRED: _("handed to who is responsible"),
}

UNIT_NAMES: dict[str, str | Promise] = {
    Unit.HOUR: pgettext_lazy("unit of time", "hours"),
    Unit.WORKHOUR: pgettext_lazy("unit of time", "office hours"),
    Unit.WORKDAY: pgettext_lazy("unit of time", "working days"),
    Unit.NATURAL_DAY: pgettext_lazy("unit of time", "days"),
}


LEANS_ON_CALENDAR = (Unit.WORKDAY, Unit.WORKHOUR, Unit.NATURAL_DAY)  # an hour by the clock knows no holiday


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment a term ends, and whether the calendar of its year may still move it."""

    due: datetime
    provisional: bool


def deadline(
    start: datetime, term: Term, calendar: Calendar, *, hours: Hours = OFFICE, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Count a term from its start, leaving out the pauses.

    Raises kit.clock.ClockStopped when an open pause holds the clock.
    """
    end = due(start, term, calendar, hours=hours, pauses=pauses)
    leans = term.unit in (Unit.WORKDAY, Unit.WORKHOUR) or (term.unit is Unit.NATURAL_DAY and term.rolls)
    years = range(local(start).year, end.year + 1)
    return Deadline(end, leans and any(year not in calendar.known_years for year in years))


def moved_on(promised: datetime, pause: Pause, calendar: Calendar, *, hours: Hours = OFFICE) -> datetime:
    """Return a date set by hand after the clock stood still: later by just as long, and never on a day of rest.

    A date that had passed before the pause stays, and so does one during an open pause.
    """
    if pause.end is None or promised <= pause.start:
        return promised
    moved = local(promised + (pause.end - pause.start))
    return moved if calendar.is_workday(moved) else due(moved, Term(0, Unit.WORKDAY), calendar, hours=hours)


def reopens(solved: str, result_grade: int | None) -> bool:
    """Tell whether this word of the person reopens the case: not solved, or a bad grade for the result (CAS-13)."""
    return solved == "no" or (result_grade is not None and result_grade <= BAD_GRADE)


def light(due: datetime | None, now: datetime, *, near_hours: int = 24, done: bool = False) -> str:
    """Return ok, near, late or wait. Late begins at the due moment itself (half-open)."""
    if done:
        return "ok"
    if due is None:
        return "wait"
    if now >= due:
        return "late"
    return "near" if (due - now).total_seconds() <= near_hours * 3600 else "ok"


def attempts_suffice(ways: Iterable[str]) -> bool:
    """Tell whether the documented attempts are enough: three, by two ways (I-52)."""
    tried = list(ways)
    return len(tried) >= ATTEMPTS_NEEDED and len(set(tried)) >= CHANNELS_NEEDED
