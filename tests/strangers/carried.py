"""A telephone of a cadre, with a photo on its way and an entry that nobody could take in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from lianxin.field.deeds import deed_of
from lianxin.record import actions
from lianxin.record.models import Conflict, Handset, Household, Sent
from tests.cast import Cast

PHOTO, ENTRY, CHANGE = (UUID(int=0x5EEB00 + n) for n in (1, 2, 3))


def carry(cast: Cast, at: datetime, *, household: str, secret: str, name: str) -> dict[str, Any]:
    """Set the telephone up, and return the numbers of everything on it that a page is about."""
    cadre = cast.officer("cadre")
    handset, _key = actions.enrol(user=cadre, client_id=UUID(int=0x5EEB00), name=name, by=cadre, at=at)
    actions.put_piece(handset, client_id=PHOTO, name="a.jpg", size=9, sha256="0" * 64, start=0, content=b"1234", at=at)
    given = {
        "id": ENTRY, "kind": "voice", "made_at": at, "skew": 0, "after": [], "body": {"text": secret, "household": 1},
    }  # fmt: skip
    entry, deed = deed_of(handset, given, at=at)
    taken = actions.take(handset, entry=entry, deed=deed, at=at)
    assert taken.status == "refused"
    sent = Sent.objects.get(client_id=ENTRY)
    clash = _two_change_a_door(handset, cast, at, household=household, name=name, secret=secret)
    return {
        "conflict": clash.pk, "handset": Handset.objects.get(pk=handset.pk).pk, "upload": PHOTO, "sent": sent.pk,
    }  # fmt: skip


def _two_change_a_door(
    handset: Handset, cast: Cast, at: datetime, *, household: str, name: str, secret: str
) -> Conflict:
    """Let somebody change on the desk what the telephone, which has not seen it, changes too."""
    home = Household.objects.get(number=household)
    actions.change(home, values={"door": name}, by=cast.officer("archivist"), at=at)
    body = {"subject": "household", "id": home.pk, "values": {"door": secret}, "base": {"door": "1"}}
    given = {"id": CHANGE, "kind": "change", "made_at": at, "skew": 0, "after": [], "body": body}
    entry, deed = deed_of(handset, given, at=at)
    taken = actions.take(handset, entry=entry, deed=deed, at=at)
    assert taken.status == "conflict", taken
    return Conflict.objects.get(sent__client_id=CHANGE)
