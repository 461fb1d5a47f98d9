"""What somebody said at a door."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field

from lianxin.field.deeds.shapes import Body, Key, encounter_of, files_of, household_of
from lianxin.listen import actions as listen
from lianxin.listen.rules import Channel
from lianxin.people.models import User
from lianxin.record.actions import Came, Entry

FILES_MOST = 10


class VoiceBody(Body):
    """One thing that was said, its receipt in the hands of the person already."""

    household: Key | None = None
    visit: UUID | None = Field(None, description="The entry of the visit at which it was said.")
    text: str = ""
    number: str = Field("", description="One of the receipt numbers that the telephone carries.")
    identity: Literal["signed", "confidential", "anonymous"] = "signed"
    name: str = ""
    phone: str = ""
    kind: str = ""
    place: str = ""
    files: list[UUID] = Field(default_factory=list, max_length=FILES_MOST)


def voice(body: VoiceBody, *, entry: Entry, by: User, moment: datetime, at: datetime) -> Came:
    """Hear it under the number that was given at the door."""
    household = household_of(body.household, by)
    encounter = encounter_of(body.visit, by)
    files = files_of(body.files, by)
    heard = listen.hear(
        channel=Channel.VISIT, identity=body.identity, name=body.name, phone=body.phone, kind=body.kind,
        text=body.text.strip() or (_("Said aloud: the recording is attached.") if files else ""),
        place=body.place, recorder=by, received_at=moment, at=at,
        files=files, number=body.number, source_key=f"field:{entry.client_id}",
        encounter=encounter, household=household,
    )  # fmt: skip
    return Came(heard.voice, {"number": heard.voice.number, "code": heard.code})
