"""The road of an application as its applicant may see it: what was done, where it stands, by when, what comes next.

No officer is named and nothing that was written for colleagues appears.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import dateformat, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from lianxin.flow.models import Process, Step
from lianxin.flow.rules import Definition, Kind
from lianxin.kit.clock import DayLine, Pause, Term, Unit, explain, left
from lianxin.ledger.models import Event
from lianxin.people.models import OfficeHours, calendar_now
from lianxin.people.models.calendar import UNITS
from lianxin.serve.models.application import Application
from lianxin.serve.models.course import Correction, pauses_of
from lianxin.serve.models.document import Document
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Moment, Result, Special, State, Timeliness
from lianxin.serve.rules.catalogue import Kind as ServiceKind


@dataclass(frozen=True, slots=True)
class Clock:
    """By when, how it was counted, and what is left; `due` is None while the clock stands still."""

    due: datetime | None
    first_due: datetime | None
    left: int | None
    unit: str
    headline: str
    line: str
    days: tuple[DayLine, ...]
    notes: tuple[str, ...]
    provisional: bool
    light: str


@dataclass(frozen=True, slots=True)
class Point:
    """One step of the road, as the face draws it: done, now or next."""

    title: str
    at: datetime | None = None
    text: str = ""
    state: str = "done"
    by: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """All of it."""

    number: str
    service: str
    office: str
    state: str
    state_words: str
    result_words: str
    light: str
    stage: str
    next_words: str
    points: tuple[Point, ...]
    clock: Clock | None
    legal: Clock | None
    correction: Correction | None
    asked: Step | None  # what waits for the person
    documents: tuple[Document, ...]
    timeliness: str
    minutes: int | None
    same_day: bool
    may_withdraw: bool
    may_rate: bool
    definition: Definition | None
    done: frozenset[str]
    now: frozenset[str]


def track_of(application: Application, *, at: datetime) -> Track:
    """Return the public road of an application as it is at this moment, in the language in force."""
    state = State(application.state)
    steps = list(Step.objects.filter(run=application.run_id).order_by("id")) if application.run_id else []
    for step in steps:
        if application.run:
            step.run = application.run  # read once, for all of them
    definition = _definition(application, at=at)
    open_steps = [step for step in steps if step.is_open]
    documents = tuple(application.documents.select_related("replaced_by", "attachment").order_by("-id"))
    return Track(
        number=application.number,
        service=application.service.name,
        office=application.office.name,
        state=state.value,
        state_words=str(state.label),
        result_words=str(Result(application.result).label) if application.result else "",
        light=application.light(at),
        stage=application.stage,
        next_words=_next(application, open_steps),
        points=(*_points(application, steps), *_ahead(application, open_steps)),
        clock=clock_of(application, at=at),
        legal=clock_of(application, at=at, legal=True),
        correction=application.corrections.filter(answered_at=None).prefetch_related("faults__material").first(),
        asked=next((step for step in open_steps if step.kind == Kind.APPLICANT), None),
        documents=documents,
        timeliness=str(rules.TIMELINESS[Timeliness(application.timeliness)]) if application.timeliness else "",
        minutes=application.minutes,
        same_day=application.is_same_day,
        may_withdraw=rules.may(rules.Deed.WITHDRAW, state) and state is not State.DRAFT,
        may_rate=state in (rules.FINAL | {State.DECIDED})
        and not application.ratings.filter(moment=Moment.WHOLE, silent=False).exists(),
        definition=definition,
        done=frozenset(step.node for step in steps if not step.is_open) - {step.node for step in open_steps},
        now=frozenset(step.node for step in open_steps),
    )


def clock_of(application: Application, *, at: datetime, legal: bool = False) -> Clock | None:
    """Return the promised date, or the legal one, with the reason for every day; None before acceptance."""
    due = application.legal_at if legal else application.promised_at
    service = application.service
    spot = Term(0, Unit.WORKDAY) if service.kind == ServiceKind.ON_THE_SPOT else None
    term = service.legal if legal else (service.promised or spot or service.legal)
    start = application.accepted_at
    if due is None or start is None or term is None or application.state not in rules.OPEN:
        return None
    calendar, hours = calendar_now(), OfficeHours.of(application.office_id)
    pauses = [Pause(begun, ended, why) for begun, ended, why in pauses_of(application)]
    explained = explain(start, term, calendar, hours=hours, pauses=pauses)
    running = explained.due if application.state != State.SUSPENDED else None
    done = application.decided_at is not None
    return Clock(
        due=running,
        first_due=application.first_promised_at,
        left=left(at, running, term.unit, calendar, hours) if running and not done else None,
        unit=str(UNITS[term.unit]),
        headline=_headline(running, legal=legal),
        line=_line(term),
        days=tuple(explained.days),
        notes=tuple(_notes(application)),
        provisional=application.legal_provisional if legal else application.promised_provisional,
        light=application.light(at),
    )


def _headline(due: datetime | None, *, legal: bool) -> str:
    if due is None:
        return _("The clock stands still for a special procedure")
    from_words = _("The law asks for a decision by %(day)s") if legal else _("We promise a decision by %(day)s")
    return from_words % {"day": _day(due)}


def _line(term: Term) -> str:
    text = _("%(value)s %(unit)s from acceptance") % {"value": term.value, "unit": UNITS[Unit(term.unit)]}
    return f"{text} · {term.basis}" if term.basis else text


def _notes(application: Application) -> list[str]:
    notes = []
    if application.deemed:
        notes.append(_("Nobody told you anything in time, so it counts as accepted from the day of receipt."))
    for standstill in application.standstills.order_by("id"):
        facts = {"kind": Special(standstill.kind).label, "days": standstill.days, "basis": standstill.basis}
        notes.append(_("%(kind)s: about %(days)s days that do not count (%(basis)s).") % facts)
    if application.first_promised_at and application.first_promised_at != application.promised_at:
        notes.append(_("First promised: %(day)s.") % {"day": _day(application.first_promised_at)})
    return notes


def _definition(application: Application, *, at: datetime) -> Definition | None:
    if application.run:
        return application.run.process.parsed
    process = Process.objects.current(application.service.process_key, at)
    return process.parsed if process else None


def _points(application: Application, steps: list[Step]) -> list[Point]:
    """Return what was done, from the ledger and from the steps that were finished."""
    found = [
        Point(str(title), event.at, _text(event))
        for event in Event.objects.about(application).in_order()
        if (title := _TITLES.get(event.verb))
    ]
    found += [
        Point(step.title, step.closed_at, step.outcome_label, by=step.office.name if step.office else "")
        for step in steps
        if step.closed_at and step.outcome_label and step.kind == Kind.TASK and not step.decides
    ]
    return sorted(found, key=lambda point: point.at.timestamp() if point.at else 0.0)


def _text(event: Event) -> str:
    if event.verb in ("application.accept", "application.deem_accepted") and event.data.get("promised"):
        due = parse_datetime(str(event.data["promised"]))
        return _("By %(day)s at the latest") % {"day": _day(due)} if due else ""
    if event.verb == "application.resume" and event.data.get("due"):
        due = parse_datetime(str(event.data["due"]))
        return _("Now by %(day)s at the latest") % {"day": _day(due)} if due else ""
    return ""


def _ahead(application: Application, open_steps: list[Step]) -> list[Point]:
    state = State(application.state)
    if state not in rules.OPEN:
        return []
    now = [
        Point(step.title, None, _("until %(day)s") % {"day": _day(step.due_at)} if step.due_at else "", "now",
              step.office.name if step.office else _("you"))
        for step in open_steps
    ] or [Point(str(state.label), state="now")]  # fmt: skip
    ahead = []
    if state in (State.SUBMITTED, State.CORRECTION):
        ahead.append(Point(_("It is accepted, or you are told why not"), state="next"))
    if state in rules.BEFORE_DECISION:
        ahead.append(Point(_("It is decided; you fetch the decision here"), state="next"))
    return [*now, *ahead]


def _next(application: Application, open_steps: list[Step]) -> str:
    state = State(application.state)
    if state is State.SUBMITTED and application.tell_by:
        return _("Your materials are being checked. You are told by %(day)s whether something is missing.") % {
            "day": _day(application.tell_by)
        }
    if any(step.kind == Kind.APPLICANT for step in open_steps):
        return _("It waits for your answer below.")
    return {
        State.CORRECTION: _("Something is missing. All of it is listed below; hand it in here, and it goes on."),
        State.ACCEPTED: _("It is being worked on. You are told at every step."),
        State.SUSPENDED: _("A special procedure goes on; these days do not count."),
        State.DECIDING: _("All have looked at it. Now it is being decided."),
        State.DECIDED: _("It is decided. Fetch the document below."),
        State.DELIVERED: _("Everything is done."),
        State.REFUSED: _("It could not be accepted. Why, and who can help, is written below."),
        State.WITHDRAWN: _("You have withdrawn it. You may apply again at any time."),
        State.CLOSED: _("It was closed without a decision."),
    }.get(state, "")


def _day(moment: datetime | None) -> str:
    """Return a moment for a sentence."""
    if moment is None:
        return ""
    return dateformat.format(timezone.localtime(moment), pgettext("moment in a sentence", "j F H:i"))


_TITLES: dict[str, str | Promise] = {
    "application.submit": lazy("Handed in"),
    "application.receive": lazy("Handed in at the counter"),
    "application.enter": lazy("Handed in on paper"),
    "application.correct": lazy("Something was missing; you were told all of it at once"),
    "application.supply": lazy("What was missing was handed in"),
    "application.accept": lazy("Accepted"),
    "application.deem_accepted": lazy("Accepted by law: nobody told you anything in time"),
    "application.refuse": lazy("Not accepted"),
    "application.suspend": lazy("A special procedure began; the clock stood still"),
    "application.resume": lazy("The special procedure ended; the clock runs again"),
    "application.decide": lazy("Decided"),
    "application.replace": lazy("The document was issued anew"),
    "application.revoke": lazy("The document was revoked"),
    "application.deliver": lazy("Handed over"),
    "application.withdraw": lazy("Withdrawn"),
    "application.close": lazy("Closed without a decision"),
    "application.answer_step": lazy("You answered"),
    "application.change_phone": lazy("The phone was changed"),
}
