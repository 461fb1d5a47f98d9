"""What fulfils an obligation: encounters, deeds of the ledger and links that are really on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from lianxin.kit.clock import ZONE
from lianxin.ledger.models import Event
from lianxin.people.models import Office, Post, Substitution, User
from lianxin.record.models import Encounter, Household, Link, VillageFile
from lianxin.record.rules import counts_as_met
from lianxin.supervise.models.after import Report
from lianxin.supervise.models.obligation import Obligation
from lianxin.supervise.rules import Span, What, Who

Key = tuple[int, int, int]
Holder = tuple[User | None, Office, Link | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing on record that counts."""

    day: date
    label: str
    number: str  # of the encounter; empty for what is no encounter
    about: str = ""  # what tells two of one day apart: the thing they were done to
    late: bool = False  # written down a month and more afterwards
    stood_in: str = ""  # who did it for the absent one


@dataclass(slots=True)
class Found:
    """What was found, by owner."""

    rows: dict[Key, list[Evidence]] = field(default_factory=dict)

    def add(self, key: Key, evidence: Evidence) -> None:
        self.rows.setdefault(key, []).append(evidence)

    def of(self, key: Key) -> list[Evidence]:
        return self.rows.get(key, [])


def find(obligation: Obligation, owners: list[Holder], span: Span, at: datetime, lent: list[Substitution]) -> Found:
    """Return what of these days counts for whom, up to the moment; a handful of queries, however many owners."""
    if obligation.what == What.LINK:
        return _links(owners, obligation, at)
    if obligation.what == What.DEED:
        return _deeds(obligation, owners, span, at)
    return _encounters(obligation, owners, span, at, lent)


def _key(owner: Holder) -> Key:
    user, office, link = owner
    return (user.pk if user else 0, office.pk, link.pk if link else 0)


def _moments(span: Span, at: datetime) -> tuple[datetime, datetime]:
    begins, ends = (datetime.combine(day, time(), tzinfo=ZONE) for day in (span.first, span.until))
    return begins, min(ends, at)


def _links(owners: list[Holder], obligation: Obligation, at: datetime) -> Found:
    day = timezone.localtime(at).date()
    rows = Link.objects.held(day).filter(user__in=[user for user, _, _ in owners if user])
    if obligation.tie:
        rows = rows.filter(tie=obligation.tie)
    if obligation.unit:
        rows = rows.filter(enterprise__unit=obligation.unit)
    found, by_user = Found(), {user.pk: _key((user, office, link)) for user, office, link in owners if user}
    for link in rows.select_related("area", "household", "enterprise"):
        found.add(by_user[link.user_id or 0], Evidence(link.starts, str(link.to), "", about=f"link {link.pk}"))
    return found


# -- encounters ---------------------------------------------------------------------------------------------


def _encounters(
    obligation: Obligation, owners: list[Holder], span: Span, at: datetime, lent: list[Substitution]
) -> Found:
    begins, ends = _moments(span, at)
    rows = Encounter.objects.done().filter(starts_at__gte=begins, starts_at__lt=ends)
    if kinds := [kind.pk for kind in obligation.kinds.all()]:
        rows = rows.filter(kind__in=kinds)
    if obligation.with_report:
        rows = rows.filter(pk__in=Report.objects.values("encounter"))
    rows = rows.select_related("kind", "area", "household__area", "enterprise__area", "office").prefetch_related(
        "members"
    )
    if obligation.who != Who.OFFICE:
        rows = rows.filter(_by(owners, lent, obligation)).distinct()
    found = Found()
    doers = _doers(owners, lent if obligation.by_substitute else [])
    for encounter in rows.order_by("starts_at"):
        if counts_as_met(encounter.mode, encounter.outcome):
            for key, name in _whose(encounter, owners, doers):
                found.add(key, _shown(encounter, name))
    return found


def _by(owners: list[Holder], lent: list[Substitution], obligation: Obligation) -> Q:
    """Return the condition that somebody of the owners, or of their offices, was there."""
    users = {user.pk for user, _, _ in owners if user} | {one.substitute_id for one in lent}
    offices = {pk for user, office, _ in owners if user is None for pk in office.branch}
    there = Encounter.members.through.objects.filter(user__in=users).values("encounter")
    return Q(recorder__in=users) | Q(pk__in=there) | Q(office__in=offices)


