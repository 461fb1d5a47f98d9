"""From JSON to a definition, and back. Whatever is wrong with the shape is told, never raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from lianxin.flow.rules.definition import (
    CANCELLED,
    JOIN,
    PASSED,
    WITHDRAWN,
    Automatic,
    Branch,
    Case,
    Definition,
    Fact,
    Join,
    Kind,
    Node,
    Outcome,
    Result,
    Ring,
    Stage,
    Timer,
)  # fmt: skip
from lianxin.kit.clock import Term, Unit

NODES_MAX = 60
ITEMS_MAX = 20  # outcomes, timers, branches or cases of one node; stages; facts
TITLE_MAX = 60
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = frozenset({JOIN, PASSED, WITHDRAWN, CANCELLED, "else", "start"})

E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and at which node (empty: the process as a whole)."""

    node: str
    code: str
    text: str


@dataclass
class Reading:
    """A definition as far as it could be read, and what is wrong with its shape."""

    definition: Definition
    troubles: list[Trouble] = field(default_factory=list)


class NotSoundError(ValueError):
    """The JSON is no definition."""


def read(raw: object) -> Reading:
    """Read a definition from JSON of any shape."""
    reader = _Reader()
    top = reader.mapping(raw, _("The process"))
    stages = tuple(
        Stage(reader.key(item), reader.text(item, "name")) for item in reader.items(top, "stages", ITEMS_MAX)
    )
    nodes = tuple(reader.node(item) for item in reader.items(top, "nodes", NODES_MAX))
    reader.at = ""
    facts = reader.texts(top, "facts")
    if not set(facts.values()) <= set(Fact):
        reader.say("facts", _("The facts are names, each with its kind: %(kinds)s.") % {"kinds": ", ".join(Fact)})
        facts = {}
    names = reader.texts(top, "offices")
    return Reading(Definition(reader.text(top, "start"), nodes, stages, facts, names), reader.troubles)


def definition_of(raw: object) -> Definition:
    """Return the definition of a published process. Raises NotSoundError for anything else."""
    reading = read(raw)
    if reading.troubles:
        raise NotSoundError(reading.troubles[0].text)
    return reading.definition


