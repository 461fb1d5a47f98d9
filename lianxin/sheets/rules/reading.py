"""What people wrote, read: values a program can compare, and in words what is wrong with the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.kit.identity import Problem, check_id, tidy_phone
from lianxin.kit.text import clean, mask_id, mask_name, mask_phone
from lianxin.sheets.rules.shape import TODAY, Field, Kind, Known, fields_of

NUMBER_MAX = Decimal(10) ** 12
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_YES = frozenset({"yes", "true", "1", "on", "是"})
_NO = frozenset({"no", "false", "0", "off", "否"})
_RAW_MAX = 20_000  # characters: more than any field takes; the rest is not even looked at

_IDENTITY: dict[Problem, str | Promise] = {
    Problem.LENGTH: gettext_lazy("An identity number has 18 characters."),
    Problem.CHARACTERS: gettext_lazy("An identity number is digits, and at its end perhaps an X."),
    Problem.BIRTH_DATE: gettext_lazy("The date of birth in this identity number does not exist. Please compare."),
    Problem.CHECK_CHARACTER: gettext_lazy("A digit of this identity number is wrong. Please compare it with the card."),
}


class Unfit(ValueError):
    """What was written does not fit the field; its text says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, and by field what was not. Fields that were not asked are in neither."""

    values: dict[str, Any] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One answered question, in words."""

    key: str
    label: str
    text: str
    is_sealed: bool


def read(
    fields: Iterable[Mapping[str, Any]],
    raw: Mapping[str, Any],
    *,
    today: date | None = None,
    areas: Collection[str] | None = None,
) -> Reading:
    """Return the values of what was written into the fields, and what is wrong, by field.

    Fields are read in their order; one whose condition does not hold on what stands before it is passed over, whatever
    was written into it. What is empty has no value. Days are ISO text, numbers int or float, places the number of an
    area as text, several options a list. Reading the values once more gives the same values. `today` is needed where a
    limit says so; a place is looked up in `areas` where given.
    """
    values: dict[str, Any] = {}
    troubles: dict[str, str] = {}
    for each in fields_of(fields):
        if not each.is_asked(values):
            continue
        try:
            value = _read(each, raw.get(each.key), today, areas)
        except Unfit as unfit:
            troubles[each.key] = str(unfit)
            continue
        if value is None or value == []:
            if each.required:
                troubles[each.key] = _missing(each)
        else:
            values[each.key] = value
    return Reading(values, troubles)


def lines(
    fields: Iterable[Mapping[str, Any]],
    values: Mapping[str, Any],
    *,
    areas: Mapping[str, str] | None = None,
    masked: bool = False,
) -> list[Line]:
    """Return the answered questions in words, in the order of the sheet; what says who somebody is hidden if `masked`.

    `areas` are the names of places by their numbers.
    """
    found = []
    for each in fields_of(fields):
        if each.key in values:
            text = _said(each, values[each.key], areas or {})
            hidden = masked and each.is_sealed
            found.append(Line(each.key, each.label, _mask(each, text) if hidden else text, each.is_sealed))
    return found


def _read(each: Field, raw: Any, today: date | None, areas: Collection[str] | None) -> Any:
    if each.kind is Kind.MANY:
        return _many(each, raw)
    if isinstance(raw, list | tuple | dict):
        raise Unfit(_("This is no single answer."))
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    text = clean(str("" if raw is None else raw)[:_RAW_MAX])
    text = text.strip() if each.kind is Kind.LONG else " ".join(text.split())
    if not text:
        return None
    if each.kind is Kind.DATE:
        return _day(each, text, today)
    if each.kind is Kind.IDENTITY:
        return _identity(text, today)
    if each.kind is Kind.AREA:
        return _area(text, areas)
    return _READERS[each.kind](each, text)


def _text(each: Field, text: str) -> str:
    if len(text) > each.longest:
        raise Unfit(
            ngettext("At most %(most)s character, please.", "At most %(most)s characters, please.", each.longest)
            % {"most": each.longest}
        )
    if isinstance(each.least, int) and len(text) < each.least:
        raise Unfit(
            ngettext("At least %(least)s character, please.", "At least %(least)s characters, please.", each.least)
            % {"least": each.least}
        )
    return text


