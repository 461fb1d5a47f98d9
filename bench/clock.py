"""Measure the clock: `python bench/clock.py` prints what one due date and a million cost, on one core."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from sys import path
from time import perf_counter_ns

path.insert(0, str(Path(__file__).resolve().parent.parent))

from lianxin.kit import clock

FEW, MANY = 5_000, 1_000_000
TERMS = (
    clock.Term(5, clock.Unit.WORKDAY),
    clock.Term(60, clock.Unit.NATURAL_DAY, rolls=True),
    clock.Term(24, clock.Unit.HOUR),
    clock.Term(20, clock.Unit.WORKHOUR),
)


def best(deed: Callable[[], object], times: int = 3) -> float:
    """This function will do a deed several times and give the shortest duration, in nanoseconds."""
    durations = []
    for _ in range(times):
        begun = perf_counter_ns()
        deed()
        durations.append(perf_counter_ns() - begun)
    return min(durations)


def main() -> None:
    """This function will print one table: one at a time, with two pauses, explained, and in bulk."""
    made = best(clock.Calendar.seeded)
    calendar = clock.Calendar.seeded()
    chance = Random(20261010)
    first = datetime(2023, 1, 1, tzinfo=clock.ZONE)
    starts = [first + timedelta(microseconds=chance.randrange(3 * 365 * 86_400_000_000)) for _ in range(MANY)]
    stored = [start.astimezone(UTC) for start in starts]

    print(f"calendar made in {made / 1e6:.1f} ms; {FEW:,} starts one at a time, {MANY:,} in bulk, over three years")
    print(f"{'term':<16}{'due':>10}{'paused':>10}{'explain':>10}{'due_many':>14}{'from UTC':>14}")
    for term in TERMS:
        print(row(term, calendar, starts, stored))


def row(term: clock.Term, calendar: clock.Calendar, starts: list[datetime], stored: list[datetime]) -> str:
    """This function will measure one term and write its line of the table."""
    few = starts[:FEW]
    one = best(lambda: [clock.due(start, term, calendar) for start in few]) / FEW / 1e3
    paused = best(lambda: [clock.due(start, term, calendar, pauses=pauses(start)) for start in few]) / FEW / 1e3
    told = best(lambda: [clock.explain(start, term, calendar) for start in few]) / FEW / 1e3
    bulk = MANY / best(lambda: clock.due_many(starts, term, calendar)) * 1e9
    utc = MANY / best(lambda: clock.due_many(stored, term, calendar)) * 1e9
    label = f"{term.value} {term.unit}"
    return f"{label:<16}{one:>7.2f} µs{paused:>7.2f} µs{told:>7.1f} µs{bulk:>12,.0f}/s{utc:>12,.0f}/s"


def pauses(start: datetime) -> list[clock.Pause]:
    """This function will give two pauses soon after a start."""
    hour = timedelta(hours=1)
    return [clock.Pause(start + 3 * hour, start + 30 * hour), clock.Pause(start + 50 * hour, start + 80 * hour)]


if __name__ == "__main__":
    main()
