"""Stories of the demo county told again and again, until there are as many as are wanted.

Rows are copied, not acted: the bench is not the product. Each time they get other numbers and earlier days, so every
table grows in the proportion in which it grows in use. Closed stories are told every time, open ones only every
OPEN_EVERY times, because no county has a hundred thousand of them open at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, ClassVar

from django.db import connection, models, transaction
from django.utils import timezone

from lianxin.kit.reference import new_reference
from lianxin.ledger.models import Event
from lianxin.outbox.models import Message
from lianxin.outbox.rules import outer_key

SEED = 2026
OPEN_EVERY = 4
YEARS = 9
AT_ONCE = 10  # tellings in one transaction
POINTERS = {"kind": "key", "about_kind": "about_key"}  # of ledger and outbox, which know no foreign keys
Row = dict[str, Any]
Model = type[models.Model]


class Told:
    """The stories of the demo county, read once and told as often as is wanted."""

    # A row comes after every row it points at, so that what is left out takes along all that belongs to it.
    story: ClassVar[tuple[Model, ...]]
    counted: ClassVar[Model]  # of which so many are wanted
    numbered: ClassVar[tuple[Model, ...]]  # whose `number` is a reference
    in_data: ClassVar[tuple[str, ...]] = ()  # rows that a line of the ledger names in its data
    backward: ClassVar[tuple[str, ...]] = ()  # keys that say nothing of whom a row belongs to

    def __init__(self) -> None:
        self.rng, self.now = Random(SEED), timezone.now()
        self.by_label = {model._meta.label_lower: model for model in self.story}
        self.rows = {model: list(model._default_manager.order_by("pk").values()) for model in self.story}
        for model in (Message, Event):  # the lines on other things are never told again
            kind = "about_kind" if model is Message else "kind"
            self.rows[model] = [row for row in self.rows[model] if row[kind] in self.by_label]
        self.open = self._open_rows()
        # One stride for all tables: a row's number in a telling is its old number and so many strides.
        self.stride = 1 + max(row["id"] for rows in self.rows.values() for row in rows)
        self.given = {row["number"] for model in self.numbered for row in self.rows[model]}
        self.all = {model: {row["id"] for row in rows} for model, rows in self.rows.items()}
        self.closed = {model: keys - self.open[model] for model, keys in self.all.items()}

    def until(self, wanted: int) -> None:
        """This function will tell the stories until the database holds so many."""
        have, telling = self.counted._default_manager.count(), 0
        # Other stories have filled the tables of messages and events meanwhile: this one goes on above them all.
        self.above = max(model._default_manager.aggregate(top=models.Max("pk"))["top"] or 0 for model in self.story)
        while have < wanted:
            with transaction.atomic(), connection.constraint_checks_disabled():
                for _ in range(AT_ONCE):
                    telling += 1
                    have += self._tell(telling)
            print(f"\r{have:,} {self.counted._meta.model_name}s ", end="", flush=True)

    def open_roots(self) -> dict[Model, set[int]]:
        """This function will find the rows by which an open story begins."""
        raise NotImplementedError

    def tell_anew(self, model: Model, row: Row, copy: Row) -> None:
        """This function will change what must differ from telling to telling, beside numbers and days."""

    def _tell(self, telling: int) -> int:
        self.telling, self.with_open = telling, telling % OPEN_EVERY == 0
        self.shift = timedelta(weeks=0 if self.with_open else self.rng.randrange(1, 52 * YEARS))
        self.numbers: dict[tuple[Model, int], str] = {}
        counts = {model: write_rows(model, self._copies(model)) for model in self.story}
        return counts[self.counted]

    def _copies(self, model: Model) -> Iterator[Row]:
        there = self.all if self.with_open else self.closed
        keys = [
            (field.attname, field.related_model or model)
            for field in model._meta.concrete_fields
            if self._is_told(field)
        ]
        moments = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.DateField)]
        for row in self.rows[model]:
            if row["id"] not in there[model]:
                continue
            copy = dict(row)
            for key, target in keys:
                # A message may have gone along with one about an application, or about a story left out this time:
                # whoever was written to at the same hour. A key to what is not told again is left empty.
                copy[key] = self.moved(row[key]) if row[key] in there[target] else None
            for key in moments:
                copy[key] = self._earlier(row[key])
            self._renew(model, row, copy)
            yield copy

    def moved(self, key: int | None) -> int | None:
        """This function will give the number that a row has in this telling."""
        return None if key is None else key + self.above + self.telling * self.stride

    def _earlier(self, moment: datetime | date | None) -> datetime | date | None:
        return moment and moment - self.shift  # by whole weeks, so that nothing is done on a Sunday

    def _renew(self, model: Model, row: Row, copy: Row) -> None:
        if model in self.numbered:
            copy["number"] = self.numbers[model, row["id"]] = self._number(row["number"].partition("-")[0])
        if model is Message:
            copy["dedup_key"] = f"{row['dedup_key'][:150]}:{self.telling}"
            copy["outer"] = outer_key(copy["dedup_key"])
            copy["about_key"] = self.moved(row["about_key"])
        elif model is Event:
            copy["recorded_at"], copy["position"] = self.now, None  # the log takes them in now
            copy["key"] = self.moved(row["key"])
            copy["label"] = self.numbers.get((self.by_label[row["kind"]], row["key"]), row["label"])
            copy["data"] = {
                key: self.moved(value) if key in self.in_data else value for key, value in row["data"].items()
            }
        self.tell_anew(model, row, copy)

    def _number(self, prefix: str) -> str:
        number = new_reference(prefix, random=self.rng)
        while number in self.given:  # of a hundred thousand, one comes up twice every other time
            number = new_reference(prefix, random=self.rng)
        self.given.add(number)
        return number

    def _open_rows(self) -> dict[Model, set[int]]:
        """This function will find everything that belongs to open stories."""
        found: dict[Model, set[int]] = {model: set() for model in self.story} | self.open_roots()
        for model in self.story:
            keys = [
                (field.attname, field.related_model) for field in model._meta.concrete_fields if self._is_told(field)
            ]
            for row in self.rows[model]:
                targets: list[tuple[Any, Any]] = [
                    (row[name], target) for name, target in keys if name not in self.backward
                ]
                targets += [(row[key], self.by_label.get(row[kind])) for kind, key in POINTERS.items() if key in row]
                if any(target in found and pk in found[target] for pk, target in targets):
                    found[model].add(row["id"])
        return found

    def _is_told(self, field: models.Field[Any, Any]) -> bool:
        """Tell whether a field holds the number of a row that is told again."""
        return field.primary_key or field.related_model in self.story


def write_rows(model: type[models.Model], rows: Iterator[Row]) -> int:
    """This function will write rows as fast as the database takes them, and count them."""
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = ([field.get_db_prep_save(row[field.attname], connection) for field in fields] for row in rows)
    written = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for written, value in enumerate(values, 1):  # noqa: B007 - counts
                    copy.write_row(value)
        else:
            every = list(values)
            written = len(every)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})", every)
    return written
