"""Lists taken in slice by slice, and the rows that could not be taken mended one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.intake.actions.lists import NotWaiting, may, table_of
from lianxin.intake.models import Intake, IntakeError
from lianxin.intake.rules import BadRow, Listing, Taken
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.people.models import User

LEASE = timedelta(minutes=2)  # a slice takes seconds; a worker that was killed is replaced after this
COUNTS = ("added", "changed", "known")


class Overtaken(Refusal):
    """Somebody stopped the list, or another worker took these rows."""


class StillWrong(Refusal):
    """The row cannot be taken as it is now; the words say why."""

    status = 422


def take_in(listing: Listing, *, at: datetime, only: Intake | None = None) -> bool:
    """Take in the next rows of a list that waits, and tell whether there was one; called again and again."""
    intake = claim_intake(listing, at=at, only=only)
    if intake is None:
        return False
    table = table_of(intake, listing)
    read = listing.reader(table, intake.mapping)
    seen: set[str] = set()
    batches = 0
    try:
        # A trial is run in one go, for only its own memory knows which rows it has seen.
        while intake.state == Intake.State.RUNNING and (intake.dry or batches < listing.slice):
            places = range(intake.row, min(intake.row + listing.batch, len(table.rows)))
            intake = take_rows(intake, listing=listing, rows=[read(place) for place in places], at=at, seen=seen)
            batches += 1
    except Overtaken:
        return True
    release_intake(intake, at=at)
    return True


@transaction.atomic
def claim_intake(listing: Listing, *, at: datetime, only: Intake | None = None) -> Intake | None:
    """Give the oldest running list (or that one) to this worker for a while; None where there is none to take."""
    unclaimed = Q(lease_until=None) | Q(lease_until__lte=at)
    free = Intake.objects.filter(unclaimed, kind=listing.kind, state=Intake.State.RUNNING)
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
def take_rows(intake: Intake, *, listing: Listing, rows: Sequence[Any], at: datetime, seen: set[str]) -> Intake:
    """Take the next rows of a list in: all of them or, if the machine dies, none.

    A bad row is kept with its trouble. What a trial writes is taken back. Raises Overtaken.
    """
    first = intake.row
    intake = Intake.objects.select_for_update(of=("self",)).select_related("by").get(pk=intake.pk)
    if intake.state != Intake.State.RUNNING or intake.row != first:
        raise Overtaken(_("The list is in another state by now. Please reload the page."))
    taken = _take(intake, listing, rows, at=at, seen=seen)
    _keep_errors(intake, [*(row for row in rows if isinstance(row, BadRow)), *taken.refused])
    _count(intake, taken)
    intake.row += len(rows)
    if intake.row >= intake.total:
        intake.state, intake.finished_at, intake.lease_until = Intake.State.DONE, at, None
    intake.save(update_fields=["row", *COUNTS, "failed", "tally", "state", "finished_at", "lease_until"])
    if intake.state == Intake.State.DONE:
        counts = {key: getattr(intake, key) for key in (*COUNTS, "failed")}
        data = {"kind": intake.kind, **counts, "dry": intake.dry}
        ledger.note("intake.finished", intake, by=intake.by, at=at, data=data)
    return intake


@transaction.atomic
def mend_row(
    error: IntakeError, *, listing: Listing, cells: Mapping[str, str], by: User | None, at: datetime
) -> IntakeError:
    """Take a row in that could not be taken, with these cells (name of the column to text) in place of the file's.

    Raises StillWrong, NotWaiting where it was mended or the list only tried, and NotAllowed.
    """
    behalf = may(listing, by, at=at)
    intake = Intake.objects.select_for_update(of=("self",)).select_related("by").get(pk=error.intake_id)
    error = IntakeError.objects.get(pk=error.pk)
    if error.mended_at or intake.dry:
        raise NotWaiting(_("This row waits for nobody any more."))
    row = _mended(intake, listing, error, cells)
    taken = _take(intake, listing, [row], at=at, seen=set())
    for bad in (row, *taken.refused):
        if isinstance(bad, BadRow):
            raise StillWrong(bad.trouble)
    _count(intake, taken)
    intake.failed -= 1
    intake.save(update_fields=[*COUNTS, "failed", "tally"])
    error.mended_at = at
    error.save(update_fields=["mended_at"])
    data = {"row": error.row, **{key: getattr(taken, key) for key in COUNTS}}
    ledger.note("intake.mended", intake, by=by, at=at, behalf=behalf, data=data)
    return error


def cells_of(error: IntakeError, *, listing: Listing) -> dict[str, str]:
    """Return the cells of a row that are taken in, as they stand in the file: name of the column to text."""
    table = table_of(error.intake, listing)
    record = table.record(table.rows[error.row - table.first])
    return {name: record.get(name, "") for name in table.header if name in error.intake.mapping}


def _mended(intake: Intake, listing: Listing, error: IntakeError, cells: Mapping[str, str]) -> Any:
    """Return the row in shape, read as if it had stood in the file like this."""
    table = table_of(intake, listing)
    place = error.row - table.first
    record = table.record(table.rows[place]) | {name: text for name, text in cells.items() if name in table.header}
    row = tuple(record.get(name, "") for name in table.header)
    mended = replace(table, rows=(*table.rows[:place], row, *table.rows[place + 1 :]))
    return listing.reader(mended, intake.mapping)(place)


def _take(intake: Intake, listing: Listing, rows: Iterable[Any], *, at: datetime, seen: set[str]) -> Taken:
    good = [row for row in rows if not isinstance(row, BadRow)]
    with transaction.atomic():
        taken = listing.take(good, intake=intake, at=at, seen=seen)
        if intake.dry:
            transaction.set_rollback(True)
    return taken


def _keep_errors(intake: Intake, bad: Sequence[BadRow]) -> None:
    IntakeError.objects.bulk_create(
        IntakeError(intake=intake, row=row.row, trouble=row.trouble[:200], cells=dict(row.cells)) for row in bad
    )
    intake.failed += len(bad)


def _count(intake: Intake, taken: Taken) -> None:
    for key in COUNTS:
        setattr(intake, key, getattr(intake, key) + getattr(taken, key))
    intake.tally = dict(Counter(intake.tally) + Counter(taken.tally))
