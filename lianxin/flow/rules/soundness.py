"""Whether a process can be published: every road leads on, every road ends, and nobody is forgotten on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianxin.flow.rules.definition import ANSWERED, JOIN, WAITING, Case, Definition, Fact, Join, Kind, Node, Ring, Way
from lianxin.flow.rules.reading import Trouble, read
from lianxin.kit.clock import Term
from lianxin.kit.condition import troubles as condition_troubles

Found = Iterator[Trouble]


def troubles_of(raw: object) -> list[Trouble]:
    """Return everything that keeps a process from being published; nothing for a sound one."""
    reading = read(raw)
    return reading.troubles + soundness(reading.definition)


def soundness(definition: Definition) -> list[Trouble]:
    """Return what is unsound in a definition. What follows from a reference into nothing is not told twice."""
    references = [*_references(definition), *_nodes(definition)]
    if references:
        return references
    found = [*_levels(definition)]
    # Levels that are mixed up make the rest meaningless.
    return found or [*_reached(definition), *_ending(definition), *_turning(definition)]


# -- references -------------------------------------------------------------------------------------------------------


def _references(definition: Definition) -> Found:
    if not definition.nodes:
        yield Trouble("", "empty", _("There is no step yet."))
        return
    if definition.start not in definition.by_key:
        yield Trouble("", "start", _("The start leads to “%(key)s”, which is not there.") % {"key": definition.start})
    for key in _twice(node.key for node in definition.nodes):
        yield Trouble(key, "twice", _("The key “%(key)s” is used twice.") % {"key": key})
    for key in _twice(stage.key for stage in definition.stages):
        yield Trouble("", "twice", _("The key “%(key)s” is used twice.") % {"key": key})
    for way in definition.all_ways():
        if way.to not in definition.by_key and way.to != JOIN:
            text = _("“%(label)s” leads to “%(key)s”, which is not there.")
            yield Trouble(way.source, "nowhere", text % {"label": way.label or way.key, "key": way.to})


def _nodes(definition: Definition) -> Found:
    stages = {stage.key for stage in definition.stages}
    facts = {**definition.facts, **{n.key: Fact.CHOICE.value for n in definition.nodes if n.kind in ANSWERED}}
    for name in sorted(set(definition.facts) & set(definition.by_key)):
        yield Trouble(name, "fact", _("A fact has the name of a step: “%(key)s”.") % {"key": name})
    for node in definition.nodes:
        if not node.title and node.kind not in {Kind.CHOICE, Kind.AUTOMATIC, Kind.END}:
            yield Trouble(node.key, "title", _("It has no title."))
        if node.kind in WAITING | {Kind.END} and node.stage not in stages:
            yield Trouble(node.key, "stage", _("It belongs to no stage that the people see."))
        if node.kind in _PARTS:
            yield from _PARTS[node.kind](node, facts)


def _answered(node: Node, facts: Mapping[str, str]) -> Found:
    if not node.outcomes:
        yield Trouble(node.key, "outcomes", _("It has no outcome, so that nobody could finish it."))
    for key in _twice(outcome.key for outcome in node.outcomes):
        yield Trouble(node.key, "twice", _("The outcome “%(key)s” is there twice.") % {"key": key})
    if any(not outcome.label for outcome in node.outcomes):
        yield Trouble(node.key, "label", _("An outcome has no words."))
    if node.kind is Kind.TASK and not node.office:
        yield Trouble(node.key, "office", _("No office does it."))
    yield from _timers(node)


def _timers(node: Node) -> Found:
    for one, two in zip(node.timers, node.timers[1:], strict=False):
        if one.after.unit is not two.after.unit or one.after.value >= two.after.value:
            yield Trouble(node.key, "timers", _("Timers are counted in one unit, each later than the one before."))
            break
    for timer in node.timers:
        if timer.does is Ring.DEFAULT:
            if node.outcome(timer.outcome) is None:
                text = _("The timer takes the outcome “%(key)s”, which is not there.")
                yield Trouble(node.key, "timer", text % {"key": timer.outcome})
            if timer is not node.timers[-1]:
                yield Trouble(node.key, "timer", _("After a timer that takes an outcome no other can ring."))
        elif node.limit and not _within(timer.after, node.limit) and timer.does is Ring.WARN:
            yield Trouble(node.key, "timer", _("A warning that comes after the limit warns nobody."))


def _within(after: Term, limit: Term) -> bool:
    """Tell whether a timer rings before a limit ends; of different units nobody can say, and it may stand."""
    return after.unit is not limit.unit or after.value <= limit.value


def _wait(node: Node, facts: Mapping[str, str]) -> Found:
    if node.limit is None:
        yield Trouble(node.key, "limit", _("It waits without a limit, and so for ever."))


def _block(node: Node, facts: Mapping[str, str]) -> Found:
    if len(node.branches) < 2:
        yield Trouble(node.key, "branches", _("Several at once are at least two."))
    for key in _twice(branch.key for branch in node.branches):
        yield Trouble(node.key, "twice", _("The branch “%(key)s” is there twice.") % {"key": key})
    if any(branch.start == JOIN for branch in node.branches):
        yield Trouble(node.key, "branches", _("A branch has no step."))


def _choice(node: Node, facts: Mapping[str, str]) -> Found:
    if not node.cases:
        yield Trouble(node.key, "cases", _("There is nothing to choose between."))
    for case in node.cases:
        for text in condition_troubles(dict(case.when), facts, language=get_language() or "zh-hans"):
            yield Trouble(node.key, "condition", text)
    if not node.otherwise and not exhausted(node.cases):
        yield Trouble(node.key, "else", _("Where no condition holds there is no way on: say where “otherwise” leads."))


def exhausted(cases: tuple[Case, ...]) -> bool:
    """Tell whether one of the cases always holds: the empty condition, or one of them and its opposite."""
    conditions = [dict(case.when) for case in cases]
    return any(not one for one in conditions) or any(_opposite(a, b) for a in conditions for b in conditions)


_OPPOSITES = [("equals", "differs"), ("given", "missing")]  # compared, not looked up: anything may stand there


def _opposite(one: dict[str, Any], two: dict[str, Any]) -> bool:
    if two == {"not": one}:
        return True
    same = one.get("field") == two.get("field") and one.get("value") == two.get("value") and "field" in one
    return same and (one.get("is"), two.get("is")) in _OPPOSITES


_PARTS: dict[Kind, Callable[[Node, Mapping[str, str]], Found]] = {
    Kind.TASK: _answered,
    Kind.APPLICANT: _answered,
    Kind.TIMER: _wait,
    Kind.BLOCK: _block,
    Kind.CHOICE: _choice,
}


# -- levels: the main road and the branches ---------------------------------------------------------------------------


def _levels(definition: Definition) -> Found:
    """Tell of every edge that leads into or out of a branch, and of blocks within blocks."""
    main = set(definition.reach(definition.start))
    for way in _ways_of(definition, main):
        if way.to == JOIN:
            yield Trouble(way.source, "join", _("“join” is possible in a branch alone."))
    branches = {
        (node.key, branch.key): set(definition.reach(branch.start))
        for node in definition.nodes
        if node.kind is Kind.BLOCK
        for branch in node.branches
    }
    seen = set[Way]()
    for (block, _branch), inside in branches.items():
        others = set(main).union(*(keys for place, keys in branches.items() if keys is not inside))
        # Of two levels that have a node in common, the edge where one of them enters the common part is at fault.
        for way in _ways_of(definition, main.union(*branches.values())):
            crossing = way.to in inside & others and (way.source in inside) is not (way.source in others)
            if crossing and way not in seen and way.source != way.to:
                seen.add(way)
                text = _("“%(label)s” leads into or out of a branch of “%(block)s”. A branch is entered from its block"
                         " alone and left by “join”.")  # fmt: skip
                yield Trouble(way.source, "crossing", text % {"label": way.label or way.key, "block": block})
        if not seen and inside & others:
            yield Trouble(block, "crossing", _("Two branches share a step."))
        yield from _inside(definition, sorted(inside - others))


def _inside(definition: Definition, inside: list[str]) -> Found:
    for key in inside:
        if definition.by_key[key].kind is Kind.BLOCK:
            yield Trouble(key, "nested", _("A block within a branch is not possible."))
        if definition.by_key[key].kind is Kind.END:
            yield Trouble(key, "end", _("A branch ends with “join”, not with an end of the whole process."))


def _ways_of(definition: Definition, keys: set[str]) -> Iterator[Way]:
    return (way for node in definition.nodes if node.key in keys for way in node.ways)


# -- roads ------------------------------------------------------------------------------------------------------------


def _reached(definition: Definition) -> Found:
    reached = set(definition.reach(definition.start))
    for node in definition.nodes:
        if node.key in reached and node.kind is Kind.BLOCK:
            reached |= {key for branch in node.branches for key in definition.reach(branch.start)}
    for node in definition.nodes:
        if node.key not in reached:
            yield Trouble(node.key, "unreached", _("Nothing leads here."))


def _ending(definition: Definition) -> Found:
    """Tell of nodes from which no end can be reached; in a branch, from which its join cannot."""
    good = {node.key for node in definition.nodes if node.kind is Kind.END} | {JOIN}
    if good == {JOIN}:
        yield Trouble("", "end", _("There is no end."))
        return
    while more := {n.key for n in definition.nodes if n.key not in good and any(w.to in good for w in n.ways)}:
        good |= more
    for node in definition.nodes:
        if node.key not in good:
            yield Trouble(node.key, "endless", _("From here no end can be reached."))


def _turning(definition: Definition) -> Found:
    """Tell of rounds in a branch, and of rounds without anybody who could stop them."""
    for keys in _rounds(definition, lambda node: node.key in definition.home):
        yield Trouble(keys[0], "round", _("In a branch the road may not lead back."))
    for keys in _rounds(definition, lambda node: node.kind not in WAITING and not _waits(definition, node)):
        yield Trouble(keys[0], "wild", _("The road leads back here without anybody being asked: it would never stop."))


def _waits(definition: Definition, node: Node) -> bool:
    """Tell whether passing a block always takes somebody's work."""
    if node.kind is not Kind.BLOCK:
        return False
    open_ways = [_passes(definition, branch.start) for branch in node.branches]
    return not (any(open_ways) if node.join is Join.ANY else all(open_ways))


def _passes(definition: Definition, start: str) -> bool:
    """Tell whether a branch can be passed without anybody's work."""
    waiting, seen = [start], set[str]()
    while waiting:
        key = waiting.pop()
        if key == JOIN:
            return True
        if key in seen or definition.by_key[key].kind in WAITING:
            continue
        seen.add(key)
        waiting += [way.to for way in definition.by_key[key].ways]
    return False


def _rounds(definition: Definition, among: Callable[[Node], bool]) -> list[list[str]]:
    """Return groups of such nodes that lie on a round: what is left when all that lead nowhere else are taken away."""
    left = {node.key for node in definition.nodes if among(node)}
    while gone := {key for key in left if not any(way.to in left for way in definition.by_key[key].ways)}:
        left -= gone
    order = [node.key for node in definition.nodes if node.key in left]
    # Of those, nodes that only lead towards the round are not on it.
    while gone := {key for key in order if not any(w.to == key for k in order for w in definition.by_key[k].ways)}:
        order = [key for key in order if key not in gone]
    return [order] if order else []


def _twice(keys: Iterator[str]) -> list[str]:
    return sorted(key for key, times in Counter(keys).items() if times > 1)
