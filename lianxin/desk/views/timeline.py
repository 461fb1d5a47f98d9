"""What happened to a case, in words for officers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from json import dumps, loads
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lianxin.people.templatetags.face import moment
from lianxin.resolve import rules
from lianxin.resolve.models import Attempt, Confirmation
from lianxin.resolve.models.timeline import Line, Told
from lianxin.resolve.rules import Deed, Result, State

FACTS: dict[str, str | Promise] = {
    "lead": _("leads"),
    "assists": _("assist"),
    "offices": _("called"),
    "office": _("office"),
    "coordinator": _("coordinates"),
    "suggested": _("suggests"),
    "old_due": _("old date"),
    "due": _("date"),
    "review_on": _("look again on"),
    "result": _("result"),
    "effect_on": _("felt since"),
    "root_cause": _("root cause"),
    "into": _("into"),
    "from": _("from"),
    "new": _("new case"),
    "title": _("title"),
    "duty": _("leader on duty"),
}
REMEMBERED = 20_000  # lines, some 20 MB: those of a case under way are read many times a day
REASONS = ("reason", "explained", "note")


class Happened(NamedTuple):
    """One step of the road of a case."""

    what: str
    flag: str
    line: str  # when, who, and what it settled
    why: str
    text: str
    is_person: bool  # the person's own words


def happened(lines: Iterable[Line]) -> list[Happened]:
    """Return the lines of a case's timeline in words."""
    year, language = timezone.localdate().year, get_language()
    return [
        _happened(
            Noted(event.verb, event.by_name, event.behalf_name, event.at, dumps(event.data)), told, year, language
        )
        for event, told in lines
    ]


class Noted(NamedTuple):
    """What a line of the ledger says."""

    verb: str
    by: str
    behalf: str
    at: datetime
    data: str


@lru_cache(REMEMBERED)
def _happened(noted: Noted, told: Told | None, year: int, language: str) -> Happened:
    """Return the line in words; they depend on nothing but what is named here (a date of this year is shorter)."""
    data = loads(noted.data)
    who = noted.by or gettext("the person")
    if noted.behalf:
        who = gettext("%(name)s for %(behalf)s") % {"name": who, "behalf": noted.behalf}
    return Happened(
        what=str(rules.said(noted.verb)),
        flag=_flag(noted.verb, data, told),
        line=" · ".join([moment(noted.at), who, *_facts(data)]),
        why=" ".join(str(data[key]) for key in REASONS if data.get(key)),
        text=told.text if told else "",
        is_person=noted.verb == rules.verb(Deed.CONFIRM),
    )


def _facts(data: dict[str, Any]) -> Iterable[str]:
    for key, name in FACTS.items():
        value = data.get(key)
        if (
            value in (None, "", [])
            or (key == "office" and isinstance(value, int))
            or (key in ("old_due", "due") and data.get("old_due") == data.get("due"))
        ):
            continue
        yield f"{name} {_words(key, value)}"


def _words(key: str, value: Any) -> str:
    if key in ("due", "old_due"):
        return moment(parse_datetime(str(value))) or str(value)
    if key == "result" and value in Result.values:
        return str(Result(value).label)
    if key == "from" and value in State.values:
        return str(State(value).label)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _flag(done: str, data: dict[str, Any], told: Told | None) -> str:
    """Return what was chosen beside the words: found so or not, solved or not, shown to the people or not."""
    if "matched" in data:
        return gettext("it is so") if data["matched"] else gettext("not so: back to the office")
    if "granted" in data:
        return gettext("granted") if data["granted"] else gettext("not granted")
    if done == rules.verb(Deed.CONFIRM) and data.get("solved"):
        return " · ".join(_grades(data))
    if told and told.kind == "attempt":
        return str(Attempt.Way(told.flag).label)
    if told and told.kind == "progress":
        return gettext("the people see it") if told.flag else gettext("only colleagues see it")
    return ""


def _grades(data: dict[str, Any]) -> Iterable[str]:
    yield str(Confirmation.Solved(data["solved"]).label)
    for key, name in (("result_grade", gettext("result")), ("handling_grade", gettext("handling"))):
        if data.get(key):
            yield f"{name}: {Confirmation.Grade(data[key]).label}"
