"""What a file is to say: a value put right, somebody new, a sheet filled in, a choice between two changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field

from lianxin.field.deeds.shapes import Body, Key, NotYours, encounter_of, household_of
from lianxin.kit.text import mask_id, mask_phone
from lianxin.people.models import User
from lianxin.record import actions
from lianxin.record.actions import Came, Clash, Entry
from lianxin.record.models import Conflict, Household, Resident
from lianxin.record.rules import FIELDS, KEPT_WITHIN, Subject

MASKS = {"phone": mask_phone, "identity": mask_id}  # all that a telephone is ever told of these


class ChangeBody(Body):
    """New values, and what the telephone had seen there."""

    subject: Literal["household", "resident"]
    id: Key
    visit: UUID | None = None
    values: dict[str, str | bool | None] = Field(max_length=20)
    base: dict[str, Any] = Field(default_factory=dict)
    identity_reason: str = ""


class ResidentBody(Body):
    """Somebody who is not in the file."""

    household: Key
    visit: UUID | None = None
    values: dict[str, str | bool | None] = Field(max_length=20)
    identity_reason: str = ""


class AnswerBody(Body):
    """A sheet of the file, filled in."""

    household: Key
    visit: UUID | None = None
    sheet: str
    values: dict[str, Any]


class SettleBody(Body):
    """Which of two values is to stand."""

    entry: UUID = Field(description="The entry that met another change.")
    field: str
    choice: Literal["mine", "theirs"]


def change(body: ChangeBody, *, entry: Entry, by: User, moment: datetime, at: datetime) -> Came:
    """Write new values into a file; a field that somebody else has changed meanwhile stays as it is and is shown."""
    subject = subject_of(body.subject, body.id, by)
    changed = actions.change(
        subject, values=body.values, base=_seen(subject, body.base), by=by, at=at, said_at=moment,
        encounter=encounter_of(body.visit, by), client_id=entry.client_id, identity_reason=body.identity_reason,
    )  # fmt: skip
    clashes = [
        Clash(each.field, body.base.get(each.field), shown(each.field, each.now), body.values[each.field])
        for each in changed.conflicts
    ]
    return Came(subject, {"changed": [each.field for each in changed.changes]}, tuple(clashes))


def resident(body: ResidentBody, *, entry: Entry, by: User, moment: datetime, at: datetime) -> Came:
    """Add somebody to the household."""
    household = household_of(body.household, by)
    assert household
    known = {key: value for key, value in body.values.items() if key in FIELDS[Subject.RESIDENT] and value is not None}
    made = actions.add_resident(
        household, by=by, at=at, encounter=encounter_of(body.visit, by), identity_reason=body.identity_reason,
        **_typed({"name": "", **known}),
    )  # fmt: skip
    return Came(made, {"resident": made.pk})


def answer(body: AnswerBody, *, entry: Entry, by: User, moment: datetime, at: datetime) -> Came:
    """Fill in a sheet that is kept on households."""
    household = household_of(body.household, by)
    assert household
    made = actions.fill(
        household, sheet_key=body.sheet, values=body.values, by=by, at=at, said_at=moment, client_id=entry.client_id,
        encounter=encounter_of(body.visit, by),
    )  # fmt: skip
    return Came(made, {})


def settle(body: SettleBody, *, entry: Entry, by: User, moment: datetime, at: datetime) -> Came:
    """Let stand what the cadre has chosen of two values."""
    found = Conflict.objects.filter(sent__client_id=body.entry, sent__handset__user=by, field=body.field).first()
    if found is None:
        raise NotYours(_("There is nothing to choose between any more."))
    actions.settle(found, choice=body.choice, deed=deed_of_mine(found, by=by, at=at), by=by, at=at)
    return Came(found, {})


def deed_of_mine(conflict: Conflict, *, by: User, at: datetime) -> Any:
    """Return the deed that writes what the telephone had sent over what stands there now."""
    said = conflict.sent.opened["body"]

    def write(_moment: datetime) -> Came:
        subject = subject_of(said["subject"], said["id"], by)
        values = {conflict.field: conflict.opened["mine"]}
        reason = said.get("identity_reason", "")
        actions.change(subject, values=values, by=by, at=at, said_at=conflict.sent.deed_at, identity_reason=reason)
        return Came(subject)

    return write


def subject_of(kind: str, key: int, user: User) -> Household | Resident:
    """Return the household or the person if this officer reaches it. Raises NotYours."""
    table: Any = Household if kind == "household" else Resident
    found: Household | Resident | None = table.objects.visible_to(user).filter(pk=key).first()
    if found is None:
        raise NotYours(_("This file is not one of yours any more. Whoever keeps the files can take it in."))
    return found


def shown(field: str, value: str) -> str:
    """Return a value as a telephone may hold it."""
    if field in KEPT_WITHIN:
        return ""
    return MASKS[field](value) if field in MASKS and value else value


def _seen(subject: Household | Resident, base: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the telephone had seen; where it had seen a mask that still fits, what stands behind it."""
    found = {}
    for field, value in base.items():
        if field in FIELDS[Subject.HOUSEHOLD if isinstance(subject, Household) else Subject.RESIDENT]:
            now = actions.value_of(subject, field)
            found[field] = now if field in MASKS and shown(field, now) == (value or "") else value
    return found


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    for flag in ("is_registered", "is_here"):
        if flag in values:
            values[flag] = values[flag] in (True, "yes")
    if values.get("born_on"):
        try:
            values["born_on"] = date.fromisoformat(str(values["born_on"]))
        except ValueError:
            raise actions.NoSuchField(_("The date is not written as 2027-01-31.")) from None
    else:
        values.pop("born_on", None)
    return values
