"""What bodies of entries share, and how they name what another entry made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from lianxin.kit.refusal import Refusal
from lianxin.ledger.models import Attachment
from lianxin.people.models import User
from lianxin.record.actions import NotHereYet
from lianxin.record.models import Encounter, Household, Sent, Upload

Key = Annotated[int, Field(gt=0, lt=2**63)]


class NotYours(Refusal):
    """What the entry is about is not in the reach of its officer (any more)."""

    status = 404


class Body(BaseModel):
    """A body of which only what is known is read: an older or newer app must still be heard."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def household_of(key: int | None, user: User) -> Household | None:
    """Return the household if this officer reaches it. Raises NotYours."""
    if key is None:
        return None
    found = Household.objects.visible_to(user).filter(pk=key).first()
    if found is None:
        raise NotYours(_("This household is not one of yours any more. Whoever keeps the files can take it in."))
    return found


def encounter_of(client_id: UUID | None, user: User) -> Encounter | None:
    """Return the visit that another entry became. Raises NotYours."""
    if client_id is None:
        return None
    made = Sent.objects.filter(client_id=client_id, handset__user=user, thing="record.encounter").first()
    found = Encounter.objects.filter(pk=made.key).first() if made and made.key else None
    if found is None:
        raise NotYours(_("The visit to which this belongs is not here."))
    return found


def files_of(client_ids: Iterable[UUID], user: User) -> list[Attachment]:
    """Return the files that were sent before. Raises NotHereYet."""
    wanted = list(client_ids)
    rows: Any = Upload.objects.filter(client_id__in=wanted, handset__user=user, attachment__isnull=False)
    found = {row.client_id: row.attachment for row in rows.select_related("attachment")}
    if missing := len([each for each in wanted if each not in found]):
        raise NotHereYet(_("%(count)s photos or recordings are still on the way.") % {"count": missing})
    return [found[each] for each in wanted]
