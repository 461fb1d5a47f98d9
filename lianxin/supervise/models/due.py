"""What is due, worked out from what is on record: nobody's tick, and the same answer whenever it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from lianxin.kit.clock import ZONE
from lianxin.people.models import Office, Post, Substitution, User, calendar_now
from lianxin.record.models import Link
from lianxin.supervise.models.evidence import Evidence, Found, find
from lianxin.supervise.models.obligation import Exemption, Obligation
from lianxin.supervise.rules import (
    DAY,
    Partial,
    Period,
    Span,
    State,
    What,
    Who,
    covered,
    dates,
    moved,
    periods,
    state_of,
)
from lianxin.supervise.rules import required as share_of


@dataclass(slots=True)
class Owner:
    """Somebody of whom something is required, and in which days."""

    obligation: Obligation
    office: Office
    user: User | None = None
    link: Link | None = None
    spells: list[Span] = field(default_factory=list)
    without: list[Exemption] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, int, int]:
        """The same owner in two periods is the same one."""
        return (self.user.pk if self.user else 0, self.office.pk, self.link.pk if self.link else 0)

    @property
    def name(self) -> str:
        return str(self.user or self.office)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due from one owner: in which days, how many, and what of it is on record."""

    owner: Owner
    span: Span  # in which it counts
    day: date | None  # the day itself, of a recurrence
    planned: date | None  # the day that the recurrence names, before holidays moved it
    need: int
    of: int  # required of who is there all the time
    evidence: tuple[Evidence, ...]
    reason: str  # why nothing, or less, is required
    today: date

    @property
    def obligation(self) -> Obligation:
        return self.owner.obligation

    @property
    def done(self) -> int:
        """How many count; two on one day are one."""
        return len({(one.day, one.about) for one in self.evidence})

    @property
    def state(self) -> State:
        return state_of(self.need, self.done, self.span.last, self.today)

    @property
    def missing(self) -> int:
        return max(self.need - self.done, 0)

    @property
    def is_moved(self) -> bool:
        return self.day is not None and self.day != self.planned


def dues(
    obligations: Iterable[Obligation], over: Span, at: datetime, *, user: User | None = None,
    office: Office | None = None, links: Iterable[int] | None = None,
) -> list[Due]:  # fmt: skip
    """Return what is due in the periods that touch the span, of everybody or only of that user, office or links."""
    found: list[Due] = []
    for obligation in obligations:
        owners = _narrow(owners_of(obligation, over), user, office, links)
        if owners:
            found += _of(obligation, owners, over, at)
    return found


def _narrow(owners: list[Owner], user: User | None, office: Office | None, links: Iterable[int] | None) -> list[Owner]:
    if user is not None:
        owners = [one for one in owners if one.user and one.user.pk == user.pk]
    if office is not None:
        owners = [one for one in owners if one.office.path.startswith(office.path)]
    if links is not None:
        wanted = set(links)
        owners = [one for one in owners if one.link and one.link.pk in wanted]
    return owners


def _of(obligation: Obligation, owners: list[Owner], over: Span, at: datetime) -> list[Due]:
    today = timezone.localtime(at).date()
    slots = list(_slots(obligation, over))
    if not slots:
        return []
    whole = Span(min(slot.span.first for slot in slots), max(slot.span.until for slot in slots))
    facts = find(obligation, [(one.user, one.office, one.link) for one in owners], whole, at, _lent(owners, whole))
    exempt = _exemptions(obligation, whole)
    made: list[Due] = []
    for owner in owners:
        owner.without = [one for one in exempt if _exempts(one, owner)]
        made += [due for slot in slots if (due := _due(owner, slot, facts, today))]
    return made


@dataclass(frozen=True, slots=True)
class _Slot:
    span: Span
    day: date | None = None
    planned: date | None = None


def _slots(obligation: Obligation, over: Span) -> Iterator[_Slot]:
    own = obligation.span
    if obligation.period != Period.DATES:
        for span in periods(obligation.period, over.cut(own)):
            yield _Slot(span)
        return
    calendar = calendar_now()
    before = timedelta(days=obligation.tolerance + 15)  # a day that was moved, or still counts
    for planned in dates(obligation.recurrence, obligation.starts, Span(over.first - before, over.until + before)):
        day = moved(planned, obligation.holiday, calendar.is_workday)
        if day is None or not own.holds(planned):
            continue
        span = Span(day, day + DAY * (obligation.tolerance + 1))
        if span.cut(over).days:
            yield _Slot(span, day, planned)