def _number(each: Field, text: str) -> int | float:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?[0-9]{1,13}(\.[0-9]{1,6})?", plain):
        raise Unfit(_("Please write a number in digits, such as 3 or 2.5."))
    try:
        number = Decimal(plain)
    except InvalidOperation as error:  # pragma: no cover - the pattern above is narrower
        raise Unfit(_("Please write a number in digits, such as 3 or 2.5.")) from error
    if abs(number) >= NUMBER_MAX:
        raise Unfit(_("This number is too large."))
    if each.least is not None and number < Decimal(str(each.least)):
        raise Unfit(_("At least %(least)s, please.") % {"least": each.least})
    if each.most is not None and number > Decimal(str(each.most)):
        raise Unfit(_("At most %(most)s, please.") % {"most": each.most})
    return int(number) if number == number.to_integral_value() else float(number)


def _day(each: Field, text: str, today: date | None) -> str:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2199:
        raise Unfit(_("Please write a day of the calendar, such as 2026-01-31."))
    least, most = _limit(each.least, today), _limit(each.most, today)
    if least and day < least:
        raise Unfit(_("This day is too early: %(day)s or later, please.") % {"day": least.isoformat()})
    if most and day > most:
        raise Unfit(_("This day is too late: %(day)s or earlier, please.") % {"day": most.isoformat()})
    return day.isoformat()


def _limit(limit: Any, today: date | None) -> date | None:
    if limit == TODAY:
        return today
    return date.fromisoformat(limit) if limit else None


def _choice(each: Field, text: str) -> str:
    if text not in each.choices:
        raise Unfit(_("Please choose one of these."))
    return text


def _many(each: Field, raw: Any) -> list[str]:
    given = raw if isinstance(raw, list | tuple) else [] if raw in (None, "") else [raw]
    ticked = {str(one) for one in given[:1000]}
    if ticked - each.choices.keys():
        raise Unfit(_("Please choose among these."))
    found = [key for key in each.choices if key in ticked]
    if found and isinstance(each.least, int) and len(found) < each.least:
        raise Unfit(_("Please choose at least %(least)s.") % {"least": each.least})
    if isinstance(each.most, int) and len(found) > each.most:
        raise Unfit(_("Please choose at most %(most)s.") % {"most": each.most})
    return found


def _yesno(_each: Field, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise Unfit(_("Please say yes or no."))


def _phone(_each: Field, text: str) -> str:
    phone = tidy_phone(text) if len(text) <= 40 else None
    if phone is None:
        raise Unfit(_("This does not look like a phone number. Please check the digits."))
    return phone


def _identity(text: str, today: date | None) -> str:
    found = check_id(text[:60], today=today)
    if found.problems:
        raise Unfit(str(_IDENTITY[found.problems[0]]))
    return found.number


def _area(text: str, areas: Collection[str] | None) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text) or (areas is not None and text not in areas):
        raise Unfit(_("Please choose a place of the list."))
    return text


_READERS: dict[Kind, Callable[[Field, str], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG: _text,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.YESNO: _yesno,
    Kind.PHONE: _phone,
}


def _missing(each: Field) -> str:
    if each.kind in (Kind.CHOICE, Kind.MANY, Kind.AREA):
        return _("Please choose.")
    return _("Please say yes or no.") if each.kind is Kind.YESNO else _("Please fill this in.")


def _said(each: Field, value: Any, areas: Mapping[str, str]) -> str:
    if each.kind is Kind.YESNO:
        return _("yes") if value else _("no")
    if each.kind is Kind.MANY:
        return _(", ").join(each.choices.get(key, key) for key in value)
    text = str(value)
    if each.kind is Kind.CHOICE:
        return each.choices.get(text, text)
    return areas.get(text, text) if each.kind is Kind.AREA else text


def _mask(each: Field, text: str) -> str:
    if each.kind is Kind.PHONE:
        return mask_phone(text)
    if each.kind is Kind.IDENTITY:
        return mask_id(text)
    return mask_name(text) if each.known == Known.NAME else "*" * 4
