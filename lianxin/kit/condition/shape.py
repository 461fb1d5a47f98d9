"""What a condition is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

DEPTH = 6  # conditions within conditions that anybody can still read
BREADTH = 40  # conditions beside each other, and values to choose from

Condition = Mapping[str, Any]


class Is(StrEnum):
    """How a value is compared."""

    EQUALS = "equals"
    DIFFERS = "differs"
    ONE_OF = "one_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    CONTAINS = "contains"
    GIVEN = "given"
    MISSING = "missing"


ALONE = frozenset({Is.GIVEN, Is.MISSING})  # need no value
ORDERED = frozenset({Is.AT_LEAST, Is.AT_MOST, Is.ABOVE, Is.BELOW})
SAME = frozenset({Is.EQUALS, Is.DIFFERS})
HOWS = frozenset(how.value for how in Is)


class BrokenConditionError(ValueError):
    """The condition is none: whoever stored it did not ask `troubles` first."""


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison within a condition."""

    field: str
    how: Is
    value: Any = None


def parts(condition: Condition) -> Iterator[Part]:
    """Return each comparison of the condition, in reading order. Raises BrokenConditionError."""
    return _parts(condition, DEPTH)


def fields_of(condition: Condition) -> set[str]:
    """Return the fields that the condition asks about. Raises BrokenConditionError."""
    return {part.field for part in parts(condition)}


def is_missing(value: Any) -> bool:
    """Tell whether nothing was said: no value, empty text, an empty list. No and zero were said."""
    return value is None or (isinstance(value, str | Sequence | Mapping) and not value)


def shape_of(condition: Any, depth: int) -> str:
    if not isinstance(condition, Mapping) or depth < 0:
        raise BrokenConditionError("no condition, or one nested too deeply")
    if not condition:
        return ""
    found = [key for key in ("all", "any", "not", "field") if key in condition]
    if len(found) != 1:
        raise BrokenConditionError(f"neither a comparison nor all, any, not: {sorted(map(str, condition))}")
    return found[0]


def part_of(condition: Condition) -> Part:
    field, how = condition["field"], condition.get("is")
    if not isinstance(field, str) or not isinstance(how, str) or how not in HOWS:
        raise BrokenConditionError("a comparison lacks its field, or compares in an unknown way")
    return Part(field, Is(how), condition.get("value"))


def several(found: Any) -> Sequence[Any]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise BrokenConditionError("a list was expected")
    return found


def _parts(condition: Condition, depth: int) -> Iterator[Part]:
    match shape_of(condition, depth):
        case "all" | "any" as joined:
            for each in several(condition[joined]):
                yield from _parts(each, depth - 1)
        case "not":
            yield from _parts(condition["not"], depth - 1)
        case "field":
            yield part_of(condition)


def number_of(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def date_of(value: Any) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)  # a moment counts as its day
    if not isinstance(value, str) or len(value) != len("2026-01-31"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
