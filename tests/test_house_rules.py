"""The house law, as far as a machine can see it. tests/house/test_planted.py shows that each guard can fail."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from lianxin.outbox import rules as outbox
from lianxin.people.rules import ROLES
from lianxin.resolve import rules as resolve
from tests.house.guards import doors, floors, papers, rooms, speech, tables, writes
from tests.house.guards.tree import FLOOR_OF, Tree

ROOT: Path = settings.ROOT
HOUSE = Tree(ROOT / "lianxin")

# Actions that write without an event of their own, or in several transactions, each with its reason.
SILENT: dict[writes.Function, str] = {
    ("ledger", "seal_events"): "writes the seal over the events themselves",
    ("intake", "take_in"): "takes a lease and rows in transactions of their own; what is taken in is noted",
    ("outbox", "send_ready"): "claims, hands over and records apart, so that no crash sends a message twice",
    ("outbox", "recover"): "settles each message that a dead worker left in a transaction of its own",
}
# Whoever may look at the clock although it acts, each with its reason.
CLOCKS: dict[str, str] = {
    "ledger/actions/events.py": "recorded_at is the moment of writing down, by definition",
    "outbox/actions/sending.py": "measures how long its own round takes",
}


@pytest.mark.parametrize(
    "guard",
    [
        floors.template_links,
        floors.entrances,
        writes.only_actions_write,
        writes.shapes,
        rooms.too_long,
        rooms.no_nouns,
        rooms.impure_rules,
        rooms.signals,
        rooms.environment_readers,
        speech.inline_code,
        speech.bare_words,
        speech.chinese_in_code,
        speech.spoken_refusals,
    ],
    ids=lambda guard: guard.__name__,
)
def test_house_keeps(guard: Callable[[Tree], list[str]]) -> None:
    assert _nothing(guard(HOUSE))


def test_no_action_is_silent() -> None:
    assert _nothing(writes.silent_actions(HOUSE, SILENT))


def test_no_action_reads_the_clock() -> None:
    assert _nothing(rooms.clock_readers(HOUSE, CLOCKS))


def test_no_foreign_key_points_up() -> None:
    assert _nothing(floors.foreign_keys(apps.get_models()))


def test_every_view_says_for_whom_it_is() -> None:
    assert _nothing(doors.unmarked_views(get_resolver().url_patterns))


def test_every_app_has_a_floor() -> None:
    installed = {name.removeprefix("lianxin.") for name in settings.INSTALLED_APPS if name.startswith("lianxin.")}
    assert installed <= set(FLOOR_OF)


def test_floors_are_those_of_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [frozenset(name.strip(" ()") for name in layer.split("|")) for layer in contracts[0]["layers"]]
    levels = sorted(set(FLOOR_OF.values()), reverse=True)
    assert layers == [frozenset(app for app, level in FLOOR_OF.items() if level == at) for at in levels]


def test_imports_keep_floors_and_rooms() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_road_of_a_case_has_no_dead_end() -> None:
    edges: dict[str, set[str]] = {state.value: set() for state in resolve.State}
    for deed, move in resolve.MOVES.items():
        ends = {move.end} if move.end else set()
        for start in move.start:
            edges[start.value] |= {end.value for end in ends | resolve.BY_OUTCOME.get(deed, frozenset())}
    assert _nothing(tables.table_faults(edges, start=resolve.State.REGISTERED.value, final=_values(resolve.FINAL)))


def test_every_deed_stands_in_the_table() -> None:
    assert set(resolve.MOVES) == set(resolve.Deed)


def test_life_of_a_message_has_no_dead_end() -> None:
    edges = {state.value: _values(ends) for state, ends in outbox.MOVES.items()}
    assert set(edges) == {state.value for state in outbox.State}
    final = {state for state, ends in edges.items() if not ends}
    assert _nothing(tables.table_faults(edges, start=outbox.State.WRITTEN.value, final=final))


def test_every_power_of_a_deed_is_held_by_a_role() -> None:
    assert _nothing(tables.unheld_powers(_powers(), _roles()))


def test_locks_name_no_host() -> None:
    assert _nothing(papers.hosts_in_locks(ROOT))


def _powers() -> dict[str, str]:
    return {deed.value: move.power.value for deed, move in resolve.MOVES.items() if move.power}


def _roles() -> dict[str, Collection[str]]:
    return {key: {p.value for p in role.powers} for key, role in ROLES.items()}


def _values(states: Collection[resolve.State] | Collection[outbox.State]) -> set[str]:
    return {state.value for state in states}


def _nothing(found: list[str]) -> bool:
    assert not found, f"{len(found)} faults:\n" + "\n".join(found)
    return True
