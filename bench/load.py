"""Make a county of 100,000 cases to measure on.

The demo county lives through the product's own actions. Here its stories are told again and again, each time with other
numbers, another village and earlier days, until there are enough cases; so every table grows in the proportion in which
it grows in use. Rows are copied, not acted: the bench is not the product. Closed stories are told every time, open ones
only every OPEN_EVERY times, because no county has a hundred thousand cases open at once.

`python manage.py shell -c 'from bench import load; load.fill(100_000)'` fills the database that the settings name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from lianxin.kit.reference import new_reference
from lianxin.kit.text import grams
from lianxin.ledger.actions import seals
from lianxin.ledger.models import Event
from lianxin.listen.models import Addition, Item, Voice, code_of, digest_of
from lianxin.outbox.models import Message
from lianxin.places.models import Area
from lianxin.project.demo.year import make
from lianxin.resolve.models import (
    Attempt,
    Case,
    Confirmation,
    Extension,
    Instruction,
    Join,
    Pause,
    Progress,
    Publication,
    Reexamination,
    Reply,
    Return,
    Task,
)  # fmt: skip
from lianxin.resolve.rules import State

SEED = 2026
VOICES = 420  # of the demo county that is told again
OPEN_EVERY = 4
YEARS = 9
AT_ONCE = 10  # tellings in one transaction

# A row comes after every row it points at, so that what is left out takes along all that belongs to it.
STORY: tuple[type[models.Model], ...] = (
    Voice, Item, Addition, Case, Join, Task, Pause, Progress, Return, Extension, Reexamination, Instruction, Reply,
    Confirmation, Attempt, Publication, Message, Event,
)  # fmt: skip
BY_LABEL = {model._meta.label_lower: model for model in STORY}
POINTERS = {"kind": "key", "about_kind": "about_key"}  # of ledger and outbox, which know no foreign keys
IN_DATA = ("progress", "reply", "instruction", "attempt")  # rows that a line of the ledger names in its data
Row = dict[str, Any]


def fill(cases: int) -> None:
    """This function will found the demo county and tell its stories until there are so many cases."""
    begun = perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    make(seed=SEED, voices=VOICES, until=timezone.localtime(), tell=lambda done, total: None)
    Told().until(cases)
    _tidy()
    _seal()
    print(
        f"{Case.objects.count():,} cases, {Event.objects.count():,} events in {perf_counter() - begun:.0f} s",
        flush=True,
    )


class Told:
    """The stories of the demo county, read once and told as often as is wanted."""

    def __init__(self) -> None:
        self.rng, self.now = Random(SEED), timezone.now()
        self.villages = list(Area.objects.filter(kind=Area.Kind.VILLAGE).values_list("pk", "name"))
        self.place_of = {pk: place for place, (pk, _name) in enumerate(self.villages)}
        self.rows = {model: list(model._default_manager.order_by("pk").values()) for model in STORY}
        self.open = self._open_rows()
        # One stride for all tables: a row's number in a telling is its old number and so many strides.
        self.stride = 1 + max(row["id"] for rows in self.rows.values() for row in rows)
        self.given = {row["number"] for model in (Voice, Case) for row in self.rows[model]}
        self.words = {row["id"]: row for row in self.rows[Item]}
        self.items_of: dict[int, list[int]] = {}
        for row in self.rows[Join]:
            self.items_of.setdefault(row["case_id"], []).append(row["item_id"])

    def until(self, cases: int) -> None:
        """This function will tell the stories until the database holds so many cases."""
        have, telling = Case.objects.count(), 0
        while have < cases:
            with transaction.atomic(), connection.constraint_checks_disabled():
                for _ in range(AT_ONCE):
                    telling += 1
                    have += self._tell(telling)
            print(f"\r{have:,} cases ", end="", flush=True)

    def _tell(self, telling: int) -> int:
        self.telling, self.with_open = telling, telling % OPEN_EVERY == 0
        self.shift = timedelta(weeks=0 if self.with_open else self.rng.randrange(1, 52 * YEARS))
        self.numbers: dict[tuple[type[models.Model], int], str] = {}
        counts = {model: _write(model, self._copies(model)) for model in STORY}
        return counts[Case]

    def _copies(self, model: type[models.Model]) -> Iterator[Row]:
        left_out = set() if self.with_open else self.open[model]
        keys = [field.attname for field in model._meta.concrete_fields if _told(field)]
        moments = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.DateField)]
        for row in self.rows[model]:
            if row["id"] in left_out:
                continue
            copy = dict(row)
            for key in keys:
                copy[key] = self._moved(row[key])
            for key in moments:
                copy[key] = self._earlier(row[key])
            self._tell_anew(model, row, copy)
            yield copy

    def _moved(self, key: int | None) -> int | None:
        return None if key is None else key + self.telling * self.stride

    def _earlier(self, moment: datetime | date | None) -> datetime | date | None:
        return moment and moment - self.shift  # by whole weeks, so that nothing is done on a Sunday

    def _tell_anew(self, model: type[models.Model], row: Row, copy: Row) -> None:
        """This function will change what must differ: numbers, places, words, and what points without a foreign key."""
        if model in (Voice, Case):
            copy["number"] = self.numbers[model, row["id"]] = self._number(row["number"].partition("-")[0])
        if model is Voice:
            copy["code_digest"] = digest_of(code_of(copy["number"]), copy["number"])
            copy["text"], copy["area_id"] = self._elsewhere(row["text"], row["area_id"])
            copy["grams"] = grams(copy["text"])
        elif model is Item:
            copy["text"], copy["area_id"] = self._elsewhere(row["text"], row["area_id"])
        elif model is Case:
            said = "\n".join(
                [row["title"], row["summary"], *(self.words[pk]["text"] for pk in self.items_of[row["id"]])]
            )
            copy["title"], copy["area_id"] = self._elsewhere(row["title"], row["area_id"])
            copy["grams"] = grams(self._elsewhere(said, row["area_id"])[0])
        elif model is Message:
            copy["dedup_key"] = f"{row['dedup_key'][:150]}:{self.telling}"
            self._point(row, copy, "about_kind")
        elif model is Event:
            copy["recorded_at"], copy["position"] = self.now, None  # the log takes them in now
            self._point(row, copy, "kind")
            copy["label"] = self.numbers.get((BY_LABEL[row["kind"]], row["key"]), row["label"])
            copy["data"] = {key: self._moved(value) if key in IN_DATA else value for key, value in row["data"].items()}

    def _number(self, prefix: str) -> str:
        number = new_reference(prefix, random=self.rng)
        while number in self.given:  # of a hundred thousand, one comes up twice every other time
            number = new_reference(prefix, random=self.rng)
        self.given.add(number)
        return number

    def _point(self, row: Row, copy: Row, kind: str) -> None:
        copy[POINTERS[kind]] = self._moved(row[POINTERS[kind]])

    def _elsewhere(self, words: str, area: int | None) -> tuple[str, int | None]:
        """This function will move words to another village."""
        if area not in self.place_of:
            return words, area
        place = self.place_of[area]
        there, name = self.villages[(place + self.telling) % len(self.villages)]
        return words.replace(self.villages[place][1], name), there

    def _open_rows(self) -> dict[type[models.Model], set[int]]:
        """This function will find what belongs to open stories; the ledger's lines on other things are never copied."""
        open_cases = set(Case.objects.exclude(state=State.CLOSED).values_list("pk", flat=True))
        open_cases |= set(Case.objects.filter(merged_into__in=open_cases).values_list("pk", flat=True))
        unsorted = Voice.objects.filter(sorted_at=None) | Voice.objects.filter(items__join__case__in=open_cases)
        found: dict[type[models.Model], set[int]] = {model: set() for model in STORY}
        found[Case], found[Voice] = open_cases, set(unsorted.values_list("pk", flat=True))
        self.rows[Event] = [row for row in self.rows[Event] if row["kind"] in BY_LABEL]
        for model in STORY:
            keys = [(field.attname, field.related_model) for field in model._meta.concrete_fields if _told(field)]
            for row in self.rows[model]:
                targets: list[tuple[Any, Any]] = [
                    (row[name], target) for name, target in keys if name != "merged_into_id"
                ]
                targets += [(row[key], BY_LABEL.get(row[kind])) for kind, key in POINTERS.items() if key in row]
                if any(target in found and pk in found[target] for pk, target in targets):
                    found[model].add(row["id"])
        return found


def _told(field: models.Field[Any, Any]) -> bool:
    """Tell whether a field holds the number of a row that is told again."""
    return field.primary_key or field.related_model in STORY


def _write(model: type[models.Model], rows: Iterator[Row]) -> int:
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


def _tidy() -> None:
    """This function will let the database count on from the highest numbers, and look at what it holds."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(STORY)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _seal() -> None:
    """This function will take all events into the log, so that the worker has none but new ones to take in."""
    seals.BATCH = 10_000  # nobody else writes here
    begun, sealed = perf_counter(), 0
    while count := seals.seal_events(at=timezone.now()):
        sealed += count
    print(f"\rsealed {sealed:,} events at {sealed / max(perf_counter() - begun, 0.001):,.0f}/s", flush=True)
