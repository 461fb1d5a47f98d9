"""Cases come to be, grow, become one and part: register, join, merge, split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import new_reference
from lianxin.kit.text import cut, grams
from lianxin.ledger import actions as ledger
from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Subject, Voice
from lianxin.people import actions as people
from lianxin.people.actions.words import line, said
from lianxin.people.models import County, User
from lianxin.people.rules import Holding, Power
from lianxin.places.models import Area
from lianxin.resolve import rules
from lianxin.resolve.actions.clock import CLOCK, is_by_hand
from lianxin.resolve.actions.deed import CaseRefusal, begin, lock, note
from lianxin.resolve.actions.notice import day, tell, voices_behind
from lianxin.resolve.models import Case, Extension, Join, Pause, Task
from lianxin.resolve.rules import Deed, Result, State, TaskState

TITLE_MAX = 120
TRIES = 5  # a number comes up twice once in billions
PREFIX = "A"  # 案: beside the county's own letters, so that a case is never taken for a receipt


class NothingToJoin(CaseRefusal):
    """No item was chosen."""

    status = 422
    words = _("Please choose at least one point that the case is about.")


class AlreadyJoined(CaseRefusal):
    """The point feeds a case already, or was settled another way."""

    words = _("Point %(item)s is settled already: %(how)s. Please reload the page.")


class NotOpen(CaseRefusal):
    """Nobody new can join a case whose people have been answered."""

    words = _("Case %(number)s is “%(state)s” and takes no more points. Please register a new case.")


class OneCase(CaseRefusal):
    """A case cannot be merged into itself."""

    status = 422
    words = _("Please choose another case to merge into.")


class NothingLeft(CaseRefusal):
    """A split takes some points, not all and not none."""

    status = 422
    words = _("Please choose some of the points, and leave at least one with the old case.")


@transaction.atomic
def register(
    *, items: Sequence[Item], title: str, by: User, at: datetime, subject: Subject | None = None,
    area: Area | None = None, level: str = "", kind: str = "", summary: str = "", since: date | None = None, place:
    str = "",
) -> Case:  # fmt: skip
    """Open a case on items of one or many voices (挂号); what is not given is taken from the first item.

    The officer needs the power to triage over the office of every voice; the case belongs to the office of the post by
    which he acts. Raises NothingToJoin, AlreadyJoined, NothingSaid, TooLong, listen's StillClosed, NotAllowed.
    """
    held = hold_items(items)
    holding = _sorter(held, by=by, at=at)
    return open_case(
        held, title=title, holding=holding, by=by, at=at, subject=subject, area=area, level=level, kind=kind,
        summary=summary, since=since, place=place,
    )  # fmt: skip


def open_case(held: Sequence[Item], *, title: str, holding: Holding, by: User, at: datetime, **given: Any) -> Case:
    """Write the case, let the items in hand feed it, and put it on record. The caller has asked for the power."""
    first = held[0]
    case = Case(
        title=line(said(cut(title, TITLE_MAX)), most=TITLE_MAX),
        summary=given.get("summary", "").strip(),
        subject=given.get("subject") or first.subject,
        kind=given.get("kind") or first.kind,
        level=given.get("level") or first.level,
        area=given.get("area") or first.area or first.voice.area,
        place=given.get("place") or first.voice.place,
        since=given.get("since"),
        sponsor=given.get("sponsor"),
        office_id=holding.office_id,
        opened_at=at,
        opened_by=by,
        voices=len(held),
        grams=grams("\n".join([title, given.get("summary", ""), *(item.text for item in held)])),
    )
    _number(case)
    _feed(case, held, by=by, at=at)
    data = {"items": [str(item) for item in held], "office": case.office_id}
    ledger.note("case.register", case, by=by, at=at, behalf=holding.behalf, data=data)
    return case


@transaction.atomic
def join(case: Case, *, items: Sequence[Item], by: User, at: datetime) -> Case:
    """Let more items feed an open case; their people will be answered with the others.

    Raises NothingToJoin, AlreadyJoined, NotOpen, StillClosed, NotAllowed.
    """
    case = lock(case)
    held = hold_items(items)
    holding = _sorter(held, by=by, at=at)
    _refuse_settled(case)
    before = case.voices
    _feed(case, held, by=by, at=at)
    _recount(case, [item.text for item in held])
    data = {"items": [str(item) for item in held], "before": before, "after": case.voices}
    ledger.note("case.join", case, by=by, at=at, behalf=holding.behalf, data=data)
    return case


@transaction.atomic
def merge(case: Case, *, into: Case, by: User, at: datetime, reason: str = "") -> Case:
    """Make this case part of another; all its points go over, so that everybody behind it is answered.

    It is closed with the result “merged”, its open tasks are cancelled, a pause or a question for a later date ends.
    How many fed each case before and after stays on record (I-43). Returns the case it went into. Raises OneCase,
    NotOpen, NoSuchMove, NotAllowed.
    """
    if case.pk == into.pk:
        raise OneCase()
    list(
        Case.objects.select_for_update(of=("self",)).filter(pk__in=[case.pk, into.pk]).order_by("pk")
    )  # one order for all
    begun = begin(case, Deed.MERGE, by=by, at=at)
    source, target = begun.case, lock(into)
    people.need(by, Power.DISPATCH, office_id=target.office_id, at=at)
    _refuse_settled(target)
    before = {"before": source.voices, "target_before": target.voices}
    _keep_promise(source, target, at=at)
    _move_joins(source, target, Join.objects.filter(case=source))
    end_open(source, at=at)
    source.state, source.result, source.merged_into, source.closed_at = State.CLOSED, Result.MERGED, target, at
    source.save(update_fields=["state", "result", "merged_into", "closed_at", "voices"])
    data = {**before, "into": target.number, "target_after": target.voices, "reason": line(reason, most=200)}
    note(begun, Deed.MERGE, by=by, at=at, **data)
    ledger.note("case.join", target, by=by, at=at, behalf=begun.holding.behalf, data={"from": source.number, **data})
    return target


@transaction.atomic
def split(case: Case, *, joins: Sequence[Join], title: str, by: User, at: datetime, summary: str = "") -> Case:
    """Part some points of a case into a case of its own, which is then dispatched for itself.

    The clock goes with it: what was promised to these people stays promised, a split wins no time. Returns the new
    case. Raises NothingLeft, NoSuchMove, NothingSaid, NotAllowed.
    """
    begun = begin(case, Deed.SPLIT, by=by, at=at)
    source = begun.case
    chosen = Join.objects.filter(case=source, pk__in=[join.pk for join in joins])
    count = chosen.count()
    if not count or count >= source.voices:
        raise NothingLeft()
    texts = [title, summary, *chosen.values_list("item__text", flat=True)]
    new = Case(
        title=line(said(cut(title, TITLE_MAX)), most=TITLE_MAX), summary=summary.strip(), subject=source.subject,
        kind=source.kind, level=source.level, area=source.area, place=source.place, since=source.since,
        office=source.office, sponsor=source.sponsor, major=source.major, opened_at=at, opened_by=by, split_from=source,
        grams=grams("\n".join(texts)),
    )  # fmt: skip
    _take_clock(new, source)
    _number(new)
    Pause.objects.bulk_create(
        Pause(case=new, starts=p.starts, ends=p.ends, reason=p.reason, approved_by=p.approved_by, review_on=p.review_on)
        for p in source.pauses.select_related("approved_by")
    )
    before = source.voices
    _move_joins(source, new, chosen)
    source.save(update_fields=["voices"])
    data = {"before": before, "after": source.voices, "new": new.number, "new_after": new.voices}
    note(begun, Deed.SPLIT, by=by, at=at, **data)
    ledger.note("case.register", new, by=by, at=at, behalf=begun.holding.behalf, data={"from": source.number, **data})
    return new


def _keep_promise(source: Case, target: Case, *, at: datetime) -> None:
    """Let no merger win time in silence: a clock that runs goes over, and whoever has to wait longer is told."""
    if source.due_at is None:
        return
    if target.due_at is None:
        _take_clock(target, source)
        target.save(update_fields=CLOCK)
    elif source.due_at < target.due_at:
        dates = {"old_due": day(source.due_at), "due": day(target.due_at)}
        tell(target, "case.extended", event=f"merge:{source.pk}", at=at, voices=voices_behind(source), **dates)


def _take_clock(case: Case, other: Case) -> None:
    for name in CLOCK:
        setattr(case, name, getattr(other, name))
    if is_by_hand(other):
        case.limit_value = None  # the date was set by a person and stays as it is


def end_open(case: Case, *, at: datetime) -> None:
    """Cancel what is still owed on a case, and end what was still open about its clock."""
    Task.objects.filter(case=case, state=TaskState.OPEN).update(state=TaskState.CANCELLED)
    Pause.objects.filter(case=case, ends=None).update(ends=at)
    lapse(case, at=at)


def lapse(case: Case, *, at: datetime) -> None:
    """Let a question for a later date lapse that nobody has decided."""
    Extension.objects.filter(case=case, granted=None).update(granted=False, decided_at=at)


def hold_items(items: Sequence[Item]) -> list[Item]:
    """Return the items as they are now, held until the transaction ends. Raises NothingToJoin, AlreadyJoined."""
    chosen = Item.objects.filter(pk__in={item.pk for item in items})
    # Whoever writes to an item holds its voice first (listen does the same), so that two cannot block each other.
    list(Voice.objects.select_for_update().filter(pk__in=chosen.values("voice")).order_by("pk").values_list("pk"))
    held = list(chosen.select_related("voice__area", "subject", "area").order_by("pk"))
    if not held:
        raise NothingToJoin()
    for item in held:
        if item.outcome:
            raise AlreadyJoined(item=str(item), how=_how(item))
    return held


def _how(item: Item) -> str:
    number = Join.objects.filter(item=item).values_list("case__number", flat=True).first()
    return number or str(rules.OUTCOMES[item.outcome])


def _sorter(items: Iterable[Item], *, by: User, at: datetime) -> Holding:
    """Return the holding by which all these items may be sorted, own-office roles first. Raises NotAllowed."""
    offices = {item.voice.office_id for item in items}
    holdings = [
        people.need(by, Power.TRIAGE, office_id=office, at=at) for office in sorted(offices, key=lambda pk: pk or 0)
    ]
    return holdings[-1]


def _refuse_settled(case: Case) -> None:
    if State(case.state) not in rules.OPEN:
        raise NotOpen(number=case.number, state=State(case.state).label)


def _feed(case: Case, items: Sequence[Item], *, by: User, at: datetime) -> None:
    Join.objects.bulk_create([Join(case=case, item=item, first_case=case, at=at, by=by) for item in items])
    for item in items:
        listen.mark_joined(item, by=by, at=at, subject=case.subject)


def _move_joins(source: Case, target: Case, joins: Any) -> None:
    texts = list(joins.values_list("item__text", flat=True))
    joins.update(case=target)
    source.voices -= len(texts)
    _recount(target, texts)


def _recount(case: Case, texts: Sequence[str]) -> None:
    """Keep the number of points that feed a case, and let it be found by their words."""
    case.voices += len(texts)
    known = dict.fromkeys(case.grams.split())
    known.update(dict.fromkeys(grams("\n".join(texts)).split()))
    case.grams = " ".join(known)
    case.save(update_fields=["voices", "grams"])


def _number(case: Case) -> None:
    """Write a new case under a number nobody has."""
    for left in reversed(range(TRIES)):
        case.number = new_reference(County.now().prefix + PREFIX)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
            return
        except IntegrityError:
            if not left:
                raise
