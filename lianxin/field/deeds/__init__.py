"""The table of what a telephone can send: for each kind the shape of its body and the one action that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from lianxin.field.deeds import file
from lianxin.field.deeds.shapes import Body
from lianxin.field.deeds.visit import VisitBody, visit
from lianxin.field.deeds.voice import VoiceBody, voice
from lianxin.kit.refusal import Refusal
from lianxin.people.models import User
from lianxin.record.actions import Came, Entry
from lianxin.record.models import Handset, Household, Sent

VERSION = 1  # of the app: raised when an older one would miss something, so that it is told to renew itself


class Misshapen(Refusal):
    """The body of an entry is not what its kind needs; an older app may have written it otherwise."""

    status = 422


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry. `does` is told the body, who did it, when it was, and when it arrived."""

    shape: type[Body]
    does: Callable[..., Came]


KINDS: dict[str, Kind] = {
    "visit": Kind(VisitBody, visit),
    "voice": Kind(VoiceBody, voice),
    "change": Kind(file.ChangeBody, file.change),
    "resident": Kind(file.ResidentBody, file.resident),
    "answer": Kind(file.AnswerBody, file.answer),
    "settle": Kind(file.SettleBody, file.settle),
}


def deed_of(handset: Handset, given: Mapping[str, Any], *, at: datetime) -> tuple[Entry, Callable[[datetime], Came]]:
    """Return an entry as it is kept, and the deed that it becomes. Raises Misshapen."""
    entry = Entry(
        client_id=given["id"], kind=given["kind"], made_at=given["made_at"], body=given["body"], skew=given["skew"],
        after=tuple(given["after"]), household=_household(given["body"]),
    )  # fmt: skip
    return entry, deed_for(entry, by=handset.user, at=at)


def entry_of(sent: Sent, *, by: User, at: datetime) -> Callable[[datetime], Came]:
    """Return the deed that an entry becomes which was kept, when this officer does it. Raises Misshapen."""
    kept = sent.opened
    made_at = datetime.fromisoformat(kept["made_at"])
    entry = Entry(client_id=sent.client_id, kind=sent.kind, made_at=made_at, body=kept["body"], skew=kept["skew"])
    return deed_for(entry, by=by, at=at)


def deed_for(entry: Entry, *, by: User, at: datetime) -> Callable[[datetime], Came]:
    """Return the deed that an entry becomes when this officer does it. Raises Misshapen."""
    kind = KINDS.get(entry.kind)
    if kind is None:
        raise Misshapen(_("This county does not know what this is. Renew the app."))
    try:
        body = kind.shape.model_validate(dict(entry.body))
    except ValidationError as trouble:
        fields = ", ".join(sorted({str(each["loc"][0]) for each in trouble.errors() if each["loc"]}))
        raise Misshapen(_("Something in this entry is not as it should be: %(fields)s.") % {"fields": fields}) from None
    return lambda moment: kind.does(body, entry=entry, by=by, moment=moment, at=at)


def _household(body: Mapping[str, Any]) -> Household | None:
    """Return the household that a body names, whoever may see it: the deed asks for that, and so does every list."""
    found = body.get("household")
    if not isinstance(found, int) or isinstance(found, bool) or not 0 < found < 2**63:
        return None
    return Household.objects.filter(pk=found).first()
