"""What comes out of the officers' half, in exact types."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class CaseLine(Schema):
    """A case as a list shows it."""

    number: str
    title: str
    state: str
    result: str
    light: str = Field(description="ok, near, late or wait.")
    due_at: datetime | None
    opened_at: datetime
    lead: str
    area: str
    subject: str
    voices: int = Field(description="How many points feed it.")
    major: bool
    reopened: int
    hops: int = Field(description="How often it was returned.")


class CasePage(Schema):
    """A page of cases; `more` tells whether another follows."""

    cases: list[CaseLine]
    page: int
    page_size: int
    more: bool


class TaskOut(Schema):
    """What one office owes on a case."""

    id: int
    office: str
    part: str
    state: str
    handler: str
    wish: str
    report: str
    opened_at: datetime
    due_at: datetime | None
    taken_at: datetime | None
    done_at: datetime | None
    forced: bool


class ExtensionOut(Schema):
    """A later date that was asked for; `granted` is empty until it is decided."""

    old_due_at: datetime
    new_due_at: datetime
    reason: str
    asked_at: datetime
    asked_by: str
    granted: bool | None
    decided_at: datetime | None
    decided_by: str
    decision_note: str


class PauseOut(Schema):
    """When the clock stood still."""

    starts: datetime
    ends: datetime | None
    reason: str
    approved_by: str
    review_on: date


class StepOut(Schema):
    """A line of the ledger, with what was written by the same deed."""

    verb: str
    at: datetime
    by: str
    behalf: str
    data: dict[str, Any]
    text: str


class SpokenOut(Schema):
    """One point that feeds a case, with the words of the voice it came from. Who spoke is another question."""

    join: int
    item: int
    voice: str
    words: str
    text: str
    channel: str
    identity: str
    received_at: datetime
    area: str
    files: list[int]


class SpokenPage(Schema):
    """A page of what people said."""

    spoken: list[SpokenOut]
    page: int
    more: bool


class CaseOut(CaseLine):
    """Everything about one case that this officer may see."""

    summary: str
    kind: str
    level: str
    place: str
    office: str
    coordinator: str
    sponsor: str
    since: date | None
    first_due_at: datetime | None
    due_provisional: bool
    limit: str
    dispatched_at: datetime | None
    finished_at: datetime | None
    reexamined_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    effect_on: date | None
    result_text: str
    root_cause: str
    merged_into: str
    split_from: str
    tasks: list[TaskOut]
    extensions: list[ExtensionOut]
    pauses: list[PauseOut]
    steps: list[StepOut]
    deeds: list[str] = Field(description="What this officer may do now: POST /cases/{number}/{deed}.")


class Done(Schema):
    """The case after a deed, in short; the whole of it is at GET /cases/{number}."""

    number: str
    state: str
    result: str
    due_at: datetime | None
    deed: str
    other: str = Field("", description="The other case, where one came of it: split off, or merged into.")


class ContactOut(Schema):
    """Who spoke. That it was asked is on record."""

    name: str
    phone: str
    email: str
    address: str


class FilterOut(Schema):
    """A way of looking at the list that was kept."""

    id: int
    name: str
    query: str


class DispatchedOut(Schema):
    """What became of one of many."""

    number: str
    done: bool
    refusal: str
    detail: str
