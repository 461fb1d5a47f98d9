"""What is written of a service, made fit to be kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.kit.text import grams
from lianxin.people.actions.words import line, said
from lianxin.people.models import Office
from lianxin.serve.models import DatedList, Material, Service
from lianxin.serve.rules import catalogue as rules
from lianxin.serve.rules.catalogue import MaterialRow

# With a digit in it, so that no number is a word that stands in an address itself.
_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9-]{1,39}")
_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,58}")
_IS_ADDRESS = URLValidator(schemes=["http", "https"])


class WrongService(Refusal):
    """Something that is written of a service cannot be kept."""

    status = 422


def put(service: Service, values: Mapping[str, Any]) -> None:
    """Put values into a row that is not yet saved, made fit to be kept. Raises WrongService, TooLong."""
    for key, value in values.items():
        if key not in rules.FIELDS:
            raise WrongService(_("“%(key)s” is nothing that is said of a service.") % {"key": key[:40]})
        setattr(service, key, _fit(key, value))
    for limit in ("legal", "promised"):
        value, unit = getattr(service, f"{limit}_value"), getattr(service, f"{limit}_unit")
        if (value is None) != (not unit):
            raise WrongService(_("A time limit needs a number and what is counted."))
    if service.office and not values.get("office_name"):
        service.office_name = service.office.name


def indexed(service: Service) -> str:
    """Return by which words a service is found."""
    parts = (service.name, service.also_called, service.number, service.office_name, service.theme, service.authority)
    return grams(" ".join(parts))


def shape_materials(rows: Sequence[MaterialRow]) -> list[Material]:
    """Return the rows of materials in order, each with a key of its own. Raises WrongService, TooLong."""
    if len(rows) > rules.MATERIALS_MAX:
        raise WrongService(_("There is room for %(most)s materials.") % {"most": rules.MATERIALS_MAX})
    made: list[Material] = []
    taken = {row.key for row in rows if row.key}
    for place, row in enumerate(rows, start=1):
        key = row.key or next(name for n in range(place, place + 2 * len(rows)) if (name := f"m{n}") not in taken)
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", key) or key in {m.key for m in made}:
            raise WrongService(_("“%(key)s” cannot be the key of a material, or is that of two.") % {"key": key[:40]})
        taken.add(key)
        made.append(_material(row, place, key))
    return made


def _material(row: MaterialRow, place: int, key: str) -> Material:
    lines = {name: line(getattr(row, name), most=most) for name, most in rules.MATERIAL_LINES.items()}
    if not lines["name"]:
        raise WrongService(_("A material needs a name."))
    if row.form not in (*rules.Form.values, "") or row.source not in (*rules.Source.values, ""):
        raise WrongService(_("The form or the source of “%(name)s” is unknown.") % {"name": lines["name"][:40]})
    if row.necessity not in (*rules.Necessity.values, ""):
        raise WrongService(_("Whether “%(name)s” is required is unknown.") % {"name": lines["name"][:40]})
    if row.copies is not None and not 0 <= row.copies <= 99:
        raise WrongService(_("Between 0 and 99 copies can be asked for."))
    return Material(
        place=place, key=key, form=row.form, copies=row.copies, necessity=row.necessity, when=dict(row.when or {}),
        source=row.source, later=row.later, **lines,
    )  # fmt: skip


def _fit(key: str, value: Any) -> Any:
    if key in rules.LINES:
        return line(value or "", most=rules.LINES[key])
    if key in rules.TEXTS:
        return said(value, most=rules.TEXTS[key]) if (value or "").strip() else ""
    if key in rules.LINKS:
        return _address(value or "")
    if key in rules.KEYS:
        return _key(value or "")
    if key in rules.TABLES:
        return _rows(value or [], rules.TABLES[key])
    return _FITTED.get(key, _choice)(key, value)


def _choice(key: str, value: Any) -> Any:
    value = value or ""
    if value not in rules.CHOICES[key]:
        raise WrongService(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]})
    return value


def _count(key: str, value: Any) -> int | None:
    if value is None or value == "":
        return None
    if not isinstance(value, int) or not 0 <= value <= rules.NUMBERS[key]:
        raise WrongService(_("“%(value)s” is no number that can stand here.") % {"value": str(value)[:40]})
    return value


def _truth(key: str, value: Any) -> bool | None:
    return None if value is None else bool(value)


def _mark(key: str, value: Any) -> bool:
    return bool(value)


def _office(key: str, value: Office | None) -> Office | None:
    return value


def _lists(key: str, value: Any) -> list[str]:
    keys = [str(each) for each in value or []]
    if unknown := set(keys) - set(DatedList.objects.filter(key__in=keys).values_list("key", flat=True)):
        raise WrongService(_("There is no dated list “%(key)s”.") % {"key": min(unknown)[:40]})
    return keys


def _same(key: str, value: Any) -> Any:
    return value


_FITTED: dict[str, Any] = {
    **dict.fromkeys(rules.NUMBERS, _count),
    **dict.fromkeys(rules.TRUTHS, _truth),
    **dict.fromkeys(rules.MARKS, _mark),
    "office": _office,
    "lists": _lists,
    "result_sample": _same,
}


def _address(value: str) -> str:
    value = value.strip()
    if value:
        try:
            _IS_ADDRESS(value)
        except ValidationError as error:
            raise WrongService(_("An address begins with http:// or https://.")) from error
        if len(value) > rules.CELL_MAX:
            raise WrongService(_("This address is too long."))
    return value


def _key(value: str) -> str:
    if value and not _KEY.fullmatch(value):
        raise WrongService(_("“%(key)s” is no key of a form or process.") % {"key": value[:40]})
    return value


def _rows(value: Any, columns: tuple[str, ...]) -> list[dict[str, str]]:
    rows = [{column: line(str(row.get(column) or ""), most=rules.CELL_MAX) for column in columns} for row in value]
    rows = [row for row in rows if any(row.values())]
    if len(rows) > rules.ROWS_MAX:
        raise WrongService(_("There is room for %(most)s lines.") % {"most": rules.ROWS_MAX})
    return rows


def clean_number(number: str) -> str:
    """Return a number as it is kept. Raises WrongService."""
    number = number.strip().upper()
    if not _NUMBER.fullmatch(number):
        raise WrongService(_("A number has letters, hyphens and at least one digit; 40 characters at most."))
    return number
