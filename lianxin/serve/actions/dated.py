"""Dated lists: begun, and their lines added and ended by days. A line is never changed and never deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.people.actions.words import line, said
from lianxin.people.models import User
from lianxin.serve.actions.catalogue import may
from lianxin.serve.models import DatedList, DatedRow
from lianxin.serve.rules.catalogue import ColumnKind, Governs, is_cell

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{1,39}")
COLUMNS_MAX = 8
TITLE_MAX, PURPOSE_MAX, BASIS_MAX, NAME_MAX, CELL_MAX = 120, 1000, 200, 120, 200


class WrongList(Refusal):
    """The list, or a line of it, cannot be kept so."""

    status = 422


class ListTaken(Refusal):
    """There is a list with this key."""


class Overlapping(Refusal):
    """Two lines of one name would hold on the same day."""


class LineEnded(Refusal):
    """The line has an end."""


@transaction.atomic
def make_list(
    *,
    key: str,
    title: str,
    governs: str,
    basis: str,
    by: User | None,
    at: datetime,
    purpose: str = "",
    columns: Sequence[Mapping[str, str]] = (),
    is_public: bool = True,
) -> DatedList:
    """Begin a list; `governs` is the day by which it decides, `columns` are rows of key and label.

    Raises WrongList, ListTaken, NotAllowed and the refusals of words that do not fit.
    """
    behalf = may(by, at=at)
    if not _KEY.fullmatch(key):
        raise WrongList(_("A key has small letters, digits, hyphens and underlines."))
    if DatedList.objects.filter(key=key).exists():
        raise ListTaken(_("There is a list with this key already."))
    made = DatedList.objects.create(
        key=key, is_public=is_public, **_told(title=title, governs=governs, basis=basis, purpose=purpose),
        columns=_columns(columns),
    )  # fmt: skip
    ledger.note("list.made", made, by=by, at=at, behalf=behalf, data={"key": key, "governs": governs})
    return made


@transaction.atomic
def edit_list(
    dated: DatedList,
    *,
    title: str,
    governs: str,
    basis: str,
    by: User,
    at: datetime,
    purpose: str = "",
    is_public: bool = True,
) -> DatedList:
    """Change what a list is called and rests on, and which day governs; its lines stay.

    Raises WrongList, NotAllowed and the refusals of words that do not fit.
    """
    behalf = may(by, at=at)
    dated = DatedList.objects.select_for_update().get(pk=dated.pk)
    told = {**_told(title=title, governs=governs, basis=basis, purpose=purpose), "is_public": is_public}
    changed = sorted(key for key, value in told.items() if getattr(dated, key) != value)
    if changed:
        before = dated.governs
        for key, value in told.items():
            setattr(dated, key, value)
        dated.save(update_fields=changed)
        data = {"key": dated.key, "changed": changed, "governed": before, "governs": dated.governs}
        ledger.note("list.edited", dated, by=by, at=at, behalf=behalf, data=data)
    return dated


@transaction.atomic
def add_line(
    dated: DatedList,
    *,
    name: str,
    by: User | None,
    at: datetime,
    values: Mapping[str, str] | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    decision: str = "",
    reason: str = "",
) -> DatedRow:
    """Add a line that holds from a day on; one without a name says what holds for everybody who is not listed.

    Raises WrongList, Overlapping, NotAllowed and the refusals of words that do not fit.
    """
    behalf = may(by, at=at)
    dated = DatedList.objects.select_for_update().get(pk=dated.pk)  # two lines of one name wait for each other
    name = line(name, most=NAME_MAX)
    if valid_from and valid_to and valid_from >= valid_to:
        raise WrongList(_("The last day must come after the first."))
    _need_room(dated, name, valid_from, valid_to)
    known = {column["key"]: column["kind"] for column in dated.columns}
    cells = {key: line(str(value), most=CELL_MAX) for key, value in (values or {}).items() if str(value).strip()}
    if unknown := cells.keys() - known.keys():
        raise WrongList(_("The list has no column “%(key)s”.") % {"key": min(unknown)[:40]})
    if wrong := [cell for key, cell in cells.items() if not is_cell(known[key], cell)]:
        raise WrongList(_("“%(cell)s” cannot stand in this column.") % {"cell": wrong[0][:40]})
    row = DatedRow.objects.create(
        list=dated, name=name, values=cells, valid_from=valid_from, valid_to=valid_to, at=at, by=by,
        decision=line(decision, most=120), reason=line(reason, most=200),
    )  # fmt: skip
    data = {"key": dated.key, "line": name, "values": cells, **_days(row)}
    ledger.note("list.line_added", row, by=by, at=at, behalf=behalf, data=data)
    return row


@transaction.atomic
def end_line(row: DatedRow, *, on: date, by: User, at: datetime, reason: str = "") -> DatedRow:
    """Let a line hold no more from that day. Raises LineEnded, WrongList, NotAllowed."""
    behalf = may(by, at=at)
    row = DatedRow.objects.select_for_update().select_related("list").get(pk=row.pk)
    if row.valid_to:
        raise LineEnded(_("This line has an end already."))
    if row.valid_from and on <= row.valid_from:
        raise WrongList(_("A line cannot end before it begins."))
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    data = {"key": row.list.key, "line": row.name, "on": on.isoformat(), "reason": line(reason, most=200)}
    ledger.note("list.line_ended", row, by=by, at=at, behalf=behalf, data=data)
    return row


def _told(*, title: str, governs: str, basis: str, purpose: str) -> dict[str, Any]:
    if governs not in Governs.values:
        raise WrongList(_("Please say which day governs."))
    return {
        "title": said(line(title, most=TITLE_MAX), empty=_("The list needs a title.")),
        "governs": governs,
        "basis": said(line(basis, most=BASIS_MAX), empty=_("The list needs the document it rests on.")),
        "purpose": line(purpose, most=PURPOSE_MAX),
    }


def _columns(columns: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    made = [
        {"key": str(c.get("key", "")), "label": line(str(c.get("label", "")), most=40), "kind": c.get("kind") or "text"}
        for c in columns
    ]
    if any(column["kind"] not in ColumnKind.values for column in made):
        raise WrongList(_("A column holds words, yes or no, or a share in percent."))
    keys = [column["key"] for column in made]
    if len(made) > COLUMNS_MAX or len(keys) != len(set(keys)) or not all(_KEY.fullmatch(key) for key in keys):
        raise WrongList(_("Each column needs a key of its own; there is room for %(most)s.") % {"most": COLUMNS_MAX})
    return made


def _need_room(dated: DatedList, name: str, start: date | None, end: date | None) -> None:
    others = dated.rows.filter(name=name)
    if start:
        others = others.filter(Q(valid_to=None) | Q(valid_to__gt=start))
    if end:
        others = others.filter(Q(valid_from=None) | Q(valid_from__lt=end))
    if others.exists():
        raise Overlapping(_("Another line of this name holds on some of these days. End it first."))


def _days(row: DatedRow) -> dict[str, str | None]:
    return {
        "from": row.valid_from.isoformat() if row.valid_from else None,
        "to": row.valid_to.isoformat() if row.valid_to else None,
    }