def _due(owner: Owner, slot: _Slot, facts: Found, today: date) -> Due | None:
    obligation = owner.obligation
    spells = [spell.cut(obligation.span) for spell in owner.spells]
    spans = [one.span for one in owner.without]
    held = covered(slot.span, spells)
    if not held:
        return None
    free = covered(slot.span, spells, spans)
    of = obligation.times
    if obligation.what == What.LINK or slot.day:  # asked of one day, which is owed whole or not at all
        day = slot.day or min(today, slot.span.last)
        need = of if covered(Span(day, day + DAY), spells, spans) else 0
    else:
        need = share_of(of, free, slot.span.days, obligation.partial)
    reason = next((one.reason for one in owner.without if one.span.cut(slot.span).days), "") if free < held else ""
    if not reason and need < of and obligation.partial != Partial.WHOLE:
        reason = "partial"
    evidence = tuple(one for one in facts.of(owner.key) if slot.span.holds(one.day) or obligation.what == What.LINK)
    return Due(owner, slot.span, slot.day, slot.planned, need, of, evidence, reason, today)


def _exemptions(obligation: Obligation, span: Span) -> list[Exemption]:
    rows = Exemption.objects.within(span).filter(Q(obligation=obligation) | Q(obligation=None))
    return list(rows.order_by("starts"))


def _exempts(exemption: Exemption, owner: Owner) -> bool:
    if exemption.user_id:
        return owner.user is not None and owner.user.pk == exemption.user_id
    return owner.user is None and owner.office.pk == exemption.office_id


def _lent(owners: Iterable[Owner], span: Span) -> list[Substitution]:
    """Return who stood in for whom of the owners."""
    begins, ends = (datetime.combine(day, time(), tzinfo=ZONE) for day in (span.first, span.until))
    users = {one.user.pk for one in owners if one.user}
    return list(Substitution.objects.filter(absent__in=users, starts__lt=ends, ends__gt=begins))


def owners_of(obligation: Obligation, over: Span) -> list[Owner]:
    """Return of whom it is required in these days, each with the days in which it is."""
    if obligation.who == Who.OFFICE:
        return _offices(obligation, over)
    return _holders(obligation, over) if obligation.who == Who.POST else _linked(obligation, over)


def _offices(obligation: Obligation, over: Span) -> list[Owner]:
    rows = Office.objects.not_over(over.first)
    if obligation.office_kind:
        rows = rows.filter(kind=obligation.office_kind)
    if obligation.office:
        rows = rows.within(obligation.office)
    return [Owner(obligation, one, spells=[_span(one.valid_from, one.valid_to)]) for one in rows.order_by("path")]


def _holders(obligation: Obligation, over: Span) -> list[Owner]:
    rows = Post.objects.not_over(over.first).filter(holder__isnull=False).select_related("holder", "office")
    for name in ("role", "rank", "title"):
        if wanted := getattr(obligation, name):
            rows = rows.filter(**{name: wanted})
    if obligation.office_kind:
        rows = rows.filter(office__kind=obligation.office_kind)
    if obligation.office:
        rows = rows.filter(office__path__startswith=obligation.office.path)
    found: dict[int, Owner] = {}
    for post in rows.order_by("office__path", "id"):
        assert post.holder
        owner = found.setdefault(post.holder.pk, Owner(obligation, post.office, post.holder))
        owner.spells.append(_given(obligation, _span(post.valid_from, post.valid_to)))
    return list(found.values())


def _linked(obligation: Obligation, over: Span) -> list[Owner]:
    rows = Link.objects.overlapping(over.first - timedelta(days=366), over.until).filter(tie=obligation.tie)
    if obligation.unit:
        rows = rows.filter(enterprise__unit=obligation.unit)
    rows = rows.select_related("user", "office", "area", "household", "enterprise").order_by("office__path", "id")
    links = list(rows)
    posts: dict[int, list[Post]] = {}
    for post in Post.objects.filter(holder__in={link.user_id for link in links}).select_related("office"):
        posts.setdefault(post.holder_id or 0, []).append(post)
    return [
        Owner(obligation, link.office, link.user, link, _held(obligation, link, posts.get(link.user_id or 0, [])))
        for link in links
    ]


def _held(obligation: Obligation, link: Link, posts: list[Post]) -> list[Span]:
    """Return in which days the link was held: while it ran, and its person had a post where it belongs."""
    own = _given(obligation, _span(link.starts, link.ends))
    if link.user is None:
        return [own]
    there = [post for post in posts if post.office.path.startswith(link.office.path)]
    return [span for post in there if (span := own.cut(_span(post.valid_from, post.valid_to))).days]


def _given(obligation: Obligation, span: Span) -> Span:
    """Let a new holder have the days that the obligation gives first; who was there when it began is not new."""
    if not obligation.grace_days or span.first <= obligation.starts:
        return span
    return Span(min(span.first + timedelta(days=obligation.grace_days), span.until), span.until)


def _span(first: date | None, until: date | None) -> Span:
    return Span(first or date(1950, 1, 1), until or date(2149, 1, 1))
