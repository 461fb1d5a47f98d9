"""A question to the database whose SQL is written once and then only filled in.

Django writes the SQL of a queryset anew each time it is asked, which takes three to ten times as long as SQLite needs
to answer. Pages that are asked for often therefore keep their questions here. A question stays a queryset, so that it
is read, checked and changed as everywhere else; the values that differ from time to time are blanks in it:

    _OF_NUMBER = Sentence(lambda number: Case.objects.filter(number=number).select_related("area"))
    _OF_NUMBER.first(number="YX-...")

What changes the SQL itself (a scope, a length) is given by position and must be hashable: one sentence is kept for
each, and for each set of names. A value is never None (`= NULL` finds nothing), and a list is no value: `each_of` names
every one of its values. Relations are followed by select_related, not by prefetch_related.
tests/ledger/test_sentence.py compares with Django's own answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

MOST = 200  # shapes of one question that are kept
M = TypeVar("M", bound=Model)


class Blank(Expression):
    """Stands in a queryset where a value will be."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class _Written(NamedTuple):
    """The SQL of a question on one kind of database, and how a row of its answer becomes an object."""

    sql: str
    values: tuple[Any, ...]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]  # of a column: its place, what to call, and for what
    model: Any
    names: list[str]
    own: slice
    populators: list[Any]
    extra: list[tuple[str, int]]


class Sentence(Generic[M]):
    """A question that is written once."""

    def __init__(self, question: Callable[..., QuerySet[M, Any]]) -> None:
        self._question = question
        self._kept: dict[tuple[Any, ...], _Written | None] = {}

    def ask(self, *shape: Any, **values: Any) -> list[M]:
        """This function will return what the queryset would hold, as objects."""
        written = self._written(shape, values)
        if written is None or any(map(_too_large, values.values())):
            return []
        found = []
        for row in self._rows(written, values):
            thing = written.model.from_db(DEFAULT_DB_ALIAS, written.names, row[written.own])
            for populator in written.populators:
                populator.populate(row, thing)
            for name, place in written.extra:
                setattr(thing, name, row[place])
            found.append(thing)
        return found

    def first(self, *shape: Any, **values: Any) -> M | None:
        """This function will return the first of the answer, or None."""
        found = self.ask(*shape, **values)
        return found[0] if found else None

    def rows(self, *shape: Any, **values: Any) -> Sequence[Any]:
        """This function will return the answer of a queryset that ends in values_list() as plain rows."""
        written = self._written(shape, values)
        return list(self._rows(written, values)) if written and not any(map(_too_large, values.values())) else []

    def _written(self, shape: tuple[Any, ...], values: dict[str, Any]) -> _Written | None:
        key = (connections[DEFAULT_DB_ALIAS].vendor, *values, *shape)
        try:
            return self._kept[key]
        except KeyError:
            if len(self._kept) >= MOST:
                self._kept.clear()
            written = self._kept[key] = _write(self._question(*shape, **{name: Blank(name) for name in values}))
            return written

    @staticmethod
    def _rows(written: _Written, values: dict[str, Any]) -> Iterable[Any]:
        here = connections[DEFAULT_DB_ALIAS]
        given = [_fit(values[each.name], here) if isinstance(each, Blank) else each for each in written.values]
        with here.cursor() as cursor:
            cursor.execute(written.sql, given)
            rows: list[Any] = cursor.fetchall()
        if not written.converters:
            return rows
        converted = list(map(list, rows))
        for row in converted:
            for place, converters, column in written.converters:
                for convert in converters:
                    row[place] = convert(row[place], column, here)
        return converted


def each_of(keys: Iterable[int]) -> dict[str, int]:
    """This function will name keys for a sentence that asks `id__in=keys.values()`, written as `lambda **keys: ...`."""
    return {f"key{n}": key for n, key in enumerate(sorted(keys))}


def prefetched(thing: Model, relation: str, rows: list[Any]) -> None:
    """This function will let `thing.<relation>.all()` give these rows, as prefetch_related would."""
    kept: Any = thing._meta.get_field(relation).related_model._default_manager.all()  # type: ignore[union-attr]
    kept._result_cache, kept._prefetch_done = rows, True
    vars(thing).setdefault("_prefetched_objects_cache", {})[relation] = kept


def _write(queryset: QuerySet[Any, Any]) -> _Written | None:
    """Let Django write the SQL; None where it sees that nothing can be found."""
    compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    columns = [column for column, _sql, _alias in compiler.select]
    converters = [(place, *how) for place, how in compiler.get_converters(columns).items()]
    info, own, populators = compiler.klass_info, slice(0), []
    if info:
        own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        populators = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    names = [column.target.attname for column in columns[own]]
    extra = list((compiler.annotation_col_map or {}).items())
    return _Written(sql, values, converters, queryset.model, names, own, populators, extra)


def _too_large(value: Any) -> bool:
    """Tell whether no column can hold the number; Django finds nothing then, and SQLite would refuse to look."""
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _fit(value: Any, here: BaseDatabaseWrapper) -> Any:
    """Return a value as the database takes it."""
    if isinstance(value, datetime):
        return here.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return here.ops.adapt_datefield_value(value)
    return value.value if isinstance(value, Enum) else value
