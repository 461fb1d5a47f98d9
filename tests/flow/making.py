"""Random processes: sound by the way they are made, and each way in which one can be made unsound."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

Json = dict[str, Any]

DAY = {"value": 1, "unit": "workday"}


class Maker:
    """Makes one sound process: a road of segments, each leading to the next, and some also back or further ahead."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.nodes: list[Json] = []
        self.asked: list[tuple[str, list[str]]] = []  # steps of the main road and of blocks, with their outcomes

    def make(self) -> Json:
        count = self.rng.randint(1, 6)
        kinds = [self.rng.choice(["task", "task", "applicant", "timer", "automatic", "choice", "block"])
                 for _ in range(count)]  # fmt: skip
        if kinds[0] == "choice":
            kinds[0] = "task"
        keys = [f"n{n}" for n in range(count)]
        ends = [f"end{n}" for n in range(self.rng.randint(1, 2))]
        for n, kind in enumerate(kinds):
            back = [key for key, k in zip(keys[:n], kinds, strict=False)]
            getattr(self, kind)(keys[n], (keys + ends[:1])[n + 1], [*keys[n + 1 :], *ends], back)
        self.nodes += [{"key": end, "kind": "end", "stage": "s", "result": "done"} for end in ends]
        # The second end is reached from the last step that can choose.
        if len(ends) > 1:
            self.give(ends[1])
        return {"stages": [{"key": "s", "name": "阶段"}], "start": keys[0], "nodes": self.nodes}

    def give(self, end: str) -> None:
        """Let some step of the main road lead to an end that nothing leads to yet."""
        ways = [way for node in self.nodes for way in (*node.get("outcomes", []), *node.get("cases", []))]
        if any(way["to"] == end for way in ways):
            return
        for node in reversed(self.nodes):
            if node["kind"] in ("task", "applicant") and "home" not in node:
                node["outcomes"].append({"key": "last", "label": "另", "to": end})
                return
        self.nodes = [node for node in self.nodes if node["key"] != end]

    def task(self, key: str, to: str, ahead: list[str], back: list[str], kind: str = "task") -> None:
        outcomes = [{"key": "on", "label": "通过", "to": to}]
        if self.rng.random() < 0.4:
            outcomes.append({"key": "far", "label": "直达", "to": self.rng.choice(ahead)})
        if back and self.rng.random() < 0.5:
            outcomes.append({"key": "back", "label": "退回", "to": self.rng.choice(back)})
        node = {"key": key, "kind": kind, "title": key, "stage": "s", "outcomes": outcomes, "limit": DAY}
        if kind == "task":
            node["office"] = self.rng.choice(["own", "other"])
        self.asked.append((key, [outcome["key"] for outcome in outcomes]))
        self.nodes.append(node)

    def applicant(self, key: str, to: str, ahead: list[str], back: list[str]) -> None:
        self.task(key, to, ahead, back, "applicant")

    def timer(self, key: str, to: str, ahead: list[str], back: list[str]) -> None:
        self.nodes.append({"key": key, "kind": "timer", "title": key, "stage": "s", "limit": DAY, "to": to})

    def automatic(self, key: str, to: str, ahead: list[str], back: list[str]) -> None:
        self.nodes.append({"key": key, "kind": "automatic", "do": "notify", "to": to})

    def choice(self, key: str, to: str, ahead: list[str], back: list[str]) -> None:
        if not self.asked:
            self.automatic(key, to, ahead, back)
            return
        asked, outcomes = self.rng.choice(self.asked)
        when = {"field": asked, "is": "equals", "value": self.rng.choice(outcomes)}
        cases = [{"label": "是", "to": self.rng.choice(ahead), "when": when}]
        self.nodes.append({"key": key, "kind": "choice", "title": "?", "cases": cases, "else": to})

    def block(self, key: str, to: str, ahead: list[str], back: list[str]) -> None:
        branches, join = [], self.rng.choice(["all", "any"])
        inside: list[Json] = []
        for n in range(self.rng.randint(2, 3)):
            steps = [f"{key}b{n}s{m}" for m in range(self.rng.randint(1, 2))]
            branches.append({"key": f"b{n}", "title": f"支{n}", "start": steps[0]})
            for step, after in zip(steps, [*steps[1:], "join"], strict=True):
                outcomes = [{"key": "on", "label": "通过", "to": after}, {"key": "no", "label": "不", "to": "join"}]
                inside.append({"key": step, "kind": "task", "title": step, "stage": "s", "office": "own",
                               "outcomes": outcomes, "home": key})  # fmt: skip
            if join == "all":
                self.asked.append((steps[0], ["on", "no"]))
        block = {"key": key, "kind": "block", "title": key, "join": join, "branches": branches, "to": to}
        self.nodes += [block, *inside]


