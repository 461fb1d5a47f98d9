"""Forms for programs: what a sheet asks, and how an answer to it would be read. Nothing is kept here."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field

from lianxin.people.rules import public
from lianxin.places.models import Area
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import FIELDS_MAX, Kind, Purpose, read

router = Router()
Key = Annotated[str, Path(max_length=60)]

OPEN = frozenset({Purpose.APPLICATION, Purpose.SELF_CHECK})  # what people fill in; the others are for officers


class OptionOut(Schema):
    """One thing to choose."""

    key: str
    label: str


class FieldOut(Schema):
    """One question. `when` is a condition on the questions before it; see docs/sheets.md."""

    key: str
    label: str
    kind: str = Field(description="text, long, number, date, choice, many, yesno, phone, identity or area.")
    required: bool
    help: str
    options: list[OptionOut]
    when: dict[str, Any]
    min: Any = None
    max: Any = None


class SheetOut(Schema):
    """A sheet in its version of now."""

    key: str
    version: int
    title: str
    purpose: str
    basis: str
    fields: list[FieldOut]


class Values(Schema):
    """What was written into the fields, by their keys."""

    values: dict[str, Any] = Field(max_length=FIELDS_MAX)


class OutcomeOut(Schema):
    """What the sheet answers."""

    then: str = Field(description="apply, need or elsewhere.")
    says: str
    link: str


class Understood(Schema):
    """What was understood, what was not, and what the sheet answers once all of it was."""

    values: dict[str, Any]
    troubles: dict[str, str]
    outcome: OutcomeOut | None


@router.get("/sheets/{key}", response=SheetOut, auth=None, summary="A form as it is now")
@public
def sheet(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Return the questions of an application form or a self-check."""
    found = _found(request, key)
    return {
        "key": found.key,
        "version": found.version,
        "title": found.title,
        "purpose": found.purpose,
        "basis": found.basis,
        "fields": [
            {
                "key": each.key,
                "label": each.label,
                "kind": each.kind,
                "required": each.required,
                "help": each.help,
                "options": [{"key": option.key, "label": option.label} for option in each.options],
                "when": dict(each.when),
                "min": each.least,
                "max": each.most,
            }
            for each in found.questions
        ],
    }


@router.post("/sheets/{key}/check", response=Understood, auth=None, summary="Try an answer, keeping nothing")
@public
def check_sheet(request: HttpRequest, key: Key, body: Values) -> dict[str, Any]:
    """Return how an answer would be read; for a self-check, with what it leads to."""
    found = _found(request, key)
    today = timezone.localdate(request.at)  # type: ignore[attr-defined]
    asked = {str(body.values.get(each.key, "")) for each in found.questions if each.kind is Kind.AREA}
    known = [each for each in asked if each.isdecimal() and each.isascii() and len(each) < 18]
    areas = {str(pk) for pk in Area.objects.on(today).filter(pk__in=known).values_list("pk", flat=True)}
    reading = read(found.fields, body.values, today=today, areas=areas)
    outcome = None if reading.troubles else found.outcome(reading.values)
    told = {"then": outcome.then, "says": outcome.says, "link": outcome.link} if outcome else None
    return {"values": reading.values, "troubles": reading.troubles, "outcome": told}


def _found(request: HttpRequest, key: str) -> Sheet:
    found = None if "\x00" in key else Sheet.objects.current(key, request.at)  # type: ignore[attr-defined]
    if found is None or found.purpose not in OPEN:
        raise Http404
    return found
