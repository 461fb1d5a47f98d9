"""Every view says for whom it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver
from ninja.operation import Operation, PathView


def views(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """This function will give every route with its view, through all includes."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def operations(view: Callable[..., Any]) -> list[Operation]:
    """This function will find the API operations behind a view that django-ninja made."""
    found = [c.cell_contents for c in getattr(view, "__closure__", None) or ()] + [getattr(view, "__self__", None)]
    return [operation for path in found if isinstance(path, PathView) for operation in path.operations]


def unmarked_views(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    """This function will list views and API operations that name neither a power nor that they are open."""
    found = []
    for route, view in views(patterns):
        if inner := operations(view):
            found += [f"/{route} {','.join(o.methods)}: no guard" for o in inner if not _guarded(o)]
        elif not _marked(view):
            found.append(f"/{route}: no power, not public, not signed_in")
    return found


def _marked(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, "powers", ()) or getattr(view, "public", False) or getattr(view, "signed_in", False))


def _guarded(operation: Operation) -> bool:
    """An operation is guarded by a token or says on its function that it is public."""
    return bool(operation.auth_callbacks) or _marked(inspect.unwrap(operation.view_func))