def sound(seed: int) -> Json:
    """Make a sound process."""
    return Maker(seed).make()


# -- and unsound ------------------------------------------------------------------------------------------------------

Spoil = Callable[[Json, Random], bool]  # spoils it and says so, or cannot


def _of(raw: Json, *kinds: str, inside: bool | None = None) -> list[Json]:
    return [n for n in raw["nodes"] if n["kind"] in kinds and (inside is None or ("home" in n) is inside)]


def lead_nowhere(raw: Json, rng: Random) -> bool:
    return bool(steps := _of(raw, "task", "applicant")) and _set(rng.choice(steps)["outcomes"][0], to="gone")


def _set(thing: Json, **values: Any) -> bool:
    thing |= values
    return True


def forget_a_step(raw: Json, rng: Random) -> bool:
    raw["nodes"].append(_step("orphan", raw["start"]))
    return True


def _step(key: str, to: str) -> Json:
    return {"key": key, "kind": "task", "title": key, "stage": "s", "office": "own",
            "outcomes": [{"key": "on", "label": "通过", "to": to}]}  # fmt: skip


def repeat_an_outcome(raw: Json, rng: Random) -> bool:
    steps = _of(raw, "task", "applicant")
    if steps:
        outcomes = rng.choice(steps)["outcomes"]
        outcomes.append(deepcopy(outcomes[0]))
    return bool(steps)


def repeat_a_key(raw: Json, rng: Random) -> bool:
    raw["nodes"].append(deepcopy(rng.choice(raw["nodes"])))
    return True


def drop_the_else(raw: Json, rng: Random) -> bool:
    return bool(choices := _of(raw, "choice")) and bool(choices[0].pop("else"))


def jump_into_a_branch(raw: Json, rng: Random) -> bool:
    steps, inside = _of(raw, "task", "applicant", inside=False), _of(raw, "task", inside=True)
    if steps and inside:
        rng.choice(steps)["outcomes"].append({"key": "jump", "label": "跳", "to": rng.choice(inside)["key"]})
    return bool(steps and inside)


def jump_out_of_a_branch(raw: Json, rng: Random) -> bool:
    inside, outside = _of(raw, "task", inside=True), [n for n in raw["nodes"] if "home" not in n]
    if inside:
        rng.choice(inside)["outcomes"][1]["to"] = rng.choice(outside)["key"]
    return bool(inside)


def jump_between_branches(raw: Json, rng: Random) -> bool:
    for block in _of(raw, "block"):
        first, second = block["branches"][0]["start"], block["branches"][1]["start"]
        return _set(next(n for n in raw["nodes"] if n["key"] == first)["outcomes"][1], to=second)
    return False


def share_a_branch(raw: Json, rng: Random) -> bool:
    for block in _of(raw, "block"):
        raw["nodes"] = [n for n in raw["nodes"] if n.get("home") != block["key"] or "b0" in n["key"]]
        for branch in block["branches"]:
            branch["start"] = block["branches"][0]["start"]
        return True
    return False


def turn_in_a_branch(raw: Json, rng: Random) -> bool:
    inside = _of(raw, "task", inside=True)
    return bool(inside) and _set(inside[0]["outcomes"][1], to=inside[0]["key"])


