"""Make a county of 100,000 cases and 100,000 applications to measure on.

The demo county lives through the product's own actions; then its stories are told again (told.py), and what was told is
multiplied within the database (multiplied.py).

`python manage.py shell -c 'from bench import load; load.fill(100_000)'` fills the database that the settings name.
"""

from __future__ import annotations

from time import perf_counter
from typing import ClassVar

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from bench.multiplied import TOLD, multiply
from bench.told import SEED, Model, Row, Told
from lianxin.flow.models import Run, Step
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
from lianxin.serve.models import Application, Correction, Decision, Document, Fault, Handed, Rating, Remark, Standstill
from lianxin.serve.rules.application import OPEN
from lianxin.sheets.models import Answer

VOICES = 420  # of the demo county that is told again


def fill(wanted: int) -> None:
    """This function will found the demo county and tell its stories until there are so many cases and applications."""
    begun = perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    make(seed=SEED, voices=VOICES, until=timezone.localtime(), tell=lambda done, total: None)
    told = (Cases(), Applications())
    for each in told:
        each.until(min(wanted, TOLD))
    tidy([model for each in told for model in each.story])
    seal_lines()
    for each in told:
        multiply(each, wanted)
    tidy([model for each in told for model in each.story])
    counts = f"{Case.objects.count():,} cases, {Application.objects.count():,} applications"
    print(f"{counts}, {Event.objects.count():,} events in {perf_counter() - begun:.0f} s", flush=True)


class Cases(Told):
    """Voices and cases, each time in another village."""

    story = (
        Voice, Item, Addition, Case, Join, Task, Pause, Progress, Return, Extension, Reexamination, Instruction, Reply,
        Confirmation, Attempt, Publication, Message, Event,
    )  # fmt: skip
    counted: ClassVar[Model] = Case
    numbered = (Voice, Case)
    in_data = ("progress", "reply", "instruction", "attempt")
    backward = ("merged_into_id", "carrier_id")

    def __init__(self) -> None:
        super().__init__()
        self.villages = list(Area.objects.filter(kind=Area.Kind.VILLAGE).values_list("pk", "name"))
        self.place_of = {pk: place for place, (pk, _name) in enumerate(self.villages)}
        self.words = {row["id"]: row for row in self.rows[Item]}
        self.items_of: dict[int, list[int]] = {}
        for row in self.rows[Join]:
            self.items_of.setdefault(row["case_id"], []).append(row["item_id"])

    def open_roots(self) -> dict[Model, set[int]]:
        open_cases = set(Case.objects.exclude(state=State.CLOSED).values_list("pk", flat=True))
        open_cases |= set(Case.objects.filter(merged_into__in=open_cases).values_list("pk", flat=True))
        unsorted = Voice.objects.filter(sorted_at=None) | Voice.objects.filter(items__join__case__in=open_cases)
        return {Case: open_cases, Voice: set(unsorted.values_list("pk", flat=True))}

    def tell_anew(self, model: Model, row: Row, copy: Row) -> None:
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

    def _elsewhere(self, words: str, area: int | None) -> tuple[str, int | None]:
        """This function will move words to another village."""
        if area not in self.place_of:
            return words, area
        place = self.place_of[area]
        there, name = self.villages[(place + self.telling) % len(self.villages)]
        return words.replace(self.villages[place][1], name), there


class Applications(Told):
    """Applications with their runs, papers and ratings. Spare numbers are not told again: few are left over."""

    story = (
        Run, Step, Answer, Application, Handed, Correction, Fault, Standstill, Remark, Decision, Document, Rating,
        Message, Event,
    )  # fmt: skip
    counted = Application
    numbered = (Application,)
    backward = ("carrier_id",)

    def open_roots(self) -> dict[Model, set[int]]:
        open_ones = Application.objects.filter(state__in=OPEN)
        keys = open_ones.values_list("pk", "run", "answer")
        found: dict[Model, set[int]] = {Application: set(), Run: set(), Answer: set()}
        for pk, run, answer in keys:
            found[Application].add(pk)
            found[Run] |= {run} - {None}
            found[Answer] |= {answer} - {None}
        return found

    def tell_anew(self, model: Model, row: Row, copy: Row) -> None:
        if model is Application:
            copy["code_digest"] = digest_of(code_of(copy["number"]), copy["number"])
            copy["idempotency_key"] = None
        elif model is Document:
            copy["number"] = f"{row['number'][:40]}-{self.telling}"
            copy["serial"] = self.moved(row["serial"])
            copy["code"] = self._number(row["code"].partition("-")[0])


def tidy(story: list[Model]) -> None:
    """This function will let the database count on from the highest numbers, and look at what it holds."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), story):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def seal_lines() -> None:
    """This function will take all events into the log, so that the worker has none but new ones to take in."""
    seals.BATCH = 10_000  # nobody else writes here
    begun, sealed = perf_counter(), 0
    while count := seals.seal_events(at=timezone.now()):
        sealed += count
    print(f"\rsealed {sealed:,} events at {sealed / max(perf_counter() - begun, 0.001):,.0f}/s", flush=True)
