"""What goes over the line. Whatever a telephone sends more is left aside: an older or newer app must still be heard."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from lianxin.record.models import Sent

ENTRIES_MOST = 50
HELD_MOST = 20_000
Digest = str


class Loose(Schema):
    """A body of which only what is known is read."""

    model_config = ConfigDict(extra="ignore")


class Contact(Loose):
    """What a telephone says at every contact: what its clock reads, and how much waits on it."""

    phone_at: datetime | None = Field(None, description="What the clock of the telephone reads at this moment.")
    waiting: int = Field(0, ge=0, le=1_000_000, description="How many entries wait on it.")


class PullIn(Contact):
    """What the telephone holds already: the digest of each thing by its key. Only what differs comes back."""

    held: dict[str, Digest] = Field(default_factory=dict, max_length=HELD_MOST)


class Terms(Schema):
    """By what the telephone keeps itself."""

    contact_days: int = Field(description="After so many days without contact it forgets its files.")
    lock_minutes: int = Field(description="It locks itself after so many minutes in which nobody touched it.")
    piece: int = Field(description="How many bytes of a file it sends at once.")


class Thing(Schema):
    """A household, a kind of visit, a checklist: whole, as the telephone is to show it."""

    key: str
    digest: Digest
    value: dict[str, Any]


class Receipt(Schema):
    """A receipt number with its code, to be given at a door."""

    number: str
    code: str


class Standing(Schema):
    """What every answer says: the county's clock, whether the app is to be renewed, whether all is to be forgotten."""

    at: datetime
    renew: bool
    wipe: bool


class PullOut(Standing):
    """What has changed for the telephone since it was last told."""

    officer: str
    terms: Terms
    things: list[Thing]
    gone: list[str] = Field(description="Keys that it may not hold any more.")
    more: bool = Field(description="Ask again: not everything fitted into this answer.")
    receipts: list[Receipt]


class EntryIn(Loose):
    """One deed, written down at a door."""

    id: UUID = Field(description="Made by the telephone. The same id is the same deed, however often it comes.")
    kind: Sent.Kind
    made_at: datetime = Field(description="What the clock of the telephone read.")
    skew: int | None = Field(None, description="Seconds by which that clock was behind, as last compared.")
    after: list[UUID] = Field(default_factory=list, max_length=20, description="Entries that belong before this one.")
    body: dict[str, Any]


class PushIn(Contact):
    """What waits, in any order."""

    entries: list[EntryIn] = Field(max_length=ENTRIES_MOST)


class ClashOut(Schema):
    """One field that somebody else has changed meanwhile."""

    field: str
    base: Any
    theirs: Any
    mine: Any


class EntryOut(Schema):
    """What came of one entry."""

    id: UUID
    status: Literal["done", "again", "conflict", "refused", "aside", "wait", "failed"] = Field(
        description="`wait`: what belongs before it is not here. `failed`: a fault here; send it again later."
    )
    words: str = Field("", description="What is wrong and what to do, for the person.")
    result: dict[str, Any] = Field(default_factory=dict)
    clashes: list[ClashOut] = Field(default_factory=list)
    at: datetime | None = Field(None, description="When it was, by the county's clock.")


class PushOut(Standing):
    """One answer for each entry."""

    entries: list[EntryOut]


class FileOut(Schema):
    """How much of a file is here."""

    offset: int
    whole: bool
