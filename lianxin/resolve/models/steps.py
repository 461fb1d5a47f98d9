"""Steps of a road in plain words: what was done, what is being done, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import dateformat, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.ledger.models import Event
from lianxin.resolve.rules import State


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the road, as the face draws it: done, now or next."""

    title: str
    at: datetime | None = None
    text: str = ""
    state: str = "done"
    by: str = ""


def day(moment: datetime | None) -> str:
    """Return a day for a sentence: 3 February 2014."""
    if moment is None:
        return ""
    return dateformat.format(timezone.localtime(moment), pgettext("date in a sentence", "j F Y"))


def done_by(event: Event, *, texts: Mapping[str, str], mine: frozenset[str]) -> Step | None:
    """Return the public step of an event, or nothing where it concerns only colleagues.

    `texts` has the public words kept beside the ledger, by kind and key ("progress:5"); `mine` are the points of the
    person who reads, as the ledger names them.
    """
    tell = _STEPS.get(event.verb)
    return tell(event, event.data, texts, mine) if tell else None


def doing(state: State, *, lead: str) -> Step | None:
    """Return what is being done now."""
    titles = {
        State.REGISTERED: _("It is being decided who does it"),
        State.REOPENED: _("It is being decided anew who does it"),
        State.DIAGNOSING: _("The office nearest to you tries to settle it"),
        State.CONSULTING: _("Several offices look for a way together"),
        State.HANDLING: _("%(office)s is working on it") % {"office": lead},
        State.SUSPENDED: _("It has to wait for now"),
        State.REEXAMINING: _("Somebody who did not work on it looks whether it is so"),
        State.ANSWERED: _("Your word: is it solved?"),
    }
    return Step(titles[state], state="now") if state in titles else None


def next_steps(state: State) -> list[Step]:
    """Return what comes after that, in order."""
    if state is State.CLOSED:
        return []
    ahead = [
        (_("An office is named that does it, with a date"), _BEFORE_OFFICE),
        (
            _("Somebody who did not work on it looks whether it is so"),
            _BEFORE_OFFICE | {State.HANDLING, State.SUSPENDED},
        ),
        (_("You get an answer"), frozenset(State) - {State.ANSWERED}),
        (_("You say whether it is solved; if not, it goes on"), frozenset(State) - {State.ANSWERED}),
    ]
    return [Step(title, state="next") for title, states in ahead if state in states]


_BEFORE_OFFICE = frozenset({State.REGISTERED, State.REOPENED, State.DIAGNOSING, State.CONSULTING})

Data = dict[str, Any]
Tell = Callable[[Event, Data, Mapping[str, str], frozenset[str]], Step | None]


def _plain(title: Callable[[], str], text: Callable[[Data], str] = lambda data: "") -> Tell:
    return lambda event, data, texts, mine: Step(title(), event.at, text(data))


def _when(data: Data, key: str) -> str:
    return day(parse_datetime(data[key])) if data.get(key) else ""


def _offices(names: list[str]) -> str:
    return pgettext("between names of offices", ", ").join(names)


def _dispatched(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step:
    lines = [_("Assisted by %(offices)s") % {"offices": _offices(data["assists"])}] if data.get("assists") else []
    if data.get("due"):
        lines.append(_("By %(day)s at the latest") % {"day": _when(data, "due")})
    return Step(_("%(office)s does it") % {"office": data["lead"]}, event.at, "\n".join(lines))


def _ruled(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step | None:
    if not data.get("lead"):
        return None
    return Step(_("%(office)s does it") % {"office": data["lead"]}, event.at, _("The coordinator has ruled so."))


def _progressed(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step | None:
    text = texts.get(f"progress:{data.get('progress')}")
    return Step(_("How it goes"), event.at, text) if data.get("public") and text else None


def _postponed(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step | None:
    if not data.get("granted"):
        return None
    return Step(_("A later date was granted"), event.at, _dates(data))


def _recounted(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step | None:
    if data.get("old_due") == data.get("due"):
        return None
    return Step(_("The holidays were announced and the date was counted again"), event.at, _dates(data))


def _dates(data: Data) -> str:
    dates = {"old": _when(data, "old_due"), "new": _when(data, "due")}
    return _("Before: %(old)s. Now: %(new)s.") % dates


def _reexamined(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step:
    if data.get("matched"):
        return Step(_("Somebody who did not work on it has looked: it is so"), event.at)
    return Step(_("Somebody who did not work on it has looked: not done yet, it went back"), event.at)


def _replied(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step:
    return Step(_("You were answered"), event.at, texts.get(f"reply:{data.get('reply')}", ""))


def _confirmed(event: Event, data: Data, texts: Mapping[str, str], mine: frozenset[str]) -> Step | None:
    if data.get("to") == State.REOPENED:
        return Step(_("Not solved, so it was reopened"), event.at)
    return Step(_("You told us how it is"), event.at) if data.get("item") in mine else None


_STEPS: dict[str, Tell] = {
    "case.register": _plain(lambda: _("Registered as a matter to be settled")),
    "case.diagnose": _plain(lambda: _("First diagnosis")),
    "case.consult": _plain(lambda: _("Offices were called together"), lambda data: _offices(data.get("offices", []))),
    "case.dispatch": _dispatched,
    "case.rule": _ruled,
    "case.progress": _progressed,
    "case.instruct": _plain(lambda: _("A leader gave a written order")),
    "case.alarm": _plain(lambda: _("Marked as a major matter: the clock runs in hours, day and night")),
    "case.decide_extension": _postponed,
    "case.recount": _recounted,
    "case.suspend": _plain(lambda: _("It had to wait; the clock stood still")),
    "case.resume": _plain(lambda: _("It goes on; the clock runs again")),
    "case.finish": _plain(lambda: _("The office says it is done")),
    "case.reexamine": _reexamined,
    "case.reply": _replied,
    "case.confirm": _confirmed,
    "case.reopen": _plain(lambda: _("It was reopened")),
    "case.merge": _plain(lambda: _("Joined with what others said about the same")),
    "case.close": _plain(lambda: _("Closed")),
}
