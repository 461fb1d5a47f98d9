"""What a kind of list is: what its columns may hold, how a row is read, and who may bring it in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import ZONE
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import cut
from lianxin.ledger.rules.table import BROKEN, Table, name_key
from lianxin.people.rules import Power

_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT]*(上午|下午|晚上)?\s*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*(?:[:分]\s*(?:(\d{1,2})(?:\.\d+)?\s*秒?)?)?)?)?"
)
_AFTER_NOON = ("下午", "晚上")


class BadMapping(Refusal):
    """The columns chosen do not fit the list."""

    status = 422


class CellError(ValueError):
    """What is wrong with a row, in words for who mends it."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, why, and its cells as they may be shown."""

    row: int
    trouble: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of rows."""

    added: int = 0
    changed: int = 0
    known: int = 0
    refused: Sequence[BadRow] = ()
    tally: Mapping[str, int] = field(default_factory=dict)


Read = Callable[[int], Any]  # the place of a row: the row in shape, or a BadRow


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of list.

    `reader(table, mapping)` gives what brings the row of a place into shape. `take(rows, intake=, at=, seen=)` writes
    rows in shape and tells what came of them; of a trial (`intake.dry`) whatever it writes is taken back, and `seen`
    is its memory from slice to slice.
    """

    kind: str
    power: Power
    columns: Mapping[str, str | Promise]
    names: Mapping[Any, tuple[str, ...]]  # what columns that hold it are called; the first name that fits wins
    needed: Sequence[tuple[frozenset[Any], str | Promise]]  # of each group one, else these words
    reader: Callable[[Table, Mapping[str, str]], Read]
    take: Callable[..., Taken]
    ways: Sequence[str] = ("",)  # how it can be taken in
    batch: int = 100  # rows in one transaction
    slice: int = 3  # batches before another list, or another job, has its turn

    @property
    def known(self) -> frozenset[str]:
        """The names by which the row of column names is found."""
        return frozenset(name_key(name) for names in self.names.values() for name in names)

    def guess(self, header: Sequence[str]) -> dict[str, str]:
        """Return which column holds what, as far as the names tell: name of the column to what it holds."""
        keys = {name_key(name): name for name in reversed(header)}
        mapping: dict[str, str] = {}
        for column, names in self.names.items():
            for name in names:
                if (found := keys.get(name_key(name))) and found not in mapping:
                    mapping[found] = str(column)
                    break
        return mapping

    def check(self, mapping: Mapping[str, str], way: str, header: Sequence[str]) -> None:
        """Refuse columns that are not there, or that leave out what is needed, and unknown ways. Raises BadMapping."""
        if way not in self.ways:
            raise BadMapping(_("A list of this kind is not taken in like that."))
        for name, column in mapping.items():
            if name not in header:
                words = _("The list has no column “%(name)s”. It has: %(names)s.")
                raise BadMapping(words % {"name": cut(name, 60), "names": cut("、".join(header), 300)})
            if column not in self.columns:
                words = _("“%(column)s” is nothing a column can hold. Possible are: %(columns)s.")
                raise BadMapping(words % {"column": cut(column, 60), "columns": ", ".join(self.columns)})
        chosen = list(mapping.values())
        for group, asks in self.needed:
            if group.isdisjoint(chosen):
                raise BadMapping(asks)
        if len(chosen) != len(set(chosen)):
            raise BadMapping(_("Two columns cannot hold the same."))


def whole(row: Sequence[str]) -> None:
    """Refuse a row of which not every character could be read. Raises CellError."""
    if any(BROKEN in cell for cell in row):
        raise CellError(gettext("Some characters of the row cannot be read."))


def parse_moment(text: str) -> datetime | None:
    """Return a moment written in one of the usual ways, in the time of the county; None for an empty cell.

    2019/12/1 9:00, 2019-12-01, 2019-12-01T09:00:00, 2019年12月1日 下午3时5分. Raises CellError.
    """
    if not text.strip():
        return None
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise CellError(gettext("“%(text)s” is no date that can be read.") % {"text": cut(text, 30)})
    year, month, day, half, hour, minute, second = found.groups()
    hours = int(hour or 0)
    if half in _AFTER_NOON and hours < 12:
        hours += 12
    try:
        return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=ZONE)
    except ValueError as error:
        raise CellError(gettext("There is no such day or hour: “%(text)s”.") % {"text": cut(text, 30)}) from error
