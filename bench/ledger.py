"""How fast events are written, sealed, verified and proved: python bench/ledger.py [EVENTS].

Uses a database of its own in a temporary folder, or the one that DATABASE_URL names if it is empty.
"""
# ruff: noqa: E402 - the database must be chosen before Django reads its settings

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.project.settings")
if not os.environ.get("DATABASE_URL"):
    os.environ["DATA"] = tempfile.mkdtemp()

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from lianxin.ledger import figures
from lianxin.ledger.actions import note, seal_events, verify
from lianxin.ledger.models import Event
from lianxin.places.models import Area

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
NOTES = 2_000


def timed(deed: Callable[[], int]) -> tuple[int, float]:
    begun = time.perf_counter()
    done = deed()
    return done, time.perf_counter() - begun


def show(what: str, done: int, seconds: float) -> None:
    print(f"{what:46} {done:>9,} in {seconds:7.2f} s  {done / seconds:>10,.0f}/s  {seconds / done * 1e6:>9.1f} µs each")


def write_notes(area: Area) -> int:
    for number in range(NOTES):
        with transaction.atomic():
            note("area.checked", area, by=None, at=timezone.now(), data={"number": number})
    return NOTES


def fill(area: Area) -> None:
    at = timezone.now() - timedelta(minutes=1)
    for start in range(0, EVENTS, 5_000):
        Event.objects.bulk_create(
            Event(
                verb="case.accepted", kind="places.area", key=area.pk, label="清水镇和平村", by_id=7, by_name="王小明",
                at=at, recorded_at=at, data={"number": number, "office": "水务局"},
            )
            for number in range(start, min(start + 5_000, EVENTS))
        )  # fmt: skip


def seal_all() -> int:
    sealed, at = 0, timezone.now()
    while batch := seal_events(at=at):
        sealed += batch
    return sealed


def verify_all() -> int:
    report = verify()
    assert report.sound, report.counts
    return report.size


def prove_some() -> int:
    for event in Event.objects.exclude(position=None).order_by("?")[:200]:
        assert figures.prove(event)
    return 200


def main() -> None:
    call_command("migrate", verbosity=0, skip_checks=True)
    if Event.objects.exists():
        sys.exit("This database is in use; give an empty one.")
    area = Area.objects.create(name="和平村", kind="village", path="/1/")
    print(f"{connection.vendor}, {EVENTS:,} events")
    show("note(), each in a transaction of its own", *timed(lambda: write_notes(area)))
    with transaction.atomic():
        show("note(), all in one transaction", *timed(lambda: write_notes(area)))
    fill(area)
    show("seal", *timed(seal_all))
    show("verify", *timed(verify_all))
    show("prove one event", *timed(prove_some))
    print(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
