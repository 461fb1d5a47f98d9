"""Lists of voices taken in. The channel reads the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from lianxin.intake.models import Intake
from lianxin.intake.rules import BadRow, Taken
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.listen.actions.voices import Said, facts, first_item, put, triage_due, utter
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import LIST_TEXT_MAX, Channel, Identity, ListedVoice
from lianxin.people.models import County, User
from lianxin.places.models import Area

Row = TypeVar("Row", Area, Subject)


@transaction.atomic
def take_voices(rows: Sequence[ListedVoice], *, intake: Intake, at: datetime, seen: set[str]) -> Taken:
    """Take rows of a list in, as `intake.actions.take_rows` asks.

    A row that was taken before, from whatever file, is known and adds nothing; `seen` holds the keys of a trial.
    """
    fresh = _fresh(rows, seen)
    spoken, refused = _utter(fresh, at=at)
    if not intake.dry:
        _hear_many(spoken, by=intake.by, at=at)
    return Taken(added=len(spoken), known=len(rows) - len(fresh), refused=refused)


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
