"""What comes out of triage, letters, lists and messages, in exact types."""

from datetime import datetime

from ninja import Schema
from pydantic import Field


class ReceiptOut(Schema):
    """What is handed to the person who spoke; the code is told this once."""

    receipt: str
    code: str
    again: bool = Field(description="The same was written down before under this key.")


class EarlierOut(Schema):
    """How often a phone has spoken before."""

    count: int
    newest: list[str]


class ItemOut(Schema):
    """One point of a voice, with the subject suggested for it and the words that speak for that."""

    id: int
    voice: str
    number: int
    text: str
    words: str = Field(description="All the words of the voice, never changed.")
    channel: str
    identity: str
    received_at: datetime
    due_at: datetime | None
    area: str
    outcome: str
    subject: int | None
    suggested: int | None
    because: list[str]
    percent: int


class ItemPage(Schema):
    """A page of points that wait; `more` tells whether another follows."""

    items: list[ItemOut]
    page: int
    page_size: int
    more: bool


class SettledOut(Schema):
    """What became of a point."""

    item: int
    outcome: str
    detail: str


class ToldOut(Schema):
    """What came of one voice among many."""

    number: str
    done: bool
    detail: str


class LetterOut(Schema):
    """A letter from outside: nothing of its words."""

    number: str
    addressee: str
    received_at: datetime
    read_at: datetime | None
    handed_on_at: datetime | None


class OpenedOut(LetterOut):
    """A letter that was opened, word for word."""

    words: str
    identity: str


class CaseOpenedOut(Schema):
    """The case that an instruction has opened."""

    case: str
    state: str


class RowTrouble(Schema):
    """A row that was not taken, and why."""

    row: int
    trouble: str


class ListOut(Schema):
    """A list: what is in it, what its columns hold, and how far it is."""

    id: int
    kind: str
    state: str = Field(description="mapped, running, stopped or done.")
    way: str
    dry: bool
    total: int
    row: int
    added: int
    changed: int
    known: int
    failed: int
    mapping: dict[str, str]
    header: list[str] = []
    errors: list[RowTrouble] = []


class MessageOut(Schema):
    """A message; of the address only what a list may show."""

    id: int
    way: str
    address_hint: str
    about_label: str
    text: str
    state: str
    trouble: str
    attempts: int
    written_at: datetime
    settled_how: str
