"""Any sound process, walked by anybody in any order: no token is lost, none is doubled, nothing happens in silence."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.flow import actions, chart, rules
from lianxin.flow.models import Process, Run, Step
from lianxin.ledger.models import Event
from tests.cast import Cast
from tests.flow import making
from tests.flow.making import SPOILS, Spoil, sound

SEEDS = st.integers(0, 10**9)
DEEDS_MAX = 25


@given(SEEDS)
@settings(max_examples=120)
def test_what_is_made_sound_is_sound(seed: int) -> None:
    raw = sound(seed)
    assert rules.troubles_of(raw) == []
    definition = rules.definition_of(raw)
    found = rules.walks_of(definition)
    assert found.walks and all(walk.end for walk in found.walks)
    assert chart.svg(definition).count("<title>") >= len(definition.nodes)
    for walk in found.walks[:20]:
        assert walk.end and _replayed(definition, walk) == walk.end.key


def _replayed(definition: rules.Definition, walk: rules.Walk) -> str:
    """Take the outcomes of a walk through the engine, and return the end at which that comes out."""
    by_label = {(n.key, o.label): o.key for n in definition.nodes for o in n.outcomes}
    facts: dict[str, Any] = {}
    move, tokens = rules.begin(definition, facts), set[str]()
    for stop in walk.stops:
        if stop.node.kind not in rules.WAITING:
            continue
        tokens = tokens - set(move.withdrawn) | set(move.opened)
        node, outcome = stop.node, by_label.get((stop.node.key, stop.outcome), rules.PASSED)
        assert node.key in tokens, "the walk goes where the token is not"
        if node.kind in rules.ANSWERED:
            facts[node.key] = outcome
        to = rules.target(node, outcome)
        assert to is not None
        tokens.remove(node.key)
        move = rules.move(definition, node, to, facts=facts, still=tokens)
    return move.end


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_what_is_spoilt_is_refused(spoil: Spoil) -> None:
    spoilt = 0
    for seed in range(60):
        raw = deepcopy(sound(seed))
        if not spoil(raw, Random(seed)):
            continue
        spoilt += 1
        codes = {trouble.code for trouble in rules.troubles_of(raw)}
        assert codes & SPOILS[spoil], (seed, codes)
    assert spoilt >= 5, "this was hardly tried"


WORDS = [
    *(
        "nodes",
        "stages",
        "start",
        "key",
        "kind",
        "outcomes",
        "to",
        "branches",
        "cases",
        "when",
        "else",
        "limit",
        "value",
    ),
    *("value", "unit", "timers", "after", "do", "facts", "offices", "title", "stage", "label", "is", "field"),
]
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4) | st.sampled_from(["n0", "task", "join"])
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=12,
)


@given(JSON, SEEDS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_sent_is_told_not_raised(raw: Any, seed: int) -> None:
    assert rules.troubles_of(raw)
    broken, rng = sound(seed), Random(seed)
    node = rng.choice(broken["nodes"])
    node[rng.choice(list(node))] = raw
    for each in (raw, broken):
        rules.troubles_of(each)
        definition = rules.read(each).definition
        chart.svg(definition, labels=chart.labels_of(definition))
        chart.text(definition)


@pytest.mark.django_db
def test_any_course(cast: Cast, at: datetime) -> None:
    clerks = [cast.officer(key) for key in ("clerk", "clerk2", "reviewer", "approver")]
    offices = {"own": cast.offices["medical"], "other": cast.offices["labour"]}
    process = Process.objects.create(key="any", title="any", changed_at=at, published_at=at)

    @given(SEEDS)
    @settings(max_examples=60)
    def one(seed: int) -> None:
        rng = Random(seed)
        Process.objects.filter(pk=process.pk).update(definition=sound(seed))
        moved = actions.start(
            Process.objects.get(pk=process.pk), facts={}, offices=offices, by=None, at=at
        )  # fmt: skip
        run, stale = moved.run, list[Step]()
        for _ in range(DEEDS_MAX):
            waiting = list(run.steps.open().order_by("id"))
            _sound_state(run, moved, waiting)
            if not waiting:
                break
            step = rng.choice(waiting)
            outcomes = [outcome.key for outcome in step.outcomes] or [rules.PASSED]
            moved = actions.finish(step, outcome=rng.choice(outcomes), by=rng.choice(clerks), at=at)
            stale += moved.closed
            late = rng.choice(stale)
            with pytest.raises(actions.AlreadyFinished):
                actions.finish(late, outcome=rng.choice(outcomes), by=rng.choice(clerks), at=at)
        _all_noted(run)

    one()


def _sound_state(run: Run, moved: actions.Moved, waiting: list[Step]) -> None:
    """See that the tokens are where they can be: one on the main road, or one in each of some branches of one block."""
    definition = run.process.parsed
    homes = [definition.home.get(step.node) for step in waiting]
    blocks, branches = {home[0] if home else "" for home in homes}, [home for home in homes if home]
    assert len(blocks) <= 1, "in one place"
    assert len(branches) == len(set(branches)), "one token in a branch"
    assert len(waiting) <= 1 or "" not in blocks, "one token on the main road"
    run.refresh_from_db()
    assert bool(waiting) is not run.is_over, "lost, or left behind"
    assert moved.ended is run.is_over
    if blocks and "" not in blocks:
        block = definition.by_key[blocks.pop()]
        if block.join is rules.Join.ANY:
            assert len(branches) == len(block.branches), "the first to arrive takes all"


def _all_noted(run: Run) -> None:
    run.refresh_from_db()
    closed = run.steps.filter(closed_at__isnull=False)
    for step in closed:
        verbs = set(Event.objects.about(step).values_list("verb", flat=True))
        assert verbs == {"step.withdrawn" if step.outcome == rules.WITHDRAWN else "step.finished"}
    assert Event.objects.about(run).filter(verb="run.ended").count() == int(run.is_over)


def test_the_maker_makes_of_every_kind() -> None:
    kinds = {node["kind"] for seed in range(40) for node in making.sound(seed)["nodes"]}
    assert kinds == set(rules.Kind.values)
