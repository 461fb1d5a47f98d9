"""Every way a process can go, and how many days each may take: what an office promises before anybody has applied."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.flow.rules.definition import ANSWERED, JOIN, WAITING, Definition, Join, Kind, Node, Way
from lianxin.kit.clock import Unit
from lianxin.kit.condition import fields_of, holds

WALKS_MAX = 120
TIMES = 2  # how often a walk comes to one node: every way back is walked once
PATIENCE = 20_000  # nodes looked at for all walks of a process together

# How long each unit is beside the others, to say which branch of a block takes longest. Nothing else rests on it.
_WEIGHT = {Unit.HOUR: 1.0, Unit.WORKHOUR: 4.2, Unit.WORKDAY: 33.6, Unit.NATURAL_DAY: 24.0}

Days = Counter[Unit]


@dataclass(frozen=True, slots=True)
class Stop:
    """One node on a walk, and how it came out there."""

    node: Node
    outcome: str = ""
    branch: str = ""


@dataclass
class Walk:
    """One way from the start to an end, or to the end of a branch."""

    stops: tuple[Stop, ...]
    office: Days = field(default_factory=Counter)  # what the offices and waits may take
    person: Days = field(default_factory=Counter)  # what the person may take
    end: Node | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def times(self, key: str) -> int:
        """Return how often the walk has come to a node."""
        return sum(stop.node.key == key for stop in self.stops)


@dataclass
class Walks:
    """The walks of a process; `cut` says that there are more than are shown."""

    walks: list[Walk]
    cut: bool
    missed: list[Node]  # sound by the graph, but no walk comes there: conditions that can never hold


def walks_of(definition: Definition, *, most: int = WALKS_MAX) -> Walks:
    """Walk a sound process in every way: each way back once, choices by what is known on the walk, else both ways."""
    walker = _Walker(definition)
    found = list(itertools.islice(walker.walk(definition.start, Walk(())), most + 1))
    cut, found = len(found) > most or walker.cut, found[:most]
    seen = {stop.node.key for walk in found for stop in walk.stops}
    missed = [] if cut else [node for node in definition.nodes if node.key not in seen]
    return Walks(found, cut, missed)


def length(days: Days) -> float:
    """Return how long days of different units are together, only to compare them."""
    return sum(_WEIGHT[unit] * number for unit, number in days.items())


def longest(walks: list[Walk]) -> Days:
    """Return the most that the offices may take on any walk."""
    return max((walk.office for walk in walks), key=length, default=Counter())


class _Walker:
    """Walks one process. It looks at no more than PATIENCE nodes, whatever somebody has drawn."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.left = PATIENCE
        self.cut = False

    def walk(self, key: str, walk: Walk, branch: str = "") -> Iterator[Walk]:
        """Yield every walk on from a node to an end, or to the join of a branch."""
        if key == JOIN:
            yield walk
            return
        node = self.definition.by_key[key]
        if not self._may_go_on() or walk.times(key) >= TIMES:
            return
        if node.kind is Kind.END:
            yield Walk((*walk.stops, Stop(node)), walk.office, walk.person, node, walk.facts)
        elif node.kind is Kind.BLOCK:
            for inside in self._through(node, walk):
                yield from self.walk(node.to, inside, branch)
        else:
            for way in self._open_ways(node, walk, branch):
                yield from self.walk(way.to, _on(node, way, walk, branch), branch)

    def _may_go_on(self) -> bool:
        self.left -= 1
        self.cut = self.cut or self.left < 0
        return not self.cut

    def _open_ways(self, node: Node, walk: Walk, branch: str) -> tuple[Way, ...]:
        """Return the ways that can be taken: from a choice those that what is known on this walk leaves open."""
        if node.kind is not Kind.CHOICE:
            return node.ways
        found = []
        for way, case in zip(node.ways, node.cases, strict=False):
            if any(self._is_open(name, walk, branch) for name in fields_of(case.when)):
                found.append(way)
            elif holds(case.when, walk.facts):
                return (*found, way)
        return (*found, node.ways[-1]) if node.otherwise else tuple(found)

    def _is_open(self, name: str, walk: Walk, branch: str) -> bool:
        """Tell whether nobody can know a fact on this walk: of the application, or of a branch walked at the same time.

        The outcome of a step that the walk has not come to is known: it is missing.
        """
        if name in self.definition.facts:
            return True
        if name in walk.facts or name not in self.definition.home:
            return False
        block = self.definition.by_key[self.definition.home[name][0]]
        return bool(branch) or block.join is Join.ANY

    def _through(self, block: Node, walk: Walk) -> Iterator[Walk]:
        """Yield the walks through a block: every combination of its branches. Of all branches the longest counts."""
        start = Walk((), facts=walk.facts)
        ways = [
            list(itertools.islice(self.walk(branch.start, start, branch.title or branch.key), WALKS_MAX + 1))
            for branch in block.branches
        ]
        head = (*walk.stops, Stop(block))
        if block.join is Join.ANY:
            for inside in itertools.chain.from_iterable(ways):
                yield _joined(walk, head, (inside,))
        else:
            for combined in itertools.product(*ways):
                yield _joined(walk, head, combined)


def _joined(walk: Walk, head: tuple[Stop, ...], inside: tuple[Walk, ...]) -> Walk:
    office = max((each.office for each in inside), key=length)
    person = max((each.person for each in inside), key=length)
    facts = dict(walk.facts)
    for each in inside:  # of each branch its own outcomes: of the others it knows those of an earlier round
        facts |= {stop.node.key: each.facts[stop.node.key] for stop in each.stops if stop.node.key in each.facts}
    stops = head + tuple(stop for each in inside for stop in each.stops)
    return Walk(stops, walk.office + office, walk.person + person, None, facts)


def _on(node: Node, way: Way, walk: Walk, branch: str) -> Walk:
    office, person, facts = walk.office, walk.person, walk.facts
    if node.limit and node.kind in WAITING:
        days = Counter({node.limit.unit: node.limit.value})
        if node.kind is Kind.APPLICANT:
            person = person + days
        else:
            office = office + days
    if node.kind in ANSWERED:
        facts = {**facts, node.key: way.key}
    said = way.label if node.kind in ANSWERED or node.kind is Kind.CHOICE else ""
    return Walk((*walk.stops, Stop(node, said, branch)), office, person, None, facts)
