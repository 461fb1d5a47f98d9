"""What is named in docs/, and what may not stand in the lock files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.house.guards.tree import called, chain

HOSTS = re.compile(r"https?://|(?:^|\s)(?:--index-url|--extra-index-url|--find-links|--trusted-host|-i|-f)\s", re.M)


def undocumented(names: Iterable[str], docs: Path) -> list[str]:
    """This function will list names that no page of docs/ writes as `name`."""
    text = "\n".join(path.read_text() for path in sorted(docs.rglob("*.md")))
    written = set(re.findall(r"`([^`\n]+)`", text))
    words = {word for span in written for word in [span, *span.split()]}
    return [f"docs do not name `{name}`" for name in sorted(set(names)) if name not in words]


def commands(root: Path) -> list[str]:
    """This function will name the management commands of a house."""
    files = root.glob("*/management/commands/*.py")
    return sorted(f"manage.py {path.stem}" for path in files if not path.stem.startswith("_"))


def variables(settings: str) -> list[str]:
    """This function will name the environment variables that the settings read."""
    return sorted(set(_variables(ast.parse(settings))))


def _variables(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        name: ast.expr | None = None
        if isinstance(node, ast.Call) and node.args:
            reads = chain(node.func)[-2:] in (["environ", "get"], ["os", "getenv"]) or called(node) == "_kept_secret"
            name = node.args[0] if reads else None
        elif isinstance(node, ast.Subscript) and chain(node.value)[-1:] == ["environ"]:
            name = node.slice
        if isinstance(name, ast.Constant):
            yield str(name.value)


def hosts_in_locks(folder: Path) -> list[str]:
    """This function will list lines of lock files that name a host or where to fetch from."""
    return [
        f"{path.name}:{line}: {row.strip()[:60]}"
        for path in sorted(folder.glob("*.lock"))
        for line, row in enumerate(path.read_text().splitlines(), 1)
        if HOSTS.search(f" {row} ")
    ]
