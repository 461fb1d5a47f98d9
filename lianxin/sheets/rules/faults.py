"""What is wrong with a sheet that somebody wants to publish, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianxin.kit import condition
from lianxin.sheets.rules.shape import (
    CHOOSING,
    FIELDS_MAX,
    HELP_MAX,
    KEY_MAX,
    KNOWN_KINDS,
    LABEL_MAX,
    LINE_MAX,
    LINK_MAX,
    OPTIONS_MAX,
    OUTCOMES_MAX,
    SAYS_MAX,
    TEXT_MAX,
    TODAY,
    Kind,
    Known,
    Purpose,
    Then,
)

SIZE_MAX = 200_000  # characters of a definition as JSON
KEY = re.compile(rf"[a-z][a-z0-9_]{{0,{KEY_MAX - 1}}}")
SHEET_KEY = re.compile(r"(?=.{3,60}$)[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
LINK = re.compile(r"(https?://[^\s/<>\"'\\][^\s<>\"'\\]*|/(?![/\\])[^\s<>\"'\\]*)")

_NUL = "\\u0000"  # as JSON writes it; PostgreSQL stores none
_FIELD_WORDS = frozenset(
    {"key", "label", "kind", "required", "help", "options", "when", "known", "min", "max", "personal"}
)
_OUTCOME_WORDS = frozenset({"when", "says", "then", "link"})
_LENGTHS = {Kind.TEXT: LINE_MAX, Kind.LONG: TEXT_MAX, Kind.MANY: OPTIONS_MAX}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: in which part of the sheet, at which place of it (from 1; 0: the part as a whole), and what."""

    part: str  # "sheet", "field" or "outcome"
    place: int
    text: str

    @property
    def where(self) -> str:
        """The place in words."""
        names = {"field": _("field %(place)s"), "outcome": _("answer %(place)s")}
        return names[self.part] % {"place": self.place} if self.place else _("the whole sheet")

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def faults(fields: Any, outcomes: Any, *, purpose: str = Purpose.APPLICATION) -> list[Fault]:
    """Return what keeps a definition from being published; nothing when it is sound."""
    if (odd := oddity(fields, outcomes)) is not None:
        return [Fault("sheet", 0, odd)]
    found = [Fault("sheet", 0, _("A sheet needs at least one field."))] if not fields else []
    kinds: dict[str, str] = {}
    options: dict[str, frozenset[str]] = {}
    for place, row in enumerate(fields, start=1):
        found += [Fault("field", place, text) for text in _field_faults(row, kinds, options)]
        key, kind = row.get("key"), row.get("kind")
        if isinstance(key, str) and isinstance(kind, str) and kind in Kind.values:
            kinds[key] = kind
            options[key] = frozenset(_option_keys(row))
    for place, row in enumerate(outcomes, start=1):
        is_last = place == len(outcomes)
        found += [Fault("outcome", place, text) for text in _outcome_faults(row, kinds, options, is_last=is_last)]
    if purpose == Purpose.SELF_CHECK and not outcomes:
        found.append(Fault("sheet", 0, _("A self-check needs answers.")))
    return found


def oddity(fields: Any, outcomes: Any) -> str | None:
    """Return why this cannot even be kept as a draft: no lists of rows, or far too much; None when it can."""
    for rows, most in ((fields, FIELDS_MAX), (outcomes, OUTCOMES_MAX)):
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return _("Fields and answers are lists of rows.")
        if len(rows) > most:
            return _("At most %(fields)s fields and %(outcomes)s answers, please.") % {
                "fields": FIELDS_MAX,
                "outcomes": OUTCOMES_MAX,
            }
    try:
        text = json.dumps([fields, outcomes], ensure_ascii=False, allow_nan=False)
        text.encode()  # half of a character, which no database takes
    except (TypeError, ValueError, RecursionError):
        text = _NUL
    if _NUL in text:
        return _("Fields and answers must be JSON without odd numbers and characters, and not nested deeply.")
    return _("The sheet is too long.") if len(text) > SIZE_MAX else None


