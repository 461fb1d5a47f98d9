"""Keeping sheets: drafted, edited, published, followed by a new version, retired."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import SHEET_KEY, Fault, Purpose, faults, oddity, unpack

Rows = list[dict[str, Any]]


class BadKey(Refusal):
    """A sheet cannot be called so."""

    status = 422


class KeyTaken(Refusal):
    """There is a sheet of this key already, or somebody else is drafting its next version."""


class NotADraft(Refusal):
    """Only a draft can be changed; what was published stays as people saw it."""


class NotInUse(Refusal):
    """The sheet is not in use."""


class SheetChanged(Refusal):
    """Somebody else has changed the draft meanwhile."""


class UnreadableSheet(Refusal):
    """These rows cannot even be kept as a draft."""

    status = 422


class FaultySheet(Refusal):
    """The sheet has faults and cannot be published; `faults` says where."""

    status = 422

    def __init__(self, found: Iterable[Fault]) -> None:
        self.faults = list(found)
        super().__init__(" ".join(str(fault) for fault in self.faults[:3]))


@transaction.atomic
def draft_sheet(
    *,
    key: str,
    title: str,
    by: User | None,
    at: datetime,
    purpose: str = Purpose.APPLICATION,
    basis: str = "",
    fields: Rows | None = None,
    outcomes: Rows | None = None,
) -> Sheet:
    """Begin a sheet that has not been there; needs CATALOGUE. Raises BadKey, KeyTaken, UnreadableSheet, NotAllowed."""
    whose = behalf(by, Power.CATALOGUE, at=at)
    if not SHEET_KEY.fullmatch(key):
        raise BadKey(_("A sheet is called by small letters, digits, _ and dots, such as apply.retirement."))
    if Sheet.objects.filter(key=key).exists():
        raise KeyTaken(_("There is a sheet of this key already. Please make a new version of it."))
    sheet = _create(
        Sheet(
            key=key, title=title, purpose=purpose, basis=basis, fields=fields or [], outcomes=outcomes or [], made_at=at
        )
    )
    note("sheet.drafted", sheet, by=by, at=at, behalf=whose, data={"key": key, "version": 1})
    return sheet


@transaction.atomic
def new_version(sheet: Sheet, *, by: User | None, at: datetime) -> Sheet:
    """Begin the draft that is to follow this version, with the same words; needs CATALOGUE.

    Raises KeyTaken where a draft of this sheet is there already, and NotAllowed.
    """
    whose = behalf(by, Power.CATALOGUE, at=at)
    last = Sheet.objects.select_for_update().versions_of(sheet.key).first() or sheet
    if last.is_draft:
        raise KeyTaken(_("A draft of the next version is there already. Please go on with that one."))
    draft = _create(
        Sheet(
            key=sheet.key, version=last.version + 1, title=sheet.title, purpose=sheet.purpose, basis=sheet.basis,
            fields=sheet.fields, outcomes=sheet.outcomes, made_at=at,
        )
    )  # fmt: skip
    note("sheet.drafted", draft, by=by, at=at, behalf=whose, data={"key": draft.key, "version": draft.version})
    return draft


@transaction.atomic
def bring_sheet(definition: Any, *, by: User | None, at: datetime) -> Sheet:
    """Make a draft of a sheet that a file holds: a new sheet, or the next version of one there is; needs CATALOGUE.

    Raises UnreadableSheet, BadKey, KeyTaken, NotAllowed.
    """
    behalf(by, Power.CATALOGUE, at=at)
    found = unpack(definition)
    if isinstance(found, str):
        raise UnreadableSheet(found)
    words: dict[str, Any] = {"title": found.title, "purpose": found.purpose, "basis": found.basis}
    words |= {"fields": found.fields, "outcomes": found.outcomes}
    last = Sheet.objects.versions_of(found.key).first()
    if last is None:
        return draft_sheet(key=found.key, **words, by=by, at=at)
    return edit_sheet(new_version(last, by=by, at=at), **words, by=by, at=at)


@transaction.atomic
def edit_sheet(
    sheet: Sheet,
    *,
    title: str,
    purpose: str,
    basis: str,
    fields: Rows,
    outcomes: Rows,
    by: User | None,
    at: datetime,
    edits: int | None = None,
) -> Sheet:
    """Write what a draft says; it may still have faults. Needs CATALOGUE.

    `edits` is the count the writer saw; where a colleague was quicker, nothing is lost silently. Raises NotADraft,
    SheetChanged, UnreadableSheet, NotAllowed.
    """
    whose = behalf(by, Power.CATALOGUE, at=at)
    draft = _locked(sheet)
    if not draft.is_draft:
        raise NotADraft(_("This version is published and stays as it is. Please make a new version."))
    if edits is not None and edits != draft.edits:
        raise SheetChanged(_("A colleague has changed this draft meanwhile. Please look at it again."))
    _readable(fields, outcomes)
    draft.title, draft.purpose, draft.basis = title, purpose, basis
    draft.fields, draft.outcomes, draft.edits = fields, outcomes, draft.edits + 1
    draft.save(update_fields=["title", "purpose", "basis", "fields", "outcomes", "edits"])
    data = {"fields": len(fields), "outcomes": len(outcomes)}
    note("sheet.edited", draft, by=by, at=at, behalf=whose, data=data)
    return draft


@transaction.atomic
def publish_sheet(sheet: Sheet, *, by: User | None, at: datetime) -> Sheet:
    """Put a draft into use; the version before it is retired at the same moment. Needs CATALOGUE.

    Raises FaultySheet with every fault and its place, NotADraft, NotAllowed.
    """
    whose = behalf(by, Power.CATALOGUE, at=at)
    draft = _locked(sheet)
    if not draft.is_draft:
        raise NotADraft(_("This version is published already."))
    if found := faults(draft.fields, draft.outcomes, purpose=draft.purpose):
        raise FaultySheet(found)
    before = (
        Sheet.objects.select_for_update().versions_of(draft.key).filter(published_at__isnull=False, retired_at=None)
    )
    for old in before:
        _retire(old, whose=whose, by=by, at=at)
    draft.published_at = at
    draft.save(update_fields=["published_at"])
    note("sheet.published", draft, by=by, at=at, behalf=whose, data={"key": draft.key, "version": draft.version})
    return draft


@transaction.atomic
def retire_sheet(sheet: Sheet, *, by: User | None, at: datetime) -> None:
    """Take a version out of use; what was answered stays readable. Needs CATALOGUE. Raises NotInUse, NotAllowed."""
    whose = behalf(by, Power.CATALOGUE, at=at)
    live = _locked(sheet)
    if not live.is_live:
        raise NotInUse(_("This version is not in use."))
    _retire(live, whose=whose, by=by, at=at)


@transaction.atomic
def drop_draft(sheet: Sheet, *, by: User | None, at: datetime) -> None:
    """Throw a draft away; needs CATALOGUE. Raises NotADraft, NotAllowed."""
    whose = behalf(by, Power.CATALOGUE, at=at)
    draft = _locked(sheet)
    if not draft.is_draft:
        raise NotADraft(_("This version is published and stays as it is. It can be taken out of use."))
    note("sheet.dropped", draft, by=by, at=at, behalf=whose, data={"key": draft.key, "version": draft.version})
    draft.delete()


def _retire(sheet: Sheet, *, whose: User | None, by: User | None, at: datetime) -> None:
    sheet.retired_at = at
    sheet.save(update_fields=["retired_at"])
    note("sheet.retired", sheet, by=by, at=at, behalf=whose, data={"key": sheet.key, "version": sheet.version})


def _create(sheet: Sheet) -> Sheet:
    _readable(sheet.fields, sheet.outcomes)
    try:
        with transaction.atomic():
            sheet.save()
    except IntegrityError as taken:
        raise KeyTaken(_("A colleague has just begun the same draft.")) from taken
    return sheet


def _readable(fields: Any, outcomes: Any) -> None:
    if (odd := oddity(fields, outcomes)) is not None:
        raise UnreadableSheet(odd)


def _locked(sheet: Sheet) -> Sheet:
    return Sheet.objects.select_for_update().get(pk=sheet.pk)
