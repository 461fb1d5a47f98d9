"""Lists of voices: opened, begun, taken in slice by slice, stopped and resumed. The channel reads the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.listen.actions.voices import Said, facts, first_item, put, triage_due, utter
from lianxin.listen.models import Intake, IntakeError, Item, Subject, Voice
from lianxin.listen.rules import LIST_TEXT_MAX, BadRow, Channel, Identity, ListedVoice
from lianxin.people import actions as people
from lianxin.people.models import County, User
from lianxin.people.rules import Power
from lianxin.places.models import Area

Row = TypeVar("Row", Area, Subject)

LEASE = timedelta(minutes=2)  # a slice takes seconds; a worker that was killed is replaced after this


class NotWaiting(Refusal):
    """The list is not in a state for this."""


class Overtaken(Refusal):
    """Somebody stopped the list, or another worker took these rows."""


@transaction.atomic
def open_intake(file: Attachment, *, total: int, by: User | None, at: datetime) -> Intake:
    """Begin with a file of voices: nothing is taken in until columns are chosen. `by` None is the command line.

    Raises NotAllowed.
    """
    behalf = _may(by, at=at)
    intake = Intake.objects.create(file=file, total=total, by=by, at=at)
    ledger.note("intake.opened", intake, by=by, at=at, behalf=behalf, data={"rows": total, "sha256": file.sha256})
    return intake


@transaction.atomic
def begin_intake(intake: Intake, *, mapping: Mapping[str, str], dry: bool, by: User | None, at: datetime) -> Intake:
    """Let the worker take the list in, with these columns (name of the column to what it holds); `dry` only tries.

    Raises NotWaiting and NotAllowed.
    """
    behalf = _may(by, at=at)
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    if intake.state != Intake.State.MAPPED:
        raise NotWaiting(_("This list has been begun already."))
    intake.state, intake.mapping, intake.dry = Intake.State.RUNNING, dict(mapping), dry
    intake.save(update_fields=["state", "mapping", "dry"])
    ledger.note("intake.begun", intake, by=by, at=at, behalf=behalf, data={"mapping": dict(mapping), "dry": dry})
    return intake


@transaction.atomic
def stop_intake(intake: Intake, *, by: User | None, at: datetime) -> Intake:
    """Stop taking a list in after the rows that are being written; what was taken stays.

    Raises NotWaiting and NotAllowed.
    """
    return _turn(intake, Intake.State.RUNNING, Intake.State.STOPPED, "intake.stopped", by=by, at=at)


@transaction.atomic
def resume_intake(intake: Intake, *, by: User | None, at: datetime) -> Intake:
    """Go on with a stopped list where it stood. Raises NotWaiting and NotAllowed."""
    return _turn(intake, Intake.State.STOPPED, Intake.State.RUNNING, "intake.resumed", by=by, at=at)


@transaction.atomic
def claim_intake(*, at: datetime, only: Intake | None = None) -> Intake | None:
    """Give the oldest running list (or that one) to this worker for a while; None where there is none to take."""
    free = Intake.objects.filter(Q(lease_until=None) | Q(lease_until__lte=at), state=Intake.State.RUNNING)
    for intake in free.filter(pk=only.pk) if only else free.order_by("id")[:3]:
        if free.filter(pk=intake.pk).update(lease_until=at + LEASE):
            intake.lease_until = at + LEASE
            return intake
    return None


@transaction.atomic
def release_intake(intake: Intake, *, at: datetime) -> None:
    """Let any worker go on with the list at once."""
    Intake.objects.filter(pk=intake.pk, lease_until=intake.lease_until).update(lease_until=None)


@transaction.atomic
def take_rows(
    intake: Intake, *, rows: Sequence[ListedVoice | BadRow], at: datetime, seen: set[str] | None = None
) -> Intake:
    """Take the next rows of a list in: all of them or, if the machine dies, none.

    A row that was taken before, from whatever file, is known and adds nothing; `seen` holds the keys of a trial run,
    which writes none. A bad row is kept with its trouble. Raises Overtaken.
    """
    first = intake.row
    intake = Intake.objects.select_for_update(of=("self",)).select_related("by").get(pk=intake.pk)
    if intake.state != Intake.State.RUNNING or intake.row != first:
        raise Overtaken(_("The list is in another state by now. Please reload the page."))
    listed = [row for row in rows if isinstance(row, ListedVoice)]
    bad = [row for row in rows if isinstance(row, BadRow)]
    fresh = _fresh(listed, seen if seen is not None else set())
    spoken, refused = _utter(fresh, at=at)
    if not intake.dry:
        _hear_many(spoken, by=intake.by, at=at)
    IntakeError.objects.bulk_create(
        IntakeError(intake=intake, row=row.row, trouble=row.trouble[:200], cells=row.cells) for row in [*bad, *refused]
    )
    intake.row += len(rows)
    intake.added += len(spoken)
    intake.known += len(listed) - len(fresh)
    intake.failed += len(bad) + len(refused)
    if intake.row >= intake.total:
        intake.state, intake.finished_at, intake.lease_until = Intake.State.DONE, at, None
    intake.save(update_fields=["row", "added", "known", "failed", "state", "finished_at", "lease_until"])
    if intake.state == Intake.State.DONE:
        data = {"added": intake.added, "known": intake.known, "failed": intake.failed, "dry": intake.dry}
        ledger.note("intake.finished", intake, by=intake.by, at=at, data=data)
    return intake


@dataclass(frozen=True, slots=True)
class _Spoken:
    said: Said
    subject: Subject | None


def _fresh(rows: Iterable[ListedVoice], seen: set[str]) -> list[ListedVoice]:
    """Return the rows that no earlier run and no earlier row has brought."""
    rows = list(rows)
    keys = [row.source_key for row in rows]
    known = seen | {
        key for key in Voice.objects.filter(source_key__in=keys).values_list("source_key", flat=True) if key
    }
    fresh = []
    for row in rows:
        if row.source_key not in known:
            known.add(row.source_key)
            fresh.append(row)
    seen |= known
    return fresh


def _utter(rows: Sequence[ListedVoice], *, at: datetime) -> tuple[list[_Spoken], list[BadRow]]:
    """Check every row as `hear` would; a row that is refused becomes a bad one."""
    areas = _by_name(Area.objects.filter(name__in={row.area for row in rows if row.area}))
    subjects = _by_name(Subject.objects.on(at.date()).filter(name__in={row.subject for row in rows if row.subject}))
    spoken, refused = [], []
    for row in rows:
        area = areas.get(row.area)
        try:
            said = utter(
                channel=Channel.IMPORT,
                identity=Identity.SIGNED if row.contact.name or row.contact.phone else Identity.ANONYMOUS,
                text=row.text,
                at=at,
                received_at=row.received_at,
                contact=row.contact,
                kind="",
                area=area,
                # An area nobody knows, or two of one name: the words stay as the place.
                place=row.place if area else " ".join(filter(None, [row.area, row.place])),
                wants_reply=False,
                addressee=None,
                office=None,
                recorder=None,
                source_key=row.source_key,
                most=LIST_TEXT_MAX,
            )
        except Refusal as refusal:
            refused.append(BadRow(row.row, str(refusal)))
        else:
            spoken.append(_Spoken(said, subjects.get(row.subject)))
    return spoken, refused


def _hear_many(spoken: Sequence[_Spoken], *, by: User | None, at: datetime) -> None:
    """Write many voices as `hear` writes one: number, item and a line of the ledger each."""
    due_at = triage_due(at)
    numbers = _numbers(len(spoken))
    voices = Voice.objects.bulk_create(
        put(one.said, number=number, at=at, due_at=due_at) for one, number in zip(spoken, numbers, strict=True)
    )
    items = [first_item(voice) for voice in voices]
    for item, one in zip(items, spoken, strict=True):
        item.subject = one.subject
    Item.objects.bulk_create(items)
    for voice, one in zip(voices, spoken, strict=True):
        ledger.note("voice.heard", voice, by=by, at=at, data=facts(one.said))


def _numbers(count: int) -> list[str]:
    """Return so many numbers that no voice has."""
    numbers: set[str] = set()
    while len(numbers) < count:
        made = {new_reference(County.now().prefix) for _ in range(count - len(numbers))}
        numbers |= made - set(Voice.objects.filter(number__in=made).values_list("number", flat=True))
    return list(numbers)


def _by_name(rows: Iterable[Row]) -> dict[str, Row]:
    """Return the rows by name, without names that two of them bear."""
    found: dict[str, Row] = {}
    twice: set[str] = set()
    for row in rows:
        if row.name in found:
            twice.add(row.name)
        found[row.name] = row
    return {name: row for name, row in found.items() if name not in twice}


def _turn(intake: Intake, start: str, end: str, verb: str, *, by: User | None, at: datetime) -> Intake:
    behalf = _may(by, at=at)
    if not Intake.objects.filter(pk=intake.pk, state=start).update(state=end, lease_until=None):
        raise NotWaiting(_("The list is in another state by now. Please reload the page."))
    intake.refresh_from_db()
    ledger.note(verb, intake, by=by, at=at, behalf=behalf, data={"row": intake.row})
    return intake


def _may(by: User | None, *, at: datetime) -> User | None:
    """Ask for the power to bring in files; the command line has it from whoever runs the machine."""
    behalf: User | None = people.need(by, Power.IMPORT, at=at, anywhere=True).behalf if by else None
    return behalf