def _field_faults(
    row: Mapping[str, Any], before: Mapping[str, str], options: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    yield from _unread(row, _FIELD_WORDS)
    key, kind = row.get("key"), row.get("kind")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        yield _("The key is small letters, digits and _ and begins with a letter.")
    elif key in before:
        yield _("The key %(key)s is there already.") % {"key": key}
    yield from _words(row.get("label"), LABEL_MAX, _("The question is missing or too long."))
    if row.get("help"):
        yield from _words(row["help"], HELP_MAX, _("The help is too long."))
    for name in ("required", "personal"):
        if not isinstance(row.get(name, False), bool):
            yield _("%(name)s is true or false.") % {"name": name}
    if not isinstance(kind, str) or kind not in Kind.values:
        yield _("The kind is not known.")
        return
    yield from _option_faults(row, Kind(kind))
    yield from _known_faults(row, Kind(kind))
    yield from _limit_faults(row, Kind(kind))
    if row.get("when"):
        yield from _when_faults(row["when"], before, options)


def _unread(row: Mapping[str, Any], words: frozenset[str]) -> Iterator[str]:
    if unread := sorted(str(word)[:40] for word in row if word not in words):
        yield _("Nobody reads this word: %(word)s.") % {"word": unread[0]}


def _words(said: Any, most: int, trouble: str) -> Iterator[str]:
    if not isinstance(said, str) or not said.strip() or len(said) > most:
        yield trouble


def _option_faults(row: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    found = row.get("options")
    if kind not in CHOOSING:
        if found:
            yield _("Only a choice has options.")
        return
    if not isinstance(found, list) or not 1 <= len(found) <= OPTIONS_MAX:
        yield _("A choice needs options, at most %(most)s.") % {"most": OPTIONS_MAX}
        return
    keys = []
    for option in found:
        if not isinstance(option, dict) or set(option) != {"key", "label"}:
            yield _("An option has a key and a label.")
            return
        keys.append(option["key"])
        if not isinstance(option["key"], str) or not KEY.fullmatch(option["key"]):
            yield _("The key of an option is small letters, digits and _ and begins with a letter.")
        yield from _words(option["label"], LABEL_MAX, _("The label of an option is missing or too long."))
    if len({str(key) for key in keys}) < len(keys):
        yield _("Two options have the same key.")


def _option_keys(row: Mapping[str, Any]) -> Iterator[str]:
    found = row.get("options")
    for option in found if isinstance(found, list) else ():
        if isinstance(option, dict) and isinstance(option.get("key"), str):
            yield option["key"]


def _known_faults(row: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    known = row.get("known")
    if not known:
        return
    if not isinstance(known, str) or known not in Known.values:
        yield _("What is known already is a name, a phone or an identity number.")
    elif KNOWN_KINDS[Known(known)] is not kind:
        yield _("What is known already does not fit this kind of field.")


def _limit_faults(row: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    least, most = row.get("min"), row.get("max")
    if least is None and most is None:
        return
    fits = _limit_of(kind)
    if fits is None:
        yield _("This kind of field has no limits.")
    elif not all(limit is None or fits(limit) for limit in (least, most)):
        yield _("A limit does not fit this kind of field.")
    elif least is not None and most is not None and TODAY not in (least, most) and least > most:
        yield _("The lower limit is above the upper one.")


def _limit_of(kind: Kind) -> Callable[[Any], bool] | None:
    if kind is Kind.NUMBER:
        return lambda limit: isinstance(limit, int | float) and not isinstance(limit, bool)
    if kind is Kind.DATE:
        return _is_day
    if (most := _LENGTHS.get(kind)) is not None:
        return lambda limit: type(limit) is int and 0 <= limit <= most
    return None


def _is_day(limit: Any) -> bool:
    if limit == TODAY:
        return True
    try:
        return isinstance(limit, str) and date.fromisoformat(limit).isoformat() == limit
    except ValueError:
        return False


def _when_faults(when: Any, before: Mapping[str, str], options: Mapping[str, frozenset[str]]) -> Iterator[str]:
    # A question may hang only on those before it: so one reading from top to bottom settles all, and none in a circle.
    if found := condition.troubles(when, before, language=get_language() or ""):
        yield from found
        return
    for part in condition.parts(when):
        if options.get(part.field) and part.how not in (condition.Is.GIVEN, condition.Is.MISSING):
            values = part.value if isinstance(part.value, list) else [part.value]
            for value in values:
                if value not in options[part.field]:
                    yield _("The condition names an option that is not there: %(value)s.") % {"value": value}


def _outcome_faults(
    row: Mapping[str, Any],
    kinds: Mapping[str, str],
    options: Mapping[str, frozenset[str]],
    *,
    is_last: bool,
) -> Iterator[str]:
    yield from _unread(row, _OUTCOME_WORDS)
    yield from _words(row.get("says"), SAYS_MAX, _("The answer says nothing, or too much."))
    then, link = row.get("then"), row.get("link")
    if not isinstance(then, str) or then not in Then.values:
        yield _("What follows is one of: apply, need, elsewhere.")
    if link and (not isinstance(link, str) or len(link) > LINK_MAX or not LINK.fullmatch(link)):
        yield _("The address begins with https:// or, on this site, with /.")
    if row.get("when"):
        yield from _when_faults(row["when"], kinds, options)
        if is_last:
            yield _("The last answer must hold always, so that nobody is left without one.")
    elif not is_last:
        yield _("This answer holds always, so the ones below it are never given.")
