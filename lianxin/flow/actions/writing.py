"""Writing processes: drafts, publication, retirement."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.flow import rules
from lianxin.flow.actions.refusals import (
    BadKey,
    ChangedMeanwhile,
    ClockSetBack,
    DraftWaits,
    KeyTaken,
    NotADraft,
    NotKept,
    NotLive,
    NotSound,
)
from lianxin.flow.models import Process
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.models import User
from lianxin.people.rules import Power

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
KEY_MAX = 60
SIZE_MAX = 200_000  # characters of JSON


@transaction.atomic
def add_process(
    *, key: str, title: str, basis: str = "", definition: Any = None, by: User | None, at: datetime
) -> Process:
    """Begin a new process as a draft. Raises BadKey, KeyTaken, NotKept, NotAllowed."""
    behalf = _behalf(by, at)
    if not KEY.fullmatch(key) or len(key) > KEY_MAX:
        raise BadKey(key=key[:KEY_MAX])
    if Process.objects.filter(key=key).exists():
        raise KeyTaken(key=key)
    return _begin(behalf, key, 1, title, basis, {} if definition is None else definition, by=by, at=at)


@transaction.atomic
def new_process_version(process: Process, *, by: User | None, at: datetime) -> Process:
    """Begin the next version of a process as a draft, from this one. Raises DraftWaits, NotAllowed."""
    behalf = _behalf(by, at)
    newest = Process.objects.filter(key=process.key).order_by("-version").first()
    assert newest
    if newest.is_draft:
        raise DraftWaits(version=newest.version)
    given = (process.title, process.basis, process.definition)
    return _begin(behalf, process.key, newest.version + 1, *given, by=by, at=at)


@transaction.atomic
def edit_process(
    process: Process,
    *,
    title: str,
    basis: str,
    definition: Any,
    by: User | None,
    at: datetime,
    seen: datetime | None = None,
) -> Process:
    """Keep a draft as it is now written; it need not be sound yet. `seen` is when it was last changed, as `by` saw it.

    Raises NotADraft, ChangedMeanwhile, NotKept, NotAllowed.
    """
    behalf = _behalf(by, at)
    held = _hold_draft(process)
    if seen is not None and held.changed_at != seen:
        raise ChangedMeanwhile()
    held.title, held.basis, held.definition = _title(title), basis[:200], _storable(definition)
    held.changed_at, held.changed_by = at, by
    held.save(update_fields=["title", "basis", "definition", "changed_at", "changed_by"])
    note("process.edited", held, by=by, at=at, behalf=behalf)
    return held


@transaction.atomic
def publish_process(process: Process, *, by: User | None, at: datetime) -> Process:
    """Put a draft into force; the version before it is retired, and what runs along that one stays on it.

    Raises NotSound with every trouble and its node, NotADraft, ClockSetBack, NotAllowed.
    """
    behalf = _behalf(by, at)
    held = _hold_draft(process)
    if troubles := rules.troubles_of(held.definition):
        raise NotSound(troubles)
    before = Process.objects.filter(key=held.key, published_at__isnull=False, retired_at=None)
    if before.filter(published_at__gt=at).exists():
        raise ClockSetBack()
    replaced = list(before.values_list("version", flat=True))
    before.update(retired_at=at)
    held.published_at, held.published_by = at, by
    held.save(update_fields=["published_at", "published_by"])
    note("process.published", held, by=by, at=at, behalf=behalf, data={"replaces": replaced})
    return held


@transaction.atomic
def retire_process(process: Process, *, by: User | None, at: datetime) -> Process:
    """Take a version out of force: nothing new starts by it, what runs goes on. Raises NotLive, NotAllowed."""
    behalf = _behalf(by, at)
    live = Process.objects.filter(pk=process.pk, published_at__lte=at, retired_at=None)  # one of two hands finds it
    if not live.update(retired_at=at):
        raise NotLive()
    held = Process.objects.get(pk=process.pk)
    note("process.retired", held, by=by, at=at, behalf=behalf)
    return held


def _behalf(by: User | None, at: datetime) -> User | None:
    """Return for whom somebody stands in. Nobody is the console: who commands the machine has founded the county."""
    if by is None:
        return None
    found: User | None = need(by, Power.CATALOGUE, at=at, anywhere=True).behalf
    return found


def _begin(
    behalf: User | None,
    key: str,
    version: int,
    title: str,
    basis: str,
    definition: Any,
    *,
    by: User | None,
    at: datetime,
) -> Process:
    try:
        with transaction.atomic():
            draft = Process.objects.create(
                key=key,
                version=version,
                title=_title(title),
                basis=basis[:200],
                definition=_storable(definition),
                changed_at=at,
                changed_by=by,
            )
    except IntegrityError as taken:
        raise DraftWaits(version=version) from taken
    note("process.drafted", draft, by=by, at=at, behalf=behalf, data={"version": version})
    return draft


def _hold_draft(process: Process) -> Process:
    held = Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if not held.is_draft:
        raise NotADraft()
    return held


def _title(title: str) -> str:
    found = " ".join(title.split())[:80]
    if not found:
        raise NotKept(why=_("it has no title."))
    return found


def _storable(definition: Any) -> dict[str, Any]:
    if not isinstance(definition, dict):
        raise NotKept(why=_("a process is written in braces."))
    try:
        text = json.dumps(definition, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as broken:
        raise NotKept(why=_("it is no JSON.")) from broken
    if len(text) > SIZE_MAX:
        raise NotKept(why=_("it is too long."))
    if "\\u0000" in text or ("\\ud" in text.lower() and _is_broken(text)):
        raise NotKept(why=_("it holds characters that no database keeps."))
    kept: dict[str, Any] = json.loads(text)
    return kept


def _is_broken(text: str) -> bool:
    """Tell whether half a character stands in the text: valid JSON, but nothing can be written with it."""
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
