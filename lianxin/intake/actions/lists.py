"""Lists opened, looked at, begun, stopped and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.intake.models import Intake
from lianxin.intake.rules import Listing
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.ledger.rules.table import Table, legible, read_table
from lianxin.people import actions as people
from lianxin.people.models import User

PREVIEW_ROWS = 5


class NotWaiting(Refusal):
    """The list is not in a state for this."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list looks like before anything is taken in."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    encoding: str
    delimiter: str
    mapping: dict[str, str]


@transaction.atomic
def open_list(listing: Listing, *, content: bytes, name: str, by: User | None, at: datetime) -> tuple[Intake, Preview]:
    """Keep a file and show what is in it; nothing is taken in until columns are chosen. `by` None is the command line.

    Raises Unreadable, the refusals of `ledger.actions.keep_file`, and NotAllowed.
    """
    may(listing, by, at=at)
    seen = _preview(listing, read_table(content, known=listing.known))
    file = ledger.keep_file(content=legible(content), name=name, by=by, at=at)
    return _open(listing, file, seen.total, by=by, at=at), seen


@transaction.atomic
def open_again(intake: Intake, *, listing: Listing, by: User | None, at: datetime) -> Intake:
    """Open the file of a list once more, so that a trial stays on record. Raises NotAllowed."""
    return _open(listing, intake.file, intake.total, by=by, at=at)


def look(intake: Intake, *, listing: Listing) -> Preview:
    """Show a list that was opened before."""
    return _preview(listing, table_of(intake, listing))


@transaction.atomic
def begin_intake(
    intake: Intake,
    *,
    listing: Listing,
    mapping: Mapping[str, str],
    way: str = "",
    dry: bool = False,
    by: User | None,
    at: datetime,
) -> Intake:
    """Let the worker take the list in, with these columns (name of the column to what it holds); `dry` only tries.

    Raises BadMapping, NotWaiting and NotAllowed.
    """
    behalf = may(listing, by, at=at)
    listing.check(mapping, way, table_of(intake, listing).header)
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if intake.state != Intake.State.MAPPED:
        raise NotWaiting(_("This list has been begun already."))
    intake.state, intake.mapping, intake.way, intake.dry = Intake.State.RUNNING, dict(mapping), way, dry
    intake.save(update_fields=["state", "mapping", "way", "dry"])
    data = {"kind": intake.kind, "mapping": dict(mapping), "way": way, "dry": dry}
    ledger.note("intake.begun", intake, by=by, at=at, behalf=behalf, data=data)
    return intake


@transaction.atomic
def stop_intake(intake: Intake, *, listing: Listing, by: User | None, at: datetime) -> Intake:
    """Stop taking a list in after the rows that are being written; what was taken stays.

    Raises NotWaiting and NotAllowed.
    """
    behalf = may(listing, by, at=at)
    return _turn(intake, Intake.State.RUNNING, Intake.State.STOPPED, "intake.stopped", by=by, behalf=behalf, at=at)


@transaction.atomic
def resume_intake(intake: Intake, *, listing: Listing, by: User | None, at: datetime) -> Intake:
    """Go on with a stopped list where it stood. Raises NotWaiting and NotAllowed."""
    behalf = may(listing, by, at=at)
    return _turn(intake, Intake.State.STOPPED, Intake.State.RUNNING, "intake.resumed", by=by, behalf=behalf, at=at)


def table_of(intake: Intake, listing: Listing) -> Table:
    """Return the rows of a list from its file."""
    return _read_again(intake.file, intake.file.sha256, listing.known)


def _open(listing: Listing, file: Attachment, total: int, *, by: User | None, at: datetime) -> Intake:
    behalf = may(listing, by, at=at)
    intake = Intake.objects.create(kind=listing.kind, file=file, total=total, by=by, at=at)
    data = {"kind": listing.kind, "rows": total, "sha256": file.sha256}
    ledger.note("intake.opened", intake, by=by, at=at, behalf=behalf, data=data)
    return intake


def _turn(
    intake: Intake, start: str, end: str, verb: str, *, by: User | None, behalf: User | None, at: datetime
) -> Intake:
    if not Intake.objects.filter(pk=intake.pk, state=start).update(state=end, lease_until=None):
        raise NotWaiting(_("The list is in another state by now. Please reload the page."))
    intake.refresh_from_db()
    ledger.note(verb, intake, by=by, at=at, behalf=behalf, data={"row": intake.row})
    return intake


def may(listing: Listing, by: User | None, *, at: datetime) -> User | None:
    """Ask for the power to bring in lists of this kind; the command line has it from whoever runs the machine."""
    behalf: User | None = people.need(by, listing.power, at=at, anywhere=True).behalf if by else None
    return behalf


def _preview(listing: Listing, table: Table) -> Preview:
    mapping = listing.guess(table.header)
    return Preview(table.header, table.rows[:PREVIEW_ROWS], len(table.rows), table.encoding, table.delimiter, mapping)


@lru_cache(maxsize=1)
def _read_again(file: Attachment, sha256: str, known: frozenset[str]) -> Table:
    """Read a kept file once for all slices of it; a row number given out anew brings another `sha256`."""
    with ledger.open_file(file) as opened:
        return read_table(opened.read(), known=known)
