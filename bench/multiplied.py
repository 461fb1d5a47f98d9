"""The told part of the county multiplied within the database, until tables, choices and indexes are those of 100,000.

Telling a story again costs a line of Python for every row, and a line of the ledger that must be sealed: half an hour
for 100,000 cases. So only TOLD of each are told (told.py); here their rows are copied by INSERT ... SELECT under other
numbers, without lines of the ledger and without messages. Pages that show what the ledger says are therefore asked for
of the told part (inside.py); lists, filters, searches and counts meet all rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction

from bench.told import Told
from lianxin.kit.reference import new_reference
from lianxin.ledger.models import Event
from lianxin.listen.models import Voice, code_of, digest_of
from lianxin.outbox.models import Message
from lianxin.resolve.models import Case
from lianxin.serve.models import Application, Document

TOLD = 6_000
Model = type[models.Model]
NAMED: dict[Model, str] = {Voice: "number", Case: "number", Application: "number", Document: "code"}
EMPTIED = {"source_key", "idempotency_key"}  # unique where they are given at all


def multiply(told: Told, wanted: int) -> None:
    """This function will copy what was told until there are so many."""
    story = [model for model in told.story if model not in (Event, Message)]
    tops = {model: _top(model) for model in story}
    stride, have = max(tops.values()), told.counted._default_manager.count()
    for turn in range(1, -(-wanted // have)):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")  # every key is right: no need to look
            for model in story:
                if model in NAMED:
                    _name_anew(cursor, model, tops[model], told)
                cursor.execute(*_copying(model, set(story), tops[model], turn * stride))
        print(f"\r{told.counted._meta.model_name}: {(turn + 1) * have:,} ", end="", flush=True)


def _copying(model: Model, story: set[Model], top: int, shift: int) -> tuple[str, list[Any]]:
    """This function will write the statement that copies a table."""
    quote, columns, values = connection.ops.quote_name, [], []
    for field in model._meta.concrete_fields:
        column = f"old.{quote(str(field.column))}"
        if field.primary_key or field.related_model in story:
            column += f" + {shift}"
        elif model in NAMED and field.name == NAMED[model]:
            column = "new.name"
        elif model in NAMED and field.name == "code_digest":
            column = "new.digest"
        elif model is Document and field.name in ("number", "serial"):
            column += f" || '-{shift}'" if field.name == "number" else f" + {shift}"
        elif field.name in EMPTIED:
            column = "NULL"
        columns.append(quote(str(field.column)))
        values.append(column)
    names = "JOIN bench_names new ON new.id = old.id" if model in NAMED else ""
    table = quote(model._meta.db_table)
    into = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
    return f"{into} FROM {table} old {names} WHERE old.id <= %s ORDER BY old.id", [top]


def _name_anew(cursor: Any, model: Model, top: int, told: Told) -> None:
    """This function will lay out a new number, and the digest of its code, for every row that is copied."""
    cursor.execute("DROP TABLE IF EXISTS bench_names")
    cursor.execute("CREATE TEMPORARY TABLE bench_names (id bigint PRIMARY KEY, name text, digest text)")
    rows = list(_names(model, top, told))  # read before: while COPY runs, the connection answers nothing else
    if connection.vendor == "postgresql":
        with cursor.copy("COPY bench_names FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.executemany("INSERT INTO bench_names VALUES (%s, %s, %s)", rows)


def _names(model: Model, top: int, told: Told) -> Iterator[tuple[int, str, str]]:
    rows = model._default_manager.filter(pk__lte=top).values_list("pk", NAMED[model])
    for pk, name in rows.iterator(chunk_size=10_000):
        fresh = new_reference(str(name).partition("-")[0], random=told.rng)
        while fresh in told.given:
            fresh = new_reference(str(name).partition("-")[0], random=told.rng)
        told.given.add(fresh)
        yield pk, fresh, digest_of(code_of(fresh), fresh) if model is not Case else ""


def last_told(model: Model) -> int:
    """This function will give the highest number of a thing whose lines are in the ledger."""
    lines = Event.objects.filter(kind=model._meta.label_lower)
    return int(lines.aggregate(last=models.Max("key"))["last"] or 0)


def _top(model: Model) -> int:
    return int(model._default_manager.aggregate(top=models.Max("pk"))["top"] or 0)
