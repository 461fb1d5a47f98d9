"""Whether a condition is true of values."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from lianxin.kit.condition.shape import (
    ALONE,
    DEPTH,
    Condition,
    Is,
    Part,
    date_of,
    is_missing,
    number_of,
    part_of,
    several,
    shape_of,
)


def holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    """Tell whether the condition is true of the values.

    A value that is missing, or of another type than what it is compared with, never holds, except for `missing` and
    `differs`. Numbers are compared as numbers, ISO dates as dates. Raises BrokenConditionError for what is none.
    """
    return _holds(condition, values, DEPTH)


def _holds(condition: Condition, values: Mapping[str, Any], depth: int) -> bool:
    match shape_of(condition, depth):
        case "all":
            return all(_holds(each, values, depth - 1) for each in several(condition["all"]))
        case "any":
            return any(_holds(each, values, depth - 1) for each in several(condition["any"]))
        case "not":
            return not _holds(condition["not"], values, depth - 1)
        case "field":
            part = part_of(condition)
            return _compared(part, values.get(part.field))
    return True


def _compared(part: Part, value: Any) -> bool:
    if part.how in ALONE:
        return is_missing(value) is (part.how is Is.MISSING)
    if part.how is Is.DIFFERS:
        return not _same(value, part.value)
    return not is_missing(value) and _TESTS[part.how](value, part.value)


def _same(value: Any, other: Any) -> bool:
    if isinstance(value, date) or isinstance(other, date):
        return date_of(value) is not None and date_of(value) == date_of(other)
    one, two = number_of(value), number_of(other)
    if one is not None and two is not None:
        return one == two
    return type(value) is type(other) and bool(value == other)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(value: Any, other: Any) -> bool:
        for read in (number_of, date_of):
            one, two = read(value), read(other)
            if one is not None and two is not None:
                return test(one, two)
        return False

    return compare


def _contains(value: Any, other: Any) -> bool:
    if isinstance(value, str):
        return isinstance(other, str) and other in value
    return isinstance(value, Sequence) and any(_same(each, other) for each in value)


_TESTS: dict[Is, Callable[[Any, Any], bool]] = {
    Is.EQUALS: _same,
    Is.ONE_OF: lambda value, others: any(_same(value, other) for other in several(others)),
    Is.AT_LEAST: _ordered(lambda one, two: one >= two),
    Is.AT_MOST: _ordered(lambda one, two: one <= two),
    Is.ABOVE: _ordered(lambda one, two: one > two),
    Is.BELOW: _ordered(lambda one, two: one < two),
    Is.CONTAINS: _contains,
}
