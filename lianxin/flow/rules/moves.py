"""How tokens move: the one engine that runs processes, walks them for the simulator and is tested by chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from lianxin.flow.rules.definition import ANSWERED, JOIN, PASSED, WAITING, Definition, Join, Kind, Node
from lianxin.kit.condition import holds

LONGEST = 500  # nodes in one move; a sound process cannot come near it

Choose = Callable[[Node, Mapping[str, Any]], str]


class RunsWildError(RuntimeError):
    """The process runs round and round without waiting: it was never sound."""


@dataclass
class Move:
    """What one move does: nodes that open, open ones that are withdrawn, actions by themselves, and whether it ends."""

    opened: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    automatic: list[str] = field(default_factory=list)
    end: str = ""  # the node at which it ended
    passed: list[str] = field(default_factory=list)  # nodes gone through without waiting


def begin(definition: Definition, facts: Mapping[str, Any]) -> Move:
    """Return what starting the process does."""
    course = _Course(definition, facts, frozenset(), first_case)
    course.go(definition.start)
    return course.move


def move(definition: Definition, node: Node, to: str, *, facts: Mapping[str, Any], still: Set[str]) -> Move:
    """Return what follows when the token at a node goes on to `to`. `still` are the other nodes that are open."""
    course = _Course(definition, facts, still, first_case)
    course.leave(node, to)
    return course.move


def target(node: Node, outcome: str) -> str | None:
    """Return where an outcome of a waiting node leads; None where it has no such outcome."""
    if node.kind in ANSWERED:
        found = node.outcome(outcome)
        return found.to if found else None
    return node.to if outcome == PASSED else None


def first_case(node: Node, facts: Mapping[str, Any]) -> str:
    """Return where a choice leads: the first case whose condition holds, else the other way."""
    for case in node.cases:
        if holds(case.when, facts):
            return case.to
    if not node.otherwise:
        raise RunsWildError(f"nothing holds at {node.key}, and there is no other way")
    return node.otherwise


class _Course:
    """One move under way."""

    def __init__(self, definition: Definition, facts: Mapping[str, Any], still: Set[str], choose: Choose) -> None:
        self.definition, self.facts, self.still, self.choose = definition, facts, still, choose
        self.move = Move()

    def leave(self, node: Node, to: str) -> None:
        """Go on from a waiting node, and out of its block if that is done by it."""
        home = self.definition.home.get(node.key)
        if not self.go(to) or home is None:
            return
        block = self.definition.by_key[home[0]]
        others = [key for key in self._open() if self.definition.home.get(key, ("",))[0] == block.key]
        if block.join is Join.ALL and others:
            return
        self.move.withdrawn += [key for key in others if key in self.still]
        self.go(block.to)

    def go(self, key: str) -> bool:
        """Follow the road from a node until it waits or ends; tell whether a branch came to its join instead."""
        while key != JOIN:
            node = self.definition.by_key[key]
            if node.kind in WAITING:
                self.move.opened.append(key)
                return False
            self.move.passed.append(key)
            if len(self.move.passed) > LONGEST:
                raise RunsWildError(f"round and round at {key}")
            if node.kind is Kind.END:
                self.move.end = key
                return False
            if node.kind is Kind.BLOCK:
                if not self._all_branches(node):
                    return False
                key = node.to
            elif node.kind is Kind.CHOICE:
                key = self.choose(node, self.facts)
            else:
                self.move.automatic.append(node.does)
                key = node.to
        return True

    def _all_branches(self, block: Node) -> bool:
        """Open the branches; tell whether the block is done at once, because nobody is waited for."""
        before = len(self.move.opened)
        done = []
        for branch in block.branches:
            done.append(self.go(branch.start))
            if done[-1] and block.join is Join.ANY:
                del self.move.opened[before:]  # nobody has seen them yet
                return True
        return all(done)

    def _open(self) -> list[str]:
        return [*self.still, *self.move.opened]
