"""What goes in and what comes out, in exact types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class Body(Schema):
    """A request body: of exact types, and without anything that would have to be dropped."""

    model_config = ConfigDict(strict=True, extra="forbid")


class VoiceIn(Body):
    """What somebody says."""

    text: str = Field(description="The words, up to 4,000 characters. They are never changed.")
    identity: Literal["signed", "confidential", "anonymous"]
    name: str | None = None
    phone: str | None = None
    email: str | None = Field(None, max_length=120, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    area: int | str | None = Field(None, description="Number, code, full name or name of a place; see GET /areas.")
    place: str | None = Field(None, description="More exactly where, in words.")
    kind: Literal["problem", "opinion", "suggestion", "appeal", "consult", "praise"] | None = None
    wants_reply: bool = True
    addressee: int | str | None = Field(
        None,
        description="For a letter a post, as `post:3` or its bare number; see GET /addressees. Otherwise the office "
        "that you would like to deal with it, as `office:12`; see GET /addressees/offices.",
    )


class HeardOut(Schema):
    """The receipt: number, code, and where both are asked for."""

    receipt: str
    code: str
    url: str


class AdditionIn(Body):
    """One more sentence of who holds the receipt."""

    code: str
    text: str


class AdditionOut(Schema):
    receipt: str
    text: str
    at: datetime


class ConfirmationIn(Body):
    """What the person says of the answer on one matter."""

    code: str
    case: str = Field(description="The number of the matter, as in `cases` of the progress.")
    solved: Literal["yes", "partly", "no"]
    result_grade: int | None = Field(None, ge=1, le=5)
    handling_grade: int | None = Field(None, ge=1, le=5)
    words: str = Field("", max_length=1000)
    quotable: bool = False


class ConfirmationOut(Schema):
    case: str
    state: str


class StepOut(Schema):
    """One step of the road: done, now or next."""

    title: str
    state: str
    at: datetime | None
    text: str
    by: str


class DayOut(Schema):
    """One day of the clock: start, counted, rest, paused or due."""

    date: date
    kind: str
    makeup: bool
    name: str
    number: int | None


class ClockOut(Schema):
    """By when, what is left, and why that day."""

    due: datetime | None = Field(description="Empty while the clock stands still.")
    first_due: datetime | None
    left: int | None = Field(description="In `unit`; negative when late.")
    unit: str
    line: str
    days: list[DayOut]
    notes: list[str]
    provisional: bool
    light: str


class AnswerGiven(Schema):
    text: str
    at: datetime


class CaseProgress(Schema):
    """The road of one matter that the voice feeds."""

    number: str
    title: str
    state: str
    state_words: str
    result: str
    result_words: str
    light: str
    lead: str
    coordinator: str
    steps: list[StepOut]
    clock: ClockOut | None
    replies: list[AnswerGiven]
    may_confirm: bool
    confirm_until: datetime | None
    next_words: str


class PointOut(Schema):
    number: int
    text: str
    outcome: str
    outcome_words: str
    answer: str
    case: str


class Progress(Schema):
    """Where a voice is. The first matter that is still open speaks for the whole."""

    receipt: str = Field(validation_alias="number")
    received_at: datetime
    at: datetime
    state: str
    state_words: str
    light: str
    next_words: str
    steps: list[StepOut]
    points: list[PointOut]
    cases: list[CaseProgress]


class AreaOut(Schema):
    id: int
    name: str
    full_name: str
    kind: str
    code: str


class AddresseeOut(Schema):
    id: int
    key: str = Field(description="What `addressee` of a voice takes.")
    tier: str
    name: str
    reader: str = Field(description="Who reads instead of the holder, in words; empty when the holder does.")


class OfficeOut(Schema):
    key: str = Field(description="What `addressee` of a voice takes.")
    kind: str
    name: str


class PublicAnswer(Schema):
    id: int
    title: str
    question: str
    answer: str
    published_at: datetime
    subject: str
    area: str
    result: str
    url: str


class Answers(Schema):
    count: int
    page: int
    pages: int
    answers: list[PublicAnswer]


class RateOut(Schema):
    """A part of a whole, with both denominators."""

    part: int
    whole: int
    everybody: int
    percent: float | None
    is_small: bool = Field(description="Too few to say anything with certainty.")


class FigureRow(Schema):
    key: str
    label: str
    received: int
    settled: int
    cases: int
    answered: int
    cases_solved: int
    late: int
    response: RateOut
    solving: RateOut
    satisfaction: RateOut
    manner: RateOut


class FiguresOut(Schema):
    """Received points (条) and matters (件) of [start, end), as of a moment; small lines are put together."""

    start: datetime
    end: datetime
    at: datetime
    total: FigureRow
    rows: list[FigureRow]
    median_days: float | None
