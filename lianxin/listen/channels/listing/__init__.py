"""Lists of voices from a file: opened with a preview, begun with chosen columns, taken in by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.ledger.rules.table import Table, Unreadable, legible, read_table
from lianxin.listen import actions
from lianxin.listen.channels.listing.mapping import KNOWN, BadMapping, check, guess, shape
from lianxin.listen.models import Intake
from lianxin.people.models import User

__all__ = ["BadMapping", "Preview", "Unreadable", "begin_list", "look", "open_list", "preview", "take_in"]

PREVIEW_ROWS = 5
BATCH = 200  # rows in one transaction
SLICE = 5  # batches before another list, or another job, has its turn


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list looks like before anything is taken in."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    encoding: str
    delimiter: str
    mapping: dict[str, str]


def preview(content: bytes) -> Preview:
    """Read a file as a list and guess what its columns hold. Raises Unreadable."""
    return _preview(read_table(content, known=KNOWN))


def open_list(*, content: bytes, name: str, by: User | None, at: datetime) -> tuple[Intake, Preview]:
    """Keep a file of voices and show what is in it; nothing is taken in yet.

    Raises Unreadable, the refusals of `ledger.actions.keep_file`, and NotAllowed.
    """
    seen = preview(content)
    file = ledger.keep_file(content=legible(content), name=name, by=by, at=at)
    return actions.open_intake(file, total=seen.total, by=by, at=at), seen


def look(intake: Intake) -> Preview:
    """Show a list that was opened before."""
    return _preview(_table(intake))


def begin_list(intake: Intake, *, mapping: Mapping[str, str], dry: bool, by: User | None, at: datetime) -> Intake:
    """Let the worker take the list in with these columns (name of the column to rules.Column); `dry` only tries.

    Raises BadMapping, NotWaiting and NotAllowed.
    """
    check(mapping, _table(intake).header)
    return actions.begin_intake(intake, mapping=mapping, dry=dry, by=by, at=at)


def take_in(*, at: datetime, only: Intake | None = None) -> bool:
    """Take in the next rows of a list that waits, and tell whether there was one; called again and again."""
    intake = actions.claim_intake(at=at, only=only)
    if intake is None:
        return False
    table = _table(intake)
    seen: set[str] = set()
    batches = 0
    try:
        # A trial is run in one go, for only its own memory knows which rows it has seen.
        while intake.state == Intake.State.RUNNING and (intake.dry or batches < SLICE):
            places = range(intake.row, min(intake.row + BATCH, len(table.rows)))
            rows = [shape(table, place, intake.mapping) for place in places]
            intake = actions.take_rows(intake, rows=rows, at=at, seen=seen if intake.dry else None)
            batches += 1
    except actions.Overtaken:
        return True
    actions.release_intake(intake, at=at)
    return True


def _preview(table: Table) -> Preview:
    rows = table.rows[:PREVIEW_ROWS]
    return Preview(table.header, rows, len(table.rows), table.encoding, table.delimiter, guess(table.header))


def _table(intake: Intake) -> Table:
    return _read_again(intake.file, intake.file.sha256)


@lru_cache(maxsize=1)
def _read_again(file: Attachment, sha256: str) -> Table:
    """Read a kept file once for all slices of it; a row number given out anew brings another `sha256`."""
    with ledger.open_file(file) as opened:
        return read_table(opened.read(), known=KNOWN)
