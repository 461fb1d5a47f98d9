"""What happened to a case, in words for officers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.ledger.models import Event
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
    return [_happened(line) for line in lines]


def _happened(line: Line) -> Happened:
    event, told = line
    who = event.by_name or gettext("the person")
    if event.behalf_name:
        who = gettext("%(name)s for %(behalf)s") % {"name": who, "behalf": event.behalf_name}
    return Happened(
        what=str(rules.said(event.verb)),
        flag=_flag(event, told),
        line=" · ".join([moment(event.at), who, *_facts(event.data)]),
        why=" ".join(str(event.data[key]) for key in REASONS if event.data.get(key)),
        text=told.text if told else "",
        is_person=event.verb == rules.verb(Deed.CONFIRM),
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


def _flag(event: Event, told: Told | None) -> str:
    """Return what was chosen beside the words: found so or not, solved or not, shown to the people or not."""
    if "matched" in event.data:
        return gettext("it is so") if event.data["matched"] else gettext("not so: back to the office")
    if "granted" in event.data:
        return gettext("granted") if event.data["granted"] else gettext("not granted")
    if event.verb == rules.verb(Deed.CONFIRM) and event.data.get("solved"):
        return " · ".join(_grades(event.data))
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