def leave_one_branch(raw: Json, rng: Random) -> bool:
    for block in _of(raw, "block"):
        block["branches"] = block["branches"][:1]
    return bool(_of(raw, "block"))


def join_on_the_road(raw: Json, rng: Random) -> bool:
    steps = _of(raw, "task", "applicant", inside=False)
    return bool(steps) and _set(rng.choice(steps)["outcomes"][0], to="join")


def end_nowhere(raw: Json, rng: Random) -> bool:
    for n, node in enumerate(raw["nodes"]):
        if node["kind"] == "end":
            raw["nodes"][n] = _step(node["key"], raw["start"])
    return True


def set_a_trap(raw: Json, rng: Random) -> bool:
    steps = _of(raw, "task", "applicant", inside=False)
    if steps:
        raw["nodes"].append(_step("trap", "trap"))
        steps[0]["outcomes"].append({"key": "trap", "label": "陷", "to": "trap"})
    return bool(steps)


def run_wild(raw: Json, rng: Random) -> bool:
    steps = _of(raw, "task", "applicant", inside=False)
    if steps:
        raw["nodes"] += [
            {"key": "w1", "kind": "automatic", "do": "notify", "to": "w2"},
            {"key": "w2", "kind": "choice", "title": "?", "else": "w1", "cases": [
                {"label": "出", "to": steps[0]["key"], "when": {"field": steps[0]["key"], "is": "missing"}}]},
        ]  # fmt: skip
        steps[0]["outcomes"].append({"key": "wild", "label": "转", "to": "w1"})
    return bool(steps)


def do_the_unheard_of(raw: Json, rng: Random) -> bool:
    return bool(found := _of(raw, "automatic")) and _set(found[0], do="launch")


def ask_what_is_not_there(raw: Json, rng: Random) -> bool:
    found = _of(raw, "choice")
    return bool(found) and _set(found[0]["cases"][0], when={"field": "gone", "is": "given"})


def ring_for_nothing(raw: Json, rng: Random) -> bool:
    found = _of(raw, "task", "applicant")
    return bool(found) and _set(found[0], timers=[{"after": DAY, "do": "default", "outcome": "gone"}])


def ring_out_of_order(raw: Json, rng: Random) -> bool:
    found = _of(raw, "task", "applicant")
    return bool(found) and _set(found[0], timers=[{"after": DAY, "do": "warn"}, {"after": DAY, "do": "escalate"}])


def wait_for_ever(raw: Json, rng: Random) -> bool:
    return bool(found := _of(raw, "timer")) and bool(found[0].pop("limit"))


def leave_it_to_nobody(raw: Json, rng: Random) -> bool:
    return bool(found := _of(raw, "task")) and _set(rng.choice(found), office="")


def start_nowhere(raw: Json, rng: Random) -> bool:
    return _set(raw, start="gone")


def hide_a_step(raw: Json, rng: Random) -> bool:
    return bool(found := _of(raw, "task", "end")) and _set(rng.choice(found), stage="gone")


SPOILS: dict[Spoil, set[str]] = {
    lead_nowhere: {"nowhere"}, forget_a_step: {"unreached"}, repeat_an_outcome: {"twice"}, repeat_a_key: {"twice"},
    drop_the_else: {"else"}, jump_into_a_branch: {"crossing"}, jump_out_of_a_branch: {"crossing", "end", "nested"},
    jump_between_branches: {"crossing"}, share_a_branch: {"crossing"}, turn_in_a_branch: {"round"},
    leave_one_branch: {"branches"}, join_on_the_road: {"join"}, end_nowhere: {"end"}, set_a_trap: {"endless"},
    run_wild: {"wild"}, do_the_unheard_of: {"do"}, ask_what_is_not_there: {"condition"}, ring_for_nothing: {"timer"},
    ring_out_of_order: {"timers"}, wait_for_ever: {"limit"}, leave_it_to_nobody: {"office"},
    start_nowhere: {"start"}, hide_a_step: {"stage"},
}  # fmt: skip
