"""Changing what a file says, field by field, with its history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.identity import check_credit_code, check_id
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.words import line, said
from lianxin.people.models import User, phone_index
from lianxin.record.actions.household import AlreadyOpen, OddIdentity, index_words
from lianxin.record.actions.reached import FileClosed, as_writer
from lianxin.record.models import (
    Change,
    Encounter,
    Household,
    Resident,
    SubjectRow,
    identity_index,
    seal,
    seal_all,
    subject_of,
    unseal,
    unseal_all,
)
from lianxin.record.rules import FIELDS, KEPT_WITHIN, SEALED, Presence, Sex, Subject

FLAGS = frozenset({"is_registered", "is_here", "is_key"})
CHOICES: dict[str, set[str]] = {"presence": set(Presence.values), "sex": {*Sex.values, ""}}
LENGTHS = {"called": 40, "door": 80, "name": 60, "relation": 20, "phone": 40, "identity": 40, "politics": 40}
NEVER_EMPTY = frozenset({"called", "name"})


class NoSuchField(Refusal):
    """This is not written in files of this kind, or not so."""

    status = 422


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that says something else by now than what the phone saw: what stands there, since when, from whom."""

    field: str
    now: str
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a change: the lines of history that it wrote, and the fields that were refused."""

    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def change(
    subject: SubjectRow, *, values: Mapping[str, Any], by: User, at: datetime, encounter: Encounter | None = None,
    client_id: UUID | None = None, base: Mapping[str, Any] | None = None, identity_reason: str = "",
    said_at: datetime | None = None,
) -> Changed:  # fmt: skip
    """Write new values into a file, each with a line of history; what is the same already is passed over.

    `base` is what whoever changes it saw before: a field that says something else by now is left as it is and comes
    back among the conflicts. The same `client_id` once more writes nothing and returns what it wrote the first time.
    It was said at the encounter, at `said_at`, or now; `at` is when it is entered. Needs VISIT and that the file is
    reached. Raises NoSuchField, OddIdentity, AlreadyOpen, FileClosed, NotAllowed.
    """
    whose = as_writer(subject, by=by, at=at)
    kind = subject_of(subject)
    subject = type(subject).objects.select_for_update().get(pk=subject.pk)
    if isinstance(subject, Household) and subject.closed_at:
        raise FileClosed(_("This file is closed. Open the file that followed it."))
    if client_id and (earlier := list(Change.objects.about(subject).filter(client_id=client_id))):
        return Changed(earlier)
    said = said_at or (encounter.starts_at if encounter else at)
    wanted = {name: _read(kind, name, value) for name, value in values.items()}
    seen = {name: _read(kind, name, value) for name, value in (base or {}).items()}
    made, conflicts = [], []
    for name, new in wanted.items():
        now = value_of(subject, name)
        if new == now:
            continue
        if name in seen and seen[name] != now:
            conflicts.append(_conflict(subject, name, now))
            continue
        made.append(
            _line(
                subject,
                kind,
                name,
                now,
                new,
                by=by,
                at=at,
                said=said,
                encounter=encounter,
                client_id=client_id,
            )
        )
        _put(subject, name, new, reason=identity_reason, today=local(at).date())
    if made:
        _save(subject, [each.field for each in made])
        Change.objects.bulk_create(made)
        data = {"fields": [each.field for each in made], "encounter": encounter.pk if encounter else None}
        note(f"{kind}.changed", subject, by=by, at=at, behalf=whose, data=data)
    return Changed(made, conflicts)


def value_of(subject: SubjectRow, name: str) -> str:
    """Return what stands in a field, as text, opened; empty for nothing. Who may see it the caller has asked."""
    if name in KEPT_WITHIN:
        return str(unseal_all(subject.more).get(name, ""))  # type: ignore[union-attr]
    value = getattr(subject, name)
    if name in SEALED:
        return unseal(value)
    if name in FLAGS:
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _read(kind: Subject, name: str, value: Any) -> str:
    """Return a value as the history writes it. Raises NoSuchField, TooLong."""
    if name not in FIELDS[kind]:
        raise NoSuchField(_("There is no such line in this file."))
    if name in FLAGS:
        return "yes" if value in (True, "yes", "true", "1", "on", "是") else "no"
    if isinstance(value, date):
        return value.isoformat()
    if name == "notes":
        return said(str(value or ""), empty="") if str(value or "").strip() else ""
    text = line(str(value or ""), most=LENGTHS.get(name, 120))
    if name == "identity" and text:
        text = check_id(text).number
    if name == "code" and text:
        text = check_credit_code(text).code
    allowed = CHOICES.get(name)
    if (allowed and text not in allowed) or (not text and name in NEVER_EMPTY) or (name == "born_on" and _odd(text)):
        raise NoSuchField(_("This does not fit: %(field)s.") % {"field": FIELDS[kind][name]})
    return text


def _odd(text: str) -> bool:
    try:
        return bool(text) and not date.fromisoformat(text)
    except ValueError:
        return True


def _put(subject: SubjectRow, name: str, new: str, *, reason: str, today: date) -> None:
    if name in KEPT_WITHIN:
        subject.more = seal_all(unseal_all(subject.more) | {name: new})  # type: ignore[union-attr]
    elif name == "identity":
        _put_identity(subject, new, reason=reason, today=today)  # type: ignore[arg-type]
    elif name in SEALED:
        setattr(subject, name, seal(new))
        if isinstance(subject, Resident):
            subject.phone_index = phone_index(new)
    elif name in FLAGS:
        setattr(subject, name, new == "yes")
    elif name == "born_on":
        setattr(subject, name, date.fromisoformat(new) if new else None)
    else:
        setattr(subject, name, new)


def _put_identity(resident: Resident, number: str, *, reason: str, today: date) -> None:
    sound = not number or check_id(number, today=today).is_valid
    if not sound and not reason.strip():
        raise OddIdentity(
            _("This identity number fails its check. Compare it with the card, or say why it is kept all the same.")
        )
    resident.identity, resident.identity_index = seal(number), identity_index(number)
    resident.identity_reason = "" if sound else line(reason)


def _save(subject: SubjectRow, names: list[str]) -> None:
    columns = {"more" if name in KEPT_WITHIN else name for name in names}
    if isinstance(subject, Resident):
        columns |= {"identity_index", "identity_reason"} if "identity" in columns else set()
        columns |= {"phone_index"} if "phone" in columns else set()
    try:
        with transaction.atomic():
            subject.save(update_fields=sorted(columns))
    except IntegrityError:
        if isinstance(subject, Household):
            same = Household.objects.open().filter(area=subject.area, door=subject.door, called=subject.called)
            if other := same.exclude(pk=subject.pk).first():
                raise AlreadyOpen(other) from None
        raise
    if isinstance(subject, Household) and columns & {"door", "called"}:
        index_words(subject)
    if isinstance(subject, Resident) and "name" in columns:
        index_words(subject.household)


def _line(
    subject: SubjectRow, kind: Subject, name: str, before: str, after: str, *, by: User, at: datetime,
    said: datetime, encounter: Encounter | None, client_id: UUID | None,
) -> Change:  # fmt: skip
    sealed = name in SEALED
    return Change(
        **{kind.value: subject}, field=name, before="" if sealed else before, after="" if sealed else after,
        sealed=seal(json.dumps([before, after], ensure_ascii=False)) if sealed else None, by=by, at=said,
        recorded_at=at, encounter=encounter, client_id=client_id,
    )  # fmt: skip


def _conflict(subject: SubjectRow, name: str, now: str) -> Conflict:
    last = Change.objects.about(subject).filter(field=name).select_related("by").order_by("-at", "-id").first()
    return Conflict(name, now, last.at if last else None, str(last.by) if last and last.by else "")
