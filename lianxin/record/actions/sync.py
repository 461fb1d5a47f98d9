"""What telephones send, done once however often it comes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger import actions as ledger
from lianxin.people.actions.words import why
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.actions.handset import may_carry
from lianxin.record.models import Conflict, Handset, Household, Sent
from lianxin.record.models.handset import seal_entry

WORDS_MAX = 500


class WasOther(Refusal):
    """The entry has arrived before with other words."""


class NotHereYet(Refusal):
    """What belongs to the entry is still on its way; it is neither done nor refused, and is simply sent again."""


class EntrySettled(Refusal):
    """Somebody has settled it before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a telephone sends it. `made_at` is what its clock read, `skew` how wrong that clock was then."""

    client_id: UUID
    kind: str
    made_at: datetime
    body: Mapping[str, Any]
    skew: int | None = None
    after: tuple[UUID, ...] = ()
    household: Household | None = None

    @property
    def digest(self) -> str:
        said = {"kind": self.kind, "made_at": self.made_at.isoformat(), "body": self.body}
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode(errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that somebody else has changed meanwhile."""

    field: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an entry: the row that it made or changed, what the telephone is told, and where two changes met."""

    thing: models.Model | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()


class Taken(NamedTuple):
    """The answer to one entry: done, again, conflict, refused, aside, or wait (for another entry that is not here)."""

    status: str
    sent: Sent | None
    words: str = ""


Deed = Callable[[datetime], Came]


def take(handset: Handset, *, entry: Entry, deed: Deed, at: datetime) -> Taken:
    """Let one entry of a telephone be done, once, and keep what came of it.

    `deed` does it, told when it was by the county's clock; what it refuses is kept with its words and can be sent again
    when it is mended, under the same id. An entry that was taken is answered as before, however often and however many
    at a time it comes; with other words it is refused, and nothing is written over. What a telephone sends whose
    officer may not visit any more, or that is to be emptied, is set aside for the keeper of the files.
    """
    try:
        with transaction.atomic():
            return _take(handset, entry, deed, at)
    except NotHereYet as missing:
        return Taken("wait", None, str(missing))
    except IntegrityError:
        # The same entry came a second time while the first was on its way: that one has been kept by now.
        sent = Sent.objects.filter(client_id=entry.client_id).first()
        if sent is None:
            raise
        return _again(handset, sent, entry) or Taken("wait", sent)


def _take(handset: Handset, entry: Entry, deed: Deed, at: datetime) -> Taken:
    sent = Sent.objects.select_for_update().filter(client_id=entry.client_id).first()
    if sent and (answer := _again(handset, sent, entry)):
        return answer
    if missing := _missing(entry):
        return Taken("wait", None, str(_("Waits for what belongs before it (%(count)s).") % {"count": missing}))
    moment, doubtful = handset.moment_of(entry.made_at, skew=entry.skew, received_at=at)
    row = sent or Sent(client_id=entry.client_id, handset=handset)
    row.kind, row.digest, row.household = entry.kind, entry.digest, entry.household
    row.made_at, row.deed_at, row.doubtful, row.received_at = entry.made_at, moment, doubtful, at
    row.content, row.words, row.result = seal_entry(_kept(entry)), "", {}
    if sent is None:
        row.state = Sent.State.ASIDE
        row.save(force_insert=True)  # whoever comes second under this id waits here, and then finds it
    came = _done(row, handset, deed, moment, at)
    row.save()
    for clash in came.clashes:
        said = {"base": clash.base, "theirs": clash.theirs, "mine": clash.mine}
        Conflict.objects.create(sent=row, field=clash.field, content=seal_entry(said))
    data = {"kind": row.kind, "made_at": entry.made_at.isoformat(), "doubtful": doubtful, "handset": handset.pk}
    ledger.note(f"entry.{row.state}", row, by=handset.user, at=at, data=data)
    return Taken(row.state, row, row.words)


def _done(row: Sent, handset: Handset, deed: Deed, moment: datetime, at: datetime) -> Came:
    """Do the deed, and put down in the row what came of it."""
    came = Came()
    if not may_carry(handset, at):
        row.state = Sent.State.ASIDE
        row.words = str(_("Kept for the keeper of the files: you may not send from here any more."))
        return came
    try:
        with transaction.atomic():
            came = deed(moment)
    except NotHereYet:
        raise
    except Refusal as refusal:
        row.state, row.words = Sent.State.REFUSED, str(refusal)[:WORDS_MAX]
        return came
    _put(row, came)
    return came


def _put(row: Sent, came: Came) -> None:
    row.state = Sent.State.CONFLICT if came.clashes else Sent.State.DONE
    row.result, row.words = dict(came.result), ""
    if came.thing is not None:
        row.thing, row.key = came.thing._meta.label_lower, came.thing.pk
    if not came.clashes:
        row.content = None


def _again(handset: Handset, sent: Sent, entry: Entry) -> Taken | None:
    """Return what an entry is told that came before; nothing where it may be tried anew."""
    if sent.handset.user_id != handset.user_id:
        return Taken("refused", None, str(_("This entry was sent by somebody else's telephone.")))
    if sent.digest == entry.digest:
        if sent.state == Sent.State.DONE or sent.settled_at:
            return Taken("again", sent)
        if sent.state == Sent.State.CONFLICT:
            return Taken("conflict", sent)
        return None
    if sent.state in (Sent.State.DONE, Sent.State.CONFLICT) or sent.settled_at:
        said = _("This has arrived before, and what you changed since has not: write it down as a new entry.")
        return Taken("refused", sent, str(said))
    return None


def _missing(entry: Entry) -> int:
    """How many of the entries that belong before this one have not been taken yet."""
    if not entry.after:
        return 0
    wanted = set(entry.after) - {entry.client_id}
    taken = (Sent.State.DONE, Sent.State.CONFLICT, Sent.State.ASIDE)
    return len(wanted) - Sent.objects.filter(client_id__in=wanted, state__in=taken).count()


def _kept(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind, "made_at": entry.made_at.isoformat(), "skew": entry.skew,
        "after": [str(each) for each in entry.after], "body": json.loads(json.dumps(entry.body, default=str)),
    }  # fmt: skip


@transaction.atomic
def take_in(sent: Sent, *, deed: Deed, by: User, at: datetime) -> Sent:
    """Do for the keeper what was refused or set aside, as of the day on which it was; needs ARCHIVE.

    Raises EntrySettled, NotAllowed, and what the deed refuses.
    """
    row = _unsettled(sent, by)
    _put(row, deed(row.deed_at))
    if row.state != Sent.State.DONE:
        raise EntrySettled(_("Somebody has changed the same meanwhile: settle it field by field in the file."))
    row.settled_at, row.settled_by, row.settled_how = at, by, "taken in"
    row.save()
    ledger.note("entry.taken_in", row, by=by, at=at, data={"kind": row.kind, "handset": row.handset_id})
    return row


@transaction.atomic
def drop(sent: Sent, *, reason: str, by: User, at: datetime) -> Sent:
    """Leave out what was refused or set aside, with a reason; what it said is not kept. Needs ARCHIVE, or be one's own.

    Raises EntrySettled, TooShort, NotAllowed.
    """
    words = why(reason)
    row = _unsettled(sent, by)
    row.settled_at, row.settled_by, row.settled_how, row.content = at, by, words, None
    row.save()
    ledger.note("entry.dropped", row, by=by, at=at, data={"kind": row.kind, "reason": words})
    return row


def _unsettled(sent: Sent, by: User) -> Sent:
    row = Sent.objects.select_for_update().get(pk=sent.pk)
    is_own = row.handset.user_id == by.pk
    if not is_own and not (by.standing.may(Power.ARCHIVE, anywhere=True) and _sees(by, row)):
        raise NotAllowed(_("This is settled by the keeper of the files."))
    if row.settled_at or row.state == Sent.State.DONE:
        raise EntrySettled(_("This was settled before. Please reload the page."))
    return row


def _sees(by: User, row: Sent) -> bool:
    return Sent.objects.visible_to(by).filter(pk=row.pk).exists()


@transaction.atomic
def settle(conflict: Conflict, *, choice: str, deed: Deed | None = None, by: User, at: datetime) -> Conflict:
    """Settle one field that two have changed: `theirs` leaves the file as it is, `mine` needs the deed that changes it.

    Its cadre may, on the telephone, or the keeper of the files. Raises EntrySettled, NotAllowed.
    """
    row = Conflict.objects.select_for_update().select_related("sent__handset").get(pk=conflict.pk)
    if row.settled_at:
        raise EntrySettled(_("This was settled before. Please reload the page."))
    _unsettled(row.sent, by)
    if choice == Conflict.Choice.MINE:
        if deed is None:
            raise TypeError("mine needs a deed")
        deed(at)
    row.choice, row.settled_at, row.settled_by = Conflict.Choice(choice), at, by
    row.save(update_fields=["choice", "settled_at", "settled_by"])
    if not Conflict.objects.filter(sent=row.sent).open().exists():
        sent = row.sent
        sent.settled_at, sent.settled_by, sent.settled_how, sent.content = at, by, "field by field", None
        sent.save(update_fields=["settled_at", "settled_by", "settled_how", "content"])
    ledger.note("entry.settled", row.sent, by=by, at=at, data={"field": row.field, "choice": choice})
    return row
