"""What a sheet is made of: its fields, their kinds, and the answers it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit import condition

# A sheet that nobody finishes helps nobody: the ends of what a person fills in at a kitchen table.
FIELDS_MAX = 80
OPTIONS_MAX = 60
OUTCOMES_MAX = 20
KEY_MAX, LABEL_MAX, HELP_MAX, SAYS_MAX, LINK_MAX = 40, 120, 300, 500, 300
LINE_MAX, TEXT_MAX = 200, 5000  # characters of a line, and of a text of several lines
TODAY = "today"  # as a limit of a date


class Purpose(models.TextChoices):
    """What a sheet is for."""

    APPLICATION = "application", _("application form")
    SELF_CHECK = "self_check", _("self-check")
    CHECKLIST = "checklist", _("checklist")
    QUESTIONS = "questions", _("questionnaire")


class Kind(models.TextChoices):
    """What is written into a field."""

    TEXT = "text", _("one line")
    LONG = "long", _("several lines")
    NUMBER = "number", _("number")
    DATE = "date", pgettext_lazy("kind of field", "day")
    CHOICE = "choice", _("one of several")
    MANY = "many", _("any of several")
    YESNO = "yesno", _("yes or no")
    PHONE = "phone", pgettext_lazy("kind of field", "phone")
    IDENTITY = "identity", _("identity number")
    AREA = "area", pgettext_lazy("kind of field", "place")


class Known(models.TextChoices):
    """What may be known of a person already, and is then not asked again."""

    NAME = "name", pgettext_lazy("what is known of a person", "name")
    PHONE = "phone", pgettext_lazy("what is known of a person", "phone")
    IDENTITY = "identity", pgettext_lazy("what is known of a person", "identity number")


class Then(models.TextChoices):
    """What a self-check leads to."""

    APPLY = "apply", _("can apply")
    NEED = "need", _("needs something first")
    ELSEWHERE = "elsewhere", _("somewhere else, or not at all")


CHOOSING = frozenset({Kind.CHOICE, Kind.MANY})
SECRET = frozenset({Kind.PHONE, Kind.IDENTITY})  # sealed whatever the sheet says
KNOWN_KINDS = {Known.NAME: Kind.TEXT, Known.PHONE: Kind.PHONE, Known.IDENTITY: Kind.IDENTITY}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    key: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question of a sheet. `least` and `most` bound a number, a day, the length of a text or the count of ticks."""

    key: str
    label: str
    kind: Kind
    required: bool = False
    help: str = ""
    options: tuple[Option, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)
    known: str = ""
    least: Any = None
    most: Any = None
    personal: bool = False

    @cached_property
    def choices(self) -> dict[str, str]:
        """The labels of the options by their keys."""
        return {option.key: option.label for option in self.options}

    @property
    def is_sealed(self) -> bool:
        """This property will tell whether the answer says who somebody is, and is kept sealed."""
        return self.personal or self.kind in SECRET or bool(self.known)

    @property
    def longest(self) -> int:
        """How many characters a text may have."""
        most = LINE_MAX if self.kind is Kind.TEXT else TEXT_MAX
        return min(self.most, most) if isinstance(self.most, int) else most

    def is_asked(self, values: Mapping[str, Any]) -> bool:
        """This method will tell whether the question is asked of whoever has answered so before."""
        return condition.holds(self.when, values)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sheet answers: words, what follows, and where to go."""

    says: str
    then: Then
    link: str = ""


def fields_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Return the fields of a sound definition. Raises KeyError, TypeError or ValueError for one that `faults` names."""
    return tuple(_field(row) for row in rows)


def _field(row: Mapping[str, Any]) -> Field:
    return Field(
        key=row["key"],
        label=row["label"],
        kind=Kind(row["kind"]),
        required=bool(row.get("required")),
        help=row.get("help") or "",
        options=tuple(Option(option["key"], option["label"]) for option in row.get("options") or ()),
        when=row.get("when") or {},
        known=row.get("known") or "",
        least=row.get("min"),
        most=row.get("max"),
        personal=bool(row.get("personal")),
    )


def outcome(outcomes: Iterable[Mapping[str, Any]], values: Mapping[str, Any]) -> Outcome | None:
    """Return the first answer whose condition holds; None where none does."""
    for row in outcomes:
        if condition.holds(row.get("when") or {}, values):
            return Outcome(row["says"], Then(row["then"]), row.get("link") or "")
    return None


def split(fields: Iterable[Field], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values that may lie open, and those that are to be sealed."""
    sealed = {field.key for field in fields if field.is_sealed}
    return (
        {key: value for key, value in values.items() if key not in sealed},
        {key: value for key, value in values.items() if key in sealed},
    )
