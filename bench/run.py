"""Measure the whole product on 100,000 cases, and on the archives of 100,000 households, through HTTP: `make bench`.

Starts the real servers (2 workers) and the real worker on SQLite, then on PostgreSQL where one answers, asks one thing
after the other, at first one at a time and then eight at once, and prints one table; bench/results.json and
docs/bench.md get the same figures, whatever they are. Each county is made once and kept in DATA/bench for later.
Visitors come from many addresses through a trusted proxy, as they do in use: no limit is lifted for the bench.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from datetime import date
from typing import Any

from bench.asker import Asker, Deed
from bench.drive import Measured, drive
from bench.file_asker import FileAsker
from bench.machine import Machine, cpu_of
from bench.place import ROOT, Place
from tests.run import postgresql  # found the same way as for the tests

AT_ONCE = 8
LISTED = 100_000  # people of the list that is brought in
ASKERS: dict[str, type[Asker] | type[FileAsker]] = {"load": Asker, "archives": FileAsker}
PREPARED_BY = {"load": "inside", "archives": "filed"}
OF = {"cases": "load", "archives": "archives"}  # what is measured: the county on which it is
MARKS = {"load": "figures", "archives": "archives"}  # where its figures stand in docs/bench.md
VOTES = ROOT.parent / "shared" / "data" / "messages" / "votes.csv"


def measure(place: Place, seconds: float, patience: float) -> list[dict[str, Any]]:
    """This function will measure every deed on one database."""
    place.make()
    asked, counted = place.run / "asked.json", place.run / "counted.json"
    prepared = PREPARED_BY[place.county]
    place.inside(f"from bench import {prepared}; {prepared}.prepare({str(asked)!r})")
    made = json.loads(asked.read_text())
    deeds = ASKERS[place.county](made).deeds()
    asked.write_text(json.dumps([[deed.name, *_plain(deed.make())] for deed in deeds]))
    place.inside(f"from bench import inside; inside.count({str(asked)!r}, {str(counted)!r})")
    queries = json.loads(counted.read_text())
    server, rows = place.serve(), []
    try:
        for deed in deeds:
            drive(place.port, deed.make, at_once=AT_ONCE, seconds=1.5, right=deed.right)
            busy = Machine().wait_until_quiet(patience)
            one = drive(place.port, deed.make, at_once=1, seconds=seconds, right=deed.right)
            before = cpu_of(server.pid)
            many = drive(place.port, deed.make, at_once=AT_ONCE, seconds=seconds, right=deed.right)
            spent = cpu_of(server.pid) - before
            rows.append(_row(place, deed, one, many, queries[deed.name], spent, busy))
            print(_line(rows[-1]), flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    return rows


def _row(
    place: Place, deed: Deed, one: Measured, many: Measured, queries: dict[str, int], spent: float, busy: float
) -> dict[str, Any]:
    return {
        "deed": deed.name,
        "database": place.name,
        "one": _figures(one),
        "eight": _figures(many),
        "errors": dict(one.wrong + many.wrong),
        **queries,
        "cpu_ms": round(spent / max(1, len(many.times)) * 1000, 2),
        "others_busy": round(busy, 2),
        "goals": {"p95_at_1": deed.p95, "rate_at_8": deed.rate, "queries": deed.queries},
        "met": _met(deed, one, many, queries["queries"]),
    }


def _figures(measured: Measured) -> dict[str, float]:
    return {
        "rate": round(measured.rate, 1),
        "p50": round(measured.percentile(0.5), 1),
        "p95": round(measured.percentile(0.95), 1),
    }


def _met(deed: Deed, one: Measured, many: Measured, queries: int) -> bool:
    fast = deed.p95 is None or one.percentile(0.95) <= deed.p95
    often = deed.rate is None or many.rate >= deed.rate
    return fast and often and queries <= deed.queries and not (one.wrong + many.wrong)


COLUMNS = (
    "deed", "database", "1 at a time: /s", "p50 ms", "p95 ms", "8 at once: /s", "p50 ms", "p95 ms", "errors", "queries",
    "CPU ms", "goals",
)  # fmt: skip
HEAD = (f"| {' | '.join(COLUMNS)} |", f"|---|---|{'--:|' * 9}---|")


def _line(row: dict[str, Any]) -> str:
    figures = [f"{row[key][figure]:g}" for key in ("one", "eight") for figure in ("rate", "p50", "p95")]
    errors, told = sum(row["errors"].values()), "met" if row["met"] else "**missed**"
    cells = [row["deed"], row["database"], *figures, errors, row["queries"], f"{row['cpu_ms']:g}"]
    goal = [f"p95 ≤ {row['goals']['p95_at_1']:g}"] if row["goals"]["p95_at_1"] else []
    goal += [f"≥ {row['goals']['rate_at_8']:g}/s"] if row["goals"]["rate_at_8"] else []
    return f"| {' | '.join(map(str, cells))} | {', '.join([*goal, told])} |"


def _plain(wire: bytes) -> tuple[str, str, dict[str, str], str]:
    """This function will take a request apart again, for asking it without a wire."""
    head, _, body = wire.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    method, path, _version = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    return method, path, {name: value for name, value in headers.items() if name != "Content-Length"}, body


def small_ones(place: Place) -> dict[str, str]:
    """This function will run the small benches, and bring in the real list of messages where it lies beside us."""
    told = {}
    for name in ("clock", "text", "ledger"):
        script = ROOT / "bench" / f"{name}.py"
        if script.exists():
            done = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=True)
            told[name] = done.stdout.strip()
            print(f"\n{name}\n{told[name]}", flush=True)
    if VOTES.exists():
        for turn in ("first", "second"):
            begun = time.perf_counter()
            command = [sys.executable, "manage.py", "import_voices", str(VOTES)]
            done = subprocess.run(
                command, cwd=ROOT, env=place.environment(place.url), capture_output=True, text=True, check=True
            )
            told[f"votes, {turn} time"] = f"{time.perf_counter() - begun:.1f} s: {done.stdout.strip().splitlines()[-1]}"
            print(f"\nvotes.csv, {turn} time: {told[f'votes, {turn} time']}", flush=True)
    return told


def brought_in(place: Place) -> dict[str, str]:
    """This function will time a list of people brought in, and once more, when nothing in it is new."""
    path, told = place.run / "people.csv", {}
    place.inside(f"from bench import archives; archives.write_list({str(path)!r}, {LISTED})")
    for turn in ("first", "second"):
        begun = time.perf_counter()
        command = [sys.executable, "manage.py", "import_households", str(path)]
        done = subprocess.run(
            command, cwd=ROOT, env=place.environment(place.url), capture_output=True, text=True, check=True
        )
        name = f"import of {LISTED:,} people, {place.name}, {turn} time"
        told[name] = f"{time.perf_counter() - begun:.0f} s: {done.stdout.strip().splitlines()[-1]}"
        print(f"{name}: {told[name]}", flush=True)
    return told


def write(county: str, rows: list[dict[str, Any]], places: list[Place], told: dict[str, str], beside: float) -> None:
    """This function will keep the figures in results.json and put the table into docs/bench.md."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    facts = {
        "date": date.today().isoformat(),
        "commit": commit.strip(),
        ("cases" if county == "load" else "households"): places[0].size,
        **Machine.facts(),
        "databases": ", ".join(place.version() for place in places),
        "others took": f"{beside:.0%} of the machine",
    }
    kept = ROOT / "bench" / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    results[county] = {**facts, "rows": rows, "small": told}
    kept.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    page = ROOT / "docs" / "bench.md"
    mark = MARKS[county]
    before, _, rest = page.read_text().partition(f"<!-- {mark} -->\n")
    after = rest.partition(f"<!-- end of {mark} -->\n")[2]
    lines = [f"{name}: {value}  " for name, value in facts.items()]
    more = [f"- {name}: {value}" for name, value in told.items()] if county == "archives" else []
    table = "\n".join([*lines, "", *HEAD, *map(_line, rows), *([""] if more else []), *more])
    page.write_text(f"{before}<!-- {mark} -->\n{table}\n<!-- end of {mark} -->\n{after}")


def main() -> None:
    """This function will measure on all databases there are, print the tables and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=6, help="of each round")
    parser.add_argument("--patience", type=float, default=30, help="seconds to wait for a quiet machine before a round")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--of", choices=list(OF), help="measure only cases, or only the archives")
    parser.add_argument("--try", dest="trial", action="store_true", help="print only; keep the figures of before")
    asked = parser.parse_args()
    server, why = postgresql()
    if not server:
        print(f"PostgreSQL NOT MEASURED: {why}", flush=True)
    print("\n".join(HEAD), flush=True)
    for of, county in OF.items():
        if asked.of not in (None, of):
            continue
        size = asked.cases if county == "load" else asked.households
        places = [
            Place(name, url, size, county)
            for name, url in (("sqlite", ""), ("postgresql", server))
            if asked.only in (None, name) and (url or name == "sqlite")
        ]
        rows, told = list[dict[str, Any]](), dict[str, str]()
        for place in places:
            rows += measure(place, asked.seconds, asked.patience)
            told |= brought_in(place) if county == "archives" else {}
        if not asked.trial:
            told |= small_ones(places[0]) if county == "load" else {}
            write(county, rows, places, told, max(row["others_busy"] for row in rows))


if __name__ == "__main__":
    main()
