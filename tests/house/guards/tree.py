"""The house as source files: floors, apps and rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

# From the top down; those on one line do not know each other. The same list stands in pyproject.toml for imports.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("project",),
    ("portal", "desk", "field", "open311"),
    ("supervise", "help", "govern"),
    ("resolve", "serve", "employ", "sealed"),
    ("listen",),
    ("record",),
    ("publish",),
    ("flow",),
    ("sheets",),
    ("outbox", "intake"),
    ("people",),
    ("places",),
    ("ledger",),
    ("kit",),
)
FLOOR_OF = {app: level for level, apps in enumerate(reversed(FLOORS)) for app in apps}


def may_know(app: str, other: str) -> bool:
    """This function will tell whether an app may refer to another: to itself and to what stands below."""
    return app == other or FLOOR_OF[app] > FLOOR_OF[other]


@dataclass(frozen=True)
class Source:
    """One Python file: its app, its room and its parsed text."""

    path: Path
    root: Path

    @property
    def inside(self) -> Path:
        return self.path.relative_to(self.root)

    @property
    def app(self) -> str:
        return self.inside.parts[0]

    @property
    def room(self) -> str:
        """The room is the file or the package right below the app: actions, views, channels ..."""
        return self.inside.parts[1].removesuffix(".py") if len(self.inside.parts) > 1 else ""

    @property
    def module(self) -> str:
        """The dotted name, as the import system knows it."""
        parts = list(self.inside.with_suffix("").parts)
        return ".".join(["lianxin", *parts[: -1 if parts[-1] == "__init__" else None]])

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return _parsed(self.text)

    def at(self, node: ast.AST | int, what: str) -> str:
        line = node if isinstance(node, int) else getattr(node, "lineno", 0)
        return f"lianxin/{self.inside}:{line}: {what}"


@lru_cache(maxsize=2000)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


class Tree:
    """A house: the folder that holds its apps."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def sources(self) -> list[Source]:
        return [Source(path, self.root) for path in sorted(self.root.rglob("*.py")) if "migrations" not in path.parts]

    def rooms(self, *names: str) -> Iterator[Source]:
        return (source for source in self.sources if source.room in names)

    @cached_property
    def templates(self) -> list[Source]:
        """Every template that a person sees, with app and lines; its `tree` is of no use."""
        return [
            Source(path, self.root)
            for path in sorted(self.root.rglob("*"))
            if "templates" in path.parts and path.suffix in {".html", ".txt", ".svg"} and path.is_file()
        ]


def imports(source: Source) -> Iterator[tuple[ast.stmt, str, str]]:
    """This function will give each import as node, full dotted name and the name it has in the file."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, alias.asname or alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(source, node)
            for alias in node.names:
                yield node, f"{base}.{alias.name}", alias.asname or alias.name


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = source.module.split(".")
    if source.path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def called(node: ast.Call) -> str:
    """This function will name what is called, without what it is called on."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def chain(node: ast.expr) -> list[str]:
    """This function will name the parts of a.b().c from left to right; parts that have no name are left out."""
    if isinstance(node, ast.Attribute):
        return [*chain(node.value), node.attr]
    if isinstance(node, ast.Call):
        return chain(node.func)
    if isinstance(node, ast.Subscript):
        return chain(node.value)
    return [node.id] if isinstance(node, ast.Name) else []
