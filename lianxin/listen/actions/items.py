"""Sorting: what was said is split into points, classified, and each point is settled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.listen.actions.voices import NotOffered, tell
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import Decline, Kind, Level, Outcome
from lianxin.people import actions as people
from lianxin.people.actions.words import line, said
from lianxin.people.models import User
from lianxin.people.rules import Holding, Power
from lianxin.places.models import Area

POINTS_MAX = 50


class AlreadySettled(Refusal):
    """Somebody else was faster."""


class NothingToSort(Refusal):
    """All points of the voice are settled."""


class TooManyPoints(Refusal):
    """More points than one voice can hold."""

    status = 422


class StillClosed(Refusal):
    """The letter has not been handed on by its addressee."""


@transaction.atomic
def itemize(voice: Voice, *, texts: Sequence[str], by: User, at: datetime) -> list[Item]:
    """Replace the points of a voice that wait by these, in this order; settled ones stay as they are.

    The first ones keep their number and what was chosen for them. Raises NothingSaid, TooLong, TooManyPoints,
    NothingToSort, NotAllowed.
    """
    voice, holding = _open(voice, by=by, at=at)
    points = [said(text, empty=_("A point has no words.")) for text in texts]
    items = list(voice.items.order_by("number"))
    waiting = [item for item in items if not item.outcome]
    if not waiting:
        raise NothingToSort(_("Every point of this voice is settled already."))
    if not points:
        raise NothingToSort(_("Please leave at least one point."))
    if len(items) - len(waiting) + len(points) > POINTS_MAX:
        raise TooManyPoints(_("One voice can have %(most)s points at most.") % {"most": POINTS_MAX})
    last = items[-1].number
    kept = [_reworded(item, text) for item, text in zip(waiting, points, strict=False)]
    more = [
        Item(voice=voice, number=last + n, text=text, kind=voice.kind, area_id=voice.area_id)
        for n, text in enumerate(points[len(waiting) :], start=1)
    ]
    Item.objects.bulk_update(kept, ["text"])
    Item.objects.bulk_create(more)
    Item.objects.filter(pk__in=[item.pk for item in waiting[len(points) :]]).delete()
    ledger.note("voice.itemized", voice, by=by, at=at, behalf=holding.behalf, data={"points": len(points)})
    return [*kept, *more]


@transaction.atomic
def classify(
    item: Item,
    *,
    by: User,
    at: datetime,
    subject: Subject | None = None,
    kind: str = "",
    level: str = "",
    area: Area | None = None,
    reason: str = "",
) -> Item:
    """Say what a point is about; what is left out stays as it was.

    It may be said again later, also of a settled point: the ledger keeps the former and the new. Raises NotOffered,
    NotAllowed.
    """
    if (kind and kind not in Kind.values) or (level and level not in Level.values):
        raise NotOffered(_("There is no such class. Please choose one from the list."))
    voice, holding = _open(item.voice, by=by, at=at)
    item = voice.items.get(pk=item.pk)
    before = _classes(item)
    item.subject = subject or item.subject
    item.area = area or item.area
    item.kind, item.level = kind or item.kind, level or item.level
    item.save(update_fields=["subject", "kind", "level", "area"])
    changed = {key: [before[key], value] for key, value in _classes(item).items() if before[key] != value}
    if changed:
        data = {"item": item.number, **changed, **({"reason": line(reason, most=200)} if reason else {})}
        ledger.note("item.classified", item, by=by, at=at, behalf=holding.behalf, data=data)
    _sort(voice, at=at)
    return item


@transaction.atomic
def answer(item: Item, *, text: str, by: User, at: datetime, basis: str = "") -> Item:
    """Answer a point on the spot: it counts as collected and as settled, and is never dispatched.

    `basis` names the policy it rests on. Raises NothingSaid, TooLong, AlreadySettled, StillClosed, NotAllowed.
    """
    words = said(text, empty=_("Please write the answer."))
    return _settle(item, Outcome.ANSWERED, by=by, at=at, words=words, data={"basis": line(basis)} if basis else {})


@transaction.atomic
def decline(item: Item, *, reason: str, text: str, by: User, at: datetime) -> Item:
    """Tell the person that a point will not be worked on, for one of the legal reasons, and where to go instead.

    Raises NotOffered, NothingSaid, TooLong, AlreadySettled, StillClosed, NotAllowed.
    """
    if reason not in Decline.values:
        raise NotOffered(_("Only the reasons in the list allow to decline."))
    words = said(text, empty=_("Please tell the person why, and where to go instead."))
    return _settle(item, Outcome.DECLINED, by=by, at=at, words=words, decline=reason, data={"reason": reason})


@transaction.atomic
def transfer(item: Item, *, to: str, text: str, by: User, at: datetime) -> Item:
    """Hand a point over to who is responsible outside this county's offices, and tell the person.

    Raises NothingSaid, TooLong, AlreadySettled, StillClosed, NotAllowed.
    """
    goal = said(line(to), empty=_("Please name who takes it over."))
    words = said(text, empty=_("Please tell the person where it went and what happens next."))
    return _settle(item, Outcome.TRANSFERRED, by=by, at=at, words=words, transferred_to=goal, data={"to": goal})


@transaction.atomic
def mark_joined(item: Item, *, by: User, at: datetime, subject: Subject | None = None) -> Item:
    """Record that a point has joined a case; only the case asks for it. It takes the case's subject if it has none.

    Raises AlreadySettled, StillClosed. Who may join is the question of the case.
    """
    voice = _locked(item.voice)
    _refuse_closed(voice)
    fields: dict[str, Any] = {"outcome": Outcome.JOINED, "settled_at": at, "settled_by": by}
    if subject and item.subject_id is None:
        fields["subject"] = subject
    return _close(voice, item, fields, by=by, at=at, behalf=None, data={})


def _settle(
    item: Item, outcome: Outcome, *, by: User, at: datetime, words: str, data: Mapping[str, Any], **more: str
) -> Item:
    at_the_door = outcome == Outcome.ANSWERED and item.voice.encounter_id and item.voice.recorder_id == by.pk
    voice, holding = _open(item.voice, by=by, at=at, power=Power.VISIT if at_the_door else Power.TRIAGE)
    _refuse_closed(voice)
    fields = {"outcome": outcome, "answer": words, "settled_at": at, "settled_by": by, **more}
    item = _close(voice, item, fields, by=by, at=at, behalf=holding.behalf, data=data)
    if voice.wants_reply:
        tell(voice, f"voice.{outcome}", f"{outcome}:{item.number}", contact=voice.opened_contact(), at=at)
    return item


def _close(
    voice: Voice,
    item: Item,
    fields: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    behalf: User | None,
    data: Mapping[str, Any],
) -> Item:
    """Settle a point if it still waits, and the voice with its last one."""
    if not voice.items.filter(pk=item.pk, outcome="").update(**fields):
        raise AlreadySettled(_("Somebody has settled this point already. Please reload the page."))
    item.refresh_from_db()
    ledger.note(f"item.{item.outcome}", item, by=by, at=at, behalf=behalf, data={"item": item.number, **data})
    _sort(voice, at=at)
    return item


def _sort(voice: Voice, *, at: datetime) -> None:
    """Take a voice out of the queue once every point of it is settled and classified."""
    if voice.sorted_at is None and not voice.items.unsorted().exists():
        voice.sorted_at = at
        voice.save(update_fields=["sorted_at"])


def _open(voice: Voice, *, by: User, at: datetime, power: Power = Power.TRIAGE) -> tuple[Voice, Holding]:
    """Lock a voice for sorting by someone who may. Raises NotAllowed."""
    voice = _locked(voice)
    if power is Power.VISIT:  # who heard it at a door answers it there, for whichever office he went
        return voice, people.need(by, power, at=at, anywhere=True)
    return voice, people.need(by, power, office_id=voice.office_id, at=at)


def _locked(voice: Voice) -> Voice:
    # Two officers at two points of one voice: the second waits, so that the last of them sees that it is the last.
    return Voice.objects.select_for_update().get(pk=voice.pk)


def _refuse_closed(voice: Voice) -> None:
    if voice.is_closed_letter:
        raise StillClosed(_("The addressee has not handed this letter on yet."))


def _reworded(item: Item, text: str) -> Item:
    item.text = text
    return item


def _classes(item: Item) -> dict[str, str]:
    return {
        "subject": str(item.subject or ""),
        "kind": item.kind,
        "level": item.level,
        "area": str(item.area or ""),
    }
