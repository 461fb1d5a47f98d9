"""A household's file as its page shows it: masked, with who said each thing last, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from lianxin.kit.text import mask_id, mask_phone
from lianxin.people.models import User
from lianxin.record.actions import value_of
from lianxin.record.models import Change, Fact, Filled, Household, Link, Resident
from lianxin.record.rules import FIELDS, SEALED, Of, Subject
from lianxin.sheets.rules import Line

STARS = "****"


class Said(NamedTuple):
    """One line of a file: what it is, what it says, when somebody last said so, and who."""

    name: str
    label: str
    text: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the household, and what is written of him or her."""

    row: Resident
    lines: list[Said]
    facts: list[Fact]
    age: int | None
    hides: bool
    twins: list[Resident]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The present answers to one sheet, masked, and how many there were before."""

    filled: Filled
    lines: list[Line]
    before: int


@dataclass(frozen=True, slots=True)
class File:
    """All that the page of a household shows of its file."""

    lines: list[Said]
    people: list[Person]
    left: list[Resident]
    groups: list[tuple[str, list[Fact]]]
    past: list[Fact]
    sheets: list[Sheet]
    links: list[Link]


def read(household: Household, user: User, at: datetime) -> File:
    """Return the file of a household as this officer sees it; nothing that lies sealed is in it."""
    day = timezone.localdate(at)
    rows = list(Resident.objects.filter(household=household).order_by("-is_head", "id"))
    here = [row for row in rows if row.left_on is None]
    written = household.facts.select_related("kind", "by", "resident").prefetch_related("leads__office")
    facts = list(written.order_by("id"))
    now = [fact for fact in facts if fact.ends is None or fact.ends > day]
    last = _last(household)
    groups = [(str(of.label), [fact for fact in now if fact.kind.of == of]) for of in Of]
    return File(
        lines=_lines(household, Subject.HOUSEHOLD, last, household),
        people=[_person(row, household, [f for f in now if f.resident_id == row.pk], last, user, day) for row in here],
        left=[row for row in rows if row.left_on],
        groups=[(label, some) for label, some in groups if some],
        past=[fact for fact in facts if fact not in now],
        sheets=_sheets(household),
        links=list(_links(household, day)),
    )


def shown_value(subject: Household | Resident, name: str) -> str:
    """Return a value as it is shown before anybody has said why he needs to see more."""
    if name == "phone":
        return mask_phone(value_of(subject, name))
    if name == "identity":
        return mask_id(value_of(subject, name))
    if name in SEALED:
        return STARS if value_of(subject, name) else ""
    if name in ("presence", "sex"):
        return str(getattr(subject, f"get_{name}_display")())
    return value_of(subject, name)


def _lines(
    subject: Household | Resident, kind: Subject, last: dict[tuple[str, int, str], Change], household: Household
) -> list[Said]:
    found = []
    for name, label in FIELDS[kind].items():
        change = last.get((kind, subject.pk, name))
        at, by = (change.at, str(change.by or "")) if change else (household.opened_at, "")
        if household.verified_at and household.verified_at > at:
            at, by = household.verified_at, str(household.verified_by)
        found.append(Said(name, str(label), shown_value(subject, name), at, by))
    return found


def _last(household: Household) -> dict[tuple[str, int, str], Change]:
    """Return the last change of every field of the household and its people."""
    rows = Change.objects.filter(household=household) | Change.objects.filter(resident__household=household)
    found: dict[tuple[str, int, str], Change] = {}
    for row in rows.select_related("by").order_by("at", "id"):
        kind = Subject.HOUSEHOLD if row.household_id else Subject.RESIDENT
        found[kind, row.household_id or row.resident_id or 0, row.field] = row
    return found


def _person(
    row: Resident, household: Household, facts: list[Fact], last: dict[tuple[str, int, str], Change], user: User,
    day: date,
) -> Person:  # fmt: skip
    lines = [line for line in _lines(row, Subject.RESIDENT, last, household) if line.text and line.name != "name"]
    twins = Resident.objects.living().filter(identity_index=row.identity_index).exclude(household=household)
    age = _age(row.born_on, day) if row.born_on else None
    hides = bool(row.identity or row.phone or row.more)
    named = list(twins.visible_to(user).select_related("household")) if row.identity_index else []
    return Person(row, lines, facts, age, hides, named)


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _sheets(household: Household) -> list[Sheet]:
    about = Filled.objects.filter(household=household)
    counts: dict[tuple[int, str], int] = {}
    for survey, called in about.values_list("survey", "called"):
        counts[survey, called] = counts.get((survey, called), 0) + 1
    rows = about.filter(is_last=True).select_related("survey", "answer__sheet", "by").order_by("survey__name", "called")
    return [Sheet(row, row.answer.lines(), counts[row.survey_id, row.called] - 1) for row in rows]


def _links(household: Household, day: date) -> QuerySet[Link]:
    above = [int(key) for key in household.area.path.strip("/").split("/")]
    linked = Link.objects.on(day).filter(household=household) | Link.objects.on(day).filter(area__in=above)
    return linked.select_related("user", "office").order_by("tie")