def _doers(owners: list[Holder], lent: list[Substitution]) -> dict[int, list[tuple[Holder, Substitution | None]]]:
    """Return for whom each officer's going counts."""
    doers: dict[int, list[tuple[Holder, Substitution | None]]] = {}
    for owner in owners:
        if owner[0]:
            doers.setdefault(owner[0].pk, []).append((owner, None))
            for one in lent:
                if one.absent_id == owner[0].pk:
                    doers.setdefault(one.substitute_id, []).append((owner, one))
    return doers


def _whose(
    encounter: Encounter, owners: list[Holder], doers: dict[int, list[tuple[Holder, Substitution | None]]]
) -> Iterable[tuple[Key, str]]:
    """Yield for whom the encounter counts, each once, and who did it where that was somebody who stood in."""
    seen: set[Key] = set()
    people = {encounter.recorder_id: "", **{one.pk: one.name for one in encounter.members.all()}}
    for pk in people:
        for owner, lent in doers.get(pk, ()):
            fits = _reached(encounter, owner[2]) and (lent is None or _within(lent, encounter.starts_at))
            if fits and _key(owner) not in seen:
                seen.add(_key(owner))
                yield _key(owner), (lent.substitute.name if lent else "")
    for owner in owners:
        own = owner[0] is None and encounter.office.path.startswith(owner[1].path)
        if own and _reached(encounter, owner[2]):
            yield _key(owner), ""


def _within(lent: Substitution, moment: datetime) -> bool:
    ended = lent.ended_early_at or lent.ends
    return lent.starts <= moment < min(ended, lent.ends)


def _reached(encounter: Encounter, link: Link | None) -> bool:
    """Tell whether the encounter was with what the link goes to; of a place, with anybody in it."""
    if link is None:
        return True
    if link.household_id or link.enterprise_id:
        return (encounter.household_id, encounter.enterprise_id) == (link.household_id, link.enterprise_id)
    assert link.area
    unit = encounter.household or encounter.enterprise
    areas = [area for area in (encounter.area, unit.area if unit else None) if area]
    return any(area.path.startswith(link.area.path) for area in areas)


def _shown(encounter: Encounter, stood_in: str) -> Evidence:
    day = timezone.localtime(encounter.starts_at).date()
    about = f"{encounter.household_id or 0} {encounter.enterprise_id or 0} {encounter.area_id or 0}"
    late = (encounter.recorded_at - encounter.starts_at).days > LATE_DAYS
    return Evidence(day, encounter.kind.name, encounter.number, about, late, stood_in)


LATE_DAYS = 30  # what is written down later than this still counts, and says so


# -- deeds of the ledger --------------------------------------------------------------------------------------


def _deeds(obligation: Obligation, owners: list[Holder], span: Span, at: datetime) -> Found:
    begins, ends = _moments(span, at)
    rows = Event.objects.filter(verb__in=obligation.verbs, at__gte=begins, at__lt=ends, by_id__isnull=False)
    doing: dict[int, list[Holder]] = {}
    for owner in owners:
        for pk in [owner[0].pk] if owner[0] else _staff(owner[1], span):
            doing.setdefault(pk, []).append(owner)
    found = Found()
    places = _places(owners)
    for event in rows.filter(by_id__in=doing).order_by("at"):
        for owner in doing[event.by_id or 0]:
            if owner[2] is None or (event.kind, event.key) in places.get(owner[2].pk, ()):
                day = timezone.localtime(event.at).date()
                found.add(_key(owner), Evidence(day, event.verb, "", f"{event.kind} {event.key}", stood_in=""))
    return found


def _staff(office: Office, span: Span) -> set[int]:
    """Return who held a post in the office, or below it, at the end of the days."""
    rows = Post.objects.on(span.last).filter(office__in=office.branch, holder__isnull=False)
    return {pk for pk in rows.values_list("holder", flat=True) if pk}


def _places(owners: list[Holder]) -> dict[int, set[tuple[str, int]]]:
    """Return which files lie at what each link goes to: a deed on one of them was done for the link."""
    found: dict[int, set[tuple[str, int]]] = {}
    for _user, _office, link in owners:
        if link is None:
            continue
        if link.area:
            homes = Household.objects.within(link.area).values_list("pk", flat=True)
            villages = VillageFile.objects.filter(area__path__startswith=link.area.path).values_list("pk", flat=True)
            found[link.pk] = {("record.household", pk) for pk in homes} | {
                ("record.villagefile", pk) for pk in villages
            }
        elif link.household_id:
            found[link.pk] = {("record.household", link.household_id)}
        else:
            found[link.pk] = {("record.enterprise", link.enterprise_id or 0)}
    return found
