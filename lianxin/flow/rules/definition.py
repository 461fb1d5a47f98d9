"""What a process is: stages that the people see, over nodes that offices work through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Term

JOIN = "join"  # where the last step of a branch leads: the branch is done
OWN = "own"  # the office whose service it is
PASSED = "passed"  # the one outcome of a wait
WITHDRAWN = "withdrawn"  # the outcome of a step that was taken back: another branch was first, or all was called off
CANCELLED = "cancelled"  # the result of a run that was called off


class Kind(models.TextChoices):
    """What happens at a node."""

    TASK = "task", _("step of an office")
    APPLICANT = "applicant", _("the person is asked")
    TIMER = "timer", _("wait for a time")
    BLOCK = "block", _("several at once")
    CHOICE = "choice", _("choice by what is known")
    AUTOMATIC = "automatic", _("done by itself")
    END = "end", _("end")


WAITING = frozenset({Kind.TASK, Kind.APPLICANT, Kind.TIMER})  # where a token can stand
ANSWERED = frozenset({Kind.TASK, Kind.APPLICANT})  # where somebody chooses an outcome


class Join(models.TextChoices):
    """When a block is done."""

    ALL = "all", _("when all are done")
    ANY = "any", _("when the first is done; the others are withdrawn")


class Automatic(models.TextChoices):
    """What can happen by itself. The app that runs the process does it, in the same transaction."""

    DECIDE = "decide", _("record the decision")
    NOTIFY = "notify", _("tell the person")
    PUBLISH = "publish", _("show it in public")
    ISSUE = "issue", _("issue the document")


class Result(models.TextChoices):
    """With what a process ends."""

    GRANTED = "granted", _("granted")
    DENIED = "denied", _("not granted")
    DONE = "done", _("done")
    LAPSED = "lapsed", _("lapsed")


class Ring(models.TextChoices):
    """What happens when the time of a timer is over and the step is still open."""

    WARN = "warn", _("warn who works on it")
    ESCALATE = "escalate", _("tell the head of the office")
    DEFAULT = "default", _("take this outcome")


class Fact(StrEnum):
    """Of what kind a fact is that a choice may ask for; the same kinds as the fields of a form."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MANY = "many"
    YESNO = "yesno"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the road as the people see it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a step can come out, and where it leads."""

    key: str
    label: str
    to: str


@dataclass(frozen=True, slots=True)
class Timer:
    """What happens so long after a step was opened."""

    after: Term
    does: Ring
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the ways that are walked at once."""

    key: str
    title: str
    start: str


@dataclass(frozen=True, slots=True)
class Case:
    """One way out of a choice: the first whose condition holds is taken."""

    when: Mapping[str, Any]
    to: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """An edge of the graph. Its key tells it from others that leave the same node."""

    source: str
    key: str
    to: str
    label: str = ""


@dataclass(frozen=True)
class Node:
    """One node of a process; which of the fields have a meaning depends on its kind."""

    key: str
    kind: Kind
    title: str = ""
    stage: str = ""
    office: str = ""
    limit: Term | None = None
    outcomes: tuple[Outcome, ...] = ()
    timers: tuple[Timer, ...] = ()
    stops_clock: bool = False  # while the person is asked, the clock of the office stands still
    decides: bool = False  # who finishes it signs the decision
    join: Join = Join.ALL
    branches: tuple[Branch, ...] = ()
    cases: tuple[Case, ...] = ()
    otherwise: str = ""
    to: str = ""
    does: str = ""
    result: str = ""

    @property
    def name(self) -> str:
        """Its title; where it has none, what it does or how it ends, or its key."""
        if self.title:
            return self.title
        if self.does:
            return str(Automatic(self.does).label)
        return str(Result(self.result).label) if self.result else self.key

    @property
    def ways(self) -> tuple[Way, ...]:
        """The edges that leave this node; from a block, the one that is taken when it is done."""
        if self.kind in ANSWERED:
            return tuple(Way(self.key, o.key, o.to, o.label) for o in self.outcomes)
        if self.kind is Kind.CHOICE:
            found = [Way(self.key, f"case{n}", c.to, c.label) for n, c in enumerate(self.cases)]
            if self.otherwise:
                found.append(Way(self.key, "else", self.otherwise, str(_("otherwise"))))
            return tuple(found)
        return () if self.kind is Kind.END else (Way(self.key, "to", self.to),)

    @property
    def inward(self) -> tuple[Way, ...]:
        """The edges by which a block opens its branches."""
        return tuple(Way(self.key, f"branch.{b.key}", b.start, b.title) for b in self.branches)

    def outcome(self, key: str) -> Outcome | None:
        """Return the outcome of that key."""
        return next((o for o in self.outcomes if o.key == key), None)


@dataclass(frozen=True)
class Definition:
    """A whole process."""

    start: str
    nodes: tuple[Node, ...]
    stages: tuple[Stage, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # how the offices of the tasks are called in general

    @cached_property
    def by_key(self) -> dict[str, Node]:
        """The nodes by key; of two with the same key the first."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            found.setdefault(node.key, node)
        return found

    @cached_property
    def home(self) -> dict[str, tuple[str, str]]:
        """In which block and branch a node lies; nodes of the main road are not in it."""
        found: dict[str, tuple[str, str]] = {}
        for block in self.nodes:
            for branch in block.branches:
                for key in self.reach(branch.start):
                    found.setdefault(key, (block.key, branch.key))
        return found

    @property
    def offices(self) -> set[str]:
        """The keys of the offices that must be known to start it."""
        return {node.office for node in self.nodes if node.kind is Kind.TASK}

    def stage_name(self, key: str) -> str:
        """Return the name of a stage."""
        return next((stage.name for stage in self.stages if stage.key == key), "")

    def stage_rank(self, key: str) -> int:
        """Return how far along the road a stage lies."""
        return next((n for n, stage in enumerate(self.stages) if stage.key == key), 0)

    def reach(self, start: str) -> list[str]:
        """Return the nodes that can be come to from a node on its own level, itself first; a block is passed over."""
        seen: dict[str, None] = {}
        waiting = [start]
        while waiting:
            key = waiting.pop()
            if key in seen or key not in self.by_key:
                continue
            seen[key] = None
            waiting += [way.to for way in reversed(self.by_key[key].ways)]
        return list(seen)

    def all_ways(self) -> Iterator[Way]:
        """Yield every edge, also those into the branches of blocks."""
        for node in self.nodes:
            yield from node.inward
            yield from node.ways
