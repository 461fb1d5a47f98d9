"""Only actions write, and what an action writes it notes in the ledger."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.house.guards.tree import Source, Tree, chain, imports

ALWAYS = {
    "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "abulk_create",
    "abulk_update", "aget_or_create", "aupdate_or_create", "aupdate", "asave", "adelete", "executemany", "copy_expert",
}  # fmt: skip
READING = ("SELECT", "PRAGMA", "EXPLAIN", "SHOW")
ASKING = {"lianxin/ledger/models/sentence.py"}  # executes what Django wrote for a queryset, which only reads

Function = tuple[str, str]  # app and name
NOTES: set[Function] = {("ledger", "note"), ("ledger", "note_each")}


def relations(tree: Tree) -> frozenset[str]:
    """This function will name the fields and reverse names whose add(), set(), remove() and clear() write rows."""
    found = set()
    for source in tree.rooms("models"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                if chain(node.value.func)[-1:] == ["ManyToManyField"]:
                    found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                found |= {
                    str(k.value.value)
                    for k in node.value.keywords
                    if k.arg == "related_name" and isinstance(k.value, ast.Constant)
                }
    return frozenset(found - {"+"})


def writes(call: ast.Call, related: frozenset[str] = frozenset()) -> bool:
    """This function will tell whether a call writes rows, by its name and shape.

    A model's save() and delete() take no positional argument (a picture's or a workbook's save does), and a QuerySet's
    update() takes keywords alone (a hash's takes bytes; for a dictionary write `|=`).
    """
    if not isinstance(call.func, ast.Attribute):
        return False
    name, on = call.func.attr, chain(call.func.value)
    keyworded = bool(call.keywords) and not call.args
    if name in {"save", "delete"}:
        stored = bool(on) and (on[-1].endswith("storage") or on[-1] in {"objects", "storages"})
        return stored or (not call.args and "session" not in on)
    if name == "update":
        return keyworded
    if name in {"add", "set", "remove", "clear"}:
        return bool(on) and len(on) > 1 and on[-1] in related
    if name == "execute":
        first = call.args[0] if call.args else None
        return not (isinstance(first, ast.Constant) and str(first.value).lstrip().upper().startswith(READING))
    return name in ALWAYS


def _write_calls(node: ast.AST, related: frozenset[str]) -> list[ast.Call]:
    return [n for n in ast.walk(node) if isinstance(n, ast.Call) and writes(n, related)]


def _is_execute(call: ast.Call) -> bool:
    return chain(call.func)[-1:] == ["execute"]


def only_actions_write(tree: Tree) -> list[str]:
    """This function will list writes outside actions, and models whose save or delete does more than refuse."""
    found, related = [], relations(tree)
    for source in tree.sources:
        if source.room != "actions":
            calls = _write_calls(source.tree, related)
            calls = [
                call for call in calls if not (_is_execute(call) and source.path.as_posix().endswith(tuple(ASKING)))
            ]
            found += [source.at(call, f"writes: {'.'.join(chain(call.func))}()") for call in calls]
        if source.room == "models":
            found += [source.at(node, f"{node.name}() does more than refuse") for node in _busy_saves(source)]
    return found


def _busy_saves(source: Source) -> Iterator[ast.FunctionDef]:
    functions = (node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef))
    for function in functions:
        refuses = any(isinstance(inner, ast.Raise) for inner in ast.walk(function))
        if function.name in {"save", "delete"} and not refuses:
            yield function


@dataclass
class Action:
    """One function of an actions room: what it calls, whether it writes, and whether all of it is one transaction."""

    source: Source
    node: ast.FunctionDef
    writes: bool
    atomic: bool
    public: bool
    calls: set[Function] = field(default_factory=set)


def actions_of(tree: Tree) -> dict[Function, Action]:
    """This function will read every function of every actions room, by app and name.

    Public is what the room hands out: of a package, the names that its __init__ imports.
    """
    found: dict[Function, Action] = {}
    exports = {s.app: set(_names(s)) for s in tree.rooms("actions") if s.path.name == "__init__.py"}
    related = relations(tree)
    for source in tree.rooms("actions"):
        names = _names(source)
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef):
                found[source.app, node.name] = Action(
                    source,
                    node,
                    writes=bool(_write_calls(node, related)),
                    atomic=_is_atomic(node),
                    public=not node.name.startswith("_") and node.name in exports.get(source.app, {node.name}),
                    calls=set(_calls(node, source.app, names)),
                )
    return found


def _names(source: Source) -> dict[str, str]:
    """What the imported names of a file mean, as dotted names."""
    return {alias: name for _, name, alias in imports(source) if name.startswith("lianxin.")}


def _calls(function: ast.FunctionDef, app: str, names: dict[str, str]) -> Iterator[Function]:
    for node in ast.walk(function):
        # A function handed on by its name counts as called: transaction.on_commit(f), partial(f), map(f, rows).
        if isinstance(node, ast.Name):
            yield _function(names[node.id]) if node.id in names else (app, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield _function(f"{names[node.value.id]}.{node.attr}")


def _function(dotted: str) -> Function:
    parts = dotted.split(".")
    return parts[1], parts[-1]


def _is_atomic(node: ast.FunctionDef) -> bool:
    marks = [chain(d) for d in node.decorator_list]
    blocks = [chain(item.context_expr) for n in ast.walk(node) if isinstance(n, ast.With) for item in n.items]
    return any(m and m[-1] == "atomic" for m in [*marks, *blocks])


def _reaches(start: Function, wanted: set[Function], actions: dict[Function, Action], through: set[str]) -> bool:
    """Whether calls lead from one function to one of others without leaving the apps named in `through`."""
    seen, waiting = set[Function](), [start]
    while waiting:
        current = waiting.pop()
        if current in seen or current not in actions:
            continue
        seen.add(current)
        calls = actions[current].calls
        if wanted & calls:
            return True
        waiting += [c for c in calls if c[0] in through]
    return False


def writing(actions: dict[Function, Action]) -> set[Function]:
    """This function will tell which functions write, themselves or through a function of the same app."""
    found = {key for key, action in actions.items() if action.writes}
    while more := {
        k for k, a in actions.items() if k not in found and any(c in found and c[0] == k[0] for c in a.calls)
    }:
        found |= more
    return found


def silent_actions(tree: Tree, excepted: dict[Function, str]) -> list[str]:
    """This function will list public actions that write without a ledger event, or not in one transaction.

    A message written to the outbox is not the event of the deed, so that its own line does not count for others.
    """
    actions, found = actions_of(tree), []
    apps = {app for app, _ in actions} - {"outbox"}
    for key in sorted(writing(actions)):
        action = actions[key]
        if not action.public or key in excepted or key in NOTES:
            continue
        if not _reaches(key, NOTES, actions, apps | {key[0]}):
            found.append(action.source.at(action.node, f"{key[1]} changes rows and notes nothing"))
        elif not action.atomic and not _all_atomic_below(key, actions):
            found.append(action.source.at(action.node, f"{key[1]} is not one transaction"))
    found += [
        f"{app}.actions.{name} is excepted but does not write"
        for app, name in excepted
        if (app, name) not in writing(actions)
    ]
    return found


def _all_atomic_below(key: Function, actions: dict[Function, Action]) -> bool:
    """A function that writes nothing itself and hands all to one action leaves the transaction to that one."""
    action = actions[key]
    handed = [c for c in action.calls if c in actions and c in writing(actions)]
    return not action.writes and len(handed) == 1 and actions[handed[0]].atomic


def shapes(tree: Tree) -> list[str]:
    """This function will list public actions without `at`, or that take more than the row itself by position."""
    found = []
    actions = actions_of(tree)
    for key in sorted(writing(actions)):
        action = actions[key]
        if not action.public or key in NOTES:
            continue
        positional = [a.arg for a in [*action.node.args.posonlyargs, *action.node.args.args]]
        if len(positional) > 1:
            found.append(action.source.at(action.node, f"{key[1]} takes {', '.join(positional)} by position"))
        if "at" not in {a.arg for a in action.node.args.kwonlyargs}:
            found.append(action.source.at(action.node, f"{key[1]} is not told when (at=)"))
    return found
