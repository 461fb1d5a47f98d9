"""No event, no change: proof that a deed and its line in the ledger cannot exist without each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn, TypeVar
from unittest.mock import patch

from django.apps import apps
from django.db import models

from lianxin.ledger.models import Event

Given = TypeVar("Given")
Rows = dict[str, list[tuple[Any, ...]]]


class LedgerDownError(Exception):
    """Raised in place of the event, as if the ledger could not be written."""


@contextmanager
def ledger_down() -> Iterator[None]:
    """This function will make every attempt to write an event fail."""

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerDownError

    with ExitStack() as broken:
        broken.enter_context(patch.object(Event, "save", refuse))
        for name in ("create", "bulk_create", "get_or_create", "update_or_create"):
            broken.enter_context(patch.object(models.QuerySet, name, _failing_for_events(name, refuse)))
        yield


def _failing_for_events(name: str, refuse: Callable[..., NoReturn]) -> Callable[..., Any]:
    real: Callable[..., Any] = getattr(models.QuerySet, name)

    def call(self: models.QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        return refuse() if self.model is Event else real(self, *args, **kwargs)

    return call


def rows() -> Rows:
    """This function will read every row of every table of the house, in a form that can be compared."""
    found: Rows = {}
    for table in _tables():
        found[table._meta.label] = [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in table._base_manager.order_by("pk").values_list()
        ]
    return found


def _tables() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("lianxin."):
            yield from config.get_models(include_auto_created=True)


def changed(before: Rows, after: Rows) -> list[str]:
    """This function will name the tables that differ."""
    return [label for label in before if before[label] != after[label]]


def prove(deed: Callable[[], Given]) -> Given:
    """This function will do a deed twice: with a broken ledger, when nothing may change, and then for real.

    Returns what the deed returns. Raises AssertionError if the deed goes through without its event, leaves something
    behind, or writes no event when it is done.
    Call it with everything prepared: `prove(lambda: take(task, by=…, at=…))`.
    """
    before = rows()
    with ledger_down():
        try:
            deed()
        except LedgerDownError:
            pass
        else:
            raise AssertionError("The deed went through although its event could not be written.")
    left = changed(before, rows())
    assert not left, f"The event failed, yet these tables changed: {', '.join(left)}"
    events = Event.objects.count()
    given = deed()
    assert Event.objects.count() > events, "The deed wrote no event."
    assert set(changed(before, rows())) - {Event._meta.label}, "The deed changed nothing but the ledger."
    return given
