"""What is wrong with a condition that somebody wants to store."""

from collections.abc import Iterator, Mapping
from typing import Any

from lianxin.kit.condition.phrases import phrases_of
from lianxin.kit.condition.shape import (
    ALONE,
    BREADTH,
    DEPTH,
    HOWS,
    ORDERED,
    SAME,
    BrokenConditionError,
    Condition,
    Is,
    date_of,
    is_missing,
    number_of,
    shape_of,
)

NUMBER, DATE, YESNO, MANY = "number", "date", "yesno", "many"

# What may be asked of a field of each kind; any other kind is asked like text.
ASKED_OF: dict[str, frozenset[Is]] = {
    NUMBER: SAME | ORDERED | ALONE | {Is.ONE_OF},
    DATE: SAME | ORDERED | ALONE | {Is.ONE_OF},
    YESNO: SAME | ALONE,
    MANY: ALONE | {Is.CONTAINS},
    "choice": SAME | ALONE | {Is.ONE_OF},
}
TEXT = SAME | ALONE | {Is.ONE_OF, Is.CONTAINS}


def troubles(condition: Any, fields: Mapping[str, str], *, language: str = "zh-hans") -> list[str]:
    """Return what is wrong with a condition, in words; nothing when it may be stored.

    `fields` are the kinds of the fields it may ask about: number, date, yesno, many, choice; others are text, and the
    empty kind takes any value. Languages are zh-hans, zh-hant and, for any other, English.
    """
    said = phrases_of(language)
    return [said[what].format(name=name) for what, name in _troubles(condition, fields, DEPTH)]


def _troubles(condition: Any, fields: Mapping[str, str], depth: int) -> Iterator[tuple[str, str]]:
    if depth < 0:
        yield "deep", ""
        return
    try:
        shape = shape_of(condition, depth)
    except BrokenConditionError:
        yield "shape", ""
        return
    if shape == "field":
        yield from _part_troubles(condition, fields)
        return
    if shape and len(condition) > 1:
        yield "extra", str(next(key for key in condition if key != shape))[:40]
    if shape == "not":
        yield from _troubles(condition["not"], fields, depth - 1)
    elif shape:
        joined = condition[shape]
        if not isinstance(joined, list) or not joined:
            yield "empty", shape
        elif len(joined) > BREADTH:
            yield "long", ""
        else:
            for each in joined:
                yield from _troubles(each, fields, depth - 1)


def _part_troubles(condition: Condition, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if extra := sorted(str(key) for key in condition if key not in ("field", "is", "value")):
        yield "extra", extra[0][:40]
    field, how = condition["field"], condition.get("is")
    if not isinstance(field, str) or field not in fields:
        yield "field", str(field)[:40]
        return
    if not isinstance(how, str) or how not in HOWS:
        yield "how", str(how)[:40]
        return
    kind = fields[field]
    if kind and how not in ASKED_OF.get(kind, TEXT):
        yield "kind", f"{field}: {how}"
        return
    yield from _value_troubles(Is(how), condition, field, kind)


def _value_troubles(how: Is, condition: Condition, field: str, kind: str) -> Iterator[tuple[str, str]]:
    value = condition.get("value")
    if how in ALONE:
        if "value" in condition:
            yield "needless", field
    elif how is Is.ONE_OF:
        if not isinstance(value, list) or not value:
            yield "list", field
        elif len(value) > BREADTH:
            yield "long", ""
        elif not all(_fits(each, kind, how) for each in value):
            yield "value", field
    elif is_missing(value) or not _fits(value, kind, how):
        yield "value", field


def _fits(value: Any, kind: str, how: Is) -> bool:
    """Tell whether the value can be compared with a field of the kind."""
    if kind == NUMBER:
        return number_of(value) is not None
    if kind == DATE:
        return isinstance(value, str) and date_of(value) is not None
    if kind == YESNO:
        return isinstance(value, bool)
    if kind:
        return isinstance(value, str)
    if how in ORDERED:
        return number_of(value) is not None or date_of(value) is not None
    return isinstance(value, str | bool) or number_of(value) is not None
