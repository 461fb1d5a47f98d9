"""Rooms: how long they may be, what may stand in them, and which do not exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.guards.tree import Source, Tree, chain, imports

LINES = {".py": 400, ".html": 200}
SETTINGS_LINES = 200

# What rules, triage and the kit may use of Django: words and, for enumerations, the Choices of models.
PURE_DJANGO = ("django.utils.translation", "django.utils.functional")
CHOICES = {"TextChoices", "IntegerChoices", "Choices"}
IMPURE = {"os", "socket", "subprocess", "time", "requests", "urllib.request", "threading"}
CLOCKS = {
    *(("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")),
    *(("timezone", "now"), ("time", "time")),
}
# localtime(x) and localdate(x) turn a moment given; without it they read the clock.
CLOCKS_WITHOUT_ARGUMENT = {("timezone", "localtime"), ("timezone", "localdate")}


def too_long(tree: Tree) -> list[str]:
    """This function will list files that should have become a package, one file per noun."""
    found = []
    for source in [*tree.sources, *tree.templates]:
        most = LINES.get(source.path.suffix, LINES[".html"])
        if source.path.name == "settings.py":
            most = SETTINGS_LINES
        if (lines := len(source.text.splitlines())) > most:
            found.append(source.at(lines, f"{lines} lines, {most} allowed"))
    return found


NO_NOUN = {"utils", "helpers", "services", "common"}


def no_nouns(tree: Tree) -> list[str]:
    """This function will list files whose name says nothing of what is in them, wherever they stand."""
    return [
        source.at(1, f"no room is called {name}")
        for source in tree.sources
        for name in NO_NOUN & {source.path.stem, *source.inside.parts}
    ]


def impure_rules(tree: Tree) -> list[str]:
    """This function will list rules, triage and kit that know a database, a clock, settings or the machine."""
    found = []
    for source in tree.sources:
        if source.room not in {"rules", "triage"} and source.app != "kit":
            continue
        for node, name, alias in imports(source):
            if said := _impurity(source, name, alias):
                found.append(source.at(node, said))
        found += [source.at(node, f"reads the clock: {said}") for node, said in _clock_calls(source)]
    return found


def _impurity(source: Source, name: str, alias: str) -> str:
    if name.startswith("lianxin."):
        parts = name.split(".")
        pure = parts[1] == "kit" or (source.app != "kit" and len(parts) > 2 and parts[2] == "rules")
        return "" if pure else f"imports {name}"
    if name == "django.db.models" and source.app != "kit":
        other = sorted(_attributes_of(source, alias) - CHOICES)
        return f"uses {alias}.{other[0]}" if other else ""
    if name.startswith("django"):
        return "" if name.startswith(PURE_DJANGO) else f"imports {name}"
    return f"imports {name}" if any(name == m or name.startswith(f"{m}.") for m in IMPURE) else ""


def _attributes_of(source: Source, alias: str) -> set[str]:
    return {
        node.attr
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == alias
    }


def clock_readers(tree: Tree, excepted: dict[str, str]) -> list[str]:
    """This function will list actions and figures that look at the clock instead of being told `at`."""
    return [
        source.at(node, f"reads the clock: {said}")
        for source in tree.rooms("actions", "figures", "channels", "transports")
        if str(source.inside) not in excepted
        for node, said in _clock_calls(source)
    ]


def _clock_calls(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = tuple(chain(node.func)[-2:])
            if names in CLOCKS or (names in CLOCKS_WITHOUT_ARGUMENT and not node.args):
                yield node, ".".join(names)


def signals(tree: Tree) -> list[str]:
    """This function will list receivers and imports of signals: call the action instead."""
    found = []
    for source in tree.sources:
        for node, name, _ in imports(source):
            if name.startswith("django.dispatch") or ".signals" in name:
                found.append(source.at(node, f"imports {name}"))
    return found


def environment_readers(tree: Tree) -> list[str]:
    """This function will list who else than settings.py reads the environment (wsgi.py only names the settings)."""
    found = []
    for source in tree.sources:
        if str(source.inside) in {"project/settings.py", "project/wsgi.py"}:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and chain(node)[:2] in (["os", "environ"], ["os", "getenv"]):
                found.append(source.at(node, "reads the environment"))
    return found
