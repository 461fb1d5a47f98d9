"""The road of one voice as its speaker may see it: what was done, where it stands, by when, and what comes next.

Everything here may be read by whoever holds receipt and code: no officer but the coordinator is named, and no word that
was written for colleagues appears. The steps are read from the ledger, so that page and record cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from lianxin.kit.clock import DayLine, Unit, explain, left
from lianxin.kit.clock import Pause as Still
from lianxin.ledger.models import Event
from lianxin.ledger.models.sentence import Sentence, each_of
from lianxin.listen.models import Item, Voice
from lianxin.listen.rules import Channel, Decline
from lianxin.people.models import OfficeHours, calendar_now
from lianxin.resolve import rules
from lianxin.resolve.models.case import Case, Join, Pause
from lianxin.resolve.models.course import Extension, Progress
from lianxin.resolve.models.reply import Confirmation, Reply
from lianxin.resolve.models.steps import Step, day, doing, done_by, next_steps
from lianxin.resolve.models.window import window_of
from lianxin.resolve.rules import UNIT_NAMES, Deed, Result, State

T = TypeVar("T", Pause, Extension, Reply)
M = TypeVar("M", bound=Model)

_ITEMS = Sentence(
    lambda voice: (
        Item.objects.filter(voice=voice)
        .select_related("join__case__lead", "join__case__coordinator")
        .order_by("number")
    )
)
_EVENTS = Sentence(
    lambda **keys: Event.objects.filter(kind=Case._meta.label_lower, key__in=keys.values()).order_by("at", "id")
)
_PAUSES = Sentence(lambda **keys: Pause.objects.filter(case__id__in=keys.values()).order_by("starts"))
_GRANTED = Sentence(
    lambda **keys: Extension.objects.filter(case__id__in=keys.values(), granted=True).order_by("decided_at")
)
_REPLIES = Sentence(lambda **keys: Reply.objects.filter(case__id__in=keys.values()).order_by("at", "id"))
_WORDS = Sentence(lambda voice: Confirmation.objects.filter(join__item__voice=voice).order_by("at"))
_TOLD = Sentence(lambda **keys: Progress.objects.filter(case__id__in=keys.values(), public=True))


@dataclass(frozen=True, slots=True)
class Clock:
    """By when, how it was counted, and what is left; `due` is None while the clock stands still."""

    due: datetime | None
    first_due: datetime | None
    left: int | None  # in `unit`; negative when late
    unit: str
    line: str
    days: tuple[DayLine, ...]
    notes: tuple[str, ...]
    provisional: bool
    light: str  # ok, near, late or wait


@dataclass(frozen=True, slots=True)
class Answer:
    """What the people behind a case were told."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseRoad:
    """The road of one case, for one of the people behind it."""

    number: str
    title: str
    state: str
    state_words: str
    result: str
    result_words: str
    light: str
    lead: str
    coordinator: str
    points: int  # how many points of everybody feed it
    reopened: int
    effect_days: int | None  # calendar days from this person's word to the felt effect
    steps: tuple[Step, ...]
    clock: Clock | None
    replies: tuple[Answer, ...]
    join: int  # what the person speaks for when confirming
    may_confirm: bool
    confirm_until: datetime | None
    confirmed_at: datetime | None  # when this person spoke of the last reply
    next_words: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the voice, and what became of it."""

    number: int
    text: str
    outcome: str  # one of listen's Outcome; empty while it waits
    outcome_words: str
    answer: str
    settled_at: datetime | None
    case: str  # the number of the case that it feeds


@dataclass(frozen=True, slots=True)
class Road:
    """All of it. Where several cases came of one voice, the first one still open speaks for the whole."""

    number: str
    received_at: datetime
    at: datetime
    state: str  # sorting, settled, or the state of the case that speaks for the whole
    state_words: str
    light: str
    steps: tuple[Step, ...]
    next_words: str
    points: tuple[Point, ...]
    cases: tuple[CaseRoad, ...]
    main: CaseRoad | None


def road_of(voice: Voice, *, at: datetime) -> Road:
    """Return the public road of a voice as it is at this moment, in the language in force; at most ten queries."""
    items = _ITEMS.ask(voice=voice.pk)
    joins = [item.join for item in items if hasattr(item, "join")]
    heard = _heard(voice)
    facts = _Facts(voice, items, joins, at=at)
    cases = tuple(facts.road(join, heard) for join in _one_per_case(joins))
    points = tuple(_point(item) for item in items)
    main = next((case for case in cases if State(case.state) in rules.OPEN), cases[0] if cases else None)
    if main:
        return Road(
            voice.number, voice.received_at, at, main.state, main.state_words, main.light, main.steps, main.next_words,
            points, cases, main,
        )  # fmt: skip
    return _without_case(voice, items, heard, points, at=at)


def clock_of(case: Case, *, at: datetime, pauses: Iterable[Pause], later: Iterable[Extension]) -> Clock | None:
    """Return the clock of an open case with the reason for every day it counted or skipped; None before it starts."""
    start = case.dispatched_at
    if State(case.state) not in rules.OPEN or case.due_at is None or start is None:
        return None
    granted = [each for each in later if each.granted and each.decided_at and each.decided_at >= start]
    calendar, hours = calendar_now(), OfficeHours.of(case.clock_office_id)
    days: tuple[DayLine, ...] = ()
    if case.term and not granted:
        stills = [Still(pause.starts, pause.ends, pause.reason) for pause in pauses]
        days = explain(start, case.term, calendar, hours=hours, pauses=stills).days
    unit = case.term.unit if case.term else Unit.NATURAL_DAY
    due = None if case.state == State.SUSPENDED else case.due_at
    return Clock(
        due=due,
        first_due=case.first_due_at,
        left=left(at, due, unit, calendar, hours) if due else None,
        unit=str(UNIT_NAMES[unit]),
        line=_promise(case),
        days=days,
        notes=tuple(_notes(case, granted)),
        provisional=case.due_provisional,
        light=case.light(at),
    )


class _Facts:
    """What a few queries bring for all the cases of a voice."""

    def __init__(self, voice: Voice, items: Sequence[Item], joins: Sequence[Join], *, at: datetime) -> None:
        keys = {join.case_id for join in joins}
        roots = keys | {join.first_case_id for join in joins}
        self.at, self.voice = at, voice
        self.mine = frozenset(f"{voice.number}-{item.number}" for item in items)
        if not keys:
            return
        self.events = _EVENTS.ask(**each_of(roots))
        self.deeds = {event.verb for event in self.events}
        cases = each_of(keys)
        self.pauses = self._read(_PAUSES, cases, Deed.SUSPEND)
        self.later = self._read(_GRANTED, cases, Deed.DECIDE_EXTENSION)
        self.replies = self._read(_REPLIES, cases, Deed.REPLY)
        self.words = self._read(_WORDS, {"voice": voice.pk}, Deed.CONFIRM)
        told = self._read(_TOLD, each_of(roots), Deed.PROGRESS, Deed.DIAGNOSE)
        self.texts = {f"progress:{each.pk}": each.text for each in told}
        self.texts.update({f"reply:{reply.pk}": reply.text for reply in self.replies})

    def _read(self, rows: Sentence[M], of: dict[str, int], *deeds: Deed) -> list[M]:
        """Read rows that one of these deeds writes, unless the ledger knows of none: then there are none."""
        return [] if self.deeds.isdisjoint(map(rules.verb, deeds)) else rows.ask(**of)

    def road(self, join: Join, heard: Sequence[Step]) -> CaseRoad:
        """Return the road of one case."""
        case, state = join.case, State(join.case.state)
        lead, coordinator = case.lead, case.coordinator
        until = window_of(case)
        spoken = next((word.at for word in self.words if word.case_id == case.pk and word.life == case.reopened), None)
        may_confirm = rules.may(rules.Deed.CONFIRM, state) and until is not None and self.at < until and not spoken
        now = doing(state, lead=lead.name if lead else "")
        if now and state is State.ANSWERED and not may_confirm:
            now = Step(_("Others behind the same matter are still being asked"), state="now")
        return CaseRoad(
            number=case.number,
            title=case.title,
            state=state.value,
            state_words=str(state.label),
            result=case.result,
            result_words=str(Result(case.result).label) if case.result and until else "",
            light=case.light(self.at),
            lead=lead.name if lead else "",
            coordinator=coordinator.name if coordinator else "",
            points=case.voices,
            reopened=case.reopened,
            effect_days=_days_to(case, self.voice),
            steps=(*heard, *self._done(join), *([now] if now else []), *next_steps(state)),
            clock=clock_of(case, at=self.at, pauses=_of(case, self.pauses), later=_of(case, self.later)),
            replies=tuple(Answer(reply.text, reply.at) for reply in _of(case, self.replies)),
            join=join.pk,
            may_confirm=may_confirm,
            confirm_until=until,
            confirmed_at=spoken,
            next_words=_next_words(case, state, may_confirm=may_confirm, until=until),
        )

    def _done(self, join: Join) -> list[Step]:
        """Return what the ledger tells of the case, and of the one in which this voice began."""
        roots = {join.case_id, join.first_case_id}
        steps = (done_by(event, texts=self.texts, mine=self.mine) for event in self.events if event.key in roots)
        return [step for step in steps if step]


def _heard(voice: Voice) -> list[Step]:
    steps = [Step(_("What you said was received"), voice.received_at, by=str(Channel(voice.channel).label))]
    if voice.read_at:
        steps.append(Step(_("The person you wrote to has read your letter"), voice.read_at))
    return steps


def _without_case(
    voice: Voice, items: Sequence[Item], heard: Sequence[Step], points: tuple[Point, ...], *, at: datetime
) -> Road:
    settled = [
        Step(point.outcome_words, point.settled_at, point.answer) for point in points if point.settled_at
    ]  # fmt: skip
    waits = any(not item.outcome for item in items)
    now = [Step(_("It is being read and sorted"), state="now")] if waits else []
    ahead = [*next_steps(State.REGISTERED)] if waits and not settled else []
    words = _("being sorted") if waits else _("settled")
    coming = _("You will hear here what becomes of it.") if waits else _("If something is still open, add a sentence.")
    return Road(
        voice.number, voice.received_at, at, "sorting" if waits else "settled", words, "wait" if waits else "ok",
        (*heard, *settled, *now, *ahead), coming, points, (), None,
    )  # fmt: skip


def _point(item: Item) -> Point:
    answer = item.answer
    if item.decline:
        answer = f"{Decline(item.decline).label}\n{answer}".strip()
    if item.transferred_to:
        answer = f"{item.transferred_to}\n{answer}".strip()
    return Point(
        number=item.number,
        text=item.text,
        outcome=item.outcome,
        outcome_words=str(rules.OUTCOMES[item.outcome]) if item.outcome else _("being sorted"),
        answer=answer,
        settled_at=item.settled_at,
        case=item.join.case.number if hasattr(item, "join") else "",
    )


def _one_per_case(joins: Sequence[Join]) -> list[Join]:
    """Return the first join of each case: a person speaks once for each, however many points feed it."""
    return list({join.case_id: join for join in reversed(joins)}.values())[::-1]


def _of(case: Case, rows: Iterable[T]) -> list[T]:
    return [row for row in rows if row.case_id == case.pk]


def _days_to(case: Case, voice: Voice) -> int | None:
    return (case.effect_on - timezone.localdate(voice.received_at)).days if case.effect_on else None


def _promise(case: Case) -> str:
    """Say in one line what was promised, from when it counts and on what ground."""
    if case.term is None:
        return _("The office has set this date.")
    facts = {
        "value": case.term.value, "unit": UNIT_NAMES[case.term.unit], "day": day(case.dispatched_at),
        "basis": case.term.basis,
    }  # fmt: skip
    if case.term.unit.counts_days:
        line = _("Promised: %(value)s %(unit)s, counted from the day after %(day)s.") % facts
    else:
        line = _("Promised: %(value)s %(unit)s, counted from %(day)s.") % facts
    return line + (" " + _("Ground: %(basis)s") % facts if case.term.basis else "")


def _notes(case: Case, granted: Sequence[Extension]) -> Iterable[str]:
    for later in granted:
        dates = {"old": day(later.old_due_at), "new": day(later.new_due_at), "reason": later.reason}
        yield _("First promised: %(old)s. A later date was granted: %(new)s, because: %(reason)s") % dates
    if case.clock_office_id and not granted and (own := OfficeHours.own_of(case.clock_office_id)):
        facts = {"office": case.clock_office, "hours": ", ".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in own.periods)}
        yield _("Counted by the hours that %(office)s keeps: %(hours)s.") % facts
    if case.reopened and case.first_due_at:
        yield _("It was reopened; the very first date was %(day)s.") % {"day": day(case.first_due_at)}


def _next_words(case: Case, state: State, *, may_confirm: bool, until: datetime | None) -> str:
    """Say what the person can do, or what to wait for."""
    if may_confirm and until:
        return _("Please tell us until %(day)s whether it is solved.") % {"day": day(until)}
    if state in (State.CLOSED, State.ANSWERED):
        return _("If something is still open, add a sentence.")
    if case.due_at and state is not State.SUSPENDED:
        return _("You will be answered by %(day)s at the latest.") % {"day": day(case.due_at)}
    return _("You will hear here what becomes of it.")