class _Reader:
    """Gathers troubles while it reads; each reading gives something of the right type."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self.at = ""

    def say(self, code: str, text: str) -> None:
        self.troubles.append(Trouble(self.at, code, text))

    def mapping(self, raw: object, what: str) -> Mapping[str, Any]:
        if isinstance(raw, dict):
            return raw
        self.say("shape", _("%(what)s is not written as it should be.") % {"what": what})
        return {}

    def items(self, raw: Mapping[str, Any], key: str, most: int) -> list[Mapping[str, Any]]:
        found = raw.get(key) or []
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.say("shape", _("“%(what)s” is not a list.") % {"what": key})
            return []
        if len(found) > most:
            self.say("many", _("Too many “%(what)s”: at most %(most)s.") % {"what": key, "most": most})
        return found[:most]

    def text(self, raw: Mapping[str, Any], key: str, most: int = TITLE_MAX) -> str:
        found = raw.get(key, "")
        if not isinstance(found, str):
            self.say("shape", _("“%(what)s” is not a text.") % {"what": key})
            return ""
        if len(found) > most:
            self.say("long", _("“%(what)s” is longer than %(most)s characters.") % {"what": key, "most": most})
        return found.strip()[:most]

    def texts(self, raw: Mapping[str, Any], key: str) -> dict[str, str]:
        """Read names with a text each; the names are keys."""
        found = raw.get(key) or {}
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            self.say("shape", _("“%(what)s” are names, each with a text.") % {"what": key})
            return {}
        if len(found) > ITEMS_MAX:
            self.say("many", _("Too many “%(what)s”: at most %(most)s.") % {"what": key, "most": ITEMS_MAX})
        names = list(found)[:ITEMS_MAX]
        return {self.key({"key": name}): self.text(found, name) for name in names}

    def key(self, raw: Mapping[str, Any]) -> str:
        found = self.text(raw, "key")
        if not KEY.fullmatch(found) or found in RESERVED:
            text = _("“%(key)s” cannot be a key: small letters, digits and _, a letter first, none of: %(not)s.")
            self.say("key", text % {"key": found, "not": ", ".join(sorted(RESERVED))})
        return found

    def choice(self, raw: Mapping[str, Any], key: str, kinds: type[E], default: E) -> E:
        found = raw.get(key)
        for kind in kinds:
            if kind.value == found:
                return kind
        text = _("“%(found)s” is no %(what)s. Possible: %(possible)s.")
        self.say(key, text % {"found": found, "what": key, "possible": ", ".join(str(k.value) for k in kinds)})
        return default

    def yes(self, raw: Mapping[str, Any], key: str) -> bool:
        found = raw.get(key, False)
        if not isinstance(found, bool):
            self.say("shape", _("“%(what)s” is yes or no.") % {"what": key})
        return found is True

    def term(self, raw: object) -> Term | None:
        """Read a time limit; nothing where there is none."""
        if raw is None or raw == {}:
            return None
        found = self.mapping(raw, _("The limit"))
        try:
            value, rolls = found.get("value"), found.get("rolls", False) is True
            if value == 0 or isinstance(value, bool) or not isinstance(value, int):
                raise ValueError
            return Term(value, Unit(str(found.get("unit"))), rolls, self.text(found, "basis", 200))
        except ValueError:
            units = ", ".join(Unit)
            self.say(
                "limit", _("A limit is a whole number above 0 and one of the units: %(units)s.") % {"units": units}
            )
            return None

    def node(self, raw: Mapping[str, Any]) -> Node:
        found = raw.get("key")
        self.at = found[:40] if isinstance(found, str) else ""
        key = self.key(raw)
        kind = self.choice(raw, "kind", Kind, Kind.TASK)
        given: dict[str, Any] = _PARTS[kind](self, raw)
        return Node(key, kind, self.text(raw, "title"), self.text(raw, "stage"), **given)

    def answered(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        outcomes = [
            Outcome(self.key(item), self.text(item, "label"), self.text(item, "to"))
            for item in self.items(raw, "outcomes", ITEMS_MAX)
        ]
        timers = [self.timer(item) for item in self.items(raw, "timers", ITEMS_MAX)]
        return {
            "limit": self.term(raw.get("limit")),
            "outcomes": tuple(outcomes),
            "timers": tuple(timer for timer in timers if timer),
        }

    def timer(self, raw: Mapping[str, Any]) -> Timer | None:
        after = self.term(raw.get("after"))
        if after is None:
            self.say("timer", _("A timer needs a time after which it rings."))
            return None
        return Timer(after, self.choice(raw, "do", Ring, Ring.WARN), self.text(raw, "outcome"))

    def task(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {"office": self.text(raw, "office"), "decides": self.yes(raw, "decides"), **self.answered(raw)}

    def applicant(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {"stops_clock": self.yes(raw, "stops_clock"), **self.answered(raw)}

    def wait(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {"limit": self.term(raw.get("limit")), "to": self.text(raw, "to")}

    def block(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        branches = tuple(
            Branch(self.key(item), self.text(item, "title"), self.text(item, "start"))
            for item in self.items(raw, "branches", ITEMS_MAX)
        )
        return {"join": self.choice(raw, "join", Join, Join.ALL), "branches": branches, "to": self.text(raw, "to")}

    def chosen(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        cases = tuple(
            Case(
                self.mapping(item.get("when", {}), _("The condition")), self.text(item, "to"), self.text(item, "label")
            )
            for item in self.items(raw, "cases", ITEMS_MAX)
        )
        return {"cases": cases, "otherwise": self.text(raw, "else")}

    def automatic(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {"does": self.choice(raw, "do", Automatic, Automatic.NOTIFY).value, "to": self.text(raw, "to")}

    def end(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {"result": self.choice(raw, "result", Result, Result.DONE).value}


_PARTS: dict[Kind, Callable[[_Reader, Mapping[str, Any]], dict[str, Any]]] = {
    Kind.TASK: _Reader.task,
    Kind.APPLICANT: _Reader.applicant,
    Kind.TIMER: _Reader.wait,
    Kind.BLOCK: _Reader.block,
    Kind.CHOICE: _Reader.chosen,
    Kind.AUTOMATIC: _Reader.automatic,
    Kind.END: _Reader.end,
}
